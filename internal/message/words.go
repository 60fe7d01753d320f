package message

import (
	"fmt"
	"strings"
	"text/template"
	"time"

	"recourse/internal/bilingual"
	"recourse/internal/complaint"
)

// words are the functions of the texts in one language, for readers in one time zone.
func words(language string, zone *time.Location) template.FuncMap {
	chinese := language == bilingual.Chinese
	moment := func(t *time.Time) string { return formatTime(t, zone, chinese) }
	return template.FuncMap{
		"time": moment,
		"day":  func(t *time.Time) string { return formatDay(t, zone, chinese) },
		// by is " by Friday, …", to stand behind a verb; in Chinese "于…前", to
		// stand before it. Nothing where no time is set.
		"by": func(t *time.Time) string {
			switch {
			case t == nil:
				return ""
			case chinese:
				return "于" + moment(t) + "前"
			}
			return " by " + moment(t)
		},
		"label":    func(group, code string) string { return Label(group, code, language) },
		"quote":    quote,
		"remedies": func(r []complaint.Remedy) string { return listRemedies(r, language) },
	}
}

var chineseWeekdays = [...]string{"周日", "周一", "周二", "周三", "周四", "周五", "周六"}

func formatDay(t *time.Time, zone *time.Location, chinese bool) string {
	if t == nil {
		return "—"
	}
	local := t.In(zone)
	if chinese {
		return local.Format("2006年1月2日") + "（" + chineseWeekdays[local.Weekday()] + "）"
	}
	return local.Format("Monday, 2 January 2006")
}

func formatTime(t *time.Time, zone *time.Location, chinese bool) string {
	if t == nil {
		return "—"
	}
	if local := t.In(zone); !chinese {
		return local.Format("Monday, 2 January 2006, 15:04")
	}
	return formatDay(t, zone, true) + t.In(zone).Format("15:04")
}

// quote sets somebody's words off with a bar before each line, so that they are
// never taken for ours.
func quote(text string) string {
	if text == "" {
		return ""
	}
	return "| " + strings.ReplaceAll(text, "\n", "\n| ")
}

func listRemedies(remedies []complaint.Remedy, language string) string {
	rows := make([]string, 0, len(remedies))
	for _, r := range remedies {
		row := "- " + Label("remedy", r.Kind, language)
		if r.Amount != "" {
			row += fmt.Sprintf(" %s %s", oneLine(r.Amount), oneLine(r.Currency))
		}
		rows = append(rows, strings.TrimRight(row, " "))
	}
	return strings.Join(rows, "\n")
}
