package main

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"

	"recourse/internal/casework"
	"recourse/internal/complaint"
	"recourse/internal/rig"
	"recourse/internal/store/submission"
)

// keeps makes a copy of all that a database holds, and returns what sets it back to that.
func keeps(t *testing.T, r *rig.Rig) (restore func()) {
	t.Helper()
	var tables []string
	rows, err := r.Server.Database.Query(t.Context(), `SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE '%migrations%' ORDER BY 1`)
	require.NoError(t, err)
	for rows.Next() {
		var table string
		require.NoError(t, rows.Scan(&table))
		tables = append(tables, table)
	}
	require.NoError(t, rows.Err())
	r.SQL("CREATE SCHEMA kept")
	for _, table := range tables {
		r.SQL(fmt.Sprintf("CREATE TABLE kept.%[1]s AS TABLE %[1]s", table))
	}
	return func() {
		all := "BEGIN;"
		for _, table := range tables { // the record can't be changed otherwise
			all += fmt.Sprintf("ALTER TABLE %[1]s DISABLE TRIGGER USER; DELETE FROM %[1]s; INSERT INTO %[1]s SELECT * FROM kept.%[1]s; ALTER TABLE %[1]s ENABLE TRIGGER USER;", table)
		}
		_, err := r.Server.Database.Exec(t.Context(), all+"COMMIT")
		require.NoError(t, err)
	}
}

// First review: D2.
func TestADatabaseThatLostItsLastCommitsIsFollowedByItsWorkflowsAndWhatIsLostIsNamed(t *testing.T) {
	r := rig.Living(t)
	besideTemporal(t, r)
	screening := rig.Body{"kind": "complaint", "valid": true, "category": "operations.mistake"}
	untouched, ahead := r.Register(rig.Dispatcher, rig.Parcel()), r.Register(rig.Dispatcher, rig.Parcel())
	r.Take(ahead, "screen", rig.Dispatcher, screening)
	restore := keeps(t, r)
	r.Take(ahead, "accept", rig.Courier, rig.Body{})
	r.Take(ahead, "contact", rig.Courier, rig.Body{"reached": true, "words": "On our way."})
	lost := r.Register(rig.Dispatcher, rig.Parcel())
	r.Take(lost, "screen", rig.Dispatcher, screening)

	restore()
	r.Get("/v1/complaints/"+lost, rig.Dispatcher).Refused(http.StatusNotFound, "not_found")
	require.EqualValues(t, 2, r.Get("/v1/complaints/"+ahead, rig.Dispatcher).Is(http.StatusOK)["revision"])
	said, err := command(t, "reconcile")
	require.NoError(t, err)
	require.Regexp(t, ahead+`: rows that its workflow knew: \d+; that its record has: \d+\. It goes on from there\. The words are gone of: accept by zhao-lei at \S+, contact by zhao-lei at \S+\.`, said)
	require.Regexp(t, lost+`: rows that its workflow knew: \d+; that its record has: 0\. .* The words are gone of: register by li-na at \S+, screen by li-na at \S+\.`, said)
	require.NotContains(t, said, untouched)
	require.Contains(t, said, "Set back: 2. Nothing lost: ")

	for number, revision := range map[string]int{ahead: 4, lost: 2} {
		require.Eventually(t, func() bool {
			shown := r.Get("/v1/complaints/"+number, rig.Dispatcher)
			return shown.Status == http.StatusOK && shown.JSON()["revision"] == float64(revision)
		}, 30*time.Second, 100*time.Millisecond, "%s: what the workflow knows is recorded again", number)
		eventuallyOneTruth(t, r, number)
	}
	said, err = command(t, "reconcile")
	require.NoError(t, err)
	require.Contains(t, said, "Set back: 0.")
	_, err = command(t, "verify")
	require.NoError(t, err)

	// And all go on; no number is given out twice.
	r.Take(ahead, "find", rig.Courier, rig.Body{"founded": true, "liability": "third_party", "cause": "The label was wet.", "cause_code": "outside", "evidence": "Photograph."})
	r.Take(lost, "accept", rig.Courier, rig.Body{})
	next := r.Register(rig.Dispatcher, rig.Parcel())
	require.Greater(t, next, lost)
	r.Take(untouched, "screen", rig.Dispatcher, screening)
}

// interrupted is a Temporal at which a command is stopped: once a workflow is set back, or once so
// many steps were taken again.
type interrupted struct {
	client.Client
	stop  context.CancelFunc
	after int
}

