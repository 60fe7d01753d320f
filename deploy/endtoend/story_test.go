package endtoend

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/common/v1"
	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"google.golang.org/protobuf/types/known/durationpb"

	"recourse/internal/simulation"
	"recourse/internal/store/submission"
	"recourse/internal/story"
	"recourse/workflows"
)

// A life on a real Temporal, whose time is skipped, tells line by line what the same life tells
// in the simulation. The stories are moved on by whole weeks, for time is skipped in one
// direction only, and the simulation's complaint has the number that the real one got, for
// clocks are spread over the minute by it. Nothing else is made equal.
func TestALifeOnARealServerTellsTheStoryThatTheSimulationTells(t *testing.T) {
	for _, file := range []string{
		"courier-station/an-ordinary-complaint.yaml",
		"courier-station/left-to-itself-after-screening-across-a-weekend.yaml",
	} {
		t.Run(strings.TrimSuffix(file, ".yaml"), func(t *testing.T) {
			i := install(t)
			text, err := os.ReadFile("../../procedures/stories/" + file)
			require.NoError(t, err)
			s, err := story.Parse(file, []byte(inWeeksToCome(t, string(text))))
			require.NoError(t, err)
			rules, err := i.rulebook.Rules(t.Context(), s.Procedure, 1, 0)
			require.NoError(t, err)
			request, err := s.Request(t.Context(), rules)
			require.NoError(t, err)

			request.Number = i.live(request)
			simulated, err := simulation.Run(t.Context(), request)
			require.NoError(t, err)
			require.Equal(t, story.Tell(rules.Calendar.Zone(), simulated), story.Tell(rules.Calendar.Zone(), i.timeline(request.Number)))
		})
	}
}

var date = regexp.MustCompile(`\b2026-\d\d-\d\d\b`)

// inWeeksToCome moves a story so many weeks on that all of it is still to come.
func inWeeksToCome(t *testing.T, text string) string {
	t.Helper()
	const week = 7 * 24 * time.Hour
	first, err := time.Parse(time.DateOnly, date.FindString(text))
	require.NoError(t, err)
	weeks := time.Since(first)/week + 1
	head, _, _ := strings.Cut(text, "\ntimeline:")
	return date.ReplaceAllStringFunc(head, func(written string) string {
		day, err := time.Parse(time.DateOnly, written)
		require.NoError(t, err)
		return day.Add(weeks * week).Format(time.DateOnly)
	})
}

// live lives a complaint through on the real server: each step is sent when its time has come
// there. It returns the number.
func (i *installation) live(request simulation.Request) string {
	i.t.Helper()
	first := request.Registration
	registered := i.storeRegistration(first.By.Person, first.Facts, map[string]any{})
	number := registered.Number
	_, err := i.temporal.ExecuteWorkflow(i.t.Context(), client.StartWorkflowOptions{ID: number, TaskQueue: i.taskQueue},
		workflows.LifeWorkflow, workflows.Life{Number: number})
	require.NoError(i.t, err)
	i.takeAt(registered, first.At)
	for _, step := range request.Steps {
		stored, err := i.store.Submissions.Submit(i.t.Context(), submission.Submission{Number: number, Step: step.Name, By: step.By, Body: []byte("{}"), Facts: step.Facts})
		require.NoError(i.t, err)
		i.takeAt(stored, step.At)
	}
	if request.Until.IsZero() {
		i.hurry(number)
		i.eventually("its life is over", func() bool { return i.describe(number).Status == enums.WORKFLOW_EXECUTION_STATUS_COMPLETED })
	} else {
		i.fastForward(number, request.Until)
	}
	return number
}

// takeAt takes a step when its time has come, as if it had been stored then.
func (i *installation) takeAt(stored submission.Stored, at time.Time) {
	i.t.Helper()
	i.fastForward(stored.Number, at)
	stored.At = at
	_, err := i.send(stored)
	require.NoError(i.t, err, "%s at %s", stored.Step, at)
}

// fastForward lets a complaint's workflow skip time until then, and no further.
func (i *installation) fastForward(number string, to time.Time) {
	i.t.Helper()
	service, namespace := i.temporal.WorkflowService(), i.servers.Temporal.Namespace
	execution := &common.WorkflowExecution{WorkflowId: number}
	described, err := service.DescribeWorkflowExecution(i.t.Context(), &workflowservice.DescribeWorkflowExecutionRequest{Namespace: namespace, Execution: execution})
	require.NoError(i.t, err)
	now := time.Now()
	if skipped := described.WorkflowExtendedInfo.GetTimeSkippingInfo(); skipped != nil {
		now = skipped.CurrentTime.AsTime()
	}
	id := to.Format(time.RFC3339)
	i.skipTime(number, &common.TimeSkippingConfig{Enabled: true, FastForwardConfig: &common.FastForwardConfig{Id: id, Duration: durationpb.New(to.Sub(now))}})
	i.eventually("it is "+id+" there", func() bool {
		polled, err := service.PollWorkflowExecutionTimeSkipping(i.t.Context(), &workflowservice.PollWorkflowExecutionTimeSkippingRequest{
			Namespace: namespace, WorkflowExecution: execution, FastForwardId: id})
		return err == nil && polled.FastForwardPollingResult == enums.FAST_FORWARD_POLLING_RESULT_FAST_FORWARD_COMPLETED
	})
}

// timeline is what the record has of a complaint.
func (i *installation) timeline(number string) simulation.Timeline {
	i.t.Helper()
	rows, err := i.store.Record.Page(i.t.Context(), number, 0, 500)
	require.NoError(i.t, err)
	timeline := simulation.Timeline{Number: number}
	for _, row := range rows {
		timeline.Entries = append(timeline.Entries, simulation.Entry{Event: row.Event})
	}
	return timeline
}
