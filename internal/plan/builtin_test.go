package plan_test

import (
	"bytes"
	"os"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/calendar"
	"recourse/internal/complaint"
	"recourse/internal/message"
	"recourse/internal/plan"
)

// The clocks that every complaint has without its procedure naming them.
func TestTheClocksThatEveryComplaintHas(t *testing.T) {
	promised := func(m *matter) *complaint.Proposal {
		due := m.on("12 12:00")
		return &complaint.Proposal{Remedies: []complaint.Remedy{{Kind: "repair"}}, TimeLimit: &due}
	}
	for _, row := range []struct {
		name, clock string
		happens     func(*matter)
		due         string
		rungs       []string
	}{
		{"the customer's answer: reminded, left to rest, closed", complaint.CustomerAnswerClock,
			func(m *matter) { m.enter("2 10:00", complaint.AwaitingCustomer) }, "4 18:00",
			[]string{"remind 4 18:00", "suspend 6 18:00", "close 8 Apr 18:00"}},
		{"the callback, within the procedure's days", complaint.CallbackClock,
			func(m *matter) { m.enter("2 10:00", complaint.FollowingUp) }, "5 18:00", []string{"due 5 18:00"}},
		{"the call-out of an emergency", complaint.CallOutClock,
			func(m *matter) {
				m.step("2 10:00", clerk, complaint.Screen, complaint.Facts{
					Screening: &complaint.Screening{Kind: complaint.KindComplaint, Valid: true, Category: "goods", Severity: complaint.Emergency}})
			}, "2 11:00", []string{"50% 2 10:30", "due 2 11:00"}},
		{"an open matter, until its date", complaint.OpenMatterClock,
			func(m *matter) { m.suspend("2 10:00") }, "31 09:00", []string{"until 31 09:00"}},
		{"a written order, until its own date", complaint.InstructionClock,
			func(m *matter) {
				m.step("2 10:00", manager, complaint.Instruct, complaint.Facts{Order: &complaint.Order{Due: m.on("4 15:00")}})
			}, "4 15:00", []string{"due 4 15:00"}},
		{"the date promised to the customer", complaint.PromiseClock,
			func(m *matter) {
				m.enter("2 10:00", complaint.Proposing)
				m.step("2 10:00", handler, complaint.Propose, complaint.Facts{Proposal: promised(m)})
				m.enter("2 11:00", complaint.Implementing)
			}, "12 12:00", []string{"due 12 12:00"}},
		{"the windows of reopening and appeal, then the end", complaint.ReopenClock,
			func(m *matter) { m.enter("2 10:00", complaint.Closed) }, "1 May 10:00", []string{"reopen 1 Apr 10:00", "appeal 1 May 10:00", "end 1 May 10:00"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			m := newMatter(t).investigated("2 09:30")
			row.happens(m)
			require.Equal(t, row.due, m.due(row.clock))
			require.Equal(t, row.rungs, m.ladder(row.clock))
		})
	}
}

func TestEveryBuiltInClockHasItsEntry(t *testing.T) {
	source, err := os.ReadFile("../complaint/deadline.go")
	require.NoError(t, err)
	names := regexp.MustCompile(`(?m)^\t\w+Clock\s+=\s+"([a-z-]+)"`).FindAllStringSubmatch(string(source), -1)
	require.NotEmpty(t, names)
	for _, name := range names {
		label := plan.ClockLabel(nil, name[1])
		require.NotEmpty(t, label.English, "the clock %q has no entry in clocks", name[1])
		require.NotEmpty(t, label.Chinese, name[1])
	}
}

func TestTheCustomersSilenceRemindsThenRestsThenCloses(t *testing.T) {
	m := newMatter(t).investigated("2 09:30")
	m.enter("2 10:00", complaint.AwaitingCustomer)
	rungs := m.deadline(complaint.CustomerAnswerClock).Rungs
	require.Equal(t, []complaint.RungAction{complaint.RemindCustomer, complaint.SuspendComplaint, complaint.CloseUnresolved},
		[]complaint.RungAction{rungs[0].Does, rungs[1].Does, rungs[2].Does})
	require.Equal(t, "5 Apr 18:00", m.local(rungs[1].Until), "thirty days after the reminder was of no use")
}

func TestACallbackOpensBeforeItIsDue_AndTheNextAttemptWaits(t *testing.T) {
	m := newMatter(t).investigated("2 09:30")
	m.enter("2 10:00", complaint.FollowingUp)
	require.Equal(t, "3 09:00", m.local(m.deadline(complaint.CallbackClock).OpensAt), "a working day later, not the same")
	m.step("3 10:00", secondClerk, complaint.CallBack, complaint.Facts{Callback: &complaint.Callback{Number: 1}})
	require.Equal(t, "3 15:30", m.local(m.deadline(complaint.CallbackClock).OpensAt), "four working hours after the one that reached nobody")
	require.Equal(t, "5 18:00", m.due(complaint.CallbackClock))
}

