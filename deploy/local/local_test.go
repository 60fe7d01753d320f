package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/deploy/stack"
	"recourse/internal/rulebook"
	"recourse/procedures"
)

// onFreePorts are settings for a stack of this test's own.
func onFreePorts(t *testing.T) settings {
	t.Helper()
	root, err := stack.Root()
	require.NoError(t, err)
	directory, err := os.MkdirTemp("", "recourse-local-")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, forget(directory)) })
	s := settings{root: root, directory: directory}
	givePorts(t, &s)
	return s
}

// givePorts gives the settings ports on which nothing listens now.
func givePorts(t *testing.T, s *settings) {
	t.Helper()
	for _, port := range []*uint16{&s.APIPort, &s.WorkerPort, &s.PostgreSQLPort, &s.TemporalPort, &s.TemporalUIPort, &s.IssuerPort, &s.SMTPPort, &s.MailPort} {
		free, err := stack.FreePort()
		require.NoError(t, err)
		*port = uint16(free)
	}
}

func TestMakeRunTakesTheFirstComplaintAndFindsItAgainInTheNextRun(t *testing.T) {
	s := onFreePorts(t)

	stop := start(t, &s)
	status, complaint := ask(t, s, http.MethodPost, "/v1/complaints", firstBody)
	require.Equal(t, http.StatusCreated, status, complaint)
	number, ok := complaint["number"].(string)
	require.True(t, ok, complaint)
	stop()
	for _, port := range []uint16{s.APIPort, s.WorkerPort, s.PostgreSQLPort, s.TemporalPort, s.TemporalUIPort, s.IssuerPort, s.SMTPPort, s.MailPort} {
		require.NoError(t, stack.CheckPort(int(port), "nobody", ""), "nothing is left running")
	}
	require.NoFileExists(t, s.path("environment"))

	stop = start(t, &s)
	status, complaint = ask(t, s, http.MethodGet, "/v1/complaints/"+number, "")
	require.Equal(t, http.StatusOK, status, complaint)
	stop()
}

// start runs the stack until the returned function stops it, as Ctrl-C does. A
// port that another test has taken meanwhile is no reason to fail: it tries others.
func start(t *testing.T, s *settings) (stop func()) {
	t.Helper()
	const tries = 3
	for try := 1; ; try++ {
		ctx, interrupt := context.WithCancel(t.Context())
		t.Cleanup(interrupt)
		ended := make(chan error, 1)
		go func() { ended <- runStack(ctx, *s) }()
		err := ready(*s, ended)
		if err == nil {
			return func() {
				t.Helper()
				interrupt()
				require.NoError(t, <-ended)
			}
		}
		interrupt()
		require.Less(t, try, tries, "the stack ended before it was ready: %v", err)
		t.Logf("the stack ended before it was ready, and is tried on other ports: %v", err)
		givePorts(t, s)
	}
}

// ready waits until the stack has said where it is, or returns why it ended.
func ready(s settings, ended <-chan error) error {
	look := time.NewTicker(50 * time.Millisecond)
	defer look.Stop()
	patience := time.After(15 * time.Minute) // the first build of Temporal's programs takes six
	for {
		select {
		case err := <-ended:
			return cmp.Or(err, errors.New("it said nothing"))
		case <-patience:
			return errors.New("it isn't ready after a quarter of an hour")
		case <-look.C:
			if _, err := os.Stat(s.path("environment")); err == nil {
				return nil
			}
		}
	}
}

// ask does what the printed command does.
func ask(t *testing.T, s settings, method, path, body string) (status int, answer map[string]any) {
	t.Helper()
	shipped, err := rulebook.Read(procedures.Files)
	require.NoError(t, err)
	token, err := os.ReadFile(s.path("tokens", firstPerson(shipped)))
	require.NoError(t, err)
	request, err := http.NewRequestWithContext(t.Context(), method, webAddress(s.APIPort)+path, strings.NewReader(body))
	require.NoError(t, err)
	request.Header.Set("Authorization", "Bearer "+strings.TrimSpace(string(token)))
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Idempotency-Key", "first-1")
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	require.NoError(t, json.NewDecoder(response.Body).Decode(&answer))
	return response.StatusCode, answer
}

func TestATakenPortIsToldBeforeAnythingStarts(t *testing.T) {
	s := onFreePorts(t)
	listener, err := net.Listen("tcp", stack.Address(int(s.APIPort)))
	require.NoError(t, err)
	defer listener.Close()
	err = runStack(t.Context(), s)
	require.ErrorIs(t, err, stack.ErrPortTaken)
	require.ErrorContains(t, err, "set RECOURSE_API_PORT to another port")
	require.NotContains(t, err.Error(), "\n")
	require.NoDirExists(t, s.path("servers"))
}

