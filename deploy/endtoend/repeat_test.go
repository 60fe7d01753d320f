package endtoend

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"
)

func TestTenCallersOfOneStepOverHTTPGetTenEqualAnswersForOneStep(t *testing.T) {
	h := install(t).open()
	number := h.registered()
	answers := make([]answer, 10)
	var callers errgroup.Group
	for n := range answers {
		callers.Go(func() (err error) {
			answers[n], err = h.tryPost(stepPath(number, "screen"), "li-na", "one and the same", screening())
			return err
		})
	}
	require.NoError(t, callers.Wait())
	for _, a := range answers {
		require.Equal(t, http.StatusOK, a.status, string(a.body))
		require.Equal(t, string(answers[0].body), string(a.body), "byte for byte")
	}
	require.EqualValues(t, 2, answers[0].is(http.StatusOK)["revision"])
	require.Equal(t, 1, h.taken(number)["screen"])
	h.requireOneTruth(number)
}

func TestAnAnswerToAnOldProposalIsRefusedAndChangesNothing(t *testing.T) {
	h := install(t).open()
	number := h.registered()
	h.toCustomer(number)
	h.take(number, "answer", "li-na", said{"proposal_revision": 1, "agrees": false, "asked_by": "phone"})
	h.propose(number)

	before := h.records(number)
	known := asJSON(t, h.file(number).Complaint)
	stale := h.post(stepPath(number, "answer"), "li-na", "", said{"proposal_revision": 1, "agrees": true, "asked_by": "phone"})
	problem := stale.refused(http.StatusConflict, "stale_proposal")
	require.EqualValues(t, 2, problem["revision"], "it says which is the newest")
	require.Equal(t, before, h.records(number))
	require.JSONEq(t, known, asJSON(t, h.file(number).Complaint))
	h.requireOneTruth(number)
}
