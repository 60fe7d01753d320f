package main

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// take takes a step that must be accepted.
func (r *rig) take(number, step, person string, said body) map[string]any {
	r.t.Helper()
	return r.post("/v1/complaints/"+number+"/steps/"+step, person, said).is(http.StatusOK)
}

func TestComplaintIsWalkedFromRegisterToClosed(t *testing.T) {
	r := living(t)
	registered := r.post("/v1/complaints", dispatcher, parcel()).is(http.StatusCreated)
	number := registered["number"].(string)
	require.Equal(t, "received", registered["stage"])
	require.EqualValues(t, 1, registered["revision"])
	require.Contains(t, strs(registered["allowed_steps"]), "screen")

	r.take(number, "screen", dispatcher, body{"kind": "complaint", "valid": true, "category": "operations.mistake", "severity": "normal"})
	shown := r.get("/v1/complaints/"+number, dispatcher).is(http.StatusOK)
	t.Log(string(r.get("/v1/complaints/"+number, dispatcher).raw))
	require.Equal(t, "investigating", shown["stage"])
}
