package httpapi_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/rig"
)

// Wu Gang is the second administrator, and head and handler of another department than the one in
// charge.
const secondAdministrator = "wu-gang"

func TestAnAdministratorReadsNoComplaintByThatRole(t *testing.T) {
	r := rig.Living(t)
	number := r.Register(rig.Dispatcher, rig.Parcel())
	for _, path := range []string{"", "/events", "/deadlines", "/messages", "/attachments", "/form"} {
		r.Get("/v1/complaints/"+number+path, secondAdministrator).Refused(http.StatusNotFound, "not_found")
	}
	require.Empty(t, r.Get("/v1/complaints?q=fang", secondAdministrator).Is(200)["complaints"])
	r.Get("/v1/tasks?person="+rig.Dispatcher, secondAdministrator).Refused(http.StatusForbidden, "forbidden")
	r.Post("/v1/complaints/"+number+"/steps/note", secondAdministrator, body{"words": "x"}).Refused(http.StatusNotFound, "not_found")

	t.Run("but sees what a re-base changes", func(t *testing.T) {
		ask := body{"query": body{"procedure": "courier-station", "numbers": []string{number}}, "target_version": 1, "reason": "New times.", "preview": true}
		r.With(t).Post("/v1/rebase", secondAdministrator, ask).Is(200)
	})
	t.Run("and erases by number, also what is closed to people named", func(t *testing.T) {
		r := r.With(t)
		r.Take(number, "screen", rig.Dispatcher, body{"kind": "whistleblowing", "valid": true, "category": "operations.mistake"})
		r.Post("/v1/complaints/"+number+"/erasure", secondAdministrator, body{"requested_by": "customer"}).Is(200)
		r.Post("/v1/complaints/"+number+"/erasure", rig.Auditor, body{}).Refused(http.StatusNotFound, "not_found")
		require.NotContains(t, string(r.Get("/v1/complaints/"+number, rig.DeputyManager).Raw), "Fang Jing")
	})
}

func TestAnOrderToSomebodyWhoLeavesGoesToWhoeverStandsIn(t *testing.T) {
	r := rig.Living(t)
	number := r.Register(rig.Dispatcher, rig.Parcel())
	r.Take(number, "instruct", rig.Auditor, body{"to": "chen-jing", "order": "Ask the customer for the receipt.", "due": time.Now().Add(48 * time.Hour).UTC()})
	inbox := func(person string) []any { return r.Get("/v1/tasks?limit=200", person).Is(200)["tasks"].([]any) }
	require.Len(t, inbox("chen-jing"), 1)
	away := body{"from": time.Now().Add(-time.Minute).UTC(), "until": time.Now().Add(72 * time.Hour).UTC(), "reason": "ill"}
	entered := r.Post("/v1/people/chen-jing/absences", rig.ServiceHead, away).Is(http.StatusCreated)
	require.Empty(t, entered["moved"], "the head may not know of the complaint before it is theirs")
	require.Empty(t, inbox("chen-jing"))
	moved := inbox(rig.ServiceHead)
	require.Len(t, moved, 1, "at once")
	require.Equal(t, number, moved[0].(map[string]any)["number"])
	r.Take(number, "carried-out", rig.ServiceHead, body{"words": "Asked."})
	require.Empty(t, inbox(rig.ServiceHead), "and they can follow it")
}
