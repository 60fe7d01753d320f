package api

import (
	"fmt"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"
)

// Lists are checks of all lists that the description describes, by the places of their schemas.
func Lists(t *testing.T) map[string]func(body []byte) error {
	compiler, document, err := newCompiler(func(map[string]any) {})
	require.NoError(t, err)
	checks := map[string]func([]byte) error{}
	var visit func(pointer string, node any)
	visit = func(pointer string, node any) {
		switch node := node.(type) {
		case map[string]any:
			if node["type"] == "array" {
				schema, err := compiler.Compile(descriptionURL + "#" + pointer)
				require.NoError(t, err)
				checks[pointer] = func(body []byte) error { return checked(schema, body) }
			}
			for name, value := range node {
				visit(pointer+"/"+strings.NewReplacer("~", "~0", "/", "~1").Replace(name), value)
			}
		case []any:
			for i, value := range node {
				visit(fmt.Sprintf("%s/%d", pointer, i), value)
			}
		}
	}
	visit("", document)
	return checks
}

func checked(schema *jsonschema.Schema, body []byte) error {
	_, err := check(schema, body)
	return err
}
