package main

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Wu Gang is the second administrator, and head and handler of another department than the one in charge.
const secondAdministrator = "wu-gang"

func TestAnAdministratorReadsNoComplaintByThatRole(t *testing.T) {
	r := living(t)
	number := r.register(dispatcher, parcel())
	for _, path := range []string{"", "/events", "/deadlines", "/messages", "/attachments", "/form"} {
		r.get("/v1/complaints/"+number+path, secondAdministrator).refused(http.StatusNotFound, "not_found")
	}
	require.Empty(t, r.get("/v1/complaints?q=fang", secondAdministrator).is(200)["complaints"])
	r.get("/v1/tasks?person="+dispatcher, secondAdministrator).refused(http.StatusForbidden, "forbidden")
	r.post("/v1/complaints/"+number+"/steps/note", secondAdministrator, body{"words": "x"}).refused(http.StatusNotFound, "not_found")

	t.Run("but sees what a re-base changes", func(t *testing.T) {
		ask := body{"query": body{"procedure": "courier-station", "numbers": []string{number}}, "target_version": 1, "reason": "New times.", "preview": true}
		r.with(t).post("/v1/rebase", secondAdministrator, ask).is(200)
	})
	t.Run("and erases by number, also what is closed to people named", func(t *testing.T) {
		r := r.with(t)
		r.take(number, "screen", dispatcher, body{"kind": "whistleblowing", "valid": true, "category": "operations.mistake"})
		r.post("/v1/complaints/"+number+"/erasure", secondAdministrator, body{"requested_by": "customer"}).is(200)
		r.post("/v1/complaints/"+number+"/erasure", auditorPerson, body{}).refused(http.StatusNotFound, "not_found")
		require.NotContains(t, string(r.get("/v1/complaints/"+number, deputyManager).raw), "Fang Jing")
	})
}

func TestAnOrderToSomebodyWhoLeavesGoesToWhoeverStandsIn(t *testing.T) {
	r := living(t)
	number := r.register(dispatcher, parcel())
	r.take(number, "instruct", auditorPerson, body{"to": "chen-jing", "order": "Ask the customer for the receipt.", "due": time.Now().Add(48 * time.Hour).UTC()})
	inbox := func(person string) []any { return r.get("/v1/tasks?limit=200", person).is(200)["tasks"].([]any) }
	require.Len(t, inbox("chen-jing"), 1)
	away := body{"from": time.Now().Add(-time.Minute).UTC(), "until": time.Now().Add(72 * time.Hour).UTC(), "reason": "ill"}
	entered := r.post("/v1/people/chen-jing/absences", serviceHead, away).is(http.StatusCreated)
	require.Empty(t, entered["moved"], "the head may not know of the complaint before it is theirs")
	require.Empty(t, inbox("chen-jing"))
	moved := inbox(serviceHead)
	require.Len(t, moved, 1, "at once")
	require.Equal(t, number, moved[0].(map[string]any)["number"])
	r.take(number, "note", serviceHead, body{"words": "Asked."})
	require.Empty(t, inbox(serviceHead), "and they can follow it")
}
