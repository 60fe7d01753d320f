package plan_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
	"recourse/internal/directory"
)

func TestWhoGetsAComplaint(t *testing.T) {
	type people = []complaint.PersonID
	for _, row := range []struct {
		name                  string
		away, subjects        people
		by                    complaint.PersonID // who registers
		agent, owner, handler complaint.PersonID
	}{
		{"those who hold the duties first", nil, nil, clerk, clerk, clerk, handler},
		{"the agent who took it in keeps it", nil, nil, secondClerk, secondClerk, clerk, handler},
		{"whoever is no agent hands it to one", nil, nil, boss, clerk, clerk, handler},
		{"who is away has a secondary", people{clerk, handler}, nil, boss, secondClerk, secondClerk, secondHandler},
		{"nobody gets a complaint about themselves", nil, people{clerk, handler}, boss, secondClerk, secondClerk, secondHandler},
		{"not even who took it in", nil, people{clerk}, clerk, secondClerk, secondClerk, handler},
		{"one away and one a subject: the department's head", people{handler}, people{secondHandler}, clerk, clerk, clerk, storeHead},
		{"the whole department: the next manager", people{handler, secondHandler}, people{storeHead}, clerk, clerk, clerk, director},
	} {
		t.Run(row.name, func(t *testing.T) {
			var absences []directory.Absence
			for _, person := range row.away {
				absences = append(absences, away(person))
			}
			m := newMatter(t, absences...)
			m.register("2 10:00", row.by, "goods", row.subjects...)
			m.enter("2 10:00", complaint.Assigning)
			require.Equal(t, complaint.Investigating, m.Stage, "a handler is named by the routes, so nothing waits in assigning")
			require.Equal(t, complaint.People{Department: "store", Agent: row.agent, Owner: row.owner, Handler: row.handler}, m.People)
		})
	}
}

func TestAnAbsenceMovesWhatSomebodyHasToTheSecondary_AndTheReturnMovesNothingBack(t *testing.T) {
	m := newMatter(t).investigated("2 10:00")
	m.rules.Directory.Absences = []directory.Absence{{Person: handler, From: m.on("3 00:00"), Until: m.on("5 00:00")}}
	moved := m.step("3 08:00", boss, complaint.Substitute, complaint.Facts{Absent: &complaint.Absent{Person: handler}})
	require.Equal(t, secondHandler, m.People.Handler)
	require.Equal(t, clerk, m.People.Owner, "nobody else's")
	require.Contains(t, told(moved), "dan reassigned")
	require.Equal(t, "3 10:00", m.due("elapsed"), "no clock stops for it")

	m.step("6 09:00", clerk, complaint.Note, complaint.Facts{})
	require.Equal(t, secondHandler, m.People.Handler)
}

func TestWhoeverBecomesASubjectByTheFindingsIsReplacedInTheSameStep(t *testing.T) {
	m := newMatter(t).investigated("2 10:00")
	m.step("2 11:00", handler, complaint.Find, complaint.Facts{Findings: &complaint.Findings{Founded: true, Cause: "broken",
		Liability: complaint.LiableDepartment, People: []complaint.PersonID{handler, clerk}}})
	require.Equal(t, secondHandler, m.People.Handler)
	require.Equal(t, secondClerk, m.People.Owner)
	require.Equal(t, secondClerk, m.People.Agent)
}

func TestWhoeverAStepSaysToBeAwayIsStoodInFor_BeforeTheDirectoryHasIt(t *testing.T) {
	m := newMatter(t).investigated("2 10:00")
	m.step("3 08:00", boss, complaint.Substitute, complaint.Facts{Absent: &complaint.Absent{Person: handler}})
	require.Equal(t, secondHandler, m.People.Handler)
}

func TestSomebodyNamedWhileAwayIsStoodInFor(t *testing.T) {
	m := newMatter(t, away(secondHandler)).investigated("2 10:00")
	m.step("2 11:00", storeHead, complaint.Reassign, complaint.Facts{Assignment: &complaint.Assignment{Handler: secondHandler}})
	require.Equal(t, handler, m.People.Handler)
}

func TestAnAppealGoesToPeopleWhoHadNoPartInTheCase(t *testing.T) {
	m := newMatter(t).investigated("2 10:00")
	m.step("2 11:00", handler, complaint.Accept, complaint.Facts{})
	m.enter("2 12:00", complaint.Closed)
	m.step("3 10:00", complaint.Customer, complaint.Appeal, complaint.Facts{})
	require.Equal(t, secondHandler, m.People.Handler)
	require.Equal(t, secondClerk, m.People.Owner)
}

