// Package importing brings complaints from an office's file, a CSV or an Excel workbook, into
// Recourse: a mapping says which column is what, and each row becomes a registration that can be
// sent again without making a second complaint. Rows that aren't as they should be are told with
// their line and with what was done about them; none is dropped in silence.
package importing

import (
	"cmp"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // zones of mappings, also where the machine has none

	"recourse/internal/complaint"
	"recourse/internal/yamlfile"
)

// Mapping says which column of a file is what. Parse makes it; deploy/demo/data/nyc-complaints.yaml
// is one with every key explained.
type Mapping struct {
	// Source names the file's origin. With the external ID it makes a row's key.
	Source string `yaml:"source,required"`
	// Encoding is how a CSV writes its characters, by the names that the web has: "gb18030",
	// "big5", "windows-1252". Empty: the bytes tell UTF-8, UTF-16 and GB18030 (GBK) apart.
	Encoding string `yaml:"encoding"`
	// Sheet is the sheet of a workbook; empty: its first.
	Sheet string `yaml:"sheet"`
	// ID is the column of the external ID.
	ID string `yaml:"id,required"`
	// RegisteredBy is who registers the complaints of each procedure.
	RegisteredBy map[string]complaint.PersonID `yaml:"registered_by,required"`
	Channel      Coded                         `yaml:"channel,required"`
	Received     *Received                     `yaml:"received"`
	Categories   Categories                    `yaml:"categories,required"`
	Narrative    Text                          `yaml:"narrative,required"`
	RemedyAsked  Text                          `yaml:"remedy_asked"`
	Place        Text                          `yaml:"place"`
	Customer     Customer                      `yaml:"customer"`
	// Fields are the form's own fields, for each procedure.
	Fields map[string]map[string]Text `yaml:"fields"`
	// Clean says what the values of columns look like when they are clean. Others are told, and
	// left out.
	Clean map[string]Clean `yaml:"clean"`
}

// Text is written from columns: "{column}" stands for the row's value. It may have parts; a part
// with a column that is empty is left out.
type Text []string

// Coded is a coded word: always the same, or by a column's value.
type Coded struct {
	Column  string            `yaml:"column"`
	Words   map[string]string `yaml:"words"`
	Default string            `yaml:"default,required"`
}

// Received says where a row has its date.
type Received struct {
	Column string `yaml:"column,required"`
	// Format is written with YYYY, MM, DD, hh, mm, ss and AM/PM; single digits may lack their
	// zero. ISO dates and the numbers by which spreadsheets count days are read whatever it is.
	Format string `yaml:"format,required"`
	// Zone is the IANA time zone of dates that don't say theirs.
	Zone string `yaml:"zone,required"`
	// As is "heard_at", from which the clocks run, or "happened_at", which only tells.
	As string `yaml:"as,required"`

	format   dateFormat
	location *time.Location
}

// Categories say which procedure a row is for, and which category of it, by the value of one column
// and perhaps of a second.
type Categories struct {
	Column string `yaml:"column,required"`
	// Refine is a second column, whose values may change what the first says.
	Refine string     `yaml:"refine"`
	Table  []Category `yaml:"table,required"`
	// Otherwise is for values that the table doesn't have.
	Otherwise Target `yaml:"otherwise,required"`
}

// Category is one line of the table. Values are compared without regard to case and outer spaces.
type Category struct {
	Value  string `yaml:",key"`
	Target Target `yaml:",value"`
}

// Target is where a row goes.
type Target struct {
	Procedure string `yaml:"procedure"`
	Category  string `yaml:"category"`
	// Kind is set for what needs no screening to be known: "enquiry" or "suggestion". The row is
	// registered as screened. "whistleblowing" closes it from its registration on.
	Kind complaint.Kind `yaml:"kind"`
	// Remark says what is wrong with a value that is mapped all the same; its rows are told.
	Remark string `yaml:"remark"`
	// Refined are the second column's values that go elsewhere; what they leave out is as here.
	Refined []Category `yaml:"refined"`
}

// Customer says who complains.
type Customer struct {
	Name     Text   `yaml:"name"`
	Phone    Text   `yaml:"phone"`
	Email    Text   `yaml:"email"`
	Address  Text   `yaml:"address"`
	Language string `yaml:"language"`
}

// Clean is what a clean value looks like. With neither member it only mustn't be empty.
type Clean struct {
	Pattern string   `yaml:"pattern"`
	OneOf   []string `yaml:"one_of"`
	// MayBeEmpty is for columns that are often left empty.
	MayBeEmpty bool `yaml:"may_be_empty"`

	pattern *regexp.Regexp
}

// Parse reads a mapping. The error is all of its mistakes, each with line, column and what to write
// instead (yamlfile.Problems).
func Parse(file string, content []byte) (*Mapping, error) {
	m := &Mapping{}
	terms := yamlfile.NewTerms()
	yamlfile.Words(terms, "kind", complaint.KindEnquiry, complaint.KindSuggestion, complaint.KindComplaint, complaint.KindWhistleblowing)
	doc := yamlfile.Decode(file, content, terms, m)
	m.check(doc)
	if err := doc.Err(); err != nil {
		return nil, err
	}
	return m, nil
}

