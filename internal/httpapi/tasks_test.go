package httpapi_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/rig"
)

// First review: I8.
func TestATaskSaysWhatItsDecisionHasToName(t *testing.T) {
	r := rig.Living(t)
	number := r.Register(rig.Dispatcher, rig.Parcel())
	r.Take(number, "screen", rig.Dispatcher, body{"kind": "complaint", "valid": true, "category": "operations.mistake"})
	r.Take(number, "accept", rig.Courier, body{})
	r.Take(number, "contact", rig.Courier, body{"reached": true, "words": "We are looking into it."})
	r.Take(number, "find", rig.Courier, body{"founded": true, "liability": "third_party", "cause": "The label was wet.", "cause_code": "outside", "evidence": "Photograph."})
	r.Take(number, "propose", rig.Courier, body{"remedies": []body{{"kind": "refund", "amount": "500.00", "currency": "CNY", "words": "The fee."}}, "time_limit": time.Now().Add(48 * time.Hour).UTC(), "reasons": "A wet label."})

	var decision any
	for _, one := range r.Get("/v1/tasks", "zhang-min").Is(http.StatusOK)["tasks"].([]any) {
		if task := one.(map[string]any); task["number"] == number && task["step"] == "approve" {
			require.Equal(t, "proposal", task["detail"])
			decision = task["decision"]
		}
	}
	require.Equal(t, map[string]any{"matter": "proposal", "proposal_revision": 1.}, decision)
	r.Take(number, "approve", "zhang-min", decision.(map[string]any))
}

// First review: I8.
func TestAnAbsenceThatBeginsInMidCaseCountsInTheSimulation(t *testing.T) {
	r, _ := rig.Standing(t)
	ask := body{"start": "2027-03-11T02:00:00Z", "registration": body{"category": "operations.mistake"}, "steps": []body{
		{"at": "2027-03-11T02:10:00Z", "by": rig.Dispatcher, "step": "screen", "body": body{"kind": "complaint", "valid": true, "category": "operations.mistake"}},
		{"at": "2027-03-11T02:20:00Z", "by": rig.Courier, "step": "accept"},
		{"at": "2027-03-12T02:00:00Z", "by": "huang-li", "step": "contact", "body": body{"reached": true}}}}
	refused := func() bool {
		for _, one := range r.Post("/v1/procedures/courier-station/simulate", rig.Dispatcher, ask).Is(http.StatusOK)["entries"].([]any) {
			if entry := one.(map[string]any); entry["what"] == "step_refused" {
				return true
			}
		}
		return false
	}
	require.True(t, refused(), "it isn't hers")
	away := body{"from": "2027-03-11T04:00:00Z", "until": "2027-03-19T04:00:00Z"}
	r.Post("/v1/people/"+rig.Courier+"/absences", rig.OperationsHead, away).Is(http.StatusCreated)
	require.False(t, refused(), "it went to whoever stands in for him")
}
