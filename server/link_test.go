package main

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestLinkLooksAtTheComplaintThatItLeadsTo(t *testing.T) {
	r := living(t)
	older, withdrawn, number := r.register(dispatcher, parcel()), r.register(dispatcher, parcel()), r.register(dispatcher, parcel())
	whispered := parcel()
	whispered["subjects"] = []string{dispatcher}
	unseen := r.register(serviceHead, whispered)
	r.take(withdrawn, "withdraw", dispatcher, body{"asked_by": "phone", "reason": "It came."})
	link := func(relation, other string) answer {
		return r.post("/v1/complaints/"+number+"/steps/link", dispatcher, body{"relation": relation, "number": other})
	}
	for name, refused := range map[string]struct{ relation, number, reason string }{
		"one that doesn't exist":         {"repeats", number[:len(number)-6] + "999999", "no_such_complaint"},
		"one of nobody":                  {"repeats", "ZZ-2026-000001", "no_such_complaint"},
		"one about the caller":           {"repeats", unseen, "no_such_complaint"},
		"a duplicate of a withdrawn one": {"duplicates", withdrawn, "target_over"},
	} {
		t.Run(name, func(t *testing.T) {
			problem := link(refused.relation, refused.number).refused(http.StatusUnprocessableEntity, "rule_violation")
			require.Equal(t, refused.reason, problem["reason"])
			require.Equal(t, []string{"/number"}, pointers(problem))
		})
	}
	again := body{"relation": "repeats", "number": older}
	first := r.post("/v1/complaints/"+number+"/steps/link", dispatcher, again, header{"Idempotency-Key": "link"}).is(http.StatusOK)
	require.Equal(t, first, r.post("/v1/complaints/"+number+"/steps/link", dispatcher, again, header{"Idempotency-Key": "link"}).is(http.StatusOK))
	require.Equal(t, "already_done", link("repeats", older).refused(http.StatusUnprocessableEntity, "rule_violation")["reason"])
	require.Equal(t, "closed", link("duplicates", older).is(http.StatusOK)["stage"])
}
