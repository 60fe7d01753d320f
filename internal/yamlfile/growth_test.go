package yamlfile_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v4"

	"recourse/internal/growth"
	"recourse/internal/yamlfile"
)

// shelf may hold shelves, as deep as somebody likes to write them.
type shelf struct {
	Name    string         `yaml:",key"`
	Shelves []shelf        `yaml:"shelves"`
	Title   string         `yaml:"title,required"`
	Colours []colour       `yaml:"colours"`
	Notes   map[string]any `yaml:"notes"`
}

type house struct {
	Shelves []shelf        `yaml:"shelves"`
	Rest    map[string]any `yaml:",rest"`
}

// hostile are files of about so many bytes that somebody might write, or generate.
var hostile = map[string]func(size int) string{
	"many keys":         func(size int) string { return counted("key%d: a\n", size) },
	"many names":        func(size int) string { return "shelves:\n" + counted("  a%d:\n    title: b\n", size) },
	"many empty texts":  func(size int) string { return "shelves:\n" + counted("  a%d:\n    title: ''\n", size) },
	"many missing keys": func(size int) string { return "shelves:\n" + counted("  a%d: {}\n", size) },
	"many unknown keys": func(size int) string { return "shelves:\n  a:\n    title: b\n" + counted("    key%d: a\n", size) },
	"one key again":     func(size int) string { return repeated("key: a\n", size) },
	"keys of one sign":  func(size int) string { return repeated("? a\n", size) },
	"a long list": func(size int) string {
		return "shelves:\n  a:\n    title: b\n    colours:\n" + repeated("    - red\n", size)
	},
	"a long list on a line": func(size int) string {
		return "shelves: {a: {title: b, colours: [" + repeated("red,", size) + "]}}\n"
	},
	"many unknown words": func(size int) string {
		return "shelves: {a: {title: b, colours: [" + repeated("reed,\n", size) + "]}}\n"
	},
	"many keys on a line": func(size int) string { return "{" + counted("key%d: a, ", size) + "}\n" },
	"long keys within each other": func(size int) string {
		var all strings.Builder
		for depth := range 15 {
			fmt.Fprintf(&all, "%sshelves:\n%s%s:\n%stitle: b\n", indent(2*depth), indent(2*depth+1), strings.Repeat("a", 199), indent(2*depth+2))
		}
		return all.String() + indent(30) + "shelves:\n" + counted(indent(31)+"a%d: {title: ''}\n", size)
	},
	"dots within each other": func(size int) string {
		return "shelves:\n" + counted("  "+strings.Repeat(".", 180)+"%d:\n", size)
	},
	"a key too long": func(size int) string {
		return "? " + strings.Repeat("a", size/2) + "\n: [" + repeated("a,", size/2) + "]\n"
	},
	"brackets":        func(size int) string { return strings.Repeat("[", size) },
	"dashes":          func(size int) string { return repeated("- ", size) },
	"levels of lines": func(size int) string { return nested(size) },
	"many documents":  func(size int) string { return repeated("---\na: b\n", size) },
	"directives":      func(size int) string { return counted("%%TAG !a%d! b\n", size) + "--- {}\n" },
	"comments":        func(size int) string { return repeated("# a\n", size) + "a: b\n" },
	"anchors":         func(size int) string { return "notes:\n" + counted("- &a%d b\n", size) },
	"aliases":         func(size int) string { return "a: &a b\nnotes:\n" + repeated("- *a\n", size) },
	"merged keys":     func(size int) string { return "a: &a {}\nnotes:\n" + repeated("- {<<: *a}\n", size) },
	"a long text":     func(size int) string { return "a: |\n" + repeated("  text\n", size) },
	"a quoted text":   func(size int) string { return `a: "` + repeated(`\n`, size) + "\"\n" },
	"a plain text":    func(size int) string { return "a: b\n" + repeated("  text\n", size) },
	"empty lines":     func(size int) string { return "a: b\n" + repeated("\n", size) },
	"nothing closed":  func(size int) string { return repeated("{a: [b, ", size) },
}

func repeated(text string, size int) string { return strings.Repeat(text, size/len(text)) }

func counted(format string, size int) string {
	var all strings.Builder
	for i := 0; all.Len() < size; i++ {
		fmt.Fprintf(&all, format, i)
	}
	return all.String()
}

func indent(by int) string { return strings.Repeat(" ", by) }

func nested(size int) string {
	var all strings.Builder
	for i := 0; all.Len() < size; i++ {
		all.WriteString(indent(i) + "a:\n")
	}
	return all.String()
}

// First review: C2.
func TestALongerFileTakesNoMoreThanItsShareOfTime(t *testing.T) {
	for name, shape := range hostile {
		t.Run(name, func(t *testing.T) {
			growth.Linear(t, 16<<10, func(size int) func() {
				file := []byte(shape(size))
				return func() {
					var h house
					_ = yamlfile.Decode("house.yaml", file, terms(), &h).Err()
				}
			})
		})
	}
}

// Of the files of a quarter of a megabyte, which is read at most, these take the longest: beside
// what the plain library takes for an ordinary file of that size.
func TestTheLongestFileIsReadAtOnce(t *testing.T) {
	const size = 256<<10 - 8<<10
	ordinary := []byte(repeated("- name: value\n", size))
	floor := func() {
		var all []map[string]string
		require.NoError(t, yaml.Unmarshal(ordinary, &all))
	}
	for _, name := range []string{"many names", "many empty texts", "keys of one sign", "long keys within each other"} {
		t.Run(name, func(t *testing.T) {
			file := []byte(hostile[name](size))
			growth.Within(t, 8, floor, func() {
				var h house
				_ = yamlfile.Decode("house.yaml", file, terms(), &h).Err()
			})
		})
	}
}
