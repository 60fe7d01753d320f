package casework_test

import (
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/serviceerror"

	"recourse/internal/casework"
	"recourse/internal/complaint"
	"recourse/internal/rig"
	"recourse/internal/store/away"
)

func TestRebasingComesToAnEndHoweverManyThereAre(t *testing.T) {
	r := rig.Living(t)
	var numbers []string
	for range 3 {
		numbers = append(numbers, r.Register(rig.Dispatcher, rig.Parcel()))
	}
	r.Again()
	newest := r.Register(rig.Dispatcher, rig.Parcel())
	who := casework.Caller{Actor: complaint.Actor{Person: rig.Administrator, Roles: []complaint.Role{complaint.Administrator}}, Organisation: "courier-station"}
	matching := func(query casework.RebaseQuery, most int) ([]string, bool) {
		t.Helper()
		query.Procedure = "courier-station"
		files, stuck, more, err := casework.Matching(r.Office, t.Context(), who, query, 2, 1, most)
		require.NoError(t, err)
		require.Empty(t, stuck)
		var found []string
		for _, file := range files {
			found = append(found, file.Number)
		}
		return found, more
	}
	found, more := matching(casework.RebaseQuery{}, 2)
	require.Equal(t, []string{numbers[2], numbers[1]}, found, "those who need no re-basing don't count")
	require.True(t, more)
	found, more = matching(casework.RebaseQuery{}, 3)
	require.Len(t, found, 3)
	require.False(t, more)
	found, _ = matching(casework.RebaseQuery{Version: 2}, 3)
	require.Empty(t, found)
	found, _ = matching(casework.RebaseQuery{Numbers: []string{numbers[0], newest}, Stage: complaint.Received}, 3)
	require.Equal(t, numbers[:1], found)
	found, _ = matching(casework.RebaseQuery{Numbers: numbers, Stage: complaint.Closing}, 3)
	require.Empty(t, found, "the stage counts beside numbers, too")

	done := r.Post("/v1/rebase", rig.Administrator, body{"query": body{"procedure": "courier-station"}, "target_version": 2, "reason": "New."}).Is(http.StatusOK)
	require.EqualValues(t, 3, done["matched"])
	require.NotContains(t, done, "more")
}

func TestRebasingAndAbsencesStopWhenTemporalIsAwayAndGoOnWithTheSameKey(t *testing.T) {
	r := rig.Living(t)
	for range 2 {
		number := r.Register(rig.Dispatcher, rig.Parcel())
		r.Take(number, "screen", rig.Dispatcher, body{"kind": "complaint", "valid": true, "category": "operations.mistake"})
	}
	r.Again()
	there, gone := r.Office.Lives, rig.Away()
	for path, c := range map[string]struct {
		said   body
		status int
	}{
		"/v1/rebase": {body{"query": body{"procedure": "courier-station"}, "target_version": 2, "reason": "New."}, http.StatusOK},
		"/v1/people/" + rig.Courier + "/absences": {body{"from": time.Now().Add(-time.Minute).UTC(), "until": time.Now().Add(time.Hour).UTC()}, http.StatusCreated},
	} {
		t.Run(path, func(t *testing.T) {
			r, key := r.With(t), header{"Idempotency-Key": path}
			r.Office.Lives = &casework.Lives{Temporal: gone, Patience: casework.UsualPatience}
			gone.Asked = nil
			r.Post(path, rig.Administrator, c.said, key).Refused(http.StatusServiceUnavailable, "unavailable")
			require.Len(t, gone.Asked, 1, "nobody waits for each complaint in turn")
			r.Office.Lives = there
			done := r.Post(path, rig.Administrator, c.said, key).Is(c.status)
			if moved, absence := done["moved"]; absence {
				require.Len(t, moved, 2)
				return
			}
			for _, one := range done["complaints"].([]any) {
				require.Equal(t, true, one.(body)["done"])
			}
			require.Len(t, done["complaints"], 2)
		})
	}
}

