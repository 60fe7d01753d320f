package view_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"recourse/internal/api"
	"recourse/internal/bilingual"
	"recourse/internal/complaint"
	"recourse/internal/directory"
	"recourse/internal/procedure"
	"recourse/internal/rulebook/rulebooktest"
	"recourse/internal/store/reading"
	"recourse/internal/store/record"
	"recourse/internal/view"
)

var update = flag.Bool("update", false, "write the sentences of steps anew")

// carries is what a step may carry, and how the sentences' file calls that.
type carries struct {
	what string
	complaint.Facts
}

// carried are the steps whose sentence may depend on what they carry.
var carried = map[complaint.StepName][]carries{
	complaint.Correct: {
		{"details", complaint.Facts{Correction: &complaint.Correction{Corrected: complaint.Details{"email"}}}},
		{"category", complaint.Facts{Correction: &complaint.Correction{Category: "operations.mistake"}}},
		{"both", complaint.Facts{Correction: &complaint.Correction{Corrected: complaint.Details{"email"}, Category: "operations.mistake"}}},
	},
	complaint.Reopen: {
		{"", complaint.Facts{}},
		{"asked by phone", complaint.Facts{Reopening: &complaint.Reopening{AskedBy: "phone"}}},
	},
	complaint.Explain: {
		{"accepted", complaint.Facts{Explanation: &complaint.Explanation{}}},
		{"contested", complaint.Facts{Explanation: &complaint.Explanation{Contested: true}}},
	},
	complaint.Contact: {
		{"reached", complaint.Facts{Contact: &complaint.ContactMade{Reached: true}}},
		{"not-reached", complaint.Facts{Contact: &complaint.ContactMade{}}},
	},
	complaint.Approve: {
		{"proposal", complaint.Facts{Decision: &complaint.Decision{Matter: complaint.MatterProposal, ProposalRevision: 2}}},
		{"suspension", complaint.Facts{Decision: &complaint.Decision{Matter: complaint.MatterSuspension, Number: 1}}},
		{"closing form", complaint.Facts{Decision: &complaint.Decision{Matter: complaint.MatterClosingForm}}},
	},
	complaint.Refuse: {
		{"proposal", complaint.Facts{Decision: &complaint.Decision{Matter: complaint.MatterProposal, ProposalRevision: 2}}},
		{"visit", complaint.Facts{Decision: &complaint.Decision{Matter: complaint.MatterVisit, Number: 1}}},
	},
	complaint.Inform: {
		{"", complaint.Facts{Answer: &complaint.CustomerReply{ProposalRevision: 1}}},
	},
	complaint.Answer: {
		{"agreed", complaint.Facts{Answer: &complaint.CustomerReply{ProposalRevision: 1, Agrees: true}}},
		{"declined", complaint.Facts{Answer: &complaint.CustomerReply{ProposalRevision: 1}}},
	},
	complaint.Visit: {
		{"planned", complaint.Facts{Visit: &complaint.VisitFacts{}}},
		{"reported", complaint.Facts{Visit: &complaint.VisitFacts{Report: true}}},
	},
	complaint.Implement: {
		{"done", complaint.Facts{Work: &complaint.Work{Done: true}}},
		{"part", complaint.Facts{Work: &complaint.Work{Done: true, Part: 1}}},
		{"impossible", complaint.Facts{Work: &complaint.Work{Impossible: true}}},
	},
	complaint.Verify: {
		{"satisfied", complaint.Facts{Check: &complaint.Verification{Satisfied: true}}},
		{"dissatisfied", complaint.Facts{Check: &complaint.Verification{BackTo: complaint.Implementing}}},
	},
	complaint.CallBack: {
		{"satisfied", complaint.Facts{Callback: &complaint.Callback{Reached: true, Satisfaction: complaint.Satisfied}}},
		{"neutral", complaint.Facts{Callback: &complaint.Callback{Reached: true, Satisfaction: complaint.Neutral}}},
		{"dissatisfied", complaint.Facts{Callback: &complaint.Callback{Reached: true, Satisfaction: complaint.Dissatisfied}}},
		{"not-reached", complaint.Facts{Callback: &complaint.Callback{}}},
	},
	complaint.Substitute: {{"", complaint.Facts{Absent: &complaint.Absent{Person: "wang-wei"}}}},
	complaint.Report: {
		{"waits", complaint.Facts{Report: &complaint.SideReport{Side: "accountability", ID: "1", State: "judgement"}}},
		{"rung", complaint.Facts{Report: &complaint.SideReport{Side: "accountability", ID: "1", State: "judgement", Rung: "due"}}},
		{"ended", complaint.Facts{Report: &complaint.SideReport{Side: "accountability", ID: "1", State: complaint.SideDone}}},
		{"judged", complaint.Facts{Report: &complaint.SideReport{Side: "accountability", ID: "1", State: "settlement", Said: &complaint.SideFacts{Code: complaint.CutOfPay}}}},
		{"judged and ended", complaint.Facts{Report: &complaint.SideReport{Side: "accountability", ID: "1", State: complaint.SideDone, Said: &complaint.SideFacts{Code: complaint.NoConsequence}}}},
	},
}

