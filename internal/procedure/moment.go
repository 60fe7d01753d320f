package procedure

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"recourse/internal/complaint"
)

// Moment is a moment in a complaint's life, as a procedure writes it: "investigating" (entering
// that stage), "leaving received", "step contact reached", "lapsed settle". Its form is a row of
// moments. Moments can be compared with ==.
type Moment struct {
	form string // the first word; empty for a stage by itself
	of   string // what it names: a stage, a step, a clock, a matter, an outcome, a tier, a process beside
	with string // what more it names: a step's result, a rung, a step of a process beside
}

// moments are the forms of moments. Whatever asks about a moment asks here: a new one is a row.
var moments []momentForm

func init() { // not at once: what reads a moment asks for its row
	moments = []momentForm{
		{word: "", shown: "investigating", ordinary: true, says: says("the complaint comes to the stage", "投诉进入该环节"),
			names: oneOf("stage", complaint.Stages),
			comes: func(m Moment, e complaint.Event, _ *complaint.Complaint) bool {
				return e.Kind == complaint.StageEntered && string(e.Stage) == m.of
			},
			at:     func(m Moment, _ *Procedure) []complaint.Stage { return []complaint.Stage{complaint.Stage(m.of)} },
			enters: func(m Moment) complaint.Stage { return complaint.Stage(m.of) }},
		{word: "leaving", shown: "leaving received", ordinary: true, says: says("it leaves the stage, wherever it goes", "投诉离开该环节，不论去向"),
			names: oneOf("stage", complaint.Stages),
			comes: func(m Moment, e complaint.Event, _ *complaint.Complaint) bool {
				return e.Kind == complaint.StageEntered && e.From != "" && string(e.From) == m.of
			},
			at:     func(m Moment, _ *Procedure) []complaint.Stage { return onward(complaint.Stage(m.of)) },
			leaves: func(m Moment) complaint.Stage { return complaint.Stage(m.of) }},
		{word: "step", shown: "step contact reached", ordinary: true, says: says("somebody takes the step; with its result, where it comes to that", "有人完成该步骤；写明结果的，须为该结果"),
			names: stepAndResult, comes: func(m Moment, e complaint.Event, _ *complaint.Complaint) bool {
				if e.Kind != complaint.StepTaken {
					return false
				}
				return m.taken(e.Step.Name, e.Step.Facts) || e.Step.Facts.Screening != nil && m.taken(complaint.Screen, e.Step.Facts)
			},
			at:     func(m Moment, _ *Procedure) []complaint.Stage { return takenIn(complaint.StepName(m.of)) },
			brings: func(m Moment) complaint.StepName { return complaint.StepName(m.of) }, fits: saysMuch},
		{word: "registered", shown: "registered", ordinary: true, says: says("it is entered, however long after it was heard", "投诉登记录入之时，不论何时听取"),
			comes: func(_ Moment, e complaint.Event, _ *complaint.Complaint) bool {
				return e.Kind == complaint.StepTaken && e.Step.Name == complaint.Register
			},
			at:     func(Moment, *Procedure) []complaint.Stage { return []complaint.Stage{complaint.Received} },
			brings: func(Moment) complaint.StepName { return complaint.Register }},
		{word: "approved", shown: "approved visit", says: says("the last who has to approve the matter does", "该事项获得全部批准"),
			names: oneOf("matter", decided),
			comes: func(m Moment, e complaint.Event, c *complaint.Complaint) bool {
				return decides(e, complaint.Approve, m.of) && slices.ContainsFunc(c.Approvals, func(a complaint.Approval) bool {
					return string(a.Matter) == m.of && !a.Refused && !a.Open()
				})
			},
			at: func(m Moment, p *Procedure) []complaint.Stage { return decidedIn(m, p) }, brings: func(Moment) complaint.StepName { return complaint.Approve }},
		{word: "refused", shown: "refused proposal", says: says("somebody who has to approve the matter says no", "该事项未获批准"),
			names: oneOf("matter", decided),
			comes: func(m Moment, e complaint.Event, _ *complaint.Complaint) bool {
				return decides(e, complaint.Refuse, m.of)
			},
			at: func(m Moment, p *Procedure) []complaint.Stage { return decidedIn(m, p) }, brings: func(Moment) complaint.StepName { return complaint.Refuse }},
		{word: "lapsed", shown: "lapsed settle", says: says("the time of the clock is up", "该时限届满而未完成"),
			names: clockAlone, comes: func(m Moment, e complaint.Event, c *complaint.Complaint) bool {
				if e.Kind == complaint.DeadlineEnded { // nobody was there to ring
					return e.Deadline.Name == m.of && e.Deadline.LapsedAt != nil && !rang(*e.Deadline, func(r complaint.Rung) bool { return r.Lapses })
				}
				return rings(e, c, m.of, func(r complaint.Rung) bool { return r.Lapses })
			},
			at: runningIn, fits: clockIsThere},
		{word: "rung", shown: "rung settle +2h", says: says("the rung of the clock's ladder is reached", "到达该时限的该催办节点"),
			names: clockAndRung, comes: func(m Moment, e complaint.Event, c *complaint.Complaint) bool {
				return rings(e, c, m.of, func(r complaint.Rung) bool { return r.Label == m.with })
			},
			at: runningIn, fits: rungIsThere},
		{word: "climbed", shown: "climbed 2", says: says("it reaches a higher tier, by its rounds, by a clock or by hand; with a number, that tier", "投诉升级，不论因轮次、时限或人工；写明数字的，升至该级"),
			names: tierReached, comes: func(m Moment, e complaint.Event, c *complaint.Complaint) bool {
				return slices.ContainsFunc(c.Climbed(e), func(tier int) bool { return m.of == "" || m.of == strconv.Itoa(tier) })
			},
			at: func(Moment, *Procedure) []complaint.Stage { return unclosed() }, fits: tierIsThere},
		{word: "closed as", shown: "closed as unresolved", says: says("it is closed with that outcome", "投诉以该结果归档"),
			names: oneOf("outcome", complaint.Outcomes), comes: func(m Moment, e complaint.Event, _ *complaint.Complaint) bool {
				return e.Kind == complaint.Concluded && string(e.Outcome) == m.of
			},
			at:     func(Moment, *Procedure) []complaint.Stage { return []complaint.Stage{complaint.Closed} },
			enters: func(Moment) complaint.Stage { return complaint.Closed }},
		{word: "reopened", shown: "reopened", says: says("a closed complaint is taken up again, or appealed", "已归档的投诉重新办理，或被申诉"),
			comes: func(_ Moment, e complaint.Event, _ *complaint.Complaint) bool {
				return e.Kind == complaint.StageEntered && e.From == complaint.Closed
			},
			at:     func(Moment, *Procedure) []complaint.Stage { return complaint.Returnable() },
			leaves: func(Moment) complaint.Stage { return complaint.Closed }},
		{word: "side", shown: "side accountability.judge", says: says("the step of the process beside the main course is taken; `side accountability done`: the process has ended",
			"附属流程的该步骤完成；`side accountability done`：该附属流程结束"),
			names: sideAndStep, comes: func(m Moment, e complaint.Event, _ *complaint.Complaint) bool {
				if e.Kind != complaint.StepTaken || e.Step.Facts.Report == nil || e.Step.Facts.Report.Side != m.of {
					return false
				}
				r := e.Step.Facts.Report
				return m.with == "" && r.State == complaint.SideDone || m.with != "" && string(r.Taken) == m.with
			},
			at: besideIn, fits: sideIsThere, written: writtenBeside},
	}
}

