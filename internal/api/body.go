package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"sort"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// Mistake is one thing that is wrong with a body.
type Mistake struct {
	Pointer string // JSON pointer (RFC 6901) into the body
	// What is a code of phrase.Body; Want fills its sentence. What the sender wrote is not repeated: it may be personal.
	What string
	Want string
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

// Bodies checks bodies against the schemas of openapi.yaml, compiled once. It is safe for concurrent use.
type Bodies struct {
	schemas map[string]*jsonschema.Schema
}

const (
	descriptionURL = "https://recourse.example/openapi.json" // names it; nothing is fetched from there
	mostMistakes   = 20
	deepest        = 16
	longestNumber  = 40 // digits
	largestPower   = 308
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
	content, err := yaml.YAMLToJSON(description)
	if err != nil {
		return nil, fmt.Errorf("read openapi.yaml: %w", err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(content))
	if err != nil {
		return nil, fmt.Errorf("read openapi.yaml: %w", err)
	}
	schemas := document.(map[string]any)["components"].(map[string]any)["schemas"].(map[string]any)
	change(schemas)
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft4) // the draft of which OpenAPI 3.0's schemas are a dialect
	compiler.RegisterFormat(&jsonschema.Format{Name: "date-time", Validate: checkInstant})
	compiler.AssertFormat()
	if err := compiler.AddResource(descriptionURL, document); err != nil {
		return nil, fmt.Errorf("read the schemas of openapi.yaml: %w", err)
	}
	b := &Bodies{schemas: make(map[string]*jsonschema.Schema, len(schemas))}
	for name := range schemas {
		schema, err := compiler.Compile(descriptionURL + "#/components/schemas/" + name)
		if err != nil {
			return nil, fmt.Errorf("compile the schema %s of openapi.yaml: %w", name, err)
		}
		b.schemas[name] = schema
	}
	return b, nil
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
	if year := at.UTC().Year(); year < firstYear || year > lastYear {
		return fmt.Errorf("the year %d is out of range", year)
	}
	return nil
}

// Read checks a body against the schema of a name and decodes it into a value of that schema's type. An empty body is
// read as {}. The error is a *BodyError, unless there is no such schema.
func (b *Bodies) Read(schema string, body []byte, into any) error {
	compiled, ok := b.schemas[schema]
	if !ok {
		return fmt.Errorf("openapi.yaml has no schema %q", schema)
	}
	if len(bytes.TrimSpace(body)) == 0 {
		body = []byte("{}")
	}
	value, err := parse(body)
	if err != nil {
		return err
	}
	if err := compiled.Validate(value); err != nil {
		return Mistaken("", err)
	}
	if err := json.Unmarshal(body, into); err != nil {
		var wrongType *json.UnmarshalTypeError
		if errors.As(err, &wrongType) {
			return &BodyError{[]Mistake{{Pointer: "/" + strings.ReplaceAll(wrongType.Field, ".", "/"), What: "wrong"}}}
		}
		return &BodyError{[]Mistake{{What: "wrong"}}}
	}
	return nil
}

// parse reads JSON as strictly as it is defined (RFC 8259, section 4: names should be unique; section 8.1: UTF-8).
func parse(body []byte) (any, error) {
	if !utf8.Valid(body) {
		return nil, &BodyError{[]Mistake{{What: "not_utf8"}}}
	}
	p := parser{decoder: json.NewDecoder(bytes.NewReader(body))}
	p.decoder.UseNumber()
	value, err := p.value("", 0)
	if err == nil {
		if _, more := p.decoder.Token(); !errors.Is(more, io.EOF) {
			err = errTrailing
		}
	}
	if err != nil {
		what := Mistake{What: "cut_off"}
		var syntax *json.SyntaxError
		switch {
		case errors.Is(err, errTooDeep):
			what = Mistake{What: "too_deep"}
		case errors.Is(err, errTrailing):
			what = Mistake{What: "more"}
		case errors.As(err, &syntax):
			what = Mistake{What: "not_json", Want: strconv.FormatInt(syntax.Offset, 10)}
		}
		return nil, &BodyError{[]Mistake{what}}
	}
	if loneSurrogate(body) {
		p.add(Mistake{What: "surrogate"})
	}
	if len(p.mistakes) > 0 {
		return nil, &BodyError{p.mistakes}
	}
	return value, nil
}

// loneSurrogate finds an escape that is half of a character (RFC 8259, section 8.2); the decoder would put another character
// there without a word.
func loneSurrogate(body []byte) bool {
	for i := 0; i+1 < len(body); i++ {
		if body[i] != '\\' { // stands in strings only
			continue
		}
		if i++; body[i] != 'u' {
			continue
		}
		first := escaped(body[i-1:])
		i += 4
		if !utf16.IsSurrogate(first) {
			continue
		}
		if i+1 >= len(body) || utf16.DecodeRune(first, escaped(body[i+1:])) == utf8.RuneError {
			return true
		}
		i += 6
	}
	return false
}

// escaped is the code unit of the escape \u with which a text begins, or -1.
func escaped(text []byte) rune {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return -1
	}
	unit, err := strconv.ParseUint(string(text[2:6]), 16, 16)
	if err != nil {
		return -1
	}
	return rune(unit)
}

