// Package process runs the programs of a local stack as children that never outlive it.
//
// Each child has a process group of its own, so that Ctrl-C in the terminal reaches only the
// parent, which then stops its children in order; and on Linux the kernel ends a child when its
// parent dies, so that even kill -9 of the parent leaves no orphan.
package process

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Command says what to run and how to end it.
type Command struct {
	// Name is what error messages call the program, for example "PostgreSQL".
	Name string
	// Path and Arguments are the program and what it is given, without the program's own name.
	Path      string
	Arguments []string
	// Environment is the whole environment, as in exec.Cmd; nil hands on the parent's.
	Environment []string
	// Directory is the working directory; empty is the parent's.
	Directory string
	// LogFile receives standard output and error, appended. Empty together with a nil Output
	// discards them.
	LogFile string
	// Output receives standard output and error when LogFile is empty.
	Output io.Writer
	// User runs the child as another user, which only root may do; nil runs it as the parent's
	// user.
	User *syscall.Credential
	// StopSignal asks the program to end in good order; the zero value is SIGTERM.
	StopSignal syscall.Signal
	// DeathSignal is what the kernel sends when the parent dies; the zero value is SIGKILL. Linux
	// only.
	DeathSignal syscall.Signal
	// Grace is how long Stop waits after StopSignal before it kills; the zero value is ten seconds.
	Grace time.Duration
}

// Process is a running, or ended, child.
type Process struct {
	command Command
	cmd     *exec.Cmd
	logFrom int64
	done    chan struct{}
	err     error
}

// Start runs the command. The child lives until it ends by itself, Stop, Kill, or the end of the
// calling program.
func Start(command Command) (*Process, error) {
	if command.StopSignal == 0 {
		command.StopSignal = syscall.SIGTERM
	}
	if command.DeathSignal == 0 {
		command.DeathSignal = syscall.SIGKILL
	}
	if command.Grace == 0 {
		command.Grace = 10 * time.Second
	}
	cmd := exec.Command(command.Path, command.Arguments...)
	cmd.Env = command.Environment
	cmd.Dir = command.Directory
	cmd.SysProcAttr = attributes(command)
	cmd.WaitDelay = time.Second
	p := &Process{command: command, cmd: cmd, done: make(chan struct{})}
	if command.LogFile != "" {
		log, err := os.OpenFile(command.LogFile, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
		if err != nil {
			return nil, fmt.Errorf("open the log of %s: %w", command.Name, err)
		}
		defer log.Close()
		if p.logFrom, err = log.Seek(0, io.SeekEnd); err != nil {
			return nil, fmt.Errorf("open the log of %s: %w", command.Name, err)
		}
		cmd.Stdout, cmd.Stderr = log, log
	} else {
		cmd.Stdout, cmd.Stderr = command.Output, command.Output
	}
	if err := startOnLastingThread(cmd); err != nil {
		return nil, fmt.Errorf("start %s: %w", command.Name, err)
	}
	go func() {
		p.err = cmd.Wait()
		close(p.done)
	}()
	return p, nil
}

// Run runs the command to its end and returns what it said, on both streams. When ctx ends before
// the command does, the command is asked to stop, as Stop does, and the error is ctx.Err() alone:
// whoever interrupts a program doesn't want to read that it was interrupted.
func Run(ctx context.Context, command Command) ([]byte, error) {
	var said bytes.Buffer
	command.LogFile, command.Output = "", &said
	p, err := Start(command)
	if err != nil {
		return nil, err
	}
	select {
	case <-p.done:
		return said.Bytes(), p.err
	case <-ctx.Done():
		p.Stop()
		return said.Bytes(), ctx.Err()
	}
}

// startOnLastingThread starts the child on a thread that lives as long as the program: the kernel's
// parent-death signal is sent when the thread that started the child ends, not only when the whole
// parent does.
func startOnLastingThread(cmd *exec.Cmd) error {
	result := make(chan error)
	lastingThread() <- func() { result <- cmd.Start() }
	return <-result
}

var lastingThread = sync.OnceValue(func() chan<- func() {
	work := make(chan func())
	go func() {
		runtime.LockOSThread()
		for f := range work {
			f()
		}
	}()
	return work
})

// PID is the child's process ID.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Name is the command's name.
func (p *Process) Name() string { return p.command.Name }

// Done is closed when the child has ended.
func (p *Process) Done() <-chan struct{} { return p.done }

// Running tells whether the child has not ended yet.
func (p *Process) Running() bool {
	select {
	case <-p.done:
		return false
	default:
		return true
	}
}

// ExitCode is the status with which the child ended; -1 while it runs or when a signal ended it.
func (p *Process) ExitCode() int {
	if p.Running() {
		return -1
	}
	return p.cmd.ProcessState.ExitCode()
}

// Stop asks the child to end, waits, and kills its whole group when it takes longer than the
// command's grace. Stopping one that has ended does nothing. The exit status of a child that was
// asked to end is no error.
func (p *Process) Stop() {
	_ = p.cmd.Process.Signal(p.command.StopSignal)
	select {
	case <-p.done:
	case <-time.After(p.command.Grace):
	}
	p.Kill()
}

// Kill ends the child and its group at once, as kill -9 or a power cut would, and waits until they
// are gone.
func (p *Process) Kill() {
	if err := syscall.Kill(-p.PID(), syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
		_ = p.cmd.Process.Kill()
	}
	<-p.done
}

// Err is one line that says how the child ended and, when its log tells, why. It is nil while the
// child runs.
func (p *Process) Err() error {
	if p.Running() {
		return nil
	}
	how := "ended"
	if p.err != nil {
		how = p.err.Error()
	}
	if p.command.LogFile == "" {
		return fmt.Errorf("%s stopped (%s)", p.Name(), how)
	}
	return fmt.Errorf("%s stopped (%s); its log %s ends: %s", p.Name(), how, p.command.LogFile, p.LastWords())
}

// LastWords is the last line of this run that the child wrote to its log file which tells of a
// failure, else simply the last line.
func (p *Process) LastWords() string {
	written := bytes.TrimSpace(p.Log())
	if len(written) == 0 {
		return "(nothing)"
	}
	lines := strings.Split(string(written), "\n")
	for _, line := range slices.Backward(lines) {
		if lower := strings.ToLower(line); strings.Contains(lower, "fatal") || strings.Contains(lower, "panic") || strings.Contains(lower, "error") {
			return shorten(line)
		}
	}
	return shorten(lines[len(lines)-1])
}

// Log is the end of what this run wrote to its log file, at most 64 KiB.
func (p *Process) Log() []byte {
	file, err := os.Open(filepath.Clean(p.command.LogFile))
	if err != nil {
		return nil
	}
	defer file.Close()
	size, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		return nil
	}
	from := max(p.logFrom, size-64<<10)
	written, err := io.ReadAll(io.NewSectionReader(file, from, size-from))
	if err != nil {
		return nil
	}
	return written
}

func shorten(line string) string {
	const longest = 400
	line = strings.ToValidUTF8(strings.TrimSpace(line), "")
	if len(line) > longest {
		return strings.ToValidUTF8(line[:longest], "") + "…"
	}
	return line
}
