package endtoend

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/common/v1"
	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/workflowservice/v1"

	"recourse/internal/complaint"
	"recourse/internal/store/record"
	"recourse/internal/store/submission"
	"recourse/workflows"
)

// signal is what an operator sends from Temporal's UI or command line.
func (i *installation) signal(number string, step any) {
	i.t.Helper()
	require.NoError(i.t, i.temporal.SignalWorkflow(i.t.Context(), number, "", workflows.StepSignal, step))
}

// submitted is a step stored and not handed to the workflow.
func (i *installation) submitted(number string, name complaint.StepName, by complaint.PersonID, facts complaint.Facts) submission.Stored {
	i.t.Helper()
	stored, err := i.store.Submissions.Submit(i.t.Context(), submission.Submission{Number: number, Step: name, By: i.actor(by),
		Body: []byte(`{"words":"By signal."}`), Facts: facts})
	require.NoError(i.t, err)
	return stored
}

// lastStep waits for the step, taken or refused, after so many rows of the record.
func (i *installation) lastStep(number string, after int) record.Row {
	i.t.Helper()
	var found record.Row
	i.eventually("the signal is on the record", func() bool {
		rows, err := i.store.Record.Page(i.t.Context(), number, after, 500)
		require.NoError(i.t, err)
		for _, row := range rows {
			if row.Kind == complaint.StepTaken || row.Kind == complaint.StepRefused {
				found = row
				return true
			}
		}
		return false
	})
	return found
}

// investigated is a complaint that a department has in hand.
func (i *installation) investigated() string {
	i.t.Helper()
	number := i.register("li-na", wrongDoor(), map[string]any{"narrative": "Twice."}).Number
	i.step(number, complaint.Screen, "li-na", ordinaryActs()[0].facts)
	return number
}

func TestAnOperatorMovesAComplaintBySignal(t *testing.T) {
	i := install(t)
	for name, step := range map[string]complaint.Step{
		"reassign": {Name: complaint.Reassign, Facts: complaint.Facts{Assignment: &complaint.Assignment{Handler: "huang-li"}}},
		"extend":   {Name: complaint.Extend, Facts: complaint.Facts{Extension: &complaint.Extension{Deadline: "settle", Due: time.Now().Add(72 * time.Hour).UTC()}}},
		"note":     {Name: complaint.Note},
	} {
		t.Run(name, func(t *testing.T) {
			number := i.investigated()
			before := i.records(number)
			i.signal(number, step)
			row := i.lastStep(number, before)
			require.Equal(t, complaint.StepTaken, row.Kind, row.Code)
			require.Equal(t, step.Name, row.Step.Name)
			require.Equal(t, complaint.Operator, row.By)
			i.requireOneTruth(number)
		})
	}
}

func TestASignalGivesNobodyMoreRightsAndBringsNoWords(t *testing.T) {
	i := install(t)
	chief := i.actor("ma-chao")
	accept := func(by complaint.PersonID, number string) complaint.Step {
		return complaint.Step{Submission: i.submitted(number, complaint.Accept, by, complaint.Facts{}).ID}
	}
	for name, c := range map[string]struct {
		step func(number string) any
		kind complaint.EventKind
		by   complaint.PersonID
		code complaint.Code
	}{
		"words in a signal are refused": {func(string) any {
			return complaint.Step{Name: complaint.Reassign, Facts: complaint.Facts{Assignment: &complaint.Assignment{Handler: "the one with the beard"}}}
		}, complaint.StepRefused, complaint.Operator, complaint.CodeRuleViolation},
		"a name that the directory doesn't know is refused": {func(string) any {
			return complaint.Step{Name: complaint.Reassign, Facts: complaint.Facts{Assignment: &complaint.Assignment{Handler: "hunag-li"}}}
		}, complaint.StepRefused, complaint.Operator, complaint.CodeRuleViolation},
		"an operator puts nothing on another version": {func(string) any {
			return complaint.Step{Name: complaint.Rebase, Facts: complaint.Facts{Rebase: &complaint.RebaseFacts{Version: 99}}}
		}, complaint.StepRefused, complaint.Operator, complaint.CodeForbidden},
		"a forged actor counts for nothing": {func(string) any {
			return complaint.Step{Name: complaint.Note, By: chief}
		}, complaint.StepTaken, complaint.Operator, ""},
		"nor does a forged actor help where an operator has no right": {func(string) any {
			return complaint.Step{Name: complaint.Accept, By: i.actor("zhao-lei")}
		}, complaint.StepRefused, complaint.Operator, complaint.CodeForbidden},
		"a stored step is that person's": {func(number string) any { return accept("zhao-lei", number) },
			complaint.StepTaken, "zhao-lei", ""},
		"a stored step has that person's rights and no more": {func(number string) any {
			step := accept("li-na", number)
			step.By, step.Name = chief, complaint.Note
			return step
		}, complaint.StepRefused, "li-na", complaint.CodeForbidden},
		"a submission that doesn't exist is no step": {func(string) any {
			return complaint.Step{Name: complaint.Note, Submission: "01890000-0000-7000-8000-000000000000", By: chief}
		}, complaint.StepRefused, "", complaint.CodeNotFound},
		"nor is another complaint's": {func(string) any { return accept("zhao-lei", i.investigated()) },
			complaint.StepRefused, "", complaint.CodeNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			number := i.investigated()
			before := i.records(number)
			i.signal(number, c.step(number))
			row := i.lastStep(number, before)
			require.Equal(t, c.kind, row.Kind, row.Code)
			require.Equal(t, string(c.code), row.Code)
			require.Equal(t, c.by, row.By)
			recorded, err := json.Marshal(row.Event)
			require.NoError(t, err)
			require.NotContains(t, string(recorded), "beard")
			i.requireOneTruth(number)
		})
	}
}