var (
	errTooDeep  = errors.New("nested too deeply")
	errTrailing = errors.New("more follows after the end")
)

type parser struct {
	decoder  *json.Decoder
	mistakes []Mistake
}

func (p *parser) value(pointer string, depth int) (any, error) {
	token, err := p.decoder.Token()
	if err != nil {
		return nil, err
	}
	switch token := token.(type) {
	case json.Delim:
		if depth++; depth > deepest {
			return nil, errTooDeep
		}
		if token == '[' {
			return p.array(pointer, depth)
		}
		return p.object(pointer, depth)
	case string:
		p.noNUL(token, pointer)
		if token != "" && strings.TrimSpace(token) == "" {
			p.add(Mistake{Pointer: pointer, What: "too_short"})
		}
		return token, nil
	case json.Number:
		if !reckonable(token) {
			p.add(Mistake{Pointer: pointer, What: "too_big", Want: "1e308"})
			return json.Number("0"), nil
		}
		return token, nil
	default:
		return token, nil
	}
}

// reckonable refuses numbers such as 1e999999: the validator reckons exactly, and would take its time over each.
func reckonable(number json.Number) bool {
	digits, exponent, _ := strings.Cut(strings.ToLower(number.String()), "e")
	if len(digits) > longestNumber {
		return false
	}
	if exponent == "" {
		return true
	}
	power, err := strconv.Atoi(exponent)
	return err == nil && power >= -largestPower && power <= largestPower
}

func (p *parser) object(pointer string, depth int) (any, error) {
	object := map[string]any{}
	for p.decoder.More() {
		token, err := p.decoder.Token()
		if err != nil {
			return nil, err
		}
		name, ok := token.(string)
		if !ok {
			return nil, &json.SyntaxError{Offset: p.decoder.InputOffset()}
		}
		at := pointer + "/" + escape(name)
		p.noNUL(name, pointer)
		if _, twice := object[name]; twice {
			p.add(Mistake{Pointer: at, What: "duplicate"})
		}
		if object[name], err = p.value(at, depth); err != nil {
			return nil, err
		}
	}
	_, err := p.decoder.Token()
	return object, err
}

func (p *parser) array(pointer string, depth int) (any, error) {
	array := []any{}
	for p.decoder.More() {
		item, err := p.value(pointer+"/"+strconv.Itoa(len(array)), depth)
		if err != nil {
			return nil, err
		}
		array = append(array, item)
	}
	_, err := p.decoder.Token()
	return array, err
}

// noNUL: PostgreSQL keeps no U+0000 in text.
func (p *parser) noNUL(text, pointer string) {
	if strings.IndexByte(text, 0) >= 0 {
		p.add(Mistake{Pointer: pointer, What: "nul"})
	}
}

func (p *parser) add(m Mistake) {
	if len(p.mistakes) < mostMistakes {
		p.mistakes = append(p.mistakes, m)
	}
}

var pointerEscapes = strings.NewReplacer("~", "~0", "/", "~1")

// escape writes a name into a JSON pointer (RFC 6901, section 3).
func escape(name string) string {
	return pointerEscapes.Replace(name)
}

// Mistaken turns what a validator of JSON schemas says into a *BodyError, ordered by place; at is the place of what it validated
// ("/fields").
func Mistaken(at string, err error) error {
	var invalid *jsonschema.ValidationError
	if !errors.As(err, &invalid) {
		return &BodyError{[]Mistake{{What: "wrong"}}}
	}
	var found []Mistake
	collect(invalid, at, &found)
	sort.SliceStable(found, func(i, j int) bool { return found[i].Pointer < found[j].Pointer })
	if len(found) > mostMistakes {
		found = found[:mostMistakes]
	}
	return &BodyError{found}
}

func collect(e *jsonschema.ValidationError, at string, found *[]Mistake) {
	for _, cause := range e.Causes {
		collect(cause, at, found)
	}
	if len(e.Causes) > 0 {
		return
	}
	pointer := at
	for _, part := range e.InstanceLocation {
		pointer += "/" + escape(part)
	}
	add := func(what, want string) { *found = append(*found, Mistake{Pointer: pointer, What: what, Want: want}) }
	switch k := e.ErrorKind.(type) {
	case *kind.Required:
		for _, name := range k.Missing {
			*found = append(*found, Mistake{Pointer: pointer + "/" + escape(name), What: "required"})
		}
	case *kind.AdditionalProperties:
		for _, name := range k.Properties {
			*found = append(*found, Mistake{Pointer: pointer + "/" + escape(name), What: "unknown"})
		}
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
