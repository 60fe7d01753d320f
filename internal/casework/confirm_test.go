package casework_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"

	"recourse/activities"
	"recourse/internal/casework"
	"recourse/internal/complaint"
	"recourse/internal/rig"
	"recourse/internal/store/record"
	"recourse/internal/store/submission"
	"recourse/internal/store/write"
	"recourse/workflows"
)

// recordedOnly puts a stored step on the record as its workflow would, without the workflow: as
// when a worker dies between the database's commit and the history.
func recordedOnly(t *testing.T, r *rig.Rig, stored submission.Stored) {
	t.Helper()
	before := complaint.Complaint{Number: stored.Number}
	if stored.Step != complaint.Register {
		file, err := r.Office.Reading.Complaint(t.Context(), stored.Number)
		require.NoError(t, err)
		before = file.Complaint
	}
	after, step := before.Clone(), stored.AsStep()
	require.Nil(t, after.Check(step))
	happened := after.Unfold(complaint.Event{Kind: complaint.StepTaken, At: step.At, By: step.By.Person, Step: &step})
	database := r.Server.Database
	written, err := activities.Record{Writes: write.New(database), Recorded: record.New(database), Rulebook: r.Office.Rulebook}.Record(t.Context(), complaint.Write{
		Complaint: after, Before: before.Recorded, Cause: complaint.CauseOfStep(stored.ID), PeopleBefore: before.People, Happened: happened,
		Submission: stored.ID, By: stored.By})
	require.NoError(t, err)
	require.Empty(t, written.Found)
}

// submitted is a step that is stored and handed to nobody.
func submitted(t *testing.T, r *rig.Rig, number string, step complaint.StepName, by complaint.PersonID, facts complaint.Facts) submission.Stored {
	t.Helper()
	who, err := r.Office.Caller(by)
	require.NoError(t, err)
	stored, err := r.Office.Submissions.Submit(t.Context(), submission.Submission{Number: number, Step: step, By: who.Actor, Body: []byte("{}"), Facts: facts})
	require.NoError(t, err)
	return stored
}

var screened = complaint.Facts{Screening: &complaint.Screening{Kind: complaint.KindComplaint, Valid: true, Category: "operations.mistake", Severity: complaint.Normal}}

// requireOneTruth: the workflow has what the record has.
func requireOneTruth(t *testing.T, r *rig.Rig, number string) {
	t.Helper()
	database := r.Get("/v1/complaints/"+number, rig.Dispatcher).Is(http.StatusOK)
	workflow := r.Get("/v1/complaints/"+number+"?source=workflow", rig.Dispatcher).Is(http.StatusOK)
	for _, what := range []string{"revision", "stage", "deadlines", "people"} {
		require.Equal(t, database[what], workflow[what], what)
	}
}

// First review: C9.
func TestAStepOnAComplaintWhoseWorkflowIsBehindItsRecordIsJudgedByTheRecord(t *testing.T) {
	r := rig.Living(t)
	number := r.Register(rig.Dispatcher, rig.Parcel())
	recordedOnly(t, r, submitted(t, r, number, complaint.Screen, rig.Dispatcher, screened))
	require.EqualValues(t, 1, r.Get("/v1/complaints/"+number+"?source=workflow", rig.Dispatcher).Is(200)["revision"], "the workflow doesn't know of it")

	require.Contains(t, rig.Strings(r.Get("/v1/complaints/"+number, rig.Courier).Is(200)["allowed_steps"]), "accept")
	r.Take(number, "accept", rig.Courier, body{})
	requireOneTruth(t, r, number)
	r.Post("/v1/complaints/"+number+"/steps/accept", rig.Courier, body{}).Refused(http.StatusConflict, "step_not_allowed")
}

// First review: D1b, C8.
func TestARegistrationWhoseWorkflowDoesNotHaveItIsBroughtToIt(t *testing.T) {
	for name, begun := range map[string]bool{"a workflow runs, and knows nothing": true, "no workflow was ever started": false} {
		t.Run(name, func(t *testing.T) {
			r := rig.Living(t)
			here := r.Office.Lives
			r.Office.Lives = &casework.Lives{Temporal: rig.Away(), TaskQueue: here.TaskQueue, Namespace: here.Namespace, Patience: here.Patience}
			number := r.Post("/v1/complaints", rig.Dispatcher, rig.Parcel()).Is(http.StatusAccepted)["number"].(string)
			r.Office.Lives = here
			stored, err := r.Office.Submissions.Of(t.Context(), number)
			require.NoError(t, err)
			recordedOnly(t, r, stored[0])
			if begun {
				_, err := here.Temporal.ExecuteWorkflow(t.Context(), startOptions(number, here.TaskQueue), workflows.LifeWorkflow, workflows.Life{Number: number})
				require.NoError(t, err)
			}

			require.Eventually(t, func() bool { // it is asked of a write that is some seconds old
				require.NoError(t, casework.ConfirmWaiting(r.Office, t.Context()))
				return r.Get("/v1/complaints/"+number+"?source=workflow", rig.Dispatcher).Status == http.StatusOK
			}, 20*time.Second, 200*time.Millisecond)
			requireOneTruth(t, r, number)
			r.Take(number, "screen", rig.Dispatcher, body{"kind": "complaint", "valid": true, "category": "operations.mistake"})
		})
	}
}

