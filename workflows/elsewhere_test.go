package workflows_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
	"recourse/internal/directory"
	"recourse/internal/plan"
	"recourse/internal/rulebook/rulebooktest"
	"recourse/workflows"
)

// What goes wrong elsewhere, by the number of its thread: each is a thing that
// nobody shall meet here.

// complaint is the complaint as the workflow knows it at the end.
func (s *stage) complaint() complaint.Complaint {
	s.t.Helper()
	answer, err := s.QueryWorkflow(workflows.StateQuery)
	require.NoError(s.t, err)
	var c complaint.Complaint
	require.NoError(s.t, answer.Get(&c))
	return c
}

// deadline is the open deadline of a name at the end.
func (s *stage) deadline(name string) complaint.Deadline {
	s.t.Helper()
	c := s.complaint()
	d, open := c.Deadline(name)
	require.True(s.t, open, "%s", name)
	return d
}

// china is a local time of March 2026, "10 15:04".
func china(t *testing.T, local string) time.Time {
	t.Helper()
	zone, err := time.LoadLocation("Asia/Shanghai")
	require.NoError(t, err)
	at, err := time.ParseInLocation("2006-01-2 15:04", "2026-03-"+local, zone)
	require.NoError(t, err)
	return at.UTC()
}

// after is how long after the start a local time of March lies.
func after(t *testing.T, local string) time.Duration {
	t.Helper()
	return china(t, local).Sub(start)
}

func suspends(kind complaint.SuspensionKind, until time.Time) complaint.Facts {
	return complaint.Facts{Suspension: &complaint.Suspension{Kind: kind, Until: until}}
}

// Escalation mail repeated at every scheduler run; 260 mails after an upgrade.
func TestElsewhere_glpi1996_osTicket5153_ARungFiresOnceAndTellsOnce(t *testing.T) {
	s := staged(t)
	s.registers()
	for day := 1; day < 20; day++ { // whatever else happens
		s.sends(time.Duration(day)*24*time.Hour+minutes(day), "note-"+string(rune('a'+day)), "zhao-lei", complaint.Note, none)
	}
	s.lives(21 * 24 * time.Hour)
	fired := s.told(complaint.RungFired)
	require.Len(t, slices.Compact(slices.Sorted(slices.Values(fired))), len(fired))
	again := slices.IndexFunc(fired, func(cause string) bool { return strings.HasPrefix(cause, "rung:"+complaint.AskAgainClock) })
	require.Equal(t, 8, again, "two ladders of four rungs; then whoever was called last is asked each working day")
	require.Len(t, fired[again:], 13)
	ids := map[string]bool{}
	for _, e := range s.recorded {
		if e.Kind == complaint.MessageQueued {
			require.False(t, ids[e.Message.ID], "%s", e.Message.ID)
			ids[e.Message.ID] = true
		}
	}
}

// Escalation only when somebody logged in; any edit reset the clock.
func TestElsewhere_osTicket4095_eGov_TheClockNeedsNobodyAndNoEditMovesIt(t *testing.T) {
	alone := staged(t)
	alone.registers()
	alone.lives(10 * 24 * time.Hour)
	busy := staged(t)
	busy.registers()
	for i := range 30 {
		busy.sends(time.Duration(i+1)*time.Hour, "note-"+string(rune('A'+i)), "zhao-lei", complaint.Note, none)
	}
	busy.lives(10 * 24 * time.Hour)

	rungs := func(s *stage) (at []time.Time) {
		for _, e := range s.recorded {
			if e.Kind == complaint.RungFired && e.Rung.Deadline != complaint.AskAgainClock {
				at = append(at, e.At)
			}
		}
		return at
	}
	require.Len(t, rungs(alone), 8)
	require.Equal(t, rungs(alone), rungs(busy))
}

// Pause lost when the policy changed; breached while waiting on the customer.
func TestElsewhere_glpi6902_15605_24481_APauseOutlastsANewPolicyAndFiresNothing(t *testing.T) {
	s := staged(t)
	s.registers() // settle: 24 hours from 10:00 on the 10th
	s.sends(after(t, "10 12:00"), "rests", "li-na", complaint.Suspend, suspends(complaint.CustomerAway, china(t, "16 12:00")))
	s.rebasesTo(version(t, 2, "    within: 24h                                # the same 24 hours", "    within: 30h"), after(t, "12 09:00"))
	s.lives(after(t, "17 09:00"))
	for _, e := range s.recorded {
		if e.Kind == complaint.RungFired && e.Rung.Deadline != complaint.OpenMatterClock {
			require.False(t, e.At.Before(china(t, "16 12:00")), "%s fired while it rested", e.Rung.Deadline)
		}
	}
	settle := s.deadline("settle")
	require.Equal(t, "30h", settle.Within)
	require.Equal(t, []complaint.Interval{{From: china(t, "10 12:00"), To: china(t, "16 12:00")}}, settle.Pauses)
	require.Equal(t, china(t, "17 16:00"), settle.DueAt, "30 hours less the two used up before the pause")
}

