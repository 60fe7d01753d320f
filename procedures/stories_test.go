package procedures_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	exampledirectory "recourse/deploy/directory"
	"recourse/internal/calendar"
	"recourse/internal/complaint"
	"recourse/internal/directory"
	"recourse/internal/plan"
	"recourse/internal/procedure"
	"recourse/internal/simulation"
	"recourse/internal/story"
	"recourse/procedures"
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
	timeline, err := simulation.Run(t.Context(), r)
	require.NoError(t, err)
	return timeline.Complaint
}

// rulesOf are those of a procedure, on another calendar than its own where one is named.
func rulesOf(t *testing.T, id, otherCalendar string) plan.Rules {
	t.Helper()
	written, err := procedures.Files.ReadFile(id + ".yaml")
	require.NoError(t, err)
	if otherCalendar != "" {
		written = []byte(strings.Replace(string(written), "calendar: cn", "calendar: "+otherCalendar, 1))
	}
	rules := plan.Rules{}
	rules.Procedure, err = procedure.Parse(id+".yaml", written)
	require.NoError(t, err)
	rules.Procedure.Version = 1
	written, err = procedures.Files.ReadFile("calendars/" + rules.Procedure.Calendar + ".yaml")
	require.NoError(t, err)
	rules.Calendar, err = calendar.Parse(rules.Procedure.Calendar+".yaml", written)
	require.NoError(t, err)
	written, err = exampledirectory.Files.ReadFile(id + ".yaml")
	require.NoError(t, err)
	rules.Directory, err = directory.Parse(id+".yaml", written)
	require.NoError(t, err)
	return rules
}
