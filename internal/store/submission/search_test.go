package submission_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/store/reading"
	"recourse/internal/store/storetest"
)

// First review: F3.
func TestStepsOfManyLongWordsAreTakenAndFoundByWhatWasWrittenFirst(t *testing.T) {
	s := storetest.New(t)
	l, _ := s.Recorded(t)
	for step := range 4 {
		var long strings.Builder
		for i := range 7000 {
			fmt.Fprintf(&long, "%s%d-%d ", strings.Repeat("x", 60), step, i)
			fmt.Fprintf(&long, "w%dn%d%s ", step, i, strings.Repeat("y", 60))
		}
		said := storetest.Said(l.Number, fmt.Sprintf("key %d", step), "words")
		said.Search = []string{fmt.Sprintf("first%d", step), long.String()}
		stored, err := s.Submissions.Submit(t.Context(), said)
		require.NoError(t, err)
		require.NoError(t, s.Writes.Commit(t.Context(), l.Note(stored)))
	}
	found, _, err := s.Reading.List(t.Context(), storetest.Everybody, reading.Filter{Query: "first0 w0n12 first1"}, "", 10)
	require.NoError(t, err)
	require.Len(t, found, 1)
	require.Equal(t, l.Number, found[0].Number)
}
