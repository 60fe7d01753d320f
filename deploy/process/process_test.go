package process_test

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/deploy/process"
)

// TestMain lets the test program play the parent that is killed in TestAKilledParentLeavesNoOrphan.
func TestMain(m *testing.M) {
	if os.Getenv("PROCESS_TEST_PARENT") == "" {
		os.Exit(m.Run())
	}
	child, err := process.Start(process.Command{Name: "sleeper", Path: "/bin/sleep", Arguments: []string{"600"}})
	if err != nil {
		os.Exit(1)
	}
	os.Stdout.WriteString(strconv.Itoa(child.PID()) + "\n")
	<-child.Done()
}

func TestAChildThatFailsIsToldWithItsLastWords(t *testing.T) {
	log := filepath.Join(t.TempDir(), "child.log")
	require.NoError(t, os.WriteFile(log, []byte("error of an earlier run\n"), 0o600))
	child, err := process.Start(process.Command{
		Name: "The worker", Path: "/bin/sh", Arguments: []string{"-c", "echo starting; echo 'ERROR: no such host' >&2; echo bye; exit 3"}, LogFile: log,
	})
	require.NoError(t, err)
	<-child.Done()
	require.Equal(t, 3, child.ExitCode())
	require.EqualError(t, child.Err(), "The worker stopped (exit status 3); its log "+log+" ends: ERROR: no such host")
}

func TestStopAsksFirstAndKillsTheWholeGroupInTheEnd(t *testing.T) {
	log := filepath.Join(t.TempDir(), "child.log")
	child, err := process.Start(process.Command{
		Name: "stubborn", Path: "/bin/sh", Arguments: []string{"-c", "trap 'echo asked' TERM; sleep 600 & echo $!; while true; do wait; done"}, LogFile: log,
		Grace: 200 * time.Millisecond,
	})
	require.NoError(t, err)
	require.Eventually(t, func() bool { return len(child.Log()) > 0 }, 10*time.Second, time.Millisecond)
	grandchild, err := strconv.Atoi(strings.TrimSpace(string(child.Log())))
	require.NoError(t, err)
	child.Stop()
	require.False(t, child.Running())
	require.Contains(t, string(child.Log()), "asked")
	require.Eventually(t, func() bool { return gone(grandchild) }, 10*time.Second, time.Millisecond)
	child.Stop()
}

func TestAKilledParentLeavesNoOrphan(t *testing.T) {
	parent := exec.Command(os.Args[0])
	parent.Env = append(os.Environ(), "PROCESS_TEST_PARENT=1")
	output, err := parent.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, parent.Start())
	line, err := bufio.NewReader(output).ReadString('\n')
	require.NoError(t, err)
	child, err := strconv.Atoi(strings.TrimSpace(line))
	require.NoError(t, err)
	require.False(t, gone(child))
	require.NoError(t, parent.Process.Kill())
	require.Error(t, parent.Wait())
	require.Eventually(t, func() bool { return gone(child) }, 10*time.Second, time.Millisecond)
}

func TestAProgramThatIsNotThereIsToldAtOnce(t *testing.T) {
	_, err := process.Start(process.Command{Name: "The server", Path: "/nowhere/server"})
	require.ErrorIs(t, err, os.ErrNotExist)
	require.ErrorContains(t, err, "start The server")
}

func TestARunThatIsInterruptedEndsWithWhateverItStartedAndSaysNothingElse(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	children := filepath.Join(t.TempDir(), "children")
	tidied := filepath.Join(t.TempDir(), "tidied")
	ended := make(chan error, 1)
	go func() {
		_, err := process.Run(ctx, process.Command{Name: "apt-get", Path: "/bin/sh", Arguments: []string{"-c",
			`trap 'echo >"$2"; exit 1' TERM; sleep 600 & echo $! >"$1.new"; mv "$1.new" "$1"; wait`, "sh", children, tidied}})
		ended <- err
	}()
	require.Eventually(t, func() bool { _, err := os.Stat(children); return err == nil }, 10*time.Second, time.Millisecond)
	interrupt()
	require.Equal(t, context.Canceled, <-ended)
	require.FileExists(t, tidied, "it is asked to end, not killed")
	written, err := os.ReadFile(children)
	require.NoError(t, err)
	child, err := strconv.Atoi(strings.TrimSpace(string(written)))
	require.NoError(t, err)
	require.Eventually(t, func() bool { return gone(child) }, 10*time.Second, time.Millisecond)
}

func TestARunToItsEndTellsWhatWasSaid(t *testing.T) {
	said, err := process.Run(t.Context(), process.Command{Name: "initdb", Path: "/bin/sh", Arguments: []string{"-c", "echo made; echo 'no space' >&2; exit 3"}})
	require.EqualError(t, err, "exit status 3")
	require.Equal(t, "made\nno space\n", string(said))
}

// gone tells whether a process has ended; one that nobody has waited for yet counts as ended.
func gone(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return true
	}
	status, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return true
	}
	_, after, _ := strings.Cut(string(status), ") ")
	return strings.HasPrefix(after, "Z")
}
