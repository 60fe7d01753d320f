package procedure

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/yamlfile"
)

// A condition that nobody asks whether its facts are known would be in force and never hold.
func TestEveryConditionIsAskedWhetherItsFactsAreKnownWhenItIsJudged(t *testing.T) {
	data, err := os.ReadFile("testdata/every-key.yaml")
	require.NoError(t, err)
	p, err := Parse("every-key.yaml", data)
	require.NoError(t, err)
	asked := 0
	yamlfile.EachWithin(p.doc, func(path string, _ *Condition, around judging) {
		require.NotNil(t, around, "say in part.go when %s is judged", path)
		asked++
	})
	require.Positive(t, asked)
}
