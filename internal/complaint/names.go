package complaint

import (
	"slices"
	"strconv"
)

// Name is somebody, or a department, whom a step's facts name.
type Name struct {
	Place      string   // in the step's body: a JSON pointer (RFC 6901)
	Person     PersonID // empty for a department
	Department string
	// Charged is set for people to whom the step gives something to do.
	Charged bool
}

// Names are all whom the facts name, in the order of the body, but the subjects of a
// registration: a complaint about somebody who has left since is one all the same.
func (f Facts) Names() []Name {
	var names []Name
	department := func(place, id string) {
		if id != "" {
			names = append(names, Name{Place: place, Department: id})
		}
	}
	charged := func(place string, id PersonID) {
		if id != "" {
			names = append(names, Name{Place: place, Person: id, Charged: true})
		}
	}
	people := func(place string, ids []PersonID) {
		for i, id := range ids {
			names = append(names, Name{Place: place + "/" + strconv.Itoa(i), Person: id})
		}
	}
	screened, assigned := "", ""
	if f.Registration != nil {
		screened, assigned = "/screen", "/assign"
	}
	if s := f.Screening; s != nil {
		people(screened+"/subjects", s.Subjects)
	}
	if a := f.Assignment; a != nil {
		department(assigned+"/department", a.Department)
		charged(assigned+"/handler", a.Handler)
		charged(assigned+"/owner", a.Owner)
	}
	if s := f.Support; s != nil {
		department("/department", s.Department)
	}
	if o := f.Order; o != nil {
		charged("/to", o.To)
	}
	if found := f.Findings; found != nil {
		people("/people", found.People)
	}
	if s := f.Side; s != nil {
		people("/people", s.People)
	}
	if t := f.Threat; t != nil {
		people("/threat/at_risk", t.AtRisk)
	}
	return names
}

// Charges reports whether the step gives one of these people something to do.
func (f Facts) Charges(people []PersonID) bool {
	return slices.ContainsFunc(f.Names(), func(name Name) bool { return name.Charged && slices.Contains(people, name.Person) })
}

// KeptOut are those whom a registration keeps out of the complaint that it begins: the people
// complained about, and whom its words name, unless it carries the screening.
func (f Facts) KeptOut() []PersonID {
	out := slices.Clone(f.Registration.Subjects)
	if f.Screening != nil {
		return append(out, f.Screening.Subjects...)
	}
	return append(out, f.Registration.Mentioned...)
}

// Sum is an amount of money that a step's facts name, a decimal string in a
// currency (ISO 4217). Both may be empty.
type Sum struct {
	Place            string // of the object that holds it: a JSON pointer (RFC 6901)
	Amount, Currency string
}

// Sums are all amounts that the facts name.
func (f Facts) Sums() []Sum {
	var sums []Sum
	if p := f.Proposal; p != nil {
		for i, r := range p.Remedies {
			sums = append(sums, Sum{"/remedies/" + strconv.Itoa(i), r.Amount, r.Currency})
		}
	}
	if settled := f.OnSpot; settled != nil {
		place := "/remedies/"
		if f.Registration != nil {
			place = "/" + partName(ResolveOnSpot) + place
		}
		for i, r := range settled.Remedies {
			sums = append(sums, Sum{place + strconv.Itoa(i), r.Amount, r.Currency})
		}
	}
	if s := f.Side; s != nil {
		sums = append(sums, Sum{"", s.Amount, s.Currency})
	}
	return sums
}
