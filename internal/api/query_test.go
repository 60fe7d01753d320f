package api_test

import (
	"errors"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"recourse/internal/api"
	"recourse/internal/phrase"
)

// First review: C4.
func TestNoParameterIsTakenThatIsNotAsDescribed(t *testing.T) {
	parameters, err := api.NewParameters()
	require.NoError(t, err)
	document, err := openapi3.NewLoader().LoadFromData(api.Description())
	require.NoError(t, err)
	refused := func(operation, name, want string, values ...string) {
		t.Helper()
		wrong, is := errors.AsType[*api.QueryError](parameters.Check(operation, url.Values{name: values}))
		require.True(t, is, "%s takes %s=%q", operation, name, values)
		require.Len(t, wrong.Mistakes, 1)
		require.Equal(t, name, wrong.Mistakes[0].Pointer)
		require.Equal(t, want, wrong.Mistakes[0].What, "%s of %s as %q", name, operation, values)
	}
	tried := 0
	for path, item := range document.Paths.Map() {
		for method, operation := range item.Operations() {
			at := strings.ToUpper(method) + " " + path
			refused(at, "no-such-parameter", "no_parameter", "x")
			for _, ref := range operation.Parameters {
				p := ref.Value
				if p.In != "query" {
					continue
				}
				tried++
				s := p.Schema.Value
				refused(at, p.Name, "too_short", "")
				refused(at, p.Name, "too_short", " ")
				refused(at, p.Name, "once", "1", "1")
				refused(at, p.Name, "nul", "a\x00b")
				refused(at, p.Name, "parameter", "\xff")
				switch {
				case s.Type.Is("integer"):
					for _, text := range []string{"x", "1.5", "1e3", "+1", "0x1", "01", " 1", "99999999999999999999"} {
						refused(at, p.Name, "type", text)
					}
					require.NotNil(t, s.Max, "%s of %s is unbounded", p.Name, at)
					refused(at, p.Name, "too_small", strconv.Itoa(int(*s.Min)-1))
					refused(at, p.Name, "too_big", strconv.Itoa(int(*s.Max)+1))
				case s.Type.Is("boolean"):
					refused(at, p.Name, "type", "yes")
					refused(at, p.Name, "type", "1")
				case len(s.Enum) > 0:
					refused(at, p.Name, "enum", "nope")
				case s.Format == "date-time":
					refused(at, p.Name, "format", "yesterday")
					refused(at, p.Name, "format", "1026-03-02T10:00:00Z")
				default:
					require.NotNil(t, s.MaxLength, "%s of %s is unbounded", p.Name, at)
					refused(at, p.Name, "too_long", strings.Repeat("a", int(*s.MaxLength)+1))
					if s.Pattern != "" {
						refused(at, p.Name, "pattern", "(")
					}
				}
			}
		}
	}
	require.Greater(t, tried, 30)
	require.NoError(t, parameters.Check("GET /v1/complaints", url.Values{"stage": {"received"}, "tier_min": {"0"}, "overdue": {"false"}, "q": {"张"}, "limit": {"200"},
		"received_from": {"2026-03-02T10:00:00+08:00"}}))
}

// People are told what is wanted, and not a regular expression.
//
// First review: F4.
func TestEveryPatternIsExplainedInWords(t *testing.T) {
	document, err := openapi3.NewLoader().LoadFromData(api.Description())
	require.NoError(t, err)
	explained := 0
	var visit func(name string, ref *openapi3.SchemaRef)
	visit = func(name string, ref *openapi3.SchemaRef) {
		if ref == nil || ref.Ref != "" && strings.Contains(name, "/") { // those of components come by themselves
			return
		}
		if pattern := ref.Value.Pattern; pattern != "" {
			explained++
			require.True(t, phrase.Has(phrase.Body, "pattern_"+pattern), "%s: internal/phrase/words.yaml doesn't explain the pattern %s", name, pattern)
			for _, language := range []string{"en", "zh-CN"} {
				require.NotContains(t, phrase.Label(phrase.Body, "pattern_"+pattern, language), "^")
			}
		}
		for property, of := range ref.Value.Properties {
			visit(name+"/"+property, of)
		}
		visit(name+"/items", ref.Value.Items)
	}
	for name, schema := range document.Components.Schemas {
		visit(name, schema)
	}
	for _, item := range document.Paths.Map() {
		for _, operation := range item.Operations() {
			for _, p := range operation.Parameters {
				visit(p.Value.Name, p.Value.Schema)
			}
		}
	}
	require.Greater(t, explained, 5)
}
