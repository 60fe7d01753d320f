package procedures_test

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	exampledirectory "recourse/deploy/directory"
	"recourse/internal/calendar"
	"recourse/internal/complaint"
	"recourse/internal/directory"
	"recourse/internal/plan"
	"recourse/internal/procedure"
	"recourse/procedures"
	"recourse/internal/simulation"
)

// walk is one complaint that is walked through its procedure: who does what
// when, and what the clocks do in between.
type walk struct {
	t       testing.TB
	rules   plan.Rules
	request simulation.Request
}

// walking begins a walk of a procedure that comes with the software, on its own
// calendar unless another one is named.
func walking(t testing.TB, id string, otherCalendar ...string) *walk {
	t.Helper()
	written, err := procedures.Files.ReadFile(id + ".yaml")
	require.NoError(t, err)
	if len(otherCalendar) > 0 {
		written = []byte(strings.Replace(string(written), "calendar: cn", "calendar: "+otherCalendar[0], 1))
	}
	rules := plan.Rules{}
	rules.Procedure, err = procedure.Parse(id+".yaml", written)
	require.NoError(t, err)
	rules.Procedure.Version = 1
	written, err = procedures.Files.ReadFile("calendars/" + rules.Procedure.Calendar + ".yaml")
	require.NoError(t, err)
	rules.Calendar, err = calendar.Parse(rules.Procedure.Calendar+".yaml", written)
	require.NoError(t, err)
	written, err = exampledirectory.Files.ReadFile(id + ".yaml")
	require.NoError(t, err)
	rules.Directory, err = directory.Parse(id+".yaml", written)
	require.NoError(t, err)
	return &walk{t: t, rules: rules, request: simulation.Request{Rules: rules, Number: "X-1"}}
}

// on is a local time of 2026, "13 Feb 17:30".
func (w *walk) on(local string) time.Time {
	w.t.Helper()
	at, err := time.ParseInLocation("2 Jan 15:04 2006", local+" 2026", w.rules.Calendar.Zone())
	require.NoError(w.t, err)
	return at.UTC()
}

// actor is a person with the roles that the directory gives them; the
// customer's roles come by the link.
func (w *walk) actor(person complaint.PersonID, at time.Time) complaint.Actor {
	if person == complaint.Customer {
		return complaint.Actor{Person: person, Roles: []complaint.Role{complaint.CustomerRole}}
	}
	return complaint.Actor{Person: person, Roles: w.rules.Directory.RolesOf(person, at, w.rules.Procedure.Roles),
		Department: w.rules.Directory.DepartmentOf(person)}
}

// register begins the complaint.
func (w *walk) register(local string, person complaint.PersonID, facts complaint.Facts) {
	w.t.Helper()
	facts.Registration.Procedure, facts.Registration.Version = w.rules.Procedure.ID, 1
	w.request.Start = w.on(local)
	w.request.Registration = complaint.Step{Name: complaint.Register, By: w.actor(person, w.request.Start), At: w.request.Start, Facts: facts}
}

// step lets a person take a step.
func (w *walk) step(local string, person complaint.PersonID, name complaint.StepName, facts complaint.Facts) {
	w.t.Helper()
	at := w.on(local)
	w.request.Steps = append(w.request.Steps, complaint.Step{Name: name, By: w.actor(person, at), At: at, Facts: facts})
}

// tells runs the walk and compares everything that happened with what is
// expected, to the minute in local time.
func (w *walk) tells(expected string) simulation.Timeline {
	w.t.Helper()
	timeline, err := simulation.Run(context.Background(), w.request)
	require.NoError(w.t, err)
	require.Equal(w.t, strings.TrimSpace(expected), strings.TrimSpace(w.told(timeline)))
	return timeline
}

// until ends the walk at a local time.
func (w *walk) until(local string) { w.request.Until = w.on(local) }

// told is a timeline as a table: the time where it changes, and what happened.
func (w *walk) told(timeline simulation.Timeline) string {
	var table strings.Builder
	last := ""
	for _, entry := range timeline.Entries {
		what := w.happened(entry)
		if what == "" {
			continue
		}
		at := w.minute(entry.At)
		if at == last {
			at = strings.Repeat(" ", len(at))
		} else {
			last = at
		}
		fmt.Fprintf(&table, "%s  %s\n", at, what)
	}
	return table.String()
}

func (w *walk) minute(at time.Time) string {
	return at.In(w.rules.Calendar.Zone()).Format("Mon 02 Jan 15:04")
}

