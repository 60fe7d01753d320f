package story_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/story"
)

// Whatever somebody writes is read or told to be wrong, and a story that is read is read
// again with any timeline below it.
func FuzzParse(f *testing.F) {
	f.Add(friday)
	f.Add(friday + "timeline: |\n  Fri\n")
	f.Add(friday + "\"timeline\": Fri\n")
	f.Add("story: {en: A, zh-CN: B}\nprocedure: p\nabsences: {a: {from: 2026-02-13 16:00, until: 2026-02-13 17:00}}\nsteps: [2026-02-13T16:00:00Z a register]\n")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := story.Parse("story.yaml", []byte(text))
		if err != nil {
			return
		}
		again, err := story.Parse("story.yaml", s.With("Fri 13 Feb 16:00  * li-na register\n"))
		require.NoError(t, err)
		require.Equal(t, "Fri 13 Feb 16:00  * li-na register", again.Timeline)
	})
}
