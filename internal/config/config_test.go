package config

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// complete is the least that a server needs.
func complete(changes ...string) map[string]string {
	environment := map[string]string{
		"DATABASE_URL":         "postgres://recourse:canary-password@127.0.0.1:5432/recourse",
		"RECOURSE_OIDC_ISSUER": "https://login.example.com",
		"RECOURSE_LINK_KEY":    strings.Repeat("k", 32),
	}
	for i := 0; i < len(changes); i += 2 {
		environment[changes[i]] = changes[i+1]
	}
	return environment
}

func TestDefaultsFitOneMachine(t *testing.T) {
	c, err := load(Server, complete())
	require.NoError(t, err)
	require.Equal(t, "127.0.0.1:8080", c.Listen)
	require.Equal(t, "127.0.0.1:7233", c.TemporalAddress)
	require.Equal(t, "recourse", c.TemporalTaskQueue)
	require.Equal(t, slog.LevelInfo, c.LogLevel)
	require.Equal(t, SMTPTLSRequired, c.SMTPTLS)
	protect, err := c.TemporalTLS()
	require.NoError(t, err)
	require.Nil(t, protect)
}

func TestProxiesAreNamedByTheirNetworks(t *testing.T) {
	c, err := load(Server, complete())
	require.NoError(t, err)
	require.Empty(t, c.TrustedProxies)
	c, err = load(Server, complete("RECOURSE_TRUSTED_PROXIES", "10.0.0.0/8,2001:db8::1/128"))
	require.NoError(t, err)
	require.Equal(t, []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("2001:db8::1/128")}, c.TrustedProxies)
}

func TestWrongSettingsAreNamed(t *testing.T) {
	for _, test := range []struct {
		name    string
		program Program
		changes []string
		want    string
	}{
		{"no database", Command, []string{"DATABASE_URL", ""}, "DATABASE_URL"},
		{"not a network", Server, []string{"RECOURSE_TRUSTED_PROXIES", "10.0.0.0/8,proxy.example"}, "RECOURSE_TRUSTED_PROXIES must be networks such as 10.0.0.0/8"},
		{"not a database", Command, []string{"DATABASE_URL", "127.0.0.1:5432"}, "DATABASE_URL"},
		{"no issuer", Server, []string{"RECOURSE_OIDC_ISSUER", ""}, "RECOURSE_OIDC_ISSUER or RECOURSE_JWKS_FILE"},
		{"two sources of keys", Server, []string{"RECOURSE_JWKS_FILE", "/keys.json"}, "only one"},
		{"short link key", Worker, []string{"RECOURSE_LINK_KEY", "short"}, "at least 32"},
		{"no port", Server, []string{"RECOURSE_LISTEN", "localhost"}, "RECOURSE_LISTEN"},
		{"level unknown", Server, []string{"RECOURSE_LOG_LEVEL", "loud"}, "RECOURSE_LOG_LEVEL"},
		{"mail protection unknown", Worker, []string{"RECOURSE_SMTP_TLS", "maybe"}, "required, opportunistic, none"},
		{"user without password", Worker, []string{"RECOURSE_SMTP_USERNAME", "recourse"}, "RECOURSE_SMTP_PASSWORD"},
		{"certificate without key", Worker, []string{"TEMPORAL_TLS_CERTIFICATE_FILE", "/c.pem"}, "TEMPORAL_TLS_KEY_FILE"},
		{"public URL with a slash", Server, []string{"RECOURSE_PUBLIC_URL", "https://example.com/"}, "RECOURSE_PUBLIC_URL"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := load(test.program, complete(test.changes...))
			require.ErrorContains(t, err, test.want)
			require.NotContains(t, err.Error(), "canary")
		})
	}
}

// First review: I7.
func TestAllMistakesOfTheEnvironmentAreToldAtOnce(t *testing.T) {
	_, err := load(Worker, map[string]string{"DATABASE_URL": "mysql://somewhere", "RECOURSE_LINK_KEY_FILE": "nowhere", "RECOURSE_LOG_LEVEL": "loud",
		"RECOURSE_SMTP_ADDRESS": "mail"})
	for _, wrong := range []string{"DATABASE_URL must be", "read RECOURSE_LINK_KEY_FILE", "RECOURSE_LOG_LEVEL", "RECOURSE_SMTP_ADDRESS must be host:port"} {
		require.ErrorContains(t, err, wrong)
	}
	require.NotContains(t, err.Error(), "RECOURSE_LINK_KEY must have", "that only follows")
}

func TestACommandNeedsTheDatabaseOnly(t *testing.T) {
	_, err := load(Command, map[string]string{"DATABASE_URL": "postgres://127.0.0.1/recourse"})
	require.NoError(t, err)
}

func TestASecretCanComeFromAFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "link-key")
	require.NoError(t, os.WriteFile(file, []byte(strings.Repeat("s", 40)+"\n"), 0o600))

	c, err := load(Server, complete("RECOURSE_LINK_KEY", "", "RECOURSE_LINK_KEY_FILE", file))
	require.NoError(t, err)
	require.Equal(t, strings.Repeat("s", 40), c.LinkKey.Reveal())

	_, err = load(Server, complete("RECOURSE_LINK_KEY_FILE", file))
	require.ErrorContains(t, err, "not both")

	_, err = load(Server, complete("RECOURSE_LINK_KEY", "", "RECOURSE_LINK_KEY_FILE", file+".missing"))
	require.ErrorIs(t, err, os.ErrNotExist)
	require.ErrorContains(t, err, "RECOURSE_LINK_KEY_FILE")
}

func TestSecretsDontShow(t *testing.T) {
	c, err := load(Server, complete())
	require.NoError(t, err)
	asJSON, err := json.Marshal(c)
	require.NoError(t, err)
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("configuration", "config", c, "key", c.LinkKey)
	for _, shown := range []string{fmt.Sprint(c), fmt.Sprintf("%#v", c), fmt.Sprintf("%+v", c), string(asJSON), log.String()} {
		require.NotContains(t, shown, "canary-password")
		require.NotContains(t, shown, strings.Repeat("k", 32))
	}
}

func TestTheDocumentNamesEveryVariableAndNoOther(t *testing.T) {
	document, err := os.ReadFile("../../docs/configuration.md")
	require.NoError(t, err)
	programs, _, found := strings.Cut(string(document), "## The local stack")
	require.True(t, found)
	var documented []string
	for _, match := range regexp.MustCompile("(?m)^\\| `([A-Z_]+)`").FindAllStringSubmatch(programs, -1) {
		documented = append(documented, match[1])
	}
	require.ElementsMatch(t, Names(), documented)
}
