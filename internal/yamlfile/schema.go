package yamlfile

import (
	"bytes"
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
)

// object is a JSON object.
type object = map[string]any

// Schema describes the files that Decode reads into a struct as file, in the words of JSON Schema
// that editors know: from the same tags and terms. It holds the keys, their shapes and words; what
// a rule says of several values is not in it.
func Schema(title string, terms *Terms, file any) []byte {
	s := schema{terms: terms, definitions: object{}, types: map[string]reflect.Type{}}
	whole := s.mapping(reflect.TypeOf(file))
	whole["$schema"] = "http://json-schema.org/draft-07/schema#"
	whole["title"] = title
	whole["definitions"] = s.definitions
	var written bytes.Buffer
	encoder := json.NewEncoder(&written)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(whole); err != nil {
		panic(err) // it holds maps, lists and words
	}
	return written.Bytes()
}

// schema makes a schema. What has a name is defined once, by it.
type schema struct {
	terms       *Terms
	definitions object
	types       map[string]reflect.Type // of the definitions
}

// of describes what decode reads into a value of a type.
func (s *schema) of(t reflect.Type) any {
	if _, ok := s.terms.parsers[t]; ok {
		return s.word()
	}
	inWords := reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
	if inWords && t.Kind() != reflect.Struct {
		return s.word()
	}
	switch t.Kind() {
	case reflect.Pointer:
		return s.of(t.Elem())
	case reflect.Struct:
		var choices []any
		if inWords {
			choices = append(choices, s.word())
		}
		if items, ok := tagged(t, "items"); ok {
			choices = append(choices, list(s.of(items.Type.Elem())))
		}
		if len(fieldsOf(t)) > 0 {
			choices = append(choices, s.defined(t, func() object { return s.mapping(t) }))
		}
		return anyOf(choices...)
	case reflect.Slice:
		key, named := tagged(t.Elem(), "key")
		if !named {
			item := s.of(t.Elem())
			return anyOf(item, list(item))
		}
		if value, whole := tagged(t.Elem(), "value"); whole {
			return s.named(key.Type, s.of(value.Type))
		}
		return s.named(key.Type, s.of(t.Elem()))
	case reflect.Map:
		return s.named(t.Key(), s.of(t.Elem()))
	case reflect.String:
		if v, limited := s.terms.words[t]; limited {
			return s.defined(t, func() object { return object{"title": v.noun, "enum": v.words} })
		}
		return s.word()
	case reflect.Int:
		return object{"type": "integer"}
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.Interface:
		return true
	default:
		panic("yamlfile: no way to describe a " + t.String())
	}
}

// word is a value that is read as it is written, in quotes or without.
func (s *schema) word() object {
	return s.defined(reflect.TypeFor[word](), func() object { return object{"type": []string{"string", "number", "boolean"}} })
}

type word string

// list describes a list.
func list(item any) object { return object{"type": "array", "items": item} }

// anyOf describes what may have several shapes.
func anyOf(choices ...any) any {
	if len(choices) == 1 {
		return choices[0]
	}
	return object{"anyOf": choices}
}

// named describes a mapping of one's own names, or of the words of their type.
func (s *schema) named(key reflect.Type, value any) object {
	v, limited := s.terms.words[key]
	if !limited {
		return object{"type": "object", "additionalProperties": value}
	}
	properties := object{}
	for _, word := range v.words {
		properties[word] = value
	}
	return object{"type": "object", "properties": properties, "additionalProperties": false}
}

// defined refers to the definition of a type.
func (s *schema) defined(t reflect.Type, describe func() object) object {
	name := t.Name()
	if s.types[name] == nil {
		s.types[name] = t // before it is described: it may refer to itself
		s.definitions[name] = describe()
	}
	if s.types[name] != t {
		panic(fmt.Sprintf("yamlfile: both %s and %s would be described as %q", t, s.types[name], name))
	}
	return object{"$ref": "#/definitions/" + name}
}

// mapping describes a struct's keys.
func (s *schema) mapping(t reflect.Type) object {
	properties, required, fields := object{}, []string{}, fieldsOf(t)
	for _, name := range names(fields) {
		field := fields[name]
		properties[name] = s.of(t.FieldByIndex(field.index).Type)
		if field.mayBeEmpty {
			properties[name] = anyOf(properties[name], object{"type": "null"})
		}
		if field.required {
			required = append(required, name)
		}
	}
	_, open := tagged(t, "rest")
	return object{"type": "object", "properties": properties, "required": required, "additionalProperties": open}
}