func TestAWhistleblowingLetterIsClosedToThePeopleNamed(t *testing.T) {
	letter := complaint.Facts{Screening: &complaint.Screening{Kind: complaint.KindWhistleblowing, Valid: true, Category: "goods", Severity: complaint.Normal}}
	for _, row := range []struct {
		name     string
		subjects []complaint.PersonID
		seenBy   []complaint.PersonID
	}{
		{"by the route", nil, []complaint.PersonID{director, boss}},
		{"but never to its subject", []complaint.PersonID{director}, []complaint.PersonID{manager, boss}},
	} {
		t.Run(row.name, func(t *testing.T) {
			m := newMatter(t)
			m.register("2 10:00", clerk, "goods", row.subjects...)
			m.step("2 11:00", clerk, complaint.Screen, letter)
			m.enter("2 11:00", complaint.Assigning)
			require.Equal(t, row.seenBy, m.People.SeenBy)
			for _, person := range []complaint.PersonID{m.People.Agent, m.People.Owner, m.People.Handler} {
				require.Contains(t, row.seenBy, person, "whoever holds the role otherwise")
			}
			require.Empty(t, m.People.With, "no department has a part in it")
		})
	}
}

// Whatever closes a complaint closes it from its registration on, not once somebody has read it.
// First review: I1.
func TestAComplaintIsClosedFromItsRegistrationOn(t *testing.T) {
	type people = []complaint.PersonID
	for _, row := range []struct {
		name       string
		registered complaint.Registration
		absent     people
		closedTo   people
	}{
		{"by what its sender calls it", complaint.Registration{Channel: "phone", Kind: complaint.KindWhistleblowing, Category: "goods"}, nil, people{director, boss}},
		{"by its channel", complaint.Registration{Channel: "hotline", Category: "goods"}, nil, people{director, boss}},
		{"by its category", complaint.Registration{Channel: "phone", Category: "privacy"}, nil, people{director}},
		{"where who is named is away", complaint.Registration{Channel: "phone", Category: "privacy"}, people{director}, people{manager}},
		{"where it is about who is named", complaint.Registration{Channel: "phone", Category: "privacy", Subjects: people{director}}, nil, people{manager}},
		{"where it is about one of them, and the next is away", complaint.Registration{Channel: "hotline", Subjects: people{director}}, people{manager}, people{boss}},
		{"and nothing else is", complaint.Registration{Channel: "phone", Category: "goods"}, nil, nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			var absences []directory.Absence
			for _, person := range row.absent {
				absences = append(absences, away(person))
			}
			m := newMatter(t, absences...)
			row.registered.Procedure, row.registered.Version, row.registered.Language = "shop", 1, "en"
			facts := complaint.Facts{Registration: &row.registered}
			require.Equal(t, row.closedTo, m.rules.ClosedTo(complaint.Step{Name: complaint.Register, At: m.on("2 10:00"), Facts: facts}), "before a workflow has it")
			followed := m.step("2 10:00", clerk, complaint.Register, facts)
			require.Equal(t, row.closedTo, m.People.SeenBy)
			for id := range m.rules.Directory.People {
				actor := m.rules.Directory.Actor(id, m.on("2 10:00"), m.rules.Procedure.Roles)
				if len(row.closedTo) > 0 {
					require.Equal(t, slices.Contains(row.closedTo, id), m.Visible(actor), "%s", id)
				}
			}
			for _, e := range followed.Messages {
				if len(row.closedTo) > 0 && e.Message.To != complaint.Customer {
					require.Contains(t, row.closedTo, e.Message.To, "%s", e.Message.Template)
				}
			}
		})
	}
}

// First review: I1.
func TestThoseToWhomAComplaintIsClosedScreenItOpen(t *testing.T) {
	m := newMatter(t)
	m.register("2 10:00", clerk, "privacy")
	require.Equal(t, director, m.People.Agent)
	allowed := func(person complaint.PersonID) []complaint.StepName {
		return m.Allowed(m.rules.Directory.Actor(person, m.on("2 10:00"), m.rules.Procedure.Roles), m.on("2 10:00"))
	}
	require.Contains(t, allowed(director), complaint.Screen)
	require.Empty(t, allowed(clerk))

	m.step("2 11:00", director, complaint.Screen, complaint.Facts{Screening: &complaint.Screening{Kind: complaint.KindComplaint, Valid: true, Category: "goods", Severity: complaint.Normal}})
	require.Empty(t, m.People.SeenBy)
	require.Equal(t, clerk, m.People.Agent)
	require.Equal(t, clerk, m.People.Owner)
	m.enter("2 11:00", complaint.Assigning)
	require.Equal(t, handler, m.People.Handler)
	require.Contains(t, allowed(clerk), complaint.Note)
}

