package main

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/serviceerror"

	"recourse/internal/api"
	"recourse/internal/complaint"
	"recourse/internal/store"
)

// again publishes the same rules as the next version.
func (r *rig) again() {
	r.t.Helper()
	text := r.get("/v1/procedures/courier-station", dispatcher).is(http.StatusOK)["yaml"].(string)
	r.send(http.MethodPost, "/v1/procedures/courier-station/versions", administrator, strings.NewReader(text+"\n# The same again.\n"),
		header{"Content-Type": "application/yaml"}).is(http.StatusCreated)
}

// away is a Temporal that doesn't answer, and counts who asks.
func away() *stand {
	return &stand{says: func(string, complaint.Step) (complaint.Result, error) {
		return complaint.Result{}, serviceerror.NewUnavailable("no frontend")
	}}
}

func TestRebasingComesToAnEndHoweverManyThereAre(t *testing.T) {
	r := living(t)
	var numbers []string
	for range 3 {
		numbers = append(numbers, r.register(dispatcher, parcel()))
	}
	r.again()
	newest := r.register(dispatcher, parcel())
	who := caller{actor: complaint.Actor{Person: administrator, Roles: []complaint.Role{complaint.Administrator}}, organisation: "courier-station"}
	matching := func(query api.RebaseQuery, most int) ([]string, bool) {
		t.Helper()
		query.Procedure = "courier-station"
		files, more, err := r.server.matching(t.Context(), who, query, 2, most)
		require.NoError(t, err)
		var found []string
		for _, file := range files {
			found = append(found, file.Number)
		}
		return found, more
	}
	found, more := matching(api.RebaseQuery{}, 2)
	require.Equal(t, []string{numbers[2], numbers[1]}, found, "those who need no re-basing don't count")
	require.True(t, more)
	found, more = matching(api.RebaseQuery{}, 3)
	require.Len(t, found, 3)
	require.False(t, more)
	found, _ = matching(api.RebaseQuery{Version: 2}, 3)
	require.Empty(t, found)
	found, _ = matching(api.RebaseQuery{Numbers: []string{numbers[0], newest}, Stage: api.StageReceived}, 3)
	require.Equal(t, numbers[:1], found)
	found, _ = matching(api.RebaseQuery{Numbers: numbers, Stage: api.StageClosing}, 3)
	require.Empty(t, found, "the stage counts beside numbers, too")

	done := r.post("/v1/rebase", administrator, body{"query": body{"procedure": "courier-station"}, "target_version": 2, "reason": "New."}).is(http.StatusOK)
	require.EqualValues(t, 3, done["matched"])
	require.NotContains(t, done, "more")
}

func TestRebasingAndAbsencesStopWhenTemporalIsAwayAndGoOnWithTheSameKey(t *testing.T) {
	r := living(t)
	for range 2 {
		number := r.register(dispatcher, parcel())
		r.take(number, "screen", dispatcher, body{"kind": "complaint", "valid": true, "category": "operations.mistake"})
	}
	r.again()
	there, gone := r.server.lives, away()
	for path, c := range map[string]struct {
		said   body
		status int
	}{
		"/v1/rebase":                          {body{"query": body{"procedure": "courier-station"}, "target_version": 2, "reason": "New."}, http.StatusOK},
		"/v1/people/" + courier + "/absences": {body{"from": time.Now().Add(-time.Minute).UTC(), "until": time.Now().Add(time.Hour).UTC()}, http.StatusCreated},
	} {
		t.Run(path, func(t *testing.T) {
			r, key := r.with(t), header{"Idempotency-Key": path}
			r.server.lives = &lives{temporal: gone, patience: patience}
			gone.asked = nil
			r.post(path, administrator, c.said, key).refused(http.StatusServiceUnavailable, "unavailable")
			require.Len(t, gone.asked, 1, "nobody waits for each complaint in turn")
			r.server.lives = there
			done := r.post(path, administrator, c.said, key).is(c.status)
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

func TestComplaintWithoutWorkflowHoldsUpNoOther(t *testing.T) {
	r := living(t)
	number := r.register(dispatcher, parcel())
	r.again()
	r.server.lives = &lives{temporal: &stand{says: func(string, complaint.Step) (complaint.Result, error) {
		return complaint.Result{}, serviceerror.NewNotFound("workflow terminated")
	}}, patience: patience}
	done := r.post("/v1/rebase", administrator, body{"query": body{"procedure": "courier-station", "numbers": []string{number}}, "target_version": 2, "reason": "New."}).is(http.StatusOK)
	one := done["complaints"].([]any)[0].(body)
	require.NotContains(t, one, "done")
	require.NotEmpty(t, one["problem"])
	moved, failed, err := r.server.substitutes().move(t.Context(), store.Absence{ID: "x", Person: dispatcher, From: time.Now()}, anyNumber)
	require.NoError(t, err)
	require.Empty(t, moved)
	require.Equal(t, []string{number}, failed)
}
