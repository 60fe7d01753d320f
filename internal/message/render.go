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
	around := layout.Person
	if t.toCustomer {
		around = layout.Customer
	}
	data = data.clean(t)
	subject, err = t.fill(t.says.Subject.In(language)+around.Subject.In(language), language, data)
	if err != nil {
		return "", "", err
	}
	whole := around.Greeting.In(language) + "\n\n" + t.says.Body.In(language) + "\n\n" + around.Ending.In(language) + "\n"
	body, err = t.fill(whole, language, data)
	if err != nil {
		return "", "", err
	}
	return shorten(oneLine(subject), longestSubject), tidy(body), nil
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
