package casework

import (
	"maps"
	"slices"
	"strconv"

	"recourse/internal/complaint"
	"recourse/internal/directory"
	"recourse/internal/procedure"
)

// WrongFields says that values of the form's fields aren't as the procedure wants them.
type WrongFields struct {
	// Invalid is what the validator of the form's schema says.
	Invalid error
}

// Error says nothing of what was written: it may be personal.
func (w *WrongFields) Error() string { return "fields of the form aren't as the procedure wants them" }

// checkFacts checks what only the procedure and the directory know: fields, categories,
// departments, people, money.
func checkFacts(rules *procedure.Procedure, people *directory.Directory, facts complaint.Facts, fields map[string]any) error {
	if err := rules.ValidateFields(fields); err != nil {
		return &WrongFields{err}
	}
	screened, assigned, settled := "", "", "" // where a registration carries them
	if facts.Registration != nil {
		screened, assigned, settled = "/screen", "/assign", "/resolve_on_spot"
	}
	if facts.OnSpot != nil && !facts.OnSpot.CustomerAccepts {
		return violation(settled+"/customer_accepts", "not_accepted_by_customer", "")
	}
	if w := facts.Work; w != nil && !w.Done && !w.Impossible && w.Part == 0 {
		return violation("/done", "not_done", "")
	}
	if facts.Screening != nil {
		if _, known := rules.Category(facts.Screening.Category); !known {
			return violation(screened+"/category", "no_such_category", facts.Screening.Category)
		}
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
		if f.Cause != "" && !slices.ContainsFunc(rules.Causes, func(c procedure.Cause) bool { return c.ID == f.Cause }) {
			return violation("/cause_code", "no_such_cause", f.Cause)
		}
		if len(f.People) > 0 && f.Liability != complaint.LiableDepartment {
			return violation("/people", "people_without_department", "")
		}
	}
	if facts.Beside != nil {
		for i, person := range facts.Beside.People {
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
		if _, known := people.Departments[department]; department != "" && !known {
			return violation(place, "no_such_department", department)
		}
	}
	for _, place := range slices.Sorted(maps.Keys(named)) {
		person := named[place]
		if _, known := people.People[person]; person != "" && !known {
			return violation(place, "no_such_person", string(person))
		}
	}
	if among := rules.Owner.Among; among != "" && facts.Assignment != nil {
		if owner := facts.Assignment.Owner; owner != "" && people.DepartmentOf(owner) != among {
			return violation(assigned+"/owner", "owner_elsewhere", among)
		}
	}
	if b := facts.Beside; b != nil {
		return checkMoney(rules, "", b.Amount, b.Currency)
	}
	if facts.Proposal != nil {
		for i, remedy := range facts.Proposal.Remedies {
			if err := checkMoney(rules, "/remedies/"+strconv.Itoa(i), remedy.Amount, remedy.Currency); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkMoney: an amount has a currency, the procedure's, and is one that its rules can compare.
func checkMoney(rules *procedure.Procedure, at, amount, currency string) error {
	if (amount == "") != (currency == "") {
		return violation(at+"/currency", "needs_currency", "")
	}
	if currency != "" && currency != rules.Currency {
		return violation(at+"/currency", "other_currency", rules.Currency)
	}
	if amount != "" && procedure.CheckAmount(amount) != nil {
		return violation(at+"/amount", "bad_amount", "")
	}
	return nil
}
