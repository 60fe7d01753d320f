package procedures_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
	"recourse/internal/plan"
	"recourse/internal/rulebook/rulebooktest"
	"recourse/internal/simulation"
	"recourse/internal/story"
)

// update writes what comes of the stories now into their files: go test ./procedures -update
var update = flag.Bool("update", false, "write the timelines of the stories anew")

// Every story tells what it told before, to the minute.
func TestStories(t *testing.T) {
	files, err := filepath.Glob("stories/*/*.yaml")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(strings.TrimSuffix(strings.TrimPrefix(file, "stories/"), ".yaml"), func(t *testing.T) {
			s := read(t, file)
			require.Equal(t, s.Procedure, filepath.Base(filepath.Dir(file)), "a story lies in the folder of its procedure")
			rules := rulesOf(t, s.Procedure, s.Calendar)
			timeline, err := s.Run(t.Context(), rules)
			require.NoError(t, err)
			var record []complaint.Event
			for _, entry := range timeline.Entries {
				if entry.Refused == nil {
					record = append(record, entry.Event)
				}
			}
			require.Equal(t, timeline.Complaint, complaint.Fold(timeline.Number, record), "the state is the fold of the record")
			told := story.Tell(rules.Calendar.Zone(), timeline)
			if *update {
				require.NoError(t, os.WriteFile(file, s.With(told), 0o644))
				return
			}
			require.NotEmpty(t, s.Timeline, "it has no timeline yet: run go test ./procedures -update, and read what comes of it")
			require.Equal(t, strings.TrimSpace(s.Timeline), strings.TrimSpace(told))
		})
	}
}

func read(t *testing.T, file string) *story.Story {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	s, err := story.Parse(file, text)
	require.NoError(t, err)
	return s
}

// request is what a story asks to simulate, to be changed.
func request(t *testing.T, s *story.Story) simulation.Request {
	t.Helper()
	r, err := s.Request(t.Context(), rulesOf(t, s.Procedure, s.Calendar))
	require.NoError(t, err)
	return r
}

// lived is the complaint at the end of a request.
func lived(t *testing.T, r simulation.Request) complaint.Complaint {
	t.Helper()
	return timeline(t, r).Complaint
}

// timeline is all that comes of a request.
func timeline(t *testing.T, r simulation.Request) simulation.Timeline {
	t.Helper()
	timeline, err := simulation.Run(t.Context(), r)
	require.NoError(t, err)
	return timeline
}

// rulesOf are those of a procedure, on another calendar than its own where one is named.
func rulesOf(t *testing.T, id, otherCalendar string) plan.Rules {
	t.Helper()
	if otherCalendar == "" {
		return rulebooktest.Rules(t, id)
	}
	return rulebooktest.Rules(t, id, "calendar: cn\ncurrency", "calendar: "+otherCalendar+"\ncurrency")
}
