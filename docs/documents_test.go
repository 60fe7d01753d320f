package docs_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// named is a document as texts and comments name it.
var named = regexp.MustCompile(`[A-Za-z0-9_./-]*[A-Za-z0-9_]\.md\b|\bspec/[A-Za-z0-9_./-]+|\bof the specification\b`)

// cited are the documents that one of the repository's files cites: of a Go file, in its comments.
func cited(file, content string) (found []string) {
	for line := range strings.Lines(content) {
		if strings.HasSuffix(file, ".go") {
			if _, line, _ = strings.Cut(line, "//"); strings.HasPrefix(line, "go:") {
				continue
			}
		}
		found = append(found, named.FindAllString(line, -1)...)
	}
	return found
}

// Whoever reads a comment or a document finds what it cites.
// First review: G3.
func TestEveryDocumentThatIsCitedIsHere(t *testing.T) {
	root := os.DirFS("..")
	here := func(path string) bool {
		_, err := fs.Stat(root, filepath.ToSlash(filepath.Clean(path)))
		return err == nil
	}
	files := 0
	require.NoError(t, fs.WalkDir(root, ".", func(file string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && file != "." && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "dist" || entry.Name() == "testdata"):
			return fs.SkipDir
		case entry.IsDir() || file == "docs/documents_test.go" || !strings.HasSuffix(file, ".go") && !strings.HasSuffix(file, ".md"):
			return nil
		}
		content, err := fs.ReadFile(root, file)
		if err != nil {
			return err
		}
		files++
		for _, document := range cited(file, string(content)) {
			require.True(t, here(document) || here(filepath.Join(filepath.Dir(file), document)), "%s cites %s, which isn't in the repository", file, document)
		}
		return nil
	}))
	require.Greater(t, files, 300)

	require.Equal(t, []string{"docs/operations.md", "../spec/1-domain.md", "of the specification"},
		cited("a.go", "// see docs/operations.md\nx := \"b.md\" // and ../spec/1-domain.md\n// the tables of the specification\n//go:embed c.md\n"))
}
