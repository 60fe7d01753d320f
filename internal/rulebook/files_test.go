package rulebook_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	examples "recourse/deploy/directory"
	"recourse/internal/directory"
	"recourse/internal/rig"
	"recourse/internal/rulebook"
	"recourse/procedures"
)

func TestLoadRefusesWhatBelongsToAnotherOrganisation(t *testing.T) {
	r, _ := rig.Standing(t)
	files, err := rulebook.ReadFiles(procedures.Files, examples.Files)
	require.NoError(t, err)
	load := func() error {
		return files.Publish(t.Context(), r.Office.Published, "test", time.Now(), func(string) error { return nil })
	}
	require.ErrorContains(t, load(), "would be found no more", "this test's complaints have letters of their own")
	files.Procedures = r.Office.Rulebook.Now().Procedures()
	files.Directories["courier-station"].People["chen-gang"] = directory.Person{}
	require.NoError(t, rulebook.FitWith(files, t.Context(), r.Office.Published))
	for person := range files.Directories["real-estate-project"].People {
		files.Directories["courier-station"].People[person] = directory.Person{}
		require.ErrorContains(t, load(), `is in the directories of "courier-station" and "real-estate-project"`)
		break
	}
}

func TestShippedFilesAreInOrder(t *testing.T) {
	files, err := rulebook.ReadFiles(procedures.Files, examples.Files)
	require.NoError(t, err)
	entries, err := procedures.Files.ReadDir(".")
	require.NoError(t, err)
	require.Len(t, files.Procedures, len(entries)-1, "all but the folder of calendars")
}
