package httpapi_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/rig"
)

func TestLedgerSaysWhoChangedATimeAndWhy(t *testing.T) {
	r := rig.Living(t)
	number := r.Register(rig.Dispatcher, rig.Parcel())
	registered := r.Get("/v1/complaints/"+number+"/deadlines", rig.Dispatcher).Is(http.StatusOK)["deadlines"].([]any)
	name := registered[0].(map[string]any)["deadline"].(map[string]any)["name"].(string)
	r.Take(number, "extend", rig.DeputyManager, body{"deadline": name, "due": time.Now().Add(96 * time.Hour).UTC(), "reason": "The partner's log comes tomorrow."})
	said := header{"Accept-Language": "en"}
	for _, one := range r.Get("/v1/complaints/"+number+"/deadlines", rig.Dispatcher, said).Is(http.StatusOK)["deadlines"].([]any) {
		clock := one.(map[string]any)
		if clock["deadline"].(map[string]any)["name"] != name {
			continue
		}
		ledger := clock["ledger"].([]any)
		extended := ledger[len(ledger)-1].(map[string]any)
		require.Equal(t, "extended", extended["what"])
		require.Equal(t, rig.DeputyManager, extended["by"].(map[string]any)["id"])
		require.Equal(t, "The partner's log comes tomorrow.", extended["reason"])
		return
	}
	t.Fatal("the clock is gone")
}
