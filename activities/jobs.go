package activities

import (
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	enums "go.temporal.io/api/enums/v1"

	"recourse/internal/procedure"
	"recourse/internal/rulebook"
	"recourse/internal/schedule"
	"recourse/internal/store/confirmation"
	"recourse/internal/store/learning"
	"recourse/internal/store/record"
	"recourse/workflows"
)

// JobsEdition counts the changes of Jobs. While versions are exchanged, only workers of the newest
// edition touch the schedules: raise it with each change.
const JobsEdition = 1

// Jobs are all that comes round by itself. Each has its row in docs/operations.md.
func Jobs(database *pgxpool.Pool, r *rulebook.Rulebook) []schedule.Job {
	sealing, sampling := Sealing{Record: record.New(database)}, Sampling{Learning: learning.New(database)}
	const day = 24 * time.Hour
	return []schedule.Job{{
		ID:   "seal-record",
		Says: "Every day: seals what was recorded.",
		// Tomorrow's seal takes what today's would have: after an outage one is enough.
		CatchUp: day, Overlap: enums.SCHEDULE_OVERLAP_POLICY_SKIP,
		Workflow:   "SealRecord",
		Run:        workflows.SealRecord,
		Activities: map[string]any{workflows.SealActivity: sealing.SealRecord},
	}, {
		ID:   "verify-record",
		Says: "Every day: verifies what was sealed since the last run that found nothing, and a 28th of the rest. Fails when the record was tampered with.",
		// As with seals; and one that still verifies isn't joined by another.
		CatchUp: day, Overlap: enums.SCHEDULE_OVERLAP_POLICY_SKIP,
		Workflow:   "VerifyRecord",
		Run:        workflows.VerifyRecord,
		Activities: map[string]any{workflows.VerifyActivity: sealing.VerifyRecord},
	}, schedule.Does(r, "DrawSpotCheck", 5*time.Minute, sampling.DrawSpotCheck, schedule.Job{
		ID:   "spot-check-{procedure}",
		Says: "Every {period}: draws a random sample of the complaints received in the {period} before.",
		Asked: func(rules *procedure.Procedure) (all []schedule.Asked) {
			if checks := rules.SpotChecks; checks != nil {
				all = []schedule.Asked{{Every: checks.Every, On: schedule.FirstDay(checks.Every)}}
			}
			return all
		},
		// Each draw has a period of its own, so none may be dropped, also when several are made up
		// for: they wait for each other.
		CatchUp: 14 * day, Overlap: enums.SCHEDULE_OVERLAP_POLICY_BUFFER_ALL,
		Workflow: "SpotCheck",
	}), schedule.Does(r, "StartCampaign", 5*time.Minute, sampling.StartCampaign, schedule.Job{
		ID:   "campaign-{procedure}-{name}",
		Says: "Every {period}: asks a sample of the customers who complained in the {period} before how satisfied they are.",
		Asked: func(rules *procedure.Procedure) (all []schedule.Asked) {
			for _, own := range rules.Campaigns {
				all = append(all, schedule.Asked{Name: own.ID, Every: own.Every, On: schedule.FirstDay(own.Every)})
			}
			return all
		},
		CatchUp: 14 * day, Overlap: enums.SCHEDULE_OVERLAP_POLICY_BUFFER_ALL, // as spot checks
		Workflow: "SatisfactionCampaign",
	}), {
		ID:     "find-lost",
		Says:   "Every hour: looks which complaints, and which processes beside them, have no running workflow; the servers begin them anew from the record.",
		Hourly: true,
		// The next run finds all that this one would have.
		CatchUp: time.Hour, Overlap: enums.SCHEDULE_OVERLAP_POLICY_SKIP,
		Workflow:   "FindLost",
		Run:        workflows.ForOccasion[Found]("FindLost", 30*time.Minute),
		Activities: map[string]any{"FindLost": Lost{Confirmations: confirmation.New(database)}.FindLost},
	}}
}
