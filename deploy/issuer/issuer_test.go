package issuer_test

import (
	"context"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/stretchr/testify/require"

	"recourse/deploy/issuer"
	"recourse/internal/rulebook"
	"recourse/procedures"
)

// verify checks a token as the server does: by discovery, then by the published key.
func verify(t *testing.T, i *issuer.Issuer, token string) (*oidc.IDToken, error) {
	t.Helper()
	server := httptest.NewServer(i.Handler())
	defer server.Close()
	i.URL = server.URL
	provider, err := oidc.NewProvider(t.Context(), server.URL)
	require.NoError(t, err)
	return provider.Verifier(&oidc.Config{ClientID: "recourse", SkipIssuerCheck: true}).Verify(context.Background(), token)
}

func TestATokenFileIsAcceptedByAnOrdinaryClientInThisRunAndTheNext(t *testing.T) {
	directory := t.TempDir()
	key := filepath.Join(directory, "key.json")
	first, err := issuer.Open(key, "http://127.0.0.1:8090", "recourse")
	require.NoError(t, err)
	tokens := filepath.Join(directory, "tokens")
	require.NoError(t, first.WriteTokens(tokens, []string{"dispatch.zhang", "dispatch.head"}, time.Now(), time.Hour))

	next, err := issuer.Open(key, "http://127.0.0.1:8090", "recourse")
	require.NoError(t, err)
	file := filepath.Join(tokens, "dispatch.zhang")
	token, err := os.ReadFile(file)
	require.NoError(t, err)
	verified, err := verify(t, next, strings.TrimSpace(string(token)))
	require.NoError(t, err)
	require.Equal(t, "dispatch.zhang", verified.Subject)
	require.Equal(t, "http://127.0.0.1:8090", verified.Issuer)

	for _, secret := range []string{key, file} {
		info, err := os.Stat(secret)
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	}
}

func TestExpiredAndForgedTokensAreRefused(t *testing.T) {
	genuine, err := issuer.Open(filepath.Join(t.TempDir(), "key.json"), "http://127.0.0.1:8090", "recourse")
	require.NoError(t, err)
	forger, err := issuer.Open(filepath.Join(t.TempDir(), "key.json"), "http://127.0.0.1:8090", "recourse")
	require.NoError(t, err)

	expired, err := genuine.Token("dispatch.zhang", time.Now().Add(-2*time.Hour), time.Hour)
	require.NoError(t, err)
	_, err = verify(t, genuine, expired)
	require.ErrorContains(t, err, "expired")

	forged, err := forger.Token("dispatch.zhang", time.Now(), time.Hour)
	require.NoError(t, err)
	_, err = verify(t, genuine, forged)
	require.ErrorContains(t, err, "signature")
}

func TestTheTokenOfAPersonWhoIsGoneGoesToo(t *testing.T) {
	i, err := issuer.Open(filepath.Join(t.TempDir(), "key.json"), "http://127.0.0.1:8090", "recourse")
	require.NoError(t, err)
	tokens := t.TempDir()
	require.NoError(t, i.WriteTokens(tokens, []string{"left", "stays"}, time.Now(), time.Hour))
	require.NoError(t, i.WriteTokens(tokens, []string{"stays"}, time.Now(), time.Hour))
	require.NoFileExists(t, filepath.Join(tokens, "left"))
	require.FileExists(t, filepath.Join(tokens, "stays"))
}

func TestAnIDThatWouldLeaveTheDirectoryIsRefused(t *testing.T) {
	i, err := issuer.Open(filepath.Join(t.TempDir(), "key.json"), "http://127.0.0.1:8090", "recourse")
	require.NoError(t, err)
	require.ErrorContains(t, i.WriteTokens(t.TempDir(), []string{"../key.json"}, time.Now(), time.Hour), "can't be the name of a token file")
}

func TestADamagedKeyIsToldWithTheRemedy(t *testing.T) {
	key := filepath.Join(t.TempDir(), "key.json")
	require.NoError(t, os.WriteFile(key, []byte("{"), 0o600))
	_, err := issuer.Open(key, "http://127.0.0.1:8090", "recourse")
	require.ErrorContains(t, err, "remove the file to make another")
}

func TestEveryExamplePersonGetsAToken(t *testing.T) {
	shipped, err := rulebook.Read(procedures.Files)
	require.NoError(t, err)
	people := issuer.People(shipped)
	require.NotEmpty(t, people)
	i, err := issuer.Open(filepath.Join(t.TempDir(), "key.json"), "http://127.0.0.1:8090", "recourse")
	require.NoError(t, err)
	tokens := t.TempDir()
	require.NoError(t, i.WriteTokens(tokens, people, time.Now(), time.Hour))
	written, err := os.ReadDir(tokens)
	require.NoError(t, err)
	require.Len(t, written, len(people))
}
