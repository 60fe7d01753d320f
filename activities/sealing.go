package activities

import (
	"context"
	"errors"
	"slices"
	"time"

	"go.temporal.io/sdk/activity"

	"recourse/internal/store"
	"recourse/internal/store/record"
	"recourse/workflows"
)

// Sealing seals and verifies the record.
type Sealing struct {
	Record *record.Store
}

// SealRecord is the activity workflows.SealActivity. When nothing grew the last
// seal is the answer.
func (s Sealing) SealRecord(ctx context.Context) (workflows.Sealed, error) {
	seal, err := s.Record.Seal(ctx)
	if errors.Is(err, store.ErrNotFound) {
		return workflows.Sealed{}, nil
	}
	return workflows.Sealed{Seal: seal.String(), ID: seal.ID, Complaints: seal.Complaints}, err
}

// mostFindings is how many findings are named; how many there are is counted.
const mostFindings = 20

// verifying is how far VerifyRecord has come: another attempt goes on there.
type verifying struct {
	After string             `json:"after"`
	Was   workflows.Verified `json:"was"`
}

// VerifyRecord is the activity workflows.VerifyActivity. Its findings are
// complaints' numbers and rows, no words.
func (s Sealing) VerifyRecord(ctx context.Context, what workflows.Verify) (workflows.Verified, error) {
	var begun verifying
	if activity.HasHeartbeatDetails(ctx) {
		if err := activity.GetHeartbeatDetails(ctx, &begun); err != nil {
			return workflows.Verified{}, err
		}
	} else {
		newest, err := s.Record.LastSeal(ctx)
		if err != nil {
			return workflows.Verified{}, err
		}
		begun.Was.Seal = newest.ID
	}
	sum := func(found []record.Tampered, done record.Verified) workflows.Verified {
		all := begun.Was
		all.Complaints, all.Rows, all.Found = all.Complaints+done.Complaints, all.Rows+done.Rows, slices.Clone(all.Found)
		for _, one := range found {
			switch {
			case one.Accepted != nil:
				all.Accepted++
				continue
			case len(all.Found) < mostFindings:
				all.Found = append(all.Found, one.String())
			}
			all.Places++
		}
		return all
	}
	share := int(what.At.Unix()/int64((24*time.Hour).Seconds())) % record.Shares
	found, done, err := s.Record.VerifyGrown(ctx, what.AfterSeal, share, begun.After, func(last string, found []record.Tampered, done record.Verified) {
		activity.RecordHeartbeat(ctx, verifying{After: last, Was: sum(found, done)})
	})
	if err != nil {
		return sum(found, done), err
	}
	states, err := s.Record.VerifyStates(ctx, what.AfterSeal, share, func(string) {
		activity.RecordHeartbeat(ctx, begun) // another attempt looks at the states of all again
	})
	return sum(append(found, states...), done), err
}
