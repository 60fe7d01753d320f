package procedure_test

import (
	"slices"
	"strconv"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"recourse/internal/calendar"
	"recourse/internal/complaint"
	"recourse/internal/procedure"
)

func screened(as complaint.Screening) *complaint.Complaint {
	return &complaint.Complaint{Screening: &as}
}

// proposed is a complaint whose customer is offered a sum.
func proposed(amount string) *complaint.Complaint {
	return &complaint.Complaint{Proposal: &complaint.OpenProposal{Proposal: complaint.Proposal{Remedies: []complaint.Remedy{{Kind: "refund", Amount: amount}}}}}
}

func TestTheCourierStationRoutesBySeverityKindAndCategory(t *testing.T) {
	p := shipped(t, "courier-station")
	named := []complaint.Role{"leader", "operations.head", "deputy-general-manager"}
	for name, c := range map[string]struct {
		screened complaint.Screening
		want     procedure.Route
	}{
		"an ordinary mistake goes to operations": {
			complaint.Screening{Kind: complaint.KindComplaint, Severity: complaint.Normal, Category: "operations.mistake"},
			procedure.Route{Department: "operations"},
		},
		"a system fault goes to IT, as written in its own line": {
			complaint.Screening{Category: "operations.system-fault"},
			procedure.Route{Department: "it"},
		},
		"coordination brings dispatch in": {
			complaint.Screening{Category: "operations.coordination"},
			procedure.Route{Department: "operations", With: []string{"dispatch"}},
		},
		"a major complaint is told to three before it is handled": {
			complaint.Screening{Category: "service.attitude", Severity: complaint.Major},
			procedure.Route{Department: "service", InformFirst: named},
		},
		"a whistleblowing letter is seen by the three named only": {
			complaint.Screening{Kind: complaint.KindWhistleblowing, Category: "service", Severity: complaint.Major},
			procedure.Route{To: "deputy-general-manager", Department: "service", SeenBy: named},
		},
		"a lawsuit goes to the deputy general manager": {
			complaint.Screening{Category: "violation", Severity: complaint.Normal},
			procedure.Route{To: "deputy-general-manager", Department: "operations", With: []string{"service", "dispatch"}},
		},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, p.Route(screened(c.screened))) })
	}
}

func TestTheCourierStationsClocksAreThoseOfItsRules(t *testing.T) {
	p := shipped(t, "courier-station")

	forward, ok := p.Deadline("forward")
	require.True(t, ok)
	require.Equal(t, calendar.MustParseDuration("1h"), forward.Within)
	require.Equal(t, []procedure.Moment{moment(t, "received")}, forward.From)
	var ladder []string
	for _, rung := range forward.Ladder.Rungs {
		ladder = append(ladder, rung.At.String()+" "+string(rung.Tell[0])+" "+strconv.Itoa(rung.Tier))
	}
	require.Equal(t, []string{"75% owner 0", "due dispatch.head 1", "+1h deputy-general-manager 2", "+4wh general-manager 3"}, ladder)

	for _, id := range []string{"contact", "settle"} {
		d, ok := p.Deadline(id)
		require.True(t, ok)
		require.Equal(t, calendar.MustParseDuration("24h"), d.Within, "within 24 hours the customer is contacted and the complaint settled")
	}
	settle, _ := p.Deadline("settle")
	require.Equal(t, calendar.MustParseDuration("3wd"), settle.Special.Within)
	require.Equal(t, []complaint.Role{"dispatch.head"}, p.MarkSpecialBy())
	require.Contains(t, settle.Pauses, procedure.Pause{Stage: complaint.AwaitingCustomer})

	plan, _ := p.FollowUp(&complaint.Complaint{})
	require.Len(t, plan.Callbacks, 1)
	require.Equal(t, calendar.MustParseDuration("1wd"), plan.Callbacks[0].NotBefore)
	require.Equal(t, calendar.MustParseDuration("3wd"), plan.Callbacks[0].Within)

	require.Contains(t, p.CompleteBeforeClosing(), "waybill", "archive only when every field of the form is filled")
	require.Equal(t, []procedure.RemedyWord{"apology"}, p.MustInclude(&complaint.Complaint{Findings: &complaint.Findings{Cause: "attitude"}}))
	require.Equal(t, []complaint.Role{"department_head", "director", "general_manager"}, p.TierRoles())

	var begun []string
	for _, d := range p.Deadlines {
		if slices.Contains(d.From, moment(t, "investigating")) {
			begun = append(begun, d.ID)
		}
	}
	require.Equal(t, []string{"contact", "settle"}, begun)
}

