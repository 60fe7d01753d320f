package api_test

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"recourse/internal/api"
	"recourse/internal/complaint"
)

func TestDescriptionIsValidOpenAPI(t *testing.T) {
	document, err := openapi3.NewLoader().LoadFromData(api.Description())
	require.NoError(t, err)
	require.NoError(t, document.Validate(t.Context()), "examples are checked, too")
}

// First review: G2.
func TestEveryStepHasASchemaWithAnExample(t *testing.T) {
	document, err := openapi3.NewLoader().LoadFromData(api.Description())
	require.NoError(t, err)
	byStep := map[string]*openapi3.Schema{}
	for _, schema := range document.Components.Schemas {
		if step, ok := schema.Value.Extensions["x-step"].(string); ok {
			byStep[step] = schema.Value
		}
	}
	for _, step := range append(complaint.StepNames(), complaint.Register) {
		schema, known := byStep[string(step)]
		require.True(t, known, "the step %q has no schema", step)
		require.NotNil(t, schema.Example, "the schema of %q has no example", step)
		require.Equal(t, step.TakenBy(), schema.Extensions["x-taken-by"], "by whom %q is taken: the table in internal/complaint/steps.go", step)
		require.NotNil(t, schema.AdditionalProperties.Has)
		require.False(t, *schema.AdditionalProperties.Has, "the schema of %q takes unknown fields", step)
	}
}

func TestTheDescriptionListsAllThatTheDomainHas(t *testing.T) {
	document, err := openapi3.NewLoader().LoadFromData(api.Description())
	require.NoError(t, err)
	schemas := document.Components.Schemas
	requireLists(t, complaint.Stages(), schemas["Stage"])
	requireLists(t, complaint.Outcomes(), schemas["Outcome"])
	requireLists(t, complaint.RemedyKinds(), schemas["RemedyKind"])
	requireLists(t, complaint.StepNames(), schemas["StepName"])
	taken := document.Paths.Find("/v1/complaints/{number}/steps/{step}").Post.RequestBody.Value.Content["application/json"].Schema.Value
	var bodies []complaint.StepName
	for _, body := range taken.OneOf {
		bodies = append(bodies, complaint.StepName(body.Value.Extensions["x-step"].(string)))
	}
	require.Equal(t, complaint.StepNames(), bodies, "the bodies that takeStep may have: one for each step, in the order of steps.go")
}

// A code that the domain has is one that people may send and are shown.
func TestEveryEnumHasTheCodesOfItsTypeInTheDomain(t *testing.T) {
	document, err := openapi3.NewLoader().LoadFromData(api.Description())
	require.NoError(t, err)
	compared := 0
	for name, codes := range codesByType(t) {
		schema, described := document.Components.Schemas[name]
		if !described || schema.Value.Enum == nil || name == "StepName" { // those that people send: above
			continue
		}
		compared++
		if name == "Satisfaction" { // nobody says that they weren't reached
			codes = slices.DeleteFunc(codes, func(code any) bool { return code == string(complaint.Unreached) })
		}
		require.ElementsMatch(t, codes, schema.Value.Enum, "the enum of %s in openapi.yaml", name)
	}
	require.Greater(t, compared, 5)
}

// codesByType are the constants of the domain's words, by the name of their type.
func codesByType(t *testing.T) map[string][]any {
	t.Helper()
	files, err := filepath.Glob("../complaint/*.go")
	require.NoError(t, err)
	codes := map[string][]any{}
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		require.NoError(t, err)
		ast.Inspect(parsed, func(n ast.Node) bool {
			spec, is := n.(*ast.ValueSpec)
			if !is {
				return true
			}
			if of, typed := spec.Type.(*ast.Ident); typed && len(spec.Values) == 1 {
				if value, literal := spec.Values[0].(*ast.BasicLit); literal && value.Kind == token.STRING {
					code, err := strconv.Unquote(value.Value)
					require.NoError(t, err)
					codes[of.Name] = append(codes[of.Name], code)
				}
			}
			return true
		})
	}
	return codes
}

