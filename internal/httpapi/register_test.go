package httpapi_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/rig"
)

// First review: E1.
func TestADryRunOfARegistrationSaysWhatWouldBeAndStoresNothing(t *testing.T) {
	r, temporal := rig.Standing(t)
	key := header{"Idempotency-Key": "row 1"}

	would := r.Post("/v1/complaints?dry_run=true", rig.Dispatcher, rig.Parcel(), key).Is(http.StatusOK)

	require.Equal(t, "registered", would["becomes"])
	require.Equal(t, "received", would["stage"])
	require.NotContains(t, would, "number")
	require.NotEmpty(t, would["deadlines"])
	require.Positive(t, would["messages"])
	require.Equal(t, rig.Dispatcher, would["people"].(map[string]any)["agent"].(map[string]any)["id"])
	require.Empty(t, temporal.Asked)
	require.Empty(t, r.Get("/v1/complaints", rig.Dispatcher).Is(http.StatusOK)["complaints"])

	wrong := rig.Parcel()
	wrong["category"] = "weather"
	r.Post("/v1/complaints?dry_run=true", rig.Dispatcher, wrong, key).Refused(http.StatusUnprocessableEntity, "rule_violation")

	number := r.Post("/v1/complaints", rig.Dispatcher, rig.Parcel(), key).Is(http.StatusCreated)["number"]
	again := r.Post("/v1/complaints?dry_run=true", rig.Dispatcher, rig.Parcel(), key).Is(http.StatusOK)
	require.Equal(t, []any{"registered_before", number}, []any{again["becomes"], again["number"]})
	other := rig.Parcel()
	other["narrative"] = "Something else."
	otherwise := r.Post("/v1/complaints?dry_run=true", rig.Dispatcher, other, key).Is(http.StatusOK)
	require.Equal(t, []any{"registered_otherwise", number}, []any{otherwise["becomes"], otherwise["number"]})
}

// First review: E1.
func TestWhatWasRegisteredInErrorIsTakenBackAndItsKeyIsFree(t *testing.T) {
	r := rig.Living(t)
	key := header{"Idempotency-Key": "row 1"}
	wrong := rig.Parcel()
	wrong["narrative"] = "����"
	number := r.Post("/v1/complaints", rig.Dispatcher, wrong, key).Is(http.StatusCreated)["number"].(string)
	r.Post("/v1/complaints", rig.Dispatcher, rig.Parcel(), key).Refused(http.StatusUnprocessableEntity, "idempotency_mismatch")

	closed := r.Take(number, "close", rig.Dispatcher, body{"outcome": "registered_in_error"})

	require.Equal(t, "closed", closed["stage"])
	require.Equal(t, "registered_in_error", closed["outcome"])
	right := r.Post("/v1/complaints", rig.Dispatcher, rig.Parcel(), key).Is(http.StatusCreated)
	require.NotEqual(t, number, right["number"])
	again := r.Post("/v1/complaints", rig.Dispatcher, rig.Parcel(), key)
	require.Equal(t, right["number"], again.Is(http.StatusCreated)["number"], "from now on the key is that of the right one")
	require.Equal(t, "true", again.Header.Get("Idempotent-Replayed"))
}