func TestEveryNumberOfThePropertyGroupsFlowStandsBehindSomething(t *testing.T) {
	p := shipped(t, "real-estate-project")
	traced := p.BySource()
	for number, element := range map[string]string{
		"1.0": "stages.received", "2.0": "stages.received", "2.1": "supervision[0]", "2.2": "spot_checks",
		"2.3": "deadlines.explain", "3.0": "owner", "3.1": "deadlines.support", "3.2": "deadlines.approve",
		"4.0": "deadlines.inform", "4.1": "customer_answer.declined", "5.0": "deadlines.implement",
		"6.0": "deadlines.implement", "7.0": "deadlines.verify", "7.1": "verify", "8.0": "form",
		"9.0": "follow_up[0]", "9.1": "assessment", "10.0": "assessment", "10.1": "assessment",
		"11.0": "reports.statistics", "11.1": "reports.statistics", "12.0": "stages.closed",
	} {
		require.Contains(t, traced[number], element, "step %s of the source", number)
	}
}

func TestThePropertyGroupSettlesSignsAndTellsOnTheSameDay(t *testing.T) {
	p := shipped(t, "real-estate-project")
	for _, id := range []string{"approve", "inform"} {
		d, ok := p.Deadline(id)
		require.True(t, ok)
		require.Equal(t, calendar.MustParseDuration("same-day"), d.Within)
		require.Equal(t, []procedure.Moment{moment(t, "step propose")}, d.From, "both clocks start when the solution is settled")
	}
	require.False(t, p.Owner.IsByRule())
	require.Equal(t, complaint.Role("call-centre.head"), p.Owner.NamedBy)
	require.True(t, p.NeedsCallOut(screened(complaint.Screening{Severity: complaint.Emergency})))
	require.False(t, p.NeedsCallOut(screened(complaint.Screening{Severity: complaint.Major})))

	manager, deputy := complaint.Role("call-centre.head"), complaint.Role("deputy-general-manager")
	for amount, want := range map[string][]complaint.Role{
		"": {}, "0": {}, "0.00": {},
		"0.01": {manager}, "2000": {manager}, "2000.00": {manager},
		"2000.01": {manager, deputy}, "999999999999.99": {manager, deputy},
	} {
		require.Equal(t, want, p.Approvers(complaint.MatterProposal, proposed(amount)), "%q", amount)
	}
	require.Equal(t, []complaint.Role{manager, deputy}, p.Approvers(complaint.MatterProposal, screened(complaint.Screening{Severity: complaint.Mass})))
	require.Equal(t, []complaint.Role{manager}, p.Approvers(complaint.MatterSuspension, &complaint.Complaint{}))
}

func TestTheFirstPlanThatFitsIsTheCallbackPlan(t *testing.T) {
	p, err := procedure.Parse("small.yaml", small(t))
	require.NoError(t, err)
	plan, ok := p.FollowUp(screened(complaint.Screening{Category: "service.manners"}))
	require.True(t, ok)
	require.Len(t, plan.Callbacks, 1)
	plan, ok = p.FollowUp(screened(complaint.Screening{Category: "service.delivery"}))
	require.True(t, ok)
	require.Len(t, plan.Callbacks, 2)
	require.Equal(t, complaint.Received, plan.Dissatisfied.Reopen)
}

