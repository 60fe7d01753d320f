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

	post := func(person, path, contentType, body string) (int, map[string]any) {
		token, err := os.ReadFile(s.path("tokens", person))
		require.NoError(t, err, "one's own people have tokens")
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, webAddress(s.APIPort)+path, strings.NewReader(body))
		require.NoError(t, err)
		request.Header.Set("Authorization", "Bearer "+strings.TrimSpace(string(token)))
		request.Header.Set("Content-Type", contentType)
		request.Header.Set("Idempotency-Key", path)
		response, err := http.DefaultClient.Do(request)
		require.NoError(t, err)
		defer response.Body.Close()
		var answer map[string]any
		require.NoError(t, json.NewDecoder(response.Body).Decode(&answer))
		return response.StatusCode, answer
	}
	status, complaint := post("he-qing", "/v1/complaints", "application/json", ownComplaint.FindStringSubmatch(string(document))[1])
	require.Equal(t, http.StatusCreated, status, complaint)
	require.Regexp(t, "^HO-", complaint["number"])

	written, err := os.ReadFile(filepath.Join(s.Folder, "hospital.yaml"))
	require.NoError(t, err)
	require.Contains(t, string(document), "application/yaml")
	longer := strings.Replace(string(written), "within: 20d or", "within: 30d or", 1)
	status, preview := post("lan-xi", "/v1/procedures/hospital/versions?preview=true", "application/yaml", longer)
	require.Equal(t, http.StatusOK, status, preview)
	moved, err := json.Marshal(preview["complaints"])
	require.NoError(t, err)
	require.Contains(t, string(moved), complaint["number"], "its clock would move")
	status, published := post("lan-xi", "/v1/procedures/hospital/versions", "application/yaml", longer)
	require.Equal(t, http.StatusCreated, status, published)
	require.EqualValues(t, 2, published["version"])
}
