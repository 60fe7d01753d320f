// Package directory knows who people are: the organisation's tree of
// departments, the people in it, the duties they hold, and when they are away.
// Every duty has a primary and a secondary person; who holds it is looked up at
// the moment it is needed.
package directory

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"recourse/internal/bilingual"
	"recourse/internal/complaint"
)

// Directory is one organisation. Several share an installation; a person
// belongs to one. Its methods only read it.
type Directory struct {
	// Organisation is the ID of the procedure that the organisation follows.
	Organisation string
	Departments  map[string]Department
	People       map[complaint.PersonID]Person
	Duties       map[complaint.Role]Duty
	Absences     []Absence
}

// Homes are the directories by person, of directories by organisation. The error
// names everybody who stands in several: whose they are couldn't be told, and so they are nobody's.
func Homes(organisations map[string]*Directory) (map[complaint.PersonID]*Directory, error) {
	homes, several := map[complaint.PersonID]*Directory{}, map[complaint.PersonID]bool{}
	var wrong []error
	for _, organisation := range keys(organisations) {
		d := organisations[organisation]
		for _, person := range keys(d.People) {
			id := complaint.PersonID(person)
			if other, taken := homes[id]; taken {
				wrong = append(wrong, fmt.Errorf("the person %q is in the directories of %q and %q; give one of them another ID", id, other.Organisation, organisation))
				several[id] = true
				continue
			}
			homes[id] = d
		}
	}
	maps.DeleteFunc(homes, func(id complaint.PersonID, _ *Directory) bool { return several[id] })
	return homes, errors.Join(wrong...)
}

// Department is one unit of the organisation: group, company, branch, project
// or department.
type Department struct {
	ID     string         `yaml:",key"`
	Name   bilingual.Text `yaml:"name,required"`
	Parent string         `yaml:"parent"` // the department around it, empty at the root
	// LedBy are the duties of those who lead it, lowest first; when a duty within
	// has nobody, they come next. Empty: the head, "<department>.head".
	LedBy []complaint.Role `yaml:"led_by"`
}

// Person is somebody who works there.
type Person struct {
	ID         complaint.PersonID `yaml:",key"`
	Name       bilingual.Text     `yaml:"name,required"`
	Department string             `yaml:"department,required"`
	Email      string             `yaml:"email,required"`
	Phone      string             `yaml:"phone"`
	Language   string             `yaml:"language,required"` // "zh-CN" or "en": in which messages reach them
	Webhook    string             `yaml:"webhook"`           // a URL that gets their messages too, or empty
}

// Duty is a task of the organisation with the two people who hold it.
type Duty struct {
	Role      complaint.Role     `yaml:",key"`
	Primary   complaint.PersonID `yaml:"primary,required"`
	Secondary complaint.PersonID `yaml:"secondary,required"` // empty: nobody; the next manager stands in
}

// Absence is a time in which a person is away: from From on, back at Until.
type Absence struct {
	Person complaint.PersonID `yaml:"person,required"`
	From   time.Time          `yaml:"from,required"`
	Until  time.Time          `yaml:"until,required"`
}

// AwayAt reports whether a person is away at that instant.
func (d *Directory) AwayAt(person complaint.PersonID, at time.Time) bool {
	return slices.ContainsFunc(d.Absences, func(a Absence) bool {
		return a.Person == person && !at.Before(a.From) && at.Before(a.Until)
	})
}

// Holder is who holds a duty at that instant: the primary person; when they are
// away or excepted (a subject of the complaint) the secondary; then those who
// lead the duty's department, and the departments around it, up to the root. It
// is false when nobody is left.
func (d *Directory) Holder(role complaint.Role, at time.Time, except ...complaint.PersonID) (complaint.PersonID, bool) {
	for _, candidate := range d.line(role) {
		if person, there := d.Bearer(candidate, at, except...); there {
			return person, true
		}
	}
	return "", false
}

// Bearer is who of the two people with a duty holds it at that instant; false
// when both are away or excepted.
func (d *Directory) Bearer(role complaint.Role, at time.Time, except ...complaint.PersonID) (complaint.PersonID, bool) {
	duty := d.Duties[role]
	for _, person := range []complaint.PersonID{duty.Primary, duty.Secondary} {
		if _, known := d.People[person]; known && !slices.Contains(except, person) && !d.AwayAt(person, at) {
			return person, true
		}
	}
	return "", false
}

// StandIn is who takes a person's place at that instant, for a task that is
// theirs by name and not by a duty: the other person of a duty of theirs, those
// first in which they are the primary; else those who lead their department, and
// the departments around it. It is false when nobody is left.
func (d *Directory) StandIn(person complaint.PersonID, at time.Time, except ...complaint.PersonID) (complaint.PersonID, bool) {
	except = append(slices.Clone(except), person)
	var first, second []complaint.Role
	for role, duty := range d.Duties {
		switch person {
		case duty.Primary:
			first = append(first, role)
		case duty.Secondary:
			second = append(second, role)
		}
	}
	slices.Sort(first)
	slices.Sort(second)
	for _, role := range append(first, second...) {
		if other, there := d.Bearer(role, at, except...); there {
			return other, true
		}
	}
	for _, role := range d.leaders(nil, d.DepartmentOf(person)) {
		if leader, there := d.Bearer(role, at, except...); there {
			return leader, true
		}
	}
	return "", false
}

