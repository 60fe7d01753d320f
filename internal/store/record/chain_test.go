package record

import (
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/store/submission"
)

// What was hashed years ago must hash the same for ever: a change here needs another chainVersion.
func TestTheHashOfARowStaysTheSame(t *testing.T) {
	row := chainRow{number: "CS-2026-000001", sequence: 1, at: time.Date(2026, 2, 13, 9, 30, 0, 1000, time.UTC), by: "li-na", kind: "step_taken",
		deadline: "contact", round: 1, wordsDigest: submission.WordsDigest([]byte("salt"), []byte(`{"words":""}`)), data: []byte(`{"kind":"step_taken"}`)}
	require.Equal(t, "de3543da70020b3f1910dda595bb8af355addbd118062f210abe1a826bd35fe6", hex.EncodeToString(row.hashAfter(nil)))
	require.Equal(t, "840919d40b3abb4068ce2cd54be27e992ba3193bea56398f661e0a387426f751", hex.EncodeToString(row.hashAfter(row.hashAfter(nil))))
	other := row
	other.by, other.kind = "li-nas", "tep_taken"
	require.NotEqual(t, row.hashAfter(nil), other.hashAfter(nil), "no column lends bytes to the next")
}

func TestTheTimesOfAnEventAreNoPartOfItsContent(t *testing.T) {
	event := `{"kind":"deadline_started","at":"%s","deadline":{"name":"contact","within":"24h","due_at":"%s"}}`
	for _, at := range []string{"2026-02-13T09:30:00Z", "2026-02-13T09:30:00.123456789Z", "2026-02-13T09:30:00+08:00", "2026-02-13T09:30:00.1-05:00"} {
		written := timeless([]byte(strings.ReplaceAll(event, "%s", at)))
		require.Equal(t, timeless([]byte(strings.ReplaceAll(event, "%s", "2027-01-01T00:00:00Z"))), written, at)
		require.Contains(t, string(written), "24h")
	}
}