// What the domain can read of a step, its body can say; where several carry the same facts, one of
// them.
func TestTheBodyOfAStepTakesEveryFactThatItCarries(t *testing.T) {
	document, err := openapi3.NewLoader().LoadFromData(api.Description())
	require.NoError(t, err)
	taken := map[reflect.Type]openapi3.Schemas{}
	for _, schema := range document.Components.Schemas {
		step, is := schema.Value.Extensions["x-step"].(string)
		if !is || step == string(complaint.Register) {
			continue
		}
		example, err := json.Marshal(schema.Value.Example)
		require.NoError(t, err)
		facts, err := complaint.ReadFacts(complaint.StepName(step), example)
		require.NoError(t, err, step)
		for _, carried := range reflect.ValueOf(facts).Fields() {
			if carried.Kind() != reflect.Pointer || carried.IsNil() {
				continue
			}
			of := carried.Type().Elem()
			if taken[of] == nil {
				taken[of] = openapi3.Schemas{}
			}
			maps.Copy(taken[of], schema.Value.Properties)
		}
	}
	require.Greater(t, len(taken), 10)
	for of, properties := range taken {
		for name := range members(of) {
			require.Contains(t, properties, name, "no step's body in openapi.yaml takes what is carried as %s", of)
		}
	}
}

func requireLists[Code ~string](t *testing.T, known []Code, schema *openapi3.SchemaRef) {
	t.Helper()
	var listed []Code
	for _, code := range schema.Value.Enum {
		listed = append(listed, Code(code.(string)))
	}
	require.Equal(t, known, listed, "the enum in openapi.yaml")
}

func bodies(t testing.TB) *api.Bodies {
	b, err := api.NewBodies()
	require.NoError(t, err)
	return b
}

