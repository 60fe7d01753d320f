package story

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"recourse/internal/complaint"
	"recourse/internal/simulation"
)

// Tell is a timeline as a story has it: a line for each thing that happened, with the time
// where it changes, to the minute on the clock of a zone. A star is a step that was taken,
// an exclamation mark one that was refused, an equals sign a stage that is entered, a tilde
// a rung of a clock's ladder, an arrowhead a message.
func Tell(zone *time.Location, timeline simulation.Timeline) string {
	teller := teller{zone}
	var table strings.Builder
	last := ""
	for _, entry := range timeline.Entries {
		what := teller.happened(entry.Event)
		if what == "" {
			continue
		}
		at := teller.minute(entry.At)
		if at == last {
			at = strings.Repeat(" ", len(at))
		} else {
			last = at
		}
		fmt.Fprintf(&table, "%s  %s\n", at, what)
	}
	return table.String()
}

// teller tells what happened in one place.
type teller struct {
	zone *time.Location
}

func (t teller) minute(at time.Time) string { return at.In(t.zone).Format("Mon 02 Jan 15:04") }

func (t teller) happened(e complaint.Event) string {
	// Not all are told apart: they say nothing that isn't seen elsewhere.
	//exhaustive:ignore
	switch e.Kind {
	case complaint.StepTaken:
		return "* " + string(e.By) + " " + string(e.Step.Name) + side(e.Step.Facts.Report)
	case complaint.StepRefused:
		said := fmt.Sprintf("! %s %s: %s", e.By, e.Step.Name, e.Code)
		if e.Reason != "" {
			said += ", " + string(e.Reason)
		}
		return said
	case complaint.StageEntered:
		return "= " + string(e.Stage)
	case complaint.PeopleNamed:
		return people(*e.People)
	case complaint.ApprovalsAsked:
		var levels []string
		for _, l := range e.Approval.Levels {
			levels = append(levels, string(l.Person))
		}
		return fmt.Sprintf("%s %d needs %s", e.Approval.Matter, e.Approval.Number, strings.Join(levels, ", then "))
	case complaint.DeadlineStarted:
		return t.clock(e.Deadline) + " due " + t.due(e.Deadline)
	case complaint.DeadlineChanged:
		if e.Deadline.State == complaint.Paused {
			return t.clock(e.Deadline) + " " + e.Code
		}
		return t.clock(e.Deadline) + " " + e.Code + ", due " + t.due(e.Deadline)
	case complaint.DeadlineEnded:
		return t.clock(e.Deadline) + " " + string(e.Deadline.State)
	case complaint.RungFired:
		said := fmt.Sprintf("~ %s #%d rung %d", e.Rung.Deadline, e.Rung.Round, e.Rung.Rung+1)
		if e.Tier > 0 {
			said += fmt.Sprintf(", tier %d", e.Tier)
		}
		return said
	case complaint.RungSkipped:
		return fmt.Sprintf("%s #%d rung %d skipped", e.Rung.Deadline, e.Rung.Round, e.Rung.Rung+1)
	case complaint.TierReached:
		if e.Code == complaint.ByHand {
			return fmt.Sprintf("tier %d called by hand", e.Tier)
		}
		return fmt.Sprintf("tier %d by rounds", e.Tier)
	case complaint.Suspended:
		return "rests: " + string(e.Matter.Kind) + " until " + t.minute(e.Matter.Until)
	case complaint.Resumed:
		return "goes on"
	case complaint.Concluded:
		return "outcome " + string(e.Outcome)
	case complaint.AnsweredBySilence:
		return "silence is a yes"
	case complaint.CallbackEnded:
		return fmt.Sprintf("callback %d %s", e.Callbacks, e.Rating)
	case complaint.SideStarted:
		return "beside: " + e.Side.Kind
	case complaint.AlertRaised:
		return "alert " + e.Code
	case complaint.MomentCame:
		return "callbacks count from " + e.Code
	case complaint.TaskMoved:
		return fmt.Sprintf("%s goes from %s to %s", cmp.Or(e.Moved.Side, "an order"), e.Moved.From, e.Moved.To)
	case complaint.ThreatAnnounced:
		return "threat: " + watch(e.Threat)
	case complaint.WatchNamed:
		return "watch: " + watch(e.Threat)
	case complaint.MessageQueued:
		return "> " + t.message(e.Message)
	}
	return "" // TermsSet and CallbacksPlanned say nothing that isn't seen elsewhere
}

func (t teller) clock(d *complaint.Deadline) string {
	if d.Round > 1 {
		return fmt.Sprintf("%s #%d", d.Name, d.Round)
	}
	return d.Name
}

// due is when a clock is due, from when its step may be taken, and whether the calendar knows the
// holidays of that year.
func (t teller) due(d *complaint.Deadline) string {
	said := t.minute(d.DueAt)
	if !d.OpensAt.IsZero() {
		said += ", not before " + t.minute(d.OpensAt)
	}
	if d.BeyondCovers {
		said += fmt.Sprintf(", beyond the calendar: the holidays of %d aren't all known", d.DueAt.In(t.zone).Year())
	}
	return said
}

func (t teller) message(m *complaint.Message) string {
	var said strings.Builder
	said.WriteString(string(m.To) + ": " + m.Template)
	for _, part := range []string{m.Reason, m.Deadline, m.Rung} {
		if part != "" {
			said.WriteString(" " + part)
		}
	}
	if m.Tier > 0 {
		said.WriteString(fmt.Sprintf(" tier %d", m.Tier))
	}
	if m.ProposalRevision > 0 {
		said.WriteString(fmt.Sprintf(" revision %d", m.ProposalRevision))
	}
	if m.Callback > 0 {
		said.WriteString(fmt.Sprintf(" callback %d", m.Callback))
	}
	if m.Due != nil {
		said.WriteString(", due " + t.minute(*m.Due))
	}
	if m.Link != "" {
		said.WriteString(" [link to " + m.Link + "]")
	}
	return said.String()
}

func side(report *complaint.SideReport) string {
	if report == nil {
		return ""
	}
	return " " + report.Side + " " + report.State
}

// watch is who guards against a threat by which duty, and which duties were warned.
func watch(threat *complaint.Threat) string {
	var watchers, warned []string
	for _, w := range threat.Watch {
		watchers = append(watchers, string(w.Duty)+" "+string(w.Person))
	}
	for _, duty := range threat.Warned {
		warned = append(warned, string(duty))
	}
	return fmt.Sprintf("watched by %s; at risk %v; warned [%s]", strings.Join(watchers, ", "), threat.AtRisk, strings.Join(warned, ", "))
}

// people are those who have the complaint in hand, as far as they are named.
func people(p complaint.People) string {
	var named []string
	for _, role := range []struct{ is, who string }{{"department", p.Department}, {"agent", string(p.Agent)},
		{"owner", string(p.Owner)}, {"handler", string(p.Handler)}} {
		if role.who != "" {
			named = append(named, role.is+" "+role.who)
		}
	}
	if len(p.SeenBy) > 0 {
		named = append(named, fmt.Sprintf("seen by %v only", p.SeenBy))
	}
	for _, s := range p.StandIns {
		named = append(named, fmt.Sprintf("%s stands in for %s to %s", s.Person, s.Role, s.Step))
	}
	return strings.Join(named, ", ")
}
