package message

import (
	"bytes"
	"embed"
	"fmt"

	"github.com/goccy/go-yaml"

	"recourse/internal/bilingual"
)

//go:embed texts/*.yaml
var files embed.FS

// letter is the text of one template.
type letter struct {
	Subject bilingual.Text `yaml:"subject"`
	Body    bilingual.Text `yaml:"body"`
}

// frame is what stands around every text to one kind of recipient.
type frame struct {
	// Subject ends every subject.
	Subject  bilingual.Text `yaml:"subject"`
	Greeting bilingual.Text `yaml:"greeting"`
	Ending   bilingual.Text `yaml:"ending"`
}

var (
	toPerson   = mustRead[map[Template]letter]("person")
	toCustomer = mustRead[map[Template]letter]("customer")
	layout     = mustRead[struct {
		Person   frame `yaml:"person"`
		Customer frame `yaml:"customer"`
	}]("layout")
	labels = mustRead[map[string]map[string]bilingual.Text]("labels")
)

// mustRead reads an embedded file; the package's tests read them all, so it
// panics in no released program.
func mustRead[T any](name string) T {
	content, err := files.ReadFile("texts/" + name + ".yaml")
	if err != nil {
		panic(fmt.Errorf("read the texts of messages: %w", err))
	}
	var into T
	if err := yaml.NewDecoder(bytes.NewReader(content), yaml.Strict()).Decode(&into); err != nil {
		panic(fmt.Errorf("read the texts of messages, texts/%s.yaml: %w", name, err))
	}
	return into
}

// Label is the word for a code inside a text, in a language. The groups are
// those of texts/labels.yaml ("step", "matter", "outcome" …). A code without a
// word is returned as it is.
func Label(group, code, language string) string {
	if text, ok := labels[group][code]; ok {
		return text.In(language)
	}
	return code
}