// momentForm is one form of moments.
type momentForm struct {
	word  string // the first words
	shown string // an example
	says  Text
	// ordinary is set where it comes in the life of any complaint that gets so far: a clock that
	// begins then can be relied on.
	ordinary bool
	// names reads what stands behind the first words; nil where nothing does.
	names func(m *Moment, words []string) error
	// comes reports whether the event, which the complaint has folded in, is this moment.
	comes func(Moment, complaint.Event, *complaint.Complaint) bool
	// at are the stages in which a complaint can be then.
	at func(Moment, *Procedure) []complaint.Stage
	// brings is the step that brings it, enters the stage that it enters, leaves the one that it
	// leaves; nil where it does none of it.
	brings         func(Moment) complaint.StepName
	enters, leaves func(Moment) complaint.Stage
	// fits checks that what it names of the procedure is there; nil where it names nothing of that.
	fits func(m Moment, p *Procedure, path string)
	// written writes what stands behind the first words; nil where it is what was read, in order.
	written func(Moment) string
}

// row is the form of the moment.
func (m Moment) row() momentForm {
	for _, row := range moments {
		if row.word == m.form {
			return row
		}
	}
	return momentForm{}
}

// Comes reports whether an event, which the complaint has folded in, is this moment.
func (m Moment) Comes(e complaint.Event, c *complaint.Complaint) bool { return m.row().comes(m, e, c) }

