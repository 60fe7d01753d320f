package directory

import (
	"fmt"
	"maps"
	"net/mail"
	"regexp"
	"slices"
	"time"

	"recourse/internal/bilingual"
	"recourse/internal/complaint"
	"recourse/internal/yamlfile"
)

// file is the directory as people write it.
type file struct {
	Organisation string       `yaml:"organisation,required"`
	Departments  []Department `yaml:"departments,required"`
	People       []Person     `yaml:"people,required"`
	Duties       []Duty       `yaml:"duties,required"`
	Absences     []Absence    `yaml:"absences"`
}

var (
	idPattern   = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	dutyPattern = regexp.MustCompile(`^[a-z][a-z0-9]*([-.][a-z0-9]+)*$`)
)

// reserved are the person IDs by which the record names who is no employee.
var reserved = []complaint.PersonID{complaint.Customer, complaint.Clock, complaint.Procedure, complaint.Operator}

// Parse reads a directory. File names it in errors. The error is of type
// [yamlfile.Problems] and holds everything that is wrong, each with its place. With it, the
// directory is what could be read, against which a procedure can be checked at once; nil where that
// says nothing.
func Parse(name string, data []byte) (*Directory, error) {
	var f file
	doc := yamlfile.Decode(name, data, terms(), &f)
	d := &Directory{
		Organisation: f.Organisation,
		Departments:  map[string]Department{},
		People:       map[complaint.PersonID]Person{},
		Duties:       map[complaint.Role]Duty{},
		Absences:     f.Absences,
	}
	for _, e := range f.Departments {
		d.Departments[e.ID] = e
	}
	for _, e := range f.People {
		d.People[e.ID] = e
	}
	for _, e := range f.Duties {
		d.Duties[e.Role] = e
	}
	f.check(doc, d)
	err := doc.Err()
	if err != nil && (len(d.Departments) == 0 || len(d.People) == 0 || len(d.Duties) == 0) {
		return nil, err
	}
	return d, err
}

// Schema describes directories as a JSON Schema, for editors.
func Schema() []byte { return yamlfile.Schema("The people of an organisation", terms(), file{}) }

// terms are the notations of a directory's file.
func terms() *yamlfile.Terms {
	t := yamlfile.NewTerms()
	yamlfile.Notation(t, func(text string) (time.Time, error) {
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return time.Time{}, &timeError{text}
		}
		return at.UTC(), nil
	})
	return t
}

type timeError struct{ text string }

func (e *timeError) Error() string {
	return "\"" + e.text + "\" is no time; write one such as 2026-02-13T09:00:00+08:00"
}

// check finds names that lead nowhere and values that can't be.
func (f *file) check(doc *yamlfile.Document, d *Directory) {
	departments, people, duties := keys(d.Departments), keys(d.People), keys(d.Duties)
	circles := d.circles()
	for _, e := range f.Departments {
		path := "departments." + e.ID
		if !idPattern.MatchString(e.ID) {
			doc.Addf(path, "%q can't be a department's name; write small letters, digits and hyphens", e.ID)
		}
		if e.Parent != "" && !slices.Contains(departments, e.Parent) {
			doc.Addf(path+".parent", "there is no department %q; %s", e.Parent, yamlfile.Instead(e.Parent, departments))
		}
		if circles[e.ID] {
			doc.Addf(path+".parent", "the department %q is within itself; give it another parent", e.ID)
		}
		if len(e.LedBy) == 0 && !slices.Contains(duties, e.ID+".head") {
			doc.Addf(path, "nobody leads the department %q; add the duty %s.head, or led_by: […]", e.ID, e.ID)
		}
	}
	yamlfile.Each(doc, func(path string, role *complaint.Role) {
		if !slices.Contains(duties, string(*role)) {
			doc.Addf(path, "there is no duty %q; %s", *role, yamlfile.Instead(string(*role), duties))
		}
	})
	for _, e := range f.People {
		path := "people." + string(e.ID)
		if !idPattern.MatchString(string(e.ID)) {
			doc.Addf(path, "%q can't be a person's ID; write small letters, digits and hyphens, such as li-na", e.ID)
		}
		if slices.Contains(reserved, e.ID) {
			doc.Addf(path, "%q names no employee in the record; choose another ID", e.ID)
		}
		if e.Department != "" && !slices.Contains(departments, e.Department) {
			doc.Addf(path+".department", "there is no department %q; %s", e.Department, yamlfile.Instead(e.Department, departments))
		}
		if address, err := mail.ParseAddress(e.Email); e.Email != "" && (err != nil || address.Address != e.Email) {
			doc.Addf(path+".email", "%q is no e-mail address; write one such as li-na@example.com", e.Email)
		}
		if e.Language != "" && !slices.Contains(bilingual.Languages(), e.Language) {
			doc.Addf(path+".language", "the software doesn't speak %q; %s", e.Language, yamlfile.Instead(e.Language, bilingual.Languages()))
		}
		if e.Webhook != "" && CheckWebhook(e.Webhook) != nil {
			doc.Addf(path+".webhook", "%q is no address for messages; write one such as https://example.com/hook (http:// on this machine only, and no password)", e.Webhook)
		}
	}
	for _, e := range f.Duties {
		path := "duties." + string(e.Role)
		if !dutyPattern.MatchString(string(e.Role)) {
			doc.Addf(path, "%q can't be a duty's name; write one such as dispatcher or dispatch.head", e.Role)
		}
		if e.Primary != "" && e.Primary == e.Secondary {
			doc.Addf(path+".secondary", "%q can't stand in for themselves; name another person", e.Secondary)
		}
	}
	yamlfile.Each(doc, func(path string, person *complaint.PersonID) {
		if !slices.Contains(people, string(*person)) {
			doc.Addf(path, "there is no person %q; %s", *person, yamlfile.Instead(string(*person), people))
		}
	})
	for i, e := range f.Absences {
		if !e.Until.After(e.From) && !e.Until.IsZero() {
			doc.Addf(fmt.Sprintf("absences[%d].until", i), "the absence ends before it begins; write a later time")
		}
	}
}

// circles are the departments that are within themselves.
func (d *Directory) circles() map[string]bool {
	circles, passed := map[string]bool{}, map[string]string{} // on the way up from which
	for id := range d.Departments {
		at := id
		for ; at != "" && passed[at] == ""; at = d.Departments[at].Parent {
			passed[at] = id
		}
		for ; at != "" && passed[at] == id && !circles[at]; at = d.Departments[at].Parent {
			circles[at] = true
		}
	}
	return circles
}

// keys are a map's keys in order.
func keys[K ~string, V any](m map[K]V) []string {
	var list []string
	for _, key := range slices.Sorted(maps.Keys(m)) {
		list = append(list, string(key))
	}
	return list
}
