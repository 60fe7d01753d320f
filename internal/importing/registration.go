package importing

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/runes"
	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"

	"recourse/internal/api"
	"recourse/internal/complaint"
)

// Dirt is one thing that isn't as it should be in a row, and what was done about it.
type Dirt struct {
	Reason string
	Done   string
}

// NotImported is what was done with a row that became no registration.
const NotImported = "not imported"

// Registration is a row as it is sent.
type Registration struct {
	Line int
	// ID is the row's external ID.
	ID string
	// Key stands for this row however often it is sent.
	Key  string
	By   complaint.PersonID
	Body api.Register
	// Dirt is what wasn't as it should be.
	Dirt []Dirt
}

// Bounds of the API's description (internal/api/openapi.yaml), in characters.
const (
	longestWords = 20000
	longestShort = 500
	longestPhone = 50
	longestEmail = 254
	longestID    = 100
)

var (
	emailPattern = regexp.MustCompile(`^[^\s@<>()\[\],;:"\\.]+(\.[^\s@<>()\[\],;:"\\.]+)*@[^\s@<>()\[\],;:"\\.]+(\.[^\s@<>()\[\],;:"\\.]+)*$`)
	// rounded is what a spreadsheet makes of a long number that it shows in a narrow column.
	rounded = regexp.MustCompile(`^[0-9](?:[.,][0-9]+)?E\+[0-9]{2,}$`)
	// hidden is what it writes of a date in a narrow column, and of a formula that came to nothing.
	hidden = regexp.MustCompile(`^(?:#{3,}|#N/A|#(?:REF|VALUE|DIV/0|NULL|NUM|SPILL|CALC)!|#NAME\?)$`)
)

// spoilt says what a spreadsheet has done to a value, and what to do; empty where it has left it.
func spoilt(value string) string {
	switch {
	case rounded.MatchString(value):
		return roundedAway
	case hidden.MatchString(value):
		return "which a spreadsheet wrote for what it couldn't show; widen the column or mend its formula, and save it again"
	}
	return ""
}

// Registration makes a registration of a row. It is false for a row that can't become one; the dirt
// then says why. now is when the import runs: nothing was received later.
func (m *Mapping) Registration(row Row, now time.Time) (Registration, bool) {
	r := Registration{Line: row.Line, Dirt: slices.Clone(row.Dirt)}
	if row.Values == nil {
		return r, false
	}
	r.ID = idOf(row.Values[m.ID])
	switch {
	case r.ID == "":
		r.tell(fmt.Sprintf("its ID (%s) is empty", m.ID), NotImported)
		return r, false
	case spoilt(r.ID) != "":
		r.tell(fmt.Sprintf("its ID (%s) is %q, %s", m.ID, r.ID, spoilt(r.ID)), NotImported)
		return r, false
	case utf8.RuneCountInString(r.ID) > longestID:
		r.tell(fmt.Sprintf("its ID (%s) has more than %d characters", m.ID, longestID), NotImported)
		return r, false
	}
	r.Key = m.key(r.ID)
	values := m.cleaned(row, &r)
	target := m.target(row, &r)
	r.By = m.RegisteredBy[target.Procedure]

	b := &r.Body
	b.Procedure, b.Category = target.Procedure, target.Category
	b.Channel = m.channel(values, &r)
	b.Narrative = r.fit("the narrative", m.Narrative.write(values), longestWords)
	if b.Narrative == "" {
		r.tell("nothing is left to tell what happened", NotImported)
		return r, false
	}
	b.RemedyAsked = r.fit("the remedy asked", m.RemedyAsked.write(values), longestWords)
	b.Place = r.fit("the place", m.Place.write(values), longestShort)
	b.Customer = m.customer(values, &r)
	for name, text := range m.Fields[target.Procedure] {
		if value := text.write(values); value != "" {
			if b.Fields == nil {
				b.Fields = api.Fields{}
			}
			b.Fields[name] = value
		}
	}
	if target.Kind != "" && target.Kind != complaint.KindComplaint && target.Category != "" {
		b.Screen = &api.Screen{Kind: api.Kind(target.Kind), Valid: true, Category: target.Category}
	} else {
		b.Kind = api.Kind(target.Kind)
	}
	if m.Received != nil {
		m.Received.date(row.Values[m.Received.Column], now, &r)
	}
	return r, true
}

// floating is what a spreadsheet makes of a whole number in a column with empty cells.
var floating = regexp.MustCompile(`^([0-9]+)\.0$`)

// idOf is an ID in the one spelling of all its deliveries: wide or narrow, accents composed or not,
// with characters that nobody sees or without, and 17.0 for 17. Its letters stay large or small:
// there are offices whose IDs differ by nothing else.
func idOf(written string) string {
	seen := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, norm.NFC.String(width.Fold.String(written)))
	return floating.ReplaceAllString(strings.Join(strings.Fields(seen), " "), "$1")
}

// roundedAway says what is wrong with a number like 1.39E+10.
const roundedAway = "which a spreadsheet rounded; make the column text or a number without decimals, and save it again"