func (i *interrupted) ResetWorkflowExecution(ctx context.Context, request *workflowservice.ResetWorkflowExecutionRequest) (*workflowservice.ResetWorkflowExecutionResponse, error) {
	answer, err := i.Client.ResetWorkflowExecution(ctx, request)
	if i.after == 0 {
		i.stop()
	}
	return answer, err
}

func (i *interrupted) UpdateWorkflow(ctx context.Context, options client.UpdateWorkflowOptions) (client.WorkflowUpdateHandle, error) {
	handle, err := i.Client.UpdateWorkflow(ctx, options)
	if i.after--; i.after == 0 && err == nil {
		i.stop()
	}
	return handle, err
}

func TestReconcilingThatWasInterruptedGoesOnAndNamesAllWhoseWordsAreGone(t *testing.T) {
	for name, after := range map[string]int{"when the workflow was set back": 0, "when one step was taken again": 1, "when the last step was taken again": 2} {
		t.Run(name, func(t *testing.T) {
			r := rig.Living(t)
			besideTemporal(t, r)
			number := r.Register(rig.Dispatcher, rig.Parcel())
			r.Take(number, "screen", rig.Dispatcher, rig.Body{"kind": "complaint", "valid": true, "category": "operations.mistake"})
			r.Take(number, "accept", rig.Courier, rig.Body{})
			r.Take(number, "contact", rig.Courier, rig.Body{"reached": true, "words": "On our way."})
			r.Take(number, "find", rig.Courier, rig.Body{"founded": true, "liability": "department", "cause": "Wrong door.", "cause_code": "mistake"})
			beside := func(state string) {
				t.Helper()
				require.Eventually(t, func() bool {
					file, err := r.Office.Reading.Complaint(t.Context(), number)
					return err == nil && len(file.Sides) == 1 && file.Sides[0].State == state
				}, 30*time.Second, 50*time.Millisecond, state)
			}
			beside("judgement")
			restore := keeps(t, r)
			side := "/v1/complaints/" + number + "/accountability/1/steps/"
			r.Post(side+"judgement", rig.OperationsHead, rig.Body{"people": []string{rig.SecondCourier}, "words": "The wrong floor."}).Is(http.StatusOK)
			r.Post(side+"review", rig.DeputyManager, rig.Body{"agrees": true}).Is(http.StatusOK)
			r.Take(number, "propose", rig.Courier, rig.Body{"remedies": []rig.Body{{"kind": "apology", "words": "In writing."}},
				"time_limit": time.Now().Add(48 * time.Hour).UTC(), "reasons": "A wet label."})
			r.Take(number, "note", rig.Courier, rig.Body{"words": "She called again."})
			revision := r.Get("/v1/complaints/"+number, rig.Dispatcher).Is(http.StatusOK)["revision"]
			restore()

			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			here := r.Office.Lives
			r.Office.Lives = &casework.Lives{Temporal: &interrupted{here.Temporal, stop, after}, TaskQueue: here.TaskQueue, Namespace: here.Namespace, Patience: here.Patience}
			_, err := r.Office.Reconcile(ctx, number, func(casework.Reconciled) error { return ctx.Err() })
			require.Error(t, err)
			r.Office.Lives = here

			said, err := command(t, "reconcile")
			require.NoError(t, err)
			require.Regexp(t, number+`: it was set back before, and what was left is taken again\. The words are gone of: `+
				`judgement by yang-fan at 2\S+, review by sun-hao at 2\S+, propose by zhao-lei at 2\S+, note by zhao-lei at 2\S+\.`, said)
			beside("report")
			require.Eventually(t, func() bool {
				return r.Get("/v1/complaints/"+number, rig.Dispatcher).Is(http.StatusOK)["revision"] == revision
			}, 30*time.Second, 100*time.Millisecond)
			eventuallyOneTruth(t, r, number)
			stored, err := r.Office.Submissions.Of(t.Context(), number)
			require.NoError(t, err)
			var steps []complaint.StepName
			for _, one := range stored {
				require.Equal(t, submission.Accepted, one.State, one.Step)
				steps = append(steps, one.Step)
			}
			require.ElementsMatch(t, []complaint.StepName{"register", "screen", "accept", "contact", "find", "judgement", "review", "propose", "note"}, steps)

			said, err = command(t, "reconcile")
			require.NoError(t, err)
			require.Contains(t, said, "Set back: 0.")
			require.NotContains(t, said, number)
		})
	}
}