// BroughtBy is the step that brings the moment; empty where none does.
func (m Moment) BroughtBy() complaint.StepName {
	if row := m.row(); row.brings != nil {
		return row.brings(m)
	}
	return ""
}

// Entering reports whether this is the moment of entering the stage.
func (m Moment) Entering(stage complaint.Stage) bool { return m == entering(stage) }

// Leaves is the stage that the moment leaves; empty for another moment.
func (m Moment) Leaves() complaint.Stage { return stageOf(m, m.row().leaves) }

// Enters is the stage that the moment enters; empty for another moment.
func (m Moment) Enters() complaint.Stage { return stageOf(m, m.row().enters) }

func stageOf(m Moment, of func(Moment) complaint.Stage) complaint.Stage {
	if of == nil {
		return ""
	}
	return of(m)
}

func (m Moment) taken(step complaint.StepName, facts complaint.Facts) bool {
	return string(step) == m.of && (m.with == "" || step.Came(m.with, facts))
}

// entering is the moment of coming to a stage, and taken that of a step.
func entering(stage complaint.Stage) Moment { return Moment{of: string(stage)} }

func taken(step complaint.StepName) Moment { return Moment{form: "step", of: string(step)} }

// UnmarshalText reads a moment as a procedure writes it. What it names of the procedure's own is
// checked once that is read.
func (m *Moment) UnmarshalText(text []byte) error {
	words := strings.Fields(string(text))
	var first string
	if len(words) > 0 {
		first = words[0]
	}
	row := Moment{form: first}.row()
	switch {
	case first == "closed" && len(words) > 1 && words[1] == "as":
		row, words = Moment{form: "closed as"}.row(), words[2:]
	case first == "stage" && len(words) == 2: // as pauses are written
		row, words = moments[0], words[1:]
	case row.word != "":
		words = words[1:]
	case len(words) == 1:
		row = moments[0]
	default:
		return fmt.Errorf("unknown moment %q; write a stage (%q), or one like %s", text, "investigating", examples())
	}
	read := Moment{form: row.word}
	switch {
	case row.names != nil:
		if err := row.names(&read, words); err != nil {
			return err
		}
	case len(words) > 0:
		return row.wrong()
	}
	*m = read
	return nil
}

// wrong says how a moment of this form is written.
func (f momentForm) wrong() error {
	return fmt.Errorf("this isn't how the moment is written; write it like %q", f.shown)
}

// examples are the forms of moments, each by its example.
func examples() string {
	var list []string
	for _, row := range moments[1:] {
		list = append(list, strconv.Quote(row.shown))
	}
	return strings.Join(list[:len(list)-1], ", ") + " or " + list[len(list)-1]
}