func TestNumbersAreSaidAndReadInTheProceduresPattern(t *testing.T) {
	p := shipped(t, "courier-station")
	require.Equal(t, "CS-2026-000123", p.Number(2026, 123))
	require.Equal(t, "CS-2026-1234567", p.Number(2026, 1_234_567))
	for _, number := range []string{"CS-2026-000123", "CS-2026-1234567"} {
		year, sequence, ok := p.ParseNumber(number)
		require.True(t, ok)
		require.Equal(t, number, p.Number(year, sequence))
	}
	for _, other := range []string{"", "CS", "CS-2026", "CS-2026-123", "CS-2026-0000123", "RE-2026-000123", "CS-2026-000000", "CS-2026-+00123", "CS-2026-000123 ", "CS--026-000123"} {
		_, _, ok := p.ParseNumber(other)
		require.False(t, ok, "%q", other)
	}
}

func TestFieldsAreCheckedAgainstTheForm(t *testing.T) {
	p, err := procedure.Parse("small.yaml", small(t))
	require.NoError(t, err)
	require.NoError(t, p.ValidateFields(nil))
	require.NoError(t, p.ValidateFields(map[string]any{"order": "1234", "size": "large", "pieces": float64(3)}))
	var invalid *jsonschema.ValidationError
	require.ErrorAs(t, p.ValidateFields(map[string]any{"order": "12x4", "size": "huge", "pieces": float64(100), "colour": "red"}), &invalid)
	require.Len(t, invalid.Causes, 4)
	require.Equal(t, []string{"findings", "order", "size", "pieces"}, p.CompleteBeforeClosing())
}

func TestAmountsAreSumsOfMoney(t *testing.T) {
	for _, right := range []string{"", "0", "12", "12.5", "12.50", "999999999999.99"} {
		require.NoError(t, procedure.CheckAmount(right), right)
	}
	for _, wrong := range []string{"-1", "+1", "1e3", "1.", ".5", "1.234", "1,5", "1000000000000", "NaN", "1.2.3", " 1"} {
		require.Error(t, procedure.CheckAmount(wrong), wrong)
	}
}

func TestRolesAreFilledByDutiesOfTheDepartment(t *testing.T) {
	p := shipped(t, "courier-station")
	require.Equal(t, complaint.Role("it.handler"), p.Duty(complaint.Handler, "it"))
	require.Equal(t, complaint.Role("dispatch.head"), p.Duty(complaint.ServiceManager, "it"))
	require.Equal(t, complaint.Role("leader"), p.Duty("leader", "it"))
}

func moment(t testing.TB, text string) (m procedure.Moment) {
	t.Helper()
	require.NoError(t, m.UnmarshalText([]byte(text)))
	return m
}

func TestMomentsFitTheStepsThatTheyName(t *testing.T) {
	for text, c := range map[string]struct {
		step  complaint.StepName
		facts complaint.Facts
		want  bool
	}{
		"step contact":         {complaint.Contact, complaint.Facts{Contact: &complaint.ContactMade{}}, true},
		"step contact reached": {complaint.Contact, complaint.Facts{Contact: &complaint.ContactMade{}}, false},
		"step answer declined": {complaint.Answer, complaint.Facts{Answer: &complaint.CustomerReply{}}, true},
		"step verify satisfied": {complaint.Verify, complaint.Facts{Check: &complaint.Verification{Satisfied: true}},
			true},
		"step propose": {complaint.Answer, complaint.Facts{}, false},
		"received":     {complaint.Screen, complaint.Facts{}, false},
	} {
		m := moment(t, text)
		taken := complaint.Event{Kind: complaint.StepTaken, Step: &complaint.Step{Name: c.step, Facts: c.facts}}
		require.Equal(t, c.want, m.Comes(taken, &complaint.Complaint{}), text)
		require.Equal(t, text, m.String())
	}
}
