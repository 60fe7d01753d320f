package view

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"

	"recourse/internal/api"
	"recourse/internal/bilingual"
	"recourse/internal/complaint"
	"recourse/internal/phrase"
	"recourse/internal/plan"
	"recourse/internal/simulation"
)

// Timeline is what would happen to a complaint by the rules, in words, on the clock of the
// procedure's calendar.
func Timeline(rules plan.Rules, timeline simulation.Timeline, language string) api.Timeline {
	r := Reader{Language: language, People: rules.Directory, Rules: rules.Procedure, Zone: rules.Calendar.Zone()}
	shown := api.Timeline{Procedure: rules.Procedure.ID, Version: rules.Procedure.Version, Zone: r.Zone.String(), Entries: []api.TimelineEntry{}}
	known := ladders{}
	for _, e := range timeline.Entries {
		if e.Refused != nil {
			e.Reason = "" // stands beside the sentence
		}
		known.learn(e.Event)
		entry := api.TimelineEntry{At: e.At.UTC(), Local: r.instant(e.At), What: string(e.Kind), Text: r.sentence(e.Event, known),
			Tier: e.Tier, Stage: string(e.Stage), Person: r.Person(e.By)}
		if e.Step != nil {
			entry.Step = string(e.Step.Name)
		}
		if e.Deadline != nil {
			entry.Deadline = e.Deadline.Name
		}
		if e.Rung != nil {
			rung := known.rung(*e.Rung)
			entry.Deadline, entry.Rung, entry.Tier = e.Rung.Deadline, rung.Label, rung.Tier
			if len(rung.Tell) > 0 {
				entry.Role = string(rung.Tell[0])
			}
		}
		if e.Message != nil {
			entry.Message, entry.Person, entry.Deadline, entry.Rung = e.Message.Template, r.Person(e.Message.To), e.Message.Deadline, e.Message.Rung
		}
		if e.Refused != nil {
			entry.Problem = phrase.Sentence(phrase.Reason, string(e.Refused.Reason), language,
				"missing", Lacking(e.Refused.Reason, e.Refused.Missing, rules.Procedure, language))
			if e.Refused.Code == complaint.CodeNotFound {
				entry.Problem = phrase.Label(phrase.Reason, "no_part", language)
			}
		}
		shown.Entries = append(shown.Entries, entry)
	}
	return shown
}

// PrintTimeline prints a line for each thing that happens, with who is told of it, and if asked by
// which message.
func PrintTimeline(out io.Writer, timeline api.Timeline, language string, messages bool) error {
	table := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	fmt.Fprintf(table, "%s@%d · %s\n", timeline.Procedure, timeline.Version, timeline.Zone)
	told := toldOf(timeline.Entries, messages)
	for i, e := range timeline.Entries {
		if e.Message != "" { // stands with what it tells of
			continue
		}
		tier, rung := "", e.Rung
		if rung == "due" && language == bilingual.Chinese {
			rung = phrase.Label(phrase.Rung, rung, language)
		}
		if e.Rung != "" && e.Tier > 0 {
			tier = phrase.Sentence(phrase.Rung, "tier", language, "tier", strconv.Itoa(e.Tier))
		}
		line := strings.TrimSpace(e.Text + " " + e.Problem)
		if len(told[i]) > 0 {
			line += " → " + phrase.Listed(told[i], language)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", e.Local, e.Deadline, rung, tier, line)
	}
	return table.Flush()
}

// toldOf are those who get a message, by the entry that it tells of: the rung that it names, or
// else what its write began with, which is a step, a rung or the first of its instant.
func toldOf(entries []api.TimelineEntry, templates bool) map[int][]string {
	told, began := map[int][]string{}, 0
	for i, e := range entries {
		if e.Message == "" {
			if !e.At.Equal(entries[began].At) || e.What == string(complaint.StepTaken) || e.What == string(complaint.RungFired) {
				began = i
			}
			continue
		}
		of := began
		for j := i - 1; e.Rung != "" && j >= 0 && entries[j].At.Equal(e.At); j-- {
			if entries[j].Message == "" && entries[j].Deadline == e.Deadline && entries[j].Rung == e.Rung {
				of = j
				break
			}
		}
		name := e.Person.Name
		if templates {
			name += " (" + e.Message + ")"
		}
		told[of] = append(told[of], name)
	}
	return told
}
