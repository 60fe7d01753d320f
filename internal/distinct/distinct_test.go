package distinct_test

import (
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"recourse/internal/distinct"
)

// A validator's own uniqueItems says the same of every list, only later.
func TestAListIsDistinctWhereTheStandardSaysSo(t *testing.T) {
	ours := jsonschema.NewCompiler()
	schema := map[string]any{"uniqueItems": true}
	require.NoError(t, ours.AddResource("urn:s", distinct.Use(ours, schema)))
	theirs := jsonschema.NewCompiler()
	require.NoError(t, theirs.AddResource("urn:s", schema))
	for _, c := range []struct {
		list string
		want bool
	}{
		{`[]`, true},
		{`["a"]`, true},
		{`["a","b","a"]`, false},
		{`[1,1.0]`, false},
		{`[100,1e2]`, false},
		{`["1",1]`, true},
		{`[true,1,null,0,false,"null"]`, true},
		{`[null,null]`, false},
		{`[{"a":1,"b":2},{"b":2.0,"a":1}]`, false},
		{`[{"a":1},{"a":2},{"b":1}]`, true},
		{`[[],[[]],[[],[]],[[[]]]]`, true},
		{`[[[],[[]]],[[],[[]]]]`, false},
		{`[["a","b"],["a,b"]]`, true},
		{`[["\"],[\""],["",""]]`, true},
		{`{"a":1}`, true},
	} {
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(c.list))
		require.NoError(t, err)
		require.Equal(t, c.want, ours.MustCompile("urn:s").Validate(value) == nil, c.list)
		require.Equal(t, c.want, theirs.MustCompile("urn:s").Validate(value) == nil, c.list)
	}
}

// What is written in a schema beside uniqueItems stays as it is.
func TestAPropertyMayBeCalledUniqueItems(t *testing.T) {
	compiler := jsonschema.NewCompiler()
	schema := map[string]any{"properties": map[string]any{"uniqueItems": map[string]any{"type": "array", "uniqueItems": true}}}
	require.NoError(t, compiler.AddResource("urn:s", distinct.Use(compiler, schema)))
	compiled := compiler.MustCompile("urn:s")

	require.NoError(t, compiled.Validate(map[string]any{"uniqueItems": []any{"a", "b"}}))
	require.Error(t, compiled.Validate(map[string]any{"uniqueItems": []any{"a", "a"}}))
	require.Error(t, compiled.Validate(map[string]any{"uniqueItems": "a"}))
}