func TestBodyThatIsWrongSaysWhere(t *testing.T) {
	deep := strings.Repeat(`{"fields":`, 30) + "{}" + strings.Repeat("}", 30)
	for what, c := range map[string]struct {
		schema, body, pointer, mistake string
	}{
		"not JSON":                 {"Note", `{"words":`, "", "cut_off"},
		"no colon":                 {"Note", `{"words" "a"}`, "", "not_json"},
		"half a character":         {"Note", `{"words":"\ud800"}`, "", "surrogate"},
		"NUL in a name":            {"Note", `{"wo\u0000rds":"a"}`, "", "nul"},
		"more after the end":       {"Note", `{"words":"a"} {}`, "", "more"},
		"not an object":            {"Note", `["words"]`, "", "type"},
		"null":                     {"Note", `null`, "", "type"},
		"empty":                    {"Note", ``, "/words", "required"},
		"missing field":            {"Screen", `{"kind":"complaint","valid":true}`, "/category", "required"},
		"unknown field":            {"Note", `{"words":"a","word":"b"}`, "/word", "unknown"},
		"field twice":              {"Note", `{"words":"a","words":"b"}`, "/words", "duplicate"},
		"wrong type":               {"Explain", `{"contested":"yes"}`, "/contested", "type"},
		"not one of the words":     {"Close", `{"outcome":"won"}`, "/outcome", "enum"},
		"too long":                 {"Note", `{"words":"` + strings.Repeat("长", 20001) + `"}`, "/words", "too_long"},
		"empty text":               {"Note", `{"words":""}`, "/words", "too_short"},
		"number too small":         {"Inform", `{"proposal_revision":0}`, "/proposal_revision", "too_small"},
		"number too big":           {"Inform", `{"proposal_revision":99999999999999999999}`, "/proposal_revision", "too_big"},
		"number nobody reckons":    {"Register", `{"fields":{"a":[1e999999,-1E-999999]}}`, "/fields/a/0", "too_big"},
		"not a whole number":       {"Inform", `{"proposal_revision":1.5}`, "/proposal_revision", "type"},
		"whole number with a dot":  {"Inform", `{"proposal_revision":1.0}`, "/proposal_revision", "wrong"},
		"NUL":                      {"Note", `{"words":"a\u0000b"}`, "/words", "nul"},
		"not UTF-8":                {"Note", "{\"words\":\"a\xff\"}", "", "not_utf8"},
		"too deep":                 {"Register", deep, "", "too_deep"},
		"money as a number":        {"Propose", `{"remedies":[{"kind":"refund","amount":50,"currency":"CNY"}],"time_limit":"2026-03-02T10:00:00Z"}`, "/remedies/0/amount", "type"},
		"money below nothing":      {"Propose", `{"remedies":[{"kind":"refund","amount":"-5","currency":"CNY"}],"time_limit":"2026-03-02T10:00:00Z"}`, "/remedies/0/amount", "pattern"},
		"no remedy":                {"Propose", `{"remedies":[],"time_limit":"2026-03-02T10:00:00Z"}`, "/remedies", "too_few"},
		"no instant":               {"Suspend", `{"kind":"customer-away","until":"tomorrow"}`, "/until", "format"},
		"far beyond any calendar":  {"Suspend", `{"kind":"customer-away","until":"9999-01-01T00:00:00Z"}`, "/until", "format"},
		"offset of a day":          {"Suspend", `{"kind":"customer-away","until":"2026-06-30T23:59:00+24:00"}`, "/until", "format"},
		"second that isn't":        {"Suspend", `{"kind":"customer-away","until":"2026-06-30T23:59:60Z"}`, "/until", "format"},
		"same person twice":        {"Find", `{"founded":true,"liability":"department","people":["zhao-lei","zhao-lei"]}`, "/people", "twice"},
		"somebody's name as an ID": {"Reassign", `{"handler":"赵磊"}`, "/handler", "pattern"},
		"no address of mail":       {"Customer", `{"email":"chen jing"}`, "/email", "pattern"},
		"header in an address":     {"Customer", `{"email":"a@b.example\nBcc: c@d.example"}`, "/email", "pattern"},
		"slash in a name":          {"Note", `{"words":"a","a/b~c":1}`, "/a~1b~0c", "unknown"},
	} {
		t.Run(what, func(t *testing.T) {
			var into any
			err := bodies(t).Read(c.schema, []byte(c.body), typed(c.schema, &into))
			var wrong *api.BodyError
			require.ErrorAs(t, err, &wrong)
			require.Equal(t, c.mistake, wrong.Mistakes[0].What, "%v", wrong)
			require.Equal(t, c.pointer, wrong.Mistakes[0].Pointer)
			require.LessOrEqual(t, len(wrong.Mistakes), 20)
		})
	}
}

func typed(schema string, otherwise *any) any {
	if schema == "Inform" {
		return &api.Inform{}
	}
	return otherwise
}

func TestMistakesDoNotRepeatWhatWasWritten(t *testing.T) {
	var into any
	err := bodies(t).Read("Close", []byte(`{"outcome":"Chen Jing, 13800000000"}`), &into)
	require.Error(t, err)
	require.NotContains(t, err.Error(), "Chen Jing")
}

func FuzzBodyIsReadOrRefused(f *testing.F) {
	f.Add("Register", `{"procedure":"courier-station","channel":"phone","narrative":"x","fields":{"a":[1,2.5,null]}}`)
	f.Add("Propose", `{"remedies":[{"kind":"refund","amount":"1.50","currency":"CNY"}],"time_limit":"2026-03-02T10:00:00Z"}`)
	f.Add("Note", "{\"words\":\"\\ud800 \\u0000\"}")
	f.Add("Inform", `{"proposal_revision":1e2}`)
	b := bodies(f)
	f.Fuzz(func(t *testing.T, schema, body string) {
		var into map[string]any
		err := b.Read(schema, []byte(body), &into)
		if err != nil {
			if _, ok := errors.AsType[*api.BodyError](err); !ok {
				require.ErrorContains(t, err, "no schema")
			}
			return
		}
		written, err := json.Marshal(into)
		require.NoError(t, err)
		require.True(t, utf8.Valid(written))
		require.NotContains(t, string(written), `\u0000`, "PostgreSQL could not keep it")
	})
}
