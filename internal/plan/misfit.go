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
		var channels []string
		for _, channel := range r.Procedure.Channels {
			channels = append(channels, channel.ID)
		}
		found.add("/channel", "no_such_channel", said.Channel, channels...)
	}
	if said.Category != "" {
		found.category(r, "/category", said.Category)
	}
	for i, subject := range said.Subjects {
		found.person(r, "/subjects/"+strconv.Itoa(i), subject)
	}
	return found
}

// Misfits is what of a step's facts doesn't fit: categories, causes, departments, people, money.
// Of a registration it is what it carries of other steps.
func (r Rules) Misfits(facts complaint.Facts) []Misfit {
	var found misfits
	screened, assigned, settled := "", "", "" // where a registration carries them
	if facts.Registration != nil {
		screened, assigned, settled = "/screen", "/assign", "/resolve_on_spot"
	}
	if facts.OnSpot != nil && !facts.OnSpot.CustomerAccepts {
		found.add(settled+"/customer_accepts", "not_accepted_by_customer", "")
	}
	if w := facts.Work; w != nil && !w.Done && !w.Impossible && w.Part == 0 {
		found.add("/done", "not_done", "")
	}
	if facts.Screening != nil {
		found.category(r, screened+"/category", facts.Screening.Category)
	}
	departments, named := map[string]string{}, map[string]complaint.PersonID{} // by their places in the body
	if a := facts.Assignment; a != nil {
		departments[assigned+"/department"], named[assigned+"/handler"], named[assigned+"/owner"] = a.Department, a.Handler, a.Owner
	}
	if facts.Support != nil {
		departments["/department"] = facts.Support.Department
	}
	if facts.Order != nil {
		named["/to"] = facts.Order.To
	}
	if f := facts.Findings; f != nil {
		for i, person := range f.People {
			named["/people/"+strconv.Itoa(i)] = person
		}
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
	if facts.Side != nil {
		for i, person := range facts.Side.People {
			named["/people/"+strconv.Itoa(i)] = person
		}
	}
	if facts.Threat != nil {
		for i, person := range facts.Threat.AtRisk {
			named["/threat/at_risk/"+strconv.Itoa(i)] = person
		}
	}
	for _, place := range slices.Sorted(maps.Keys(departments)) {
		department := departments[place]
		if _, known := r.Directory.Departments[department]; department != "" && !known {
			found.add(place, "no_such_department", department, slices.Sorted(maps.Keys(r.Directory.Departments))...)
		}
	}
	for _, place := range slices.Sorted(maps.Keys(named)) {
		found.person(r, place, named[place])
	}
	if among := r.Procedure.Owner.Among; among != "" && facts.Assignment != nil {
		if owner := facts.Assignment.Owner; owner != "" && r.Directory.DepartmentOf(owner) != among {
			found.add(assigned+"/owner", "owner_elsewhere", among)
		}
	}
	if b := facts.Side; b != nil {
		found.money(r, "", b.Amount, b.Currency)
	}
	if facts.Proposal != nil {
		for i, remedy := range facts.Proposal.Remedies {
			found.money(r, "/remedies/"+strconv.Itoa(i), remedy.Amount, remedy.Currency)
		}
	}
	return found
}

func (m *misfits) category(r Rules, pointer, category string) {
	if _, known := r.Procedure.Category(category); !known {
		m.add(pointer, "no_such_category", category, r.Procedure.CategoryCodes()...)
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
func (m *misfits) money(r Rules, at, amount, currency string) {
	switch {
	case (amount == "") != (currency == ""):
		m.add(at+"/currency", "needs_currency", "")
	case currency != "" && currency != r.Procedure.Currency:
		m.add(at+"/currency", "other_currency", r.Procedure.Currency)
	case amount != "" && procedure.CheckAmount(amount) != nil:
		m.add(at+"/amount", "bad_amount", "")
	}
}
