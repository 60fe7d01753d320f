package procedure

import (
	"slices"
	"strings"

	"recourse/internal/complaint"
	"recourse/internal/yamlfile"
)

// This file is what a procedure says of its own course: what of the main course it hasn't, who
// takes a step, and what has to be there first.

// Pass leaves parts of the main course out.
type Pass struct {
	What   []Part    `yaml:"what,required"`
	When   Condition `yaml:"when"`
	Source []string  `yaml:"source"`
}

// Part is one of [complaint.Passable].
type Part string

// MayRule says who takes a step, in place of those who do otherwise; the first that fits counts.
type MayRule struct {
	Step   complaint.StepName `yaml:"step,required"`
	By     []complaint.Role   `yaml:"by,required"`
	When   Condition          `yaml:"when"`
	Source []string           `yaml:"source"`
}

// HandlerNaming says who names the handler, where the rule doesn't; the first that fits counts.
type HandlerNaming struct {
	NamedBy complaint.Role `yaml:"named_by,required"`
	When    Condition      `yaml:"when"`
	Source  []string       `yaml:"source"`
}

// Requirement is what has to be there before a stage is come to, or a step is taken.
type Requirement struct {
	Before Before    `yaml:"before,required"`
	When   Condition `yaml:"when"`
	Have   []Thing   `yaml:"have,required"`
	Source []string  `yaml:"source"`
}

// Before is a stage, or a step as “step close”.
type Before string

// Thing is what can be required: “field photos”, “step contact reached”, “side returned-goods”.
type Thing string

// Passes are the parts of the main course that this case hasn't.
func (p *Procedure) Passes(c *complaint.Complaint) []string {
	var parts []string
	for _, pass := range p.Passing {
		for _, part := range pass.What {
			if pass.When.Holds(c) && !slices.Contains(parts, string(part)) {
				parts = append(parts, string(part))
			}
		}
	}
	return parts
}

// Rights are those of this case: of each step the first rule that fits.
func (p *Procedure) Rights(c *complaint.Complaint) []complaint.Right {
	var rights []complaint.Right
	for _, rule := range p.May {
		said := slices.ContainsFunc(rights, func(r complaint.Right) bool { return r.Step == rule.Step })
		if !said && rule.When.Holds(c) {
			rights = append(rights, complaint.Right{Step: rule.Step, By: slices.Clone(rule.By)})
		}
	}
	return rights
}

// HandlerNamedBy is who names the handler of this case; empty where the rule does.
func (p *Procedure) HandlerNamedBy(c *complaint.Complaint) complaint.Role {
	naming, _ := first(p.Handler, func(h HandlerNaming) bool { return h.When.Holds(c) })
	return naming.NamedBy
}

// Required is what this case requires, and before what.
func (p *Procedure) Required(c *complaint.Complaint) []complaint.Requirement {
	var required []complaint.Requirement
	for _, r := range p.Requires {
		if r.When.Holds(c) {
			required = append(required, complaint.Requirement{Before: string(r.Before), Have: wordsOf(r.Have)})
		}
	}
	return required
}

// StepsRequired are the steps that any requirement may ask for (“step contact reached”).
func (p *Procedure) StepsRequired() []string {
	var steps []string
	for _, r := range p.Requires {
		for _, thing := range r.Have {
			if word := string(thing); strings.HasPrefix(word, "step ") && !slices.Contains(steps, word) {
				steps = append(steps, word)
			}
		}
	}
	return steps
}

// passesAlways reports whether no complaint of the procedure comes to a stage.
func (p *Procedure) passesAlways(stage complaint.Stage) bool {
	return slices.ContainsFunc(p.Passing, func(pass Pass) bool {
		return pass.When.IsZero() && slices.Contains(pass.What, Part(stage))
	})
}

func (*Pass) judged() judgement        { return judgement{} }
func (*MayRule) judged() judgement     { return judgement{} }
func (*Requirement) judged() judgement { return judgement{} }
func (*HandlerNaming) judged() judgement {
	return judgement{at: []Moment{taken(complaint.Screen)}, says: "when the handler is named"}
}

// checkPassed checks that no moment is one to which no complaint ever comes.
func (p *Procedure) checkPassed() {
	yamlfile.Each(p.doc, func(path string, m *Moment) {
		stage := m.Enters()
		if m.Entering(stage) && stage != complaint.Closing && p.passesAlways(stage) {
			p.doc.Addf(path, "no complaint ever comes to %q, for passes leaves it out; write the next moment, such as %q", stage, p.onwardFrom(*m))
		}
	})
}

func (m *MayRule) check(p *Procedure, path string) {
	if len(m.By) == 0 {
		p.doc.Addf(path+".by", "nobody could take %q; write a role, a duty, or employee", m.Step)
	}
}

func (r *Requirement) check(p *Procedure, path string) {
	for i, thing := range r.Have {
		if wrong := p.unmeetable(string(r.Before), string(thing)); wrong != "" {
			p.doc.Addf(pathItem(path+".have", i), "%s", wrong)
		}
	}
}

// unmeetable says why a requirement can't be met; empty where it can.
func (p *Procedure) unmeetable(before, thing string) string {
	what, name, _ := strings.Cut(thing, " ")
	switch what {
	case "field":
		ids := eachOf(p.Form.Fields, func(f Field) string { return f.ID })
		if !slices.Contains(ids, name) {
			return "the form has no field \"" + name + "\"; " + instead(name, ids).String()
		}
	case "side":
		ids := eachOf(p.Sides, func(s Side) string { return s.ID })
		if !slices.Contains(ids, name) {
			return "no process beside the main course is called \"" + name + "\"; " + instead(name, ids).String()
		}
	case "step":
		var m Moment
		if err := m.UnmarshalText([]byte(thing)); err != nil {
			return err.Error()
		}
		if "step "+string(m.BroughtBy()) == before {
			return "a step can't be required before itself"
		}
		if slices.Contains(registering, m.BroughtBy()) {
			return "the step \"" + string(m.BroughtBy()) + "\" may come with the registration, or by itself, and can't be waited for; require a field, or another step"
		}
		stage, isStage := complaint.Stage(before), slices.Contains(complaint.Stages(), complaint.Stage(before))
		if isStage && !p.knownAt(m.BroughtBy(), entering(stage)) {
			return "the step \"" + string(m.BroughtBy()) + "\" is taken after that; require it later, or something else"
		}
	}
	return ""
}

func partsOf(words []string) []Part {
	parts := make([]Part, len(words))
	for i, word := range words {
		parts[i] = Part(word)
	}
	return parts
}

// registering are the steps that a registration may hold, or the rules take by themselves.
var registering = []complaint.StepName{complaint.Register, complaint.Screen, complaint.Assign, complaint.ResolveOnSpot}

// befores are what something can be required before. Closed is none: it is come to by withdrawing
// and merging, too, which nothing may keep somebody from.
func befores() []Before {
	var words []Before
	for _, stage := range complaint.Stages()[1:] {
		if stage != complaint.Closed {
			words = append(words, Before(stage))
		}
	}
	for _, step := range complaint.StepNames() {
		words = append(words, Before("step "+string(step)))
	}
	return words
}

// settable are the steps of which a procedure may say who takes them.
func settable() []complaint.StepName {
	return slices.DeleteFunc(complaint.StepNames(), func(s complaint.StepName) bool {
		return s == complaint.Register || s == complaint.Acknowledge || s == complaint.Answer || s == complaint.CarriedOut || s == complaint.Appeal
	})
}
