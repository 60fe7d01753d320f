// Package procedure reads the written procedures by which complaints are
// handled, checks them, and answers what they say: where a complaint goes, who
// must act by when, who must approve, when the customer is called back.
//
// A procedure is one YAML file, written by the people who own the process. It
// names departments and roles; who they are is the directory's. [Parse] finds
// what is wrong with the file itself, [Procedure.Check] what is wrong with it
// beside its calendars and its directory.
package procedure

import (
	"recourse/internal/bilingual"
	"recourse/internal/calendar"
	"recourse/internal/complaint"
	"recourse/internal/yamlfile"
)

// Text is a wording in both languages.
type Text = bilingual.Text

// Procedure is one written procedure. It comes from [Parse] and never changes
// afterwards, but for Version; so it is safe to read from many goroutines.
type Procedure struct {
	// ID is the procedure's name in paths and in the directory ("courier-station").
	ID     string   `yaml:"procedure,required"`
	Name   Text     `yaml:"name,required"`
	Source []string `yaml:"source"` // where the procedure is from

	// Version counts the published versions; whoever loads the procedure sets it.
	Version int
	// Hash is the SHA-256 of the file, in hexadecimal digits.
	Hash string

	Calendar      string        `yaml:"calendar,required"` // the calendar's ID
	Currency      string        `yaml:"currency,required"` // of all amounts, ISO 4217
	NumberPattern NumberPattern `yaml:"number,required"`
	Languages     []string      `yaml:"languages,required"`
	Hotline       *Hotline      `yaml:"hotline"` // nil: customers are told no number to call

	Form       Form       `yaml:"form,required"`
	Channels   []Channel  `yaml:"channels,required"`
	Categories []Category `yaml:"categories,required"` // the tree; Category finds one by its code
	Causes     []Cause    `yaml:"causes"`              // the coded causes that findings may name

	// Roles says which duty of the organisation fills each role of the domain;
	// "{department}" in a duty stands for the complaint's department.
	Roles map[complaint.Role]complaint.Role `yaml:"roles,required"`
	Tiers []Tier                            `yaml:"tiers,required"` // lowest first, without gaps
	Owner Owner                             `yaml:"owner,required"`
	// Handler says who names the handler in some cases; in all others the routes do.
	Handler []HandlerNaming `yaml:"handler"`
	// Neutral are third parties, who never handle, decide or call back.
	Neutral []complaint.Role `yaml:"neutral"`
	May     []MayRule        `yaml:"may"`

	Passing  []Pass        `yaml:"passes"` // what of the main course it hasn't
	Requires []Requirement `yaml:"requires"`

	Routes  []RouteRule  `yaml:"routes"`
	Alerts  []Alert      `yaml:"alerts"`
	Notices []Notice     `yaml:"notices"`
	Threats *Threats     `yaml:"threats"`
	Rules   []RemedyRule `yaml:"remedies"`

	RemedyKinds []OwnRemedy `yaml:"remedy_kinds"` // remedies with names of their own
	Decisions   []Decision  `yaml:"decisions"`    // on what the customer demanded; none: nobody says

	// AskAgain is how long after the last rung of a ladder those it called are asked again, and
	// again, until somebody acts; each working day unless written.
	AskAgain  calendar.Duration `yaml:"ask_again"`
	Ladders   []NamedLadder     `yaml:"ladders"` // those that several deadlines share; already put where they are named
	Deadlines []Deadline        `yaml:"deadlines,required"`

	Authority      []Authority    `yaml:"authority,required"`
	CustomerAnswer CustomerAnswer `yaml:"customer_answer,required"`
	// AnswerAtOnce are the kinds that may be closed as answered right where they
	// were received, without a department.
	AnswerAtOnce []complaint.Kind `yaml:"answer_at_once"`
	Verify       Verify           `yaml:"verify"`
	FollowUps    []FollowUp       `yaml:"follow_up,required"` // the first that fits is the plan
	Reopen       *Reopen          `yaml:"reopen"`             // nil: not reopened
	Appeal       *Appeal          `yaml:"appeal"`             // nil: no appeal
	CallOut      *CallOut         `yaml:"call_out"`           // nil: no emergencies here
	Sides        []Side           `yaml:"sides"`              // processes beside the main course

	Assessment  *Assessment     `yaml:"assessment"` // nil: nobody asks for the value of a case
	Supervision []Supervision   `yaml:"supervision"`
	SpotChecks  *SpotChecks     `yaml:"spot_checks"`
	Campaigns   []Campaign      `yaml:"campaigns"`
	Reports     []Report        `yaml:"reports"`
	Stages      []StageGuidance `yaml:"stages"` // of those that have any
	Keep        Keep            `yaml:"keep"`

	doc        *yamlfile.Document
	asking     []string // the clocks of which it is being asked where they run
	byCode     map[string]Category
	codes      []string
	roleUses   []roleUse
	validator  *fieldValidator
	known      map[string]fact // the facts of its conditions
	asked      []string        // those of them that one asks for, sorted
	completion []string
	bySource   map[string][]string
}

