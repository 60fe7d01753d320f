package main

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNoStepTellsASubjectOfAComplaintOrIsKept(t *testing.T) {
	r, _ := standing(t)
	said := parcel()
	said["subjects"] = []string{courier}
	number := r.register(dispatcher, said)
	text := r.get("/v1/procedures/courier-station", dispatcher).is(http.StatusOK)["yaml"].(string)
	r.send(http.MethodPost, "/v1/procedures/courier-station/versions", administrator, strings.NewReader(text+"\n# The same again.\n"),
		header{"Content-Type": "application/yaml"}).is(http.StatusCreated)
	never := number[:len(number)-6] + "999999"
	for _, number := range []string{number, never} {
		before, err := r.server.store.Submissions(t.Context(), number)
		require.NoError(t, err)
		r.post("/v1/complaints/"+number+"/steps/screen", courier, body{"kind": "complaint", "valid": true, "category": "nonsense"}).refused(404, "not_found")
		r.post("/v1/complaints/"+number+"/steps/note", courier, body{"words": "What do they say of me?"}).refused(404, "not_found")
		after, err := r.server.store.Submissions(t.Context(), number)
		require.NoError(t, err)
		require.Equal(t, before, after)
	}
}

func TestStepThatWasTakenIsAnsweredToWhoeverHasNoPartAnyMore(t *testing.T) {
	r := living(t)
	number := r.register(dispatcher, parcel())
	r.take(number, "screen", dispatcher, body{"kind": "complaint", "valid": true, "category": "operations.mistake"})
	accept := func(key string) answer {
		return r.post("/v1/complaints/"+number+"/steps/accept", courier, body{}, header{"Idempotency-Key": key})
	}
	first := accept("mine").is(http.StatusOK)
	r.take(number, "reassign", operationsHead, body{"handler": secondCourier})
	r.take(number, "accept", secondCourier, body{})
	r.take(number, "contact", secondCourier, body{"reached": true, "words": "Called."})
	r.take(number, "find", secondCourier, body{"founded": true, "liability": "department", "people": []string{courier}})
	r.get("/v1/complaints/"+number, courier).refused(404, "not_found")
	require.Equal(t, first, accept("mine").is(http.StatusOK))
	accept("another").refused(404, "not_found")
}
