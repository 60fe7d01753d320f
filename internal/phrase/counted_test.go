package phrase_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/phrase"
)

// counted is a number of things that may be one of them, written as if it never were.
var counted = regexp.MustCompile(`%d (complaints|rows|seals|places|messages|parts|workflows|writes|lines|tasks|versions|files|registrations|letters|documents|clocks|people|days|hours)\b`)

// First review: A17.
func TestNothingIsCountedWithoutKnowingOfOne(t *testing.T) {
	require.Equal(t, "1 complaint", phrase.Counted(1, "complaint"))
	require.Equal(t, "0 complaints", phrase.Counted(0, "complaint"))
	require.Equal(t, "2 complaints", phrase.Counted(2, "complaint"))

	read := 0
	for _, folder := range []string{"server", "worker", "workflows", "activities", "internal", "deploy/demo", "deploy/local"} {
		err := filepath.WalkDir(filepath.Join("../..", folder), func(path string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			read++
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			if err != nil {
				return err
			}
			ast.Inspect(file, func(n ast.Node) bool {
				if said, ok := n.(*ast.BasicLit); ok && said.Kind == token.STRING && !strings.Contains(said.Value, "none of the %d") {
					require.NotRegexp(t, counted, said.Value, "%s: with 1 it reads wrong: write phrase.Counted, or “rows: %%d”", path)
				}
				return true
			})
			return nil
		})
		require.NoError(t, err)
	}
	require.Greater(t, read, 100)
}
