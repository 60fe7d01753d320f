package yamlfile_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/yamlfile"
)

type colour string

type parcel struct {
	Name    string         `yaml:"name,required"`
	Colours []colour       `yaml:"colours"`
	Weight  int            `yaml:"weight"`
	Fragile bool           `yaml:"fragile"`
	Stops   []stop         `yaml:"stops"`
	Labels  map[colour]int `yaml:"labels"`
}

type stop struct {
	Town  string         `yaml:",key"`
	Hours int            `yaml:"hours,required"`
	Notes map[string]any `yaml:",rest"`
}

func terms() *yamlfile.Terms {
	t := yamlfile.NewTerms()
	yamlfile.Words(t, "colour", colour("red"), colour("green"))
	return t
}

func TestAFileIsReadWithTheOrderOfItsNames(t *testing.T) {
	var p parcel
	doc := yamlfile.Decode("parcel.yaml", []byte(`
name: "box"
colours: red            # one word is a list of one
weight: 3
fragile: true
stops:
  zurich: {hours: 2, gate: 7, doors: [{to: a}, {to: b}]}
  aachen: {hours: 1}
labels: {green: 4}
`), terms(), &p)
	require.NoError(t, doc.Err())
	require.Equal(t, parcel{Name: "box", Colours: []colour{"red"}, Weight: 3, Fragile: true,
		Stops:  []stop{{Town: "zurich", Hours: 2, Notes: map[string]any{"gate": float64(7), "doors": []any{map[string]any{"to": "a"}, map[string]any{"to": "b"}}}}, {Town: "aachen", Hours: 1}},
		Labels: map[colour]int{"green": 4}}, p)
	require.Equal(t, yamlfile.Position{Line: 7, Column: 19}, doc.Position("stops.zurich.hours"))
	require.Equal(t, yamlfile.Position{Line: 7, Column: 3}, doc.Position("stops.zurich.length"), "the nearest value around it")
	require.Equal(t, yamlfile.Position{Line: 7, Column: 49}, doc.Position("stops.zurich.doors[1].to"), "of a value of any shape")

	var seen []string
	yamlfile.Each(doc, func(path string, c *colour) { seen = append(seen, path+"="+string(*c)) })
	require.Equal(t, []string{"colours[0]=red"}, seen)
}

func TestAllMistakesOfAFileAreFoundAtOnce(t *testing.T) {
	var p parcel
	doc := yamlfile.Decode("parcel.yaml", []byte(`
name: [box]
colours: [red, gren]
weight: heavy
fragile: maybe
stops:
  zurich: {hour: 2}
  aachen:
labels: {blue: 4}
size: 3
`), terms(), &p)
	var problems yamlfile.Problems
	require.ErrorAs(t, doc.Err(), &problems)
	require.Equal(t, strings.TrimSpace(`
parcel.yaml:2:7: expected a single value, found a list
parcel.yaml:3:16: unknown colour "gren"; write "green"
parcel.yaml:4:9: expected a whole number, found "heavy"
parcel.yaml:5:10: expected true or false, found "maybe"
parcel.yaml:7:3: the key "hours" is missing here; add it
parcel.yaml:8:3: "aachen" has no value; write one, or leave it out
parcel.yaml:9:10: unknown colour "blue"; write one of red, green
parcel.yaml:10:1: unknown key "size"; write one of colours, fragile, labels, name, stops, weight
`), problems.Error())
	require.True(t, doc.Unread("colours"))
	require.False(t, doc.Unread("label"))
}

func TestWhatCannotBeReadIsShownWithItsPlace(t *testing.T) {
	for name, c := range map[string]struct{ file, want string }{
		"not UTF-8":             {"name: box\nsize: 大\xff\n", "2:8: this is not UTF-8 text: invalid leading UTF-8 octet (value: 255); save the file as UTF-8"},
		"a control character":   {"name: a\x00b\n", "1:8: this is not UTF-8 text: control characters are not allowed (value: 0); save the file as UTF-8"},
		"a directive":           {"%YAML 1.2\n---\nname: box\n", "1:1: directives (%) are not read here; take the line out"},
		"a list not closed":     {"name: box\ncolours: [red\nweight: 3\n", `3:7: this is not YAML: did not find expected ',' or ']' in what begins in line 2; text that holds , [ ] { } # or ": " stands in quotes`},
		"a tab":                 {"name: box\nstops:\n\ta: {}\n", `3:1: this is not YAML: found character that cannot start any token; text that holds , [ ] { } # or ": " stands in quotes`},
		"an anchor":             {"name: &a box\n", "1:7: anchors (&), aliases (*) and tags (!) are not read here; write the value out"},
		"an alias of nothing":   {"name: *a\n", "1:7: anchors (&), aliases (*) and tags (!) are not read here; write the value out"},
		"a tag":                 {"name: !!str box\n", "1:7: anchors (&), aliases (*) and tags (!) are not read here; write the value out"},
		"an anchor at a key":    {"&a name: box\n", `1:1: expected a plain word as the key, found "name"`},
		"a merged mapping":      {"name: box\n<<: {weight: 3}\n", `2:1: expected a plain word as the key, found "<<"`},
		"a mapping as the key":  {"name: box\n? {a: b}\n: c\n", "2:3: expected a plain word as the key, found a mapping"},
		"nothing as the key":    {"name: box\n: c\n", "2:1: expected a plain word as the key, found nothing"},
		"a very long key":       {"name: box\n? " + strings.Repeat("长", 67) + "\n: c\n", "2:3: the key has 201 bytes; write one of at most 200"},
		"forty-one brackets":    {"name: " + strings.Repeat("[", 41), "1:47: nested too deep; at most 40 levels are read"},
		"forty-one lines":       {strings.Repeat("- ", 41) + "a", "1:81: nested too deep; at most 40 levels are read"},
		"after Chinese letters": {"name: 大箱子\nlabels: {大: 1, red: x}\n", `2:10: unknown colour "大"; write one of red, green`},
	} {
		t.Run(name, func(t *testing.T) {
			var p parcel
			var problems yamlfile.Problems
			require.ErrorAs(t, yamlfile.Decode("parcel.yaml", []byte(c.file), terms(), &p).Err(), &problems)
			require.Equal(t, "parcel.yaml:"+c.want, problems[0].Error())
		})
	}
}

func TestTheNearestWordIsWhatSomebodyMeant(t *testing.T) {
	words := []string{"investigating", "received", "zh-CN", "en", "owner"}
	for written, want := range map[string]string{
		"investigate": "investigating", "recieved": "received", "zh": "zh-CN", "Owner": "owner", "ownr": "owner",
		"elsewhere": "", "x": "", "": "", strings.Repeat("received", 20): "",
	} {
		require.Equal(t, want, yamlfile.Nearest(written, words), "%q", written)
	}
}

func TestMoreMistakesThanAnybodyCorrectsAtOnceAreNotAllTold(t *testing.T) {
	var p parcel
	err := yamlfile.Decode("parcel.yaml", []byte("name: box\ncolours:\n"+strings.Repeat("- blue\n", 1000)), terms(), &p).Err()
	var problems yamlfile.Problems
	require.ErrorAs(t, err, &problems)
	require.Len(t, problems, 500)
	require.Equal(t, "parcel.yaml:502:3: there are more mistakes than the 499 that are told at once; correct these first", problems[499].Error())
}

func TestManyWordsAreNotAllProposed(t *testing.T) {
	words := strings.Fields(strings.Repeat("elsewhere ", 101))
	require.Equal(t, "write one of "+strings.Repeat("elsewhere, ", 40)[:438]+", or another of 101", yamlfile.Instead("x", words).String())
}
