package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// Bounds of a body, besides those of its schema.
const (
	mostMistakes  = 20 // told at once
	deepest       = 16 // levels of objects and arrays
	longestNumber = 40 // digits
	largestPower  = 308
)

// parse reads JSON as strictly as it is defined (RFC 8259, section 4: names should be unique;
// section 8.1: UTF-8), in time that grows with its length and not faster. The error is a
// *BodyError.
func parse(body []byte) (any, error) {
	if !utf8.Valid(body) {
		return nil, &BodyError{[]Mistake{{What: "not_utf8"}}}
	}
	// What the decoder itself would refuse by the first of its kind is allowed here and told with
	// everything else.
	r := reader{decoder: jsontext.NewDecoder(bytes.NewBuffer(body), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))}
	value, err := r.value()
	if err == nil {
		if _, more := r.decoder.ReadToken(); !errors.Is(more, io.EOF) {
			err = errTrailing
		}
	}
	if err != nil {
		return nil, &BodyError{[]Mistake{unreadable(body, err)}}
	}
	// RFC 8259, section 8.2: in JSON that is UTF-8 only an escape that is half of a character is
	// invalid by now.
	if !jsontext.Value(body).IsValid(jsontext.AllowDuplicateNames(true)) && len(r.mistakes) < mostMistakes {
		r.mistakes = append(r.mistakes, Mistake{What: "surrogate"})
	}
	if len(r.mistakes) > 0 {
		return nil, &BodyError{r.mistakes}
	}
	return value, nil
}

var (
	errTooDeep  = errors.New("nested too deeply")
	errTrailing = errors.New("more follows after the end")
)

// unreadable says why a body can't be read to its end.
func unreadable(body []byte, err error) Mistake {
	var syntax *jsontext.SyntacticError
	switch {
	case errors.Is(err, errTooDeep):
		return Mistake{What: "too_deep"}
	case errors.Is(err, errTrailing):
		return Mistake{What: "more"}
	case errors.Is(err, io.ErrUnexpectedEOF), !errors.As(err, &syntax):
		return Mistake{What: "cut_off"}
	}
	before := body[:min(int(syntax.ByteOffset), len(body))]
	line := before[bytes.LastIndexByte(before, '\n')+1:]
	return Mistake{What: "not_json", Line: bytes.Count(before, []byte("\n")) + 1, Column: utf8.RuneCount(line) + 1}
}

// reader reads one value for the validator of schemas, and collects what no schema could say of it.
type reader struct {
	decoder  *jsontext.Decoder
	mistakes []Mistake
}

func (r *reader) value() (any, error) {
	token, err := r.decoder.ReadToken()
	if err != nil {
		return nil, err
	}
	kind := token.Kind()
	if (kind == '{' || kind == '[') && r.decoder.StackDepth() > deepest {
		return nil, errTooDeep
	}
	switch kind {
	case '{':
		return r.object()
	case '[':
		return r.array()
	case '"':
		text := token.String()
		if strings.IndexByte(text, 0) >= 0 { // PostgreSQL keeps no U+0000 in text
			r.add("nul", "")
		}
		if text != "" && strings.TrimSpace(text) == "" {
			r.add("too_short", "")
		}
		return text, nil
	case '0':
		number := token.String()
		if !reckonable(number) {
			r.add("too_big", "1e308")
			number = "0"
		}
		return json.Number(number), nil
	case 't', 'f':
		return token.Bool(), nil
	default:
		return nil, nil // null
	}
}

func (r *reader) object() (any, error) {
	object := map[string]any{}
	for r.decoder.PeekKind() != '}' {
		token, err := r.decoder.ReadToken()
		if err != nil {
			return nil, err
		}
		name := token.String()
		if strings.IndexByte(name, 0) >= 0 {
			r.addAround("nul")
		}
		if _, twice := object[name]; twice {
			r.add("duplicate", "")
		}
		if object[name], err = r.value(); err != nil {
			return nil, err
		}
	}
	_, err := r.decoder.ReadToken()
	return object, err
}

func (r *reader) array() (any, error) {
	array := []any{}
	for r.decoder.PeekKind() != ']' {
		item, err := r.value()
		if err != nil {
			return nil, err
		}
		array = append(array, item)
	}
	_, err := r.decoder.ReadToken()
	return array, err
}

// add notes a mistake at what was read last. Its place is written out for those that are told and
// no other: it may be as long as the body.
func (r *reader) add(what, want string) {
	if len(r.mistakes) < mostMistakes {
		r.mistakes = append(r.mistakes, Mistake{Pointer: string(r.decoder.StackPointer()), What: what, Want: want})
	}
}

// addAround notes a mistake in a name at the object that holds it.
func (r *reader) addAround(what string) {
	if len(r.mistakes) < mostMistakes {
		r.mistakes = append(r.mistakes, Mistake{Pointer: string(r.decoder.StackPointer().Parent()), What: what})
	}
}

// reckonable refuses numbers such as 1e999999: the validator reckons exactly, and would take its
// time over each.
func reckonable(number string) bool {
	digits, exponent, _ := strings.Cut(strings.ToLower(number), "e")
	if len(digits) > longestNumber {
		return false
	}
	if exponent == "" {
		return true
	}
	power, err := strconv.Atoi(exponent)
	return err == nil && power >= -largestPower && power <= largestPower
}