// First review: C8.
func TestWhoRegisteredIsToldThatTheComplaintIsTakenInAndWaits(t *testing.T) {
	r := rig.Living(t)
	here := r.Office.Lives
	r.Office.Lives = &casework.Lives{Temporal: rig.Away(), TaskQueue: here.TaskQueue, Namespace: here.Namespace, Patience: here.Patience}
	number := r.Post("/v1/complaints", rig.Dispatcher, rig.Parcel()).Is(http.StatusAccepted)["number"].(string)
	r.Office.Lives = here
	// Its workflow has started, and lost the registration: it knows of no complaint yet.
	_, err := here.Temporal.ExecuteWorkflow(t.Context(), startOptions(number, "nobody works here"), workflows.LifeWorkflow, workflows.Life{Number: number})
	require.NoError(t, err)
	waiting := r.Get("/v1/complaints/"+number, rig.Dispatcher).Is(http.StatusOK)
	require.Equal(t, "submission", waiting["source"])
	require.Equal(t, "received", waiting["stage"])
	require.Empty(t, waiting["allowed_steps"], "nothing can be done with it yet")
	refused := r.Post("/v1/complaints/"+number+"/steps/note", rig.Dispatcher, body{"words": "She called again."})
	refused.Refused(http.StatusServiceUnavailable, "unavailable")
	require.NotEmpty(t, refused.Header.Get("Retry-After"))
	r.Get("/v1/complaints/"+number+"?source=workflow", rig.Dispatcher).Refused(http.StatusServiceUnavailable, "unavailable")
}

// First review: C8, C9.
func TestWhatAWorkflowSaysThatKnowsTooLittleIsNoRefusal(t *testing.T) {
	r, temporal := rig.Standing(t)
	number := r.Post("/v1/complaints", rig.Dispatcher, rig.Parcel()).Is(http.StatusCreated)["number"].(string)
	temporal.Says = func(string, complaint.Step) (complaint.Result, error) {
		return complaint.Result{}, rig.Refusal(complaint.Refusal{Code: complaint.CodeNotFound, Reason: complaint.ReasonNotRegistered, Known: new(0)})
	}
	refused := r.Post("/v1/complaints/"+number+"/steps/note", rig.Dispatcher, body{"words": "x"})
	refused.Refused(http.StatusServiceUnavailable, "unavailable")
	require.Equal(t, "2", refused.Header.Get("Retry-After"))
	require.Contains(t, temporal.Woken, number)
}

// First review: D1.
func TestAComplaintWhoseWorkflowWasTerminatedGoesOnFromItsRecord(t *testing.T) {
	for name, goOn := range map[string]func(t *testing.T, r *rig.Rig, number string){
		"by the next step": func(*testing.T, *rig.Rig, string) {},
		"by the reconciler": func(t *testing.T, r *rig.Rig, number string) {
			require.NoError(t, r.Office.Confirmations.Ask(t.Context(), number))
			require.NoError(t, casework.ConfirmWaiting(r.Office, t.Context()))
			require.Eventually(t, func() bool { return runs(t, r, number) }, 20*time.Second, 100*time.Millisecond)
			requireOneTruth(t, r, number)
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := rig.Living(t)
			number := r.Register(rig.Dispatcher, rig.Parcel())
			r.Take(number, "screen", rig.Dispatcher, body{"kind": "complaint", "valid": true, "category": "operations.mistake"})
			require.NoError(t, r.Office.Lives.Temporal.TerminateWorkflow(t.Context(), number, "", "by mistake"))
			goOn(t, r, number)
			r.Take(number, "accept", rig.Courier, body{})
			requireOneTruth(t, r, number)
		})
	}
}

// runs reports whether a workflow does: one that was terminated answers questions all the same.
func runs(t *testing.T, r *rig.Rig, id string) bool {
	t.Helper()
	described, err := r.Office.Lives.Temporal.DescribeWorkflowExecution(t.Context(), id, "")
	require.NoError(t, err)
	return described.WorkflowExecutionInfo.Status == enums.WORKFLOW_EXECUTION_STATUS_RUNNING
}

