package procedure

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"recourse/internal/yamlfile"
)

// EveryField stands in complete_before_closing for all fields of the form.
const EveryField = "every-field"

// closingFacts are what complete_before_closing can ask for besides fields.
var closingFacts = []string{"customer", "narrative", "category", "findings", "proposal", "result", "satisfaction", "assessment"}

// FieldProblem says what is wrong with one value of the form.
type FieldProblem struct {
	// Pointer is the value's JSON pointer within the fields ("/waybill"), "" for the whole.
	Pointer string
	Message string
}

// fieldValidator checks the form's fields.
type fieldValidator struct{ schema *jsonschema.Schema }

// ValidateFields checks values against the form, as decoded from JSON. Fields
// that are left out are right: what must be filled is asked for at closing.
// The result is empty when all is well.
func (p *Procedure) ValidateFields(fields map[string]any) []FieldProblem {
	if fields == nil {
		return nil
	}
	err := p.validator.schema.Validate(fields)
	var invalid *jsonschema.ValidationError
	switch {
	case err == nil:
		return nil
	case !errors.As(err, &invalid):
		return []FieldProblem{{Message: err.Error()}}
	}
	printer := message.NewPrinter(language.English)
	var problems []FieldProblem
	var collect func(*jsonschema.ValidationError)
	collect = func(e *jsonschema.ValidationError) {
		if len(e.Causes) == 0 {
			problems = append(problems, FieldProblem{Pointer: pointer(e.InstanceLocation), Message: e.ErrorKind.LocalizedString(printer)})
		}
		for _, cause := range e.Causes {
			collect(cause)
		}
	}
	collect(invalid)
	slices.SortFunc(problems, func(a, b FieldProblem) int {
		return cmp.Or(cmp.Compare(a.Pointer, b.Pointer), cmp.Compare(a.Message, b.Message))
	})
	return problems
}

// CompleteBeforeClosing names what must be filled before the file closes: facts
// of the complaint ("findings") and the form's own fields by their IDs.
func (p *Procedure) CompleteBeforeClosing() []string { return slices.Clone(p.completion) }

// compileForm turns the fields into one schema.
func (p *Procedure) compileForm() {
	var ids []string
	properties := map[string]any{}
	for i, field := range p.Form.Fields {
		path := "form.fields." + field.ID
		if contains(closingFacts, field.ID) || field.ID == EveryField {
			p.doc.Addf(path, "the field %q has the name of a fact that every complaint has; choose another", field.ID)
		}
		schema := map[string]any{}
		for key, value := range field.Schema {
			schema[key] = value
		}
		if len(field.Options) > 0 {
			var choices []any
			for _, option := range field.Options {
				choices = append(choices, option.ID)
			}
			schema["type"], schema["enum"] = "string", choices
		}
		if !p.checkField(path, schema) {
			continue
		}
		properties[field.ID] = schema
		ids = append(ids, p.Form.Fields[i].ID)
	}
	schema, err := compileSchema(map[string]any{"type": "object", "properties": properties, "additionalProperties": false})
	if err != nil {
		p.doc.Addf("form.fields", "the fields make no JSON Schema: %s", err)
	}
	p.validator = &fieldValidator{schema: schema}
	p.completion = nil
	for i, word := range p.Form.CompleteBeforeClosing {
		switch {
		case word == EveryField:
			p.completion = append(p.completion, ids...)
		case contains(closingFacts, word) || contains(ids, word):
			p.completion = append(p.completion, word)
		default:
			known := append(append([]string{EveryField}, closingFacts...), ids...)
			p.doc.Addf(pathItem("form.complete_before_closing", i), "nothing is called %q that could be complete; %s", word, instead(word, known))
		}
	}
}

// checkField finds what a schema compiler would let pass: words that no JSON
// Schema knows, and types that no form has. It reports whether the field can be
// used.
func (p *Procedure) checkField(path string, schema map[string]any) bool {
	right := true
	known := []string{"type", "pattern", "format", "enum", "minimum", "maximum", "minLength", "maxLength", "multipleOf",
		"items", "minItems", "maxItems", "uniqueItems", "description"}
	kinds := []string{"string", "integer", "number", "boolean", "array"}
	for _, key := range keysOf(schema) {
		if !contains(known, key) {
			p.doc.Addf(path+"."+key, "a field has no %q; %s", key, instead(key, known))
			right = false
		}
	}
	kind, _ := schema["type"].(string)
	if !contains(kinds, kind) {
		p.doc.Addf(path, "the field needs a type; %s", instead(kind, kinds))
		right = false
	}
	if !right {
		return false
	}
	if _, err := compileSchema(schema); err != nil {
		p.doc.Addf(path, "the field takes no value: %s", err)
		return false
	}
	return true
}

// compileSchema makes a schema ready; the error says in one line what is wrong with it.
func compileSchema(schema map[string]any) (*jsonschema.Schema, error) {
	const location = "urn:form"
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource(location, asJSON(schema)); err != nil {
		return nil, err
	}
	compiled, err := compiler.Compile(location)
	var bad *jsonschema.SchemaValidationError
	var invalid *jsonschema.ValidationError
	if errors.As(err, &bad) && errors.As(bad.Err, &invalid) {
		for len(invalid.Causes) > 0 {
			invalid = invalid.Causes[0]
		}
		return nil, fmt.Errorf("%s: %s", strings.Join(invalid.InstanceLocation, "."), invalid.ErrorKind.LocalizedString(message.NewPrinter(language.English)))
	}
	return compiled, err
}

// asJSON turns values read from YAML into what a JSON decoder would give.
func asJSON(value any) any {
	switch v := value.(type) {
	case map[string]any:
		result := make(map[string]any, len(v))
		for key, item := range v {
			result[key] = asJSON(item)
		}
		return result
	case []any:
		result := make([]any, len(v))
		for i, item := range v {
			result[i] = asJSON(item)
		}
		return result
	case uint64:
		return float64(v)
	case int64:
		return float64(v)
	case int:
		return float64(v)
	}
	return value
}

func pointer(location []string) string {
	var b strings.Builder
	for _, part := range location {
		b.WriteString("/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(part))
	}
	return b.String()
}

func pathItem(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }

func instead(written string, words []string) string { return yamlfile.Instead(written, words) }
