package record

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"recourse/internal/complaint"
	"recourse/internal/store"
	"recourse/internal/store/record/db"
)

// VerifyStates returns the complaints whose state, as lists and pages show it, is not the fold of
// their record: somebody changed it, or a worker of an older version dropped what it didn't know.
// It looks at those that [Store.VerifyGrown] looks at; progress, which may be nil, is told the last
// number of each page. What this version doesn't know it doesn't compare.
func (s *Store) VerifyStates(ctx context.Context, seal int64, share int, progress func(last string)) ([]Tampered, error) {
	return s.verifyStates(ctx, db.NumbersToVerifyParams{AfterSeal: seal, Shares: Shares, Share: int32(share), PageSize: verifyAtOnce}, progress)
}

// VerifyAllStates is VerifyStates for all complaints.
func (s *Store) VerifyAllStates(ctx context.Context) ([]Tampered, error) {
	return s.verifyStates(ctx, db.NumbersToVerifyParams{Shares: 1, PageSize: verifyAtOnce}, nil)
}

func (s *Store) verifyStates(ctx context.Context, which db.NumbersToVerifyParams, progress func(last string)) ([]Tampered, error) {
	accepted, err := s.acceptedFindings(ctx)
	if err != nil {
		return nil, err
	}
	v := verification{accepted: accepted}
	for {
		numbers, err := s.queries.NumbersToVerify(ctx, which)
		if err != nil || len(numbers) == 0 {
			return v.found, store.Failed(err, "find what to compare with its record")
		}
		for _, number := range numbers {
			if err := s.verifyState(ctx, &v, number); err != nil {
				return v.found, fmt.Errorf("compare %s with its record: %w", number, err)
			}
		}
		which.After = numbers[len(numbers)-1]
		if progress != nil {
			progress(which.After)
		}
	}
}

func (s *Store) verifyState(ctx context.Context, v *verification, number string) error {
	row, err := s.queries.StateAndRecord(ctx, number) // in one statement: as both were at one moment
	if err != nil || len(row.Events) == 0 {
		return err
	}
	var state complaint.Complaint
	if json.Unmarshal(row.State, &state) != nil {
		v.find(number, 0, StateDiffers)
		return nil
	}
	if state.Unknown != "" {
		return nil // a newer version's
	}
	events := make([]complaint.Event, len(row.Events))
	for i, data := range row.Events {
		strict := json.NewDecoder(strings.NewReader(data))
		strict.DisallowUnknownFields()
		if strict.Decode(&events[i]) != nil {
			return nil // a newer version's; or altered, which its hash shows
		}
	}
	is, err := json.Marshal(state)
	if err != nil {
		return err
	}
	if should, err := json.Marshal(complaint.Fold(number, events)); err != nil || !bytes.Equal(is, should) {
		v.findInstead(number, 0, StateDiffers, store.Digest(is))
	}
	return nil
}