// First review: D3.
func TestComplaintWithoutWorkflowHoldsUpNoOther(t *testing.T) {
	r := rig.Living(t)
	number := r.Register(rig.Dispatcher, rig.Parcel())
	r.Again()
	r.Office.Lives = &casework.Lives{Temporal: &rig.Stand{Up: true, Says: func(string, complaint.Step) (complaint.Result, error) {
		return complaint.Result{}, serviceerror.NewNotFound("workflow terminated")
	}}, Patience: casework.UsualPatience}
	done := r.Post("/v1/rebase", rig.Administrator, body{"query": body{"procedure": "courier-station", "numbers": []string{number}}, "target_version": 2, "reason": "New."}).Is(http.StatusOK)
	one := done["complaints"].([]any)[0].(body)
	require.NotContains(t, one, "done")
	require.NotEmpty(t, one["problem"])
	moved, failed, err := casework.MoveDuties(r.Office, t.Context(), away.Absence{ID: "x", Person: rig.Dispatcher, From: time.Now()}, casework.AnyNumber)
	require.NoError(t, err)
	require.Empty(t, moved)
	require.Equal(t, []string{number}, failed)
}

// First review: D3.
func TestAComplaintThatCannotBeReadHoldsUpNoOtherAndIsNamed(t *testing.T) {
	r := rig.Living(t)
	older, broken, newer := r.Register(rig.Dispatcher, rig.Parcel()), r.Register(rig.Dispatcher, rig.Parcel()), r.Register(rig.Dispatcher, rig.Parcel())
	r.Again()
	r.SQL("UPDATE complaints SET state = jsonb_set(state, '{recorded}', '\"many\"') WHERE number = '" + broken + "'")
	for name, query := range map[string]body{
		"by list":    {"procedure": "courier-station"},
		"by numbers": {"procedure": "courier-station", "numbers": []string{older, broken, newer}},
	} {
		t.Run(name, func(t *testing.T) {
			r := r.With(t)
			for _, preview := range []bool{true, false} {
				said := r.Post("/v1/rebase", rig.Administrator, body{"query": query, "target_version": 2, "reason": "New.", "preview": preview}).Is(http.StatusOK)
				problems := map[string]bool{}
				for _, one := range said["complaints"].([]any) {
					problem, _ := one.(body)["problem"].(string)
					problems[one.(body)["number"].(string)] = problem != ""
				}
				require.True(t, problems[broken], "it is named, and that it is stuck")
				require.False(t, problems[older])
				require.False(t, problems[newer])
			}
			for _, number := range []string{older, newer} {
				terms := r.Get("/v1/complaints/"+number, rig.Dispatcher).Is(http.StatusOK)
				require.EqualValues(t, 2, terms["procedure_version"], number)
			}
		})
	}
	require.Contains(t, r.Logged(), broken)
}

// First review: D7b.
func TestTwoRebasesAtOnceAreOne(t *testing.T) {
	r := rig.Living(t)
	var numbers []string
	for range 3 {
		numbers = append(numbers, r.Register(rig.Dispatcher, rig.Parcel()))
	}
	r.Again()
	var both sync.WaitGroup
	answers := make([]rig.Answer, 2)
	for i := range answers {
		both.Go(func() {
			answers[i] = r.Post("/v1/rebase", rig.Administrator, body{"query": body{"procedure": "courier-station", "numbers": numbers}, "target_version": 2, "reason": "New."},
				header{"Idempotency-Key": string(rune('a' + i))})
		})
	}
	both.Wait()
	for _, answer := range answers {
		for _, one := range answer.Is(http.StatusOK)["complaints"].([]any) {
			require.Equal(t, true, one.(body)["done"], "whoever did it")
		}
	}
	for _, number := range numbers {
		page, err := r.Office.Record.Page(t.Context(), number, 0, 200)
		require.NoError(t, err)
		times := 0
		for _, row := range page {
			if row.Kind == complaint.StepTaken && row.Step.Name == complaint.Rebase {
				times++
			}
		}
		require.Equal(t, 1, times)
	}

	// However close they are: who comes second finds that it is done.
	c := complaint.Complaint{Stage: complaint.Received, Terms: complaint.Terms{Version: 2, CalendarVersion: 1}}
	administrator := complaint.Actor{Person: rig.Administrator, Roles: []complaint.Role{complaint.Administrator}}
	refusal := c.Check(complaint.Step{Name: complaint.Rebase, By: administrator, Facts: complaint.Facts{Rebase: &complaint.RebaseFacts{Version: 2, Calendar: 1}}})
	require.Equal(t, complaint.ReasonAlreadyDone, refusal.Reason)
	require.Nil(t, c.Check(complaint.Step{Name: complaint.Rebase, By: administrator, Facts: complaint.Facts{Rebase: &complaint.RebaseFacts{Version: 2}}}), "an older one doesn't say by which calendar")
}
