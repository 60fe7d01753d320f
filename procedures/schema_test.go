package procedures_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"recourse/internal/calendar"
	"recourse/internal/directory"
	"recourse/internal/procedure"
	"recourse/internal/yamlfile"
)

// described are the kinds of files that have a schema, and where those are that come with the
// software.
var described = map[string]struct {
	schema func() []byte
	files  string
}{
	"procedure": {procedure.Schema, "*.yaml"},
	"calendar":  {calendar.Schema, "calendars/*.yaml"},
	"directory": {directory.Schema, "directories/*.yaml"},
}

func compiled(t *testing.T, schema []byte) *jsonschema.Schema {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema))
	require.NoError(t, err)
	compiler := jsonschema.NewCompiler()
	require.NoError(t, compiler.AddResource("urn:schema", document))
	whole, err := compiler.Compile("urn:schema")
	require.NoError(t, err)
	return whole
}

func validate(t *testing.T, schema *jsonschema.Schema, text []byte) error {
	t.Helper()
	var plain any
	require.NoError(t, yamlfile.Decode("file.yaml", text, yamlfile.NewTerms(), &plain).Err())
	return schema.Validate(plain)
}

func TestTheSchemasForEditorsAreThoseOfTheReaders(t *testing.T) {
	for kind, of := range described {
		written, err := os.ReadFile("schema/" + kind + ".json")
		require.NoError(t, err)
		require.Equal(t, string(of.schema()), string(written), "write it anew: make generate")
	}
}

func TestTheFilesThatComeWithTheSoftwareAreRightForAnEditor(t *testing.T) {
	for kind, of := range described {
		schema := compiled(t, of.schema())
		files, err := filepath.Glob(of.files)
		require.NoError(t, err)
		require.NotEmpty(t, files)
		for _, file := range files {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			require.NoError(t, validate(t, schema, text), file)

			first, _, _ := strings.Cut(string(text), "\n")
			path, says := strings.CutPrefix(first, "# yaml-language-server: $schema=")
			require.True(t, says, "%s names its schema", file)
			named, err := os.Stat(filepath.Join(filepath.Dir(file), path))
			require.NoError(t, err, file)
			written, err := os.Stat("schema/" + kind + ".json")
			require.NoError(t, err)
			require.True(t, os.SameFile(named, written), "%s names the schema of a %s", file, kind)
		}
	}
}

func TestAnEditorSeesWhatTheReaderWouldRefuse(t *testing.T) {
	for name, c := range map[string]struct{ kind, file, this, that string }{
		"unknown key":            {"procedure", "courier-station.yaml", "\ncalendar: ", "\ncalender: "},
		"missing key":            {"procedure", "courier-station.yaml", "\ncurrency: CNY", ""},
		"unknown stage":          {"procedure", "courier-station.yaml", "reopen: investigating", "reopen: investigated"},
		"unknown key of a text":  {"procedure", "courier-station.yaml", "zh-CN: 物流快递服务站}", "zh: 物流快递服务站}"},
		"list in place of a key": {"calendar", "calendars/cn.yaml", "\nzone: Asia/Shanghai", "\nzone: [Asia/Shanghai]"},
		"number of no people":    {"directory", "directories/courier-station.yaml", "\npeople:", "\nabsences: 3\npeople:"},
	} {
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(c.file)
			require.NoError(t, err)
			require.Contains(t, string(text), c.this)
			wrong := []byte(strings.Replace(string(text), c.this, c.that, 1))
			require.Error(t, validate(t, compiled(t, described[c.kind].schema()), wrong))
		})
	}
}
