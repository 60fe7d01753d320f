package message

import (
	"cmp"
	"errors"
	"strconv"
	"strings"
	"text/template"
	"time"

	"recourse/internal/bilingual"
	"recourse/internal/complaint"
	"recourse/internal/phrase"
)

// wordsFor are the functions of the texts for one reader: in their language and their time zone, as
// of now.
func wordsFor(toCustomer bool, language string, data Data) template.FuncMap {
	chinese, zone := language == bilingual.Chinese, data.Zone
	moment := func(t *time.Time) string { return formatTime(t, zone, chinese) }
	// there lets no text tell a time that isn't there.
	there := func(t *time.Time, tell func(*time.Time) string) (string, error) {
		if t == nil {
			return "", errNoTime
		}
		return tell(t), nil
	}
	past := func(t *time.Time) bool { return t != nil && t.Before(data.Now) }
	return template.FuncMap{
		// past reports whether a time was over when the message was written.
		"past": past,
		// due ends a subject: ", due Friday, …".
		"due": func(t *time.Time) string {
			switch {
			case t == nil:
				return ""
			case chinese && past(t):
				return "，已于" + moment(t) + "到期"
			case chinese:
				return "，时限" + moment(t)
			case past(t):
				return ", was due " + moment(t)
			}
			return ", due " + moment(t)
		},
		"appeal": func(route string) string { return leadToAppeal(route, chinese) },
		"time":   func(t *time.Time) (string, error) { return there(t, moment) },
		"day": func(t *time.Time) (string, error) {
			return there(t, func(t *time.Time) string { return formatDay(t, zone, chinese) })
		},
		// by is " by Friday, …", to stand behind a verb; in Chinese "于…前", to
		// stand before it. Nothing where no time is set. What is overdue is wanted at
		// once; no customer is chased by a time that is over.
		"by": func(t *time.Time) string {
			switch {
			case t == nil, past(t) && toCustomer:
				return ""
			case past(t) && chinese:
				return "尽快（原定" + t.In(zone).Format("2006年1月2日15:04") + "前）"
			case past(t):
				return " at once (it was due " + moment(t) + ")"
			case chinese:
				return "于" + moment(t) + "前"
			}
			return " by " + moment(t)
		},
		// what is what the customer brought in, and complains whether that is a complaint.
		"what": func() string {
			if data.Kind == complaint.KindEnquiry || data.Kind == complaint.KindSuggestion {
				return phrase.InLetter(phrase.Kind, string(data.Kind), language)
			}
			return phrase.InLetter(phrase.Kind, string(complaint.KindComplaint), language)
		},
		"complains": func() bool { return data.Kind != complaint.KindEnquiry && data.Kind != complaint.KindSuggestion },
		// step is how a step is called, steps a line for each that waits.
		"step":  func(name string) string { return complaint.StepName(name).Label().In(language) },
		"steps": func(all []Awaited) string { return listSteps(all, moment, language) },
		// label is the word for a code, sentence a sentence of its own.
		"label":    func(group phrase.Group, code string) string { return phrase.InLetter(group, code, language) },
		"sentence": func(group phrase.Group, code string) string { return phrase.Label(group, code, language) },
		// told is what the customer would have been told by the message of that name.
		"told": func(name string) string {
			if told, err := Named(name); err == nil {
				return told.says.ByPhone.In(language)
			}
			return name
		},
		"quote":    quote,
		"remedies": func(r []complaint.Remedy) string { return listRemedies(r, data, language) },
	}
}

// leadToAppeal introduces an appeal route that is an address or an office alone; a
// sentence that says itself how to appeal stands as it is.
func leadToAppeal(route string, chinese bool) string {
	lower := strings.ToLower(route)
	for _, says := range []string{"申诉", "异议", "appeal", "disagree"} {
		if strings.Contains(lower, says) {
			return route
		}
	}
	if chinese {
		return "如您不接受本答复，可通过以下途径申诉：" + route
	}
	return "If you don't accept this, you can appeal to: " + route
}

// errNoTime is the mistake of a text, which the tests find.
var errNoTime = errors.New("there is no time to tell: write {{with .Due}}…{{end}} around it")

var chineseWeekdays = [...]string{"周日", "周一", "周二", "周三", "周四", "周五", "周六"}

func formatDay(t *time.Time, zone *time.Location, chinese bool) string {
	local := t.In(zone)
	if chinese {
		return local.Format("2006年1月2日") + "（" + chineseWeekdays[local.Weekday()] + "）"
	}
	return local.Format("Monday, 2 January 2006")
}

func formatTime(t *time.Time, zone *time.Location, chinese bool) string {
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

// listRemedies gives each remedy a line, with its amount and what was written to it.
func listRemedies(remedies []complaint.Remedy, data Data, language string) string {
	words := data.RemedyWords
	rows := make([]string, 0, len(remedies))
	for i, r := range remedies {
		row := "- " + cmp.Or(data.OwnRemedies[r.Own], phrase.InLetter(phrase.Remedy, r.Kind, language))
		if r.Amount != "" {
			row += " " + formatMoney(oneLine(r.Amount), oneLine(r.Currency), language)
		}
		row = strings.TrimRight(row, " ")
		if i < len(words) && words[i] != "" {
			row += colon(language) + strings.ReplaceAll(words[i], "\n", "\n  ")
		}
		rows = append(rows, row)
	}
	return strings.Join(rows, "\n")
}

// listSteps gives each step a line, with by when it is due.
func listSteps(steps []Awaited, moment func(*time.Time) string, language string) string {
	rows := make([]string, 0, len(steps))
	for _, step := range steps {
		row := "- " + step.Step
		if step.Due != nil {
			row += colon(language) + moment(step.Due)
		}
		rows = append(rows, row)
	}
	return strings.Join(rows, "\n")
}

func colon(language string) string {
	if language == bilingual.Chinese {
		return "："
	}
	return ": "
}

// formatMoney writes an amount, "2500" or "2500.5", with two decimals and its
// thousands apart: "2,500.50 CNY". An amount that isn't a number stays as it is.
func formatMoney(amount, currency, language string) string {
	whole, cents, _ := strings.Cut(amount, ".")
	if _, err := strconv.ParseUint(whole+cents, 10, 64); err == nil && len(cents) <= 2 {
		for at := len(whole) - 3; at > 0; at -= 3 {
			whole = whole[:at] + "," + whole[at:]
		}
		amount = whole + "." + (cents + "00")[:2]
	}
	if currency == "CNY" && language == bilingual.Chinese {
		return amount + "元"
	}
	return strings.TrimRight(amount+" "+currency, " ")
}
