package message

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"text/template"
)

// Render makes the words of a message: a subject on one line, and a plain text in UTF-8 with "\n"
// line ends. Any language but "zh-CN" gets English.
func (t *Template) Render(language string, data Data) (subject, body string, err error) {
	data = data.clean(t)
	subject, err = t.fill(t.says.Subject.In(language)+t.frame().Subject.In(language), language, data)
	if err != nil {
		return "", "", err
	}
	parts, err := t.parts(language, data)
	if err != nil {
		return "", "", err
	}
	return shorten(oneLine(subject), longestSubject), tidy(strings.Join([]string{parts.greeting, parts.body, parts.facts, parts.ending}, "\n\n")), nil
}

// parts are the parts of a text, from its greeting to its end.
type parts struct{ greeting, body, facts, ending string }

func (t *Template) parts(language string, clean Data) (filled parts, err error) {
	around := t.frame()
	for _, part := range []struct {
		into *string
		text string
	}{
		{&filled.greeting, around.Greeting.In(language)},
		{&filled.body, t.says.Body.In(language) + "\n\n" + around.Link.In(language)},
		{&filled.facts, around.Facts.In(language)},
		{&filled.ending, around.Ending.In(language)},
	} {
		if *part.into, err = t.fill(part.text, language, clean); err != nil {
			return filled, err
		}
	}
	return filled, nil
}

// frame is what stands around the text.
func (t *Template) frame() frame {
	if t.toCustomer {
		return layout.Customer
	}
	return layout.Person
}

func (t *Template) fill(text, language string, data Data) (string, error) {
	parsed, err := parseText(t.name, text, wordsFor(t.toCustomer, language, data))
	if err != nil {
		return "", err
	}
	var out strings.Builder
	if err := parsed.Execute(&out, data); err != nil {
		return "", fmt.Errorf("fill the %s text of message %q: %w", language, t.name, err)
	}
	return out.String(), nil
}

// parsedTexts are the texts that have been parsed, by themselves.
var parsedTexts sync.Map

// parseText returns a text ready to be filled, with words that speak its language.
func parseText(name, text string, words template.FuncMap) (*template.Template, error) {
	known, found := parsedTexts.Load(text)
	if !found {
		parsed, err := template.New(name).Funcs(words).Parse(text)
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
