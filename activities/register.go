package activities

import (
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/worker"

	"recourse/internal/rulebook"
	"recourse/internal/store"
	"recourse/workflows"
)

// Register makes a worker run the activities that complaints and periodic work
// ask for, under their names.
func Register(w worker.ActivityRegistry, s *store.Store, r *rulebook.Rulebook) {
	w.RegisterActivityWithOptions(Record{Store: s, Rulebook: r}.Record, activity.RegisterOptions{Name: workflows.RecordActivity})
	w.RegisterActivityWithOptions(Submissions{Store: s}.Submission, activity.RegisterOptions{Name: workflows.SubmissionActivity})
	w.RegisterActivityWithOptions(Sides{Rulebook: r}.SideStep, activity.RegisterOptions{Name: workflows.SideActivity})
	w.RegisterActivityWithOptions(Sealing{Store: s}.SealRecord, activity.RegisterOptions{Name: workflows.SealActivity})
	w.RegisterActivityWithOptions(Sealing{Store: s}.VerifyRecord, activity.RegisterOptions{Name: workflows.VerifyActivity})
	w.RegisterActivityWithOptions(Sampling{Store: s, Rulebook: r}.DrawSpotCheck, activity.RegisterOptions{Name: workflows.SpotCheckActivity})
	w.RegisterActivityWithOptions(Sampling{Store: s, Rulebook: r}.StartCampaign, activity.RegisterOptions{Name: workflows.CampaignActivity})
}
