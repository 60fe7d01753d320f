package api

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// NewSketches are the Bodies of steps that are told and not sent, as in a story: text may be left
// out of them, since nobody reads it.
func NewSketches() (*Bodies, error) {
	return newBodies(func(schemas map[string]any) {
		for _, schema := range schemas {
			leaveTextOut(schema.(map[string]any), schemas)
		}
	})
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

// withMembers says with each unknown member of a body which there are.
func withMembers(schema *jsonschema.Schema, err error) error {
	if wrong, is := errors.AsType[*BodyError](err); is {
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
