package directory_test

import (
	"fmt"
	"strings"
	"testing"

	"recourse/internal/directory"
	"recourse/internal/growth"
)

func TestALongerDirectoryTakesNoMoreThanItsShareOfTime(t *testing.T) {
	department := func(i int) string { return fmt.Sprintf("  d%d: {name: {en: D, zh-CN: 部}, parent: d%d}\n", i, i+1) }
	person := func(i int) string {
		return fmt.Sprintf("  p%d: {name: {en: P, zh-CN: 人}, department: dept, email: p@example.com, language: en}\n", i)
	}
	for name, lines := range map[string]map[string]func(i int) string{
		"departments within each other": {"departments": department},
		"departments in one circle": {"departments": func(i int) string {
			if i == 0 {
				return "  d0: {name: {en: D, zh-CN: 部}, parent: d1}\n  d1: {name: {en: D, zh-CN: 部}, parent: d0}\n"
			}
			return strings.Replace(department(i+1), fmt.Sprintf("parent: d%d", i+2), "parent: d0", 1)
		}},
		"people in no department":    {"people": person},
		"duties of nobody there is":  {"people": person, "duties": func(i int) string { return fmt.Sprintf("  a%d: {primary: nobody, secondary: p0}\n", i) }},
		"absences of people unknown": {"people": person, "absences": func(i int) string { return fmt.Sprintf("  - {person: q%d, from: now, until: then}\n", i) }},
		"departments without a head": {"departments": department, "people": func(i int) string { return strings.Replace(person(i), "dept", "dxyz", 1) }},
	} {
		t.Run(name, func(t *testing.T) {
			growth.Linear(t, 16<<10, func(size int) func() {
				file := "organisation: long\n"
				for key, line := range lines {
					var all strings.Builder
					for i := 0; all.Len() < size/len(lines); i++ {
						all.WriteString(line(i))
					}
					file += key + ":\n" + all.String()
				}
				return func() { _, _ = directory.Parse("long.yaml", []byte(file)) }
			})
		})
	}
}
