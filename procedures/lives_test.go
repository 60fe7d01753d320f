package procedures_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
	"recourse/internal/simulation"
)

// Random lives are led somewhere, and then nobody acts. After every rung, whoever it called has a
// task for it and may take it; who reads that they decide now may take what the clock waits for;
// nobody is told twice of one thing; and no ladder ends in silence while the complaint is open.
// First review: B2, A10, A16.
func TestEverybodyWhoIsCalledCanAct(t *testing.T) {
	for _, id := range []string{"courier-station", "real-estate-project"} {
		for seed := range uint64(*lives) {
			t.Run(fmt.Sprintf("%s %d", id, seed), func(t *testing.T) {
				d := &dice{Rand: rand.New(rand.NewPCG(seed, 11)), Request: simulation.Request{Rules: rulesOf(t, id, ""), Number: "X-1",
					Start: time.Date(2026, 3, 10, 1, 0, 0, 0, time.UTC)}}
				d.register()
				at := d.Start
				for range d.IntN(12) {
					at = at.Add(time.Duration(1+d.IntN(100)) * time.Minute)
					d.Until = at
					c := lived(t, d.Request)
					if c.Stage == complaint.Closed {
						break
					}
					d.Steps = append(d.Steps, d.step(&c, at))
				}
				from := at
				for rung := range firings(t, d, from) {
					d.Until = rung
					everybodyCalledCanAct(t, d, rung)
				}
				d.Until = at.AddDate(0, 1, 0)
				noLadderEndsInSilence(t, lived(t, d.Request))
			})
		}
	}
}

// firings are the times at which rungs fire in the month after nobody acts any more.
func firings(t *testing.T, d *dice, from time.Time) map[time.Time]bool {
	t.Helper()
	d.Until = from.AddDate(0, 1, 0)
	times := map[time.Time]bool{}
	for _, e := range timeline(t, d.Request).Entries {
		if e.Kind == complaint.RungFired && e.At.After(from) && len(times) < 12 {
			times[e.At] = true
		}
	}
	return times
}

// everybodyCalledCanAct asks whom the rungs of that time told. Of the people of the case the owner
// is told so as to follow it, and of managers those before whom it is not due yet.
func everybodyCalledCanAct(t *testing.T, d *dice, at time.Time) {
	t.Helper()
	life := timeline(t, d.Request)
	c := life.Complaint
	called := []string{"escalation", "decision_handed_over", "task_handed_over", "asked_again"}
	reminded := []string{"reminder", "lapsed"} // of them the handler and the agent hear what is theirs to do
	told := map[complaint.Message]bool{}
	for _, e := range life.Entries {
		if e.Kind != complaint.MessageQueued || !e.At.Equal(at) {
			continue
		}
		m := *e.Message
		m.ID, m.Due = "", nil
		require.False(t, told[m], "%s is told twice: %+v", m.To, m)
		told[m] = true
		theirsToDo := slices.Contains(reminded, m.Template) && m.To != c.People.Owner && (m.To == c.People.Handler || m.To == c.People.Agent)
		if !slices.Contains(called, m.Template) && !theirsToDo || c.Stage == complaint.Closed {
			continue
		}
		actor := d.actor(m.To, at)
		mayTake := slices.ContainsFunc(c.Tasks(), func(task complaint.Task) bool {
			theirs := task.Person == m.To || task.Person == "" && actor.Has(task.Role) || slices.Contains(c.People.SeenBy, m.To)
			return theirs && slices.Contains(c.Allowed(actor, at), task.Kind)
		})
		if m.Template == "decision_handed_over" {
			d, _ := c.Deadline(m.Deadline)
			allowed := c.Allowed(actor, at)
			require.True(t, slices.ContainsFunc(c.AwaitedBy(d), func(task complaint.Task) bool { return slices.Contains(allowed, task.Kind) }),
				"%s was told at %s, stage %s, that they decide now what %s waits for, and may not", m.To, at, c.Stage, m.Deadline)
		}
		require.True(t, mayTake, "%s was told %s of %s %s at %s, stage %s, and can't act: tasks %+v, allowed %v",
			m.To, m.Template, m.Deadline, m.Rung, at, c.Stage, c.Tasks(), c.Allowed(actor, at))
	}
}

func noLadderEndsInSilence(t *testing.T, c complaint.Complaint) {
	t.Helper()
	if c.Stage == complaint.Closed {
		return
	}
	_, again := c.Deadline(complaint.AskAgainClock)
	for _, d := range c.Deadlines {
		toCome := slices.ContainsFunc(d.Rungs, func(r complaint.Rung) bool { return !r.Done() })
		require.True(t, toCome || again || d.State == complaint.Paused, "the ladder of %s has ended, and nobody is asked any more", d.Name)
	}
	_, armed := c.NextRung()
	_, rests := c.Suspended()
	require.True(t, armed || rests, "nothing rings any more at %s", c.Stage)
}