// What a finding brings to light closes it too, and no later finding opens it.
// First review: I1.
func TestAComplaintStaysClosedToThoseWhoCouldReadIt(t *testing.T) {
	m := newMatter(t)
	m.register("2 10:00", clerk, "privacy")
	privacy := complaint.Facts{Screening: &complaint.Screening{Kind: complaint.KindComplaint, Valid: true, Category: "privacy", Severity: complaint.Normal}}
	m.step("2 11:00", director, complaint.Screen, privacy)
	m.enter("2 11:00", complaint.Assigning)
	require.Equal(t, []complaint.PersonID{director}, m.People.SeenBy)
	require.Equal(t, director, m.People.Handler)
	m.step("2 12:00", director, complaint.Find, complaint.Facts{Findings: &complaint.Findings{Founded: true, Liability: complaint.Undetermined}})
	require.Equal(t, []complaint.PersonID{director}, m.People.SeenBy)
}

// First review: I2.
func TestTheDeputyStandsInForTheOnlyOneNamed(t *testing.T) {
	m := newMatter(t)
	m.register("2 10:00", clerk, "privacy")
	m.enter("2 10:00", complaint.Received)
	require.Equal(t, []complaint.PersonID{director}, m.People.SeenBy)
	m.rules.Directory.Absences = []directory.Absence{away(director)}
	followed := m.step("2 11:00", complaint.Procedure, complaint.Substitute, complaint.Facts{Absent: &complaint.Absent{Person: director}})
	require.Equal(t, []complaint.PersonID{director, manager}, m.People.SeenBy, "who is away goes on seeing it")
	require.Equal(t, manager, m.People.Agent)
	require.Equal(t, manager, m.People.Owner)
	require.Contains(t, told(followed), string(manager)+" owner_named")
	actor := m.rules.Directory.Actor(manager, m.on("2 11:00"), m.rules.Procedure.Roles)
	require.Contains(t, m.Allowed(actor, m.on("2 11:00")), complaint.Screen)

	m.step("2 12:00", manager, complaint.Screen, complaint.Facts{Screening: &complaint.Screening{Kind: complaint.KindComplaint, Valid: true, Category: "privacy", Severity: complaint.Normal}})
	m.enter("2 12:00", complaint.Assigning)
	require.Equal(t, manager, m.People.Handler)
	late := m.deadline("held-back")
	for i, rung := range late.Rungs {
		fired := m.happen(complaint.Event{Kind: complaint.RungFired, At: rung.At, By: complaint.Clock, Rung: &complaint.RungRef{Deadline: late.Name, Round: 1, Rung: i, At: rung.At}})
		require.NotEmpty(t, told(fired), rung.Label)
		for _, line := range told(fired) {
			require.Contains(t, line, string(manager)+" ", rung.Label)
		}
	}
}

// Where nobody tells that who alone may know of it has left, the next rung finds it out.
// First review: I2.
func TestARungFindsTheDeputyOfTheOnlyOneNamed(t *testing.T) {
	m := newMatter(t)
	m.register("2 10:00", clerk, "privacy")
	m.enter("2 10:00", complaint.Received)
	m.rules.Directory.Absences = []directory.Absence{{Person: director, From: m.on("3 09:00"), Until: m.on("31 09:00").AddDate(1, 0, 0)}}
	whole := m.deadline("whole")
	rung := m.happen(complaint.Event{Kind: complaint.RungFired, At: whole.DueAt, By: complaint.Clock, Rung: &complaint.RungRef{Deadline: "whole", Round: 1, At: whole.DueAt}})
	require.Contains(t, m.People.SeenBy, manager)
	require.NotEmpty(t, told(rung))
	for _, line := range told(rung) {
		require.Contains(t, line, string(manager)+" ")
	}
}

// mentions is a registration whose words name these people.
func mentions(category string, people ...complaint.PersonID) complaint.Facts {
	return complaint.Facts{Registration: &complaint.Registration{Procedure: "shop", Version: 1, Channel: "phone", Category: category, Language: "en", Mentioned: people}}
}

