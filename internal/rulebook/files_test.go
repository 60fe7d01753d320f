package rulebook_test

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

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

// First review: I7.
func TestAllMistakesComeInOneWave(t *testing.T) {
	files := rulebooktest.Files(t, "  li-na: {name:", "  li-na: {nam:", "covers: 2026", "cover: 2026", "    within: 1h ", "    within: 1 hour ",
		"tell: dispatch.head, tier: 1", "tell: dispatch.haed, tier: 1")
	_, err := rulebook.Read(files)
	require.ErrorContains(t, err, `directories/courier-station.yaml:19:11: unknown key "nam"`)
	require.ErrorContains(t, err, `calendars/cn.yaml:28:1: unknown key "cover"`)
	require.ErrorContains(t, err, `13: duration "1 hour": the unit "hour" is written h`)
	require.ErrorContains(t, err, `nobody holds the duty "dispatch.haed", so this rung would tell nobody; write "dispatch.head"`)
	require.NotContains(t, err.Error(), "there is no calendar", "nothing that only follows from them")
	require.NotContains(t, err.Error(), "real-estate-project.yaml", "nothing that only follows from them")
}

// First review: I7.
func TestAFileIsCalledAsWhatItHolds(t *testing.T) {
	files := rulebooktest.Files(t)
	own := fstest.MapFS{
		"bakery.yaml":               {Data: renamed(files["courier-station.yaml"].Data, "procedure: courier-station", "procedure: baker")},
		"directories/bakery.yaml":   {Data: renamed(files["directories/courier-station.yaml"].Data, "organisation: courier-station", "organisation: baker")},
		"calendars/bakery.yaml":     {Data: files["calendars/cn.yaml"].Data},
		"calendars/shop.yml":        {Data: files["calendars/cn.yaml"].Data},
		"cn-with-night-shifts.yaml": {Data: files["calendars/cn.yaml"].Data},
	}
	shipped, err := rulebook.Read(files)
	require.NoError(t, err)
	_, _, err = shipped.With(rulebook.Folder{FS: own, Name: "ours"})
	for _, said := range []string{
		`ours/bakery.yaml:5:1: the file is called bakery.yaml and holds "baker"; call it baker.yaml, or write bakery here`,
		`ours/directories/bakery.yaml:3:1: the file is called bakery.yaml and holds "baker"; call it baker.yaml, or write bakery here`,
		`ours/calendars/bakery.yaml:4:1: the file is called bakery.yaml and holds "cn"; call it cn.yaml, or write bakery here`,
		`ours/calendars/shop.yml isn't read; call it ours/calendars/shop.yaml`,
		`ours/cn-with-night-shifts.yaml:4:1: this is a calendar; move the file to ours/calendars/cn-with-night-shifts.yaml`,
	} {
		require.ErrorContains(t, err, said)
	}
}

func renamed(text []byte, from, to string) []byte {
	return []byte(strings.Replace(string(text), from, to, 1))
}

// First review: I4.
func TestWhatIsMissingIsSaid(t *testing.T) {
	shipped, err := rulebook.Read(procedures.Files)
	require.NoError(t, err)
	theirs := rulebooktest.Files(t)
	procedure := renamed(theirs["courier-station.yaml"].Data, "procedure: courier-station", "procedure: bakery")
	people := renamed(theirs["directories/courier-station.yaml"].Data, "organisation: courier-station", "organisation: bakery")
	for name, c := range map[string]struct {
		files fstest.MapFS
		said  string
	}{
		"everything":    {fstest.MapFS{"README.md": {}}, "the folder ours holds no procedure, no calendar and no people; lay it out as ours/<id>.yaml (a procedure), ours/calendars/<id>.yaml, ours/directories/<id>.yaml (its people)"},
		"the people":    {fstest.MapFS{"bakery.yaml": {Data: procedure}}, "ours/bakery.yaml:5:1: the procedure has no people; write them into ours/directories/bakery.yaml"},
		"the procedure": {fstest.MapFS{"directories/bakery.yaml": {Data: people}}, "ours/directories/bakery.yaml:3:1: these people have no procedure; write it into ours/bakery.yaml"},
		"the calendar": {fstest.MapFS{"directories/bakery.yaml": {Data: people}, "bakery.yaml": {Data: renamed(procedure, "calendar: cn", "calendar: hospital")}},
			`there is no calendar "hospital"; write one of cn, new-york, or put its file into calendars`},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := shipped.With(rulebook.Folder{FS: c.files, Name: "ours"})
			require.ErrorContains(t, err, c.said)
		})
	}
	_, err = rulebook.FolderAt("nowhere/at/all")
	require.EqualError(t, err, "there is no folder nowhere/at/all")
	_, err = rulebook.FolderAt("files.go")
	require.ErrorContains(t, err, "files.go is a file; name the folder in which it lies")
	_, err = rulebook.ReadRules(theirs, "bakery")
	require.ErrorContains(t, err, `there is no procedure "bakery"; write one of courier-station, real-estate-project`)
}

// First review: I4.
func TestAFolderOfOnesOwnIsReadBesideWhatComesWithTheSoftware(t *testing.T) {
	shipped, err := rulebook.Read(procedures.Files)
	require.NoError(t, err)
	theirs := rulebooktest.Files(t)
	own := fstest.MapFS{
		"bakery.yaml":             {Data: renamed(theirs["courier-station.yaml"].Data, "procedure: courier-station", "procedure: bakery")},
		"directories/bakery.yaml": {Data: renamed(theirs["directories/courier-station.yaml"].Data, "organisation: courier-station", "organisation: bakery")},
	}
	with, files, err := shipped.With(rulebook.Folder{FS: own, Name: "ours"})
	require.NoError(t, err)
	require.Equal(t, []string{"ours/directories/bakery.yaml", "ours/bakery.yaml"}, []string{files[0].Name, files[1].Name})
	bakery, there := with.Procedure("bakery")
	require.True(t, there)
	rules, err := with.Rules(bakery)
	require.NoError(t, err)
	require.Equal(t, "cn", rules.Calendar.ID(), "the calendar comes with the software")
	_, there = with.Procedure("real-estate-project")
	require.True(t, there)

	fewer := fstest.MapFS{"directories/courier-station.yaml": {Data: renamed(theirs["directories/courier-station.yaml"].Data, "  dispatcher: {primary: li-na", "  clerk: {primary: li-na")}}
	_, _, err = shipped.With(rulebook.Folder{FS: fewer, Name: "ours"})
	require.ErrorContains(t, err, `courier-station.yaml:`, "the procedure that goes by these people is checked again")
	require.ErrorContains(t, err, `nobody holds the duty "dispatcher"`)
}

// First review: G1.
func TestWhatHasNoEffectYetIsSaid(t *testing.T) {
	shipped, err := rulebook.Read(procedures.Files)
	require.NoError(t, err)
	own := fstest.MapFS{"courier-station.yaml": {Data: rulebooktest.Files(t)["courier-station.yaml"].Data}}
	with, files, err := shipped.With(rulebook.Folder{FS: own, Name: "ours"})
	require.NoError(t, err)
	var said strings.Builder
	require.NoError(t, with.Warn(&said, files, time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)))
	require.Regexp(t, `warning: ours/courier-station.yaml:\d+:3: authority.report has no effect: no report is made by itself yet, so that nobody approves one
warning: ours/courier-station.yaml:\d+:1: reports has no effect: no report is made by itself yet
warning: ours/courier-station.yaml:\d+:1: keep has no effect: nothing is erased by itself yet; an administrator erases by number
`, said.String())
}
