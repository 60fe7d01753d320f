package endtoend

import (
	"fmt"
	"net/http"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/deploy/stack"
	"recourse/internal/complaint"
	"recourse/internal/store"
	"recourse/workflows"
)

// First review: D1.
func TestATemporalRestoredFromBeforeFiftyStepsGoesOnFromTheRecord(t *testing.T) {
	t.Parallel()
	servers := stack.Own(t)
	require.NoError(t, store.Migrate(t.Context(), servers.PostgreSQL.URL))
	h := installOn(t, servers.PostgreSQL.URL, servers).open()
	var before, since []string
	for range 50 {
		before = append(before, h.registered())
	}
	judged := h.registered()
	h.take(judged, "screen", "li-na", screening())
	h.take(judged, "accept", "zhao-lei", said{})
	h.take(judged, "contact", "zhao-lei", said{"reached": true})
	h.take(judged, "find", "zhao-lei", said{"founded": true, "liability": "department", "cause_code": "mistake"})
	beside := func() (state string) {
		sides, _ := h.get("/v1/complaints/"+judged, "hu-bin").is(http.StatusOK)["sides"].([]any)
		for _, side := range sides {
			state, _ = side.(said)["state"].(string)
		}
		return state
	}
	reaches := func(state string) {
		t.Helper()
		h.eventually("its accountability waits for the "+state, func() bool { return beside() == state })
	}
	reaches("judgement")
	accepted := func(number, step string, body said) {
		t.Helper()
		var a answer
		h.eventually(step+" of "+number+" is answered", func() (done bool) {
			a = h.post(stepPath(number, step), "li-na", fmt.Sprint(step, " of ", number), body)
			return a.status != http.StatusServiceUnavailable
		})
		a.is(http.StatusOK)
	}

	require.NoError(t, servers.Temporal.Stop())
	require.NoError(t, servers.Temporal.Backup(t.Context()))
	require.NoError(t, servers.Temporal.Start(t.Context()))
	for _, number := range before {
		accepted(number, "screen", screening())
	}
	side := "/v1/complaints/" + judged + "/accountability/1/steps/"
	h.post(side+"judgement", "yang-fan", "", said{"people": []string{"huang-li"}}).is(http.StatusOK)
	reaches("review")
	for range 5 {
		since = append(since, h.registered())
	}
	require.NoError(t, servers.Temporal.Stop())
	require.NoError(t, servers.Temporal.Restore(t.Context()))
	require.NoError(t, servers.Temporal.Start(t.Context()))

	revive := exec.CommandContext(t.Context(), program(t, "server"), "revive", "--all")
	revive.Env = h.environment(h.settings...)
	began := time.Now()
	output, err := revive.CombinedOutput()
	require.NoError(t, err, string(output))
	t.Logf("server revive --all, after %v:\n%s", time.Since(began), output)
	for _, number := range before {
		h.eventuallyOneTruth(number)
		accepted(number, "note", said{"words": "She called again."})
	}
	for _, number := range since {
		h.eventuallyOneTruth(number)
		accepted(number, "screen", screening())
	}
	h.eventuallyOneTruth(judged)
	require.Equal(t, "review", beside())
	h.eventually("the review is taken", func() bool {
		return h.post(side+"review", "sun-hao", "review", said{"agrees": true}).status == http.StatusOK
	})
	reaches("report")
	for _, number := range append(before, since...) {
		h.eventuallyOneTruth(number)
		h.requireMessagesOnce(number)
	}
}

// eventuallyOneTruth waits until the workflow has what its record has, and looks whether they
// agree.
func (h *house) eventuallyOneTruth(number string) {
	h.t.Helper()
	h.eventually("the workflow of "+number+" has what its record has", func() bool {
		recorded, err := h.store.Reading.Complaint(h.t.Context(), number)
		if err != nil {
			return false
		}
		value, err := h.temporal.QueryWorkflow(h.t.Context(), number, "", workflows.StateQuery)
		var running complaint.Complaint
		return err == nil && value.Get(&running) == nil && running.Recorded == recorded.Recorded
	})
	h.requireOneTruth(number)
}
