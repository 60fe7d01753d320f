package procedure

import (
	"slices"

	"recourse/internal/complaint"
)

// This file is what a procedure calls by words of its own: the remedies that it offers, each one of
// a general kind by which complaints are counted, and the decisions on what a customer demanded.

// OwnRemedy is a remedy that the procedure has a name of its own for.
type OwnRemedy struct {
	ID     string     `yaml:",key"`
	Name   Text       `yaml:"name,required"`
	As     RemedyKind `yaml:"as,required"` // the general kind
	Source []string   `yaml:"source"`
}

// Decision is a decision on what the customer demanded.
type Decision struct {
	ID     string   `yaml:",key"`
	Name   Text     `yaml:"name,required"`
	Source []string `yaml:"source"`
}

// RemedyWord is a RemedyKind, or the ID of one of the procedure's own.
type RemedyWord string

// RemedyWords are all words by which a proposal may name a remedy, the general ones first.
func (p *Procedure) RemedyWords() []string {
	return append(complaint.RemedyKinds(), eachOf(p.RemedyKinds, func(r OwnRemedy) string { return r.ID })...)
}

// RemedyKind is one of the procedure's own by its ID.
func (p *Procedure) RemedyKind(id string) (OwnRemedy, bool) {
	return first(p.RemedyKinds, func(r OwnRemedy) bool { return r.ID == id })
}

// DecisionIDs are the decisions that there are.
func (p *Procedure) DecisionIDs() []string {
	return eachOf(p.Decisions, func(d Decision) string { return d.ID })
}

// Decision is a decision by its ID.
func (p *Procedure) Decision(id string) (Decision, bool) {
	return first(p.Decisions, func(d Decision) bool { return d.ID == id })
}

// Coded are facts as the procedure means them: with what was chosen in the form's fields that have
// options, the dates to which clocks run, and each remedy of the procedure's own as what it is in
// general. The values of the fields were validated.
func (p *Procedure) Coded(facts complaint.Facts, fields map[string]any) complaint.Facts {
	facts.Choices, facts.Dates = p.choices(fields), p.dates(fields)
	if proposed := facts.Proposal; proposed != nil {
		general := *proposed
		general.Remedies = p.general(proposed.Remedies)
		facts.Proposal = &general
	}
	if settled := facts.OnSpot; settled != nil {
		general := *settled
		general.Remedies = p.general(settled.Remedies)
		facts.OnSpot = &general
	}
	return facts
}

func (p *Procedure) general(remedies []complaint.Remedy) []complaint.Remedy {
	remedies = slices.Clone(remedies)
	for i, r := range remedies {
		if own, is := p.RemedyKind(r.Kind); is {
			remedies[i].Kind, remedies[i].Own = string(own.As), own.ID
		}
	}
	return remedies
}

func (r *OwnRemedy) check(p *Procedure, path string) {
	p.checkID(path, r.ID)
	if slices.Contains(complaint.RemedyKinds(), r.ID) {
		p.doc.Addf(path, "every procedure has a remedy called %q already; choose another name", r.ID)
	}
}

func (d *Decision) check(p *Procedure, path string) { p.checkID(path, d.ID) }

func (r *RemedyRule) check(p *Procedure, path string) {
	for i, word := range r.Include {
		if !slices.Contains(p.RemedyWords(), string(word)) {
			p.doc.Addf(pathItem(path+".include", i), "unknown remedy %q; %s", word, instead(string(word), p.RemedyWords()))
		}
	}
}
