package procedures_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/bilingual"
	"recourse/internal/complaint"
	"recourse/internal/simulation"
	"recourse/internal/store/record"
	"recourse/internal/view"
)

func letters(timeline simulation.Timeline) (queued []complaint.Message) {
	for _, e := range timeline.Entries {
		if e.Kind == complaint.MessageQueued {
			m := *e.Message
			m.ID = ""
			queued = append(queued, m)
		}
	}
	return queued
}

// Who chose the wrong category puts it right themselves: it is on the record with what it was
// before, nobody is written to again, and whoever handles it goes on.
func TestCourierStation_AHandlerPutsAWrongCategoryRight(t *testing.T) {
	wrong := asked(t, toTheProposal, on(10, 11, 0))
	before := timeline(t, wrong)
	r := asked(t, toTheProposal+"  - 2026-03-10 10:40 chen-jing correct: {category: operations.mistake}\n", on(10, 11, 0))
	after := timeline(t, r)

	c := after.Complaint
	require.Equal(t, "operations.mistake", c.Category())
	require.Equal(t, before.Complaint.People, c.People, "nothing is routed anew")
	require.Equal(t, before.Complaint.Stage, c.Stage)
	require.Equal(t, letters(before), letters(after), "no letter is repeated")
	require.Equal(t, "service.attitude", c.Registration.Category, "what was said at first stays")

	steps := map[complaint.StepName]complaint.Event{}
	for _, e := range after.Entries {
		if e.Kind == complaint.StepTaken {
			steps[e.Step.Name] = e.Event
		}
	}
	require.Equal(t, "service.attitude", steps[complaint.Screen].Step.Facts.Screening.Category, "the record keeps what it was")
	for language, says := range map[string]string{bilingual.English: "put the category right: ", bilingual.Chinese: "将类别更正为："} {
		reader := view.Reader{Language: language, People: r.Rules.Directory, Rules: r.Rules.Procedure}
		require.Contains(t, reader.Events([]record.Row{{Sequence: 1, Event: steps[complaint.Correct]}}, nil, nil)[0].Text, says)
	}
}
