package rulebook_test

import (
	"bytes"
	"io"
	"log/slog"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"recourse/deploy/stack"
	"recourse/internal/rulebook"
	"recourse/internal/rulebook/rulebooktest"
	"recourse/internal/store"
	"recourse/internal/store/published"
	"recourse/procedures"
)

func TestMain(m *testing.M) { stack.Main(m) }

func TestWhatChangedIsPublishedAsANewVersion(t *testing.T) {
	load := loader(t)
	said, err := load()
	require.NoError(t, err)
	require.Contains(t, said, "calendar cn: version 1 published\n")
	require.Contains(t, said, "directory courier-station: version 1 published\n")
	said, err = load("email: li-na@example.com", "email: li.na@example.com")
	require.NoError(t, err)
	require.Contains(t, said, "directory courier-station: version 2 published\n")
	require.Contains(t, said, "procedure courier-station: version 1 unchanged\n")
}

func TestLoadRefusesWhatBelongsToAnotherOrganisation(t *testing.T) {
	load := loader(t)
	_, err := load()
	require.NoError(t, err)
	_, err = load(`"CS-{year}`, `"CX-{year}`)
	require.ErrorContains(t, err, "would be found no more")
	_, err = load(`"CS-{year}`, `"RE-{year}`)
	require.ErrorContains(t, err, `complaints of "real-estate-project" begin with "RE-"`)

	somebody := func(id string) []string {
		return []string{"\n  chen-jing: {", "\n  " + id + ": {name: {en: New, zh-CN: 新}, department: service, email: new@example.com, language: en}\n  chen-jing: {"}
	}
	_, err = load(somebody("chen-gang")...)
	require.NoError(t, err)
	_, err = load(somebody("lin-xia")...)
	require.ErrorContains(t, err, `the person "lin-xia" is in the directory of "real-estate-project", too; give one of them another ID`)
}

// First review: I4.
func TestFilesAreLoadedBesideWhatIsInForce(t *testing.T) {
	database := migrated(t)
	theirs := rulebooktest.Files(t)
	own := fstest.MapFS{
		"bakery.yaml":             {Data: renamed(renamed(theirs["courier-station.yaml"].Data, "procedure: courier-station", "procedure: bakery"), `"CS-{year}`, `"BK-{year}`)},
		"directories/bakery.yaml": {Data: renamed(theirs["directories/courier-station.yaml"].Data, "organisation: courier-station", "organisation: bakery")},
	}
	load := func(files ...rulebook.Folder) (string, error) {
		var said strings.Builder
		err := rulebook.Load(t.Context(), published.New(database), "server load ours", &said, procedures.Files, files...)
		return said.String(), err
	}
	said, err := load(rulebook.Folder{FS: own, Name: "ours"})
	require.NoError(t, err)
	require.Contains(t, said, "calendar cn: version 1 published\ndirectory bakery: version 1 published\nprocedure bakery: version 1 published\n", said,
		"only what is there, and the calendar that it goes by")

	people := fstest.MapFS{"directories/bakery.yaml": {Data: renamed(own["directories/bakery.yaml"].Data, "email: li-na@", "email: li.na@")}}
	said, err = load(rulebook.Folder{FS: people, Name: "ours"})
	require.NoError(t, err, "the procedure is in force")
	require.Equal(t, "directory bakery: version 2 published\n", said)

	other := fstest.MapFS{
		"shop.yaml":             {Data: renamed(own["bakery.yaml"].Data, "procedure: bakery", "procedure: shop")},
		"directories/shop.yaml": {Data: renamed(own["directories/bakery.yaml"].Data, "organisation: bakery", "organisation: shop")},
	}
	_, err = load(rulebook.Folder{FS: other, Name: "ours"})
	require.ErrorContains(t, err, `complaints of "bakery" begin with "BK-"; begin with other letters`)
	require.ErrorContains(t, err, `ours/directories/shop.yaml:19:3: the person "li-na" is in the directory of "bakery", too`)
}

