package plan_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
)

// levels are who decides on a matter, lowest first.
func (m *matter) levels(of complaint.Matter) []complaint.PersonID {
	people := []complaint.PersonID{}
	for _, approval := range m.Approvals {
		if approval.Matter != of {
			continue
		}
		for _, level := range approval.Levels {
			people = append(people, level.Person)
		}
	}
	return people
}

func TestWhoMustApproveAProposal(t *testing.T) {
	type people = []complaint.PersonID
	for _, row := range []struct {
		name   string
		amount string
		by     complaint.PersonID
		tier   int // to which its rounds have climbed
		change func(*matter)
		want   people
	}{
		{"within everybody's authority nobody", "500.00", handler, 0, nil, people{}},
		{"above it the manager", "500.01", handler, 0, nil, people{manager}},
		{"far above it all levels, lowest first", "5000.01", handler, 0, nil, people{manager, director, boss}},
		{"climbed once, the department's head decides as well", "500.00", handler, 1, nil, people{storeHead}},
		{"climbed, the tier's manager in addition", "1000.00", handler, 3, nil, people{manager, boss}},
		{"the tier's manager only once", "1000.00", handler, 2, nil, people{manager}},
		{"never their own proposal", "1000.00", manager, 0, nil, people{storeHead}},
		{"nor as who stands in: one who would decide twice decides for the higher level", "5000.01", director, 0, nil, people{manager, boss}},
		{"nor a subject", "1000.00", handler, 0, func(m *matter) { m.Subjects = people{manager} }, people{storeHead}},
		{"nor the handler where somebody else is left", "1000.00", boss, 0, func(m *matter) { m.People.Handler = manager }, people{storeHead}},
	} {
		t.Run(row.name, func(t *testing.T) {
			m := newMatter(t).investigated("2 10:00")
			m.RoundsTier = row.tier
			if row.change != nil {
				row.change(m)
			}
			m.proposed("2 11:00", row.by, row.amount)
			require.Equal(t, row.want, m.levels(complaint.MatterProposal))
			if len(row.want) == 0 {
				require.Equal(t, complaint.AwaitingCustomer, m.Stage, "passed at once")
			} else {
				require.Equal(t, complaint.Approving, m.Stage)
			}
		})
	}
}

func TestAnOpenDecisionOfSomebodyWhoGoesAwayGoesToTheNext(t *testing.T) {
	m := newMatter(t).investigated("2 10:00")
	m.proposed("2 11:00", handler, "5000.01")
	m.rules.Directory.Absences = append(m.rules.Directory.Absences, away(boss))
	m.step("2 12:00", director, complaint.Substitute, complaint.Facts{Absent: &complaint.Absent{Person: boss}})
	require.Equal(t, []complaint.PersonID{manager, director}, m.levels(complaint.MatterProposal), "who has both levels decides once")
}

func TestWhoeverGetsTheNextLevelAsWellDecidesOnceForBoth(t *testing.T) {
	decision := complaint.Facts{Decision: &complaint.Decision{Matter: complaint.MatterProposal, Number: 1}}
	t.Run("as the next of somebody who went away, and they are asked", func(t *testing.T) {
		m := newMatter(t).investigated("2 10:00")
		m.proposed("2 11:00", handler, "5000.01")
		m.rules.Directory.Absences = append(m.rules.Directory.Absences, away(boss))
		m.step("2 11:30", clerk, complaint.Substitute, complaint.Facts{Absent: &complaint.Absent{Person: boss}})
		followed := m.step("2 14:00", manager, complaint.Approve, decision)
		require.Contains(t, told(followed), "gus approval_asked")
		followed = m.step("2 15:00", director, complaint.Approve, decision)
		require.Equal(t, complaint.AwaitingCustomer, m.Stage)
		require.Contains(t, told(followed), "cai approved")
	})
	t.Run("in place of whoever has the level below", func(t *testing.T) {
		m := newMatter(t).investigated("2 10:00")
		m.proposed("2 11:00", handler, "5000.01")
		m.step("2 11:30", director, complaint.Approve, decision)
		followed := m.step("2 14:00", boss, complaint.Approve, decision)
		require.Equal(t, complaint.AwaitingCustomer, m.Stage)
		require.Contains(t, told(followed), "cai approved")
	})
}

func TestWhetherASuspensionNeedsApprovalDependsOnItsKind(t *testing.T) {
	for kind, want := range map[complaint.SuspensionKind][]complaint.PersonID{
		complaint.CustomerAway: {},
		complaint.PartsOnOrder: {manager},
	} {
		m := newMatter(t).investigated("2 10:00")
		m.step("2 11:00", clerk, complaint.Suspend, complaint.Facts{Suspension: &complaint.Suspension{Kind: kind, Until: m.on("9 09:00")}})
		require.Equal(t, want, m.levels(complaint.MatterSuspension), kind)
	}
}
