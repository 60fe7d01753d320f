package plan_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/calendar"
	"recourse/internal/complaint"
)

func TestADeadlineIsDueByItsStartOverAllPauses(t *testing.T) {
	type pause struct{ from, to string }
	for _, row := range []struct {
		name, start      string
		pauses           []pause
		elapsed, working string // 24h, and 8wh: a working day has seven and a half
	}{
		{"no pause", "2 10:00", nil, "3 10:00", "3 10:30"},
		{"three hours of a working day", "2 10:00", []pause{{"2 14:00", "2 17:00"}}, "3 13:00", "3 15:00"},
		{"a night gives back no working time", "2 10:00", []pause{{"2 20:00", "3 08:00"}}, "3 22:00", "3 10:30"},
		{"lunch neither", "2 10:00", []pause{{"2 12:00", "2 13:30"}}, "3 11:30", "3 10:30"},
		{"a weekend is not credited twice", "6 10:00", []pause{{"6 17:00", "9 10:00"}}, "10 03:00", "9 14:00"},
		{"two pauses", "2 10:00", []pause{{"2 11:00", "2 12:00"}, {"2 14:00", "2 15:00"}}, "3 12:00", "3 14:00"},
		{"one that begins when time is up gives nothing back", "2 10:00", []pause{{"4 09:00", "5 09:00"}}, "3 10:00", "3 10:30"},
	} {
		t.Run(row.name, func(t *testing.T) {
			m := newMatter(t).investigated(row.start)
			for _, p := range row.pauses {
				m.rest(p.from, p.to)
			}
			require.Equal(t, row.elapsed, m.due("elapsed"))
			require.Equal(t, row.working, m.due("working"))
		})
	}
}

func TestAPauseIsCreditedOnceHoweverOftenADeadlineIsPlannedAnew(t *testing.T) {
	m := newMatter(t).investigated("2 10:00")
	m.rest("2 14:00", "2 17:00")
	for _, at := range []string{"2 17:10", "2 17:20"} {
		m.step(at, storeHead, complaint.Reassign, complaint.Facts{Assignment: &complaint.Assignment{Department: "counter"}})
		m.step(at, storeHead, complaint.Reassign, complaint.Facts{Assignment: &complaint.Assignment{Department: "store"}})
	}
	require.Equal(t, "3 13:00", m.due("elapsed"))
	require.Equal(t, "3 15:00", m.due("working"))
	m.step("2 17:30", manager, complaint.MarkSpecial, complaint.Facts{})
	require.Equal(t, "4 15:30", m.due("working"), "sixteen hours, and the same three of the pause")
}

func TestAPausedDeadlineRestsAndSoDoesOneAtAStageThatStopsIt(t *testing.T) {
	m := newMatter(t).investigated("2 10:00")
	m.suspend("2 14:00")
	require.Equal(t, complaint.Paused, m.deadline("elapsed").State)
	require.Equal(t, complaint.Running, m.deadline("held-back").State, "no suspension stops it")
	m.resume("2 17:00")
	require.Equal(t, complaint.Running, m.deadline("elapsed").State)

	m.enter("2 17:00", complaint.AwaitingCustomer)
	require.Equal(t, complaint.Paused, m.deadline("working").State)
	m.enter("3 09:30", complaint.Implementing)
	require.Equal(t, complaint.Running, m.deadline("working").State)
	require.Equal(t, "3 16:30", m.due("working"), "the five and a half hours that were left at two, from half past nine")
}

