package httpapi

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"
	"github.com/yuin/goldmark"
	"go.yaml.in/yaml/v4"

	"recourse/internal/api"
	"recourse/internal/bilingual"
	"recourse/internal/phrase"
)

//go:embed docs.html
var docsTemplate string

//go:embed docs.css
var docsStyle string

// The description as the page shows it. Texts are Markdown, as they stand in the description.
type (
	docs struct {
		Title, Version, Text, Language string
		Style                          template.CSS
		Groups                         []docsGroup
		Schemas                        []docsSchema
	}
	docsGroup struct {
		Name, Text string
		Operations []docsOperation
	}
	docsOperation struct {
		ID, Method, Path, Summary, Text string
		Public                          bool
		Parameters                      []docsField
		Bodies                          []string // names of schemas
		Answers                         []docsAnswer
	}
	docsAnswer struct {
		Status, Text, Schema string
		Refused              bool // what every operation may answer instead: a problem
	}
	docsSchema struct {
		Name, Text, TakenBy, Example string
		Enum                         []string
		Fields                       []docsField
	}
	docsField struct {
		Name, In, Schema, Text string
		Type                   docsType
		Required               bool
	}
	// docsType is what a value is: a kind or a schema's name, how many, its members and bounds.
	docsType struct {
		Kind    string
		Lists   []struct{} // one for each list around it
		Members []string
		Bounds  string
		AtMost  string // characters
	}
)

// documentation is the description made readable.
type documentation struct {
	pages  map[string][]byte // by language
	policy string            // of the pages: nothing but their own style
}

// newDocumentation makes the pages from the description itself. What the description explains it
// explains in English; all around it is in the reader's language.
func newDocumentation() (*documentation, error) {
	document, err := api.Document()
	if err != nil {
		return nil, err
	}
	style := sha256.Sum256([]byte(docsStyle))
	made := &documentation{pages: map[string][]byte{}, policy: "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
		"style-src 'sha256-" + base64.StdEncoding.EncodeToString(style[:]) + "'"}
	for _, language := range bilingual.Languages() {
		page, err := template.New("docs").Funcs(template.FuncMap{
			"say":      func(code string) string { return phrase.Label(phrase.Docs, code, language) },
			"markdown": fromMarkdown,
			"listed":   func(names []string) string { return phrase.Listed(names, language) },
		}).Parse(docsTemplate)
		if err != nil {
			return nil, fmt.Errorf("read the page of the description: %w", err)
		}
		d := describe(node{document})
		d.Language, d.Style = language, template.CSS(docsStyle)
		var written bytes.Buffer
		if err := page.Execute(&written, d); err != nil {
			return nil, fmt.Errorf("write the page of the description: %w", err)
		}
		made.pages[language] = written.Bytes()
	}
	return made, nil
}

// serve answers with the page in the reader's language.
func (d *documentation) serve(c echo.Context) error {
	c.Response().Header().Set(echo.HeaderContentSecurityPolicy, d.policy)
	return c.HTMLBlob(http.StatusOK, d.pages[languageOf(c.Request().Context())])
}

// fromMarkdown is a text as HTML. HTML inside it is left out.
func fromMarkdown(text string) (template.HTML, error) {
	var written bytes.Buffer
	if err := goldmark.Convert([]byte(text), &written); err != nil {
		return "", fmt.Errorf("read %q as Markdown: %w", text, err)
	}
	return template.HTML(written.String()), nil
}

// node is a place in the description; nil for one that there isn't.
type node struct{ *yaml.Node }

func (n node) at(keys ...string) node {
	for _, key := range keys {
		found := node{}
		n.each(func(name string, value node) {
			if name == key {
				found = value
			}
		})
		n = found
	}
	return n
}

func (n node) text() string {
	if n.Node == nil {
		return ""
	}
	return strings.TrimSpace(n.Value)
}

func (n node) each(visit func(key string, value node)) {
	if n.Node == nil || n.Kind != yaml.MappingNode {
		return
	}
	for pair := range slices.Chunk(n.Content, 2) {
		visit(pair[0].Value, node{pair[1]})
	}
}

func (n node) items() []node {
	if n.Node == nil || n.Kind != yaml.SequenceNode {
		return nil
	}
	items := make([]node, len(n.Content))
	for i, item := range n.Content {
		items[i] = node{item}
	}
	return items
}

func (n node) strings() []string {
	var words []string
	for _, item := range n.items() {
		words = append(words, item.text())
	}
	return words
}

// referred is the name at the end of a $ref, empty for something written in place.
func (n node) referred() string {
	ref := n.at("$ref").text()
	return ref[strings.LastIndexByte(ref, '/')+1:]
}

