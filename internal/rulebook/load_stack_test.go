package rulebook_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/deploy/stack"
	"recourse/internal/rulebook"
	"recourse/internal/rulebook/rulebooktest"
	"recourse/internal/store"
	"recourse/internal/store/published"
)

func TestMain(m *testing.M) { stack.Main(m) }

func TestWhatChangedIsPublishedAsANewVersion(t *testing.T) {
	load := loader(t)
	said, err := load()
	require.NoError(t, err)
	require.Contains(t, said, "calendar cn: version 1 published\n")
	require.Contains(t, said, "directory courier-station: version 1 published\nprocedure courier-station: version 1 published\n")
	said, err = load("email: li-na@example.com", "email: li.na@example.com")
	require.NoError(t, err)
	require.Contains(t, said, "directory courier-station: version 2 published\nprocedure courier-station: version 1 unchanged\n")
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
	require.ErrorContains(t, err, `is in the directories of "courier-station" and "real-estate-project"`)
}

// loader is what loads the files that come with the software, changed as by rulebooktest.Files,
// into a database of this test's own, and returns what it said.
func loader(t *testing.T) func(changes ...string) (string, error) {
	t.Helper()
	database, err := store.Open(t.Context(), stack.CopyOf(t, "migrated", store.Migrate))
	require.NoError(t, err)
	t.Cleanup(database.Close)
	return func(changes ...string) (string, error) {
		t.Helper()
		var said strings.Builder
		err := rulebook.Load(t.Context(), published.New(database), rulebooktest.Files(t, changes...), "test", &said)
		return said.String(), err
	}
}
