package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"go.yaml.in/yaml/v4"

	"recourse/internal/distinct"
)

// Mistake is one thing that is wrong with a body.
type Mistake struct {
	Pointer string // JSON pointer (RFC 6901) into the body
	// What is a code of phrase.Body; Want fills its sentence. What the sender wrote is not
	// repeated: it may be personal.
	What string
	Want string
	// Line and Column are where a body stops being JSON, in characters from 1; 0 for what has a
	// pointer.
	Line, Column int
}

// BodyError lists what is wrong with a body.
type BodyError struct {
	Mistakes []Mistake
}

// Error names the places and nothing of what was written there.
func (e *BodyError) Error() string {
	said := make([]string, len(e.Mistakes))
	for i, m := range e.Mistakes {
		said[i] = fmt.Sprintf("%q: %s %s", m.Pointer, m.What, m.Want)
	}
	return "invalid body: " + strings.Join(said, "; ")
}

// Bodies checks bodies against the schemas of openapi.yaml, compiled once. It is safe for
// concurrent use.
type Bodies struct {
	schemas map[string]*jsonschema.Schema
	steps   map[string]*jsonschema.Schema // those of the steps (x-step), by the step's name
}

const (
	descriptionURL = "https://recourse.example/openapi.json" // names it; nothing is fetched from there
)

// Instants outside of these years are mistakes: calendars don't reach there.
const (
	firstYear = 2000
	lastYear  = 2100
)

// NewBodies compiles every schema of the description.
func NewBodies() (*Bodies, error) { return newBodies(func(map[string]any) {}) }

// newBodies compiles the schemas, changed before.
func newBodies(change func(schemas map[string]any)) (*Bodies, error) {
	compiler, document, err := newCompiler(change)
	if err != nil {
		return nil, err
	}
	schemas := document["components"].(map[string]any)["schemas"].(map[string]any)
	b := &Bodies{schemas: map[string]*jsonschema.Schema{}, steps: map[string]*jsonschema.Schema{}}
	for name, written := range schemas {
		schema, err := compiler.Compile(descriptionURL + "#/components/schemas/" + name)
		if err != nil {
			return nil, fmt.Errorf("compile the schema %s of openapi.yaml: %w", name, err)
		}
		b.schemas[name] = schema
		if step, is := written.(map[string]any)["x-step"].(string); is {
			b.steps[step] = schema
		}
	}
	return b, nil
}

// newCompiler is a compiler of what openapi.yaml describes, and that as it is read, its schemas
// changed before.
func newCompiler(change func(schemas map[string]any)) (*jsonschema.Compiler, map[string]any, error) {
	var document map[string]any
	if err := yaml.Load(description, &document); err != nil {
		return nil, nil, fmt.Errorf("read openapi.yaml: %w", err)
	}
	change(document["components"].(map[string]any)["schemas"].(map[string]any))
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft4) // the draft of which OpenAPI 3.0's schemas are a dialect
	compiler.RegisterFormat(&jsonschema.Format{Name: "date-time", Validate: checkInstant})
	compiler.AssertFormat()
	if err := compiler.AddResource(descriptionURL, distinct.Use(compiler, document)); err != nil {
		return nil, nil, fmt.Errorf("read the schemas of openapi.yaml: %w", err)
	}
	return compiler, document, nil
}

func checkInstant(value any) error {
	text, ok := value.(string)
	if !ok {
		return nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return err
	}
	if _, err := at.MarshalJSON(); err != nil { // an offset of a day, which can be read and never written
		return err
	}
	if year := at.UTC().Year(); year < firstYear || year > lastYear {
		return fmt.Errorf("the year %d is out of range", year)
	}
	return nil
}

// Read checks a body against the schema of a name and decodes it into a value of that schema's
// type. An empty body is read as {}. The error is a *BodyError, unless there is no such schema.
func (b *Bodies) Read(schema string, body []byte, into any) error {
	checked, err := b.Check(schema, body)
	if err != nil {
		return err
	}
	return Undecoded(json.Unmarshal(checked, into))
}

// Check checks a body against the schema of a name, and returns it written anew: the same content
// is the same text, however it was spaced. An empty body is {}. The error is a *BodyError, unless
// there is no such schema. The Want of a Mistake that says "unknown" are the members that there
// are, with commas between them.
func (b *Bodies) Check(schema string, body []byte) (json.RawMessage, error) {
	compiled, known := b.schemas[schema]
	if !known {
		return nil, fmt.Errorf("openapi.yaml has no schema %q", schema)
	}
	return check(compiled, body)
}

