package stack

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestTheVersionOfPostgreSQLIsReadFromWhatItsProgramsSay(t *testing.T) {
	for said, version := range map[string]int{
		"initdb (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)": 15,
		"initdb (PostgreSQL) 17.0":                           17,
		"initdb (PostgreSQL) 18beta1":                        18,
		"initdb: something else":                             0,
	} {
		require.Equal(t, version, versionOf(said), said)
	}
}

func TestInterruptingTheInstallationOfPostgreSQLEndsItAndIsNoFailureOfItsOwn(t *testing.T) {
	asked := filepath.Join(t.TempDir(), "asked")
	apt := filepath.Join(t.TempDir(), "apt-get")
	require.NoError(t, os.WriteFile(apt, []byte("#!/bin/sh\ntrap 'exit 100' TERM\necho >"+asked+"\nsleep 600 & wait\n"), 0o700))
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	ended := make(chan error, 1)
	go func() { ended <- aptGet(ctx, nil, apt, []string{"update"}) }()
	require.Eventually(t, func() bool { return exists(asked) }, 10*time.Second, time.Millisecond)
	interrupt()
	require.Equal(t, context.Canceled, <-ended)
}
