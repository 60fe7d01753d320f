package workflows

import (
	"strconv"

	"go.temporal.io/sdk/workflow"

	"recourse/internal/complaint"
)

// AheadActivity answers a complaint.Place with a complaint.Ahead. It is called when
// somebody says that the record is ahead.
const AheadActivity = "Ahead"

// receiveCatchUps hears that the record is ahead, however often it is said.
func (l *life) receiveCatchUps(ctx workflow.Context) {
	calls := workflow.GetSignalChannel(ctx, CatchUpSignal)
	for {
		// As receiveSignals: what is taken out of the channel must be known to the run.
		_ = workflow.Await(ctx, func() bool { return calls.Len() > 0 })
		for calls.ReceiveAsync(nil) {
			l.behind = true
		}
	}
}

// readAhead takes over what the record has beyond what this run knows: all of it, clocks
// and processes beside included. A run without a registration gets the stored one.
func (l *life) readAhead(ctx workflow.Context) {
	l.behind = false
	for {
		ahead := durably[complaint.Ahead](ctx, l, AheadActivity, "read the record after row "+strconv.Itoa(l.written.Recorded),
			complaint.Place{Number: l.complaint.Number, Recorded: l.written.Recorded})
		if ahead.Registration != nil {
			l.inbox = append(l.inbox, &entry{step: *ahead.Registration})
		}
		if len(ahead.Found) == 0 {
			return
		}
		l.takeIn(ctx, ahead.Written)
	}
}