func TestAnExtensionOfTheWaitForTheCustomerMovesTheRestThatFollowsToo(t *testing.T) {
	m := newMatter(t).investigated("2 09:30")
	m.enter("2 10:00", complaint.AwaitingCustomer)
	m.step("2 11:00", manager, complaint.Extend, complaint.Facts{Extension: &complaint.Extension{Deadline: complaint.CustomerAnswerClock, Due: m.on("9 18:00")}})
	require.Equal(t, []string{"remind 9 18:00", "suspend 11 18:00", "close 13 Apr 18:00"}, m.ladder(complaint.CustomerAnswerClock))
	require.Equal(t, "10 Apr 18:00", m.local(m.deadline(complaint.CustomerAnswerClock).Rungs[1].Until), "thirty days, as before")
}

func TestAnExtendedOrderIsDueAtItsNewTime(t *testing.T) {
	m := newMatter(t).investigated("2 09:30")
	m.step("2 10:00", manager, complaint.Instruct, complaint.Facts{Order: &complaint.Order{Due: m.on("4 15:00")}})
	m.step("2 11:00", boss, complaint.Extend, complaint.Facts{Extension: &complaint.Extension{Deadline: complaint.InstructionClock, Due: m.on("6 15:00")}})
	require.Equal(t, "6 15:00", m.due(complaint.InstructionClock))
	require.Equal(t, "6 15:00", m.local(m.Orders[0].Due))
}

func TestTheOwnerOfAnOpenMatterIsRemindedMonthlyInWorkingTime(t *testing.T) {
	m := newMatter(t).investigated("2 09:30")
	m.step("6 20:00", clerk, complaint.Suspend, complaint.Facts{Suspension: &complaint.Suspension{Kind: complaint.CustomerAway, Until: m.on("31 09:00").AddDate(0, 2, 0)}})
	resting := m.Matters[0]
	m.happen(complaint.Event{Kind: complaint.Suspended, At: m.on("6 20:00"), By: clerk, Matter: &resting})
	require.Equal(t, []string{"month 1 7 Apr 09:00", "month 2 7 May 09:00", "until 31 May 09:00"}, m.ladder(complaint.OpenMatterClock),
		"the sixth of April is a holiday, the sixth of May a Wednesday after work")
}

func TestAnEmergencysCallOutStopsNothingElseAndIsCalledOnce(t *testing.T) {
	m := newMatter(t)
	m.register("2 10:00", clerk, "goods")
	emergency := complaint.Facts{Screening: &complaint.Screening{Kind: complaint.KindComplaint, Valid: true, Category: "goods", Severity: complaint.Emergency}}
	require.Equal(t, []string{"fay call_out", "cai call_out"}, told(m.step("2 10:00", clerk, complaint.Screen, emergency)), "who leads it, and the team")
	m.step("2 10:30", handler, complaint.CallOutDone, complaint.Facts{})
	_, open := m.Complaint.Deadline(complaint.CallOutClock)
	require.False(t, open)
	require.Equal(t, complaint.CallOutOver, m.CallOut)
	m.step("2 11:00", clerk, complaint.Screen, emergency)
	require.Equal(t, complaint.CallOutOver, m.CallOut)
}

// The customer's link is named by it: what they answered in one round isn't asked in the next.
func TestACallbackIsNumberedOverAllRoundsOfFollowingUp(t *testing.T) {
	asked := func(followed complaint.Write) (callbacks []int) {
		for _, e := range followed.Messages {
			if e.Message.Template == message.CustomerRating.Name() {
				callbacks = append(callbacks, e.Message.Callback)
			}
		}
		return callbacks
	}
	m := newMatter(t).investigated("2 10:00")
	require.Equal(t, []int{1}, asked(m.enter("2 11:00", complaint.FollowingUp)))
	m.happen(complaint.Event{Kind: complaint.CallbackEnded, At: m.on("3 10:00"), By: clerk, Rating: complaint.Dissatisfied, Callbacks: 1})
	m.enter("3 10:00", complaint.Investigating)
	require.Equal(t, []int{2}, asked(m.enter("4 11:00", complaint.FollowingUp)))
	require.Equal(t, 2, m.CallbackNow())
}

// late is the calendar of the shop once two holidays have been announced late, and another in
// April.
func (m *matter) late() {
	m.t.Helper()
	text, err := os.ReadFile("testdata/calendars/office.yaml")
	require.NoError(m.t, err)
	text = bytes.Replace(text, []byte("days:\n"), []byte("days:\n  2026-03-03..2026-03-04: closed\n  2026-04-07: closed\n"), 1)
	read, err := calendar.Parse("office.yaml", text)
	require.NoError(m.t, err)
	m.rules.Calendar = read.WithVersion(2)
}

func (m *matter) rebased(local string) {
	m.t.Helper()
	m.step(local, boss, complaint.Rebase, complaint.Facts{Rebase: &complaint.RebaseFacts{Version: 1, Calendar: 2}})
}

