package workflows_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
)

// timers watches the timers of a run.
type timers struct{ standing int }

func (s *stage) watchesTimers() *timers {
	watched := &timers{}
	s.SetOnTimerScheduledListener(func(string, time.Duration) { watched.standing++ })
	s.SetOnTimerFiredListener(func(string) { watched.standing-- })
	s.SetOnTimerCanceledListener(func(string) { watched.standing-- })
	return watched
}

func TestAComplaintHasOneAlarmAndLeavesNoneBehind(t *testing.T) {
	s := staged(t)
	watched := s.watchesTimers()
	s.registers()
	s.sends(minutes(5), "accepted", "zhao-lei", complaint.Accept, none)
	s.sends(minutes(6), "reached", "zhao-lei", complaint.Contact, complaint.Facts{Contact: &complaint.ContactMade{Reached: true}})
	s.sends(30*time.Hour, "withdrawn", "li-na", complaint.Withdraw, none)
	looked := 0
	for hour := 1; hour < 60; hour++ {
		s.RegisterDelayedCallback(func() {
			looked++
			require.Equal(t, 1, watched.standing)
		}, time.Duration(hour)*time.Hour+time.Minute)
	}
	s.lives(200 * 24 * time.Hour)
	require.NoError(t, s.GetWorkflowError(), "its life is over")
	require.Equal(t, 59, looked)
	require.Zero(t, watched.standing)
}

func TestAStepThatChangesNoClockLeavesTheAlarmAlone(t *testing.T) {
	s := staged(t)
	s.registers()
	set := 0
	s.SetOnTimerScheduledListener(func(string, time.Duration) { set++ })
	for i, submission := range []string{"a", "b", "c"} {
		s.sends(minutes(5+i), submission, "zhao-lei", complaint.Note, none)
	}
	s.lives(minutes(10))
	require.Equal(t, 1, set)
}

// First review: A5.
func TestAStepThatComesAfterARungCountsAfterItUnlessAnOutageHeldBothUp(t *testing.T) {
	for _, row := range []struct {
		what   string
		outage bool // over the time at which contact was due
		state  complaint.DeadlineState
		ended  time.Duration
	}{
		{"the clock ran out while all was well, and stays lapsed", false, complaint.MetLate, 24 * time.Hour},
		{"the rung itself was late: an outage of ours makes nobody late", true, complaint.Met, 24*time.Hour - time.Minute},
	} {
		t.Run(row.what, func(t *testing.T) {
			s := staged(t)
			s.registers()
			// contact is due 24 hours after 10:00; the step was stored a minute before, and arrives
			// half an hour late
			step := complaint.Step{Name: complaint.Contact, Submission: "reached", By: s.person("zhao-lei"), At: start.Add(24*time.Hour - time.Minute),
				Facts: complaint.Facts{Contact: &complaint.ContactMade{Reached: true}}}
			s.stored["reached"] = step
			s.RegisterDelayedCallback(func() { s.UpdateWorkflow("step", "reached", &answering{s, "reached"}, step) }, 24*time.Hour+minutes(30))
			if row.outage {
				s.sends(24*time.Hour-minutes(2), "noted", "li-na", complaint.Note, none)
			}
			tries := 0
			s.answer = func(_ context.Context, r complaint.Write) (*complaint.Written, error) {
				if r.Submission == "noted" && tries < 80 { // twenty minutes, tried every fifteen seconds
					tries++
					return nil, errAway
				}
				return nil, nil
			}
			s.lives(25 * time.Hour)
			require.NoError(t, s.reply("reached").err)
			require.Contains(t, s.told(complaint.RungFired), "rung:contact/1/1")
			for _, e := range s.recorded {
				if e.Kind == complaint.DeadlineEnded && e.Deadline.Name == "contact" {
					require.Equal(t, row.state, e.Deadline.State)
					require.Equal(t, row.state == complaint.MetLate, e.Deadline.LapsedAt != nil)
					require.Equal(t, start.Add(row.ended), *e.Deadline.EndedAt)
				}
			}
		})
	}
}

// First review: A5.
func TestAStepNeverStandsBeforeTheLastOneOnTheRecord(t *testing.T) {
	s := staged(t)
	s.registers()
	s.sends(minutes(5), "accepted", "zhao-lei", complaint.Accept, none)
	waited := complaint.Step{Name: complaint.Note, Submission: "waited", By: s.person("zhao-lei"), At: start.Add(minutes(2))}
	s.stored["waited"] = waited
	s.RegisterDelayedCallback(func() { s.UpdateWorkflow("step", "waited", &answering{s, "waited"}, waited) }, minutes(9))
	s.lives(minutes(10))
	require.NoError(t, s.reply("waited").err)
	var at []time.Time
	for _, e := range s.recorded {
		if e.Kind == complaint.StepTaken {
			require.Equal(t, e.At, e.Step.At)
			at = append(at, e.At)
		}
	}
	require.Equal(t, []time.Time{start, start.Add(minutes(5)), start.Add(minutes(5))}, at)
}

func TestAStepStoredBeforeARungWasDueComesFirstWhateverCameBeforeIt(t *testing.T) {
	s := staged(t)
	s.registers()
	// After an outage three steps wait; the first that arrived was stored after contact was due,
	// the second and third before.
	for _, step := range []complaint.Step{
		{Name: complaint.Note, Submission: "late", By: s.person("zhao-lei"), At: start.Add(24*time.Hour + minutes(4))},
		{Name: complaint.Accept, Submission: "accepted", By: s.person("zhao-lei"), At: start.Add(24*time.Hour - minutes(2))},
		{Name: complaint.Contact, Submission: "reached", By: s.person("zhao-lei"), At: start.Add(24*time.Hour - minutes(1)),
			Facts: complaint.Facts{Contact: &complaint.ContactMade{Reached: true}}},
	} {
		s.stored[step.Submission] = step
		s.RegisterDelayedCallback(func() { s.UpdateWorkflow("step", step.Submission, &answering{s, step.Submission}, step) }, 20*time.Hour+minutes(1))
	}
	s.sends(20*time.Hour, "noted", "li-na", complaint.Note, none)
	tries := 0
	s.answer = func(_ context.Context, r complaint.Write) (*complaint.Written, error) {
		if r.Submission == "noted" && tries < 1000 { // five hours, tried every fifteen seconds
			tries++
			return nil, errAway
		}
		return nil, nil
	}
	s.lives(25 * time.Hour)
	require.Equal(t, []string{"li-na register", "li-na note", "zhao-lei accept", "zhao-lei contact", "zhao-lei note"}, s.told(complaint.StepTaken))
	require.NotContains(t, s.told(complaint.RungFired), "rung:contact/1/1", "it was met: it was stored in time")
}
