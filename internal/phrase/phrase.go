// Package phrase says coded words in the reader's language: labels for stages, steps and outcomes,
// the same words as they stand in a letter, sentences for refusals, problems and what happened.
// They stand in words.yaml, both languages beside each other.
package phrase

import (
	"cmp"
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"

	"recourse/internal/bilingual"
	"recourse/internal/yamlfile"
)

//go:embed words.yaml
var file []byte

var words = mustRead()

// word is a coded word as a label or a sentence of its own, and as it stands inside another
// sentence.
type word struct {
	bilingual.Text `yaml:",inline"`
	// InLetter is left out, in one language or both, where the label can stand there.
	InLetter struct {
		English string `yaml:"en"`
		Chinese string `yaml:"zh-CN"`
	} `yaml:"in_letter"`
}

func mustRead() map[Group]map[string]word {
	var read map[Group]map[string]word
	if err := yamlfile.Decode("words.yaml", file, yamlfile.NewTerms(), &read).Err(); err != nil {
		panic(fmt.Errorf("read the words of the house: %w", err)) // the package's tests read them: in no released program
	}
	return read
}

// Group is a kind of coded words.
type Group string

// The groups.
const (
	Task          Group = "task"     // what a note is waited for, by the detail of the task
	Asked         Group = "asked"    // what a message asks for, by the step
	Approved      Group = "approved" // what comes next, by the complaint.Matter
	Climbed       Group = "climbed"  // why a complaint has gone up a tier, by the step
	InForce       Group = "in_force" // what is in force, and what is missing
	Rests         Group = "rests"    // why a complaint rests, as its customer is told
	Outcome       Group = "outcome"
	Kind          Group = "kind"
	Severity      Group = "severity"
	Satisfaction  Group = "satisfaction"
	Remedy        Group = "remedy"
	Matter        Group = "matter"
	Suspension    Group = "suspension"
	Relation      Group = "relation"
	Side          Group = "side"
	Consequence   Group = "consequence" // of a judgement beside the main course
	ClockState    Group = "clock_state"
	MessageState  Group = "message_state"
	Person        Group = "person"         // those who act when no employee does
	Event         Group = "event"          // one sentence for each kind of event
	Change        Group = "change"         // of a clock
	Rung          Group = "rung"           // of a clock's ladder
	Span          Group = "span"           // of time
	Role          Group = "role"           // who is in charge as what
	Fact          Group = "fact"           // what a step, or a file before it closes, may lack besides the form's own fields
	Reason        Group = "reason"         // of a refusal
	Problem       Group = "problem"        // the title of a problem, by its code
	ProblemDetail Group = "problem_detail" // one sentence to go with it
	Body          Group = "body"           // what is wrong with a body
	LinkStage     Group = "link_stage"     // where it stands, as its customer is told
	LinkQuestion  Group = "link_question"  // what the customer is asked
	Docs          Group = "docs"           // around the description of the API, and its tags
)

// Label is the word for a code. A code without a word, such as one of a procedure's own, is
// returned as it is.
func Label(group Group, code, language string) string {
	if text, ok := words[group][code]; ok {
		return text.In(language)
	}
	return code
}

// InLetter is the word for a code inside a sentence of a letter. A code without a word is returned
// as it is.
func InLetter(group Group, code, language string) string {
	text, ok := words[group][code]
	switch {
	case !ok:
		return code
	case language == bilingual.Chinese:
		return cmp.Or(text.InLetter.Chinese, text.Chinese)
	}
	return cmp.Or(text.InLetter.English, Within(text.English, language))
}

// Has reports whether there is a word for a code.
func Has(group Group, code string) bool {
	_, ok := words[group][code]
	return ok
}

// Sentence is the phrase of a code with its {name} places filled from pairs of name and value.
func Sentence(group Group, code, language string, pairs ...string) string {
	return Fill(Label(group, code, language), pairs...)
}

// Fill fills the {name} places of a text from pairs of name and value.
func Fill(text string, pairs ...string) string {
	places := slices.Clone(pairs)
	for i := 0; i+1 < len(places); i += 2 {
		places[i] = "{" + places[i] + "}"
	}
	return strings.NewReplacer(places...).Replace(text)
}

// Count is the Sentence of a code about so many things: the one written for none ("code_none") or
// for one ("code_one"), where there is one.
func Count(group Group, code, language string, count int, pairs ...string) string {
	if ending := map[int]string{0: "_none", 1: "_one"}[count]; ending != "" && Has(group, code+ending) {
		code += ending
	}
	return Sentence(group, code, language, append(pairs, "count", strconv.Itoa(count))...)
}

// Counted is a number of things in English, for operators: "1 row", "2 rows".
func Counted(count int, one string) string {
	if count == 1 {
		return "1 " + one
	}
	return strconv.Itoa(count) + " " + one + "s"
}

// Within is a label as it stands in a sentence of the record: in English with a small letter.
func Within(label, language string) string {
	first, size := utf8.DecodeRuneInString(label)
	if language == bilingual.Chinese || size == 0 {
		return label
	}
	return string(unicode.ToLower(first)) + label[size:]
}

// Listed is several words or names after each other.
func Listed(words []string, language string) string {
	if language == bilingual.Chinese {
		return strings.Join(words, "、")
	}
	return strings.Join(words, ", ")
}

var matcher = language.NewMatcher([]language.Tag{language.English, language.SimplifiedChinese})

// Language picks one of ours by an Accept-Language header (RFC 9110); English where the header
// names none of them.
func Language(acceptLanguage string) string {
	switch acceptLanguage {
	case "", bilingual.English:
		return bilingual.English
	case bilingual.Chinese:
		return bilingual.Chinese
	}
	_, index := language.MatchStrings(matcher, acceptLanguage)
	if index == 1 {
		return bilingual.Chinese
	}
	return bilingual.English
}
