package procedures_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
	"recourse/internal/story"
)

func parsed(t *testing.T, text string) *story.Story {
	t.Helper()
	s, err := story.Parse("story.yaml", []byte(text))
	require.NoError(t, err)
	return s
}

// "The decision is now yours" is no empty word: what the complaint waits for is then their task,
// and they may take it.
// First review: B2.
func TestCourierStation_WhoIsHandedTheDecisionHasTheTaskAndTheRight(t *testing.T) {
	r := request(t, read(t, "stories/courier-station/nobody-screens-it-and-the-general-manager-decides.yaml"))
	steps := r.Steps
	r.Steps, r.Until = nil, steps[1].At
	c := lived(t, r)
	require.Equal(t, 3, c.Tier())
	require.Contains(t, c.Tasks(), complaint.Task{Kind: complaint.Screen, Role: "general-manager", Due: c.Tasks()[0].Due})
	boss := r.Rules.Directory.Actor("ma-chao", r.Until, r.Rules.Procedure.Roles)
	require.Contains(t, c.Allowed(boss, r.Until), complaint.Screen)

	r.Steps = steps
	c = lived(t, r)
	require.Equal(t, complaint.Investigating, c.Stage)
	require.NotContains(t, c.Allowed(boss, r.Until), complaint.Accept, "that is over: no later clock has handed it over")
	_, again := c.Deadline(complaint.AskAgainClock)
	require.False(t, again, "somebody acted")
}

// First review: B2.
func TestCourierStation_WhoeverWasCalledLastIsAskedAgainEachWorkingDay(t *testing.T) {
	r := request(t, read(t, "stories/courier-station/left-to-itself-across-a-weekend.yaml"))
	days := map[string]int{}
	for _, e := range timeline(t, r).Entries {
		if e.Kind == complaint.MessageQueued && e.Message.Template == "asked_again" {
			require.Equal(t, complaint.PersonID("ma-chao"), e.Message.To)
			days[e.At.In(r.Rules.Calendar.Zone()).Format("Mon 2 15:04")]++
		}
	}
	require.Len(t, days, 11, "from Tuesday the 17th to Tuesday the 31st")
	for day, times := range days {
		require.Equal(t, 1, times, day)
		require.NotContains(t, day, "S", "Saturday, Sunday")
	}
}

// toldOf is who is told what of a story's complaint, but for its customer: "sun-hao escalation
// settle".
func toldOf(t *testing.T, name string) map[string]int {
	t.Helper()
	told := map[string]int{}
	for _, e := range timeline(t, request(t, read(t, "stories/courier-station/"+name+".yaml"))).Entries {
		if e.Kind == complaint.MessageQueued && e.Message.To != complaint.Customer {
			told[strings.TrimSpace(string(e.Message.To)+" "+e.Message.Template+" "+e.Message.Deadline)]++
		}
	}
	return told
}

// First review: A10.
func TestCourierStation_WhoIsAskedToApproveIsRemindedAndNotWhoProposed(t *testing.T) {
	told := toldOf(t, "who-approves-proposes-herself")
	for about := range told {
		require.NotRegexp(t, "^zhang-min (reminder|lapsed|escalation|decision)", about, "she waits for the decision herself")
	}
	require.Contains(t, told, "wang-wei reminder settle")
	require.Contains(t, told, "wang-wei lapsed approve")
	require.Equal(t, 1, told["sun-hao escalation approve"], "the next above, once")
	require.Equal(t, 1, told["ma-chao escalation approve"], "and then somebody new")
}

// First review: A10.
func TestCourierStation_AHeadWhoHandlesTheCaseIsNotEscalatedToThemselves(t *testing.T) {
	told := toldOf(t, "the-head-of-the-department-handles-it")
	require.NotContains(t, told, "yang-fan escalation contact")
	require.NotContains(t, told, "yang-fan escalation settle")
	require.Contains(t, told, "yang-fan lapsed settle", "that it is late they hear")
	require.Contains(t, told, "zhang-min escalation settle")
}