// Whoever is complained about, and however many are named, somebody who is left has it: with the
// task, the right, and word of it when it is late.
func TestAComplaintThatKeepsOutAllWhoseDutyItIsGoesToWhoeverIsLeft(t *testing.T) {
	type people = []complaint.PersonID
	for _, row := range []struct {
		name                string
		mentioned, subjects people
		away                people
		screener            complaint.PersonID
	}{
		{"all but the handler mentioned", people{clerk, secondClerk, secondHandler, storeHead, manager, director, boss}, nil, nil, handler},
		{"all but the handler subjects", nil, people{clerk, secondClerk, secondHandler, storeHead, manager, director, boss}, nil, handler},
		{"the one who leads is asked first", people{clerk, secondClerk, manager, director, boss}, nil, nil, storeHead},
		{"whoever is present", people{clerk, secondClerk, storeHead, manager, director, boss}, nil, people{secondHandler}, handler},
		{"also who is away, where nobody else is left", people{clerk, secondClerk, secondHandler, storeHead, manager, director, boss}, nil, people{handler}, handler},
		{"all mentioned: the highest is let in", people{clerk, secondClerk, handler, secondHandler, storeHead, manager, director, boss}, nil, nil, director},
		{"but no subject", people{clerk, secondClerk, handler, secondHandler, storeHead, manager}, people{director, boss}, nil, manager},
		{"all subjects: nobody", nil, people{clerk, secondClerk, handler, secondHandler, storeHead, manager, director, boss}, nil, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			var absences []directory.Absence
			for _, person := range row.away {
				absences = append(absences, away(person))
			}
			m := newMatter(t, absences...)
			said := mentions("goods", row.mentioned...)
			said.Registration.Subjects = row.subjects
			said.Registration.Mentioned = m.rules.Mentioned(complaint.Step{Name: complaint.Register, By: complaint.Actor{Person: complaint.Customer}, At: m.on("2 10:00"), Facts: said})
			m.step("2 10:00", complaint.Customer, complaint.Register, said)
			task := m.Tasks()[0]
			require.Equal(t, complaint.Screen, task.Kind)
			require.Equal(t, row.screener, task.Person)
			if row.screener == "" {
				return
			}
			actor := m.rules.Directory.Actor(row.screener, m.on("2 11:00"), m.rules.Procedure.Roles)
			require.True(t, m.Visible(actor))
			require.Contains(t, m.Allowed(actor, m.on("2 11:00")), complaint.Screen)
			for _, person := range append(row.mentioned, row.subjects...) {
				if person != row.screener {
					require.False(t, m.Visible(m.rules.Directory.Actor(person, m.on("2 11:00"), m.rules.Procedure.Roles)), person)
				}
			}
		})
	}
}

// First review: I3.
func TestWhoeverIsNamedInTheWordsIsKeptOutUntilItIsScreened(t *testing.T) {
	for _, row := range []struct {
		name      string
		mentioned []complaint.PersonID
		screener  complaint.PersonID
	}{
		{"the agent", []complaint.PersonID{clerk}, secondClerk},
		{"both who may be", []complaint.PersonID{clerk, secondClerk}, director},
		{"the handler to be", []complaint.PersonID{handler}, clerk},
	} {
		t.Run(row.name, func(t *testing.T) {
			m := newMatter(t)
			followed := m.step("2 10:00", complaint.Customer, complaint.Register, mentions("goods", row.mentioned...))
			m.enter("2 10:00", complaint.Received)
			screening := complaint.Facts{Screening: &complaint.Screening{Kind: complaint.KindComplaint, Valid: true, Category: "goods", Severity: complaint.Normal}}
			actor := func(person complaint.PersonID) complaint.Actor {
				return m.rules.Directory.Actor(person, m.on("2 10:00"), m.rules.Procedure.Roles)
			}
			for _, person := range row.mentioned {
				require.False(t, m.Visible(actor(person)))
				require.NotContains(t, []complaint.PersonID{m.People.Agent, m.People.Owner, m.People.Handler}, person)
				refusal := m.Check(complaint.Step{Name: complaint.Screen, By: actor(person), At: m.on("2 10:30"), Facts: screening})
				require.NotNil(t, refusal)
				require.Equal(t, complaint.CodeNotFound, refusal.Code)
				for _, line := range told(followed) {
					require.NotContains(t, line, string(person)+" ")
				}
			}
			require.Equal(t, row.screener, m.People.Agent)
			require.Contains(t, m.Allowed(actor(row.screener), m.on("2 10:30")), complaint.Screen)

			about := screening
			about.Screening = &complaint.Screening{Kind: complaint.KindComplaint, Valid: true, Category: "goods", Severity: complaint.Normal, Subjects: row.mentioned[:1]}
			m.step("2 11:00", row.screener, complaint.Screen, about)
			m.enter("2 11:00", complaint.Assigning)
			require.Equal(t, row.mentioned[:1], m.Subjects)
			require.NotEqual(t, row.mentioned[0], m.People.Handler)
			require.False(t, m.Visible(actor(row.mentioned[0])))
			for _, other := range row.mentioned[1:] {
				require.True(t, m.Visible(actor(other)), "who was only mentioned takes part like anybody")
			}
		})
	}
}

