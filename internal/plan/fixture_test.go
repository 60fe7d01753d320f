package plan_test

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
	"recourse/internal/directory"
	"recourse/internal/plan"
	"recourse/internal/rulebook"
)

// The people of testdata/directories/shop.yaml: whom a reader has to know by heart.
const (
	clerk, secondClerk      = complaint.PersonID("ann"), complaint.PersonID("ben")
	handler, secondHandler  = complaint.PersonID("cai"), complaint.PersonID("dan") // of the store
	storeHead               = complaint.PersonID("eva")                            // and the manager's secondary
	manager, director, boss = complaint.PersonID("fay"), complaint.PersonID("gus"), complaint.PersonID("hal")
)

// matter is a complaint of the shop of testdata/shop.yaml, to which things happen; nothing but the
// planner says what follows.
type matter struct {
	t     testing.TB
	rules plan.Rules
	complaint.Complaint
}

// newMatter is a complaint that nobody has registered yet; absences are those of the people.
func newMatter(t testing.TB, absences ...directory.Absence) *matter {
	t.Helper()
	rules, err := rulebook.ReadRules(os.DirFS("testdata"), "shop")
	require.NoError(t, err)
	rules.Directory.Absences = absences
	return &matter{t: t, rules: rules, Complaint: complaint.Complaint{Number: "SH-2026-0001"}}
}

// on is a local time of March 2026, whose 2nd is a Monday: "2 10:00". People work from 09:00 to
// 12:00 and from 13:30 to 18:00.
func (m *matter) on(local string) time.Time {
	m.t.Helper()
	at, err := time.ParseInLocation("2 15:04 2006-01", local+" 2026-03", m.rules.Calendar.Zone())
	require.NoError(m.t, err)
	return at.UTC()
}

// local is an instant the way that on reads it, with its month when that isn't March.
func (m *matter) local(at time.Time) string {
	at = at.In(m.rules.Calendar.Zone())
	if at.Month() == time.March {
		return at.Format("2 15:04")
	}
	return at.Format("2 Jan 15:04")
}

// happen lets an event happen, and answers with what follows from it.
func (m *matter) happen(e complaint.Event) complaint.Write {
	m.t.Helper()
	before := m.People
	m.Apply(e)
	followed := m.rules.Follow(complaint.Write{Complaint: m.Complaint, PeopleBefore: before, Before: m.Recorded, Happened: []complaint.Event{e}})
	m.Complaint = followed.Complaint
	return followed
}

func (m *matter) step(local string, by complaint.PersonID, name complaint.StepName, facts complaint.Facts) complaint.Write {
	m.t.Helper()
	at := m.on(local)
	actor := m.rules.Directory.Actor(by, at, m.rules.Procedure.Roles)
	return m.happen(complaint.Event{Kind: complaint.StepTaken, At: at, By: by, Step: &complaint.Step{Name: name, Submission: string(name) + " of " + local, By: actor, At: at, Facts: facts}})
}

func (m *matter) enter(local string, stage complaint.Stage) complaint.Write {
	m.t.Helper()
	return m.happen(complaint.Event{Kind: complaint.StageEntered, At: m.on(local), By: complaint.Procedure, Stage: stage, From: m.Stage})
}

func (m *matter) register(local string, by complaint.PersonID, category string, subjects ...complaint.PersonID) complaint.Write {
	m.t.Helper()
	return m.step(local, by, complaint.Register, complaint.Facts{Registration: &complaint.Registration{
		Procedure: "shop", Version: 1, Channel: "phone", Category: category, Language: "en", Reachable: []string{"email"}, Subjects: subjects}})
}

// investigated is a complaint about goods, whose clocks begin at a time.
func (m *matter) investigated(local string) *matter {
	m.t.Helper()
	m.register(local, clerk, "goods")
	m.enter(local, complaint.Assigning) // and on by itself, for the routes name a handler
	return m
}

// rest suspends the complaint from a time to another.
func (m *matter) rest(from, to string) {
	m.t.Helper()
	m.suspend(from)
	m.resume(to)
}

func (m *matter) suspend(from string) {
	m.t.Helper()
	m.step(from, clerk, complaint.Suspend, complaint.Facts{Suspension: &complaint.Suspension{Kind: complaint.CustomerAway, Until: m.on("31 09:00")}})
	resting := m.Matters[len(m.Matters)-1]
	m.happen(complaint.Event{Kind: complaint.Suspended, At: m.on(from), By: clerk, Matter: &resting})
}

func (m *matter) resume(to string) {
	m.t.Helper()
	resting := m.Matters[len(m.Matters)-1]
	m.happen(complaint.Event{Kind: complaint.Resumed, At: m.on(to), By: clerk, Matter: &resting})
}

// deadline is an open one.
func (m *matter) deadline(name string) complaint.Deadline {
	m.t.Helper()
	d, open := m.Complaint.Deadline(name)
	require.True(m.t, open, name)
	return d
}

// due is when an open deadline is.
func (m *matter) due(name string) string {
	m.t.Helper()
	return m.local(m.deadline(name).DueAt)
}

// ladder is when the rungs of an open deadline stand, to the minute: "due 3 10:00".
func (m *matter) ladder(name string) []string {
	m.t.Helper()
	var rungs []string
	for _, rung := range m.deadline(name).Rungs {
		rungs = append(rungs, rung.Label+" "+m.local(rung.At))
	}
	return rungs
}

// proposed is a proposal of a free repair or one that costs so much, decided on from a time.
func (m *matter) proposed(local string, by complaint.PersonID, amount string) complaint.Write {
	m.t.Helper()
	m.enter(local, complaint.Proposing)
	m.step(local, by, complaint.Propose, complaint.Facts{Proposal: &complaint.Proposal{Remedies: []complaint.Remedy{{Kind: "refund", Amount: amount, Currency: "CNY"}}}})
	return m.enter(local, complaint.Approving)
}

// away is a person's absence for the whole month.
func away(person complaint.PersonID) directory.Absence {
	return directory.Absence{Person: person, From: time.Date(2026, 2, 28, 0, 0, 0, 0, time.UTC), Until: time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)}
}

// told is who gets which message: "cai assigned".
func told(followed complaint.Write) []string {
	messages := []string{}
	for _, e := range followed.Messages {
		messages = append(messages, string(e.Message.To)+" "+e.Message.Template)
	}
	return messages
}