// key is the row's key, of printable ASCII as the API takes it. Other characters are written as in
// addresses; what would be too long so, by its digest.
func (m *Mapping) key(id string) string {
	written := strings.Builder{}
	for _, b := range []byte(id) {
		if b <= ' ' || b > '~' || b == '%' {
			fmt.Fprintf(&written, "%%%02X", b)
		} else {
			written.WriteByte(b)
		}
	}
	short := written.String()
	if len(short) > longestID {
		short = fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(id)))
	}
	return complaint.ImportedRow + m.Source + "/" + short
}

func (r *Registration) tell(reason, done string) { r.Dirt = append(r.Dirt, Dirt{reason, done}) }

// cleaned are the row's values without those that aren't clean.
func (m *Mapping) cleaned(row Row, r *Registration) map[string]string {
	values := maps.Clone(row.Values)
	for _, column := range m.columns() {
		value := values[column]
		if why := spoilt(value); why != "" {
			r.tell(fmt.Sprintf("%s is %q, %s", column, value, why), "left it out")
			values[column] = ""
			continue
		}
		clean, asked := m.Clean[column]
		if !asked {
			continue
		}
		switch {
		case value == "" && clean.MayBeEmpty:
		case value == "":
			r.tell(column+" is empty", "registered without it")
		case clean.pattern != nil && !clean.pattern.MatchString(value), len(clean.OneOf) > 0 && !slices.Contains(clean.OneOf, value):
			r.tell(fmt.Sprintf("%s is %q", column, cut(value, 40)), "left it out")
			values[column] = ""
		}
	}
	return values
}

func (m *Mapping) target(row Row, r *Registration) Target {
	value := row.Values[m.Categories.Column]
	target, known := m.Categories.Target(value, row.Values[m.Categories.Refine])
	where := target.Procedure
	if target.Category != "" {
		where += ", " + target.Category
	}
	switch {
	case !known:
		r.tell(fmt.Sprintf("%s is %q, which the mapping doesn't have", m.Categories.Column, cut(value, 40)), "registered under "+where)
	case target.Remark != "":
		r.tell(fmt.Sprintf("%s is %q: %s", m.Categories.Column, cut(value, 40), target.Remark), "registered under "+where)
	}
	return target
}

func (m *Mapping) channel(values map[string]string, r *Registration) string {
	value := values[m.Channel.Column]
	if m.Channel.Column == "" || value == "" {
		return m.Channel.Default
	}
	for written, channel := range m.Channel.Words {
		if strings.EqualFold(written, value) {
			return channel
		}
	}
	r.tell(fmt.Sprintf("%s is %q, which the mapping doesn't have", m.Channel.Column, cut(value, 40)), "registered under the channel "+m.Channel.Default)
	return m.Channel.Default
}

func (m *Mapping) customer(values map[string]string, r *Registration) api.Customer {
	c := api.Customer{
		Name:     r.fit("the customer's name", m.Customer.Name.write(values), longestShort),
		Address:  r.fit("the customer's address", m.Customer.Address.write(values), longestShort),
		Language: api.Language(m.Customer.Language),
	}
	// Digits and addresses come in full width from Chinese keyboards: １３９, wang＠example.com.
	if phone := narrowDigits.String(m.Customer.Phone.write(values)); utf8.RuneCountInString(phone) <= longestPhone {
		c.Phone = phone
	} else {
		r.tell(fmt.Sprintf("the customer's telephone number has more than %d characters: %q", longestPhone, cut(phone, 40)), "left it out")
	}
	if email := width.Narrow.String(m.Customer.Email.write(values)); email == "" || (emailPattern.MatchString(email) && utf8.RuneCountInString(email) <= longestEmail) {
		c.Email = email
	} else {
		r.tell(fmt.Sprintf("the customer's e-mail address is %q", cut(email, 40)), "left it out")
	}
	return c
}

// narrowDigits leaves the marks between numbers as they are.
var narrowDigits = runes.If(runes.Predicate(func(r rune) bool { return unicode.IsDigit(r) || r == '＋' }), width.Narrow, nil)

// date reads when the row was received.
func (d *Received) date(value string, now time.Time, r *Registration) {
	at, is := d.format.read(value, d.location)
	switch {
	case value == "":
		r.tell(d.Column+" is empty", "registered without the date")
		return
	case !is:
		r.tell(fmt.Sprintf("%s is %q, not a date like %s", d.Column, cut(value, 40), d.Format), "registered without the date")
		return
	case at.After(now):
		r.tell(fmt.Sprintf("%s is %q, after today", d.Column, value), "registered without the date")
		return
	}
	if d.As == "heard_at" {
		r.Body.HeardAt = at.UTC()
	} else {
		r.Body.HappenedAt = at.UTC()
	}
}

// fit keeps a text within what the API takes.
func (r *Registration) fit(what, text string, longest int) string {
	short := cut(text, longest)
	if short != text {
		r.tell(fmt.Sprintf("%s has more than %d characters", what, longest), "cut it there")
	}
	return short
}

// cut is the text's beginning, of so many characters at most.
func cut(text string, longest int) string {
	if len(text) <= longest {
		return text
	}
	if characters := []rune(text); len(characters) > longest {
		return string(characters[:longest])
	}
	return text
}
