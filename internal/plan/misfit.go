package plan

import (
	"maps"
	"slices"
	"strconv"

	"recourse/internal/complaint"
	"recourse/internal/procedure"
)

// Misfit is something that a step says and that doesn't fit with the procedure or the directory.
type Misfit struct {
	Pointer string           // JSON pointer into the step's body
	Reason  complaint.Reason // a code of phrase.Reason
	Name    string           // what the reason's sentence names: what was written, or what it has to be
	Known   []string         // the names that there are, where it is a name that there isn't
}

// misfits are collected in the order in which they are told.
type misfits []Misfit

func (m *misfits) add(pointer string, reason complaint.Reason, name string, known ...string) {
	*m = append(*m, Misfit{pointer, reason, name, known})
}

// RegistrationMisfits is what of a registration doesn't fit: the channel, the category, the
// people complained about.
func (r Rules) RegistrationMisfits(said complaint.Registration) []Misfit {
	var found misfits
	if !r.Procedure.HasChannel(said.Channel) {
		found.add("/channel", "no_such_channel", said.Channel, r.Procedure.ChannelIDs()...)
	}
	if said.Category != "" {
		found.category(r, "/category", said.Category)
	}
	for i, subject := range said.Subjects {
		found.person(r, "/subjects/"+strconv.Itoa(i), subject)
	}
	return found
}

// Misfits is what of a step's facts doesn't fit: categories, causes, people, departments, money.
// Of a registration it is what it carries of other steps.
func (r Rules) Misfits(facts complaint.Facts) []Misfit {
	var found misfits
	screened, assigned := "", "" // where a registration carries them
	if facts.Registration != nil {
		screened, assigned = "/screen", "/assign"
	}
	if facts.Screening != nil {
		found.category(r, screened+"/category", facts.Screening.Category)
	}
	if put := facts.Correction; put != nil && put.Category != "" {
		found.category(r, "/category", put.Category)
	}
	if f := facts.Findings; f != nil {
		if f.Cause != "" && !slices.ContainsFunc(r.Procedure.Causes, func(c procedure.Cause) bool { return c.ID == f.Cause }) {
			var causes []string
			for _, cause := range r.Procedure.Causes {
				causes = append(causes, cause.ID)
			}
			found.add("/cause_code", "no_such_cause", f.Cause, causes...)
		}
		if len(f.People) > 0 && f.Liability != complaint.LiableDepartment {
			found.add("/people", "people_without_department", "")
		}
	}
	if e := facts.Extension; e != nil {
		found.clock(r, "/deadline", e.Deadline)
	}
	if a := facts.Acknowledged; a != nil {
		found.clock(r, "/deadline", a.Deadline)
	}
	found.demand(r, facts)
	found = append(found, r.Strangers(facts)...)
	if among := r.Procedure.Owner.Among; among != "" && facts.Assignment != nil {
		if owner := facts.Assignment.Owner; owner != "" && r.Directory.DepartmentOf(owner) != string(among) {
			found.add(assigned+"/owner", "owner_elsewhere", string(among))
		}
	}
	for _, sum := range facts.Sums() {
		found.money(r, sum)
	}
	return found
}

// Unauthorised is what is wrong with settling a complaint on the spot, by the step itself or as
// part of its registration, for so much that others would have to approve the same as a proposal. c
// is the complaint before the step.
func (r Rules) Unauthorised(c complaint.Complaint, step complaint.Step) []Misfit {
	settled := step.Facts.OnSpot
	if settled == nil {
		return nil
	}
	place := ""
	if step.Name == complaint.Register {
		place = "/resolve_on_spot"
	}
	c = c.Clone()
	c.Apply(complaint.Event{Kind: complaint.StepTaken, At: step.At, By: step.By.Person, Step: &step})
	c.Proposal = &complaint.OpenProposal{Proposal: complaint.Proposal{Remedies: settled.Remedies}}
	p := &planner{Rules: r, c: c, at: step.At}
	var found misfits
	for _, duty := range p.duties(r.Procedure.Approvers(complaint.MatterProposal, &c)) {
		if !step.By.Has(duty) {
			found.add(place+"/remedies", complaint.ReasonApprovalNeeded, string(duty))
			break
		}
	}
	return found
}

// Strangers are the people and departments whom a step names and the directory doesn't know.
func (r Rules) Strangers(facts complaint.Facts) []Misfit {
	var found misfits
	for _, name := range facts.Names() {
		if _, known := r.Directory.Departments[name.Department]; name.Department != "" && !known {
			found.add(name.Place, "no_such_department", name.Department, slices.Sorted(maps.Keys(r.Directory.Departments))...)
		}
		found.person(r, name.Place, name.Person)
	}
	return found
}

func (m *misfits) category(r Rules, pointer, category string) {
	if _, known := r.Procedure.Category(category); !known {
		m.add(pointer, "no_such_category", category, r.Procedure.CategoryCodes()...)
	}
}

// demand: what the customer is offered, and what was decided on their demand, are words that there
// are.
func (m *misfits) demand(r Rules, facts complaint.Facts) {
	remedies := func(place string, offered []complaint.Remedy) {
		for i, remedy := range offered {
			if !slices.Contains(complaint.RemedyKinds(), remedy.Kind) {
				m.add(place+"/remedies/"+strconv.Itoa(i)+"/kind", "no_such_remedy", remedy.Kind, r.Procedure.RemedyWords()...)
			}
		}
	}
	decision := func(place, decided string) {
		if known := r.Procedure.DecisionIDs(); decided != "" && !slices.Contains(known, decided) {
			m.add(place+"/decision", "no_such_decision", decided, known...)
		}
	}
	if p := facts.Proposal; p != nil {
		remedies("", p.Remedies)
		decision("", p.Decision)
	}
	if settled := facts.OnSpot; settled != nil {
		place := ""
		if facts.Registration != nil {
			place = "/resolve_on_spot"
		}
		remedies(place, settled.Remedies)
		decision(place, settled.Decision)
	}
	if closing := facts.Closing; closing != nil {
		decision("", closing.Decision)
	}
}

func (m *misfits) clock(r Rules, pointer, name string) {
	if known := r.Procedure.ClockIDs(); name != "" && !slices.Contains(known, name) {
		m.add(pointer, complaint.ReasonNoSuchDeadline, name, known...)
	}
}

func (m *misfits) person(r Rules, pointer string, person complaint.PersonID) {
	if _, known := r.Directory.People[person]; person != "" && !known {
		var people []string
		for _, id := range slices.Sorted(maps.Keys(r.Directory.People)) {
			people = append(people, string(id))
		}
		m.add(pointer, "no_such_person", string(person), people...)
	}
}

// money: an amount has a currency, the procedure's, and is one that its rules can compare.
func (m *misfits) money(r Rules, sum complaint.Sum) {
	switch {
	case (sum.Amount == "") != (sum.Currency == ""):
		m.add(sum.Place+"/currency", "needs_currency", "")
	case sum.Currency != "" && sum.Currency != r.Procedure.Currency:
		m.add(sum.Place+"/currency", "other_currency", r.Procedure.Currency)
	case sum.Amount != "" && procedure.CheckAmount(sum.Amount) != nil:
		m.add(sum.Place+"/amount", "bad_amount", "")
	}
}
