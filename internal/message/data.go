package message

import (
	"reflect"
	"time"

	"recourse/internal/complaint"
)

// Data is what fills a text. Every member but Number may be empty; the text then leaves it out.
// Names, category and deadline are given in the language of the recipient. All of it may hold
// personal data: it is put together when a message is sent, and goes nowhere else.
type Data struct {
	Number       string // of the complaint
	Recipient    string // the name to greet by
	Organisation string // who writes

	Category string // its name
	Customer string // the customer's name

	// What somebody needs to act.
	Phone      string     // the customer's telephone number
	Place      string     // where it happened, or where the customer is
	HappenedAt *time.Time // nil where nobody said when
	Form       []Filled   // the form's fields that were filled
	Narrative  string     // what happened, in the words of whoever told it

	// What a customer needs to reach us.
	Contact string // the name of who has it in charge
	Hotline string // the telephone number to call
	Hours   string // when somebody answers there

	Handler string // the handler's name
	By      string // the name of who did what the message tells

	// What was found.
	Cause  string // the coded cause's name
	Liable string // the complaint.Liability
	Blamed string // the names of those liable

	Steps   []Awaited      // what waits for the recipient, soonest first
	Records string         // the name of the step that records a call to the customer
	Outcome string         // the complaint.Outcome: how it was closed; where the customer is to be told so by phone
	Kind    complaint.Kind // what the customer brought in

	Department       string             // its name
	Deadline         string             // its name
	Due              *time.Time         // by when; for a suspension, until when
	From             *time.Time         // not before; for a callback
	Now              time.Time          // when it is written, by which a due time is past; zero: none is
	Rung             string             // set when a rung of a clock tells it
	Zone             *time.Location     // of the recipient's organisation; UTC when nil
	Tier             int                // 1–3; 0 for none
	Reason           string             // the coded cause; each template says which code it is
	Alert            string             // the name of the procedure's alert
	Notice           string             // the name of the procedure's notice
	Says             string             // and what it says
	Severity         string             // the complaint.Severity, once it was judged
	Side             string             // the name of the process beside the main course
	Task             string             // the name of its step
	Campaign         string             // the name of the satisfaction campaign that asks
	Other            string             // the number of the complaint that this one was linked to
	ProposalRevision int                // from 1
	Callback         int                // from 1
	Remedies         []complaint.Remedy // of the proposal, or what settled it on the spot
	RemedyWords      []string           // what somebody wrote to each of them, in their order; shorter where nobody did
	OwnRemedies      map[string]string  // what the procedure calls its own remedies, by their IDs
	Decision         string             // the name of what was decided on the customer's demand
	PromisedBy       *time.Time         // the proposal's time limit
	Rests            string             // the complaint.SuspensionKind that a decision is asked on
	Until            *time.Time         // until when that rests
	VisitAt          *time.Time         // when the visit is planned that a decision is asked on
	Words            string             // what somebody wrote: a reason, an order, an explanation
	Link             string             // the signed link, or where to open the complaint
	AppealRoute      string             // how to appeal, as the procedure names it
	Watch            string             // who keeps watch over a threat: names and telephone numbers
	AtRisk           string             // whom the threat may concern: names
	PlacesAtRisk     string             // which places and things it may concern, as somebody wrote
	// Confidential leaves everything out that tells what the complaint is about
	// and who is in it: category, names, words, remedies. Set for complaints that
	// only named people may see.
	Confidential bool
	// Withheld says that words were left out of a letter to the customer, since it is confidential;
	// clean sets it.
	Withheld bool
}

// Awaited is a step that waits for somebody, by its name, and by when; nil where no time is set.
type Awaited struct {
	Step string
	Due  *time.Time
}

// Filled is a field of the procedure's form with what it was filled with.
type Filled struct{ Title, Value string }

// Limits of what one message takes over, in characters.
const (
	longestLine    = 300
	longestWords   = 20000 // as the API takes them: what is promised to be sent isn't cut
	longestLink    = 2000
	longestSubject = 200
	// longestNarrative is enough to know what it is about; the whole is read in the case.
	longestNarrative = 600
)

// clean returns the data as it may stand in a message: valid UTF-8 without
// control characters, and everything that is one line in the text on one line,
// so that no name or category can add a header or a line of its own.
func (d Data) clean(t *Template) Data {
	if d.Confidential || t.says.Discloses == disclosesNumber {
		d = Data{Withheld: t.says.CarriesWords && (d.Words != "" || len(d.Remedies) > 0), Number: d.Number, Recipient: d.Recipient, Organisation: d.Organisation,
			Deadline: d.Deadline, Due: d.Due, Zone: d.Zone, Tier: d.Tier, Reason: d.Reason, Notice: d.Notice, Says: d.Says,
			From: d.From, Now: d.Now, Rung: d.Rung,
			ProposalRevision: d.ProposalRevision, Callback: d.Callback, Link: d.Link, Steps: d.Steps, Records: d.Records, Watch: d.Watch, Hotline: d.Hotline, Hours: d.Hours}
	}
	if t.DisclosesNothing() {
		d = Data{Recipient: d.Recipient, Organisation: d.Organisation, Watch: d.Watch, PlacesAtRisk: d.PlacesAtRisk, Zone: d.Zone}
	}
	if !t.says.Facts {
		d.Phone, d.Place, d.HappenedAt, d.Form, d.Narrative = "", "", nil, nil, ""
	}
	link := oneLine(d.Link)
	if len(link) > longestLink {
		link = "" // a cut link leads nowhere
	}
	texts := reflect.ValueOf(&d).Elem()
	for i := range texts.NumField() {
		cleanTexts(texts.Field(i), lined[texts.Type().Field(i).Name])
	}
	d.Link = link
	if d.Zone == nil {
		d.Zone = time.UTC
	}
	return d
}

// lined are the members that may have lines of their own, and how long they may be. Every other
// text stands on one line.
var lined = map[string]int{"Words": longestWords, "AppealRoute": longestWords, "RemedyWords": longestWords, "Says": longestWords, "Narrative": longestNarrative}

// cleanTexts cleans all texts of a value, in lists of its own; longest is 0 where they stand on one
// line.
func cleanTexts(v reflect.Value, longest int) {
	switch v.Kind() {
	case reflect.String:
		if longest > 0 {
			v.SetString(shorten(lines(v.String()), longest))
		} else {
			v.SetString(shorten(oneLine(v.String()), longestLine))
		}
	case reflect.Slice:
		own := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		reflect.Copy(own, v)
		for i := range own.Len() {
			cleanTexts(own.Index(i), longest)
		}
		if !v.IsNil() {
			v.Set(own)
		}
	case reflect.Struct:
		for _, field := range v.Fields() {
			cleanTexts(field, longest)
		}
	}
}
