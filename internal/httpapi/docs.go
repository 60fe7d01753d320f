package httpapi

import (
	"bytes"
	"cmp"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"recourse/internal/api"
)

//go:embed docs.html
var docsTemplate string

// The description as the page shows it.
type (
	docs struct {
		Title, Version, Text string
		Groups               []docsGroup
		Schemas              []docsSchema
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
	docsAnswer struct{ Status, Text, Schema string }
	docsSchema struct {
		Name, Text, TakenBy, Example string
		Enum                         []string
		Fields                       []docsField
	}
	docsField struct {
		Name, In, Type, Schema, Text string
		Required                     bool
	}
)

// docsPage is the readable page, made once from the description itself.
func docsPage() ([]byte, error) {
	document, err := api.Document()
	if err != nil {
		return nil, err
	}
	d := describe(node{document})
	page, err := template.New("docs").Parse(docsTemplate)
	if err != nil {
		return nil, fmt.Errorf("read the page of the description: %w", err)
	}
	var written bytes.Buffer
	if err := page.Execute(&written, d); err != nil {
		return nil, fmt.Errorf("write the page of the description: %w", err)
	}
	return written.Bytes(), nil
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
			o.Answers = append(o.Answers, docsAnswer{Status: "4xx, 5xx", Text: "A problem", Schema: name})
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

func typeOf(schema node) string {
	if name := schema.referred(); name != "" {
		return name
	}
	kind := schema.at("type").text()
	if kind == "array" {
		return "list of " + typeOf(schema.at("items"))
	}
	if format := schema.at("format").text(); format != "" {
		kind = format
	}
	if words := schema.at("enum").strings(); len(words) > 0 {
		kind = strings.Join(words, " | ")
	}
	var members []string
	schema.at("properties").each(func(name string, _ node) { members = append(members, name) })
	if len(members) > 0 {
		kind += " of " + strings.Join(members, ", ")
	}
	var bounds []string
	for _, bound := range []struct{ key, sign string }{{"minimum", "≥ "}, {"maximum", "≤ "}, {"maxLength", "at most "}} {
		if value := schema.at(bound.key).text(); value != "" {
			bounds = append(bounds, bound.sign+value)
		}
	}
	return strings.TrimSpace(kind + " " + strings.Join(bounds, ", "))
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
