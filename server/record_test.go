package main

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestLedgerSaysWhoChangedATimeAndWhy(t *testing.T) {
	r := living(t)
	number := r.register(dispatcher, parcel())
	registered := r.get("/v1/complaints/"+number+"/deadlines", dispatcher).is(http.StatusOK)["deadlines"].([]any)
	name := registered[0].(map[string]any)["deadline"].(map[string]any)["name"].(string)
	r.take(number, "extend", deputyManager, body{"deadline": name, "due": time.Now().Add(96 * time.Hour).UTC(), "reason": "The partner's log comes tomorrow."})
	said := header{"Accept-Language": "en"}
	for _, one := range r.get("/v1/complaints/"+number+"/deadlines", dispatcher, said).is(http.StatusOK)["deadlines"].([]any) {
		clock := one.(map[string]any)
		if clock["deadline"].(map[string]any)["name"] != name {
			continue
		}
		ledger := clock["ledger"].([]any)
		extended := ledger[len(ledger)-1].(map[string]any)
		require.Equal(t, "extended", extended["what"])
		require.Equal(t, deputyManager, extended["by"].(map[string]any)["id"])
		require.Equal(t, "The partner's log comes tomorrow.", extended["reason"])
		return
	}
	t.Fatal("the clock is gone")
}
