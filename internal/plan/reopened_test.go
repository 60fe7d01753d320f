package plan_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
	"recourse/internal/procedure"
)

// What is reopened or appealed is a case of its own: the clock over all of it begins again, and it
// is special no more.
// First review: B10, I9.
func TestAReopenedCaseHasItsOverallTimeAgainAndIsSpecialNoMore(t *testing.T) {
	m := newMatter(t)
	m.enter("2 10:00", complaint.Received)
	m.investigated("2 10:00")
	m.step("2 11:00", manager, complaint.MarkSpecial, complaint.Facts{})
	m.enter("3 10:00", complaint.Closed)
	m.step("16 10:00", clerk, complaint.Reopen, complaint.Facts{})
	m.enter("16 10:00", complaint.Investigating)
	require.Equal(t, 2, m.deadline("whole").Round)
	require.Equal(t, "14 Jun 10:00", m.due("whole"), "ninety days again")
	require.False(t, m.Special)
	require.Equal(t, "8wh", m.deadline("working").Within)
}

// Somebody who had no part in it, wherever such people are left: of the department, else above it.
// First review: I9.
func TestAnAppealGoesToAnotherHandler(t *testing.T) {
	for _, row := range []struct {
		name  string
		had   []complaint.PersonID
		wants complaint.PersonID
	}{
		{"the other of the department", nil, secondHandler},
		{"its head, where both had a part", []complaint.PersonID{secondHandler}, storeHead},
		{"who leads above it, where all of it had", []complaint.PersonID{secondHandler, storeHead}, director},
	} {
		t.Run(row.name, func(t *testing.T) {
			m := newMatter(t).investigated("2 10:00")
			require.Equal(t, handler, m.People.Handler)
			m.Parties = append(m.Parties, row.had...)
			m.enter("3 10:00", complaint.Closed)
			m.step("16 10:00", complaint.Customer, complaint.Appeal, complaint.Facts{})
			require.Equal(t, row.wants, m.People.Handler)
		})
	}
}

// First review: B11.
func TestTheHeadOfADepartmentThatNobodyKnowsYetIsTheOneWhomTheRoutesWillName(t *testing.T) {
	for category, wants := range map[string]complaint.Role{"goods": "store.head", "manners": "counter.head", "": "manager"} {
		m := newMatter(t)
		for i, rule := range m.rules.Procedure.Deadlines {
			if rule.ID == "whole" {
				m.rules.Procedure.Deadlines[i].Ladder.Rungs = []procedure.Rung{{Tell: []complaint.Role{complaint.DepartmentHead}, Tier: 1}}
			}
		}
		m.register("2 10:00", clerk, category)
		m.enter("2 10:00", complaint.Received)
		require.Equal(t, []complaint.Role{wants}, m.deadline("whole").Rungs[0].Tell, "category %q", category)
	}
}
