package endtoend

import (
	"context"
	"encoding/json"
	"fmt"
	"sort"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"recourse/internal/complaint"
	"recourse/internal/store/submission"
)

// Twelve complaints take each step at once, and the worker is killed a little
// later each time: in the middle of whatever each of them is at. What comes out
// must be what comes out undisturbed.
func TestAWorkerKilledAtAnyMomentLosesNothingAndRepeatsNothing(t *testing.T) {
	i := install(t)
	undisturbed := i.outcome(ordinary(i, func(complaint.StepName, complaint.Result) {}))
	i.worker.Stop()

	workerProcess := i.runWorker()
	t.Cleanup(func() { workerProcess.Stop() })

	const complaints = 12
	numbers := make([]string, complaints)
	together := func(after time.Duration, act func(n int) error) {
		t.Helper()
		var all errgroup.Group
		for n := range complaints {
			all.Go(func() error { return act(n) })
		}
		killed := make(chan struct{})
		time.AfterFunc(after, func() { workerProcess.Kill(); close(killed) })
		<-killed
		workerProcess = i.runWorker()
		require.NoError(t, all.Wait())
	}
	stored := make([]submission.Stored, complaints)
	for n := range complaints {
		stored[n] = i.storeRegistration("li-na", wrongDoor(), map[string]any{"narrative": "Twice."})
		numbers[n] = stored[n].Number
	}
	together(5*time.Millisecond, func(n int) error { _, err := i.begin(stored[n]); return err })
	for k, s := range ordinaryActs() {
		for n := range complaints {
			submitted, err := i.store.Submissions.Submit(t.Context(), submission.Submission{Number: numbers[n], Step: s.name, By: i.actor(s.by),
				Body: []byte("{}"), Facts: s.facts})
			require.NoError(t, err)
			stored[n] = submitted
		}
		together(time.Duration(8+7*k)*time.Millisecond, func(n int) error { return i.insist(stored[n]) })
	}
	for _, number := range numbers {
		require.Equal(t, undisturbed, i.outcome(number), "complaint %s", number)
		i.requireOneTruth(number)
	}
}

// insist repeats a step with the same submission until it is answered, as a
// client does that gets 503.
func (i *installation) insist(stored submission.Stored) error {
	ctx, cancel := context.WithTimeout(i.t.Context(), 90*time.Second)
	defer cancel()
	for {
		_, err := i.send(stored)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s of %s: %w", stored.Step, stored.Number, err)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// outcome is what a walk came to: its stage, its revision, its events by kind
// and its messages, each with how often it is there.
func (i *installation) outcome(number string) []string {
	i.t.Helper()
	rows, err := i.store.Record.Page(i.t.Context(), number, 0, 500)
	require.NoError(i.t, err)
	count := map[string]int{}
	for _, row := range rows {
		what := string(row.Kind)
		switch {
		case row.Message != nil:
			what += " " + row.Message.Template + " to " + string(row.Message.To)
		case row.Step != nil:
			what += " " + string(row.Step.Name)
		case row.Deadline != nil:
			what += " " + row.Deadline.Name
		case row.Stage != "":
			what += " " + string(row.Stage)
		}
		count[what]++
	}
	messages, err := i.store.Outbox.Of(i.t.Context(), number)
	require.NoError(i.t, err)
	count["messages in the outbox"] = len(messages)
	var said []string
	for what, times := range count {
		said = append(said, fmt.Sprintf("%d × %s", times, what))
	}
	sort.Strings(said)
	return said
}

// taken is how often each step is on a complaint's record.
func (i *installation) taken(number string) map[complaint.StepName]int {
	i.t.Helper()
	rows, err := i.store.Record.Page(i.t.Context(), number, 0, 500)
	require.NoError(i.t, err)
	count := map[complaint.StepName]int{}
	for _, row := range rows {
		if row.Kind == complaint.StepTaken {
			count[row.Step.Name]++
		}
	}
	return count
}

// requireOneTruth: the record folded again, the read model and the running
// workflow know the same complaint.
func (i *installation) requireOneTruth(number string) {
	i.t.Helper()
	file, err := i.store.Reading.Complaint(i.t.Context(), number)
	require.NoError(i.t, err)
	rows, err := i.store.Record.Page(i.t.Context(), number, 0, 500)
	require.NoError(i.t, err)
	folded := complaint.Complaint{Number: number, Recorded: len(rows)}
	for _, row := range rows {
		folded.Apply(row.Event)
	}
	require.JSONEq(i.t, asJSON(i.t, file.Complaint), asJSON(i.t, folded), "the record folded again is the read model")

	value, err := i.temporal.QueryWorkflow(i.t.Context(), number, "", "complaint")
	require.NoError(i.t, err)
	var running complaint.Complaint
	require.NoError(i.t, value.Get(&running))
	require.JSONEq(i.t, asJSON(i.t, file.Complaint), asJSON(i.t, running), "the running workflow is the read model")
}

func asJSON(t testing.TB, c complaint.Complaint) string {
	t.Helper()
	raw, err := json.Marshal(c)
	require.NoError(t, err)
	return string(raw)
}
