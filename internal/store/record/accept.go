package record

import (
	"context"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"recourse/internal/store"
	"recourse/internal/store/record/db"
)

// Acceptance says that somebody has looked at a finding that can't be mended. It can't be taken
// back.
type Acceptance struct {
	By     string
	At     time.Time
	Reason string // without personal data
}

// key tells findings apart: by their place, and by what stands there, so that whoever changes it
// again is found again.
func (t Tampered) key() string {
	return strings.Join([]string{t.Place(), string(t.Finding), hex.EncodeToString(t.Stands)}, " ")
}

// Accept notes that somebody has looked at what [Store.Verify] or [Store.VerifyStates] found at a
// place, as [Tampered.Place] names it, and that it stays. It returns those findings, which every
// later verification says again, as accepted; store.ErrNotFound when there is none at that place.
func (s *Store) Accept(ctx context.Context, place, by, reason string) ([]Tampered, error) {
	all, err := s.Verify(ctx, nil)
	if err != nil {
		return nil, err
	}
	states, err := s.VerifyAllStates(ctx)
	if err != nil {
		return nil, err
	}
	var there []Tampered
	params := db.AcceptFindingsParams{Reason: reason, AcceptedBy: by}
	for _, found := range append(all, states...) {
		if found.Place() != place {
			continue
		}
		there = append(there, found)
		params.Number, params.Sequence = found.Number, int32(found.Sequence)
		params.Findings = append(params.Findings, string(found.Finding))
		params.Stand = append(params.Stand, append([]byte{}, found.Stands...)) // never NULL
	}
	if len(there) == 0 {
		return nil, fmt.Errorf("accept what was found at %s: nothing was: %w", place, store.ErrNotFound)
	}
	return there, store.Failed(s.queries.AcceptFindings(ctx, params), "accept what was found at %s", place)
}

func (s *Store) acceptedFindings(ctx context.Context) (map[string]Acceptance, error) {
	rows, err := s.queries.AcceptedFindings(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the findings that were accepted: %w", err)
	}
	accepted := map[string]Acceptance{}
	for _, row := range rows {
		found := Tampered{Number: row.Number, Sequence: int(row.Sequence), Finding: Finding(row.Finding), Stands: row.Stands}
		accepted[found.key()] = Acceptance{By: row.AcceptedBy, At: row.AcceptedAt.UTC(), Reason: row.Reason}
	}
	return accepted, nil
}