// Departures are who holds less by this directory than by an earlier one, by their IDs: who is in
// it no longer, and who was relieved of duties, with these. Nobody loses a duty to whom it is
// exchanged with.
func (d *Directory) Departures(before *Directory) []complaint.Absent {
	var all []complaint.Absent
	for _, id := range keys(before.People) {
		person := complaint.PersonID(id)
		if _, there := d.People[person]; !there {
			all = append(all, complaint.Absent{Person: person, Left: true})
			continue
		}
		relieved := complaint.Absent{Person: person}
		for _, id := range keys(before.Duties) {
			role := complaint.Role(id)
			if before.Duties[role].isOf(person) && !d.Duties[role].isOf(person) {
				relieved.Duties = append(relieved.Duties, role)
			}
		}
		if len(relieved.Duties) > 0 {
			all = append(all, relieved)
		}
	}
	return all
}

func (d Duty) isOf(person complaint.PersonID) bool {
	return d.Primary == person || d.Secondary == person
}

// Remaining is whoever of those with a duty is left, for what nobody takes whose duty it is: those
// who lead departments, from the root down, then everybody else by the name of their duty, but for
// the two of one duty. Somebody away is taken where nobody else is left. It is false when nobody
// is.
func (d *Directory) Remaining(but complaint.Role, at time.Time, except ...complaint.PersonID) (complaint.PersonID, bool) {
	except = append(slices.Clone(except), d.Duties[but].Primary, d.Duties[but].Secondary)
	depth := func(id string) int { return len(d.around(id)) }
	departments := slices.SortedFunc(maps.Keys(d.Departments), func(a, b string) int {
		return cmp.Or(cmp.Compare(depth(a), depth(b)), strings.Compare(a, b))
	})
	var line []complaint.Role
	for _, id := range departments {
		line = append(line, d.Departments[id].leaders()...)
	}
	line = append(line, slices.Sorted(maps.Keys(d.Duties))...)
	var away complaint.PersonID
	for _, role := range line {
		if person, there := d.Bearer(role, at, except...); there {
			return person, true
		}
		for _, person := range []complaint.PersonID{d.Duties[role].Primary, d.Duties[role].Secondary} {
			if _, known := d.People[person]; known && !slices.Contains(except, person) {
				away = cmp.Or(away, person)
			}
		}
	}
	return away, away != ""
}

// line is a duty and those that stand in for it, in order, each once: so a tree
// or a chain of command that runs in a circle ends.
func (d *Directory) line(role complaint.Role) []complaint.Role {
	return d.leaders([]complaint.Role{role}, d.departmentOfDuty(role))
}

// leaders adds to a line the duties that lead a department and those around it.
func (d *Directory) leaders(line []complaint.Role, department string) []complaint.Role {
	for _, id := range d.around(department) {
		for _, leader := range d.Departments[id].leaders() {
			if !slices.Contains(line, leader) {
				line = append(line, leader)
			}
		}
	}
	return line
}

// around are a department and those around it, each once.
func (d *Directory) around(department string) []string {
	var ids []string
	for id := department; id != "" && !slices.Contains(ids, id); id = d.Departments[id].Parent {
		ids = append(ids, id)
	}
	return ids
}

// departmentOfDuty is where a duty belongs: the department that its name begins
// with ("dispatch.head"), or else that of the people who hold it.
func (d *Directory) departmentOfDuty(role complaint.Role) string {
	if prefix, _, dotted := strings.Cut(string(role), "."); dotted {
		if _, known := d.Departments[prefix]; known {
			return prefix
		}
	}
	duty := d.Duties[role]
	return cmp.Or(d.DepartmentOf(duty.Primary), d.DepartmentOf(duty.Secondary), d.root())
}

// root is the topmost department, the first by ID if there are several.
func (d *Directory) root() string {
	root := ""
	for id, department := range d.Departments {
		if department.Parent == "" && (root == "" || id < root) {
			root = id
		}
	}
	return root
}

func (d Department) leaders() []complaint.Role {
	if len(d.LedBy) > 0 {
		return d.LedBy
	}
	return []complaint.Role{complaint.Role(d.ID + ".head")}
}

// DepartmentOf is the department that a person belongs to, empty for somebody unknown.
func (d *Directory) DepartmentOf(person complaint.PersonID) string {
	return d.People[person].Department
}

// RolesOf are the roles of a person at that instant, sorted: the duties they
// hold as primary or secondary, those that they stand in for because both are
// away, the roles of the domain that these fill by the procedure's roles
// ("owner": "dispatcher", "handler": "{department}.handler"), and "employee".
// None for somebody unknown.
func (d *Directory) RolesOf(person complaint.PersonID, at time.Time, roles map[complaint.Role]complaint.Role) []complaint.Role {
	if _, known := d.People[person]; !known {
		return nil
	}
	held := []complaint.Role{complaint.AnyEmployeeRole}
	for role, duty := range d.Duties {
		holder, _ := d.Holder(role, at)
		if duty.Primary != person && duty.Secondary != person && holder != person {
			continue
		}
		held = append(held, role)
		for domain, pattern := range roles {
			if fills(role, pattern) {
				held = append(held, domain)
			}
		}
	}
	slices.Sort(held)
	return slices.Compact(held)
}

// Actor is a person as they act at that instant, with the roles of RolesOf.
func (d *Directory) Actor(person complaint.PersonID, at time.Time, roles map[complaint.Role]complaint.Role) complaint.Actor {
	return complaint.Actor{Person: person, Roles: d.RolesOf(person, at, roles), Department: d.DepartmentOf(person)}
}

// fills reports whether a duty is the one meant by a pattern such as
// "{department}.head".
func fills(duty, pattern complaint.Role) bool {
	before, after, hasDepartment := strings.Cut(string(pattern), "{department}")
	if !hasDepartment {
		return duty == pattern
	}
	middle, found := strings.CutPrefix(string(duty), before)
	if !found {
		return false
	}
	department, found := strings.CutSuffix(middle, after)
	return found && department != "" && !strings.Contains(department, ".")
}