// Hotline is whom customers call, as every letter to them says.
type Hotline struct {
	Phone string `yaml:"phone,required"`
	Hours Text   `yaml:"hours"` // when somebody answers; empty where nothing is said of it
}

// Form is the procedure's own form and its fields.
type Form struct {
	Name Text `yaml:"name,required"`
	// Fields are in the order in which they are shown.
	Fields []Field `yaml:"fields"`
	// CompleteBeforeClosing names what must be filled before the file closes,
	// as written; [Procedure.CompleteBeforeClosing] writes out "every-field".
	CompleteBeforeClosing []string `yaml:"complete_before_closing,required"`
	Source                []string `yaml:"source"`
}

// Field is one field of the form. What it takes is a JSON Schema, but that
// choices with a name in both languages are written as options.
type Field struct {
	ID      string         `yaml:",key"`
	Title   Text           `yaml:"title,required"`
	Options []Option       `yaml:"options"`
	Source  []string       `yaml:"source"`
	Schema  map[string]any `yaml:",rest"`
}

// Option is one choice of a field.
type Option struct {
	ID   string `yaml:",key"`
	Name Text   `yaml:",value"`
}

// Channel is a way by which complaints come in.
type Channel struct {
	ID   string `yaml:",key"`
	Name Text   `yaml:",value"`
}

// Category is what a complaint is about. Its code holds those of the categories
// around it: "operations.mistake".
type Category struct {
	ID   string `yaml:",key"` // the last part of the code
	Code string
	Name Text `yaml:"name,required"`
	// Department handles it; taken from the category around it unless written.
	Department Department `yaml:"department"`
	// With are departments that take part.
	With []Department `yaml:"with"`
	// UsualOutcome is how such a complaint mostly ends, unless written as in the category
	// around it; empty where it is open.
	UsualOutcome complaint.Outcome `yaml:"usual_outcome"`
	Kinds        []Category        `yaml:"kinds"`
	Source       []string          `yaml:"source"`
}

// Department is one of the directory's, by its ID.
type Department string

// Cause is a coded cause that findings may name.
type Cause struct {
	ID     string   `yaml:",key"`
	Name   Text     `yaml:"name,required"`
	Source []string `yaml:"source"`
}

// Tier is a level that rounds and ladders climb to, from 1.
type Tier struct {
	Number int            `yaml:",key"`
	Role   complaint.Role `yaml:",value"`
}

// Owner says how the owner of a complaint is named.
type Owner struct {
	// NamedBy is the role whose task the naming is; "rule" when the rule names
	// the holder of Role at registration.
	NamedBy complaint.Role `yaml:"named_by,required"`
	// Role is the duty of which the owner is the holder. Where a person names the
	// owner it is the one proposed.
	Role complaint.Role `yaml:"role,required"`
	// Among is the department of which a named owner must be; empty for any.
	Among  Department `yaml:"among"`
	Source []string   `yaml:"source"`
}

// ByRule is the word of [Owner].NamedBy that lets the rule name the owner.
const ByRule complaint.Role = "rule"

// IsByRule reports whether the rule names the owner at registration.
func (o Owner) IsByRule() bool { return o.NamedBy == ByRule }

// RouteRule is one line of the routes; [Procedure.Route] answers from the first
// that fits.
type RouteRule struct {
	When        Condition        `yaml:"when"` // empty: always
	To          complaint.Role   `yaml:"to"`
	Department  Department       `yaml:"department"`
	With        []Department     `yaml:"with"`
	SeenBy      []complaint.Role `yaml:"seen_by"`
	InformFirst []complaint.Role `yaml:"inform_first"`
	Copy        []complaint.Role `yaml:"copy"`
	Source      []string         `yaml:"source"`
}

// Alert tells people as soon as its condition holds for the first time; without
// one, as soon as the complaint is registered.
type Alert struct {
	ID     string           `yaml:",key"`
	Name   Text             `yaml:"name,required"`
	When   Condition        `yaml:"when"`
	Tell   []complaint.Role `yaml:"tell,required"`
	Source []string         `yaml:"source"`
}

