package endtoend

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/common/v1"
	"go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"
	"golang.org/x/sync/errgroup"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"recourse/deploy/stack"
	"recourse/internal/complaint"
	"recourse/internal/store"
	"recourse/internal/store/reading"
	"recourse/internal/store/submission"
)

// suggestAfter lets Temporal suggest to continue as new after so many events,
// fewer than the usual 4096.
func suggestAfter(events int) string {
	return fmt.Sprintf("limit.historyCount.suggestContinueAsNew:\n  - value: %d\n", events)
}

func TestAComplaintThatContinuesAsNewUnderLoadLosesNoStepAndTakesNoneTwice(t *testing.T) {
	t.Parallel()
	servers := stack.OwnWith(t, stack.Options{TemporalSettings: suggestAfter(150)})
	require.NoError(t, store.Migrate(t.Context(), servers.PostgreSQL.URL))
	h := installOn(t, servers.PostgreSQL.URL, servers).open()
	number := h.registered()
	first := h.describe(number).Execution.RunId

	const senders, each, signals = 10, 15, 20
	key := func(sender, n int) string { return fmt.Sprintf("note %d of %d", n, sender) }
	note := func(sender, n int) (answer, error) {
		for {
			a, err := h.tryPost(stepPath(number, "note"), "li-na", key(sender, n), said{"words": key(sender, n)})
			if err != nil || a.status != http.StatusServiceUnavailable {
				return a, err
			}
			// The way of a client that gets 503: the same again.
		}
	}
	var notes [senders][each]answer
	var sending errgroup.Group
	for sender := range senders {
		sending.Go(func() (err error) {
			for n := range each {
				if notes[sender][n], err = note(sender, n); err != nil {
					return err
				}
			}
			return nil
		})
	}
	sending.Go(func() error {
		for range signals {
			if err := h.temporal.SignalWorkflow(t.Context(), number, "", "step", complaint.Step{Name: complaint.Note}); err != nil {
				return err
			}
		}
		return nil
	})
	require.NoError(t, sending.Wait())

	h.eventually("every note is on the record", func() bool { return h.taken(number)[complaint.Note] >= senders*each+signals })
	require.Equal(t, senders*each+signals, h.taken(number)[complaint.Note], "none twice")
	revisions := map[any]bool{}
	for sender := range senders {
		for n := range each {
			revisions[notes[sender][n].is(http.StatusOK)["revision"]] = true
		}
	}
	require.Len(t, revisions, senders*each, "each step has an answer of its own")
	described := h.describe(number)
	require.NotEqual(t, first, described.Execution.RunId, "it did continue as new")
	require.Equal(t, first, described.FirstRunId)
	late, err := note(3, 0)
	require.NoError(t, err)
	require.Equal(t, string(notes[3][0].body), string(late.body), "a late repeat gets the first answer")
	h.requireOneTruth(number)

	// And the workflow itself remembers those that it took last, over the border between two runs.
	last := h.submissions(number)[senders*each]
	remembered, err := h.installation.send(last)
	require.NoError(t, err)
	for _, answer := range []complaint.Result{*last.Result, remembered} { // its ladders aren't carried over the border
		for i := range answer.Deadlines {
			answer.Deadlines[i].Rungs = nil
		}
	}
	require.Equal(t, *last.Result, remembered)
	require.Equal(t, senders*each+signals, h.taken(number)[complaint.Note])
}

// submissions are all of a complaint that were accepted, oldest first.
func (i *installation) submissions(number string) []submission.Stored {
	i.t.Helper()
	all, err := i.store.Submissions.Of(i.t.Context(), number)
	require.NoError(i.t, err)
	return all
}

// hurry lets the complaint's workflow skip the time in which nothing happens.
func (i *installation) hurry(number string) {
	i.t.Helper()
	i.skipTime(number, &common.TimeSkippingConfig{Enabled: true})
}

// skipTime says how the complaint's workflow is to skip time.
func (i *installation) skipTime(number string, how *common.TimeSkippingConfig) {
	i.t.Helper()
	_, err := i.temporal.WorkflowService().UpdateWorkflowExecutionOptions(i.t.Context(), &workflowservice.UpdateWorkflowExecutionOptionsRequest{
		Namespace: i.servers.Temporal.Namespace, WorkflowExecution: &common.WorkflowExecution{WorkflowId: number},
		WorkflowExecutionOptions: &workflow.WorkflowExecutionOptions{TimeSkippingConfig: how},
		UpdateMask:               &fieldmaskpb.FieldMask{Paths: []string{"time_skipping_config"}}})
	require.NoError(i.t, err)
}

func TestAComplaintLeftAloneClimbsItsWholeLadderOnARealServer(t *testing.T) {
	i := install(t)
	number := i.register("li-na", wrongDoor(), map[string]any{"narrative": "Twice."}).Number
	i.hurry(number)
	i.eventually("the ladder is climbed", func() bool { return len(i.rungs(number)) >= 4 })
	require.Equal(t, []string{"forward 75%", "forward due", "forward +1h", "forward +4wh"}, i.rungs(number))
	file := i.file(number)
	require.Equal(t, 3, file.Tier())
	i.requireMessagesOnce(number)
	i.requireOneTruth(number)
}

func TestACustomerWhoNeverAnswersIsRemindedAndTheComplaintEndsOnARealServer(t *testing.T) {
	i := install(t)
	number := i.register("li-na", wrongDoor(), map[string]any{"narrative": "Twice."}).Number
	for _, s := range ordinaryActs()[:7] { // until the customer knows the proposal
		i.step(number, s.name, s.by, s.facts)
	}
	i.hurry(number)
	i.eventually("its life is over", func() bool { return i.describe(number).Status.String() == "Completed" })
	file := i.file(number)
	require.Equal(t, complaint.Closed, file.Stage)
	require.Equal(t, complaint.Unresolved, file.Outcome)
	var silent []string
	for _, rung := range i.rungs(number) {
		if deadline, label, _ := strings.Cut(rung, " "); deadline == complaint.CustomerAnswerClock {
			silent = append(silent, label)
		}
	}
	require.Len(t, silent, 4, "reminded twice, rested, closed")
	require.Less(t, time.Until(file.StageSince), 60*24*time.Hour)
	require.Greater(t, time.Until(file.StageSince), 30*24*time.Hour, "a month and more of the complaint's time")
	i.requireMessagesOnce(number)
	i.requireOneTruth(number)
}

func (i *installation) file(number string) reading.File {
	i.t.Helper()
	file, err := i.store.Reading.Complaint(i.t.Context(), number)
	require.NoError(i.t, err)
	return file
}
