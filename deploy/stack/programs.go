package stack

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"recourse/deploy/process"
)

// programs are Temporal's own, as production runs them.
type programs struct {
	server, sqlTool, ui string
}

var temporalPrograms = []struct{ name, importPath string }{
	{"temporal-server", "go.temporal.io/server/cmd/server"},
	{"temporal-sql-tool", "go.temporal.io/server/cmd/tools/sql"},
	{"temporal-ui", "github.com/temporalio/ui-server/v2/cmd/server"},
}

// buildTemporal returns Temporal's programs, built from deploy/temporal, whose go.sum pins them.
// They are kept in the user's cache directory, where every clone on the machine finds them, under a
// name made of that go.sum and Go's version.
func buildTemporal(ctx context.Context, say func(string, ...any)) (programs, error) {
	root, err := Root()
	if err != nil {
		return programs{}, err
	}
	module := filepath.Join(root, "deploy", "temporal")
	goProgram, err := exec.LookPath("go")
	if err != nil {
		return programs{}, errors.New("no Go on the PATH, and Temporal has to be built once: install Go 1.26 or newer, or set TEMPORAL_ADDRESS")
	}
	cache, err := programCache(ctx, goProgram, module)
	if err != nil {
		return programs{}, err
	}
	built := programs{
		server:  filepath.Join(cache, temporalPrograms[0].name),
		sqlTool: filepath.Join(cache, temporalPrograms[1].name),
		ui:      filepath.Join(cache, temporalPrograms[2].name),
	}
	if exists(built.server) && exists(built.sqlTool) && exists(built.ui) {
		return built, nil
	}
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return programs{}, fmt.Errorf("make the folder for Temporal's programs: %w", err)
	}
	release, err := waitForLock(ctx, filepath.Join(cache, lockName))
	if err != nil {
		return programs{}, err
	}
	defer release()
	began := time.Now()
	for i, program := range temporalPrograms {
		to := filepath.Join(cache, program.name)
		if exists(to) {
			continue
		}
		if err := enoughSpace(cache, leastSpaceForBuild); err != nil {
			return programs{}, err
		}
		say("Building Temporal, program %d of %d: %s. Once per machine; all three take six minutes on two idle cores, and up to twice as long beside other work.", i+1, len(temporalPrograms), program.name)
		if err := build(ctx, goProgram, module, program.importPath, to, began, say); err != nil {
			return programs{}, err
		}
	}
	say("Built Temporal in %s", time.Since(began).Round(time.Second))
	return built, nil
}

func programCache(ctx context.Context, goProgram, module string) (string, error) {
	home, err := os.UserCacheDir()
	if err != nil {
		home = filepath.Join(os.TempDir(), fmt.Sprintf("recourse-cache-%d", os.Getuid()))
	}
	sums, err := os.ReadFile(filepath.Join(module, "go.sum"))
	if err != nil {
		return "", fmt.Errorf("read the versions that Temporal is pinned to: %w", err)
	}
	ask := exec.CommandContext(ctx, goProgram, "env", "GOVERSION")
	ask.Dir = module
	version, err := ask.Output()
	if err != nil {
		return "", fmt.Errorf("ask Go for its version: %w", err)
	}
	key := sha256.Sum256(append(sums, version...))
	return filepath.Join(home, "recourse", "temporal-"+hex.EncodeToString(key[:8])), nil
}

func build(ctx context.Context, goProgram, module, importPath, to string, began time.Time, say func(string, ...any)) error {
	unfinished := to + ".new"
	finished := make(chan struct{})
	var output []byte
	var err error
	go func() {
		output, err = process.Run(ctx, process.Command{
			Name: "the build of Temporal", Path: goProgram, Arguments: []string{"build", "-buildvcs=false", "-ldflags=-s -w", "-o", unfinished, importPath},
			Directory: module, Environment: append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off", "GOFLAGS="),
		})
		close(finished)
	}()
	progress := time.NewTicker(15 * time.Second)
	defer progress.Stop()
	for {
		select {
		case <-progress.C:
			say("… still building Temporal, %s so far", time.Since(began).Round(time.Second))
			continue
		case <-finished:
		}
		break
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return fmt.Errorf("build Temporal's program %s: %w: %s", importPath, err, FirstFault(output))
	}
	if err := os.Rename(unfinished, to); err != nil {
		return fmt.Errorf("keep Temporal's program %s: %w", importPath, err)
	}
	return nil
}

// FirstFault is the line of a Go build's output that says what went wrong, not those about
// downloads before it.
func FirstFault(output []byte) string {
	for line := range strings.SplitSeq(string(output), "\n") {
		line = strings.TrimSpace(line)
		if strings.Contains(line, "no space left on device") {
			return "the disk is full: " + line
		}
		if line != "" && !strings.HasPrefix(line, "go: downloading") && !strings.HasPrefix(line, "#") {
			return line
		}
	}
	return "it said nothing"
}

// waitForLock waits while another process builds the same programs.
func waitForLock(ctx context.Context, path string) (release func(), err error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the folder of Temporal's programs: %w", err)
	}
	for {
		err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return func() { file.Close() }, nil
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			file.Close()
			return nil, fmt.Errorf("lock the folder of Temporal's programs: %w", err)
		}
		select {
		case <-ctx.Done():
			file.Close()
			return nil, ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
	}
}
