package store

import (
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestWordsAreFoundAsPeopleWriteThem(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		{"", nil},
		{"Wrong door, TWICE", []string{"door", "twice", "wrong"}},
		{"张伟", []string{"伟", "张伟"}},
		{"欧阳晓红", []string{"晓红", "欧阳", "红", "阳晓"}},
		{"3号楼", []string{"3", "号楼", "楼"}},
		{"+86 138-0013-8000", []string{"0013", "138", "13800138000", "8000", "86", "8613800138000"}},
		{"O'Hara & sons \\ '':*", []string{"hara", "o", "sons"}},
	} {
		require.Equal(t, c.want, wordsOf(c.text), c.text)
	}
	require.Equal(t, []string{"000123", "0123", "123"}, numberWords("CS-2026-000123"))
}

func TestAQueryHoldsNoOperatorOfTheCaller(t *testing.T) {
	for q, want := range map[string]string{
		"door twi":       "'door':* & 'twi':*",
		"欧阳晓红":           "'欧阳' & '阳晓' & '晓红'",
		"红":              "'红':*",
		"a' | 'b:* & !c": "'a':* & 'b':* & 'c':*",
		"\\ ' & |":       "",
	} {
		require.Equal(t, want, queryFor(q), q)
	}
}

func TestANumberPatternSaysWhereTheSequenceStands(t *testing.T) {
	p, err := parseNumberPattern("CS-{year}-{sequence:6}", 2026)
	require.NoError(t, err)
	require.Equal(t, numberPattern{before: "CS-2026-", width: 6}, p)
	for _, wrong := range []string{"", "CS-{year}", "CS-{sequence}", "{sequence}{sequence}{year}", "CS-{year}-{sequence:x}"} {
		_, err := parseNumberPattern(wrong, 2026)
		require.ErrorContains(t, err, "number pattern", wrong)
	}
}

// What was hashed years ago must hash the same for ever: a change here needs another chainVersion.
func TestTheHashOfARowStaysTheSame(t *testing.T) {
	row := chainRow{number: "CS-2026-000001", sequence: 1, at: time.Date(2026, 2, 13, 9, 30, 0, 1000, time.UTC), by: "li-na", kind: "step_taken",
		deadline: "contact", round: 1, wordsDigest: digestWords([]byte("salt"), []byte(`{"words":""}`)), data: []byte(`{"kind":"step_taken"}`)}
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
