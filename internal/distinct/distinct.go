// Package distinct judges the uniqueItems of JSON schemas in time that grows with the list and no
// faster, whatever the list holds. A validator that compares items by hashes can be sent items of
// one hash.
package distinct

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// keyword is what uniqueItems becomes, so that the validator itself doesn't judge it.
const keyword = "x-distinct"

// Use lets a compiler compile a schema whose lists are judged here. Give it to AddResource: it is
// the schema, or the document with schemas, as it was read, with uniqueItems called otherwise.
func Use(compiler *jsonschema.Compiler, schema any) any {
	compiler.RegisterVocabulary(&jsonschema.Vocabulary{URL: "urn:distinct", Compile: compile})
	compiler.AssertVocabs()
	return renamed(schema)
}

func renamed(node any) any {
	switch node := node.(type) {
	case map[string]any:
		copied := make(map[string]any, len(node))
		for name, value := range node {
			copied[name] = renamed(value)
		}
		if asked, is := copied["uniqueItems"].(bool); is { // and no property that is called so
			copied[keyword] = asked
			delete(copied, "uniqueItems")
		}
		return copied
	case []any:
		copied := make([]any, len(node))
		for i, value := range node {
			copied[i] = renamed(value)
		}
		return copied
	}
	return node
}

func compile(_ *jsonschema.CompilerContext, schema map[string]any) (jsonschema.SchemaExt, error) {
	if asked, _ := schema[keyword].(bool); asked {
		return items{}, nil
	}
	return nil, nil //nolint:nilnil // as the interface of Vocabulary says it
}

type items struct{}

// Validate tells the first item that is there twice.
func (items) Validate(ctx *jsonschema.ValidatorContext, value any) {
	list, is := value.([]any)
	if !is {
		return
	}
	first := make(map[string]int, len(list))
	for i, item := range list {
		var written strings.Builder
		write(&written, item)
		if before, there := first[written.String()]; there {
			ctx.AddError(&kind.UniqueItems{Duplicates: [2]int{before, i}})
			return
		}
		first[written.String()] = i
	}
}

// write writes a value so that equal ones, and no others, are the same text: 1 and 1.0 are equal.
func write(into *strings.Builder, value any) {
	switch value := value.(type) {
	case string:
		into.WriteString(strconv.Quote(value))
	case nil, bool:
		fmt.Fprint(into, value)
	case []any:
		into.WriteByte('[')
		for _, item := range value {
			write(into, item)
			into.WriteByte(',')
		}
		into.WriteByte(']')
	case map[string]any:
		into.WriteByte('{')
		for _, name := range slices.Sorted(maps.Keys(value)) {
			into.WriteString(strconv.Quote(name))
			into.WriteByte(':')
			write(into, value[name])
			into.WriteByte(',')
		}
		into.WriteByte('}')
	case json.Number, float64, int:
		if number, is := new(big.Rat).SetString(fmt.Sprint(value)); is {
			into.WriteString(number.RatString())
			return
		}
		fmt.Fprint(into, value)
	default:
		fmt.Fprintf(into, "%#v", value)
	}
}
