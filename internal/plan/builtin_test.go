package plan_test

import (
	"os"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

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
