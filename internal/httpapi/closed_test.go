package httpapi_test

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/deploy/stack"
	"recourse/internal/casework"
	"recourse/internal/rig"
)

// First review: I1.
func TestWhistleblowingOnTheWebIsClosedBeforeAnybodyHasScreenedIt(t *testing.T) {
	r := rig.Living(t)
	living := r.Office.Lives
	web := body{"procedure": "courier-station", "kind": "whistleblowing", "narrative": "Somebody takes money at the depot.", "customer": body{"email": "x@example.com"}}
	phone := rig.Parcel()
	phone["kind"] = "whistleblowing"
	named := []string{"xu-mei", rig.OperationsHead, rig.DeputyManager}
	closed := func(t *testing.T, r *rig.Rig, number string) {
		t.Helper()
		for _, person := range named {
			require.Equal(t, "whistleblowing", r.Get("/v1/complaints/"+number, person).Is(http.StatusOK)["kind"])
		}
		for _, person := range []string{rig.Dispatcher, "wang-wei", rig.DispatchHead, "ma-chao", rig.Auditor, rig.Headquarters, rig.Administrator, rig.Courier} {
			r.Get("/v1/complaints/"+number, person).Refused(http.StatusNotFound, "not_found")
			require.Empty(t, r.Get("/v1/complaints?limit=200", person).Is(http.StatusOK)["complaints"], person)
			r.Post("/v1/complaints/"+number+"/steps/screen", person, body{"kind": "enquiry", "valid": true, "category": "service"}).Refused(http.StatusNotFound, "not_found")
		}
	}
	ways := map[string]func(*rig.Rig) rig.Answer{
		"on the web": func(r *rig.Rig) rig.Answer { return r.Post("/v1/public/complaints", "", web) },
		"by phone":   func(r *rig.Rig) rig.Answer { return r.Post("/v1/complaints", rig.Dispatcher, phone) },
	}
	for way, register := range ways {
		t.Run(way, func(t *testing.T) {
			r := r.With(t)
			closed(t, r, register(r).Is(http.StatusCreated)["number"].(string))
		})
		t.Run(way+" while Temporal is away", func(t *testing.T) {
			r := r.With(t)
			r.Office.Lives = &casework.Lives{Temporal: rig.QuietClient(t, "127.0.0.1:1", stack.Namespace(t)), TaskQueue: living.TaskQueue, Patience: 200 * time.Millisecond}
			t.Cleanup(func() { r.Office.Lives = living })
			number := register(r).Is(http.StatusAccepted)["number"].(string)
			closed(t, r, number)
			r.Office.Lives = living
			relaying, stop := context.WithCancel(t.Context())
			var relay sync.WaitGroup
			relay.Go(func() { r.Office.Relay(relaying) })
			require.Eventually(t, func() bool {
				return r.Get("/v1/complaints/"+number, rig.DeputyManager).Is(http.StatusOK)["source"] != "submission"
			}, 20*time.Second, 50*time.Millisecond)
			stop()
			relay.Wait()
			closed(t, r, number)
		})
	}
}