// String writes the moment as a procedure does.
func (m Moment) String() string {
	behind := strings.TrimSpace(m.of + " " + m.with)
	if row := m.row(); row.written != nil {
		behind = row.written(m)
	}
	return strings.TrimSpace(m.form + " " + behind)
}

func writtenBeside(m Moment) string {
	if m.with == "" {
		return m.of + " done"
	}
	return m.of + "." + m.with
}

// oneOf reads one of the words of something.
func oneOf[T ~string](noun string, known func() []T) func(*Moment, []string) error {
	return func(m *Moment, words []string) error {
		if len(words) != 1 {
			return m.row().wrong()
		}
		if all := wordsOf(known()); !slices.Contains(all, words[0]) {
			return fmt.Errorf("unknown %s %q; %s", noun, words[0], instead(words[0], all))
		}
		m.of = words[0]
		return nil
	}
}

func stepAndResult(m *Moment, words []string) error {
	if len(words) != 1 && len(words) != 2 {
		return m.row().wrong()
	}
	if steps := stepWords(); !slices.Contains(steps, words[0]) {
		return fmt.Errorf("unknown step %q; %s", words[0], instead(words[0], steps))
	}
	if m.of = words[0]; len(words) == 1 {
		return nil
	}
	known := slices.Sorted(slices.Values(complaint.StepName(m.of).Results()))
	if !slices.Contains(known, words[1]) {
		return fmt.Errorf("unknown result %q of step %q; %s", words[1], words[0], instead(words[1], known))
	}
	m.with = words[1]
	return nil
}

func clockAlone(m *Moment, words []string) error {
	if len(words) != 1 {
		return m.row().wrong()
	}
	m.of = words[0]
	return nil
}

func clockAndRung(m *Moment, words []string) error {
	if len(words) != 2 {
		return m.row().wrong()
	}
	var at At
	if err := at.UnmarshalText([]byte(words[1])); err != nil {
		return err
	}
	m.of, m.with = words[0], at.String()
	return nil
}

func tierReached(m *Moment, words []string) error {
	if len(words) == 0 {
		return nil
	}
	if tier, err := strconv.Atoi(words[0]); err != nil || tier < 1 || len(words) > 1 {
		return m.row().wrong()
	}
	m.of = words[0]
	return nil
}

func sideAndStep(m *Moment, words []string) error {
	side, step, one := "", "", false
	switch {
	case len(words) == 2 && words[1] == "done":
		side, one = words[0], true
	case len(words) == 1:
		side, step, one = strings.Cut(words[0], ".")
	}
	if !one || side == "" {
		return m.row().wrong()
	}
	m.of, m.with = side, step
	return nil
}

// check checks that what the moment names of the procedure is there.
func (m *Moment) check(p *Procedure, path string) {
	if row := m.row(); row.fits != nil {
		row.fits(*m, p, path)
	}
}

func saysMuch(m Moment, p *Procedure, path string) {
	if why := saysNothing(complaint.StepName(m.of)); why != "" {
		p.doc.Addf(path, "the step %q %s; write a step that does what is waited for, such as %q", m.of, why, "step contact reached")
	}
}

func clockIsThere(m Moment, p *Procedure, path string) {
	if clocks := p.ClockIDs(); !slices.Contains(clocks, m.of) {
		p.doc.Addf(path, "no clock is called %q; %s", m.of, instead(m.of, clocks))
	}
}

func rungIsThere(m Moment, p *Procedure, path string) {
	d, own := p.Deadline(m.of)
	if !own || m.with == "due" {
		clockIsThere(m, p, path)
		return
	}
	if rungs := eachOf(d.Ladder.Rungs, func(r Rung) string { return r.At.String() }); !slices.Contains(rungs, m.with) {
		p.doc.Addf(path, "the ladder of %q has no rung at %s; %s", m.of, m.with, instead(m.with, rungs))
	}
}

