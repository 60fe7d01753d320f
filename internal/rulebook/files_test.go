package rulebook_test

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"recourse/internal/rulebook"
	"recourse/internal/rulebook/rulebooktest"
	"recourse/procedures"
)

func TestWhatComesWithTheSoftwareIsInOrder(t *testing.T) {
	edition, err := rulebook.Read(procedures.Files)
	require.NoError(t, err)
	entries, err := procedures.Files.ReadDir(".")
	require.NoError(t, err)
	require.Len(t, edition.Procedures(), len(entries)-2, "all but the folders of calendars and people")
}

func TestEveryMistakeInFilesIsToldWithItsFileAndFolder(t *testing.T) {
	files := rulebooktest.Files(t, "  li-na: {name:", "  li-na: {nam:", "covers: 2026", "cover: 2026")
	_, err := rulebook.Read(files)
	require.ErrorContains(t, err, `directories/courier-station.yaml:19:11: unknown key "nam"`)
	require.ErrorContains(t, err, `calendars/cn.yaml:21:1: unknown key "cover"`)
	require.NotContains(t, err.Error(), "real-estate-project.yaml", "nothing that only follows from them")
	_, err = rulebook.ReadRules(files, "courier-station")
	require.ErrorContains(t, err, "directories/courier-station.yaml:19:11")

	_, err = rulebook.ReadRules(rulebooktest.Files(t, "calendar: cn", "calendar: uk"), "courier-station")
	require.ErrorContains(t, err, "calendars/uk.yaml")
	without := rulebooktest.Files(t)
	delete(without, "directories/courier-station.yaml")
	_, err = rulebook.Read(without)
	require.EqualError(t, err, `procedure "courier-station" has no people: write them into directories/courier-station.yaml`)
	_, err = rulebook.Read(fstest.MapFS{})
	require.ErrorContains(t, err, "calendars", "an empty folder is no procedures")
}
