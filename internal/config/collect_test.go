package config

import (
	"math"
	"os"
	"path/filepath"
	"runtime/debug"
	"testing"

	"github.com/stretchr/testify/require"
)

// First review: D10.
func TestTheContainersMemoryBoundsThePrograms(t *testing.T) {
	limit := debug.SetMemoryLimit(-1)
	percent := debug.SetGCPercent(100)
	t.Cleanup(func() { debug.SetMemoryLimit(limit); debug.SetGCPercent(percent) })
	t.Setenv("GOGC", "")
	t.Setenv("GOMEMLIMIT", "")
	group := func(file, bound string) string {
		folder := t.TempDir()
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(folder, file)), 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(folder, file), []byte(bound), 0o600))
		return folder
	}
	for _, c := range []struct {
		group string
		want  int64
	}{
		{group("memory.max", "500000000\n"), 450000000},
		{group("memory/memory.limit_in_bytes", "500000000\n"), 450000000},
		{group("memory.max", "max\n"), math.MaxInt64},
		{group("memory/memory.limit_in_bytes", "9223372036854771712\n"), math.MaxInt64},
		{t.TempDir(), math.MaxInt64},
	} {
		debug.SetMemoryLimit(math.MaxInt64)
		tuneMemory(c.group)
		require.Equal(t, c.want, debug.SetMemoryLimit(-1))
	}
	t.Setenv("GOMEMLIMIT", "1GiB")
	debug.SetMemoryLimit(1 << 30)
	tuneMemory(group("memory.max", "500000000\n"))
	require.EqualValues(t, 1<<30, debug.SetMemoryLimit(-1), "the environment says")
}