// First review: I3.
func TestNobodyScreensAComplaintAsOneAboutThemselves(t *testing.T) {
	m := newMatter(t)
	m.register("2 10:00", complaint.Customer, "goods")
	m.enter("2 10:00", complaint.Received)
	by := m.rules.Directory.Actor(clerk, m.on("2 10:00"), m.rules.Procedure.Roles)
	about := complaint.Facts{Screening: &complaint.Screening{Kind: complaint.KindComplaint, Category: "goods", Severity: complaint.Normal, Subjects: []complaint.PersonID{clerk}}}
	refusal := m.Check(complaint.Step{Name: complaint.Screen, By: by, At: m.on("2 11:00"), Facts: about})
	require.NotNil(t, refusal)
	require.Equal(t, complaint.CodeConflictOfInterest, refusal.Code)
	about.Screening.Subjects = []complaint.PersonID{handler}
	require.Nil(t, m.Check(complaint.Step{Name: complaint.Screen, By: by, At: m.on("2 11:00"), Facts: about}))

	var anew complaint.Complaint
	registered := mentions("goods")
	registered.Screening = &complaint.Screening{Kind: complaint.KindComplaint, Category: "goods", Severity: complaint.Normal, Subjects: []complaint.PersonID{clerk}}
	refusal = anew.Check(complaint.Step{Name: complaint.Register, By: by, At: m.on("2 11:00"), Facts: registered})
	require.NotNil(t, refusal, "nor as part of its registration")
	require.Equal(t, complaint.CodeConflictOfInterest, refusal.Code)
}

// departs takes somebody out of the directory, and their duties with them.
func (m *matter) departs(person complaint.PersonID) {
	m.t.Helper()
	delete(m.rules.Directory.People, person)
	m.relieves(person)
}

// relieves gives the duties of somebody to whoever held them second.
func (m *matter) relieves(person complaint.PersonID) {
	m.t.Helper()
	for role, duty := range m.rules.Directory.Duties {
		if duty.Primary == person {
			m.rules.Directory.Duties[role] = directory.Duty{Role: role, Primary: duty.Secondary, Secondary: storeHead}
		}
	}
}

func TestWhatSomebodyHadWhoLeftGoesToWhoeverHoldsTheDuty(t *testing.T) {
	m := newMatter(t).investigated("2 10:00")
	m.step("2 11:00", manager, complaint.Instruct, complaint.Facts{Order: &complaint.Order{To: handler, Due: m.on("6 15:00")}})
	m.departs(handler)
	moved := m.step("3 08:00", complaint.Procedure, complaint.Substitute, complaint.Facts{Absent: &complaint.Absent{Person: handler, Left: true}})
	require.Equal(t, secondHandler, m.People.Handler)
	require.Contains(t, told(moved), "dan reassigned")
	for _, message := range told(moved) {
		require.NotContains(t, message, "cai ", "nobody writes to whoever left")
	}
	for _, task := range m.Tasks() {
		require.NotEqual(t, handler, task.Person, task.Kind)
	}
}

func TestWhoeverLeftIsReplacedWithTheNextThingThatHappens(t *testing.T) {
	m := newMatter(t).investigated("2 10:00")
	m.departs(handler)
	m.step("3 09:00", clerk, complaint.Note, complaint.Facts{})
	require.Equal(t, secondHandler, m.People.Handler)
}

func TestWhoeverIsRelievedOfADutyKeepsWhatTheyHaveOtherwise(t *testing.T) {
	relieved := complaint.Facts{Absent: &complaint.Absent{Person: handler, Duties: []complaint.Role{"store.handler"}}}
	m := newMatter(t).investigated("2 10:00")
	m.relieves(handler)
	m.step("3 08:00", complaint.Procedure, complaint.Substitute, relieved)
	require.Equal(t, secondHandler, m.People.Handler)

	m = newMatter(t).investigated("2 10:00")
	m.step("2 11:00", manager, complaint.Reassign, complaint.Facts{Assignment: &complaint.Assignment{Department: "counter", Handler: handler}})
	m.relieves(handler)
	m.step("3 08:00", complaint.Procedure, complaint.Substitute, relieved)
	require.Equal(t, handler, m.People.Handler, "they had it from the manager, and by no duty of the store")
}