func tierIsThere(m Moment, p *Procedure, path string) {
	if tier, _ := strconv.Atoi(m.of); tier > len(p.Tiers) {
		p.doc.Addf(path, "there is no tier %d; the tiers are 1 to %d", tier, len(p.Tiers))
	}
}

func sideIsThere(m Moment, p *Procedure, path string) {
	side, there := p.Side(m.of)
	if ids := eachOf(p.Sides, func(s Side) string { return s.ID }); !there {
		p.doc.Addf(path, "no process beside the main course is called %q; %s", m.of, instead(m.of, ids))
		return
	}
	if steps := eachOf(side.Steps, func(s SideStep) string { return s.ID }); m.with != "" && !slices.Contains(steps, m.with) {
		p.doc.Addf(path, "the process %q has no step %q; %s", m.of, m.with, instead(m.with, steps))
	}
}

// decided are the matters that are decided on in the course of a complaint.
func decided() []complaint.Matter {
	return []complaint.Matter{complaint.MatterProposal, complaint.MatterSuspension, complaint.MatterVisit, complaint.MatterReply, complaint.MatterClosingForm}
}

// decides reports whether the event is that decision on the matter, or the last of several that
// counted for somebody at once.
func decides(e complaint.Event, step complaint.StepName, matter string) bool {
	switch {
	case e.Kind == complaint.StepTaken && e.Step.Name == step:
		return string(e.Step.Facts.Decision.Matter) == matter
	case e.Kind == complaint.ApprovalsAsked && step == complaint.Approve:
		return string(e.Approval.Matter) == matter && !e.Approval.Open()
	}
	return false
}

// decidedIn is where a matter is decided on.
func decidedIn(m Moment, _ *Procedure) []complaint.Stage {
	//exhaustive:ignore
	switch complaint.Matter(m.of) {
	case complaint.MatterProposal:
		return []complaint.Stage{complaint.Approving}
	case complaint.MatterReply:
		return []complaint.Stage{complaint.Explaining}
	case complaint.MatterClosingForm:
		return []complaint.Stage{complaint.Closing}
	case complaint.MatterVisit:
		return takenIn(complaint.Visit)
	}
	return unclosed()
}

// rings reports whether the event is a rung of the clock that is meant.
func rings(e complaint.Event, c *complaint.Complaint, clock string, meant func(complaint.Rung) bool) bool {
	if e.Kind != complaint.RungFired || e.Rung.Deadline != clock {
		return false
	}
	_, rung, known := c.Rung(*e.Rung)
	return known && meant(rung)
}

func rang(d complaint.Deadline, meant func(complaint.Rung) bool) bool {
	return slices.ContainsFunc(d.Rungs, func(r complaint.Rung) bool { return meant(r) && r.FiredAt != nil })
}

// runningIn is where the clock named can run; anywhere for one that every procedure has.
func runningIn(m Moment, p *Procedure) []complaint.Stage {
	d, own := p.Deadline(m.of)
	if !own {
		return unclosed()
	}
	runs := d.stages(p)
	return slices.DeleteFunc(complaint.Stages(), func(s complaint.Stage) bool { return !runs[s] })
}

// besideIn is where a complaint can be while the process beside it goes on, which may outlast it.
func besideIn(m Moment, p *Procedure) []complaint.Stage {
	side, _ := p.Side(m.of)
	var begins []complaint.Stage
	for _, from := range side.From {
		begins = append(begins, stagesAt(from, p)...)
	}
	after := reachable(begins, nil)
	return slices.DeleteFunc(complaint.Stages(), func(s complaint.Stage) bool { return !after[s] })
}

// unclosed are all stages but the last.
func unclosed() []complaint.Stage {
	return slices.DeleteFunc(complaint.Stages(), func(s complaint.Stage) bool { return s == complaint.Closed })
}
