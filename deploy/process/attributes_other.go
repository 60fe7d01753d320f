//go:build !linux

package process

import "syscall"

func attributes(command Command) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Credential: command.User}
}

// EndWithParent does nothing here: only Linux tells a program that its parent has died.
func EndWithParent() error { return nil }
