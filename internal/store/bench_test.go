package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
	"recourse/internal/store/reading"
	"recourse/internal/store/storetest"
)

// A step costs the API one Submit and the worker one Record.

func BenchmarkRegister(b *testing.B) {
	s := storetest.New(b)
	b.ResetTimer()
	for range b.N {
		s.Register(b)
	}
}

func BenchmarkSubmit(b *testing.B) {
	s := storetest.New(b)
	l, _ := s.Recorded(b)
	b.ResetTimer()
	for range b.N {
		_, err := s.Submissions.Submit(b.Context(), storetest.Said(l.Number, "", "words"))
		require.NoError(b, err)
	}
}

// beginnings are n writes, each the beginning of another complaint: six rows, a clock, two tasks, a
// message, an answer.
func beginnings(b *testing.B, s *storetest.Database, n int) chan complaint.Write {
	writes := make(chan complaint.Write, n)
	for range n {
		_, w := storetest.Begun(s.Register(b))
		writes <- w
	}
	b.ResetTimer()
	return writes
}

func BenchmarkRecord(b *testing.B) {
	s := storetest.New(b)
	writes := beginnings(b, s, b.N)
	for range b.N {
		err := s.Writes.Commit(b.Context(), <-writes)
		require.NoError(b, err)
	}
}

// BenchmarkRecordParallel is the same by as many writers as there are processors, times eight.
func BenchmarkRecordParallel(b *testing.B) {
	s := storetest.New(b)
	writes := beginnings(b, s, b.N)
	b.SetParallelism(8)
	b.RunParallel(func(work *testing.PB) {
		for work.Next() {
			err := s.Writes.Commit(b.Context(), <-writes)
			require.NoError(b, err)
		}
	})
}

// BenchmarkList reads a page of what a department has in hand.
func BenchmarkList(b *testing.B) {
	s := storetest.New(b)
	s.SQL(b, many...)
	b.ResetTimer()
	for range b.N {
		_, _, err := s.Reading.List(b.Context(), storetest.Everybody, reading.Filter{Department: "department-7"}, "", 50)
		require.NoError(b, err)
	}
}

// BenchmarkVerify reads a record of a hundred complaints.
func BenchmarkVerify(b *testing.B) {
	s := storetest.New(b)
	for range 100 {
		s.Recorded(b)
	}
	b.ResetTimer()
	for range b.N {
		found, err := s.Record.Verify(b.Context(), nil)
		require.NoError(b, err)
		require.Empty(b, found)
	}
}
