package calendar_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"recourse/internal/calendar"
	"recourse/internal/growth"
)

func TestALongerCalendarTakesNoMoreThanItsShareOfTime(t *testing.T) {
	firstDay := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for name, line := range map[string]func(i int) string{
		"dates": func(i int) string {
			return firstDay.AddDate(0, 0, i%365).Format(time.DateOnly) + strings.Repeat(" ", i/365) + ": closed"
		},
		"long ranges from one day": func(i int) string {
			return "2026-01-01.." + strings.Repeat(" ", i/365) + firstDay.AddDate(0, 0, i%365).Format(time.DateOnly) + ": closed"
		},
		"no dates":  func(i int) string { return fmt.Sprintf("a%d: closed", i) },
		"no hours":  func(i int) string { return fmt.Sprintf("2026-01-01%s: opne", strings.Repeat(" ", i)) },
		"intervals": func(i int) string { return fmt.Sprintf("a%d: [09:00-10:00, 09:30-10:30, 11:00-12:00]", i) },
	} {
		t.Run(name, func(t *testing.T) {
			growth.Linear(t, 16<<10, func(size int) func() {
				var file strings.Builder
				file.WriteString(sound + "days:\n")
				for i := 0; file.Len() < size; i++ {
					file.WriteString("  ? " + strings.Replace(line(i), ": ", "\n  : ", 1) + "\n")
				}
				return func() { _, _ = calendar.Parse("long.yaml", []byte(file.String())) }
			})
		})
	}
	t.Run("one day of many intervals", func(t *testing.T) {
		growth.Linear(t, 16<<10, func(size int) func() {
			file := sound + "days: {2026-01-01: [" + strings.Repeat("09:00-10:00, ", size/13) + "]}\n"
			return func() { _, _ = calendar.Parse("long.yaml", []byte(file)) }
		})
	})
}