// First review: I4.
func TestAnOlderFileGoesOverNothingNewer(t *testing.T) {
	database := migrated(t)
	store := published.New(database)
	load := func(by string, changes ...string) string {
		t.Helper()
		var said strings.Builder
		require.NoError(t, rulebook.Load(t.Context(), store, by, &said, rulebooktest.Files(t, changes...)))
		return said.String()
	}
	load(rulebook.Shipped)
	load(rulebook.Shipped, "    within: 1h ", "    within: 2h ")
	require.Contains(t, load(rulebook.Shipped), "procedure courier-station: version 2 by server load stays in force; the file is version 1, which is older.")

	newest, err := store.Newest(t.Context(), published.Procedure, "courier-station")
	require.NoError(t, err)
	_, err = store.Publish(t.Context(), published.Procedure, "courier-station", strings.Replace(newest.Body, "    within: 2h ", "    within: 3h ", 1), "hu-bin")
	require.NoError(t, err)
	require.Contains(t, load(rulebook.Shipped, "    within: 1h ", "    within: 4h "),
		"procedure courier-station: version 3 by hu-bin stays in force; what comes with the software goes over nothing of your own\n")
	require.Contains(t, load("server load ours", "    within: 1h ", "    within: 4h "), "procedure courier-station: version 4 published\n", "whoever names a folder means it")
}

// First review: D4.
func TestADocumentThatCantBeReadLeavesTheLastReadableVersionInForce(t *testing.T) {
	database := migrated(t)
	store := published.New(database)
	require.NoError(t, rulebook.Load(t.Context(), store, rulebook.Shipped, io.Discard, procedures.Files))
	for kind, id := range map[published.Kind]string{published.Procedure: "courier-station", published.Directory: "courier-station", published.Calendar: "new-york"} {
		newest, err := store.Newest(t.Context(), kind, id)
		require.NoError(t, err)
		for _, key := range []string{"of_a_newer_program: true", "of_one_newer_still: true"} {
			_, err = store.Publish(t.Context(), kind, id, newest.Body+"\n"+key+"\n", "a newer program")
			require.NoError(t, err)
		}
	}
	_, err := store.Publish(t.Context(), published.Procedure, "bakery", "procedure: bakery\nof_a_newer_program: true\n", "a newer program")
	require.NoError(t, err)

	var logged bytes.Buffer
	book, err := rulebook.Open(t.Context(), database, slog.New(slog.NewTextHandler(&logged, nil)))
	require.NoError(t, err, "the programs start")
	courier, there := book.Now().Procedure("courier-station")
	require.True(t, there)
	require.Equal(t, 1, courier.Version)
	_, organisation, err := book.Now().Actor("li-na", time.Now())
	require.NoError(t, err)
	require.Equal(t, "courier-station", organisation)
	require.Equal(t, 1, book.Now().Calendars()["new-york"].Version())
	_, there = book.Now().Procedure("real-estate-project")
	require.True(t, there, "other organisations aren't concerned")
	_, there = book.Now().Procedure("bakery")
	require.False(t, there)
	require.Len(t, book.Now().Unreadable(), 4)
	require.Contains(t, logged.String(), `level=ERROR msg="what was published can't be read, and doesn't count"`)
	require.Contains(t, logged.String(), `procedure \"courier-station\": version 1 stays in force: version 3 of procedure \"courier-station\"`)
	require.Contains(t, logged.String(), `procedure \"bakery\": nothing of it is in force`)
}

func migrated(t *testing.T) *pgxpool.Pool {
	t.Helper()
	database, err := store.Open(t.Context(), stack.CopyOf(t, "migrated", store.Migrate))
	require.NoError(t, err)
	t.Cleanup(database.Close)
	return database
}

// loader is what loads the files that come with the software, changed as by rulebooktest.Files,
// into a database of this test's own, and returns what it said.
func loader(t *testing.T) func(changes ...string) (string, error) {
	t.Helper()
	database := migrated(t)
	return func(changes ...string) (string, error) {
		t.Helper()
		var said strings.Builder
		err := rulebook.Load(t.Context(), published.New(database), rulebook.Shipped, &said, rulebooktest.Files(t, changes...))
		return said.String(), err
	}
}