var printable = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$`)

func (m *Mapping) check(doc *yamlfile.Document) {
	if m.Source != "" && !printable.MatchString(m.Source) {
		doc.Addf("source", "the source becomes part of each row's key: write up to 60 letters, digits, dots and dashes")
	}
	if m.Encoding != "" {
		if _, err := charsetNamed(m.Encoding); err != nil {
			doc.Addf("encoding", "there is no encoding %q; write gb18030, utf-8, utf-16le, big5 or windows-1252, or leave it out: the bytes mostly tell", m.Encoding)
		}
	}
	if m.Received != nil {
		m.Received.check(doc)
	}
	for name, clean := range m.Clean {
		pattern, err := regexp.Compile(clean.Pattern)
		if err != nil {
			doc.Addf("clean."+name+".pattern", "the pattern isn't a regular expression: %s", err)
			continue
		}
		if clean.Pattern != "" {
			clean.pattern = pattern
		}
		m.Clean[name] = clean
	}
	yamlfile.Each(doc, func(path string, target *Target) {
		m.checkTarget(doc, path, target)
	})
	if m.Categories.Otherwise.Procedure == "" && doc.Has("categories.otherwise") {
		doc.Addf("categories.otherwise", `say which procedure takes what the table doesn't have: otherwise: {procedure: courier-station}`)
	}
	for _, line := range m.Categories.Table {
		if line.Target.Procedure == "" && !doc.Unread("categories.table."+line.Value) {
			doc.Addf("categories.table."+line.Value, `say which procedure takes %q: {procedure: courier-station, category: service}`, line.Value)
		}
	}
}

func (m *Mapping) checkTarget(doc *yamlfile.Document, path string, target *Target) {
	if target.Procedure == "" {
		return
	}
	if _, there := m.RegisteredBy[target.Procedure]; !there {
		doc.Addf(path+".procedure", "nobody registers for the procedure %q: add it to registered_by, or %s", target.Procedure,
			yamlfile.Instead(target.Procedure, slices.Sorted(maps.Keys(m.RegisteredBy))))
	}
}

func (r *Received) check(doc *yamlfile.Document) {
	var err error
	if r.format, err = parseDateFormat(r.Format); err != nil && r.Format != "" {
		doc.Addf("received.format", "%s", err)
	}
	if r.location, err = time.LoadLocation(r.Zone); err != nil || r.Zone == "" {
		doc.Addf("received.zone", "there is no time zone %q; write an IANA name, such as America/New_York", r.Zone)
	}
	if r.As != "heard_at" && r.As != "happened_at" && !doc.Unread("received.as") {
		doc.Addf("received.as", "write heard_at (the clocks run from it) or happened_at (it is only told)")
	}
}

// Open begins to read a file, and finds out how: see ReadRows.
func (m *Mapping) Open(file io.ReadSeeker) (*Rows, error) {
	return ReadRows(file, Layout{Columns: m.columns(), Encoding: m.Encoding, Sheet: m.Sheet})
}

// columns are the names of all columns that the mapping reads, sorted.
func (m *Mapping) columns() []string {
	names := []string{m.ID, m.Categories.Column, m.Channel.Column, m.Categories.Refine}
	if m.Received != nil {
		names = append(names, m.Received.Column)
	}
	texts := []Text{m.Narrative, m.RemedyAsked, m.Place, m.Customer.Name, m.Customer.Phone, m.Customer.Email, m.Customer.Address}
	for _, fields := range m.Fields {
		texts = slices.AppendSeq(texts, maps.Values(fields))
	}
	for _, text := range texts {
		for _, part := range text {
			for _, found := range placeholder.FindAllStringSubmatch(part, -1) {
				names = append(names, found[1])
			}
		}
	}
	names = slices.AppendSeq(names, maps.Keys(m.Clean))
	slices.Sort(names)
	return slices.DeleteFunc(slices.Compact(names), func(name string) bool { return name == "" })
}

// registrars are all who register by the mapping, each once, first the one who is named.
func (m *Mapping) registrars(first complaint.PersonID) []complaint.PersonID {
	all := slices.Compact(slices.Sorted(maps.Values(m.RegisteredBy)))
	return append([]complaint.PersonID{first}, slices.DeleteFunc(all, func(one complaint.PersonID) bool { return one == first })...)
}

// Target finds where a row goes, by the values of the first and the second column, and whether the
// table has the first.
func (c Categories) Target(value, refined string) (Target, bool) {
	line, known := find(c.Table, value)
	if !known {
		return c.Otherwise, false
	}
	finer, _ := find(line.Refined, refined)
	return Target{Procedure: cmp.Or(finer.Procedure, line.Procedure), Category: cmp.Or(finer.Category, line.Category),
		Kind: cmp.Or(finer.Kind, line.Kind), Remark: cmp.Or(finer.Remark, line.Remark), Refined: line.Refined}, true
}

func find(table []Category, value string) (Target, bool) {
	for _, line := range table {
		if strings.EqualFold(strings.TrimSpace(line.Value), strings.TrimSpace(value)) {
			return line.Target, true
		}
	}
	return Target{}, false
}

var placeholder = regexp.MustCompile(`\{([^{}]+)\}`)

// write writes the text from a row's values.
func (t Text) write(values map[string]string) string {
	var written strings.Builder
parts:
	for _, part := range t {
		for _, found := range placeholder.FindAllStringSubmatch(part, -1) {
			if values[found[1]] == "" {
				continue parts
			}
		}
		written.WriteString(placeholder.ReplaceAllStringFunc(part, func(found string) string { return values[found[1:len(found)-1]] }))
	}
	return strings.TrimSpace(written.String())
}
