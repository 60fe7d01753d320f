package yamlfile_test

import (
	"errors"
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
		Stops:  []stop{{Town: "zurich", Hours: 2, Notes: map[string]any{"gate": uint64(7), "doors": []any{map[string]any{"to": "a"}, map[string]any{"to": "b"}}}}, {Town: "aachen", Hours: 1}},
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
	require.True(t, errors.As(doc.Err(), &problems))
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

func TestTheNearestWordIsWhatSomebodyMeant(t *testing.T) {
	words := []string{"investigating", "received", "zh-CN", "en", "owner"}
	for written, want := range map[string]string{
		"investigate": "investigating", "recieved": "received", "zh": "zh-CN", "Owner": "owner", "ownr": "owner",
		"elsewhere": "", "x": "", "": "", strings.Repeat("received", 20): "",
	} {
		require.Equal(t, want, yamlfile.Nearest(written, words), "%q", written)
	}
}