// Weekend credited twice when a pause ended.
func TestElsewhere_glpi10594_AWeekendInAPauseIsNotCreditedTwice(t *testing.T) {
	s := staged(t)
	s.registers()
	s.sends(after(t, "10 10:10"), "special", "zhang-min", complaint.MarkSpecial, none) // 3wd: the 13th at 18:00
	s.sends(after(t, "13 17:00"), "rests", "li-na", complaint.Suspend, suspends(complaint.CustomerAway, china(t, "16 10:00")))
	s.lives(after(t, "16 10:30"))
	settle := s.deadline("settle")
	require.Equal(t, china(t, "16 18:00"), settle.DueAt, "one working hour was left on Friday: Monday, by the close of business")
	require.Len(t, settle.Pauses, 1)
}

// Due time shifted though set by hand: a date is a date, more time an amount.
// First review: B1.
func TestElsewhere_glpi17186_ADateIsNotShiftedByAPauseAndMoreTimeIs(t *testing.T) {
	s := staged(t)
	s.registers()
	s.sends(after(t, "10 10:30"), "ordered", "hu-bin", complaint.Instruct, complaint.Facts{Order: &complaint.Order{To: "liu-yang", Due: china(t, "20 18:00")}})
	s.sends(after(t, "10 11:00"), "extended", "zhang-min", complaint.Extend,
		complaint.Facts{Extension: &complaint.Extension{Deadline: "settle", Due: china(t, "20 18:00")}})
	s.sends(after(t, "10 12:00"), "rests", "li-na", complaint.Suspend, suspends(complaint.CustomerAway, china(t, "16 12:00")))
	s.lives(after(t, "16 13:00"))
	require.Equal(t, china(t, "20 18:00"), s.deadline(complaint.InstructionClock).DueAt)
	require.Equal(t, china(t, "26 18:00"), s.deadline("settle").DueAt)
	require.Equal(t, china(t, "17 10:00"), s.deadline("contact").DueAt, "the other clock got its time back")
}

// Time between solved and reopened counted as waiting; reopening made the case
// instantly overdue.
func TestElsewhere_glpi23359_osTicket5955_zammad188_AReopenedComplaintHasRoundsOfItsOwn(t *testing.T) {
	s := staged(t)
	s.registers()
	s.sends(after(t, "10 11:00"), "withdrawn", "li-na", complaint.Withdraw, none)
	s.sends(after(t, "24 15:00"), "reopened", "wang-wei", complaint.Reopen, none) // no owner: refused
	s.sends(after(t, "24 15:10"), "again", "li-na", complaint.Reopen, none)
	s.lives(after(t, "24 16:00"))
	require.Equal(t, complaint.CodeForbidden, s.refusal("reopened").Code)
	for _, name := range []string{"contact", "settle"} {
		d := s.deadline(name)
		require.Equal(t, 2, d.Round)
		require.Equal(t, china(t, "24 15:10"), d.StartedAt)
		require.Equal(t, china(t, "25 15:10"), d.DueAt)
		require.Empty(t, d.Pauses)
		require.Nil(t, d.LapsedAt)
	}
}

// An answer by the agent escalated the case; update time overwrote first-response time.
func TestElsewhere_zammad3140_5177_ClocksAreIndependent(t *testing.T) {
	s := staged(t)
	s.registers()
	s.sends(minutes(5), "reached", "zhao-lei", complaint.Contact, complaint.Facts{Contact: &complaint.ContactMade{Reached: true}})
	s.sends(minutes(50), "again", "zhao-lei", complaint.Contact, complaint.Facts{Contact: &complaint.ContactMade{Reached: true}})
	s.lives(time.Hour)
	var ended []string
	for _, e := range s.recorded {
		if e.Kind == complaint.DeadlineEnded {
			ended = append(ended, e.Deadline.Name+" "+e.Deadline.EndedAt.Format("15:04"))
		}
	}
	require.Equal(t, []string{"forward 02:00", "contact 02:05"}, ended, "the first contact stays the first")
	settle := s.deadline("settle")
	require.Equal(t, start.Add(24*time.Hour), settle.DueAt)
	require.Zero(t, s.reply("again").result.Tier)
}