func startOptions(number, queue string) client.StartWorkflowOptions {
	return client.StartWorkflowOptions{ID: number, TaskQueue: queue}
}

// First review: A5.
func TestAStepRepeatedLongAfterItWasSentIsRefusedAsStaleAndThenJudgedAnew(t *testing.T) {
	r := rig.Living(t)
	number := r.Register(rig.Dispatcher, rig.Parcel())
	r.Take(number, "screen", rig.Dispatcher, body{"kind": "complaint", "valid": true, "category": "operations.mistake"})
	here, key := r.Office.Lives, header{"Idempotency-Key": "accepted once"}
	path := "/v1/complaints/" + number + "/steps/accept"
	unanswered := func() {
		r.Office.Lives = &casework.Lives{Temporal: rig.Away(), TaskQueue: here.TaskQueue, Namespace: here.Namespace, Patience: here.Patience}
		r.Post(path, rig.Courier, body{}, key).Refused(http.StatusServiceUnavailable, "unavailable")
		r.Office.Lives = here
	}
	unanswered()
	sent := time.Now()
	r.Office.Now = func() time.Time { return time.Now().Add(casework.UsualStepCounts + time.Second) }
	refused := r.Post(path, rig.Courier, body{}, key).Refused(http.StatusConflict, "stale_revision")
	require.Equal(t, "sent_long_ago", refused["reason"])
	require.Contains(t, refused["detail"], "too long ago")

	r.Office.Now = time.Now
	r.Post(path, rig.Courier, body{}, key).Is(http.StatusOK)
	rows, err := r.Office.Record.Page(t.Context(), number, 0, 0)
	require.NoError(t, err)
	for _, row := range rows {
		if row.Kind == complaint.StepTaken && row.Step.Name == complaint.Accept {
			require.WithinRange(t, row.At, sent, time.Now(), "it counts from when it was sent again")
		}
	}
}

// judging is a complaint whose accountability waits for its judgement.
func judging(t *testing.T, r *rig.Rig) (number string) {
	t.Helper()
	number = r.Register(rig.Dispatcher, rig.Parcel())
	r.Take(number, "screen", rig.Dispatcher, body{"kind": "complaint", "valid": true, "category": "operations.mistake"})
	r.Take(number, "accept", rig.Courier, body{})
	r.Take(number, "contact", rig.Courier, body{"reached": true, "words": "On our way."})
	r.Take(number, "find", rig.Courier, body{"founded": true, "liability": "department", "cause": "Wrong door.", "cause_code": "mistake"})
	eventuallyBeside(t, r, number, "judgement")
	return number
}

// eventuallyBeside waits until the record knows the accountability of a complaint to be in a state.
func eventuallyBeside(t *testing.T, r *rig.Rig, number, state string) {
	t.Helper()
	require.Eventually(t, func() bool {
		file, err := r.Office.Reading.Complaint(t.Context(), number)
		return err == nil && len(file.Sides) == 1 && file.Sides[0].State == state
	}, 30*time.Second, 50*time.Millisecond, state)
}