// Threats says who keeps watch when a customer announces drastic acts, and who
// must be warned. [Procedure.OnThreat] answers where a procedure says nothing.
type Threats struct {
	Watch  []complaint.Role `yaml:"watch,required"`
	Warn   []complaint.Role `yaml:"warn"`
	Source []string         `yaml:"source"`
}

// RemedyRule says what a proposal must hold in some cases.
type RemedyRule struct {
	When    Condition    `yaml:"when,required"`
	Include []RemedyWord `yaml:"include,required"`
	Source  []string     `yaml:"source"`
}

// RemedyKind is one of complaint.RemedyKinds.
type RemedyKind string

// Authority is who must approve one matter.
type Authority struct {
	Matter complaint.Matter `yaml:",key"`
	Rules  []ApprovalRule   `yaml:",value"` // the first that fits; the last fits always
}

// ApprovalRule is one line of an authority.
type ApprovalRule struct {
	When    Condition        `yaml:"when"`
	Approve []complaint.Role `yaml:"approve,required"` // lowest first; empty: nobody need approve
	Source  []string         `yaml:"source"`
}

// CustomerAnswer says what happens while a proposal waits for the customer.
type CustomerAnswer struct {
	// Within is how long the customer has, and how long each reminder waits again.
	Within calendar.Duration `yaml:"within,required"`
	// IfSilent is done one after the other, each when another Within has passed.
	IfSilent []Silence `yaml:"if_silent,required"`
	Declined Declined  `yaml:"declined"`
	Source   []string  `yaml:"source"`
}

// Declined says what a customer's no leads to.
type Declined struct {
	// ClimbAfter is the number of declined proposals that brings the next tier in; 0 never.
	ClimbAfter int      `yaml:"climb_after"`
	Source     []string `yaml:"source"`
}

// Verify is the owner's check with the customer.
type Verify struct {
	// BackTo is where a customer who isn't satisfied leads, unless the step
	// names it: implementing or proposing.
	BackTo complaint.Stage `yaml:"back_to"`
	Source []string        `yaml:"source"`
}

// FollowUp is a plan of callbacks.
type FollowUp struct {
	When Condition `yaml:"when"`
	// By is who calls; never the handler or an approver of the case.
	By           complaint.Role `yaml:"by"`
	Callbacks    []Callback     `yaml:"callbacks,required"` // none: nobody calls back
	Attempts     Attempts       `yaml:"attempts"`
	Dissatisfied Dissatisfied   `yaml:"dissatisfied"`
	Source       []string       `yaml:"source"`
}

// Callback is one planned call. Both durations count from the last of From to come since the
// complaint was last followed up, or from entering following_up where none did.
type Callback struct {
	From      []Moment          `yaml:"from"`       // none: from entering following_up
	NotBefore calendar.Duration `yaml:"not_before"` // zero: at once
	Within    calendar.Duration `yaml:"within,required"`
	TellIn    TellIn            `yaml:"tell_in"`
	Ladder    Ladder            `yaml:"ladder,required"`
}

// Attempts says how often a customer who isn't reached is called.
type Attempts struct {
	Count int               `yaml:"count,required"`
	Every calendar.Duration `yaml:"every"`
}

// Dissatisfied says what a dissatisfied callback leads to.
type Dissatisfied struct {
	Reopen complaint.Stage `yaml:"reopen,required"`
	// ClimbAfter is the number of dissatisfied callbacks that brings the next tier in; 0 never.
	ClimbAfter int `yaml:"climb_after"`
}

// Reopen is the window in which a closed complaint is opened again.
type Reopen struct {
	Within calendar.Duration `yaml:"within,required"` // from closing
	To     complaint.Stage   `yaml:"to,required"`
	Source []string          `yaml:"source"`
}

// Appeal is the window in which the customer may appeal against the outcome.
type Appeal struct {
	Within calendar.Duration `yaml:"within,required"` // from closing
	To     complaint.Stage   `yaml:"to,required"`
	// FinalReplyNames is the appeal route as the final reply tells it; Tell are those whom it
	// names, who are told of each appeal in whose case they had no part.
	FinalReplyNames Text             `yaml:"final_reply_names,required"`
	Tell            []complaint.Role `yaml:"tell"`
	Source          []string         `yaml:"source"`
}

