package main

import (
	"context"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// shellBlock is what a reader pastes.
var shellBlock = regexp.MustCompile("(?ms)^```sh\n(.*?)^```$")

// tour is the README's tour as printed.
func tour(t *testing.T, root string) string {
	t.Helper()
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	require.NoError(t, err)
	_, rest, found := strings.Cut(string(readme), "\n## The tour\n")
	require.True(t, found)
	printed, _, found := strings.Cut(rest, "\n## Where things are\n")
	require.True(t, found)
	var script strings.Builder
	for _, block := range shellBlock.FindAllStringSubmatch(printed, -1) {
		script.WriteString(block[1])
	}
	return script.String()
}

func TestTheReadmesTourTakesAComplaintFromRegisterToClosed(t *testing.T) {
	s := onFreePorts(t)
	script := tour(t, s.root)
	stop := start(t, &s)
	defer stop()

	// The reader is in the repository's folder, with the stack in .local; here the stack has a
	// folder of its own.
	folder := t.TempDir()
	require.NoError(t, os.Symlink(s.directory, filepath.Join(folder, ".local")))
	beside := `make() { command make --no-print-directory -C "$REPOSITORY" BESIDE=". '$STACK/environment'" "$@"; }` + "\n"
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	shell := exec.CommandContext(ctx, "bash", "-c", beside+script)
	shell.Dir, shell.WaitDelay = folder, time.Second
	shell.Env = append(os.Environ(), "REPOSITORY="+s.root, "STACK="+s.directory)
	output, err := shell.CombinedOutput()
	said := string(output)
	require.NoError(t, err, said)

	number := regexp.MustCompile(`CS-\d{4}-\d{6}`).FindString(said)
	require.NotEmpty(t, number, said)
	require.NotContains(t, said, `"code":"`, "no step was refused")
	require.Contains(t, said, "The record is whole")
	for _, stage := range []string{"investigating", "proposing", "approving", "awaiting_customer", "implementing", "verifying", "following_up", "closing", "closed"} {
		require.Contains(t, said, `"stage":"`+stage+`"`)
	}
	status, complaint := ask(t, s, http.MethodGet, "/v1/complaints/"+number, "")
	require.Equal(t, http.StatusOK, status, complaint)
	require.Equal(t, "closed", complaint["stage"])
	require.Equal(t, "resolved", complaint["outcome"])
}
