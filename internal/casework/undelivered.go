package casework

import (
	"context"
	"errors"
	"fmt"
	"time"

	"recourse/internal/complaint"
	"recourse/internal/message"
	"recourse/internal/store/outbox"
	"recourse/internal/store/submission"
)

const (
	tellEvery = 5 * time.Second
	tellLease = time.Minute
	tellBatch = 20
)

// tellFailures tells complaints of the messages to their customers that failed for good, until none
// is left that can be told. None keeps the others waiting: what can't be told is tried again after
// its lease.
func (o *Office) tellFailures(ctx context.Context) (failed error) {
	for {
		lost, err := o.Outbox.ToTell(ctx, tellBatch, tellLease)
		failed = errors.Join(failed, err)
		told := 0
		for _, one := range lost {
			if err := o.tellFailure(ctx, one); err != nil {
				failed = errors.Join(failed, fmt.Errorf("tell of the message %s: %w", one.ID, err))
				continue
			}
			told++
		}
		if told == 0 {
			return failed
		}
	}
}

// tellFailure tells a complaint of one message. A campaign's question is no part of a complaint,
// and one whose life is over needs no call any more.
func (o *Office) tellFailure(ctx context.Context, lost outbox.Message) error {
	if lost.Template != message.CustomerCampaign.Name() {
		_, err := o.take(ctx, submission.Submission{Number: lost.Number, Step: complaint.Undelivered, By: complaint.Actor{Person: complaint.Procedure},
			Key: fmt.Sprintf("undelivered/%s/%d", lost.ID, lost.Attempts), Body: []byte("{}"),
			Facts: complaint.Facts{Undelivered: &complaint.LetterFailed{Message: lost.Message, Code: lost.LastError}}})
		if _, refused := errors.AsType[*complaint.Refusal](err); err != nil && !refused {
			return err
		}
	}
	return o.Outbox.Told(ctx, lost.ID)
}
