package complaint

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Facts are the coded facts that a step carries: exactly one member for its step,
// but that registering may carry what Screen, Assign or ResolveOnSpot carry, and
// that any step by which people hear from the customer may carry a Threat. The
// members are called as the steps are, and what is in them as in the bodies of the
// API, in the record and in histories alike. Free text (narratives, reasons,
// words) is not here: it stays with the submission.
type Facts struct {
	Registration *Registration  `json:"register,omitempty"`
	OnSpot       *OnSpot        `json:"resolve_on_spot,omitempty"`
	Screening    *Screening     `json:"screen,omitempty"`
	Explanation  *Explanation   `json:"explain,omitempty"`
	Assignment   *Assignment    `json:"assign,omitempty"` // also of Reassign
	Contact      *ContactMade   `json:"contact,omitempty"`
	Support      *Support       `json:"support,omitempty"` // of RequestSupport and GiveSupport
	Findings     *Findings      `json:"find,omitempty"`
	Proposal     *Proposal      `json:"propose,omitempty"`
	Decision     *Decision      `json:"decision,omitempty"` // of Approve and Refuse
	Answer       *CustomerReply `json:"answer,omitempty"`   // also of Inform
	Visit        *VisitFacts    `json:"visit,omitempty"`
	Work         *Work          `json:"implement,omitempty"`
	Check        *Verification  `json:"verify,omitempty"`
	Callback     *Callback      `json:"call_back,omitempty"`
	Assessment   *Assessment    `json:"assess,omitempty"`
	Closing      *ClosingFacts  `json:"close,omitempty"`
	Suspension   *Suspension    `json:"suspend,omitempty"`
	Extension    *Extension     `json:"extend,omitempty"`
	Acknowledged *Acknowledged  `json:"acknowledge,omitempty"`
	Order        *Order         `json:"instruct,omitempty"`
	CarriedOut   *OrderAnswered `json:"carried_out,omitempty"`
	Linked       *Linked        `json:"link,omitempty"`
	Leading      *Leading       `json:"leading,omitempty"` // of Link
	Correction   *Correction    `json:"correct,omitempty"`
	Reopening    *Reopening     `json:"reopen,omitempty"`
	Undelivered  *LetterFailed  `json:"undelivered,omitempty"`
	Rebase       *RebaseFacts   `json:"rebase,omitempty"`
	Report       *SideReport    `json:"report,omitempty"`
	Side         *SideFacts     `json:"side,omitempty"` // of a step beside the main course
	Absent       *Absent        `json:"substitute,omitempty"`
	Threat       *ThreatHeard   `json:"threat,omitempty"`
	// Fields names the form's fields that this step filled, sorted; the values stay
	// with the submission.
	Fields []string `json:"filled,omitempty"`
	// Choices are what this step chose in the fields that have options: codes of the procedure's.
	Choices map[string]string `json:"chosen,omitempty"`
	// Dates are what this step filled in the fields to whose dates a clock of the procedure runs.
	Dates []FilledDate `json:"dates,omitempty"`
}

// body is a step's body as the API takes it, by its members.
type body map[string]json.RawMessage

// ReadFacts reads the coded facts out of a step's body: its members are called as
// the facts are, so what isn't one (words, the form's values) is left alone. Times
// are UTC afterwards. The body was checked against its schema before; the error
// says what of it can't be a fact, or is an Unsaid.
func ReadFacts(name StepName, raw []byte) (Facts, error) {
	var f Facts
	if len(bytes.TrimSpace(raw)) == 0 {
		raw = []byte("{}")
	}
	err := f.readPart(name, raw)
	if err == nil {
		err = f.readCommon(raw)
	}
	if err != nil {
		return Facts{}, fmt.Errorf("read the facts of %s: %w", name, err)
	}
	return f, nil
}

