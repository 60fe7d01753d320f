package procedures_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// The elements of the procedure that hold each step of the source;
// stories/real-estate-project/the-whole-flow.yaml passes them one after the other.
func TestRealEstateProject_EveryStepOfTheSourceIsHeldByItsElements(t *testing.T) {
	written := rulesOf(t, "real-estate-project", "").Procedure.BySource()
	for number, elements := range map[string][]string{
		"1.0":  {"categories.developer", "categories.property", "stages.received"},
		"2.0":  {"deadlines.screen"},
		"2.1":  {"supervision[0]", "campaigns.developer", "campaigns.property"},
		"2.2":  {"routes[1]", "alerts.headquarters-watches", "supervision[1]", "spot_checks"},
		"2.3":  {"deadlines.screen", "deadlines.explain"},
		"3.0":  {"form", "alerts.recorded", "owner", "deadlines.forward", "deadlines.investigate", "deadlines.propose", "call_out"},
		"3.1":  {"deadlines.support"},
		"3.2":  {"deadlines.approve", "authority.proposal[3]"},
		"4.0":  {"deadlines.inform", "customer_answer"},
		"4.1":  {"customer_answer.declined", "deadlines.propose"},
		"5.0":  {"deadlines.implement"},
		"6.0":  {"deadlines.implement"},
		"7.0":  {"deadlines.verify"},
		"7.1":  {"verify"},
		"8.0":  {"form"},
		"9.0":  {"follow_up[0]", "deadlines.close"},
		"9.1":  {"assessment"},
		"10.0": {"assessment"},
		"10.1": {"assessment"},
		"11.0": {"reports.statistics"},
		"11.1": {"reports.statistics"},
		"12.0": {"deadlines.close"},
	} {
		require.Subset(t, written[number], elements, "step %s of the source", number)
	}
}
