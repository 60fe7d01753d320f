package casework_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/casework"
	"recourse/internal/complaint"
)

func TestAPreviewTellsWhatMovesOfEachClockAndNothingElse(t *testing.T) {
	day := func(n int) time.Time { return time.Date(2026, 12, n, 10, 0, 0, 0, time.UTC) }
	clock := func(name string, round, due int, rungs ...complaint.Rung) complaint.Deadline {
		return complaint.Deadline{Name: name, Round: round, State: complaint.Running, DueAt: day(due), Rungs: rungs}
	}
	rung := func(label string, at int) complaint.Rung { return complaint.Rung{Label: label, At: day(at)} }
	fired := rung("50%", 1)
	fired.FiredAt = new(day(1))
	for _, row := range []struct {
		name          string
		before, after []complaint.Deadline
		changes       []casework.DueChange
	}{
		{"two written orders of one name, where nothing moves",
			[]complaint.Deadline{clock("instruction", 1, 1), clock("instruction", 2, 8)},
			[]complaint.Deadline{clock("instruction", 1, 1), clock("instruction", 2, 8)}, nil},
		{"the second of two open matters",
			[]complaint.Deadline{clock("open-matter", 1, 1), clock("open-matter", 2, 8)},
			[]complaint.Deadline{clock("open-matter", 1, 1), clock("open-matter", 2, 9)},
			[]casework.DueChange{{Deadline: "open-matter", Round: 2, Before: day(8), After: day(9)}}},
		{"a rung that moves though the due time stays, and none that has rung",
			[]complaint.Deadline{clock("settle", 1, 1, fired, rung("due", 1), rung("+8wh", 2))},
			[]complaint.Deadline{clock("settle", 1, 1, fired, rung("due", 1), rung("+8wh", 3))},
			[]casework.DueChange{{Deadline: "settle", Round: 1, Before: day(1), After: day(1),
				Rungs: []casework.RungChange{{Label: "+8wh", Before: day(2), After: day(3)}}}}},
		{"another ladder",
			[]complaint.Deadline{clock("settle", 1, 1, rung("+8wh", 2))},
			[]complaint.Deadline{clock("settle", 1, 1, rung("+2wd", 3))},
			[]casework.DueChange{{Deadline: "settle", Round: 1, Before: day(1), After: day(1),
				Rungs: []casework.RungChange{{Label: "+8wh", Before: day(2)}, {Label: "+2wd", After: day(3)}}}}},
		{"a clock that ends", []complaint.Deadline{clock("settle", 1, 1, rung("due", 1))}, nil,
			[]casework.DueChange{{Deadline: "settle", Round: 1, Before: day(1)}}},
	} {
		t.Run(row.name, func(t *testing.T) {
			require.Equal(t, row.changes, casework.Changed(row.before, row.after))
		})
	}
}
