package httpapi_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/rig"
)

func TestEachRequestIsLoggedWithTheComplaintThatItConcerns(t *testing.T) {
	r, _ := rig.Standing(t)
	number := r.Post("/v1/complaints", rig.Dispatcher, rig.Parcel()).Is(http.StatusCreated)["number"].(string)
	r.Get("/v1/complaints/"+number, rig.Dispatcher).Is(http.StatusOK)
	r.Get("/v1/complaints/anything%20one%20likes", rig.Dispatcher).Refused(http.StatusNotFound, "not_found")
	r.Get("/v1/tasks", rig.Dispatcher).Is(http.StatusOK)
	var about []string
	for line := range strings.Lines(r.Logged()) {
		var logged map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &logged))
		if logged["msg"] == "request" {
			about = append(about, logged["complaint"].(string))
		}
	}
	require.Equal(t, []string{number, number, "", ""}, about)
}
