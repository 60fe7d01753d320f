package workflows

import (
	"fmt"
	"strings"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"
)

// The work that comes round by itself: schedules start these workflows. The names are part of schedules and of recorded
// histories: never rename them.
const (
	// SealWorkflow seals what was recorded and verifies what is new. It takes nothing.
	SealWorkflow = "SealRecord"
	// SpotCheckWorkflow draws the spot check of a period. It takes a Periodic.
	SpotCheckWorkflow = "SpotCheck"
	// CampaignWorkflow starts the satisfaction campaign of a period. It takes a Periodic.
	CampaignWorkflow = "SatisfactionCampaign"

	SealActivity      = "SealRecord"
	VerifyActivity    = "VerifyRecord"
	SpotCheckActivity = "DrawSpotCheck"
	CampaignActivity  = "StartCampaign"

	// RecordTampered is the type of the failure of a SealRecord that found something. Its details are a Verified.
	RecordTampered = "record_tampered"
)

// Sealed is a seal of the record, and the result of SealRecord: the history of the schedule is
// another place where seals are kept.
type Sealed struct {
	// Seal is as “server seal” prints it; empty when there never was anything to seal.
	Seal string `json:"seal"`
	// ID is the seal's; the next run verifies what was sealed after it.
	ID         int64 `json:"id"`
	Complaints int   `json:"complaints"` // that grew since the seal before
	// Verified is how many complaints were verified then, and Rows how many rows of their record.
	Verified int64 `json:"verified"`
	Rows     int64 `json:"rows"`
}

// Verify is what VerifyRecord is asked: what was sealed after a seal, and the share of the other
// complaints whose turn it is at that time.
type Verify struct {
	AfterSeal int64     `json:"after_seal"`
	At        time.Time `json:"at"`
}

// Verified is what VerifyRecord answers.
type Verified struct {
	Complaints int64 `json:"complaints"`
	Rows       int64 `json:"rows"`
	// Found are the first places at which the record is not what was written, in words: a number, a row, what it is.
	Found []string `json:"found,omitempty"`
	// Places is how many there are.
	Places int `json:"places,omitempty"`
}

// Periodic is whose spot check or campaign it is.
type Periodic struct {
	Procedure string `json:"procedure"`
	Campaign  string `json:"campaign,omitempty"` // the procedure's name for it
}

// Sample is what the activities that draw are asked: the sample of the last whole period before a time.
type Sample struct {
	Periodic
	At time.Time `json:"at"`
}

// Drawn is what they answer, whether it was drawn now or before.
type Drawn struct {
	ID   string    `json:"id"`
	From time.Time `json:"from"` // the period
	To   time.Time `json:"to"`
	// Drawn is how many complaints or customers are in the sample, and Asked how many customers were sent a question.
	Drawn int `json:"drawn"`
	Asked int `json:"asked,omitempty"`
}

// scheduledStart is when the schedule meant a workflow to start, however late it did. A trigger
// means now, a backfill then.
var scheduledStart = temporal.NewSearchAttributeKeyTime("TemporalScheduledStartTime")

// meant is when this run was meant to start; now for one that no schedule started.
func meant(ctx workflow.Context) time.Time {
	if at, scheduled := workflow.GetTypedSearchAttributes(ctx).GetTime(scheduledStart); scheduled {
		return at
	}
	return workflow.Now(ctx)
}

// persistent is how an activity that comes round is run: tried until it succeeds, for an outage ends.
func persistent(ctx workflow.Context, within time.Duration) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: within,
		RetryPolicy: &temporal.RetryPolicy{InitialInterval: time.Second, MaximumInterval: time.Minute}})
}

// How long the parts of SealRecord may take, and how often verifying gives a sign of life. It goes on where it stopped.
const (
	sealWithin   = 5 * time.Minute
	verifyWithin = 6 * time.Hour
	verifySign   = 2 * time.Minute
	drawWithin   = 5 * time.Minute
)

// SealRecord seals the record, and then verifies all that was sealed since the last run that found
// nothing, and a share of the rest. So a finding fails every run until the record is what it was.
func SealRecord(ctx workflow.Context) (Sealed, error) {
	var last, sealed Sealed
	if workflow.HasLastCompletionResult(ctx) {
		if err := workflow.GetLastCompletionResult(ctx, &last); err != nil {
			return sealed, err
		}
	}
	if err := workflow.ExecuteActivity(persistent(ctx, sealWithin), SealActivity).Get(ctx, &sealed); err != nil {
		return sealed, err
	}
	var verified Verified
	verifying := workflow.WithHeartbeatTimeout(persistent(ctx, verifyWithin), verifySign)
	err := workflow.ExecuteActivity(verifying, VerifyActivity, Verify{AfterSeal: last.ID, At: meant(ctx)}).Get(ctx, &verified)
	if err != nil {
		return sealed, err
	}
	if verified.Places > 0 {
		workflow.GetLogger(ctx).Error("the record was tampered with", "places", verified.Places, "found", verified.Found)
		return sealed, temporal.NewNonRetryableApplicationError(
			fmt.Sprintf("the record was tampered with, in %d places: %s", verified.Places, strings.Join(verified.Found, "; ")), RecordTampered, nil, verified)
	}
	sealed.Verified, sealed.Rows = verified.Complaints, verified.Rows
	return sealed, nil
}

// SpotCheck draws a random sample of the complaints of the last period, once.
func SpotCheck(ctx workflow.Context, of Periodic) (Drawn, error) {
	return draw(ctx, SpotCheckActivity, of)
}

// SatisfactionCampaign asks a random sample of the customers of the last period, once.
func SatisfactionCampaign(ctx workflow.Context, of Periodic) (Drawn, error) {
	return draw(ctx, CampaignActivity, of)
}

func draw(ctx workflow.Context, activity string, of Periodic) (drawn Drawn, err error) {
	err = workflow.ExecuteActivity(persistent(ctx, drawWithin), activity, Sample{Periodic: of, At: meant(ctx)}).Get(ctx, &drawn)
	return drawn, err
}
