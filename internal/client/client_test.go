package client_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/api"
	"recourse/internal/client"
	"recourse/internal/complaint"
)

// answer is one answer of a server.
type answer struct {
	status int
	body   string
	header map[string]string
}

const (
	registered  = `{"number":"CS-2026-000001","stage":"received","stage_label":"Received","revision":1,"tier":0,"allowed_steps":[],"deadlines":[]}`
	unavailable = `{"type":"x","title":"Not now","status":503,"code":"unavailable"}`
	notAllowed  = `{"type":"x","title":"Not allowed","status":409,"code":"step_not_allowed","detail":"It was screened.","stage":"investigating"}`
)

// server answers in turn, the last answer for ever, and keeps the keys and tokens of the requests.
func server(t *testing.T, answers ...answer) (c *client.Client, keys, tokens *[]string) {
	t.Helper()
	keys, tokens = &[]string{}, &[]string{}
	listening := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		turn := answers[min(len(*keys), len(answers)-1)]
		*keys = append(*keys, r.Header.Get("Idempotency-Key"))
		*tokens = append(*tokens, r.Header.Get("Authorization"))
		for name, value := range turn.header {
			w.Header().Set(name, value)
		}
		w.WriteHeader(turn.status)
		fmt.Fprint(w, turn.body)
	}))
	t.Cleanup(listening.Close)
	return &client.Client{Address: listening.URL, Token: func(p complaint.PersonID) (string, error) { return "token of " + string(p), nil }, Patience: 5 * time.Second}, keys, tokens
}

func TestARegistrationIsRepeatedWithTheSameKeyUntilItIsAnswered(t *testing.T) {
	c, keys, tokens := server(t, answer{status: 503, body: unavailable, header: map[string]string{"Retry-After": "1"}},
		answer{status: 502, body: "<html>"}, answer{status: 201, body: registered})
	began := time.Now()

	r, err := c.Register(context.Background(), "li-na", "row-1", api.Register{Procedure: "courier-station"})

	require.NoError(t, err)
	require.Equal(t, "CS-2026-000001", r.Number)
	require.False(t, r.Pending)
	require.Equal(t, []string{"row-1", "row-1", "row-1"}, *keys)
	require.Equal(t, "Bearer token of li-na", (*tokens)[0])
	require.GreaterOrEqual(t, time.Since(began), time.Second, "the server's wish to wait is heeded")
}

func TestARegistrationStoredWhileTemporalIsAwayHasItsNumber(t *testing.T) {
	c, _, _ := server(t, answer{status: 202, body: `{"number":"CS-2026-000007","status":"pending"}`})

	r, err := c.Register(context.Background(), "li-na", "row-1", api.Register{})

	require.NoError(t, err)
	require.Equal(t, "CS-2026-000007", r.Number)
	require.True(t, r.Pending)
}

func TestARefusalIsNotRepeatedAndSaysWhatTheServerSaid(t *testing.T) {
	c, keys, _ := server(t, answer{status: 409, body: notAllowed})

	_, err := c.Take(context.Background(), "li-na", "CS-2026-000001", complaint.Screen, "key", api.Screen{})

	var refused *client.Problem
	require.ErrorAs(t, err, &refused)
	require.Equal(t, api.ProblemCodeStepNotAllowed, refused.Code)
	require.Equal(t, "investigating", refused.Stage)
	require.ErrorContains(t, err, "It was screened.")
	require.Len(t, *keys, 1)
}

func TestAPostWithoutAKeyIsNeverRepeated(t *testing.T) {
	c, keys, _ := server(t, answer{status: 503, body: unavailable})

	_, err := c.Take(context.Background(), "li-na", "CS-2026-000001", complaint.Accept, "", api.Accept{})

	require.ErrorIs(t, err, client.ErrUnreachable)
	require.Len(t, *keys, 1)
}

func TestAServerThatIsNotThereIsToldAsUnreachable(t *testing.T) {
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	c := &client.Client{Address: gone.URL, Patience: 300 * time.Millisecond}

	_, err := c.OpenLink(context.Background(), "token")

	require.ErrorIs(t, err, client.ErrUnreachable)
	require.ErrorIs(t, c.Ready(context.Background()), client.ErrUnreachable)
}

func TestTokensAreReadFromFilesNamedForPeople(t *testing.T) {
	directory := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(directory, "li-na"), []byte("secret\n"), 0o600))
	token := client.TokensIn(directory)

	read, err := token("li-na")
	require.NoError(t, err)
	require.Equal(t, "secret", read)

	_, err = token("nobody")
	require.ErrorIs(t, err, os.ErrNotExist)
	_, err = token("../outside")
	require.ErrorIs(t, err, os.ErrNotExist, "a name leads nowhere else")
}
