package activities

import (
	"context"
	"errors"
	"fmt"

	"go.temporal.io/sdk/temporal"

	"recourse/internal/complaint"
	"recourse/internal/store"
	"recourse/internal/store/submission"
)

// Submissions reads stored submissions for the signals that name them.
type Submissions struct {
	Submissions *submission.Store
}

// Submission is the activity workflows.SubmissionActivity: the coded step of a
// stored submission of this complaint. One that doesn't exist is not asked for
// again.
func (s Submissions) Submission(ctx context.Context, number, id string) (complaint.Step, error) {
	stored, err := s.Submissions.One(ctx, id)
	if errors.Is(err, store.ErrNotFound) || (err == nil && stored.Number != number) {
		return complaint.Step{}, temporal.NewNonRetryableApplicationError(
			fmt.Sprintf("no submission %q of complaint %s", id, number), "NoSubmission", nil)
	}
	if err != nil {
		return complaint.Step{}, err
	}
	return stored.AsStep(), nil
}