// CheckStep is Check for the body of a step.
func (b *Bodies) CheckStep(step string, body []byte) (json.RawMessage, error) {
	compiled, known := b.steps[step]
	if !known {
		return nil, fmt.Errorf("openapi.yaml has no step %q", step)
	}
	return check(compiled, body)
}

func check(schema *jsonschema.Schema, body []byte) (json.RawMessage, error) {
	if len(bytes.TrimSpace(body)) == 0 {
		body = []byte("{}")
	}
	value, err := parse(body)
	if err != nil {
		return nil, err
	}
	if err := schema.Validate(value); err != nil {
		return nil, withMembers(schema, Mistaken("", err))
	}
	return json.Marshal(value)
}

// Undecoded is the *BodyError for what encoding/json says of a body that its schema found right:
// 1.0 is a whole number there, and a comma may stand in a time. It is nil where nothing is said.
func Undecoded(err error) error {
	if err == nil {
		return nil
	}
	mistake := Mistake{What: "wrong"}
	if wrongType, is := errors.AsType[*json.UnmarshalTypeError](err); is {
		mistake.Pointer = "/" + strings.ReplaceAll(wrongType.Field, ".", "/")
	}
	return &BodyError{[]Mistake{mistake}}
}

// Mistaken turns what a validator of JSON schemas says into a *BodyError, ordered by place; at is
// the place of what it validated ("/fields").
func Mistaken(at string, err error) error {
	invalid, is := errors.AsType[*jsonschema.ValidationError](err)
	if !is {
		return &BodyError{[]Mistake{{What: "wrong"}}}
	}
	var all []finding
	collect(invalid, &all)
	slices.SortStableFunc(all, func(a, b finding) int { return slices.Compare(a.place, b.place) })
	mistakes := make([]Mistake, min(len(all), mostMistakes))
	for i, found := range all[:len(mistakes)] {
		pointer := jsontext.Pointer(at)
		for _, name := range found.place {
			pointer = pointer.AppendToken(name)
		}
		mistakes[i] = Mistake{Pointer: string(pointer), What: found.what, Want: found.want}
	}
	return &BodyError{mistakes}
}

// finding is a mistake whose place isn't written out yet: there may be as many as the body has
// values, and each place as long.
type finding struct {
	place      []string
	what, want string
}

func collect(e *jsonschema.ValidationError, all *[]finding) {
	for _, cause := range e.Causes {
		collect(cause, all)
	}
	if len(e.Causes) > 0 {
		return
	}
	add := func(what, want string) { *all = append(*all, finding{e.InstanceLocation, what, want}) }
	addWithin := func(names []string, what string) {
		for _, name := range names {
			*all = append(*all, finding{append(slices.Clip(e.InstanceLocation), name), what, ""})
		}
	}
	switch k := e.ErrorKind.(type) {
	case *kind.Required:
		addWithin(k.Missing, "required")
	case *kind.AdditionalProperties:
		addWithin(k.Properties, "unknown")
	case *kind.Type:
		add("type", strings.Join(k.Want, ", "))
	case *kind.Enum:
		words := make([]string, len(k.Want))
		for i, word := range k.Want {
			words[i] = fmt.Sprint(word)
		}
		add("enum", strings.Join(words, ", "))
	case *kind.MaxLength:
		add("too_long", strconv.Itoa(k.Want))
	case *kind.MinLength:
		add("too_short", "")
	case *kind.MaxItems:
		add("too_many", strconv.Itoa(k.Want))
	case *kind.MaxProperties:
		add("too_many", strconv.Itoa(k.Want))
	case *kind.MinItems:
		add("too_few", strconv.Itoa(k.Want))
	case *kind.Minimum:
		add("too_small", rational(k.Want))
	case *kind.Maximum:
		add("too_big", rational(k.Want))
	case *kind.UniqueItems:
		add("twice", "")
	case *kind.Pattern:
		add("pattern", k.Want)
	case *kind.Format:
		add("format", k.Want)
	default:
		add("wrong", "")
	}
}

func rational(n *big.Rat) string {
	if n.IsInt() {
		return n.Num().String()
	}
	return n.FloatString(4)
}
