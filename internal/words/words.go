// Package words reads what people wrote with a step: the free text of a stored submission, which
// stays with it and never enters the workflow. Most steps ask for some words or a reason; each that
// asks for more has a type of its own. The JSON names are those of the steps' schemas in
// internal/api/openapi.yaml.
package words

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"recourse/internal/complaint"
)

// Written is what somebody wrote with one step. Whatever they left out is empty.
type Written interface {
	// Told is what is read by whoever is told of the step in somebody's own words: its reason, its
	// order, the reply.
	Told() string
}

// Of reads what was written with a step, from the body of its stored submission. Without a body, as
// after an erasure, nothing was.
func Of(step complaint.StepName, body json.RawMessage) (Written, error) {
	read, special := ofStep[step]
	if !special {
		read = written[Plain]
	}
	return read(body)
}

// Read is Of for one whose type is known: Read[Propose](body).
func Read[Step Written](body json.RawMessage) (Step, error) {
	var step Step
	if len(body) == 0 {
		return step, nil
	}
	if err := json.Unmarshal(body, &step); err != nil {
		return step, fmt.Errorf("read the words of a stored submission: %w", err)
	}
	return step, nil
}

// Texts are all that somebody wrote with one step, each text by itself.
func Texts(written Written) []string {
	var all []string
	var collect func(reflect.Value)
	collect = func(value reflect.Value) {
		switch value.Kind() { // words are texts, in structs and lists
		case reflect.String:
			if text := value.String(); text != "" {
				all = append(all, text)
			}
		case reflect.Slice:
			for i := range value.Len() {
				collect(value.Index(i))
			}
		case reflect.Struct:
			for i := range value.NumField() {
				if value.Type().Field(i).IsExported() {
					collect(value.Field(i))
				}
			}
		}
	}
	collect(reflect.ValueOf(written))
	return all
}

// Lacks is the place in the body (RFC 6901) of words that the step owes because of what else it
// says, which no schema can tell; empty where it owes none.
func Lacks(written Written, said complaint.Facts) string {
	if step, owes := written.(interface{ lacks(complaint.Facts) string }); owes {
		return step.lacks(said)
	}
	return ""
}

// Fields are the values of the form's own fields that a step filled, by their names; of a
// registration also those that it filled with what it carries of other steps.
// It reads as if those steps had been taken after it: where two fill the same field, the later
// value counts, in the order in which a registration takes them.
func Fields(body json.RawMessage) (map[string]any, error) {
	_, values, err := FieldsByPart(body)
	return values, err
}

// FieldsByPart are Fields, and beside them those of what a registration carries of other steps, by
// the place of each in the body (RFC 6901).
func FieldsByPart(body json.RawMessage) (carried map[string]map[string]any, all map[string]any, err error) {
	if len(body) == 0 {
		return nil, nil, nil
	}
	type filled struct {
		Fields map[string]any `json:"fields"`
	}
	var said struct {
		filled
		Screen        filled `json:"screen"`
		Assign        filled `json:"assign"`
		ResolveOnSpot filled `json:"resolve_on_spot"`
	}
	if err := json.Unmarshal(body, &said); err != nil {
		return nil, nil, fmt.Errorf("read the form's fields of a stored submission: %w", err)
	}
	all, carried = map[string]any{}, map[string]map[string]any{}
	for _, part := range []struct {
		place string
		filled
	}{{"", said.filled}, {"/screen", said.Screen}, {"/assign", said.Assign}, {"/resolve_on_spot", said.ResolveOnSpot}} {
		maps.Copy(all, part.Fields)
		if part.place != "" && len(part.Fields) > 0 {
			carried[part.place] = part.Fields
		}
	}
	return carried, all, nil
}

// ofStep reads the words of the steps that aren't Plain.
//
// Not all are told apart: all others are plain.
//
//exhaustive:ignore
var ofStep = map[complaint.StepName]func(json.RawMessage) (Written, error){
	complaint.Register:      written[Register],
	complaint.ResolveOnSpot: written[ResolveOnSpot],
	complaint.Screen:        written[Screen],
	complaint.Find:          written[Find],
	complaint.Propose:       written[Propose],
	complaint.Implement:     written[Implement],
	complaint.Assess:        written[Assess],
	complaint.Close:         written[Close],
	complaint.Instruct:      written[Instruct],
	complaint.CallOutDone:   written[CallOutDone],
	complaint.Correct:       written[Correct],
}

func written[Step Written](body json.RawMessage) (Written, error) { return Read[Step](body) }

// Plain are the words of every other step, also of those beside the main course: some words, or a
// reason. A customer who takes a step by their link writes words even where the step asks everybody
// else for a reason.
type Plain struct {
	Words  string `json:"words"`
	Reason string `json:"reason"`
	Threat Threat `json:"threat"`
}

// Told is the words, or the reason.
func (p Plain) Told() string { return cmp.Or(p.Words, p.Reason) }

// Register is what happened, as it was told to whoever registered it.
type Register struct {
	Narrative   string `json:"narrative"`
	RemedyAsked string `json:"remedy_asked"`
	Place       string `json:"place"`
	Involved    string `json:"involved"`
	RelayedBy   string `json:"relayed_by"`
	// Customer is whose complaint it is, as they were named then.
	Customer Customer `json:"customer"`
	Threat   Threat   `json:"threat"`
	// HappenedAt is the zero time where nobody said when.
	HappenedAt time.Time `json:"happened_at"`
	// What was done at once by the same step.
	Screen        Screen        `json:"screen"`
	Assign        Plain         `json:"assign"`
	ResolveOnSpot ResolveOnSpot `json:"resolve_on_spot"`
}

