package procedure

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
)

func TestEveryMomentIsReadAndWrittenAlike(t *testing.T) {
	texts := []string{"step contact", "climbed", "side accountability done", "approved closing_form", "closed as resolved", "rung settle -2h", "rung settle due"}
	for _, row := range moments {
		texts = append(texts, row.shown)
	}
	for _, text := range texts {
		var m Moment
		require.NoError(t, m.UnmarshalText([]byte(text)), text)
		require.Equal(t, text, m.String())
	}
	var stage Moment
	require.NoError(t, stage.UnmarshalText([]byte("stage investigating")))
	require.Equal(t, "investigating", stage.String())
}

func TestAMomentComesByWhatHappened(t *testing.T) {
	took := func(name complaint.StepName, facts complaint.Facts) complaint.Event {
		return complaint.Event{Kind: complaint.StepTaken, Step: &complaint.Step{Name: name, Facts: facts}}
	}
	decision := func(matter complaint.Matter) complaint.Facts {
		return complaint.Facts{Decision: &complaint.Decision{Matter: matter}}
	}
	c := complaint.Complaint{
		Deadlines: []complaint.Deadline{{Name: "settle", Round: 1, State: complaint.Running, Rungs: []complaint.Rung{{Label: "75%"}, {Label: "due", Lapses: true}}}},
		Approvals: []complaint.Approval{{Matter: complaint.MatterVisit, Levels: []complaint.Level{{DecidedBy: "kim"}}},
			{Matter: complaint.MatterProposal, Levels: []complaint.Level{{DecidedBy: "kim"}, {}}}},
	}
	fired := func(rung int) complaint.Event {
		return complaint.Event{Kind: complaint.RungFired, Rung: &complaint.RungRef{Deadline: "settle", Round: 1, Rung: rung}, Tier: rung}
	}
	reported := func(report complaint.SideReport) complaint.Event {
		return took(complaint.Report, complaint.Facts{Report: &report})
	}
	for _, one := range []struct {
		text string
		by   complaint.Event
		is   bool
	}{
		{"registered", took(complaint.Register, complaint.Facts{}), true},
		{"registered", complaint.Event{Kind: complaint.StageEntered, Stage: complaint.Received}, false},
		{"step screen", took(complaint.Register, complaint.Facts{Screening: &complaint.Screening{}}), true},
		{"refused proposal", took(complaint.Refuse, decision(complaint.MatterProposal)), true},
		{"refused proposal", took(complaint.Refuse, decision(complaint.MatterVisit)), false},
		{"refused visit", took(complaint.Approve, decision(complaint.MatterVisit)), false},
		{"approved visit", took(complaint.Approve, decision(complaint.MatterVisit)), true},
		{"approved proposal", took(complaint.Approve, decision(complaint.MatterProposal)), false}, // another has to
		{"lapsed settle", fired(1), true},
		{"lapsed settle", fired(0), false},
		{"lapsed settle", complaint.Event{Kind: complaint.DeadlineEnded, Deadline: &complaint.Deadline{Name: "settle", LapsedAt: &c.RegisteredAt}}, true},
		{"rung settle 75%", fired(0), true},
		{"rung settle 75%", fired(1), false},
		{"climbed", fired(1), true},
		{"climbed", fired(0), false},
		{"climbed 2", complaint.Event{Kind: complaint.TierReached, Tier: 2}, true},
		{"climbed 2", complaint.Event{Kind: complaint.TierReached, Tier: 3}, false},
		{"closed as unresolved", complaint.Event{Kind: complaint.Concluded, Outcome: complaint.Unresolved}, true},
		{"closed as unresolved", complaint.Event{Kind: complaint.Concluded, Outcome: complaint.Resolved}, false},
		{"reopened", complaint.Event{Kind: complaint.StageEntered, From: complaint.Closed, Stage: complaint.Proposing}, true},
		{"reopened", complaint.Event{Kind: complaint.StageEntered, From: complaint.Approving, Stage: complaint.Proposing}, false},
		{"side blame.judge", reported(complaint.SideReport{Side: "blame", State: "settle", Taken: "judge"}), true},
		{"side blame.judge", reported(complaint.SideReport{Side: "blame", State: "judge"}), false},
		{"side blame done", reported(complaint.SideReport{Side: "blame", State: complaint.SideDone}), true},
		{"side blame done", reported(complaint.SideReport{Side: "claim", State: complaint.SideDone}), false},
	} {
		var m Moment
		require.NoError(t, m.UnmarshalText([]byte(one.text)), one.text)
		require.Equal(t, one.is, m.Comes(one.by, &c), one.text)
	}
}

// The README's table of moments is this package's.
func TestTheMomentsStandInTheGuideToProcedures(t *testing.T) {
	const guide = "../../procedures/README.md"
	text, err := os.ReadFile(guide)
	require.NoError(t, err)
	var table strings.Builder
	table.WriteString("\n| moment | comes when | 何时 |\n|---|---|---|\n")
	for _, row := range moments {
		fmt.Fprintf(&table, "| `%s` | %s | %s |\n", row.shown, row.says.English, row.says.Chinese)
	}
	table.WriteString("\n")
	place := regexp.MustCompile(`(?s)(<!-- moments[^\n]*-->\n).*(<!-- end of the moments -->)`)
	require.True(t, place.Match(text), "the guide has a place for the table")
	written := place.ReplaceAllString(string(text), "${1}"+table.String()+"${2}")
	if *update {
		require.NoError(t, os.WriteFile(guide, []byte(written), 0o644))
		return
	}
	require.Equal(t, written, string(text), "write it anew: go test ./internal/procedure -run Moments -update")
}