// An extension is an amount of time: the pauses before it are counted in it, those after it shift
// it.
// First review: B1.
func TestAnExtendedDeadlineStillCountsItsPauses(t *testing.T) {
	extend := func(m *matter, at, clock, due string) {
		m.step(at, manager, complaint.Extend, complaint.Facts{Extension: &complaint.Extension{Deadline: clock, Due: m.on(due)}})
	}
	for _, row := range []struct {
		name             string
		lived            func(*matter)
		elapsed, working string
	}{
		{"never paused", func(*matter) {}, "5 12:00", "5 12:00"},
		{"paused later", func(m *matter) { m.rest("3 14:00", "4 17:00") }, "6 15:00", "6 16:30"},
		{"paused overnight", func(m *matter) { m.rest("3 20:00", "4 08:00") }, "6 00:00", "5 12:00"},
		{"paused twice", func(m *matter) { m.rest("3 14:00", "3 17:00"); m.rest("4 14:00", "4 17:00") }, "5 18:00", "6 10:30"},
		{"extended again", func(m *matter) {
			m.rest("3 14:00", "3 17:00")
			extend(m, "4 10:00", "elapsed", "9 12:00")
			extend(m, "4 10:00", "working", "9 12:00")
			m.rest("4 14:00", "4 17:00")
		}, "9 15:00", "9 16:30"},
		{"extended while it rests", func(m *matter) {
			m.suspend("3 14:00")
			extend(m, "3 15:00", "elapsed", "6 12:00")
			extend(m, "3 15:00", "working", "6 12:00")
			m.resume("4 14:00")
		}, "7 12:00", "9 12:00"},
		{"given to another department, reckoned anew", func(m *matter) {
			m.rest("3 14:00", "3 17:00")
			m.step("4 10:00", storeHead, complaint.Reassign, complaint.Facts{Assignment: &complaint.Assignment{Department: "counter"}})
		}, "5 15:00", "5 16:30"},
	} {
		t.Run(row.name, func(t *testing.T) {
			m := newMatter(t).investigated("2 10:00")
			extend(m, "2 11:00", "elapsed", "5 12:00")
			extend(m, "2 11:00", "working", "5 12:00")
			row.lived(m)
			require.Equal(t, row.elapsed, m.due("elapsed"))
			require.Equal(t, row.working, m.due("working"))
		})
	}
}

// Five days from Monday end on a Saturday, so the clock is due on the next Monday; who extends it
// sees that date, and what they say holds.
// First review: B7.
func TestAnExtensionOfAClockMovedToAWorkingDayHoldsAsItWasSaid(t *testing.T) {
	extend := func(m *matter, at, due string) {
		m.step(at, manager, complaint.Extend, complaint.Facts{Extension: &complaint.Extension{Deadline: "elapsed", Due: m.on(due)}})
	}
	for _, row := range []struct {
		name       string
		lived      func(*matter)
		moved, due string
	}{
		{"never paused", func(*matter) {}, "9 10:00", "11 12:00"},
		{"paused before, so that it ends on the Sunday", func(m *matter) { m.rest("3 10:00", "4 10:00") }, "9 10:00", "11 12:00"},
		{"paused before, so that it ends on the Monday", func(m *matter) { m.rest("3 10:00", "5 10:00") }, "9 10:00", "11 12:00"},
	} {
		t.Run(row.name, func(t *testing.T) {
			m := newMatter(t)
			for i, rule := range m.rules.Procedure.Deadlines {
				if rule.ID == "elapsed" {
					m.rules.Procedure.Deadlines[i].Within = calendar.MustParseDuration("5d or next working day")
				}
			}
			m.investigated("2 10:00")
			row.lived(m)
			require.Equal(t, row.moved, m.due("elapsed"))
			extend(m, "6 11:00", "11 12:00")
			require.Equal(t, row.due, m.due("elapsed"), "not two days more for the days off that were skipped")
			extend(m, "6 11:30", "12 12:00")
			require.Equal(t, "12 12:00", m.due("elapsed"), "extended again")
			m.step("6 12:00", storeHead, complaint.Reassign, complaint.Facts{Assignment: &complaint.Assignment{Department: "counter"}})
			require.Equal(t, "12 12:00", m.due("elapsed"), "reckoned anew")
		})
	}
}

func TestASpecialCaseGetsItsTimeAndWhatItWasGivenBefore(t *testing.T) {
	m := newMatter(t).investigated("2 10:00")
	m.step("2 11:00", manager, complaint.Extend, complaint.Facts{Extension: &complaint.Extension{Deadline: "working", Due: m.on("3 15:30")}})
	m.step("2 12:00", manager, complaint.MarkSpecial, complaint.Facts{})
	require.Equal(t, "4 16:00", m.due("working"), "sixteen hours, and the three and a half that it was given")
}

