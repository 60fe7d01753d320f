package procedure_test

import (
	"fmt"
	"strings"
	"testing"

	"recourse/internal/growth"
	"recourse/internal/procedure"
)

func TestALongerProcedureTakesNoMoreThanItsShareOfTime(t *testing.T) {
	const text, ladder = "{en: A, zh-CN: 甲}", "ladder: [{at: due, tell: owner}]"
	category := func(i int) string { return fmt.Sprintf("  c%d: {name: %s, department: d}\n", i, text) }
	for name, lines := range map[string]map[string]func(i int) string{
		"categories": {"categories": category},
		"deadlines": {"deadlines": func(i int) string {
			return fmt.Sprintf("  d%d: {name: %s, by: owner, from: received, until: closed, within: 1h, %s}\n", i, text, ladder)
		}},
		"ladders that there aren't": {
			"ladders": func(i int) string { return fmt.Sprintf("  l%d: [{at: due, tell: owner}]\n", i) },
			"deadlines": func(i int) string {
				return fmt.Sprintf("  d%d: {name: %s, by: owner, from: received, until: closed, within: 1h, ladder: none}\n", i, text)
			}},
		"conditions on categories that there aren't": {
			"categories": category,
			"routes":     func(i int) string { return fmt.Sprintf("  - {when: 'category == \"none%d\"', department: d}\n", i) }},
		"a condition again and again": {"routes": func(int) string { return "  - {when: valid, department: d}\n" }},
		"fields": {"form:\n  name: " + text + "\n  complete_before_closing: [every-field]\n  fields": func(i int) string {
			return fmt.Sprintf("    f%d: {title: %s, type: string}\n", i, text)
		}},
		"side processes": {"sides": func(i int) string {
			return fmt.Sprintf("  s%d: {name: %s, from: closed, steps: {a: {name: %s, by: owner, within: 1h, %s}}}\n", i, text, text, ladder)
		}},
		"stages that there aren't": {"stages": func(i int) string { return fmt.Sprintf("  s%d: {say: %s, avoid: %s}\n", i, text, text) }},
		"sources":                  {"source": func(i int) string { return fmt.Sprintf("  - s%d\n", i) }},
	} {
		t.Run(name, func(t *testing.T) {
			growth.Linear(t, 12<<10, func(size int) func() {
				file := "procedure: long\n"
				if lines["categories"] == nil {
					file += "categories:\n" + category(0)
				}
				for key, line := range lines {
					var all strings.Builder
					for i := 0; all.Len() < size/len(lines); i++ {
						all.WriteString(line(i))
					}
					file += key + ":\n" + all.String()
				}
				return func() { _, _ = procedure.Parse("long.yaml", []byte(file)) }
			})
		})
	}
}
