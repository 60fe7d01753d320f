package casework_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"recourse/internal/casework"
	"recourse/internal/rig"
)

func TestAbsencesAreForThePersonTheirManagersAndAdministratorsAndCanBeEnded(t *testing.T) {
	r := rig.Living(t)
	number := r.Register(rig.Dispatcher, rig.Parcel())
	r.Take(number, "screen", rig.Dispatcher, body{"kind": "complaint", "valid": true, "category": "operations.mistake"})
	path, away := "/v1/people/"+rig.Courier+"/absences", body{"from": time.Now().Add(-time.Minute).UTC(), "until": time.Now().Add(48 * time.Hour).UTC()}
	end := func(person, id string) rig.Answer {
		return r.Send(http.MethodDelete, path+"/"+id, person, http.NoBody, nil)
	}
	entered := r.Post(path, rig.Courier, away).Is(http.StatusCreated)
	id := entered["id"].(string)
	for _, person := range []string{rig.Auditor, rig.Headquarters, rig.Dispatcher, rig.SecondCourier} {
		r.Post(path, person, away).Refused(http.StatusForbidden, "forbidden")
		end(person, id).Refused(http.StatusForbidden, "forbidden")
	}
	for _, person := range []string{rig.OperationsHead, rig.DeputyManager, rig.Administrator} {
		require.Equal(t, id, r.Post(path, person, away).Is(http.StatusCreated)["id"], "the same one")
	}
	gone := func() any {
		for _, one := range r.Get("/v1/people?department=operations&limit=200", rig.Dispatcher).Is(200)["people"].([]any) {
			if one.(body)["id"] == rig.Courier {
				return one.(body)["away"]
			}
		}
		return nil
	}
	require.Equal(t, true, gone())
	revision := r.Get("/v1/complaints/"+number, rig.Dispatcher).Is(200)["revision"]
	end(rig.Courier, uuid.NewString()).Refused(http.StatusNotFound, "not_found")
	for range 2 {
		require.Equal(t, http.StatusNoContent, end(rig.Courier, id).Status)
	}
	require.NotEqual(t, true, gone())
	require.Equal(t, revision, r.Get("/v1/complaints/"+number, rig.Dispatcher).Is(200)["revision"], "what moved stays")

	ahead := r.Post(path, rig.Courier, body{"from": time.Now().Add(time.Hour).UTC(), "until": time.Now().Add(2 * time.Hour).UTC()}).Is(http.StatusCreated)
	require.Equal(t, http.StatusNoContent, end(rig.OperationsHead, ahead["id"].(string)).Status)
	require.NoError(t, casework.MoveBegun(r.Office, t.Context(), time.Now().Add(90*time.Minute)))
	require.Equal(t, revision, r.Get("/v1/complaints/"+number, rig.Dispatcher).Is(200)["revision"])
}

func TestAbsenceEnteredAheadMovesTasksWhenItBegins(t *testing.T) {
	r := rig.Living(t)
	number := r.Register(rig.Dispatcher, rig.Parcel())
	r.Take(number, "screen", rig.Dispatcher, body{"kind": "complaint", "valid": true, "category": "operations.mistake"})
	begins := time.Now().Add(time.Hour)
	entered := r.Post("/v1/people/"+rig.Courier+"/absences", rig.Courier, body{"from": begins.UTC(), "until": begins.Add(72 * time.Hour).UTC()}).Is(http.StatusCreated)
	require.Empty(t, entered["moved"])
	begun := func(after time.Duration) {
		require.NoError(t, casework.MoveBegun(r.Office, t.Context(), begins.Add(after)))
	}
	begun(-time.Minute)
	begun(73 * time.Hour)
	require.EqualValues(t, 2, r.Get("/v1/complaints/"+number, rig.Dispatcher).Is(200)["revision"], "not there yet, or back already")
	begun(30 * time.Hour) // no server was there when it began
	begun(31 * time.Hour)
	require.EqualValues(t, 3, r.Get("/v1/complaints/"+number, rig.Dispatcher).Is(200)["revision"], "the duty moved once")
}
