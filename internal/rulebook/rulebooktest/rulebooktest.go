// Package rulebooktest gives tests the procedures that come with the software, as they are or
// changed.
package rulebooktest

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"recourse/internal/plan"
	"recourse/internal/rulebook"
	"recourse/procedures"
)

// Files are those of procedures/ with some of their text replaced: changes are pairs of what stands
// in them and what is to stand there.
func Files(t testing.TB, changes ...string) fstest.MapFS {
	t.Helper()
	before, files := "", fstest.MapFS{}
	require.NoError(t, fs.WalkDir(procedures.Files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(procedures.Files, name)
		before += string(text)
		files[name] = &fstest.MapFile{Data: []byte(strings.NewReplacer(changes...).Replace(string(text)))}
		return err
	}))
	for i := 0; i < len(changes); i += 2 {
		require.Contains(t, before, changes[i], "it is to be replaced")
	}
	return files
}

// Rules are those of one procedure, with some of their text replaced as by Files. They are the
// caller's own and may be altered.
func Rules(t testing.TB, id string, changes ...string) plan.Rules {
	t.Helper()
	rules, err := rulebook.ReadRules(Files(t, changes...), id)
	require.NoError(t, err)
	return rules
}
