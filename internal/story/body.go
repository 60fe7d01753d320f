package story

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"strings"
	"sync"
	"time"

	"recourse/internal/api"
	"recourse/internal/bilingual"
	"recourse/internal/phrase"
	"recourse/internal/plan"
	"recourse/internal/yamlfile"
)

// sketches check what is said with a step; compiled when the first story is read.
var sketches = sync.OnceValues(api.NewSketches)

// body is what is said with a step, as the API takes it: its times are instants. Whatever is
// wrong with it is told to the document; then it is nil.
func (s *Story) body(doc *yamlfile.Document, i int, zone *time.Location) json.RawMessage {
	one := s.Steps[i]
	path := stepPath(i) + "." + one.written
	said, is := one.Said[one.written].(map[string]any)
	if !is {
		if given := one.Said[one.written]; given != nil && given != "" {
			doc.Addf(path, "what is said with a step is a mapping, such as {reached: true}")
		}
		said = map[string]any{}
	}
	checks, err := sketches()
	var body json.RawMessage
	if err == nil {
		body, err = json.Marshal(instants(doc, path, said, zone))
	}
	if err == nil {
		body, err = checks.CheckStep(string(one.Name), body)
	}
	if err != nil {
		mistaken(doc, path, err)
	}
	return body
}

// mistaken tells what is wrong with a body. Known are the names that there are where a
// mistake doesn't say that.
func mistaken(doc *yamlfile.Document, path string, err error, known ...string) {
	wrong, is := errors.AsType[*api.BodyError](err)
	if !is {
		doc.Addf(path, "%s", err)
		return
	}
	for _, mistake := range wrong.Mistakes {
		if mistake.What == "unknown" && mistake.Want == "" {
			mistake.Want = strings.Join(known, ", ")
		}
		doc.Addf(path+place(mistake.Pointer), "%s", inWords(mistake))
	}
}

// instants is a value whose local times are written as RFC 3339 has them.
func instants(doc *yamlfile.Document, path string, value any, zone *time.Location) any {
	switch v := value.(type) {
	case map[string]any:
		v = maps.Clone(v)
		for name, one := range v {
			if name != "fields" { // the form's own
				v[name] = instants(doc, path+"."+name, one, zone)
			}
		}
		return v
	case []any:
		list := make([]any, len(v))
		for i, one := range v {
			list[i] = instants(doc, fmt.Sprintf("%s[%d]", path, i), one, zone)
		}
		return list
	case string:
		m, err := parseMoment(v)
		if err != nil {
			return v
		}
		at, err := m.in(zone)
		if err != nil {
			doc.Addf(path, "%s", err)
		}
		return at.Format(time.RFC3339)
	}
	return value
}

// place is a JSON pointer as a document has it: "/remedies/0/kind" is ".remedies[0].kind".
func place(pointer string) string {
	var path strings.Builder
	for _, part := range strings.Split(pointer, "/")[1:] {
		if _, err := strconv.Atoi(part); err == nil {
			path.WriteString("[" + part + "]")
		} else {
			path.WriteString("." + part)
		}
	}
	return path.String()
}

// misfitting is a misfit in words.
func misfitting(m plan.Misfit) string {
	said := phrase.Sentence(phrase.Reason, string(m.Reason), bilingual.English, "name", m.Name, "known", phrase.Listed(m.Known, bilingual.English))
	if len(m.Known) > 0 {
		said = strings.TrimSuffix(said, ".") + "; " + yamlfile.Instead(m.Name, m.Known).String()
	}
	return said
}

// inWords is a mistake in words.
func inWords(m api.Mistake) string {
	name := m.Pointer[strings.LastIndex(m.Pointer, "/")+1:]
	code := m.What
	switch {
	case m.What == "unknown":
		return fmt.Sprintf("unknown key %q; %s", name, yamlfile.Instead(name, strings.Split(m.Want, ", ")))
	case m.What == "required":
		return fmt.Sprintf("the key %q is missing here; add it", name)
	case phrase.Has(phrase.Body, m.What+"_"+m.Want):
		code += "_" + m.Want
	}
	said := phrase.Sentence(phrase.Body, code, bilingual.English, "want", m.Want)
	if code == "type_string" {
		said += " Put it in quotes."
	}
	return said
}
