package main

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	// ownFile is a file of docs/new-procedure.md: its name, and below it what stands in it.
	ownFile = regexp.MustCompile("(?m)^`(hospital/[a-z/.]+)`\n\n```yaml\n((?s:.*?))```$")
	// ownComplaint is the first complaint's body there.
	ownComplaint = regexp.MustCompile(`-d '(\{"procedure":"hospital".*\})'`)
)

// First review: I4.
func TestAProcessOfOnesOwnRunsInHalfAnHour(t *testing.T) {
	s := onFreePorts(t)
	document, err := os.ReadFile(filepath.Join(s.root, "docs", "new-procedure.md"))
	require.NoError(t, err)
	folder := t.TempDir()
	for _, file := range ownFile.FindAllStringSubmatch(string(document), -1) {
		name := filepath.Join(folder, file[1])
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o700))
		require.NoError(t, os.WriteFile(name, []byte(file[2]), 0o600))
	}
	s.Folder = filepath.Join(folder, "hospital")
	stop := start(t, &s)
	defer stop()

	token, err := os.ReadFile(s.path("tokens", "he-qing"))
	require.NoError(t, err, "one's own people have tokens")
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, webAddress(s.APIPort)+"/v1/complaints",
		strings.NewReader(ownComplaint.FindStringSubmatch(string(document))[1]))
	require.NoError(t, err)
	request.Header.Set("Authorization", "Bearer "+strings.TrimSpace(string(token)))
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Idempotency-Key", "first")
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	var complaint map[string]any
	require.NoError(t, json.NewDecoder(response.Body).Decode(&complaint))
	require.Equal(t, http.StatusCreated, response.StatusCode, complaint)
	require.Regexp(t, "^HO-", complaint["number"])
}