func describe(document node) docs {
	d := docs{Title: document.at("info", "title").text(), Version: document.at("info", "version").text(), Text: document.at("info", "description").text()}
	for _, tag := range document.at("tags").items() {
		d.Groups = append(d.Groups, docsGroup{Name: tag.at("name").text(), Text: tag.at("description").text()})
	}
	document.at("paths").each(func(path string, methods node) {
		methods.each(func(method string, operation node) {
			i := slices.IndexFunc(d.Groups, func(g docsGroup) bool { return slices.Contains(operation.at("tags").strings(), g.Name) })
			d.Groups[max(i, 0)].Operations = append(d.Groups[max(i, 0)].Operations, describeOperation(document, strings.ToUpper(method), path, operation))
		})
	})
	document.at("components", "schemas").each(func(name string, schema node) { d.Schemas = append(d.Schemas, describeSchema(name, schema)) })
	return d
}

func describeOperation(document node, method, path string, operation node) docsOperation {
	o := docsOperation{ID: operation.at("operationId").text(), Method: method, Path: path, Summary: operation.at("summary").text(),
		Text: operation.at("description").text(), Public: operation.at("security").Node != nil}
	for _, parameter := range operation.at("parameters").items() {
		if name := parameter.referred(); name != "" {
			parameter = document.at("components", "parameters", name)
		}
		o.Parameters = append(o.Parameters, docsField{Name: parameter.at("name").text(), In: parameter.at("in").text(),
			Type: typeOf(parameter.at("schema")), Schema: parameter.at("schema").referred(), Text: parameter.at("description").text(),
			Required: parameter.at("required").text() == "true"})
	}
	operation.at("requestBody", "content").each(func(mediaType string, content node) {
		schema := content.at("schema")
		if name := schema.referred(); name != "" {
			o.Bodies = append(o.Bodies, name)
		}
		for _, one := range schema.at("oneOf").items() {
			o.Bodies = append(o.Bodies, one.referred())
		}
	})
	operation.at("responses").each(func(status string, response node) {
		if name := response.referred(); name != "" {
			o.Answers = append(o.Answers, docsAnswer{Status: "4xx, 5xx", Refused: true, Schema: name})
			return
		}
		a := docsAnswer{Status: status, Text: response.at("description").text()}
		response.at("content").each(func(_ string, content node) { a.Schema = content.at("schema").referred() })
		o.Answers = append(o.Answers, a)
	})
	return o
}

func describeSchema(name string, schema node) docsSchema {
	s := docsSchema{Name: name, Text: schema.at("description").text(), TakenBy: schema.at("x-taken-by").text(), Enum: schema.at("enum").strings()}
	if example := schema.at("example"); example.Node != nil {
		s.Example = asJSON(example)
	}
	required := schema.at("required").strings()
	schema.at("properties").each(func(field string, property node) {
		s.Fields = append(s.Fields, docsField{Name: field, Type: typeOf(property), Schema: cmp.Or(property.referred(), property.at("items").referred()),
			Text: property.at("description").text(), Required: slices.Contains(required, field)})
	})
	return s
}

func typeOf(schema node) docsType {
	if name := schema.referred(); name != "" {
		return docsType{Kind: name}
	}
	kind := schema.at("type").text()
	if kind == "array" {
		items := typeOf(schema.at("items"))
		items.Lists = append(items.Lists, struct{}{})
		return items
	}
	t := docsType{Kind: cmp.Or(strings.Join(schema.at("enum").strings(), " | "), schema.at("format").text(), kind)}
	schema.at("properties").each(func(name string, _ node) { t.Members = append(t.Members, name) })
	var bounds []string
	for _, bound := range []struct{ key, sign string }{{"minimum", "≥ "}, {"maximum", "≤ "}} {
		if value := schema.at(bound.key).text(); value != "" {
			bounds = append(bounds, bound.sign+value)
		}
	}
	t.Bounds, t.AtMost = strings.Join(bounds, ", "), schema.at("maxLength").text()
	return t
}

// asJSON writes an example as one would send it, in the order of the description.
func asJSON(n node) string {
	var written bytes.Buffer
	writeJSON(&written, n)
	var indented bytes.Buffer
	if json.Indent(&indented, written.Bytes(), "", "  ") != nil {
		return written.String()
	}
	return indented.String()
}

func writeJSON(w *bytes.Buffer, value node) {
	switch value.Kind {
	case yaml.MappingNode:
		w.WriteByte('{')
		value.each(func(key string, value node) {
			if w.Bytes()[w.Len()-1] != '{' {
				w.WriteByte(',')
			}
			fmt.Fprintf(w, "%q:", key)
			writeJSON(w, value)
		})
		w.WriteByte('}')
	case yaml.SequenceNode:
		w.WriteByte('[')
		for i, item := range value.items() {
			if i > 0 {
				w.WriteByte(',')
			}
			writeJSON(w, item)
		}
		w.WriteByte(']')
	default:
		var plain any = value.Value
		if tag := value.ShortTag(); tag == "!!int" || tag == "!!float" || tag == "!!bool" || tag == "!!null" {
			_ = value.Load(&plain)
		}
		if encoded, err := json.Marshal(plain); err == nil {
			w.Write(encoded)
		}
	}
}
