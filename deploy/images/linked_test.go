// Package images_test checks what the programs in the image are made of.
package images_test

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// First review: G5.
func TestNoProgramHoldsWhatTestsUse(t *testing.T) {
	for _, program := range []string{"server", "worker"} {
		t.Run(program, func(t *testing.T) {
			listed, err := exec.CommandContext(t.Context(), "go", "list", "-deps", "-f", `{{.ImportPath}}{{range .Imports}} {{.}}{{end}}`, "recourse/"+program).Output()
			require.NoError(t, err)
			for line := range strings.Lines(string(listed)) {
				imports := strings.Fields(line)
				by := imports[0]
				require.NotContains(t, by, "recourse/deploy")
				require.NotContains(t, by, "rulebooktest")
				if strings.HasPrefix(by, "go.temporal.io/") || strings.HasPrefix(by, "github.com/stretchr/testify/") {
					continue // Temporal's SDK brings its test environment into every program
				}
				for _, used := range imports[1:] {
					require.False(t, used == "testing" || strings.HasPrefix(used, "testing/") || strings.HasPrefix(used, "github.com/stretchr/testify") ||
						used == "go.temporal.io/sdk/testsuite", "%s imports %s", by, used)
				}
			}
		})
	}
}
