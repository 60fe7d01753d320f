// Package message turns coded messages into words: a subject and a plain text in the recipient's
// language, made at the moment of sending, so that no word has to travel with the process. Each
// message is one entry of texts/person.yaml or texts/customer.yaml, with both languages beside each
// other and all else that is known of it. To add one, write its entry, name it with "go test
// ./internal/message -update", and send it in internal/plan/messages.go.
package message

import (
	"embed"
	"errors"
	"fmt"
	"slices"

	"recourse/internal/bilingual"
	"recourse/internal/complaint"
	"recourse/internal/link"
	"recourse/internal/yamlfile"
)

// Template is one kind of message; the variables of names.gen.go are all there are. Two are the
// same when their pointers are.
type Template struct {
	name       string
	toCustomer bool
	says       entry
}

// entry is what the texts say of a template.
type entry struct {
	To           string               `yaml:"to"`
	Reason       string               `yaml:"reason"`
	Tells        []complaint.StepName `yaml:"tells"`
	Asks         steps                `yaml:"asks"`
	Facts        bool                 `yaml:"facts"`
	Discloses    string               `yaml:"discloses"`
	CarriesWords bool                 `yaml:"carries_words"`
	Link         link.Purpose         `yaml:"link"`
	ByPhone      bilingual.Text       `yaml:"by_phone"`
	ToldBy       complaint.StepName   `yaml:"told_by"`
	Subject      bilingual.Text       `yaml:"subject"`
	Body         bilingual.Text       `yaml:"body"`
}

// What a template discloses, where that isn't the complaint.
const (
	disclosesNumber  = "number"
	disclosesNothing = "nothing"
)

// ErrUnknownTemplate is returned by Named for a name that no template has.
var ErrUnknownTemplate = errors.New("no such message template")

// Named is the template of a recorded message.
func Named(name string) (*Template, error) {
	if template, known := named[name]; known {
		return template, nil
	}
	return nil, fmt.Errorf("%w: %q; the names are those of internal/message/texts", ErrUnknownTemplate, name)
}

// Name is the Template of a complaint.Message. Names are kept in records: never rename one.
func (t *Template) Name() string { return t.name }

// ToCustomer reports whether the template speaks to the customer, rather than to people of the
// house.
func (t *Template) ToCustomer() bool { return t.toCustomer }

// Coded is a message as it is queued: to somebody, filled with codes, and with the link that it
// carries.
func (t *Template) Coded(to complaint.PersonID, filled complaint.Message) complaint.Message {
	filled.To, filled.Template, filled.Link = to, t.name, string(t.says.Link)
	return filled
}

// Link is the purpose of the link that a message carries; empty for none.
func (t *Template) Link() link.Purpose { return t.says.Link }

// CarriesWords reports whether the customer reads what somebody in the house wrote with the step
// that is told of. All other words stay in the house.
func (t *Template) CarriesWords() bool { return t.says.CarriesWords }

// ToldBy is the step that records that the customer was told the same by phone; empty where a
// contact does.
func (t *Template) ToldBy() complaint.StepName { return t.says.ToldBy }

// DisclosesNothing reports whether its reader may not even know of the complaint.
func (t *Template) DisclosesNothing() bool { return t.says.Discloses == disclosesNothing }

// Tells reports whether a message that is queued by a step tells of it, unless it names another.
func (t *Template) Tells(step complaint.StepName) bool { return slices.Contains(t.says.Tells, step) }

// Asks are the steps that a message with this Reason waits for; none where it asks for no step in
// particular.
func (t *Template) Asks(reason string) []complaint.StepName { return t.says.Asks.of(reason) }

// The Reasons of a Task where the name of the step (complaint.Assign) doesn't say what is missing.
const (
	NameOwner           = "name_owner"
	NameOwnerAndHandler = "name_owner_and_handler"
)

// Uninvolved is the Reason of an Appealed to those who had no part in the case and don't own it.
const Uninvolved = "uninvolved"

// Team is the Reason of a CallOut to those who go out; who calls them out has none.
const Team = "team"

// InPlaceOfEarlier is the Reason of a CustomerProposal when the customer was shown another before.
// One that was refused in the house they know nothing of.
const InPlaceOfEarlier = "in_place_of_earlier"

// Contested is the Reason of a Reopened that came of an explanation which the customer contests:
// somebody else judges it anew.
const Contested = "contested"

// MergedWithAnothers is the Reason of a CustomerOutcome whose complaint was merged into one that
// came from somebody else.
const MergedWithAnothers = "merged_with_anothers"

// steps are those for which a template asks: one, a list, or one for each reason.
type steps struct {
	Always   []complaint.StepName `yaml:",items"`
	ByReason map[string]any       `yaml:",rest"` // each the name of a step
}

const (
	otherwise = "otherwise" // for the reasons that aren't listed
	itsReason = "reason"    // the step that the reason names
)

// UnmarshalText reads the one step.
func (s *steps) UnmarshalText(text []byte) error {
	s.Always = []complaint.StepName{complaint.StepName(text)}
	return nil
}

func (s steps) of(reason string) []complaint.StepName {
	if step, listed := s.ByReason[reason].(string); listed {
		return []complaint.StepName{complaint.StepName(step)}
	}
	if s.ByReason[otherwise] == itsReason && reason != "" {
		return []complaint.StepName{complaint.StepName(reason)}
	}
	return s.Always
}

// frame is what stands around every text to one kind of recipient.
type frame struct {
	// Subject ends every subject.
	Subject  bilingual.Text `yaml:"subject"`
	Greeting bilingual.Text `yaml:"greeting"`
	// Link follows a text that has none of its own.
	Link bilingual.Text `yaml:"link"`
	// Facts are what the complaint is, below the text; Ending is what nobody needs to read.
	Facts  bilingual.Text `yaml:"facts"`
	Ending bilingual.Text `yaml:"ending"`
}

//go:embed texts/*.yaml
var files embed.FS

var (
	templates, named = mustReadTemplates()

	layout = mustRead[struct {
		Person   frame `yaml:"person"`
		Customer frame `yaml:"customer"`
		Buttons  []struct {
			Purpose string         `yaml:",key"`
			Says    bilingual.Text `yaml:",value"`
		} `yaml:"buttons"`
	}]("layout")
)

// mustReadTemplates returns the templates in the order of their texts, and by their names.
func mustReadTemplates() (all []*Template, byName map[string]*Template) {
	byName = map[string]*Template{}
	for _, file := range []string{"person", "customer"} {
		for _, written := range mustRead[[]struct {
			Name string `yaml:",key"`
			Says entry  `yaml:",value"`
		}](file) {
			template := &Template{name: written.Name, toCustomer: file == "customer", says: written.Says}
			all, byName[written.Name] = append(all, template), template
		}
	}
	return all, byName
}

// mustRead reads an embedded file; the package's tests read them all, so it panics in no released
// program.
func mustRead[T any](name string) T {
	content, err := files.ReadFile("texts/" + name + ".yaml")
	if err != nil {
		panic(fmt.Errorf("read the texts of messages: %w", err))
	}
	var into T
	if err := yamlfile.Decode("texts/"+name+".yaml", content, yamlfile.NewTerms(), &into).Err(); err != nil {
		panic(fmt.Errorf("read the texts of messages: %w", err))
	}
	return into
}
