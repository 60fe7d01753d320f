package api_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/api"
)

func TestASketchOfABodyLeavesTextOutAndNothingElse(t *testing.T) {
	sketches, err := api.NewSketches()
	require.NoError(t, err)
	check := func(step, body string) error {
		_, err := sketches.CheckStep(step, []byte(body))
		return err
	}
	require.NoError(t, check("explain", `{"contested":true}`), "without its words")
	require.NoError(t, check("register", ``))
	wrong := func(step, body string) []api.Mistake {
		var mistakes *api.BodyError
		require.ErrorAs(t, check(step, body), &mistakes)
		return mistakes.Mistakes
	}
	require.Equal(t, []api.Mistake{{Pointer: "/contested", What: "required"}}, wrong("explain", `{"words":"Explained."}`))
	require.Equal(t, []api.Mistake{{Pointer: "/sevrity", What: "unknown", Want: "category, expected_revision, fields, kind, reason, severity, subjects, valid"}},
		wrong("screen", `{"valid":true,"sevrity":"normal"}`))
	require.Equal(t, []api.Mistake{{Pointer: "/remedies/0/sum", What: "unknown", Want: "amount, currency, kind, words"}},
		wrong("propose", `{"remedies":[{"kind":"refund","sum":"5"}]}`))
	require.Equal(t, []api.Mistake{{Pointer: "/screen/kind", What: "enum", Want: "complaint, suggestion, enquiry, whistleblowing"}},
		wrong("register", `{"screen":{"kind":"complain","valid":true}}`))
	require.EqualError(t, check("vanish", ``), `openapi.yaml has no step "vanish"`)
}
