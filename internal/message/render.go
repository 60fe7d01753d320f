package message

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"text/template"
)

// ErrUnknownTemplate is returned by Render for a template that has no text.
var ErrUnknownTemplate = errors.New("no such message template")

// Render makes the words of a message: a subject on one line, and a plain text
// in UTF-8 with "\n" line ends. Any language but "zh-CN" gets English. It
// returns ErrUnknownTemplate for a name that isn't one of the templates.
func Render(name Template, language string, data Data) (subject, body string, err error) {
	text, around, err := find(name)
	if err != nil {
		return "", "", err
	}
	data = data.clean(name)

	subject, err = fill(name, text.Subject.In(language)+around.Subject.In(language), language, data)
	if err != nil {
		return "", "", err
	}
	whole := around.Greeting.In(language) + "\n\n" + text.Body.In(language) + "\n" + around.Ending.In(language)
	body, err = fill(name, whole, language, data)
	if err != nil {
		return "", "", err
	}
	return shorten(oneLine(subject), longestSubject), tidy(body), nil
}

// ForCustomer reports whether a template speaks to the customer.
func ForCustomer(name Template) bool {
	_, found := toCustomer[name]
	return found
}

func find(name Template) (letter, frame, error) {
	if text, found := toPerson[name]; found {
		return text, layout.Person, nil
	}
	if text, found := toCustomer[name]; found {
		return text, layout.Customer, nil
	}
	return letter{}, frame{}, fmt.Errorf("%w: %q; the names are those of internal/message/template.go", ErrUnknownTemplate, name)
}

func fill(name Template, text, language string, data Data) (string, error) {
	parsed, err := parseText(name, text, wordsFor(name, language, data))
	if err != nil {
		return "", err
	}
	var out strings.Builder
	if err := parsed.Execute(&out, data); err != nil {
		return "", fmt.Errorf("fill the %s text of message %q: %w", language, name, err)
	}
	return out.String(), nil
}

// parsedTexts are the texts that have been parsed, by themselves.
var parsedTexts sync.Map

// parseText returns a text ready to be filled, with words that speak its language.
func parseText(name Template, text string, words template.FuncMap) (*template.Template, error) {
	known, found := parsedTexts.Load(text)
	if !found {
		parsed, err := template.New(string(name)).Funcs(words).Parse(text)
		if err != nil {
			return nil, fmt.Errorf("read a text of message %q: %w", name, err)
		}
		known, _ = parsedTexts.LoadOrStore(text, parsed)
	}
	own, err := known.(*template.Template).Clone()
	if err != nil {
		return nil, fmt.Errorf("copy a text of message %q: %w", name, err)
	}
	return own.Funcs(words), nil
}

var (
	spaceAtEnd = regexp.MustCompile(`[ \t]+\n`)
	blankLines = regexp.MustCompile(`\n{3,}`)
)

// tidy takes away the gaps that left-out parts leave behind.
func tidy(body string) string {
	body = spaceAtEnd.ReplaceAllString(strings.TrimSpace(body), "\n")
	return blankLines.ReplaceAllString(body, "\n\n") + "\n"
}
