package stack

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"

	"recourse/deploy/process"
)

// debianPrograms is where Debian keeps each version's programs, in a directory of its own, outside
// the PATH.
const debianPrograms = "/usr/lib/postgresql"

// leastPostgreSQL is the oldest major version that Recourse is tested with.
const leastPostgreSQL = 15

// findPostgreSQL returns the directory of the newest PostgreSQL's programs, installing Debian's
// package when there is none and we may.
func findPostgreSQL(ctx context.Context, say func(string, ...any)) (string, error) {
	if found := installedPostgreSQL(ctx); found != "" {
		return found, nil
	}
	apt, err := exec.LookPath("apt-get")
	if err != nil {
		return "", fmt.Errorf("PostgreSQL %d or newer isn't installed: install it (the programs initdb and postgres), or set DATABASE_URL", leastPostgreSQL)
	}
	var asRoot []string
	if os.Geteuid() != 0 {
		sudo, err := exec.LookPath("sudo")
		if err != nil || exec.CommandContext(ctx, sudo, "-n", "true").Run() != nil {
			return "", fmt.Errorf("PostgreSQL %d or newer isn't installed: run “sudo apt-get install postgresql”, or set DATABASE_URL", leastPostgreSQL)
		}
		asRoot = []string{sudo, "-n"}
	}
	say("Installing PostgreSQL (apt-get install postgresql)")
	install := []string{"install", "-y", "--no-install-recommends", "postgresql"}
	for _, arguments := range [][]string{{"update"}, append(install, "--download-only")} {
		if err := aptGet(ctx, asRoot, apt, arguments); err != nil {
			return "", err
		}
	}
	// A package manager that is interrupted leaves packages half unpacked, which somebody has to
	// repair by hand: this part, of some seconds, ends first.
	if err := aptGet(context.WithoutCancel(ctx), asRoot, apt, install); err != nil {
		return "", err
	}
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	if found := installedPostgreSQL(ctx); found != "" {
		return found, nil
	}
	return "", fmt.Errorf("apt-get installed postgresql, but %s holds no version %d or newer: set DATABASE_URL", debianPrograms, leastPostgreSQL)
}

func aptGet(ctx context.Context, asRoot []string, apt string, arguments []string) error {
	command := append(slices.Clone(asRoot), "env", "DEBIAN_FRONTEND=noninteractive", apt, "-qq")
	command = append(command, arguments...)
	program, err := exec.LookPath(command[0])
	if err != nil {
		return fmt.Errorf("install PostgreSQL: %w", err)
	}
	output, err := process.Run(ctx, process.Command{Name: "apt-get", Path: program, Arguments: command[1:]})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return fmt.Errorf("install PostgreSQL (apt-get %s): %w: %s; install it yourself, or set DATABASE_URL", arguments[0], err, lastLine(output))
	}
	return nil
}

// installedPostgreSQL is the directory of the newest installed version's programs that is new
// enough; empty when there is none.
func installedPostgreSQL(ctx context.Context) string {
	best, newest := "", leastPostgreSQL-1
	programs, err := filepath.Glob(filepath.Join(debianPrograms, "*", "bin", "postgres"))
	if err != nil {
		programs = nil
	}
	for _, program := range programs {
		directory := filepath.Dir(program)
		version, err := strconv.Atoi(filepath.Base(filepath.Dir(directory)))
		if err == nil && exists(filepath.Join(directory, "initdb")) && version > newest {
			best, newest = directory, version
		}
	}
	if best != "" {
		return best
	}
	if initdb, err := exec.LookPath("initdb"); err == nil {
		directory := filepath.Dir(initdb)
		said, err := process.Run(ctx, process.Command{Name: "initdb", Path: initdb, Arguments: []string{"--version"}})
		if err == nil && versionOf(string(said)) >= leastPostgreSQL && exists(filepath.Join(directory, "postgres")) {
			return directory
		}
	}
	return ""
}

// versionIn finds the major version in what a PostgreSQL program says of itself: "initdb
// (PostgreSQL) 15.8 (Debian 15.8-0+deb12u1)".
var versionIn = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

// versionOf is the major version; 0 when the program says none.
func versionOf(said string) int {
	found := versionIn.FindStringSubmatch(said)
	if found == nil {
		return 0
	}
	version, err := strconv.Atoi(found[1])
	if err != nil {
		return 0
	}
	return version
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
