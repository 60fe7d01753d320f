package complaint_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
)

func TestANeutralThirdPartyOfTheDepartmentHandlesNothing(t *testing.T) {
	c := complaint.Complaint{Stage: complaint.Investigating, People: complaint.People{Department: "it", Handler: "kim"}}
	kim := complaint.Actor{Person: "kim", Roles: []complaint.Role{"it.head"}}
	require.Contains(t, c.Allowed(kim, c.LastAt), complaint.Accept)
	c.Terms.Neutral = []complaint.Role{"{department}.head"}
	require.NotContains(t, c.Allowed(kim, c.LastAt), complaint.Accept)
}

// What waits for a step stays with whoever has it, where the procedure names them among others and
// by whatever word.
func TestATaskStaysWithWhoeverHasItWhereTheProcedureNamesThem(t *testing.T) {
	for _, by := range [][]complaint.Role{{"service.head", "{department}.head"}, {"service.head", "it.head"}} {
		c := complaint.Complaint{Stage: complaint.Assigning, People: complaint.People{Department: "it", Owner: "lee"},
			Terms: complaint.Terms{HandlerNamedBy: "{department}.head", May: []complaint.Right{{Step: complaint.Assign, By: by}}}}
		require.Equal(t, complaint.Role("it.head"), c.Tasks()[0].Role, "%v", by)
	}
}

// Allowed means taken: also where the step itself may bring what is missing.
func TestAStepThatMayBringARequiredFieldIsOffered(t *testing.T) {
	c := complaint.Complaint{Stage: complaint.Investigating, People: complaint.People{Department: "it", Handler: "kim"}}
	kim := complaint.Actor{Person: "kim"}
	for thing, offered := range map[string]bool{"field photos": true, "step note": false, "side returned-goods": false} {
		c.Terms.Requires = []complaint.Requirement{{Before: "step contact", Have: []string{thing}}}
		require.Equal(t, offered, slices.Contains(c.Allowed(kim, c.LastAt), complaint.Contact), thing)
	}
}

// The second clock to call the first tier brings nobody in who wasn't there.
func TestAComplaintClimbsToATierOnce(t *testing.T) {
	at := time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)
	rungs := func() []complaint.Rung { return []complaint.Rung{{Label: "due", Tier: 1}, {Label: "+1h", Tier: 2}} }
	c := complaint.Complaint{Deadlines: []complaint.Deadline{
		{Name: "contact", Round: 1, State: complaint.Running, Rungs: rungs()}, {Name: "settle", Round: 1, State: complaint.Running, Rungs: rungs()}}}
	for _, one := range []struct {
		by     complaint.Event
		climbs bool
	}{
		{complaint.Event{Kind: complaint.RungFired, Rung: &complaint.RungRef{Deadline: "contact", Round: 1}, Tier: 1}, true},
		{complaint.Event{Kind: complaint.RungFired, Rung: &complaint.RungRef{Deadline: "settle", Round: 1}, Tier: 1}, false},
		{complaint.Event{Kind: complaint.TierReached, Code: complaint.ByHand, Tier: 3}, true},
		{complaint.Event{Kind: complaint.RungFired, Rung: &complaint.RungRef{Deadline: "settle", Round: 1, Rung: 1}, Tier: 2}, false},
		{complaint.Event{Kind: complaint.TierReached, Tier: 1}, false},
		{complaint.Event{Kind: complaint.TierReached, Tier: 4}, true},
	} {
		one.by.At = at
		c.Apply(one.by)
		require.Equal(t, one.climbs, len(c.Climbed(one.by)) == 1, "%s to %d", one.by.Kind, one.by.Tier)
		require.GreaterOrEqual(t, c.Tier(), one.by.Tier, "nothing was taken back by asking")
	}
}

// Where the manager of a rung's tier was passed over, the next above was brought in with it.
func TestAComplaintClimbsToTheTierThatIsCalledInstead(t *testing.T) {
	fired := time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)
	c := complaint.Complaint{Deadlines: []complaint.Deadline{{Name: "contact", Round: 1, State: complaint.Running,
		Rungs: []complaint.Rung{{Label: "due", Tier: 2, FiredAt: &fired}}}}}
	by := complaint.Event{Kind: complaint.RungFired, Rung: &complaint.RungRef{Deadline: "contact", Round: 1}, Tier: 1}
	require.Equal(t, []int{1, 2}, c.Climbed(by))
	by.Tier = 0
	require.Equal(t, []int{2}, c.Climbed(by))
}
