package procedure

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
	"recourse/internal/yamlfile"
)

var update = flag.Bool("update", false, "write the tables of facts and moments in procedures/README.md anew")

func TestAConditionKnowsEachFactOfAComplaint(t *testing.T) {
	screened := complaint.Complaint{Screening: &complaint.Screening{Kind: complaint.KindEnquiry, Valid: true, Category: "goods.late", Severity: complaint.Major}}
	found := complaint.Complaint{Findings: &complaint.Findings{Founded: true, Cause: "broken", Liability: complaint.LiableSupplier}}
	proposed := complaint.Complaint{Proposal: &complaint.OpenProposal{Proposal: complaint.Proposal{Remedies: []complaint.Remedy{
		{Kind: "refund", Amount: "99.90", Currency: "CNY"}, {Kind: "compensation", Amount: "0.10", Currency: "CNY"}}}}}
	rested := []complaint.OpenMatter{{Kind: complaint.AgreedDate, Over: true}, {Kind: complaint.PartsOnOrder}}
	known := map[string]struct {
		condition string
		complaint complaint.Complaint
	}{
		"kind":           {`kind == "enquiry"`, screened},
		"valid":          {`valid`, screened},
		"severity":       {`severity == "major"`, screened},
		"category":       {`category == "goods.late"`, complaint.Complaint{Registration: complaint.Registration{Category: "goods.late"}}},
		"department":     {`department == "store"`, complaint.Complaint{People: complaint.People{Department: "store"}}},
		"channel":        {`channel == "phone"`, complaint.Complaint{Registration: complaint.Registration{Channel: "phone"}}},
		"customer_class": {`customer_class == "A"`, complaint.Complaint{Registration: complaint.Registration{CustomerClass: "A"}}},
		"anger":          {`anger >= 4`, complaint.Complaint{Registration: complaint.Registration{Anger: 4}}},
		"founded":        {`founded`, found},
		"cause_code":     {`cause_code == "broken"`, found},
		"liability":      {`liability in ["supplier", "third_party"]`, found},
		"special":        {`special`, complaint.Complaint{Special: true}},
		"tier":           {`tier > 1`, complaint.Complaint{RoundsTier: 2}},
		"declined":       {`declined == 2`, complaint.Complaint{Declined: 2}},
		"dissatisfied":   {`dissatisfied == 1`, complaint.Complaint{Unsatisfied: 1}},
		"amount":         {`amount == 100`, proposed},
		"remedies":       {`"compensation" in remedies`, proposed},
		"open_matter":    {`open_matter == "parts-on-order"`, complaint.Complaint{Matters: rested}},
		"contacted":      {`contacted`, complaint.Complaint{Contacted: true}},
		"attempted":      {`attempted && !contacted`, complaint.Complaint{Attempted: true}},
		"satisfaction":   {`satisfaction == "unreached"`, complaint.Complaint{Satisfaction: complaint.Unreached}},
		"outcome":        {`outcome == "withdrawn"`, complaint.Complaint{Outcome: complaint.Withdrawn}},
		"late":           {`"settle" in late`, complaint.Complaint{Rounds: []complaint.Round{{Deadline: "settle", Lapsed: true}}}},
		"late_by":        {`"handler" in late_by`, complaint.Complaint{Rounds: []complaint.Round{{Deadline: "settle"}}, Deadlines: []complaint.Deadline{{Name: "settle", LapsedAt: &time.Time{}}}}},
		"repeats":        {`repeats >= 1`, complaint.Complaint{Links: []complaint.Linked{{Relation: complaint.Repeats, Number: "SM-2026-0001"}}}},
		"decision":       {`decision == "accepted"`, complaint.Complaint{Decided: "accepted"}},
		"asked_more":     {`asked_more`, complaint.Complaint{AskedMore: true}},
		"fields.*":       {`fields.wish == "return"`, complaint.Complaint{Choices: map[string]string{"wish": "return"}}},
	}
	for _, f := range append(facts, chosen) {
		t.Run(f.name, func(t *testing.T) {
			c, there := known[f.name]
			require.True(t, there, "say here when the fact is known")
			require.Contains(t, c.condition, strings.TrimSuffix(f.name, "*"))
			condition, p := Condition{Source: c.condition}, knowing(t)
			condition.compile(p, p.environment(), "a")
			require.NoError(t, p.doc.Err())
			require.True(t, condition.Holds(&c.complaint))
			require.False(t, condition.Holds(&complaint.Complaint{}), "nothing is known yet")
		})
	}
}

// knowing is a procedure of which no more is known than conditions ask for.
func knowing(t *testing.T) *Procedure {
	t.Helper()
	p := &Procedure{
		doc:       yamlfile.Decode("test.yaml", []byte("a: b"), terms(), &map[string]string{}),
		Form:      Form{Fields: []Field{{ID: "order"}, {ID: "wish", Options: []Option{{ID: "return"}, {ID: "repair"}}}}},
		Channels:  []Channel{{ID: "phone"}},
		Causes:    []Cause{{ID: "broken"}},
		Deadlines: []Deadline{{ID: "settle", By: complaint.Handler}},
		Decisions: []Decision{{ID: "accepted"}},
		codes:     []string{"goods.late"},
	}
	p.known = p.facts()
	return p
}

// The README's table of facts is this package's.
func TestTheFactsStandInTheGuideToProcedures(t *testing.T) {
	const guide = "../../procedures/README.md"
	text, err := os.ReadFile(guide)
	require.NoError(t, err)
	table := regexp.MustCompile(`(?s)(<!-- facts[^\n]*-->\n).*(<!-- end of the facts -->)`)
	written := table.ReplaceAllString(string(text), "${1}"+strings.ReplaceAll(tableOfFacts(), "$", "$$")+"${2}")
	require.Contains(t, written, tableOfFacts(), "the guide has a place for the table")
	if *update {
		require.NoError(t, os.WriteFile(guide, []byte(written), 0o644))
		return
	}
	require.Equal(t, written, string(text), "write it anew: go test ./internal/procedure -run Facts -update")
}

func tableOfFacts() string {
	var table strings.Builder
	table.WriteString("\n| fact | says | 含义 | is |\n|---|---|---|---|\n")
	for _, f := range append(facts, chosen) {
		fmt.Fprintf(&table, "| `%s` | %s | %s | %s |\n", f.name, f.says.English, f.says.Chinese, f.can.in(f.kind.String()))
	}
	return table.String() + "\n"
}

// in says what a fact of a type can be.
func (v vocabulary) in(kind string) string {
	words := "`" + strings.Join(v.always, "`, `") + "`"
	switch {
	case v.key != "" && strings.HasPrefix(kind, "list"):
		return "a list of `" + v.key + "`"
	case v.key != "":
		return "one of `" + v.key + "`"
	case v.always != nil && strings.HasPrefix(kind, "list"):
		return "a list of " + words
	case v.always != nil:
		return words
	}
	return map[string]string{"string": "a word", "bool": "yes or no: `" + "true`, `false`", "int": "a whole number", "double": "a number"}[kind]
}
