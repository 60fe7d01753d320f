package casework

import (
	"context"
	"errors"
	"fmt"

	"recourse/internal/complaint"
	"recourse/internal/store/submission"
)

// reopenLeftAlone opens again what was merged into a complaint that was withdrawn, or registered in
// error: its own customer took nothing back, and nobody sees to it any more. None keeps the others
// waiting, and repeated it opens nothing twice: the step has both numbers for its key.
func (o *Office) reopenLeftAlone(ctx context.Context) (failed error) {
	left, err := o.Reading.LeftAlone(ctx)
	if err != nil {
		return err
	}
	for _, one := range left {
		_, err := o.take(ctx, submission.Submission{Number: one.Number, Step: complaint.Reopen, By: complaint.Actor{Person: complaint.Procedure},
			Key: "left/" + one.By + "/" + one.Number, Body: []byte("{}")})
		if _, refused := errors.AsType[*complaint.Refusal](err); err != nil && !refused { // refused: somebody was faster
			failed = errors.Join(failed, fmt.Errorf("open %s again: %w", one.Number, err))
		}
	}
	return failed
}