// ReadSideFacts is ReadFacts for a step beside the main course.
func ReadSideFacts(raw []byte) (Facts, error) {
	f := Facts{Side: &SideFacts{}}
	if err := json.Unmarshal(raw, f.Side); err != nil {
		return Facts{}, fmt.Errorf("read the facts of a step beside the main course: %w", err)
	}
	utc(f.Side.Due)
	return f, nil
}

// Unsaid is a fact that a body has to name because of what else it says: the
// member that is missing.
type Unsaid string

// Error names the member.
func (u Unsaid) Error() string { return fmt.Sprintf("%q is missing", string(u)) }

// readPart reads what one step carries; nothing where there is no body.
func (f *Facts) readPart(name StepName, raw json.RawMessage) error {
	if raw == nil || string(raw) == "null" {
		return nil
	}
	r, known := rowOf(name)
	if !known {
		return fmt.Errorf("%q is no step", name)
	}
	said := body{}
	if err := json.Unmarshal(raw, &said); err != nil {
		return err
	}
	if r.carries != nil {
		member := r.carries(f)
		if err := json.Unmarshal(raw, member); err != nil {
			return err
		}
		if timed, has := member.(interface{ inUTC() }); has {
			timed.inUTC()
		}
	}
	if r.settles != nil {
		if err := r.settles(f, said); err != nil {
			return err
		}
	}
	if r.fills != nil {
		if err := f.readWord(r.fills(*f), said); err != nil {
			return err
		}
	}
	for _, other := range r.also {
		part := said[partName(other)]
		if err := f.readPart(other, part); err != nil {
			return err
		}
		if err := f.readFields(part); err != nil {
			return err
		}
	}
	return nil
}

// readFields notes which of the form's fields a body fills.
func (f *Facts) readFields(raw json.RawMessage) error {
	if raw == nil {
		return nil
	}
	var said struct {
		Fields map[string]any `json:"fields"`
	}
	if err := json.Unmarshal(raw, &said); err != nil {
		return err
	}
	for name, value := range said.Fields {
		if value != nil {
			f.fill(name, value)
		}
	}
	return nil
}

// readWord notes that a word of the body fills the form's field of its name.
func (f *Facts) readWord(name string, said body) error {
	raw := said[name]
	if raw == nil {
		return nil
	}
	var word string
	if err := json.Unmarshal(raw, &word); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	f.fill(name, word)
	return nil
}

// readCommon reads what every step may carry: the form's fields that it fills, and a threat that
// was heard.
func (f *Facts) readCommon(raw json.RawMessage) error {
	var common struct {
		Threat *ThreatHeard `json:"threat"`
	}
	if err := json.Unmarshal(raw, &common); err != nil {
		return err
	}
	f.Threat = common.Threat
	return f.readFields(raw)
}

// fill notes that a field of the form was filled; an empty text fills nothing.
func (f *Facts) fill(name string, value any) {
	if value == "" || slices.Contains(f.Fields, name) {
		return
	}
	f.Fields = append(f.Fields, name)
	slices.Sort(f.Fields)
}

// partName is how a registration calls what it carries of another step.
func partName(name StepName) string { return strings.ReplaceAll(string(name), "-", "_") }

func utc(at *time.Time) {
	if at != nil {
		*at = at.UTC()
	}
}

func (r *Registration) inUTC() { utc(r.HeardAt) }
func (p *Proposal) inUTC()     { utc(p.TimeLimit) }
func (v *VisitFacts) inUTC()   { utc(v.At) }
func (s *Suspension) inUTC()   { utc(&s.Until) }
func (e *Extension) inUTC()    { utc(&e.Due) }
func (o *Order) inUTC()        { utc(&o.Due) }

// lack is a name that is missing where its condition holds.
type lack struct {
	is   bool
	name string
}

func missing(lacks ...lack) []string {
	var names []string
	for _, one := range lacks {
		if one.is {
			names = append(names, one.name)
		}
	}
	return names
}
