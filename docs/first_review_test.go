package docs_test

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the tests of each line into first-review.md")

var (
	// shows finds a test with the lines of the review that its comment names.
	shows = regexp.MustCompile(`(?m)^// First review: ([A-I0-9b, ]+)\.\n(?://.*\n)*func (Test\w+|Fuzz\w+)\(`)
	// row finds a line of the review: its number, what is right, and its tests.
	row = regexp.MustCompile(`(?m)^\| ([A-I]\d+b?) \| (.+?) \|(.*)\|$`)
)

// testsOfTheReview are the tests that name each line, as “package.Test”.
func testsOfTheReview(t *testing.T) map[string][]string {
	t.Helper()
	tests := map[string][]string{}
	require.NoError(t, filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && strings.HasPrefix(entry.Name(), ".") && path != "..":
			return fs.SkipDir
		case !strings.HasSuffix(path, "_test.go"):
			return nil
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		place := strings.TrimPrefix(filepath.ToSlash(filepath.Dir(path)), "../")
		for _, found := range shows.FindAllStringSubmatch(string(source), -1) {
			for line := range strings.SplitSeq(found[1], ", ") {
				tests[line] = append(tests[line], "`"+strings.TrimPrefix(place, "internal/")+"."+found[2]+"`")
			}
		}
		return nil
	}))
	return tests
}

func TestEveryLineOfTheFirstReviewHasATest(t *testing.T) {
	document, err := os.ReadFile("first-review.md")
	require.NoError(t, err)
	tests := testsOfTheReview(t)
	written := row.ReplaceAllStringFunc(string(document), func(text string) string {
		parts := row.FindStringSubmatch(text)
		names := slices.Sorted(slices.Values(tests[parts[1]]))
		delete(tests, parts[1])
		if len(names) == 0 {
			t.Errorf("%s: no test says “// First review: %s.”", parts[1], parts[1])
		}
		return fmt.Sprintf("| %s | %s | %s |", parts[1], parts[2], strings.Join(names, ", "))
	})
	require.Empty(t, tests, "these name a line that first-review.md hasn't")
	if *update {
		require.NoError(t, os.WriteFile("first-review.md", []byte(written), 0o644))
		return
	}
	require.Equal(t, written, string(document), "run “go test ./docs -update”")
}
