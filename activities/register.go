package activities

import (
	"github.com/jackc/pgx/v5/pgxpool"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"recourse/internal/rulebook"
	"recourse/internal/store/record"
	"recourse/internal/store/submission"
	"recourse/internal/store/write"
	"recourse/workflows"
)

// Register makes a worker run the activities that complaints ask for, and all
// that comes round, under their names.
func Register(w worker.Registry, database *pgxpool.Pool, r *rulebook.Rulebook) {
	recording := Record{Writes: write.New(database), Recorded: record.New(database), Submissions: submission.New(database), Rulebook: r}
	w.RegisterActivityWithOptions(recording.Record, activity.RegisterOptions{Name: workflows.RecordActivity})
	w.RegisterActivityWithOptions(recording.Ahead, activity.RegisterOptions{Name: workflows.AheadActivity})
	w.RegisterActivityWithOptions(Submissions{Submissions: submission.New(database)}.Submission, activity.RegisterOptions{Name: workflows.SubmissionActivity})
	w.RegisterActivityWithOptions(Sides{Rulebook: r}.SideStep, activity.RegisterOptions{Name: workflows.SideActivity})
	w.RegisterActivityWithOptions(tell, activity.RegisterOptions{Name: workflows.TellActivity})
	for _, job := range Jobs(database, r) {
		w.RegisterWorkflowWithOptions(job.Run, workflow.RegisterOptions{Name: job.Workflow})
		for name, does := range job.Activities {
			w.RegisterActivityWithOptions(does, activity.RegisterOptions{Name: name})
		}
	}
}