func (w *walk) happened(e simulation.Entry) string {
	switch e.Kind {
	case complaint.StepTaken:
		return "* " + string(e.By) + " " + string(e.Step.Name) + side(e.Step.Facts.Report)
	case complaint.StepRefused:
		if e.Refused == nil {
			return fmt.Sprintf("! %s %s: %s", e.By, e.Step.Name, e.Code)
		}
		return fmt.Sprintf("! %s %s: %s, %s", e.By, e.Step.Name, e.Refused.Code, e.Refused.Reason)
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
		return w.clock(e.Deadline) + " due " + w.minute(e.Deadline.DueAt) + w.opens(e.Deadline)
	case complaint.DeadlineChanged:
		if e.Deadline.State == complaint.Paused {
			return w.clock(e.Deadline) + " " + e.Code
		}
		return w.clock(e.Deadline) + " " + e.Code + ", due " + w.minute(e.Deadline.DueAt) + w.opens(e.Deadline)
	case complaint.DeadlineEnded:
		return w.clock(e.Deadline) + " " + string(e.Deadline.State)
	case complaint.RungFired:
		said := fmt.Sprintf("~ %s #%d rung %d", e.Rung.Deadline, e.Rung.Round, e.Rung.Rung+1)
		if e.Tier > 0 {
			said += fmt.Sprintf(", tier %d", e.Tier)
		}
		return said
	case complaint.RungSkipped:
		return fmt.Sprintf("%s #%d rung %d skipped", e.Rung.Deadline, e.Rung.Round, e.Rung.Rung+1)
	case complaint.TierReached:
		return fmt.Sprintf("tier %d by rounds", e.Tier)
	case complaint.Suspended:
		return "rests: " + string(e.Matter.Kind) + " until " + w.minute(e.Matter.Until)
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
	case complaint.TaskMoved:
		return fmt.Sprintf("%s goes from %s to %s", cmp.Or(e.Moved.Side, "an order"), e.Moved.From, e.Moved.To)
	case complaint.ThreatAnnounced:
		return "threat: " + watch(e.Threat)
	case complaint.WatchNamed:
		return "watch: " + watch(e.Threat)
	case complaint.MessageQueued:
		return "> " + w.message(e.Message)
	}
	return "" // TermsSet and CallbacksPlanned say nothing that isn't seen elsewhere
}

func (w *walk) clock(d *complaint.Deadline) string {
	if d.Round > 1 {
		return fmt.Sprintf("%s #%d", d.Name, d.Round)
	}
	return d.Name
}

func (w *walk) opens(d *complaint.Deadline) string {
	if d.OpensAt.IsZero() {
		return ""
	}
	return ", not before " + w.minute(d.OpensAt)
}

func (w *walk) message(m *complaint.Message) string {
	said := string(m.To) + ": " + m.Template
	for _, part := range []string{m.Reason, m.Deadline, m.Rung} {
		if part != "" {
			said += " " + part
		}
	}
	if m.Tier > 0 {
		said += fmt.Sprintf(" tier %d", m.Tier)
	}
	if m.ProposalRevision > 0 {
		said += fmt.Sprintf(" revision %d", m.ProposalRevision)
	}
	if m.Callback > 0 {
		said += fmt.Sprintf(" callback %d", m.Callback)
	}
	if m.Due != nil {
		said += ", due " + w.minute(*m.Due)
	}
	if m.Link != "" {
		said += " [link to " + m.Link + "]"
	}
	return said
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

// What the steps of the walks carry.

func registered(category, channel string) complaint.Facts {
	return complaint.Facts{Registration: &complaint.Registration{Channel: channel, Category: category, Language: "en"}}
}

func screened(category string, severity complaint.Severity) complaint.Facts {
	return complaint.Facts{Screening: &complaint.Screening{Kind: complaint.KindComplaint, Valid: true, Category: category, Severity: severity}}
}

func invalid(category string) complaint.Facts {
	return complaint.Facts{Screening: &complaint.Screening{Kind: complaint.KindComplaint, Category: category, Severity: complaint.Normal}}
}

func explained(contested bool) complaint.Facts {
	return complaint.Facts{Explanation: &complaint.Explanation{Contested: contested}}
}

func reached(yes bool) complaint.Facts {
	return complaint.Facts{Contact: &complaint.ContactMade{Reached: yes}}
}

func found(cause string, liability complaint.Liability, people ...complaint.PersonID) complaint.Facts {
	return complaint.Facts{Findings: &complaint.Findings{Founded: true, Cause: cause, Liability: liability, People: people}}
}

// proposed offers a compensation, or only an apology for no amount.
func (w *walk) proposed(amount, due string) complaint.Facts {
	at := w.on(due)
	remedies := []complaint.Remedy{{Kind: "apology"}}
	if amount != "" {
		remedies = append(remedies, complaint.Remedy{Kind: "compensation", Amount: amount, Currency: "CNY"})
	}
	return complaint.Facts{Proposal: &complaint.Proposal{Remedies: remedies, Due: &at}}
}

func decided(revision int) complaint.Facts {
	return complaint.Facts{Decision: &complaint.Decision{Matter: complaint.MatterProposal, ProposalRevision: revision}}
}

func answered(revision int, agrees bool) complaint.Facts {
	return complaint.Facts{Answer: &complaint.CustomerReply{ProposalRevision: revision, Agrees: agrees}}
}

func done() complaint.Facts { return complaint.Facts{Work: &complaint.Work{Done: true}} }

func checked(satisfied bool) complaint.Facts {
	check := complaint.Verification{Satisfied: satisfied}
	if !satisfied {
		check.BackTo = complaint.Implementing
	}
	return complaint.Facts{Check: &check}
}

func called(satisfaction complaint.Satisfaction) complaint.Facts {
	return complaint.Facts{Callback: &complaint.Callback{Reached: satisfaction != "", Satisfaction: satisfaction}}
}

func closedAs(outcome complaint.Outcome, fields ...string) complaint.Facts {
	return complaint.Facts{Closing: &complaint.ClosingFacts{Outcome: outcome}, Fields: fields}
}

func (w *walk) suspended(kind complaint.SuspensionKind, until string) complaint.Facts {
	return complaint.Facts{Suspension: &complaint.Suspension{Kind: kind, Until: w.on(until)}}
}

func assigned(department string, handler, owner complaint.PersonID) complaint.Facts {
	return complaint.Facts{Assignment: &complaint.Assignment{Department: department, Handler: handler, Owner: owner}}
}

var nothing = complaint.Facts{}
