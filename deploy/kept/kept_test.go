package kept_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"recourse/deploy/kept"
)

func TestWhatIsKeptIsReadableByItsOwnerOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "link-key")
	require.NoError(t, kept.Write(path, []byte("key")))
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, "key", string(content))
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
}

func TestAFullDiskLeavesNoHalfOfAKey(t *testing.T) {
	var limit unix.Rlimit
	require.NoError(t, unix.Getrlimit(unix.RLIMIT_FSIZE, &limit))
	full := limit
	full.Cur = 4
	require.NoError(t, unix.Setrlimit(unix.RLIMIT_FSIZE, &full))
	directory := t.TempDir()
	err := kept.Write(filepath.Join(directory, "link-key"), []byte("a key of more than four bytes"))
	require.NoError(t, unix.Setrlimit(unix.RLIMIT_FSIZE, &limit))
	require.ErrorIs(t, err, unix.EFBIG)
	left, err := os.ReadDir(directory)
	require.NoError(t, err)
	require.Empty(t, left)
}
