package reading_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
	"recourse/internal/rulebook/rulebooktest"
	"recourse/internal/store/reading"
	"recourse/internal/store/storetest"
	"recourse/internal/store/submission"
)

// Whatever a complaint has been through, the list shows it to exactly those who may open it.
func TestTheListShowsWhatMayBeOpenedAndNothingElse(t *testing.T) {
	s := storetest.New(t)
	rules := rulebooktest.Rules(t, "courier-station")
	people := rules.Directory

	var ids []complaint.PersonID
	for id := range people.People {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	var departments []string
	for id := range people.Departments {
		departments = append(departments, id)
	}
	slices.Sort(departments)

	dice := rand.New(rand.NewPCG(3, 9))
	now := storetest.Friday.Add(time.Hour)
	someone := func() complaint.PersonID { return ids[dice.IntN(len(ids))] }
	somewhere := func() string { return departments[dice.IntN(len(departments))] }
	maybe := func(change func()) {
		if dice.IntN(5) == 0 {
			change()
		}
	}
	complaints := map[string]complaint.Complaint{}
	for range 60 {
		l, w := storetest.Begun(s.Register(t, func(r *submission.Registration) { r.By.Person = someone() }))
		c := &w.Complaint
		c.Terms.Tiers = []complaint.Role{"{department}.head", "leader", "general-manager"}
		c.Terms.EmergencyTeam, c.Terms.CallOutBy = []complaint.Role{"operations.handler"}, "leader"
		c.People = complaint.People{Department: somewhere(), Agent: someone(), Owner: someone(), Handler: someone()}
		maybe(func() { c.Subjects = []complaint.PersonID{someone(), someone()} })
		maybe(func() { c.People.SeenBy = []complaint.PersonID{someone(), someone()} })
		maybe(func() { c.People.With = []string{somewhere(), somewhere()} })
		maybe(func() {
			c.People.StandIns = []complaint.StandIn{{Step: complaint.Screen, Role: complaint.ServiceManager, Person: someone()}}
		})
		maybe(func() { c.Terms.NamedBy = "leader" })
		maybe(func() { c.CallOut = complaint.CallOutOver })
		maybe(func() { c.Supports = []complaint.SupportAsked{{Department: somewhere(), Given: dice.IntN(2) == 0}} })
		maybe(func() { c.Orders = []complaint.OrderGiven{{To: someone(), By: someone(), Due: now}} })
		maybe(func() {
			c.Sides = []complaint.Side{{Kind: "accountability", ID: "1", State: "judgement", Person: someone()}}
		})
		maybe(func() { c.Threat = &complaint.Threat{Watch: []complaint.Watcher{{Duty: "leader", Person: someone()}}} })
		maybe(func() { c.RoundsTier = 1 + dice.IntN(3) })
		maybe(func() { c.Parties = []complaint.PersonID{someone()} })
		maybe(func() {
			c.Approvals = []complaint.Approval{{Matter: complaint.MatterVisit, Levels: []complaint.Level{{Role: "it.head", Person: someone()}, {Role: "service.head", Person: someone()}}}}
		})
		maybe(func() {
			c.Deadlines[0].Rungs = []complaint.Rung{{Label: "due", At: now, FiredAt: &now, Ask: true, Tell: []complaint.Role{"leader", complaint.Owner}}}
			c.Asked = []complaint.RungRef{{Deadline: c.Deadlines[0].Name, Round: c.Deadlines[0].Round}}
		})
		err := s.Writes.Commit(t.Context(), w)
		require.NoError(t, err)
		complaints[l.Number] = w.Complaint
	}

	somebodySeesNotAll := false
	for _, id := range ids {
		actor := people.Actor(id, storetest.Friday, rules.Procedure.Roles)
		viewer := reading.Viewer{Person: id, All: complaint.SeesAll(actor), Duties: actor.Roles, Department: actor.Department}
		want := []string{}
		for number, c := range complaints {
			if c.Visible(actor) {
				want = append(want, number)
			}
		}
		require.ElementsMatch(t, want, numbersOf(t, s, viewer, reading.Filter{}), "%s with %v", id, fmt.Sprint(actor.Roles))
		somebodySeesNotAll = somebodySeesNotAll || !viewer.All && len(want) > 0 && len(want) < len(complaints)
	}
	require.True(t, somebodySeesNotAll)
}
