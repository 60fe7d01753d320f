package procedure

import (
	"maps"
	"slices"
	"strings"
	"time"

	"recourse/internal/calendar"
	"recourse/internal/complaint"
	"recourse/internal/directory"
	"recourse/internal/yamlfile"
)

// Check finds what is wrong with the procedure beside the calendars, by their
// IDs, and the directory of its organisation: a calendar or a department that
// doesn't exist, a role that nobody holds. The error is of type [yamlfile.Problems].
// Calendars that have run out are for [Procedure.CheckCovers].
func (p *Procedure) Check(calendars map[string]*calendar.Calendar, dir *directory.Directory) error {
	doc := p.doc.Clone()
	p.check(doc, calendars, dir)
	return doc.Err()
}

// check adds to a document what is wrong beside the calendars and the people, as far as those are
// known.
func (p *Procedure) check(doc *yamlfile.Document, calendars map[string]*calendar.Calendar, dir *directory.Directory) {
	c := &check{procedure: p, doc: doc, directory: dir}
	if _, there := calendars[p.Calendar]; !there && !doc.Unread("calendar") {
		known := slices.Sorted(maps.Keys(calendars))
		c.doc.Addf("calendar", "there is no calendar %q; %s, or put its file into calendars", p.Calendar, instead(p.Calendar, known))
	}
	if dir == nil {
		return
	}
	if dir.Organisation != p.ID && !doc.Unread("procedure") {
		c.doc.Addf("procedure", "the directory is that of %q; use the one of %q", dir.Organisation, p.ID)
	}
	c.departments = map[string]bool{}
	c.named()
	c.roles()
}

// CheckCovers finds a calendar whose last covered year was over at that time: by it, no version is
// published. The error is of type [yamlfile.Problems].
func (p *Procedure) CheckCovers(calendars map[string]*calendar.Calendar, at time.Time) error {
	doc := p.doc.Clone()
	if c := calendars[p.Calendar]; c != nil && c.CoversEnded(at) {
		doc.Addf("calendar", "%s", c.Warning(at))
	}
	return doc.Err()
}

// CheckNumbers finds numbers that this version mustn't give out. A complaint's
// number says whose it is: all versions of a procedure number alike, and no two
// procedures begin alike. The procedures in force are by their IDs and may hold
// an earlier version of this one. The error is of type [yamlfile.Problems].
func (p *Procedure) CheckNumbers(inForce map[string]*Procedure) error {
	doc := p.doc.Clone()
	for _, id := range slices.Sorted(maps.Keys(inForce)) {
		other := inForce[id].NumberPattern
		switch {
		case id == p.ID && other.Pattern != p.NumberPattern.Pattern:
			doc.Addf("number", "complaints numbered %q are there and would be found no more; write that again", other.Pattern)
		case id != p.ID && other.prefix == p.NumberPattern.prefix:
			doc.Addf("number", "complaints of %q begin with %q; begin with other letters", id, other.prefix)
		}
	}
	return doc.Err()
}

// check is one run of Check.
type check struct {
	procedure   *Procedure
	doc         *yamlfile.Document
	directory   *directory.Directory
	departments map[string]bool // that complaints go to
}

// named checks the departments that the file names, wherever it does.
func (c *check) named() {
	yamlfile.Each(c.doc, func(path string, id *Department) {
		if path != "owner.among" {
			c.department(path, string(*id))
		}
	})
	if among := string(c.procedure.Owner.Among); among != "" && c.exists("owner.among", among) && !c.hasPeople(among) {
		c.doc.Addf("owner.among", "nobody works in department %q, so nobody there can become owner; write another department", among)
	}
}

func (c *check) hasPeople(department string) bool {
	for _, person := range c.directory.People {
		if person.Department == department {
			return true
		}
	}
	return false
}

// department checks one that complaints go to: it is there, and the duties that
// the roles ask of each department have people in it.
func (c *check) department(path, id string) {
	if id == "" || c.departments[id] || !c.exists(path, id) {
		return
	}
	c.departments[id] = true
	var missing []string
	for _, role := range slices.Sorted(maps.Keys(c.procedure.Roles)) {
		duty := c.procedure.Duty(role, id)
		if strings.Contains(string(c.procedure.Roles[role]), "{department}") && !c.held(duty) {
			missing = append(missing, string(duty))
		}
	}
	if len(missing) > 0 {
		c.doc.Addf(path, "the department %q can't be reached: nobody is its %s; add that to the directory's duties, or write another department", id, strings.Join(missing, " or "))
	}
}

func (c *check) exists(path, id string) bool {
	if _, known := c.directory.Departments[id]; known {
		return true
	}
	c.doc.Addf(path, "there is no department %q; %s", id, instead(id, slices.Sorted(maps.Keys(c.directory.Departments))))
	return false
}

// held reports whether somebody holds the duty. Whether they are there at all, the directory says.
func (c *check) held(duty complaint.Role) bool {
	_, known := c.directory.Duties[duty]
	return known
}

// roles checks that each role named has a person.
func (c *check) roles() {
	filled := map[complaint.Role]bool{} // patterns that fill a role: departments were checked for them
	for _, pattern := range c.procedure.Roles {
		filled[pattern] = true
	}
	for _, use := range c.procedure.roleUses {
		if slices.Contains(domainRoles, use.role) {
			continue // it is checked where roles fills it
		}
		if strings.Contains(string(use.role), "{department}") {
			for _, id := range slices.Sorted(maps.Keys(c.departments)) {
				duty := c.procedure.Duty(use.role, id)
				if !filled[use.role] && !c.held(duty) {
					c.doc.Addf(use.path, "nobody holds the duty %q; add it to the directory", duty)
				}
			}
			continue
		}
		if !c.held(use.role) {
			c.doc.Addf(use.path, "nobody holds the duty %q%s; %s", use.role, ladderHint(use.path), instead(string(use.role), c.roleWords()))
		}
	}
}

// roleWords are all words that can be written for a role.
func (c *check) roleWords() []string {
	words := wordsOf(slices.Sorted(maps.Keys(c.directory.Duties)))
	words = append(words, wordsOf(slices.Sorted(maps.Keys(c.procedure.Roles)))...)
	slices.Sort(words)
	return slices.Compact(words)
}

func ladderHint(path string) string {
	if strings.Contains(path, ".tell") && (strings.Contains(path, "ladder")) {
		return ", so this rung would tell nobody"
	}
	return ""
}
