package plan_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
)

func TestRungsStandAtAShareOfTheTimeAtDueAndAfterIt(t *testing.T) {
	m := newMatter(t).investigated("2 10:00")
	require.Equal(t, []string{"75% 3 04:00", "due 3 10:00", "+2h 3 12:00"}, m.ladder("elapsed"), "elapsed time runs through the night")
	require.Equal(t, []string{"50% 2 15:30", "due 3 10:30"}, m.ladder("working"))
}

func TestAPauseMovesTheRungsThatAreStillToFire(t *testing.T) {
	m := newMatter(t).investigated("2 10:00")
	m.rest("2 14:00", "2 17:00")
	require.Equal(t, []string{"75% 3 07:00", "due 3 13:00", "+2h 3 15:00"}, m.ladder("elapsed"))
}

func TestARungThatHasFiredStaysWhereItWas(t *testing.T) {
	m := newMatter(t).investigated("2 10:00")
	m.happen(complaint.Event{Kind: complaint.RungFired, At: m.on("3 04:00"), By: complaint.Clock, Rung: &complaint.RungRef{Deadline: "elapsed", Round: 1, Rung: 0}})
	m.rest("3 05:00", "3 08:00")
	require.Equal(t, []string{"75% 3 04:00", "due 3 13:00", "+2h 3 15:00"}, m.ladder("elapsed"))
	require.True(t, m.deadline("elapsed").Rungs[0].Done())
}

// Due on a Sunday at two: each tier gets its chance on Monday, with the gaps in working time; lunch
// is none.
func TestALadderToldInWorkingHoursIsHeldBackWithItsGaps(t *testing.T) {
	for _, row := range []struct {
		name, start, due string
		told             []string
	}{
		{"in working hours, but for lunch", "2 10:00", "3 10:00", []string{"due 3 10:00", "+1h 3 11:00", "+3h 3 13:30"}},
		{"from Sunday to Monday", "7 02:00", "8 02:00", []string{"due 9 09:00", "+1h 9 10:00", "+3h 9 13:30"}},
		{"from the evening to the morning", "2 20:00", "3 20:00", []string{"due 4 09:00", "+1h 4 10:00", "+3h 4 13:30"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			m := newMatter(t).investigated(row.start)
			require.Equal(t, row.told, m.ladder("held-back"))
			require.Equal(t, row.due, m.due("held-back"), "when it is due and when it is told are two things")
		})
	}
}

func TestWallClocksRingAtTheSameMinuteNotTheSameSecond(t *testing.T) {
	seconds := map[string]int{}
	for _, number := range []string{"SH-2026-0001", "SH-2026-0002", "SH-2026-0003", "SH-2026-0001"} {
		m := newMatter(t)
		m.Number = number
		m.investigated("7 02:00")
		rungs := m.deadline("held-back").Rungs
		require.Equal(t, "9 09:00", m.local(rungs[0].At))
		if before, again := seconds[number]; again {
			require.Equal(t, before, rungs[0].At.Second(), "stable by the number")
		}
		seconds[number] = rungs[0].At.Second()
		require.Equal(t, rungs[0].At.Second(), rungs[1].At.Second(), "the gaps stay")
		require.Zero(t, m.deadline("held-back").DueAt.Second(), "what is due is not shifted")
		for _, rung := range m.deadline("elapsed").Rungs {
			require.Zero(t, rung.At.Second(), "nor do clocks that run through the night ring together")
		}
	}
	distinct := map[int]bool{}
	for _, second := range seconds {
		distinct[second] = true
	}
	require.Greater(t, len(distinct), 1)
}

func TestALadderWithoutARungAtDueNotesSilentlyThatItLapsed(t *testing.T) {
	m := newMatter(t)
	for i, rule := range m.rules.Procedure.Deadlines {
		if rule.ID == "elapsed" {
			ladder := m.rules.Procedure.Deadlines[i].Ladder.Rungs
			m.rules.Procedure.Deadlines[i].Ladder.Rungs = append(ladder[:1:1], ladder[2:]...)
		}
	}
	m.investigated("2 10:00")
	require.Equal(t, []string{"75% 3 04:00", "due 3 10:00", "+2h 3 12:00"}, m.ladder("elapsed"))
	silent := m.deadline("elapsed").Rungs[1]
	require.True(t, silent.Lapses)
	require.Empty(t, silent.Tell)
	require.Equal(t, 24*time.Hour, silent.At.Sub(m.deadline("elapsed").StartedAt))
}

