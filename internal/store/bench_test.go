package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/store"
)

// A step costs the API one Submit and the worker one Record.

func BenchmarkRegister(b *testing.B) {
	s, _ := database(b)
	b.ResetTimer()
	for range b.N {
		register(b, s)
	}
}

func BenchmarkSubmit(b *testing.B) {
	s, _ := database(b)
	l, _ := recorded(b, s)
	b.ResetTimer()
	for range b.N {
		_, err := s.Submit(b.Context(), submission(l.Number, "", "words"))
		require.NoError(b, err)
	}
}

// beginnings are n writes, each the beginning of another complaint: six rows, a clock, two tasks, a message, an answer.
func beginnings(b *testing.B, s *store.Store, n int) chan store.Write {
	writes := make(chan store.Write, n)
	for range n {
		_, w := begun(register(b, s))
		writes <- w
	}
	b.ResetTimer()
	return writes
}

func BenchmarkRecord(b *testing.B) {
	s, _ := database(b)
	writes := beginnings(b, s, b.N)
	for range b.N {
		err := s.Record(b.Context(), <-writes)
		require.NoError(b, err)
	}
}

// BenchmarkRecordParallel is the same by as many writers as there are processors, times eight.
func BenchmarkRecordParallel(b *testing.B) {
	s, _ := database(b)
	writes := beginnings(b, s, b.N)
	b.SetParallelism(8)
	b.RunParallel(func(work *testing.PB) {
		for work.Next() {
			err := s.Record(b.Context(), <-writes)
			require.NoError(b, err)
		}
	})
}

// BenchmarkList reads a page of what a department has in hand.
func BenchmarkList(b *testing.B) {
	s, url := database(b)
	sql(b, url, many...)
	b.ResetTimer()
	for range b.N {
		_, _, err := s.List(b.Context(), everybody, store.Filter{Department: "department-7"}, "", 50)
		require.NoError(b, err)
	}
}

// BenchmarkVerify reads a record of a hundred complaints.
func BenchmarkVerify(b *testing.B) {
	s, _ := database(b)
	for range 100 {
		recorded(b, s)
	}
	b.ResetTimer()
	for range b.N {
		found, err := s.Verify(b.Context(), nil)
		require.NoError(b, err)
		require.Empty(b, found)
	}
}