func TestASignalThatIsNoStepIsPassedOver(t *testing.T) {
	i := install(t)
	number := i.investigated()
	before := i.records(number)
	i.signal(number, "please hurry")
	i.signal(number, []int{1, 2})
	i.signal(number, complaint.Step{Name: complaint.Note})
	require.Equal(t, complaint.Note, i.lastStep(number, before).Step.Name)
	i.requireOneTruth(number)
}

func TestAComplaintResetToAnEarlierTaskCatchesUpWithItsRecord(t *testing.T) {
	for name, leaveOut := range map[string][]enums.ResetReapplyExcludeType{
		"and Temporal brings the later steps again": nil,
		"and Temporal brings nothing again":         {enums.RESET_REAPPLY_EXCLUDE_TYPE_UPDATE, enums.RESET_REAPPLY_EXCLUDE_TYPE_SIGNAL},
	} {
		t.Run(name, func(t *testing.T) {
			i := install(t)
			var early int64
			number := ordinary(i, func(name complaint.StepName, result complaint.Result) {
				if name != complaint.Accept {
					return
				}
				for _, event := range i.history(result.Number) {
					if event.EventType == enums.EVENT_TYPE_WORKFLOW_TASK_COMPLETED {
						early = event.EventId
					}
				}
			})
			outcome := i.outcome(number)
			before := i.records(number)
			_, err := i.temporal.ResetWorkflowExecution(t.Context(), &workflowservice.ResetWorkflowExecutionRequest{
				Namespace: i.servers.Temporal.Namespace, WorkflowExecution: &common.WorkflowExecution{WorkflowId: number},
				Reason: "a test", RequestId: number + "-reset", WorkflowTaskFinishEventId: early, ResetReapplyExcludeTypes: leaveOut})
			require.NoError(t, err)

			i.signal(number, complaint.Step{Name: complaint.Note})
			i.eventually("the note is on the record", func() bool { return i.taken(number)[complaint.Note] == 1 })
			i.requireOneTruth(number)
			require.Equal(t, before+1, i.records(number), "nothing but the note was added")
			require.Subset(t, append(i.outcome(number), "1 × step_taken note"), outcome, "nothing was sent twice")
			i.requireMessagesOnce(number)
			// And it goes on from there.
			i.step(number, complaint.Reopen, "li-na", complaint.Facts{})
			i.requireOneTruth(number)
		})
	}
}

func TestASignalAfterAResetIsNotTakenForOneBeforeIt(t *testing.T) {
	extension := complaint.Facts{Extension: &complaint.Extension{Deadline: "settle", Due: time.Now().Add(72 * time.Hour).UTC().Truncate(time.Second)}}
	for name, leaveOut := range map[string][]enums.ResetReapplyExcludeType{
		"and Temporal brings the earlier one again": nil,
		"and Temporal brings nothing again":         {enums.RESET_REAPPLY_EXCLUDE_TYPE_SIGNAL},
	} {
		t.Run(name, func(t *testing.T) {
			i := install(t)
			number := i.investigated()
			var early int64
			for _, event := range i.history(number) {
				if event.EventType == enums.EVENT_TYPE_WORKFLOW_TASK_COMPLETED {
					early = event.EventId
				}
			}
			i.signal(number, complaint.Step{Name: complaint.Extend, Facts: extension})
			i.eventually("the deadline is extended", func() bool { return i.taken(number)[complaint.Extend] == 1 })
			_, err := i.temporal.ResetWorkflowExecution(t.Context(), &workflowservice.ResetWorkflowExecutionRequest{
				Namespace: i.servers.Temporal.Namespace, WorkflowExecution: &common.WorkflowExecution{WorkflowId: number},
				Reason: "a test", RequestId: number + "-reset", WorkflowTaskFinishEventId: early, ResetReapplyExcludeTypes: leaveOut})
			require.NoError(t, err)

			i.signal(number, complaint.Step{Name: complaint.Escalate})
			i.eventually("it is escalated", func() bool { return i.taken(number)[complaint.Escalate] == 1 })
			require.Equal(t, 1, i.taken(number)[complaint.Extend])
			i.requireOneTruth(number)
		})
	}
}