// Threat is what was heard of the drastic acts that a customer announced, beside the step's own
// words.
type Threat struct {
	// Places are the places and things that they may concern, as it is told to whoever is warned.
	Places string `json:"places"`
}

// PlacesAtRisk are those of a threat that was heard with a step; empty where nobody named any.
func PlacesAtRisk(step Written) string {
	switch heard := step.(type) {
	case Plain:
		return heard.Threat.Places
	case Register:
		return heard.Threat.Places
	}
	return ""
}

// Customer says how somebody is called and reached.
type Customer struct {
	Name    string `json:"name"`
	Phone   string `json:"phone"`
	Email   string `json:"email"`
	Address string `json:"address"`
}

// Told is what happened.
func (r Register) Told() string { return r.Narrative }

func (r Register) lacks(said complaint.Facts) string {
	if said.Screening != nil && r.Screen.lacks(said) != "" {
		return "/screen" + r.Screen.lacks(said)
	}
	return ""
}

// Screen says why something is invalid; of what is valid it need say nothing.
type Screen struct {
	Reason string `json:"reason"`
}

// Told is the reason.
func (s Screen) Told() string { return s.Reason }

func (s Screen) lacks(said complaint.Facts) string {
	if !said.Screening.Valid && s.Reason == "" {
		return "/reason"
	}
	return ""
}

// ResolveOnSpot says what was done at first contact.
type ResolveOnSpot struct {
	Done     string `json:"done"`
	Remedies []struct {
		Words string `json:"words"`
	} `json:"remedies"`
}

// RemedyWords are what was written to each remedy, in their order.
func (r ResolveOnSpot) RemedyWords() []string {
	words := make([]string, len(r.Remedies))
	for i, remedy := range r.Remedies {
		words[i] = remedy.Words
	}
	return words
}

// Told is what was done.
func (r ResolveOnSpot) Told() string { return r.Done }

// Find are the findings in words.
type Find struct {
	Cause    string `json:"cause"`
	Evidence string `json:"evidence"`
}

// Told is the cause.
func (f Find) Told() string { return f.Cause }

// Propose are the words of a proposed fix, which the customer reads.
type Propose struct {
	Remedies []struct {
		Words string `json:"words"`
	} `json:"remedies"`
	Reasons string `json:"reasons"`
	// Departure is for the people of the house: why the fix departs from earlier ones of the
	// category.
	Departure string `json:"departure"`
}

// Told is the reasons.
func (p Propose) Told() string { return p.Reasons }

// RemedyWords are what was written to each remedy, in their order.
func (p Propose) RemedyWords() []string {
	words := make([]string, len(p.Remedies))
	for i, remedy := range p.Remedies {
		words[i] = remedy.Words
	}
	return words
}

// Implement says what came of carrying the fix out.
type Implement struct {
	Result string `json:"result"`
	Reason string `json:"reason"` // why it is impossible
}

// Told is what came of it, or why it is impossible.
func (i Implement) Told() string { return cmp.Or(i.Reason, i.Result) }

// Assess are the words of an assessment, with the draft of a case study where the complaint is
// worth one.
type Assess struct {
	Words string `json:"words"`
	Draft struct {
		Title   string `json:"title"`
		Text    string `json:"text"`
		Lessons string `json:"lessons"`
	} `json:"draft"`
}

// Told is the words beside the draft.
func (a Assess) Told() string { return a.Words }

func (a Assess) lacks(said complaint.Facts) string {
	if said.Assessment.CaseValue && a.Draft.Title == "" {
		return "/draft" // there would be nothing to put into the case library
	}
	return ""
}

// Close are the last words to the customer.
type Close struct {
	Words      string     `json:"words"`
	FinalReply FinalReply `json:"final_reply"`
}

// FinalReply is the reply to a customer with whom no agreement was reached.
type FinalReply struct {
	Decision    string `json:"decision"`
	Reasons     string `json:"reasons"`
	AppealRoute string `json:"appeal_route"` // how to appeal, where the owner says so
}

// Told is the final reply with its reasons, and the words beside it.
func (c Close) Told() string {
	said := []string{c.FinalReply.Decision, c.FinalReply.Reasons, c.Words}
	return strings.Join(slices.DeleteFunc(said, func(s string) bool { return s == "" }), "\n")
}

func (c Close) lacks(said complaint.Facts) string {
	if c.FinalReply.Decision != "" {
		return ""
	}
	switch outcome := said.Closing.Outcome; {
	case outcome == complaint.Unresolved:
		return "/final_reply"
	case c.Words == "" && (outcome == complaint.Answered || outcome == complaint.Referred):
		return "/words"
	}
	return ""
}

// Instruct is a written order.
type Instruct struct {
	Order string `json:"order"`
}

// Told is the order.
func (i Instruct) Told() string { return i.Order }

// CallOutDone is the emergency team's report.
type CallOutDone struct {
	Report string `json:"report"`
}

// Told is the report.
func (c CallOutDone) Told() string { return c.Report }

// Correct says how the customer is called and reached from now on; what isn't named stays.
type Correct struct {
	Customer Customer `json:"customer"`
	Reason   string   `json:"reason"`
}

// Told is the reason; the details are nobody's to be told by it.
func (c Correct) Told() string { return c.Reason }
