package workflows

import (
	"fmt"
	"strings"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"
)

// The names of what SealRecord asks for are part of recorded histories: never rename them.
const (
	SealActivity   = "SealRecord"
	VerifyActivity = "VerifyRecord"

	// RecordTampered is the type of the failure of a VerifyRecord that found something. Its details
	// are a Verified.
	RecordTampered = "record_tampered"
)

// Sealed is a seal of the record, and the result of SealRecord: the history of the schedule is
// another place where seals are kept.
type Sealed struct {
	// Seal is as “server seal” prints it; empty when there never was anything to seal.
	Seal       string `json:"seal"`
	ID         int64  `json:"id"`
	Complaints int    `json:"complaints"` // that grew since the seal before
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
	// Seal is the newest seal when it began; the next run verifies what was sealed after it.
	Seal int64 `json:"seal"`
	// Found are the first places at which the record is not what was written, in words: a number, a
	// row, what it is.
	Found []string `json:"found,omitempty"`
	// Places is how many there are.
	Places int `json:"places,omitempty"`
	// Accepted is how many more there are that somebody has looked at.
	Accepted int `json:"accepted,omitempty"`
}

// Periodic is whose periodic work it is.
type Periodic struct {
	Procedure string `json:"procedure"`
	Name      string `json:"name,omitempty"` // the procedure's name for it, where it may have several
}

// Occasion is what an activity that comes round is asked: whose work it is, and the time at which
// it was meant to be done, however late that is. A period is the last whole one before.
type Occasion struct {
	Periodic
	At time.Time `json:"at"`
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

// persistent is how an activity that comes round is run: tried until it succeeds, for an outage
// ends.
func persistent(ctx workflow.Context, within time.Duration) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: within,
		RetryPolicy: &temporal.RetryPolicy{InitialInterval: time.Second, MaximumInterval: time.Minute}})
}

// verifiedApart is when verifying got a schedule of its own. A SealRecord that began before goes on
// as it began.
const verifiedApart = "verified apart"

// SealRecord seals the record, whatever verifying finds.
func SealRecord(ctx workflow.Context) (sealed Sealed, err error) {
	if err := workflow.ExecuteActivity(persistent(ctx, 5*time.Minute), SealActivity).Get(ctx, &sealed); err != nil {
		return sealed, err
	}
	if workflow.GetVersion(ctx, verifiedApart, workflow.DefaultVersion, 1) == workflow.DefaultVersion {
		_, err = verifyAfter(ctx, 0)
	}
	return sealed, err
}

// VerifyRecord verifies all that was sealed since the last run that found nothing, and a share of
// the rest. So a finding fails every run until the record is what it was, or somebody accepts it.
func VerifyRecord(ctx workflow.Context) (Verified, error) {
	var last Verified
	if workflow.HasLastCompletionResult(ctx) {
		if err := workflow.GetLastCompletionResult(ctx, &last); err != nil {
			return last, err
		}
	}
	return verifyAfter(ctx, last.Seal)
}

func verifyAfter(ctx workflow.Context, seal int64) (verified Verified, err error) {
	verifying := workflow.WithHeartbeatTimeout(persistent(ctx, 6*time.Hour), 2*time.Minute) // another attempt goes on where it stopped
	if err := workflow.ExecuteActivity(verifying, VerifyActivity, Verify{AfterSeal: seal, At: meant(ctx)}).Get(ctx, &verified); err != nil {
		return verified, err
	}
	if verified.Places > 0 {
		workflow.GetLogger(ctx).Error("the record was tampered with", "places", verified.Places, "found", verified.Found)
		return verified, temporal.NewNonRetryableApplicationError(
			fmt.Sprintf("the record was tampered with (places: %d): %s", verified.Places, strings.Join(verified.Found, "; ")), RecordTampered, nil, verified)
	}
	return verified, nil
}

// ForOccasion is the workflow of work that one activity does: it answers what that does, which
// takes an Occasion and may take so long.
func ForOccasion[Result any](activity string, within time.Duration) func(workflow.Context, Periodic) (Result, error) {
	return func(ctx workflow.Context, of Periodic) (result Result, err error) {
		err = workflow.ExecuteActivity(persistent(ctx, within), activity, Occasion{Periodic: of, At: meant(ctx)}).Get(ctx, &result)
		return result, err
	}
}
