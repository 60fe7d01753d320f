package story

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"recourse/internal/api"
	"recourse/internal/complaint"
	"recourse/internal/directory"
	"recourse/internal/plan"
	"recourse/internal/simulation"
	"recourse/internal/yamlfile"
)

// number is the complaint's in every story. Clocks that ring when people begin or cease to
// work are spread over that minute by it, so it is always the same.
const number = "X-1"

// Run lives the story through by the rules that it goes by: those of its procedure, on its
// calendar. The error is of type [yamlfile.Problems] where the story doesn't fit with them,
// and otherwise that of [simulation.Run].
func (s *Story) Run(ctx context.Context, rules plan.Rules) (simulation.Timeline, error) {
	request, err := s.Request(ctx, rules)
	if err != nil {
		return simulation.Timeline{}, err
	}
	return simulation.Run(ctx, request)
}

// Request is what Run simulates, for whoever wants to change it.
func (s *Story) Request(ctx context.Context, rules plan.Rules) (simulation.Request, error) {
	r := reader{Story: s, rules: rules, doc: s.doc.Clone()}
	r.people()
	request := simulation.Request{Rules: r.rules, Number: number, Until: r.instant("until", s.Until)}
	for i := range s.Steps {
		taken := r.step(i)
		if i == 0 {
			request.Start, request.Registration = taken.At, taken
			continue
		}
		if !request.Until.IsZero() && taken.At.After(request.Until) {
			r.doc.Addf(stepPath(i), "the story is over by then; write a later until, or leave the step out")
		}
		request.Steps = append(request.Steps, taken)
	}
	if err := r.doc.Err(); err != nil {
		return simulation.Request{}, err
	}
	return simulation.MoveOn(ctx, request)
}

// reader reads a story against the rules that it goes by.
type reader struct {
	*Story
	rules plan.Rules
	doc   *yamlfile.Document // has the problems of this reading
}

// people puts the story's own duties and absences beside those of the directory.
func (r *reader) people() {
	people := *r.rules.Directory
	people.Duties, people.Absences = maps.Clone(people.Duties), slices.Clone(people.Absences)
	for role, person := range r.Duties {
		path := "duties." + string(role)
		if _, known := people.Duties[role]; !known {
			r.doc.Addf(path, "there is no duty %q; %s", role, yamlfile.Instead(string(role), keys(people.Duties)))
		}
		r.known(path, 0, person)
		people.Duties[role] = directory.Duty{Role: role, Primary: person}
	}
	for _, a := range r.Absences {
		path := "absences." + string(a.Person)
		r.known(path, 0, a.Person)
		absence := directory.Absence{Person: a.Person, From: r.instant(path+".from", a.From), Until: r.instant(path+".until", a.Until)}
		if !absence.From.Before(absence.Until) {
			r.doc.Addf(path+".until", "the absence ends before it begins; write a later time")
		}
		people.Absences = append(people.Absences, absence)
	}
	r.rules.Directory = &people
}

// known tells a person who isn't in the directory, so many columns into a value.
func (r *reader) known(path string, columns int, person complaint.PersonID) {
	if _, known := r.rules.Directory.People[person]; !known {
		r.doc.AddAfter(path, columns, "there is no person %q in the directory; %s", person,
			yamlfile.Instead(string(person), append(keys(r.rules.Directory.People), string(complaint.Customer))))
	}
}

func (r *reader) instant(path string, m moment) time.Time {
	at, err := m.in(r.rules.Calendar.Zone())
	if err != nil {
		r.doc.Addf(path, "%s", err)
	}
	return at
}

// step reads one step with what it says.
func (r *reader) step(i int) complaint.Step {
	one, path := r.Steps[i], stepPath(i)
	taken := complaint.Step{Name: one.Name, At: r.instant(path, one.At)}
	if one.Person != complaint.Customer {
		r.known(path, strings.LastIndex(one.written, string(one.Person)), one.Person)
	}
	taken.By = actor(r.rules, one.Person, taken.At)
	raw := r.body(r.doc, i, r.rules.Calendar.Zone())
	if raw == nil {
		return taken
	}
	var rest struct {
		ExpectedRevision int            `json:"expected_revision"`
		Customer         any            `json:"customer"`
		Fields           map[string]any `json:"fields"`
	}
	err := json.Unmarshal(raw, &rest)
	if err == nil {
		taken.Facts, err = complaint.ReadFacts(one.Name, raw)
	}
	if err != nil {
		r.doc.Addf(path, "%s", err)
		return taken
	}
	taken.ExpectedRevision = rest.ExpectedRevision
	if lacks := taken.Lacks(); len(lacks) > 0 {
		r.doc.Addf(path, "%s lacks %s", one.Name, strings.Join(lacks, ", "))
		return taken
	}
	taken.Facts = r.rules.Procedure.Coded(taken.Facts, rest.Fields)
	misfits := r.rules.Misfits(taken.Facts)
	if registration := taken.Facts.Registration; registration != nil {
		misfits = append(misfits, r.rules.RegistrationMisfits(*registration)...)
		registration.Procedure, registration.Version = r.rules.Procedure.ID, r.rules.Procedure.Version
		registration.Language = cmp.Or(registration.Language, r.rules.Procedure.UsualLanguage())
		if rest.Customer == nil { // so is a customer of whom nothing is said
			registration.Reachable = []string{"email"}
		}
	}
	body := path + "." + one.written
	for _, misfit := range misfits {
		r.doc.Addf(body+place(misfit.Pointer), "%s", misfitting(misfit))
	}
	if err := r.rules.Procedure.ValidateFields(rest.Fields); err != nil {
		mistaken(r.doc, body, api.Mistaken("/fields", err), r.formFields()...)
	}
	return taken
}

// formFields are the names of the form's own fields.
func (r *reader) formFields() []string {
	var names []string
	for _, field := range r.rules.Procedure.Form.Fields {
		names = append(names, field.ID)
	}
	return names
}

// actor is a person with the roles that they have then.
func actor(rules plan.Rules, person complaint.PersonID, at time.Time) complaint.Actor {
	if person == complaint.Customer {
		return complaint.Actor{Person: person, Roles: []complaint.Role{complaint.CustomerRole}}
	}
	return complaint.Actor{Person: person, Roles: rules.Directory.RolesOf(person, at, rules.Procedure.Roles), Department: rules.Directory.DepartmentOf(person)}
}

func stepPath(i int) string { return fmt.Sprintf("steps[%d]", i) }

// keys are a map's keys in order.
func keys[K ~string, V any](m map[K]V) []string {
	var list []string
	for _, key := range slices.Sorted(maps.Keys(m)) {
		list = append(list, string(key))
	}
	return list
}
