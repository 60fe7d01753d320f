package casework_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/rig"
)

// What can't be searched for is put right like anything else, and the complaint goes on.
func TestAnEntryIsPutRightWhateverItIs(t *testing.T) {
	r := rig.Living(t)
	number := r.Register(rig.Dispatcher, rig.Parcel())
	for _, put := range []body{
		{"category": "service.attitude"},
		{"customer": body{"address": "1 Long Road"}},
		{"customer": body{"language": "en"}},
		{"customer": body{"name": "—"}},
		{"customer": body{"name": "Fang Jing"}, "category": "operations.mistake"},
	} {
		put["reason"] = "It was mistyped."
		r.Take(number, "correct", rig.Dispatcher, put)
	}
	r.Take(number, "note", rig.Dispatcher, body{"words": "All is right now."})
	is := r.Get("/v1/complaints/"+number, rig.Dispatcher).Is(http.StatusOK)
	require.Equal(t, "operations.mistake", is["category"])
	customer := is["customer"].(body)
	require.Equal(t, []any{"Fang Jing", "1 Long Road", "en"}, []any{customer["name"], customer["address"], customer["language"]})

	r.Post("/v1/complaints/"+number+"/erasure", rig.Administrator, body{"requested_by": "customer"}).Is(http.StatusOK)
	refused := r.Post("/v1/complaints/"+number+"/steps/correct", rig.Dispatcher, body{"customer": body{"name": "Zed"}, "reason": "It was mistyped."}).
		Refused(http.StatusUnprocessableEntity, "rule_violation")
	require.Equal(t, "details_erased", refused["reason"])
}
