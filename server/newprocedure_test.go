package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// ownFile is a file of docs/new-procedure.md: its name, and below it what stands in it.
var ownFile = regexp.MustCompile("(?m)^`(hospital/[a-z/.]+)`\n\n```yaml\n((?s:.*?))```$")

// First review: I4.
func TestAProcessOfOnesOwnIsCheckedAndTriedAsItsDocumentSays(t *testing.T) {
	document, err := os.ReadFile(filepath.Join("..", "docs", "new-procedure.md"))
	require.NoError(t, err)
	t.Chdir(t.TempDir())
	files := ownFile.FindAllStringSubmatch(string(document), -1)
	require.Len(t, files, 3)
	for _, file := range files {
		require.NoError(t, os.MkdirAll(filepath.Dir(file[1]), 0o700))
		require.NoError(t, os.WriteFile(file[1], []byte(file[2]), 0o600))
	}
	var story string
	for line := range strings.Lines(string(document)) {
		arguments, is := strings.CutPrefix(strings.TrimSpace(line), "go run ./server ")
		if !is || strings.Contains(arguments, "schema") {
			continue
		}
		arguments, into, _ := strings.Cut(arguments, " > ")
		said, err := command(t, words(arguments)...)
		require.NoError(t, err, line)
		require.NotContains(t, said, "warning:")
		if into != "" {
			require.NoError(t, os.WriteFile(into, []byte(said), 0o600))
		}
		story = said
	}
	require.Contains(t, story, "  - 2026-11-30 10:00 he-qing register: {channel: phone}\n")
	require.Contains(t, story, "screen due Mon 30 Nov 12:00\n")
	require.Contains(t, story, "settle due Mon 21 Dec 10:00\n", "20 December is a Sunday")
}

// words are those of a command's line, of which one may stand in quotes.
func words(line string) []string {
	var all []string
	for i, part := range strings.Split(line, `"`) {
		if i%2 == 1 {
			all = append(all, part)
		} else {
			all = append(all, strings.Fields(part)...)
		}
	}
	return all
}
