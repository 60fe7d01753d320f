package api_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/api"
)

func TestASketchOfABodyLeavesTextOutAndNothingElse(t *testing.T) {
	sketches, err := api.NewSketches()
	require.NoError(t, err)
	require.NoError(t, sketches.Check("explain", map[string]any{"contested": true}), "without its words")
	require.NoError(t, sketches.Check("register", nil))
	wrong := func(step string, body map[string]any) []api.Mistake {
		var mistakes *api.BodyError
		require.ErrorAs(t, sketches.Check(step, body), &mistakes)
		return mistakes.Mistakes
	}
	require.Equal(t, []api.Mistake{{Pointer: "/contested", What: "required"}}, wrong("explain", map[string]any{"words": "Explained."}))
	require.Equal(t, []api.Mistake{{Pointer: "/sevrity", What: "unknown", Want: "category, expected_revision, fields, kind, reason, severity, valid"}},
		wrong("screen", map[string]any{"valid": true, "sevrity": "normal"}))
	require.Equal(t, []api.Mistake{{Pointer: "/remedies/0/sum", What: "unknown", Want: "amount, currency, kind, words"}},
		wrong("propose", map[string]any{"remedies": []any{map[string]any{"kind": "refund", "sum": "5"}}}))
	require.Equal(t, []api.Mistake{{Pointer: "/screen/kind", What: "enum", Want: "complaint, suggestion, enquiry, whistleblowing"}},
		wrong("register", map[string]any{"screen": map[string]any{"kind": "complain", "valid": true}}))
	require.EqualError(t, sketches.Check("vanish", nil), `openapi.yaml has no step "vanish"`)
}
