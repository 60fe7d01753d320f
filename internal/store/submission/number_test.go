package submission

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestANumberPatternSaysWhereTheSequenceStands(t *testing.T) {
	p, err := parseNumberPattern("CS-{year}-{sequence:6}", 2026)
	require.NoError(t, err)
	require.Equal(t, numberPattern{before: "CS-2026-", width: 6}, p)
	for _, wrong := range []string{"", "CS-{year}", "CS-{sequence}", "{sequence}{sequence}{year}", "CS-{year}-{sequence:x}"} {
		_, err := parseNumberPattern(wrong, 2026)
		require.ErrorContains(t, err, "number pattern", wrong)
	}
}