func TestADeadlineEndsMetLateOrNotNeeded(t *testing.T) {
	for _, row := range []struct {
		name, at string
		stage    complaint.Stage
		want     complaint.DeadlineState
	}{
		{"in time", "3 10:00", complaint.Proposing, complaint.Met},
		{"a minute late", "3 10:01", complaint.Proposing, complaint.MetLate},
		{"closed before it mattered", "2 11:00", complaint.Closed, complaint.NotNeeded},
		{"back in screening, no department has it", "2 11:00", complaint.Received, complaint.NotNeeded},
	} {
		t.Run(row.name, func(t *testing.T) {
			m := newMatter(t).investigated("2 10:00")
			ended := map[string]complaint.Deadline{}
			for _, e := range m.enter(row.at, row.stage).Decided {
				if e.Kind == complaint.DeadlineEnded {
					ended[e.Deadline.Name] = *e.Deadline
				}
			}
			require.Equal(t, row.want, ended["elapsed"].State)
			require.Equal(t, row.want == complaint.MetLate, ended["elapsed"].LapsedAt != nil)
		})
	}
}

// The rung at due may ring later than the time is over, where it was registered long after it was
// heard, or nobody was there to ring.
func TestWhatWasLateStaysSoWhateverIsDoneBeforeItsRungRings(t *testing.T) {
	extend := func(at, due string) func(*matter) complaint.Write {
		return func(m *matter) complaint.Write {
			return m.step(at, manager, complaint.Extend, complaint.Facts{Extension: &complaint.Extension{Deadline: "elapsed", Due: m.on(due)}})
		}
	}
	enter := func(at string, stage complaint.Stage) func(*matter) complaint.Write {
		return func(m *matter) complaint.Write { return m.enter(at, stage) }
	}
	for _, row := range []struct {
		name  string
		lived []func(*matter) complaint.Write
		want  complaint.DeadlineState
		late  bool
	}{
		{"given more time, and met by then", []func(*matter) complaint.Write{extend("3 11:00", "4 12:00"), enter("3 15:00", complaint.Proposing)}, complaint.Met, true},
		{"it rests when it is done", []func(*matter) complaint.Write{
			func(m *matter) complaint.Write { m.suspend("3 11:00"); return complaint.Write{} }, enter("3 15:00", complaint.Proposing)}, complaint.MetLate, true},
		{"not needed any more", []func(*matter) complaint.Write{enter("3 11:00", complaint.Closed)}, complaint.NotNeeded, true},
		{"given more time before it was late", []func(*matter) complaint.Write{extend("3 09:30", "4 12:00"), enter("3 15:00", complaint.Proposing)}, complaint.Met, false},
		{"not needed any more before it was late", []func(*matter) complaint.Write{enter("3 09:30", complaint.Closed)}, complaint.NotNeeded, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			m := newMatter(t).investigated("2 10:00")
			var last complaint.Write
			for _, lived := range row.lived {
				last = lived(m)
			}
			for _, e := range last.Decided {
				if e.Kind == complaint.DeadlineEnded && e.Deadline.Name == "elapsed" {
					require.Equal(t, row.want, e.Deadline.State)
					require.Equal(t, row.late, e.Deadline.LapsedAt != nil && m.local(*e.Deadline.LapsedAt) == "3 10:00")
					return
				}
			}
			require.Fail(t, "it didn't end")
		})
	}
}

func TestAClockIsOverdueFromTheMinuteThatItsTimeIsOver(t *testing.T) {
	d := newMatter(t).investigated("2 10:00").deadline("elapsed")
	require.False(t, d.Late(d.DueAt))
	require.True(t, d.Late(d.DueAt.Add(1)), "its rung has not rung yet")
	d.State = complaint.Paused
	require.False(t, d.Late(d.DueAt.Add(1)))
}

func TestComingBackIntoTheStartBeginsAnotherRoundWithFullTime(t *testing.T) {
	m := newMatter(t).investigated("2 10:00")
	m.enter("2 16:00", complaint.Proposing)
	m.enter("4 10:00", complaint.Investigating)
	require.Equal(t, 2, m.deadline("elapsed").Round)
	require.Equal(t, "5 10:00", m.due("elapsed"))
}