func TestALateHolidayReachesTheClocksThatEveryComplaintHas(t *testing.T) {
	unreachable := func(m *matter) {
		m.enter("2 10:00", complaint.AwaitingCustomer)
		m.Complaint.Deadlines = nil
		m.OutcomeUntold = true
		m.step("2 10:00", clerk, complaint.Undelivered, complaint.Facts{Undelivered: &complaint.LetterFailed{}})
	}
	for _, row := range []struct {
		name, clock string
		happens     func(*matter)
		due         string
		rungs       []string
	}{
		{"the customer's answer", complaint.CustomerAnswerClock, func(m *matter) { m.enter("2 10:00", complaint.AwaitingCustomer) },
			"6 18:00", []string{"remind 6 18:00", "suspend 10 18:00", "close 13 Apr 18:00"}},
		{"the callback", complaint.CallbackClock, func(m *matter) { m.enter("2 10:00", complaint.FollowingUp) },
			"9 18:00", []string{"due 9 18:00"}},
		{"a call-out in working time", complaint.CallOutClock, func(m *matter) {
			m.rules.Procedure.CallOut.Within = calendar.MustParseDuration("12wh")
			m.step("2 10:00", clerk, complaint.Screen, complaint.Facts{
				Screening: &complaint.Screening{Kind: complaint.KindComplaint, Valid: true, Category: "goods", Severity: complaint.Emergency}})
		}, "5 16:00", []string{"50% 2 17:30", "due 5 16:00"}},
		{"the reminders of an open matter, not its date", complaint.OpenMatterClock, func(m *matter) {
			m.step("2 10:00", clerk, complaint.Suspend, complaint.Facts{Suspension: &complaint.Suspension{Kind: complaint.CustomerAway, Until: m.on("31 09:00").AddDate(0, 1, 0)}})
			resting := m.Matters[0]
			m.happen(complaint.Event{Kind: complaint.Suspended, At: m.on("6 20:00"), By: clerk, Matter: &resting})
		}, "1 May 09:00", []string{"month 1 8 Apr 09:00", "until 1 May 09:00"}},
		{"the window to reopen, in working days", complaint.ReopenClock, func(m *matter) {
			m.rules.Procedure.Reopen.Within = calendar.MustParseDuration("10wd")
			m.enter("2 10:00", complaint.Closed)
		}, "1 May 10:00", []string{"reopen 18 18:00", "appeal 1 May 10:00", "end 1 May 10:00"}},
		{"the manager called by hand", complaint.EscalationClock, func(m *matter) {
			m.happen(complaint.Event{Kind: complaint.TierReached, At: m.on("2 10:00"), By: clerk, Tier: 1, Code: complaint.ByHand})
		}, "5 09:00", []string{"called 2 10:00", "due 5 09:00"}},
		{"the call to whom no letter reached", complaint.TellByPhoneClock, unreachable, "5 18:00", []string{"due 5 18:00", "+1wd 6 18:00"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			m := newMatter(t).investigated("2 09:30")
			row.happens(m)
			m.late()
			m.rebased("2 11:00")
			require.Equal(t, row.due, m.due(row.clock))
			require.Equal(t, row.rungs, m.ladder(row.clock))
			require.Equal(t, "office@2", m.deadline(row.clock).Calendar)
		})
	}
}

func TestALateHolidayLeavesWhatHasRungAndWhatRested(t *testing.T) {
	m := newMatter(t).investigated("2 09:30")
	m.enter("2 10:00", complaint.AwaitingCustomer)
	m.rest("2 11:00", "9 11:00")
	require.Equal(t, []string{"remind 11 18:00", "suspend 13 18:00", "close 15 Apr 18:00"}, m.ladder(complaint.CustomerAnswerClock))
	m.late()
	m.rebased("9 12:00")
	require.Equal(t, []string{"remind 11 18:00", "suspend 13 18:00", "close 16 Apr 18:00"}, m.ladder(complaint.CustomerAnswerClock),
		"two of the days on which it rested were holidays anyway")
	reminder := complaint.RungRef{Deadline: complaint.CustomerAnswerClock, Round: 1, At: m.on("11 18:00")}
	m.happen(complaint.Event{Kind: complaint.RungFired, At: m.on("11 18:00"), By: complaint.Clock, Rung: &reminder})
	m.rebased("12 09:00")
	rungs := m.deadline(complaint.CustomerAnswerClock).Rungs
	require.Len(t, rungs, 3, "it has rung, and rings no other time")
	require.NotNil(t, rungs[0].FiredAt)
}

func TestALateHolidayLetsNobodyCallBackOnIt(t *testing.T) {
	m := newMatter(t).investigated("2 09:30")
	m.enter("2 10:00", complaint.FollowingUp)
	m.late()
	m.rebased("2 11:00")
	require.Equal(t, "5 09:00", m.local(m.deadline(complaint.CallbackClock).OpensAt))
}
