package stack

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
)

// debianPrograms is where Debian keeps each version's programs, in a directory of its own, outside the PATH.
const debianPrograms = "/usr/lib/postgresql"

// findPostgreSQL returns the directory of the newest PostgreSQL's programs, installing Debian's package when there is none and we may.
func findPostgreSQL(ctx context.Context, say func(string, ...any)) (string, error) {
	if found := installedPostgreSQL(); found != "" {
		return found, nil
	}
	apt, err := exec.LookPath("apt-get")
	if err != nil {
		return "", errors.New("PostgreSQL isn't installed: install PostgreSQL 14 or newer (the programs initdb and postgres), or set DATABASE_URL")
	}
	var asRoot []string
	if os.Geteuid() != 0 {
		sudo, err := exec.LookPath("sudo")
		if err != nil || exec.CommandContext(ctx, sudo, "-n", "true").Run() != nil {
			return "", errors.New("PostgreSQL isn't installed: run “sudo apt-get install postgresql”, or set DATABASE_URL")
		}
		asRoot = []string{sudo, "-n"}
	}
	say("Installing PostgreSQL (apt-get install postgresql)")
	for _, arguments := range [][]string{{"update"}, {"install", "-y", "--no-install-recommends", "postgresql"}} {
		command := append(append([]string{}, asRoot...), "env", "DEBIAN_FRONTEND=noninteractive", apt, "-qq")
		command = append(command, arguments...)
		output, err := exec.CommandContext(ctx, command[0], command[1:]...).CombinedOutput()
		if err != nil {
			return "", fmt.Errorf("install PostgreSQL (apt-get %s): %w: %s; install it yourself, or set DATABASE_URL", arguments[0], err, lastLine(output))
		}
	}
	if found := installedPostgreSQL(); found != "" {
		return found, nil
	}
	return "", errors.New("apt-get installed postgresql, but there is no /usr/lib/postgresql/*/bin/postgres: set DATABASE_URL")
}

func installedPostgreSQL() string {
	best, newest := "", 0
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
		return filepath.Dir(initdb)
	}
	return ""
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
