package stack

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

const (
	temporaryPrefix = "recourse-stack-"
	lockName        = "lock"

	// leastSpaceForData is what a new PostgreSQL with Temporal's schemas and a day's work need, in
	// bytes.
	leastSpaceForData = 500 << 20
	// leastSpaceForBuild is what Go's build cache and the three programs need when Temporal is
	// built for the first time, in bytes.
	leastSpaceForBuild = 4 << 30
)

// ErrInUse says that another running stack has the directory.
var ErrInUse = errors.New("already in use")

// Lock takes a directory for one running stack, by a file in it, until the returned file is closed
// or its holder dies, however it dies. It returns an error that wraps ErrInUse when another has it.
func Lock(directory string) (*os.File, error) {
	return lock(directory, lockName, os.O_CREATE)
}

// lockFresh is Lock for a directory that has just been made. The lock gets its name only when it is
// held: another stack that starts at this very moment sweeps away directories with a lock that
// nobody holds.
func lockFresh(directory string) (*os.File, error) {
	const unnamed = lockName + ".new"
	file, err := lock(directory, unnamed, os.O_CREATE)
	if err != nil {
		return nil, err
	}
	if err := os.Rename(filepath.Join(directory, unnamed), filepath.Join(directory, lockName)); err != nil {
		file.Close()
		return nil, fmt.Errorf("name the lock of the stack's directory: %w", err)
	}
	return file, nil
}

func lock(directory, name string, create int) (*os.File, error) {
	file, err := os.OpenFile(filepath.Join(directory, name), create|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the lock of the stack's directory: %w", err)
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		file.Close()
		return nil, fmt.Errorf("%s is %w by a running stack: stop that one first", directory, ErrInUse)
	}
	return file, nil
}

// sweepTemporaryDirectories removes what killed stacks have left behind. It is housekeeping: what
// can't be removed stays.
func sweepTemporaryDirectories() {
	left, err := filepath.Glob(filepath.Join(os.TempDir(), temporaryPrefix+"*"))
	if err != nil {
		return
	}
	for _, directory := range left {
		info, err := os.Lstat(filepath.Join(directory, lockName))
		if err != nil || !info.Mode().IsRegular() {
			continue
		}
		held, err := lock(directory, lockName, 0) // never made: its stack may be removing the directory by itself
		if err != nil {
			continue
		}
		_ = removeDirectory(directory)
		held.Close()
	}
}

// Forget removes a stack's directory with all its data. It refuses while the stack runs.
func Forget(directory string) error {
	if !exists(directory) {
		return nil
	}
	held, err := Lock(directory)
	if err != nil {
		return err
	}
	defer held.Close()
	return removeDirectory(directory)
}

func removeDirectory(directory string) error {
	var err error
	if target, linked := os.Readlink(filepath.Join(directory, "postgresql")); linked == nil && filepath.Dir(target) == elsewhere {
		err = os.RemoveAll(target)
	}
	return errors.Join(err, os.RemoveAll(directory))
}

// enoughSpace refuses to start on a full disk, where servers would fail later and less clearly.
func enoughSpace(directory string, least uint64) error {
	var disk syscall.Statfs_t
	if err := syscall.Statfs(directory, &disk); err != nil {
		return fmt.Errorf("measure the free space of %s: %w", directory, err)
	}
	//nolint:unconvert // other systems count in other types
	if free := uint64(disk.Bavail) * uint64(disk.Bsize); free < least {
		return fmt.Errorf("the disk of %s is full: %d MB are free, %d MB are needed; make room and try again", directory, free>>20, least>>20)
	}
	return nil
}

// Root is the project's own directory: the nearest one upward from the working directory whose
// go.mod is Recourse's.
func Root() (string, error) {
	directory, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find the project's directory: %w", err)
	}
	for {
		if module, err := os.ReadFile(filepath.Join(directory, "go.mod")); err == nil && strings.HasPrefix(string(module), "module recourse\n") {
			return directory, nil
		}
		parent := filepath.Dir(directory)
		if parent == directory {
			return "", errors.New("not inside the Recourse project: no go.mod of module recourse from here upward")
		}
		directory = parent
	}
}