// Policy or calendar changes half applied.
func TestElsewhere_zammad534_4353_ANewVersionTouchesAComplaintOnlyWhenItIsRebasedAndThenWholly(t *testing.T) {
	second := version(t, 2, "    within: 24h                                # the same 24 hours", "    within: 30h")
	untouched := staged(t)
	untouched.registers()
	untouched.sends(after(t, "10 15:00"), "note", "zhao-lei", complaint.Note, none)
	untouched.lives(after(t, "10 16:00"))
	require.Equal(t, "24h", untouched.deadline("settle").Within)

	s := staged(t)
	s.registers()
	s.rebasesTo(second, after(t, "11 05:00")) // after the first rung, at 75%
	s.lives(after(t, "11 09:00"))
	c := s.complaint()
	require.Equal(t, 2, c.Terms.Version)
	settle := s.deadline("settle")
	require.Equal(t, china(t, "11 16:00"), settle.DueAt, "from its own start, not from now")
	require.NotNil(t, settle.Rungs[0].FiredAt, "what has fired has fired")
	require.Equal(t, []string{"rung:contact/1/0", "rung:settle/1/0"}, s.told(complaint.RungFired))
	require.Contains(t, s.told(complaint.StepTaken), "zhou-jie rebase", "by whom is on the record")
	changed := 0
	for _, e := range s.recorded {
		if e.Kind == complaint.DeadlineChanged && e.Code == "re-based" {
			changed++
		}
	}
	require.Equal(t, 2, changed, "every open deadline, contact too")
}

func TestElsewhere_zammad4353_AnotherLadderKeepsWhatHasFired(t *testing.T) {
	s := staged(t)
	s.registers()
	s.rebasesTo(version(t, 2, "    - {at: 75%, tell: [handler, owner]}\n    - {at: due, tell: [department_head, dispatch.head], tier: 1, ask: acknowledge}",
		"    - {at: 90%, tell: owner}\n    - {at: due, tell: [department_head, dispatch.head], tier: 1}"), after(t, "11 05:00")) // 75% has fired
	s.lives(after(t, "12 09:00"))
	var contact []string
	for _, e := range s.recorded {
		if e.Kind == complaint.RungFired && e.Rung.Deadline == "contact" {
			contact = append(contact, itoa(e.Rung.Rung)+" "+e.At.Format("15:04"))
		}
	}
	require.Equal(t, []string{"00 20:00", "01 23:36", "02 02:00", "03 04:00"}, contact, "each has a number of its own")
	require.NotNil(t, s.deadline("contact").Rungs[0].FiredAt)
}

// Writing the deadline triggered the rule again; webhook delivered twice.
func TestElsewhere_zammad5841_TheSameWriteHasTheSameAnswerWithTheSameMessageIDs(t *testing.T) {
	s := staged(t)
	s.registers()
	s.lives(25 * time.Hour)
	for _, write := range s.writes {
		require.Equal(t, s.rules.Follow(write), s.rules.Follow(write))
	}
	for _, e := range s.recorded {
		if e.Kind == complaint.DeadlineChanged {
			require.NotEmpty(t, e.Code, "a clock is changed by a step, a stage or a pause, never by itself")
		}
	}
}

// Reminders at night and on Sundays.
func TestElsewhere_zammad4432_2157_WhatIsToldInWorkingHoursIsNeverToldAtNight(t *testing.T) {
	rules := courier(t)
	for hour := range 24 * 14 { // two weeks, every hour, with the spring festival in them
		at := time.Date(2026, 2, 10, hour, 17, 0, 0, time.UTC)
		c := complaint.Complaint{Number: "CS-2026-000001", Stage: complaint.Implementing, StageSince: at, RegisteredAt: at, HeardAt: at}
		entered := complaint.Event{Kind: complaint.StageEntered, At: at, From: complaint.Implementing, Stage: complaint.Verifying}
		c.Apply(entered)
		followed := rules.Follow(complaint.Write{Complaint: c, Happened: []complaint.Event{entered}})
		verify, open := followed.Complaint.Deadline("verify")
		require.True(t, open)
		for i, rung := range verify.Rungs {
			require.Equal(t, rung.At, rules.Calendar.NextWorking(rung.At), "%s, %s", at, rung.Label)
			if i > 0 {
				require.True(t, rung.At.After(verify.Rungs[i-1].At), "each tier has its chance")
			}
		}
	}
}

