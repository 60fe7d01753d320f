package process

import (
	"runtime"

	"golang.org/x/sys/unix"

	"syscall"
)

func attributes(command Command) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: command.DeathSignal, Credential: command.User}
}

// EndWithParent makes the kernel send this program SIGTERM when the program that started it dies,
// so that killing make ends what make started. Call it once, first thing in main.
func EndWithParent() error {
	// The request is kept with the thread that makes it.
	runtime.LockOSThread()
	return unix.Prctl(unix.PR_SET_PDEATHSIG, uintptr(unix.SIGTERM), 0, 0, 0)
}
