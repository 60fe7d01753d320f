package procedure

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"recourse/internal/distinct"
	"recourse/internal/yamlfile"
)

// EveryField stands in complete_before_closing for all fields of the form.
const EveryField = "every-field"

// closingFacts are what complete_before_closing can ask for besides fields.
var closingFacts = []string{"customer", "narrative", "category", "findings", "proposal", "result", "satisfaction", "assessment"}

// fieldValidator checks the form's fields.
type fieldValidator struct{ schema *jsonschema.Schema }

// ValidateFields checks values against the form, as decoded from JSON. Fields
// that are left out are right: what must be filled is asked for at closing. The
// error is the schema's own (a *jsonschema.ValidationError), for whoever tells
// people: it repeats what they wrote.
func (p *Procedure) ValidateFields(fields map[string]any) error {
	if fields == nil {
		return nil
	}
	return p.validator.schema.Validate(fields)
}

// choices are what was chosen in the form's fields that have options, by field: codes, and the only
// values of the form that are facts. The values were validated.
func (p *Procedure) choices(fields map[string]any) map[string]string {
	var choices map[string]string
	for _, field := range p.Form.Fields {
		if choice, is := fields[field.ID].(string); is && len(field.Options) > 0 {
			if choices == nil {
				choices = map[string]string{}
			}
			choices[field.ID] = choice
		}
	}
	return choices
}

// IsFact tells what complete_before_closing asks for that every complaint has
// ("findings") from the form's own fields.
func IsFact(name string) bool { return slices.Contains(closingFacts, name) }

// CompleteBeforeClosing names what must be filled before the file closes: facts
// of the complaint ("findings") and the form's own fields by their IDs.
func (p *Procedure) CompleteBeforeClosing() []string { return slices.Clone(p.completion) }

// compileForm turns the fields into one schema.
func (p *Procedure) compileForm() {
	var ids []string
	properties := map[string]any{}
	for i, field := range p.Form.Fields {
		path := "form.fields." + field.ID
		if slices.Contains(closingFacts, field.ID) || field.ID == EveryField {
			p.doc.Addf(path, "the field %q has the name of a fact that every complaint has; choose another", field.ID)
		}
		schema := map[string]any{}
		maps.Copy(schema, field.Schema)
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
	known := append(append([]string{EveryField}, closingFacts...), ids...)
	for i, word := range p.Form.CompleteBeforeClosing {
		switch {
		case word == EveryField:
			p.completion = append(p.completion, ids...)
		case slices.Contains(closingFacts, word) || slices.Contains(ids, word):
			p.completion = append(p.completion, word)
		default:
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
	for _, key := range slices.Sorted(maps.Keys(schema)) {
		if !slices.Contains(known, key) {
			p.doc.Addf(path+"."+key, "a field has no %q; %s", key, instead(key, known))
			right = false
		}
	}
	kind, _ := schema["type"].(string)
	if !slices.Contains(kinds, kind) {
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

// lastYear is that of the last date that a field takes, as of all dates that are sent: clocks
// may run to it.
const lastYear = 2100

func checkDate(layout string, value any) error {
	text, is := value.(string)
	if !is {
		return nil
	}
	date, err := time.Parse(layout, text)
	if err != nil {
		return err
	}
	if _, err := date.MarshalJSON(); err != nil { // an offset of a day, which can be read and never written
		return err
	}
	if date.UTC().Year() > lastYear {
		return fmt.Errorf("the year %d is out of range", date.UTC().Year())
	}
	return nil
}

// compileSchema makes a schema ready; the error says in one line what is wrong with it.
func compileSchema(schema map[string]any) (*jsonschema.Schema, error) {
	const location = "urn:form"
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	for name, layout := range map[string]string{"date": time.DateOnly, "date-time": time.RFC3339} {
		compiler.RegisterFormat(&jsonschema.Format{Name: name, Validate: func(value any) error { return checkDate(layout, value) }})
	}
	if err := compiler.AddResource(location, distinct.Use(compiler, schema)); err != nil {
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

func pathItem(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }

func instead(written string, words []string) fmt.Stringer { return yamlfile.Instead(written, words) }
