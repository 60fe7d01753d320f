package plan_test

import (
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