// No second tier, no lunch break, no escalation after several reopenings.
func TestElsewhere_frappe2051_2212_2050_RoundsClimbTierByTier(t *testing.T) {
	s := staged(t)
	s.registers()
	managers := []complaint.PersonID{"", "yang-fan", "sun-hao", "ma-chao"} // of the tier reached before each round
	days := []string{"10", "11", "12", "13", "16"}                         // the 14th and 15th are a weekend
	for i, manager := range managers {
		round, due := itoa(i+1), china(t, days[i]+" 18:00")
		on := func(clock, step string, person complaint.PersonID, name complaint.StepName, facts complaint.Facts) {
			s.sends(after(t, days[i]+" "+clock), step+round, person, name, facts)
		}
		on("10:10", "accept", "zhao-lei", complaint.Accept, none)
		on("10:11", "contact", "zhao-lei", complaint.Contact, complaint.Facts{Contact: &complaint.ContactMade{Reached: true}})
		on("10:12", "find", "zhao-lei", complaint.Find, complaint.Facts{Findings: &complaint.Findings{Founded: true, Liability: complaint.Undetermined}})
		on("10:13", "propose", "zhao-lei", complaint.Propose, complaint.Facts{Proposal: &complaint.Proposal{Remedies: []complaint.Remedy{{Kind: "apology"}}, TimeLimit: &due}})
		if manager != "" { // approves in addition
			on("10:14", "approve", manager, complaint.Approve, complaint.Facts{Decision: &complaint.Decision{Matter: complaint.MatterProposal, ProposalRevision: i + 1}})
		}
		on("10:15", "answer", "li-na", complaint.Answer, complaint.Facts{Answer: &complaint.CustomerReply{ProposalRevision: i + 1, Agrees: true}})
		on("10:16", "implement", "zhao-lei", complaint.Implement, complaint.Facts{Work: &complaint.Work{Done: true}})
		on("10:17", "verify", "li-na", complaint.Verify, complaint.Facts{Check: &complaint.Verification{Satisfied: true}})
		s.sends(after(t, days[i+1]+" 10:00"), "call"+round, "li-na", complaint.CallBack, complaint.Facts{Callback: &complaint.Callback{Reached: true, Satisfaction: complaint.Dissatisfied}})
	}
	s.lives(after(t, "16 10:30"))
	for round, tier := range []int{1, 2, 3, 3} {
		require.Equal(t, tier, s.reply("call"+itoa(round+1)).result.Tier, "round %d", round+1)
	}
	require.Equal(t, 4, s.complaint().Unsatisfied)
}

// Substitute of a substitute lost.
func TestElsewhere_zammad3694_TheSubstituteOfASubstituteIsFound(t *testing.T) {
	s := staged(t)
	away := func(person complaint.PersonID) {
		s.rules.Directory.Absences = append(s.rules.Directory.Absences, directory.Absence{Person: person, From: start, Until: start.AddDate(0, 0, 9)})
	}
	s.registers() // zhao-lei handles it, huang-li is his secondary
	substitute := func(at time.Duration, submission string, absent complaint.PersonID) {
		step := complaint.Step{Name: complaint.Substitute, Submission: submission, By: complaint.Actor{Person: complaint.Procedure},
			At: start.Add(at), Facts: complaint.Facts{Absent: &complaint.Absent{Person: absent}}}
		s.RegisterDelayedCallback(func() {
			away(absent)
			s.UpdateWorkflow(workflows.StepUpdate, submission, &answering{s, submission}, step)
		}, at)
	}
	substitute(minutes(5), "away-1", "zhao-lei")
	substitute(minutes(6), "away-2", "huang-li")
	s.lives(19 * time.Hour)
	require.Equal(t, complaint.PersonID("yang-fan"), s.complaint().People.Handler, "both are away: the next manager")
	require.Contains(t, s.told(complaint.MessageQueued), "yang-fan reminder contact 75%", "and the rungs tell who has it now")
	require.NotContains(t, strings.Join(s.told(complaint.MessageQueued), "\n"), "zhao-lei reminder")
}

// version is the courier procedure as a later version has it.
func version(t *testing.T, number int, old, changed string) plan.Rules {
	t.Helper()
	rules := rulebooktest.Rules(t, "courier-station", old, changed)
	rules.Procedure.Version = number
	return rules
}

// rebasesTo lets the administrator put the complaint on a later version.
func (s *stage) rebasesTo(later plan.Rules, at time.Duration) {
	s.sends(at, "rebased", "zhou-jie", complaint.Rebase, complaint.Facts{Rebase: &complaint.RebaseFacts{Version: later.Procedure.Version}})
	s.answer = func(_ context.Context, r complaint.Write) (*complaint.Written, error) {
		if _, version, _ := r.Rules(); version == later.Procedure.Version {
			s.rules = later
		}
		return nil, nil
	}
}

func itoa(n int) string { return string(rune('0'+n/10)) + string(rune('0'+n%10)) }