func TestAPortThatIsNoNumberIsToldByItsVariable(t *testing.T) {
	t.Setenv("RECOURSE_API_PORT", "abc")
	_, err := readSettings(t.TempDir(), t.TempDir())
	require.ErrorContains(t, err, "RECOURSE_API_PORT must be a whole number from 0 to 65535")
}

func TestAShellThatReadTheEnvironmentOfTheLastRunStartsTheNext(t *testing.T) {
	directory := t.TempDir()
	ours := settings{directory: directory}
	t.Setenv("DATABASE_URL", "postgres://recourse:canary@127.0.0.1:54320/recourse?sslmode=disable")
	t.Setenv("TEMPORAL_ADDRESS", "127.0.0.1:7233")
	for name, c := range map[string]struct {
		tokens string
		own    bool
	}{
		"of this stack":                {ours.path("tokens"), true},
		"of another":                   {filepath.Join(t.TempDir(), "tokens"), false},
		"none: the servers were given": {"", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("RECOURSE_TOKENS_DIR", c.tokens)
			s, err := readSettings(t.TempDir(), directory)
			require.NoError(t, err)
			require.Equal(t, c.own, s.DatabaseURL == "")
			require.Equal(t, c.own, s.TemporalAddress == "")
			t.Setenv("RECOURSE_POSTGRESQL_PORT", "54321")
			s, err = readSettings(t.TempDir(), directory)
			require.NoError(t, err)
			require.NotEmpty(t, s.DatabaseURL, "that is another server")
		})
	}
}

func TestAServerThatWasGivenAndIsAwayIsToldWithWhereItsAddressMayComeFrom(t *testing.T) {
	s := onFreePorts(t)
	s.DatabaseURL = "postgres://recourse:canary@" + stack.Address(int(s.PostgreSQLPort)) + "/recourse"
	err := runStack(t.Context(), s)
	require.ErrorContains(t, err, "the PostgreSQL of DATABASE_URL doesn't answer")
	require.ErrorContains(t, err, "unset DATABASE_URL and TEMPORAL_ADDRESS if they come from .local/environment")
}

func TestASecondRunInTheSameTreeIsRefused(t *testing.T) {
	s := onFreePorts(t)
	held, err := stack.Lock(s.directory)
	require.NoError(t, err)
	defer held.Close()
	require.ErrorIs(t, runStack(t.Context(), s), stack.ErrInUse)
}

func TestDataInUseAreNotForgotten(t *testing.T) {
	s := onFreePorts(t)
	held, err := stack.Lock(s.directory)
	require.NoError(t, err)
	require.NoError(t, s.keepLinkKey())
	require.ErrorIs(t, forget(s.directory), stack.ErrInUse)
	require.FileExists(t, s.path("link-key"))
	require.NoError(t, held.Close())
	require.NoError(t, forget(s.directory))
	require.NoDirExists(t, s.directory)
	require.NoError(t, forget(s.directory), "there is nothing left to forget")
}

func TestTwoServersOnOnePortAreRefused(t *testing.T) {
	s := onFreePorts(t)
	s.MailPort = s.APIPort
	require.EqualError(t, s.checkPorts(), "RECOURSE_MAIL_PORT and RECOURSE_API_PORT are both "+
		strings.TrimPrefix(webAddress(s.APIPort), "http://127.0.0.1:")+": give them different ports")
}

func TestAShellReadsTheEnvironmentAsItWasWritten(t *testing.T) {
	s := settings{directory: t.TempDir(), APIPort: 8080}
	awkward := `it's $HOME "quoted" \ and spaced`
	require.NoError(t, s.writeEnvironment(map[string]string{"RECOURSE_SMTP_FROM": awkward}, "http://127.0.0.1:8233"))
	output, err := exec.Command("sh", "-c", `. "$1"; printf '%s|%s' "$RECOURSE_SMTP_FROM" "$RECOURSE_API_URL"`, "sh", s.path("environment")).Output()
	require.NoError(t, err)
	require.Equal(t, awkward+"|http://127.0.0.1:8080", string(output))
	info, err := os.Stat(filepath.Join(s.directory, "environment"))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
}

func TestASettingFromOutsideDoesNotReachOurPrograms(t *testing.T) {
	t.Setenv("RECOURSE_LINK_KEY", "from outside")
	t.Setenv("UNRELATED", "stays")
	environment := forChild(map[string]string{"RECOURSE_LINK_KEY_FILE": "/key"})
	require.NotContains(t, environment, "RECOURSE_LINK_KEY=from outside")
	require.Contains(t, environment, "RECOURSE_LINK_KEY_FILE=/key")
	require.Contains(t, environment, "UNRELATED=stays")
}
