package procedures_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/rulebook/rulebooktest"
)

// Whoever publishes a procedure is told what probably isn't meant, with its place.
func TestWhatIsProbablyNotMeantIsSaid(t *testing.T) {
	for wrong, c := range map[string]struct {
		replace []string
		warns   string
	}{
		// First review: I2.
		"one person alone may see a case": {
			replace: []string{"seen_by: [leader, operations.head, deputy-general-manager]", "seen_by: [leader]"},
			warns:   `each rung of every ladder calls xu-mei alone`,
		},
		"a key of which nothing is made": {warns: "reports has no effect"},
	} {
		rules := rulebooktest.Rules(t, "courier-station", c.replace...)
		require.ErrorContains(t, rules.Procedure.Lint(rules.Directory), c.warns, wrong)
	}
}