// First review: A2.
func TestEveryStepWithEveryResultIsSaidAsWhatItIs(t *testing.T) {
	rules := rulebooktest.Rules(t, "courier-station")
	said := func(step complaint.StepName, by complaint.PersonID, facts complaint.Facts, language string) string {
		e := complaint.Event{Kind: complaint.StepTaken, At: time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC), By: by,
			Step: &complaint.Step{Name: step, By: complaint.Actor{Person: by}, Facts: facts}}
		reader := view.Reader{Language: language, People: rules.Directory, Rules: rules.Procedure}
		return reader.Events([]record.Row{{Event: e}}, nil, nil)[0].Text
	}
	var sentences strings.Builder
	for _, step := range slices.Concat([]complaint.StepName{complaint.Register}, complaint.StepNames(),
		[]complaint.StepName{complaint.Substitute, complaint.Rebase, complaint.Report, complaint.Undelivered}) {
		results, variants := step.Results(), carried[step]
		if variants == nil {
			variants = []carries{{}}
		}
		for _, it := range variants {
			results = slices.DeleteFunc(results, func(word string) bool { return step.Came(word, it.Facts) })
			people := []complaint.PersonID{"li-na"}
			if strings.Contains(step.TakenBy(), "customer") && (step != complaint.Explain || it.what == "contested") && it.what != "not-reached" { // which is all that they can do there
				people = append(people, complaint.Customer)
			}
			for _, by := range people {
				fmt.Fprintln(&sentences, strings.Join(strings.Fields(fmt.Sprintf("%s %s by %s", step, it.what, by)), " "))
				for _, language := range bilingual.Languages() {
					sentence := said(step, by, it.Facts, language)
					requireReadable(t, language, sentence)
					fmt.Fprintln(&sentences, "  "+sentence)
				}
			}
		}
		require.Empty(t, results, "carried comes to no such result of %s", step)
	}
	const golden = "testdata/steps.txt"
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(golden, []byte(sentences.String()), 0o600))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), sentences.String(), "run with -update where it is meant")
}

func TestEveryCodeOfTheFindingsIsShownInWords(t *testing.T) {
	document, err := openapi3.NewLoader().LoadFromData(api.Description())
	require.NoError(t, err)
	coded := 0
	for member, property := range document.Components.Schemas["Find"].Value.Properties {
		for _, code := range property.Value.Enum {
			coded++
			var found complaint.Findings
			require.NoError(t, json.Unmarshal(fmt.Appendf(nil, `{%q: %q}`, member, code), &found))
			for _, language := range bilingual.Languages() {
				shown := view.Reader{Language: language, People: &directory.Directory{}, Rules: &procedure.Procedure{}}.
					Complaint(reading.File{Complaint: complaint.Complaint{Findings: &found}}, "", nil, nil, nil, nil, nil)
				require.NotEmpty(t, shown.Labels[code.(string)], "internal/phrase/words.yaml has no %s %q", member, code)
				requireReadable(t, language, shown.Labels[code.(string)])
			}
		}
	}
	require.NotZero(t, coded)
}
