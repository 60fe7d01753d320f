package api_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/api"
	"recourse/internal/growth"
)

// hostile are bodies of about a size that anybody may send to the public form.
var hostile = map[string]func(size int) string{
	"a long name around many values": func(size int) string {
		return `{"` + strings.Repeat("a", size/2) + `":[` + list("1", size/2) + `]}`
	},
	"long names within each other": func(size int) string {
		return strings.Repeat(`{"`+strings.Repeat("a", size/20)+`":`, 10) + `[` + list(`""`, size/2) + `]` + strings.Repeat("}", 10)
	},
	"a long name around many mistakes": func(size int) string {
		return `{"` + strings.Repeat("a", size/2) + `":[` + list(`" "`, size/2) + `]}`
	},
	"many levels, again and again": func(size int) string { return "[" + list("[[[[[[[[[[[[[]]]]]]]]]]]]]", size) + "]" },
	"more levels than are read":    func(size int) string { return strings.Repeat("[", size) },
	"many small numbers":           func(size int) string { return "[" + list("1", size) + "]" },
	"many numbers nobody reckons":  func(size int) string { return "[" + list("1e999999", size) + "]" },
	"one long number":              func(size int) string { return strings.Repeat("1", size) },
	"a long text with escapes":     func(size int) string { return `"` + strings.Repeat(`\u00e9`, size/6) + `"` },
	"a text of half characters":    func(size int) string { return `"` + strings.Repeat(`\ud800`, size/6) + `"` },
	"many texts":                   func(size int) string { return "[" + list(`"a\n"`, size) + "]" },
	"many names":                   func(size int) string { return "{" + names(size) + "}" },
	"one name again and again":     func(size int) string { return "{" + list(`"a":1`, size) + "}" },
	"many objects":                 func(size int) string { return "[" + list("{}", size) + "]" },
	"nothing but space":            func(size int) string { return strings.Repeat(" ", size) + "1" },
	"cut off":                      func(size int) string { return "[" + list("{}", size) },
}

// list is so many of an item that they take about a size.
func list(item string, size int) string {
	return strings.Repeat(item+",", size/(len(item)+1)) + item
}

func names(size int) string {
	var all strings.Builder
	for i := range size / 12 {
		fmt.Fprintf(&all, `"%07d":1,`, i)
	}
	return all.String() + `"last":1`
}

// registration is a body for the public form with a value in one of its free fields, and with more
// that belongs nowhere.
func registration(value, more string) []byte {
	return []byte(`{"procedure":"courier-station","narrative":"x","customer":{"phone":"13800000000"},"fields":{"a":` + value + `}` + more + `}`)
}

// reading is the reading of a body for the public form.
func reading(b *api.Bodies, body []byte) func() {
	return func() {
		var into api.PublicRegister
		_ = b.Read("PublicRegister", body, &into)
	}
}

// First review: C2.
func TestALongerBodyTakesNoMoreThanItsShareOfTime(t *testing.T) {
	b := bodies(t)
	for name, shape := range hostile {
		t.Run(name, func(t *testing.T) {
			growth.Linear(t, 32<<10, func(size int) func() { return reading(b, registration(shape(size), "")) })
		})
	}
	t.Run("many fields that there aren't", func(t *testing.T) {
		growth.Linear(t, 32<<10, func(size int) func() { return reading(b, registration("1", ","+names(size))) })
	})
}

// trees is a list of about a size of lists within lists: no two are the same, and all have as many
// brackets.
func trees(size int) string {
	var all strings.Builder
	var grow func(tree string, open, closed int)
	grow = func(tree string, open, closed int) {
		const nodes = 11
		if all.Len() >= size {
			return
		}
		if closed == nodes {
			all.WriteString("[" + strings.ReplaceAll(tree, "][", "],[") + "],")
			return
		}
		if open < nodes {
			grow(tree+"[", open+1, closed)
		}
		if closed < open {
			grow(tree+"]", open, closed+1)
		}
	}
	grow("", 0, 0)
	return "[" + strings.TrimSuffix(all.String(), ",") + "]"
}

// First review: C2. Whichever list of the description is sent, and whatever stands in it.
func TestALongerListTakesNoMoreThanItsShareOfTime(t *testing.T) {
	lists := api.Lists(t)
	require.Greater(t, len(lists), 20)
	for place, check := range lists {
		t.Run(place, func(t *testing.T) {
			growth.Linear(t, 8<<10, func(size int) func() {
				body := []byte(trees(size))
				return func() { _ = check(body) }
			})
		})
	}
}

// A megabyte is what the server takes at most. Judging it takes a few times what the plain library
// takes to read it; a reader whose work grows with the square took three minutes.
func TestTheLongestBodyIsJudgedAtOnce(t *testing.T) {
	b := bodies(t)
	for name, shape := range hostile {
		t.Run(name, func(t *testing.T) {
			body := registration(shape(1<<20-200), "")
			require.LessOrEqual(t, len(body), 1<<20)
			ordinary := []byte(`{"words": [` + strings.Repeat(`"ab",`, len(body)/5) + `""]}`)
			floor := func() {
				var into any
				require.NoError(t, json.Unmarshal(ordinary, &into))
			}
			growth.Within(t, 25, floor, reading(b, body))
		})
	}
}

// First review: I7.
func TestWhatIsNoJSONIsToldByItsLineAndCharacter(t *testing.T) {
	for body, at := range map[string][2]int{`x`: {1, 1}, `{"words" "a"}`: {1, 10}, "{\n  \"words\": 'a'}": {2, 12}, `{"words":"a",}`: {1, 13}, "{\"words\": \"投诉\",\n \"投\" 诉}": {2, 6}} {
		var into any
		err := bodies(t).Read("Note", []byte(body), &into)
		var wrong *api.BodyError
		require.ErrorAs(t, err, &wrong)
		require.Equal(t, []api.Mistake{{What: "not_json", Line: at[0], Column: at[1]}}, wrong.Mistakes, body)
	}
}
