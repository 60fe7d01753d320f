package httpapi_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/rig"
)

func TestNoStepTellsASubjectOfAComplaintOrIsKept(t *testing.T) {
	r, _ := rig.Standing(t)
	said := rig.Parcel()
	said["subjects"] = []string{rig.Courier}
	number := r.Register(rig.Dispatcher, said)
	text := r.Get("/v1/procedures/courier-station", rig.Dispatcher).Is(http.StatusOK)["yaml"].(string)
	r.Send(http.MethodPost, "/v1/procedures/courier-station/versions", rig.Administrator, strings.NewReader(text+"\n# The same again.\n"),
		header{"Content-Type": "application/yaml"}).Is(http.StatusCreated)
	never := number[:len(number)-6] + "999999"
	for _, number := range []string{number, never} {
		before, err := r.Office.Submissions.Of(t.Context(), number)
		require.NoError(t, err)
		r.Post("/v1/complaints/"+number+"/steps/screen", rig.Courier, body{"kind": "complaint", "valid": true, "category": "nonsense"}).Refused(404, "not_found")
		r.Post("/v1/complaints/"+number+"/steps/note", rig.Courier, body{"words": "What do they say of me?"}).Refused(404, "not_found")
		after, err := r.Office.Submissions.Of(t.Context(), number)
		require.NoError(t, err)
		require.Equal(t, before, after)
	}
}

func TestStepThatWasTakenIsAnsweredToWhoeverHasNoPartAnyMore(t *testing.T) {
	r := rig.Living(t)
	number := r.Register(rig.Dispatcher, rig.Parcel())
	r.Take(number, "screen", rig.Dispatcher, body{"kind": "complaint", "valid": true, "category": "operations.mistake"})
	accept := func(key string) rig.Answer {
		return r.Post("/v1/complaints/"+number+"/steps/accept", rig.Courier, body{}, header{"Idempotency-Key": key})
	}
	first := accept("mine").Is(http.StatusOK)
	r.Take(number, "reassign", rig.OperationsHead, body{"handler": rig.SecondCourier})
	r.Take(number, "accept", rig.SecondCourier, body{})
	r.Take(number, "contact", rig.SecondCourier, body{"reached": true, "words": "Called."})
	r.Take(number, "find", rig.SecondCourier, body{"founded": true, "liability": "department", "people": []string{rig.Courier}})
	r.Get("/v1/complaints/"+number, rig.Courier).Refused(404, "not_found")
	require.Equal(t, first, accept("mine").Is(http.StatusOK))
	accept("another").Refused(404, "not_found")
}
