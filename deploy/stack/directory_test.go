package stack

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"
)

func TestStacksThatStartAtTheSameTimeLeaveEachOtherAlone(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	var starting errgroup.Group
	for range 8 {
		starting.Go(func() error {
			for range 100 {
				s := &Stack{}
				if err := s.openDirectory(""); err != nil {
					return err
				}
				if _, err := os.Stat(filepath.Join(s.Directory, lockName)); err != nil {
					return err
				}
				if err := s.Stop(); err != nil {
					return err
				}
			}
			return nil
		})
	}
	require.NoError(t, starting.Wait())
}

func TestWhatAKilledStackLeftIsSweptAwayAndARunningOneStays(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	running, killed := &Stack{}, &Stack{}
	require.NoError(t, running.openDirectory(""))
	require.NoError(t, killed.openDirectory(""))
	require.NoError(t, killed.lock.Close()) // as its end does, however it ends
	sweepTemporaryDirectories()
	require.DirExists(t, running.Directory)
	require.NoDirExists(t, killed.Directory)
	require.NoError(t, running.Stop())
}
