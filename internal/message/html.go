package message

import (
	"embed"
	"fmt"
	"html/template"
	"regexp"
	"strings"
)

//go:embed texts/page.html
var pages embed.FS

var page = template.Must(template.ParseFS(pages, "texts/page.html"))

// block is one part of a text as a page shows it: a paragraph, somebody's words, a list, a button.
type block struct {
	Kind  string // one of those below
	Lines []template.HTML
}

const (
	paragraph  = "paragraph"
	words      = "words"
	list       = "list"
	pushButton = "button"
)

// section is a part of a page, with where its button leads and what that says.
type section struct {
	Blocks       []block
	Link, Button string
}

// HTML is the text of a message as a page for mail programs: what [Template.Render] says, with a
// button in the place of its link. All that it holds is text; nothing is fetched to show it.
func (t *Template) HTML(language string, data Data) (string, error) {
	data = data.clean(t)
	subject, err := t.fill(t.says.Subject.In(language), language, data)
	if err != nil {
		return "", err
	}
	said, err := t.parts(language, data)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	err = page.Execute(&out, map[string]any{
		"Language": language, "Title": oneLine(subject), "Organisation": data.Organisation,
		"Text":   section{append(blocks(said.greeting, data, false), blocks(said.body, data, false)...), data.Link, t.button(language)},
		"Facts":  section{Blocks: blocks(said.facts, data, true)},
		"Ending": section{Blocks: blocks(said.ending, data, false)},
	})
	if err != nil {
		return "", fmt.Errorf("show message %q as a page: %w", t.name, err)
	}
	return out.String(), nil
}

// button is what the button says that stands in the place of the link.
func (t *Template) button(language string) string {
	purpose := string(t.Link())
	if !t.toCustomer {
		purpose = "case"
	}
	for _, button := range layout.Buttons {
		if button.Purpose == purpose {
			return button.Says.In(language)
		}
	}
	return ""
}

// blocks reads a text as it is written: somebody's words stand behind bars, a list behind dashes,
// and a blank line ends a paragraph. Numbers to call can be pressed, where they are to be.
func blocks(text string, data Data, call bool) (all []block) {
	add := func(kind, line string) {
		shown := template.HTML(template.HTMLEscapeString(line))
		if call {
			shown = pressable(pressable(shown, data.Phone), data.Hotline)
		}
		if last := len(all) - 1; last >= 0 && all[last].Kind == kind {
			all[last].Lines = append(all[last].Lines, shown)
			return
		}
		all = append(all, block{kind, []template.HTML{shown}})
	}
	for line := range strings.SplitSeq(text, "\n") {
		quoted, isQuoted := strings.CutPrefix(line, "|")
		item, isItem := strings.CutPrefix(line, "- ")
		switch {
		case isQuoted:
			add(words, strings.TrimPrefix(quoted, " "))
		case isItem:
			add(list, item)
		case data.Link != "" && strings.HasSuffix(line, data.Link):
			all = append(all, block{Kind: pushButton})
		case strings.TrimSpace(line) == "":
			all = append(all, block{}) // ends what stands before it
		case strings.HasPrefix(line, "  ") && len(all) > 0 && all[len(all)-1].Kind == list:
			lines := all[len(all)-1].Lines
			lines[len(lines)-1] += template.HTML("<br>" + template.HTMLEscapeString(strings.TrimSpace(line)))
		default:
			add(paragraph, line)
		}
	}
	return all
}

var telephone = regexp.MustCompile(`^\+?[0-9][0-9 ()-]{4,}$`)

// pressable makes a telephone number one that a telephone calls when it is pressed.
func pressable(line template.HTML, number string) template.HTML {
	if !telephone.MatchString(number) {
		return line
	}
	digits := strings.NewReplacer(" ", "", "(", "", ")", "", "-", "").Replace(number)
	shown := template.HTMLEscapeString(number)
	return template.HTML(strings.Replace(string(line), shown, `<a href="tel:`+template.HTMLEscapeString(digits)+`" style="color:#1a4fa3">`+shown+`</a>`, 1))
}
