package main

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/deploy/stack"
	"recourse/internal/rig"
	"recourse/workflows"
)

// besideTemporal lets a command find the database and the Temporal of a rig.
func besideTemporal(t *testing.T, r *rig.Rig) {
	t.Helper()
	t.Setenv("DATABASE_URL", r.DatabaseURL)
	t.Setenv("TEMPORAL_ADDRESS", stack.ForTest(t).Temporal.Address)
	t.Setenv("TEMPORAL_NAMESPACE", stack.Namespace(t))
	t.Setenv("TEMPORAL_TASK_QUEUE", r.Office.Lives.TaskQueue)
}

// eventuallyOneTruth: the workflow comes to where the record is.
func eventuallyOneTruth(t *testing.T, r *rig.Rig, number string) {
	t.Helper()
	path := "/v1/complaints/" + number
	require.Eventually(t, func() bool {
		running := r.Get(path+"?source=workflow", rig.Dispatcher)
		if running.Status != http.StatusOK {
			return false
		}
		recorded := r.Get(path, rig.Dispatcher).Is(http.StatusOK)
		return fmt.Sprint(running.JSON()["revision"], running.JSON()["deadlines"]) == fmt.Sprint(recorded["revision"], recorded["deadlines"])
	}, 30*time.Second, 50*time.Millisecond, number)
}

// First review: D1.
func TestFiftyComplaintsWhoseWorkflowsWereTerminatedAreRevivedAtOneCommand(t *testing.T) {
	r := rig.Living(t)
	besideTemporal(t, r)
	temporal := r.Office.Lives.Temporal
	numbers := make([]string, 50)
	for n := range numbers {
		numbers[n] = r.Register(rig.Dispatcher, rig.Parcel())
		if n%2 == 0 {
			r.Take(numbers[n], "screen", rig.Dispatcher, rig.Body{"kind": "complaint", "valid": true, "category": "operations.mistake"})
		}
	}
	for _, number := range numbers {
		require.NoError(t, temporal.TerminateWorkflow(t.Context(), number, "", "by mistake"))
	}
	_, err := command(t, "revive")
	require.ErrorContains(t, err, "say which complaints")
	said, err := command(t, "revive", numbers[0])
	require.NoError(t, err)
	require.Equal(t, numbers[0]+" goes on from its record.\nWhere their record is: 0. Brought there: 1.\n", said)
	eventuallyOneTruth(t, r, numbers[0])

	said, err = command(t, "revive", "--all")
	require.NoError(t, err)
	for _, number := range numbers[1:] {
		require.Contains(t, said, number+" goes on from its record.\n")
	}
	require.Contains(t, said, "Where their record is: 1. Brought there: 49.\n")
	for _, number := range numbers {
		eventuallyOneTruth(t, r, number)
	}
	said, err = command(t, "revive", "--all")
	require.NoError(t, err)
	require.Equal(t, "Where their record is: 50. Brought there: 0.\n", said)
	r.Take(numbers[0], "accept", rig.Courier, rig.Body{})

	said, err = command(t, "revive", "CS-1999-000001")
	require.ErrorContains(t, err, "CS-1999-000001: complaint CS-1999-000001")
	require.Equal(t, "Where their record is: 0. Brought there: 0.\n", said)
}

// First review: D1.
func TestAProcessBesideAComplaintIsRevivedWhereItStood(t *testing.T) {
	r := rig.Living(t)
	besideTemporal(t, r)
	number := r.Register(rig.Dispatcher, rig.Parcel())
	r.Take(number, "screen", rig.Dispatcher, rig.Body{"kind": "complaint", "valid": true, "category": "operations.mistake"})
	r.Take(number, "accept", rig.Courier, rig.Body{})
	r.Take(number, "contact", rig.Courier, rig.Body{"reached": true, "words": "On our way."})
	r.Take(number, "find", rig.Courier, rig.Body{"founded": true, "liability": "department", "cause": "Wrong door.", "cause_code": "mistake"})
	side := func() rig.Body {
		sides, _ := r.Get("/v1/complaints/"+number, rig.Auditor).Is(http.StatusOK)["sides"].([]any)
		if len(sides) == 0 {
			return rig.Body{}
		}
		return sides[0].(rig.Body)
	}
	reaches := func(state string) {
		t.Helper()
		require.Eventually(t, func() bool { return side()["state"] == state }, 20*time.Second, 50*time.Millisecond, state)
	}
	take := func(step, person string, said rig.Body) rig.Answer {
		return r.Post("/v1/complaints/"+number+"/accountability/1/steps/"+step, person, said)
	}
	reaches("judgement")
	take("judgement", rig.OperationsHead, rig.Body{"people": []string{rig.SecondCourier}, "words": "The wrong floor."}).Is(http.StatusOK)
	reaches("review")
	before := side()

	id := workflows.SideID(number, "accountability", "1")
	require.NoError(t, r.Office.Lives.Temporal.TerminateWorkflow(t.Context(), id, "", "by mistake"))
	take("review", rig.DeputyManager, rig.Body{"agrees": true}).Refused(http.StatusServiceUnavailable, "unavailable")
	said, err := command(t, "revive", number)
	require.NoError(t, err)
	require.Contains(t, said, number+" goes on from its record.\n")
	require.Equal(t, before, side(), "the same step, the same person, the same time")
	require.Eventually(t, func() bool {
		return take("review", rig.DeputyManager, rig.Body{"agrees": true}).Status == http.StatusOK
	}, 20*time.Second, 100*time.Millisecond)
	reaches("report")
	rows, err := r.Office.Record.Page(t.Context(), number, 0, 500)
	require.NoError(t, err)
	reports := map[string]int{}
	for _, row := range rows {
		if row.Step != nil && row.Step.Facts.Report != nil && row.Step.Facts.Report.Rung == "" {
			reports[row.Step.Facts.Report.State]++
		}
	}
	require.Equal(t, map[string]int{"judgement": 1, "review": 1, "report": 1}, reports, "nobody was told twice")
}