func TestAStepBesideAComplaintWhoseWorkflowIsGoneIsOnItsRecord(t *testing.T) {
	judgement := body{"people": []string{rig.SecondCourier}, "words": "The wrong floor."}
	for name, loses := range map[string]func(t *testing.T, r *rig.Rig, number string){
		"it was terminated": func(t *testing.T, r *rig.Rig, number string) {
			go r.Office.Relay(t.Context())
			answer := r.Post("/v1/complaints/"+number+"/accountability/1/steps/judgement", rig.OperationsHead, judgement, header{"Idempotency-Key": "judged"})
			require.Equal(t, http.StatusOK, answer.Status, "it is looked for while they wait: %s", answer.Raw)
		},
		"the one that was told of the step is lost, too": func(t *testing.T, r *rig.Rig, number string) {
			lives := r.Office.Lives
			_, err := lives.Temporal.ExecuteWorkflow(t.Context(), startOptions(number, "nobody works here"), workflows.LifeWorkflow, workflows.Life{Number: number})
			require.NoError(t, err)
			patient := lives.Patience
			lives.Patience = 2 * time.Second
			r.Post("/v1/complaints/"+number+"/accountability/1/steps/judgement", rig.OperationsHead, judgement, header{"Idempotency-Key": "judged"}).
				Refused(http.StatusServiceUnavailable, "unavailable")
			lives.Patience = patient
			require.NoError(t, lives.Temporal.TerminateWorkflow(t.Context(), number, "", "by mistake"))
			require.NoError(t, r.Office.Confirmations.Ask(t.Context(), number))
			go r.Office.Relay(t.Context())
		},
		"its process is lost, too": func(t *testing.T, r *rig.Rig, number string) {
			lives := r.Office.Lives
			patient := lives.Patience
			lives.Patience = 2 * time.Second
			r.Post("/v1/complaints/"+number+"/accountability/1/steps/judgement", rig.OperationsHead, judgement, header{"Idempotency-Key": "judged"}).
				Refused(http.StatusServiceUnavailable, "unavailable")
			lives.Patience = patient
			require.NoError(t, lives.Temporal.TerminateWorkflow(t.Context(), workflows.SideID(number, "accountability", "1"), "", "by mistake"))
			require.NoError(t, r.Office.Confirmations.Ask(t.Context(), number))
			go r.Office.Relay(t.Context())
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := rig.Living(t)
			number := judging(t, r)
			require.NoError(t, r.Office.Lives.Temporal.TerminateWorkflow(t.Context(), number, "", "by mistake"))
			loses(t, r, number)

			eventuallyBeside(t, r, number, "review")
			rows, err := r.Office.Record.Page(t.Context(), number, 0, 0)
			require.NoError(t, err)
			var said []complaint.PersonID
			for _, row := range rows {
				if row.Kind == complaint.StepTaken && row.Step.Facts.Report != nil && row.Step.Facts.Report.Said != nil {
					said = append(said, row.Step.Facts.Report.Said.People...)
				}
			}
			require.Equal(t, []complaint.PersonID{rig.SecondCourier}, said, "the record says once who was judged")
			stored, err := r.Office.Submissions.Of(t.Context(), number)
			require.NoError(t, err)
			require.Equal(t, submission.Accepted, stored[len(stored)-1].State)
			require.Eventually(t, func() bool {
				return r.Post("/v1/complaints/"+number+"/accountability/1/steps/review", rig.DeputyManager, body{"agrees": true}).Status == http.StatusOK
			}, 30*time.Second, 200*time.Millisecond)
			eventuallyBeside(t, r, number, "report")
			again := r.Post("/v1/complaints/"+number+"/accountability/1/steps/judgement", rig.OperationsHead, judgement, header{"Idempotency-Key": "judged"})
			require.Equal(t, http.StatusOK, again.Status, string(again.Raw))
			requireOneTruth(t, r, number)
		})
	}
}

// First review: D1.
func TestWhatTemporalHasLostIsFoundInItsListAndBegunAnewProcessesBesideIncluded(t *testing.T) {
	r := rig.Living(t)
	whole, terminated, without := r.Register(rig.Dispatcher, rig.Parcel()), r.Register(rig.Dispatcher, rig.Parcel()), r.Register(rig.Dispatcher, rig.Parcel())
	r.Take(without, "screen", rig.Dispatcher, body{"kind": "complaint", "valid": true, "category": "operations.mistake"})
	r.Take(without, "accept", rig.Courier, body{})
	r.Take(without, "contact", rig.Courier, body{"reached": true, "words": "On our way."})
	r.Take(without, "find", rig.Courier, body{"founded": true, "liability": "department", "cause": "Wrong door.", "cause_code": "mistake"})
	temporal := r.Office.Lives.Temporal
	beside := workflows.SideID(without, "accountability", "1")
	require.Eventually(t, func() bool {
		_, err := temporal.DescribeWorkflowExecution(t.Context(), beside, "")
		return err == nil
	}, 20*time.Second, 50*time.Millisecond)
	require.NoError(t, temporal.TerminateWorkflow(t.Context(), terminated, "", "by mistake"))
	require.NoError(t, temporal.TerminateWorkflow(t.Context(), beside, "", "by mistake"))

	find := func() (found activities.Found) {
		run, err := temporal.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{TaskQueue: r.Office.Lives.TaskQueue}, "FindLost", workflows.Periodic{})
		require.NoError(t, err)
		require.NoError(t, run.Get(t.Context(), &found))
		return found
	}
	require.Eventually(t, func() bool { // the list is a moment behind
		found := find()
		return !slices.Contains(found.Numbers, whole) && slices.Contains(found.Numbers, terminated) && slices.Contains(found.Numbers, without)
	}, 20*time.Second, 100*time.Millisecond)
	require.Eventually(t, func() bool {
		require.NoError(t, casework.ConfirmWaiting(r.Office, t.Context()))
		return runs(t, r, terminated) && runs(t, r, beside)
	}, 20*time.Second, 100*time.Millisecond)
	require.Eventually(t, func() bool { return find().Lost == 0 }, 20*time.Second, 100*time.Millisecond)
	r.Take(terminated, "screen", rig.Dispatcher, body{"kind": "complaint", "valid": true, "category": "operations.mistake"})
	requireOneTruth(t, r, terminated)
}
