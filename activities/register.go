package activities

import (
	"github.com/jackc/pgx/v5/pgxpool"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/worker"

	"recourse/internal/rulebook"
	"recourse/internal/store/learning"
	"recourse/internal/store/record"
	"recourse/internal/store/submission"
	"recourse/internal/store/write"
	"recourse/workflows"
)

// Register makes a worker run the activities that complaints and periodic work
// ask for, under their names.
func Register(w worker.ActivityRegistry, database *pgxpool.Pool, r *rulebook.Rulebook) {
	w.RegisterActivityWithOptions(Record{Writes: write.New(database), Recorded: record.New(database), Rulebook: r}.Record, activity.RegisterOptions{Name: workflows.RecordActivity})
	w.RegisterActivityWithOptions(Submissions{Submissions: submission.New(database)}.Submission, activity.RegisterOptions{Name: workflows.SubmissionActivity})
	w.RegisterActivityWithOptions(Sides{Rulebook: r}.SideStep, activity.RegisterOptions{Name: workflows.SideActivity})
	sealing := Sealing{Record: record.New(database)}
	w.RegisterActivityWithOptions(sealing.SealRecord, activity.RegisterOptions{Name: workflows.SealActivity})
	w.RegisterActivityWithOptions(sealing.VerifyRecord, activity.RegisterOptions{Name: workflows.VerifyActivity})
	sampling := Sampling{Learning: learning.New(database), Rulebook: r}
	w.RegisterActivityWithOptions(sampling.DrawSpotCheck, activity.RegisterOptions{Name: workflows.SpotCheckActivity})
	w.RegisterActivityWithOptions(sampling.StartCampaign, activity.RegisterOptions{Name: workflows.CampaignActivity})
}
