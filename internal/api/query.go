package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Parameters checks what the query of a request says against openapi.yaml, compiled once. It is
// safe for concurrent use.
type Parameters struct {
	// of are the parameters of each operation ("GET /v1/complaints/{number}"), by their names.
	of map[string]map[string]*jsonschema.Schema
}

// QueryError lists what is wrong with a query: the Pointer of each mistake is the parameter's name.
type QueryError struct {
	Mistakes []Mistake
}

// Error names the parameters and nothing of what was written there.
func (e *QueryError) Error() string { return "invalid query: " + (&BodyError{e.Mistakes}).Error() }

// NewParameters compiles the schemas of every parameter in a query.
func NewParameters() (*Parameters, error) {
	compiler, document, err := newCompiler(func(map[string]any) {})
	if err != nil {
		return nil, err
	}
	p := &Parameters{of: map[string]map[string]*jsonschema.Schema{}}
	shared := document["components"].(map[string]any)["parameters"].(map[string]any)
	for path, operations := range document["paths"].(map[string]any) {
		for method, operation := range operations.(map[string]any) {
			taken := map[string]*jsonschema.Schema{}
			p.of[strings.ToUpper(method)+" "+path] = taken
			parameters, _ := operation.(map[string]any)["parameters"].([]any)
			for i, written := range parameters {
				parameter := written.(map[string]any)
				at := fmt.Sprintf("#/paths/%s/%s/parameters/%d", escaped.Replace(path), method, i)
				if ref, is := parameter["$ref"].(string); is {
					at, parameter = ref, shared[ref[strings.LastIndexByte(ref, '/')+1:]].(map[string]any)
				}
				if parameter["in"] != "query" {
					continue
				}
				if taken[parameter["name"].(string)], err = compiler.Compile(descriptionURL + at + "/schema"); err != nil {
					return nil, fmt.Errorf("compile the parameters of %s in openapi.yaml: %w", path, err)
				}
			}
		}
	}
	return p, nil
}

// escaped writes a path as a part of a JSON pointer in an address (RFC 6901, section 6).
var escaped = strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D")

// Check checks the query of an operation ("GET /v1/complaints"). The error is a *QueryError; it is
// nil for operations that openapi.yaml doesn't have.
func (p *Parameters) Check(operation string, query url.Values) error {
	taken, described := p.of[operation]
	if !described {
		return nil
	}
	var all []Mistake
	for _, name := range slices.Sorted(maps.Keys(query)) {
		schema, known := taken[name]
		mistake := Mistake{What: "no_parameter"}
		if known {
			mistake = mistaken(schema, query[name])
		}
		if mistake.What != "" && len(all) < mostMistakes {
			mistake.Pointer = name
			all = append(all, mistake)
		}
	}
	if len(all) > 0 {
		return &QueryError{all}
	}
	return nil
}

var wholeNumber = regexp.MustCompile(`^-?(?:0|[1-9][0-9]{0,11})$`)

// mistaken is what is wrong with the values of a parameter; nothing where nothing is.
func mistaken(schema *jsonschema.Schema, values []string) Mistake {
	text := values[0]
	switch {
	case len(values) > 1:
		return Mistake{What: "once"}
	case !utf8.ValidString(text):
		return Mistake{What: "parameter"}
	case strings.ContainsRune(text, 0):
		return Mistake{What: "nul"}
	case strings.TrimSpace(text) == "":
		return Mistake{What: "too_short"}
	}
	value := any(text)
	switch of := typeOf(schema); {
	case of == "integer" && wholeNumber.MatchString(text):
		value = json.Number(text)
	case of == "boolean" && (text == "true" || text == "false"):
		value = text == "true"
	case of != "string":
		return Mistake{What: "type", Want: of}
	}
	if err := schema.Validate(value); err != nil {
		if wrong, is := errors.AsType[*BodyError](Mistaken("", err)); is {
			return wrong.Mistakes[0]
		}
		return Mistake{What: "wrong"}
	}
	return Mistake{}
}

func typeOf(schema *jsonschema.Schema) string {
	for schema.Ref != nil {
		schema = schema.Ref
	}
	return strings.Join(schema.Types.ToStrings(), ", ")
}
