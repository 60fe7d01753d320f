// Package view is what readers are shown: sentences of the record, clocks and their ledgers, names,
// tasks, complaints and timelines, in the reader's language and in the types of the API's answers.
// It is handed everything, and asks nobody.
package view

import (
	"cmp"
	"time"

	"recourse/internal/api"
	"recourse/internal/complaint"
	"recourse/internal/directory"
	"recourse/internal/phrase"
	"recourse/internal/plan"
	"recourse/internal/procedure"
)

// Reader is for whom something is shown, and what gives it names.
type Reader struct {
	// Language is the reader's, as package bilingual names it.
	Language string
	// People name persons and departments. Whoever left the directory is shown by ID.
	People *directory.Directory
	// Rules name clocks, categories, fields and processes beside the main course: the version by
	// which what is shown goes, or the newest. Nil shows their codes.
	Rules *procedure.Procedure
	// Zone is that of the times in sentences; nil is UTC.
	Zone *time.Location
	// Now is by when a clock that runs is overdue.
	Now time.Time
}

// Person is somebody by ID and name; the zero value for nobody.
func (r Reader) Person(id complaint.PersonID) api.PersonRef {
	if id == "" {
		return api.PersonRef{}
	}
	if person, known := r.People.People[id]; known {
		return api.PersonRef{Id: string(id), Name: person.Name.In(r.Language)}
	}
	return api.PersonRef{Id: string(id), Name: phrase.Label(phrase.Person, string(id), r.Language)}
}

func (r Reader) persons(ids []complaint.PersonID) []api.PersonRef {
	var refs []api.PersonRef
	for _, id := range ids {
		refs = append(refs, r.Person(id))
	}
	return refs
}

// together is people's names in one line; a dash for nobody.
func (r Reader) together(ids []complaint.PersonID) string {
	if len(ids) == 0 {
		return "—"
	}
	var called []string
	for _, ref := range r.persons(ids) {
		called = append(called, ref.Name)
	}
	return phrase.Listed(called, r.Language)
}

// holder is who holds a duty, or a role of the complaint, now.
func (r Reader) holder(c *complaint.Complaint, role complaint.Role) complaint.PersonID {
	return plan.Rules{Procedure: r.Rules, Directory: r.People}.Holder(c, complaint.Task{Role: role}, r.Now)
}

func (r Reader) department(id string) string {
	if department, known := r.People.Departments[id]; known {
		return department.Name.In(r.Language)
	}
	return id
}

func (r Reader) clockName(name string) string {
	return cmp.Or(plan.ClockLabel(r.Rules, name).In(r.Language), name)
}

// stepName is a step's label; the name itself for a step that isn't known.
func (r Reader) stepName(step complaint.StepName) string {
	return cmp.Or(step.Label().In(r.Language), string(step))
}

func (r Reader) categoryName(code string) string {
	if category, known := r.Rules.Category(code); known {
		return category.Name.In(r.Language)
	}
	return code
}

func (r Reader) channelName(id string) string {
	for _, channel := range r.Rules.Channels {
		if channel.ID == id {
			return channel.Name.In(r.Language)
		}
	}
	return id
}

func (r Reader) causeName(id string) string {
	for _, cause := range r.Rules.Causes {
		if cause.ID == id {
			return cause.Name.In(r.Language)
		}
	}
	return id
}

// remedyName is what a remedy is called: by the procedure, where it has a name of its own.
func (r Reader) remedyName(remedy complaint.Remedy) string {
	if r.Rules != nil {
		if own, known := r.Rules.RemedyKind(remedy.Own); known {
			return own.Name.In(r.Language)
		}
	}
	return phrase.Label(phrase.Remedy, remedy.Kind, r.Language)
}

// sideNames are the names of a process beside the main course and of its step, as the rules have
// them; their codes when they have them no longer.
func (r Reader) sideNames(kind, step string) (process, task string) {
	side, known := r.Rules.Side(kind)
	if !known {
		return kind, step
	}
	for _, one := range side.Steps {
		if one.ID == step {
			return side.Name.In(r.Language), one.Name.In(r.Language)
		}
	}
	return side.Name.In(r.Language), step
}

// sideRole is whose a step of a process beside the main course is; empty when the rules have it no
// longer.
func (r Reader) sideRole(kind, step string) complaint.Role {
	side, _ := r.Rules.Side(kind)
	for _, one := range side.Steps {
		if one.ID == step {
			return one.By
		}
	}
	return ""
}

// instant is a time as a sentence has it.
func (r Reader) instant(at time.Time) string {
	if r.Zone == nil {
		return at.UTC().Format(localTime)
	}
	return at.In(r.Zone).Format(localTime)
}

const localTime = "2006-01-02 15:04 MST"

func orZero(at *time.Time) time.Time {
	if at == nil {
		return time.Time{}
	}
	return *at
}
