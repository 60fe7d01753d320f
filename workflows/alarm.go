package workflows

import (
	"cmp"
	"strings"

	"go.temporal.io/sdk/workflow"

	"recourse/internal/complaint"
)

// alarm is the one timer of a complaint. It stands at the earliest rung of all
// its deadlines.
type alarm struct {
	ref    complaint.RungRef
	timer  workflow.Future
	cancel workflow.CancelFunc
}

func (a *alarm) rang() bool { return a.timer != nil && a.timer.IsReady() }

// setAlarm puts the alarm on the rung, and leaves it alone when it stands there
// already. The timer that stood before is cancelled, never left behind.
func (l *life) setAlarm(ctx workflow.Context, ref complaint.RungRef, armed bool) {
	if armed && l.alarm.timer != nil && !l.alarm.timer.IsReady() && l.alarm.ref == ref {
		return
	}
	if l.alarm.cancel != nil {
		l.alarm.cancel()
	}
	l.alarm = alarm{}
	if !armed {
		return
	}
	timerCtx, cancel := workflow.WithCancel(ctx)
	l.alarm = alarm{ref: ref, cancel: cancel}
	l.alarm.timer = workflow.NewTimerWithOptions(timerCtx, ref.At.Sub(workflow.Now(ctx)),
		workflow.TimerOptions{Summary: cut(l.rungSummary(ref))})
}

// doing says what a rung does besides telling, as an operator reads it.
var doing = map[complaint.RungAction]string{
	complaint.HandOverDecision:  "hands over the decision",
	complaint.HandOverTask:      "hands over the task",
	complaint.RemindCustomer:    "asks the customer again",
	complaint.SuspendComplaint:  "suspends the complaint",
	complaint.ProceedAnyway:     "goes on as if the customer had agreed",
	complaint.CloseUnresolved:   "closes it unresolved",
	complaint.ResumeComplaint:   "resumes the complaint",
	complaint.EndLife:           "ends the workflow",
	complaint.RemindOpenMatter:  "reminds of the open matter",
	complaint.CountCustomerDate: "the promised date has come",
	complaint.AskAgain:          "asks again",
}

// rungSummary says what a rung is: "contact +8wh: hands over the decision, tells general-manager".
func (l *life) rungSummary(ref complaint.RungRef) string {
	_, rung, open := l.complaint.Rung(ref)
	if !open {
		return ref.Deadline
	}
	var does []string
	if rung.Does != "" {
		does = append(does, cmp.Or(doing[rung.Does], string(rung.Does)))
	}
	if len(rung.Tell) > 0 {
		roles := make([]string, len(rung.Tell))
		for i, role := range rung.Tell {
			roles[i] = string(role)
		}
		does = append(does, "tells "+strings.Join(roles, " and "))
	}
	said := ref.Deadline + " " + rung.Label
	if len(does) > 0 {
		said += ": " + strings.Join(does, ", ")
	}
	return said
}

// fire lets one rung fire, exactly once: it is recorded in the same write as
// what follows from it, and the next one is armed at the next wait.
func (l *life) fire(ctx workflow.Context, ref complaint.RungRef) {
	_, rung, open := l.complaint.Rung(ref)
	if !open {
		return
	}
	l.current = nil
	l.cause = complaint.CauseOfRung(ref)
	l.happened(complaint.Event{Kind: complaint.RungFired, At: workflow.Now(ctx), By: complaint.Clock, Rung: &ref, Tier: rung.Tier})
}
