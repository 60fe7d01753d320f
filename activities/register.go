package activities

import (
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/worker"

	"recourse/internal/rulebook"
	"recourse/internal/store"
	"recourse/workflows"
)

// Register makes a worker run the activities that complaints ask for, under
// their names.
func Register(w worker.ActivityRegistry, s *store.Store, r *rulebook.Rulebook) {
	w.RegisterActivityWithOptions(Record{Store: s, Rulebook: r}.Record, activity.RegisterOptions{Name: workflows.RecordActivity})
	w.RegisterActivityWithOptions(Submissions{Store: s}.Submission, activity.RegisterOptions{Name: workflows.SubmissionActivity})
	w.RegisterActivityWithOptions(Sides{Rulebook: r}.SideStep, activity.RegisterOptions{Name: workflows.SideActivity})
}
