package api_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"recourse/internal/api"
	"recourse/internal/complaint"
)

// What is shown as the domain has it is described with the members that the domain's types have,
// and no other.
func TestWhatIsShownAsTheDomainHasItIsDescribedSo(t *testing.T) {
	document, err := openapi3.NewLoader().LoadFromData(api.Description())
	require.NoError(t, err)
	own := reflect.TypeFor[complaint.Event]().PkgPath()
	compared := map[string]bool{}
	for _, shown := range []reflect.Type{reflect.TypeFor[api.Complaint](), reflect.TypeFor[api.Event]()} {
		schema := document.Components.Schemas[shown.Name()].Value
		for name, member := range members(shown) {
			if within(member.Type).PkgPath() == own {
				compare(t, within(member.Type), schema.Properties[name], shown.Name()+"/"+name, compared)
			}
		}
	}
	for _, name := range []string{"Event", "Step", "Facts", "Deadline", "Findings", "OpenProposal", "OrderGiven", "Threat"} {
		require.True(t, compared[name], "%s is shown", name)
	}
}

// compare holds a type of the domain against its schema, and what it is made of.
func compare(t *testing.T, domain reflect.Type, schema *openapi3.SchemaRef, at string, compared map[string]bool) {
	t.Helper()
	require.NotNil(t, schema, "%s isn't described", at)
	if compared[domain.Name()] && schema.Ref != "" {
		return
	}
	compared[domain.Name()] = true
	for schema.Value.Items != nil {
		schema = schema.Value.Items
	}
	if schema.Ref != "" {
		require.Equal(t, "complaint."+domain.Name(), schema.Value.Extensions["x-go-type"], at)
	}
	has := members(domain)
	if domain == reflect.TypeFor[complaint.Event]() {
		for _, beside := range []string{"kind", "at", "by"} {
			delete(has, beside)
		}
	}
	for name := range schema.Value.Properties {
		require.Contains(t, has, name, "%s is described with a member that it hasn't", at)
	}
	for name, member := range has {
		described := schema.Value.Properties[name]
		require.NotNil(t, described, "%s/%s isn't described: add it to openapi.yaml", at, name)
		require.Equal(t, !strings.Contains(member.Tag.Get("json"), ",omit"), slices.Contains(schema.Value.Required, name), "%s/%s is required", at, name)
		if inner := within(member.Type); inner.Kind() == reflect.Struct && inner != reflect.TypeFor[time.Time]() {
			compare(t, inner, described, at+"/"+name, compared)
		}
	}
}

// members are the fields of a struct by their JSON names.
func members(of reflect.Type) map[string]reflect.StructField {
	named := map[string]reflect.StructField{}
	for _, field := range reflect.VisibleFields(of) {
		if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); name != "" {
			named[name] = field
		}
	}
	return named
}

// within is what a pointer or a list holds.
func within(of reflect.Type) reflect.Type {
	for of.Kind() == reflect.Pointer || of.Kind() == reflect.Slice {
		of = of.Elem()
	}
	return of
}