// CallOut is what an emergency sets going at once, beside the main course.
type CallOut struct {
	When Condition `yaml:"when"` // empty: severity emergency
	// By calls the team out; Team contains the emergency.
	By     complaint.Role    `yaml:"by,required"`
	Team   []complaint.Role  `yaml:"team,required"`
	Within calendar.Duration `yaml:"within,required"` // from screening to call-out-done
	TellIn TellIn            `yaml:"tell_in"`
	Ladder Ladder            `yaml:"ladder,required"`
	Source []string          `yaml:"source"`
}

// Side is a process beside the main course, with clocks of its own: it never
// holds up the customer's fix. "accountability" is one.
type Side struct {
	ID   string    `yaml:",key"`
	Name Text      `yaml:"name,required"`
	When Condition `yaml:"when"`
	// From is the moment that starts it, when When holds.
	From   []Moment   `yaml:"from,required"`
	Steps  []SideStep `yaml:"steps,required"` // in order
	Source []string   `yaml:"source"`
}

// SideStep is one step of a side process.
type SideStep struct {
	ID     string            `yaml:",key"`
	Name   Text              `yaml:"name,required"`
	By     complaint.Role    `yaml:"by,required"`
	When   Condition         `yaml:"when"`            // empty: always; judged when the process starts
	OnlyIf OnlyIf            `yaml:"only_if"`         // empty: whatever the step before said
	Within calendar.Duration `yaml:"within,required"` // from the step before
	TellIn TellIn            `yaml:"tell_in"`
	Ladder Ladder            `yaml:"ladder,required"`
	Source []string          `yaml:"source"`
}

// OnlyIf is the word for the no of the step before, without which a step isn't
// needed.
type OnlyIf string

// The words for it.
const (
	Disputed OnlyIf = "disputed" // a judgement wasn't agreed to
	Unsolved OnlyIf = "unsolved" // what was looked into couldn't be solved
)

// Assessment asks whether a closed complaint is worth a case study.
type Assessment struct {
	Needed   bool             `yaml:"needed,required"`    // before closing
	ReportTo []complaint.Role `yaml:"report_to,required"` // who keeps the case library
	Source   []string         `yaml:"source"`
}

// Supervision names who watches over the handling, and how: shown on the complaint.
// Whoever watches certain complaints in particular (When) is told how they end.
type Supervision struct {
	By     complaint.Role `yaml:"by,required"`
	What   Text           `yaml:"what,required"`
	When   Condition      `yaml:"when"`
	Source []string       `yaml:"source"`
}

// SpotChecks are random samples; [Procedure.SamplesBy] answers who draws one, and records what it
// found.
type SpotChecks struct {
	By     complaint.Role `yaml:"by,required"`
	Every  Period         `yaml:"every,required"`
	Source []string       `yaml:"source"`
}

// Campaign asks a sample of customers how satisfied they are, apart from any complaint.
type Campaign struct {
	ID     string   `yaml:",key"`
	Name   Text     `yaml:"name,required"`
	Every  Period   `yaml:"every,required"`
	Source []string `yaml:"source"`
}

// Report is a periodic report.
type Report struct {
	Kind   string           `yaml:",key"`
	Name   Text             `yaml:"name,required"`
	Every  Period           `yaml:"every,required"`
	On     string           `yaml:"on,required"` // "day 2 06:00", "Tuesday 06:00"
	Covers string           `yaml:"covers"`      // "previous month"
	To     []complaint.Role `yaml:"to,required"`
	Source []string         `yaml:"source"`
}

// Period is how often something comes round.
type Period string

// The periods. Days are the installation's own: no procedure names them.
const (
	EveryDay      Period = "day"
	EveryWeek     Period = "week"
	EveryMonth    Period = "month"
	EveryQuarter  Period = "quarter"
	EveryHalfYear Period = "half-year"
	EveryYear     Period = "year"
)

// StageGuidance is what helps people at a stage.
type StageGuidance struct {
	Stage  GuidedStage `yaml:",key"`
	Say    Text        `yaml:"say,required"`
	Avoid  Text        `yaml:"avoid,required"`
	Source []string    `yaml:"source"`
}

// GuidedStage is a stage, or EveryStage.
type GuidedStage string

// EveryStage are those without guidance of their own.
const EveryStage GuidedStage = "every-stage"

// Keep says how long things are kept, both from closing.
type Keep struct {
	Record       calendar.Duration `yaml:"record,required"`
	PersonalData calendar.Duration `yaml:"personal_data,required"`
	Source       []string          `yaml:"source"`
}