// First review: A16.
func TestCourierStation_TheTierReachedBringsSomebodyNewIn(t *testing.T) {
	told := toldOf(t, "the-head-of-the-department-is-declined-twice")
	require.NotContains(t, told, "yang-fan tier_reached", "who is tier 1, and handles it")
	require.Equal(t, 1, told["sun-hao tier_reached"])
	c := lived(t, request(t, read(t, "stories/courier-station/the-head-of-the-department-is-declined-twice.yaml")))
	require.Equal(t, 2, c.RoundsTier)
}

// Who is called by hand may step in; who has to approve stays as it was, for an apology nobody.
// First review: B9.
func TestCourierStation_EscalatingByHandCallsAPersonAndChangesNoAuthority(t *testing.T) {
	r := request(t, parsed(t, byPhone+`  - 2026-03-02 09:20 zhao-lei accept
  - 2026-03-02 09:25 zhao-lei contact: {reached: true}
  - 2026-03-02 09:30 zhao-lei find: {founded: true, liability: undetermined, cause_code: mistake}
  - 2026-03-02 09:35 zhao-lei escalate
  - 2026-03-02 09:40 zhao-lei propose: {remedies: [{kind: apology}], time_limit: 2026-03-20 10:00}
until: 2026-03-02 09:50
`))
	c := lived(t, r)
	require.Equal(t, complaint.AwaitingCustomer, c.Stage, "an apology needs nobody's approval")
	require.Empty(t, c.Approvals)
	require.Equal(t, 1, c.Tier())
	head := r.Rules.Directory.Actor("yang-fan", r.Until, r.Rules.Procedure.Roles)
	require.Contains(t, c.Allowed(head, r.Until), complaint.TakeOver)
	require.Contains(t, c.Allowed(head, r.Until), complaint.Instruct)
}

// Who is called by hand has a task for it, and a step that ends it; left alone, the next is called.
// First review: B2.
func TestCourierStation_WhoeverIsCalledByHandHasATaskUntilTheyAct(t *testing.T) {
	r := request(t, parsed(t, byPhone+`  - 2026-03-02 09:20 zhao-lei accept
  - 2026-03-02 09:35 zhao-lei escalate
until: 2026-03-02 10:00
`))
	asked := func(c complaint.Complaint) (duties []complaint.Role) {
		for _, task := range c.Tasks() {
			if task.Kind == complaint.Acknowledge && task.Detail == complaint.EscalationClock {
				duties = append(duties, task.Role)
			}
		}
		return duties
	}
	require.Equal(t, []complaint.Role{"operations.head"}, asked(lived(t, r)))

	left := r
	left.Until = time.Date(2026, 3, 3, 9, 2, 0, 0, r.Rules.Calendar.Zone())
	require.Equal(t, []complaint.Role{"deputy-general-manager"}, asked(lived(t, left)), "a working day later the next")
	head := r.Rules.Directory.Actor("yang-fan", r.Until, r.Rules.Procedure.Roles)
	for _, name := range []complaint.StepName{complaint.Acknowledge, complaint.TakeOver} {
		acted := r
		acted.Steps = append(slices.Clone(r.Steps), complaint.Step{Name: name, By: head, At: r.Until})
		acted.Until = r.Until.Add(time.Hour)
		require.Empty(t, asked(lived(t, acted)), name)
	}
}

// Beside the main course, too, the one who has what is late hears of it, not the complaint's own
// handler; and who is late themselves is not the one called above: the next is.
// First review: A10.
func TestCourierStation_AReminderOfASideStepGoesToWhoeverHoldsIt(t *testing.T) {
	r := request(t, read(t, "stories/courier-station/a-larger-risk-found-on-the-way.yaml"))
	r.Until = r.Until.AddDate(0, 0, 4)
	told := map[string][]complaint.PersonID{}
	for _, e := range timeline(t, r).Entries {
		if e.Kind == complaint.MessageQueued && e.Message.Template == "side_task" {
			told[e.Message.Rung] = append(told[e.Message.Rung], e.Message.To)
		}
	}
	require.Equal(t, map[string][]complaint.PersonID{
		"":     {"yang-fan"},
		"75%":  {"yang-fan"},
		"due":  {"yang-fan", "sun-hao"}, // the ladder names her alone
		"+1wd": {"yang-fan", "sun-hao"},
	}, told)
}
