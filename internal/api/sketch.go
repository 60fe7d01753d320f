package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Sketches checks the bodies of steps that are told and not sent, as in a story: as Bodies does,
// but text may be left out, since nobody reads it. It is safe for concurrent use.
type Sketches struct {
	steps map[string]*jsonschema.Schema
}

// NewSketches compiles the schemas of all steps.
func NewSketches() (*Sketches, error) {
	schemaOf := map[string]string{}
	bodies, err := newBodies(func(schemas map[string]any) {
		for name, one := range schemas {
			schema := one.(map[string]any)
			if step, is := schema["x-step"].(string); is {
				schemaOf[step] = name
			}
			leaveTextOut(schema, schemas)
		}
	})
	if err != nil {
		return nil, err
	}
	s := &Sketches{steps: map[string]*jsonschema.Schema{}}
	for step, name := range schemaOf {
		s.steps[step] = bodies.schemas[name]
	}
	return s, nil
}

// leaveTextOut requires no member of the schema that is text.
func leaveTextOut(schema, schemas map[string]any) {
	required, _ := schema["required"].([]any)
	properties, _ := schema["properties"].(map[string]any)
	left := slices.DeleteFunc(required, func(name any) bool {
		property, _ := properties[name.(string)].(map[string]any)
		if reference, is := property["$ref"].(string); is {
			property, _ = schemas[reference[strings.LastIndex(reference, "/")+1:]].(map[string]any)
		}
		return property["type"] == "string"
	})
	if delete(schema, "required"); len(left) > 0 {
		schema["required"] = left
	}
}

// Check checks the body of a step, as plain maps, slices and scalars. The error is a *BodyError,
// unless there is no such step. The Want of a Mistake that says "unknown" are the members that
// there are, with commas between them.
func (s *Sketches) Check(step string, body map[string]any) error {
	schema, known := s.steps[step]
	if !known {
		return fmt.Errorf("openapi.yaml has no step %q", step)
	}
	if body == nil {
		body = map[string]any{}
	}
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}
	value, err := parse(raw)
	if err != nil {
		return err
	}
	if err = schema.Validate(value); err == nil {
		return nil
	}
	err = Mistaken("", err)
	var wrong *BodyError
	if errors.As(err, &wrong) {
		for i, mistake := range wrong.Mistakes {
			if mistake.What == "unknown" {
				wrong.Mistakes[i].Want = strings.Join(members(schema, mistake.Pointer), ", ")
			}
		}
	}
	return err
}

// members are those that a schema knows at the place of a member that it doesn't.
func members(schema *jsonschema.Schema, pointer string) []string {
	around := strings.Split(pointer, "/")
	for _, name := range around[1 : len(around)-1] {
		schema = dereferenced(schema)
		if items, is := schema.Items.(*jsonschema.Schema); is {
			schema = items
		} else {
			schema = schema.Properties[name]
		}
	}
	return slices.Sorted(maps.Keys(dereferenced(schema).Properties))
}

func dereferenced(schema *jsonschema.Schema) *jsonschema.Schema {
	for schema.Ref != nil {
		schema = schema.Ref
	}
	return schema
}