// Whatever makes rungs overdue, they come one after the other, with their gaps in working time, so
// that each tier has its chance.
// First review: B1.
func TestNoLadderFallsDownAtOnce(t *testing.T) {
	fire := func(m *matter, at string, rung int) {
		m.happen(complaint.Event{Kind: complaint.RungFired, At: m.on(at), By: complaint.Clock, Rung: &complaint.RungRef{Deadline: "elapsed", Round: 1, Rung: rung}})
	}
	for _, row := range []struct {
		name   string
		lived  func(*matter)
		ladder []string
	}{
		{"shortened by hand", func(m *matter) {
			m.step("2 14:00", manager, complaint.Extend, complaint.Facts{Extension: &complaint.Extension{Deadline: "elapsed", Due: m.on("2 14:30")}})
			m.step("2 16:00", storeHead, complaint.Reassign, complaint.Facts{Assignment: &complaint.Assignment{Department: "counter"}})
		}, []string{"75% 2 16:00", "due 2 17:00", "+2h 3 10:00"}},
		{"nobody was there to ring at night", func(m *matter) { fire(m, "3 15:00", 0) }, []string{"75% 3 04:00", "due 3 16:00", "+2h 4 09:00"}},
		{"and another department got it meanwhile", func(m *matter) {
			fire(m, "3 15:00", 0)
			m.step("3 15:30", storeHead, complaint.Reassign, complaint.Facts{Assignment: &complaint.Assignment{Department: "counter"}})
		}, []string{"75% 3 04:00", "due 3 16:00", "+2h 4 09:00"}},
		{"one came late, and those after it are in time", func(m *matter) { fire(m, "3 09:58", 0) }, []string{"75% 3 04:00", "due 3 10:00", "+2h 3 12:00"}},
		{"in time, they stay where they stand", func(m *matter) { fire(m, "3 04:00", 0) }, []string{"75% 3 04:00", "due 3 10:00", "+2h 3 12:00"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			m := newMatter(t).investigated("2 10:00")
			row.lived(m)
			require.Equal(t, row.ladder, m.ladder("elapsed"))
		})
	}
}

// What is told at any hour is told when it is due, however late the call was noted.
func TestWhoeverNotesACallLateStillHasItsRungsInTime(t *testing.T) {
	for _, row := range []struct {
		name, heard, noted string
		ladder             []string
	}{
		{"a minute before it is due", "7 20:22", "8 20:21", []string{"75% 8 20:21", "due 8 20:22", "+2h 8 22:22"}},
		{"once it is due, too, each tier has its chance", "7 20:22", "8 20:30", []string{"75% 8 20:30", "due 9 16:30", "+2h 10 09:30"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			m := newMatter(t)
			for i, rule := range m.rules.Procedure.Deadlines {
				if rule.ID == "elapsed" {
					whole, _ := m.rules.Procedure.Deadline("whole")
					m.rules.Procedure.Deadlines[i].From = whole.From
				}
			}
			heard, noted := m.on(row.heard), m.on(row.noted)
			registers := complaint.Step{Name: complaint.Register, At: noted, By: m.rules.Directory.Actor(clerk, noted, m.rules.Procedure.Roles),
				Facts: complaint.Facts{Registration: &complaint.Registration{Procedure: "shop", Version: 1, Channel: "phone", Category: "goods", Language: "en", HeardAt: &heard}}}
			happened := m.Unfold(complaint.Event{Kind: complaint.StepTaken, At: noted, By: clerk, Step: &registers})
			m.Complaint = m.rules.Follow(complaint.Write{Complaint: m.Complaint, Happened: happened}).Complaint
			require.Equal(t, row.ladder, m.ladder("elapsed"))
		})
	}
}
