package procedure

import (
	"slices"
	"strings"

	"recourse/internal/complaint"
)

// This file is the dates to which clocks run once somebody tells one with a step.

// DateSource is what tells a date: “field answer_by”, a field of the form that takes one, with
// whatever step it is filled; or “step visit”, a step that tells one of its own.
type DateSource string

// dateFormats are the formats of the fields that take a date.
var dateFormats = []string{"date", "date-time"}

// DatesOfSteps are the steps to whose dates a clock runs, as “step visit”.
func (p *Procedure) DatesOfSteps() []string {
	return slices.DeleteFunc(p.datesRunTo(), func(word string) bool { return !strings.HasPrefix(word, "step ") })
}

func (p *Procedure) datesRunTo() []string {
	var all []string
	for _, d := range p.Deadlines {
		for _, word := range wordsOf(d.RunsTo) {
			if !slices.Contains(all, word) {
				all = append(all, word)
			}
		}
	}
	return all
}

// dates are what was filled in the fields to whose dates a clock runs. The values were validated.
func (p *Procedure) dates(fields map[string]any) []complaint.FilledDate {
	var dates []complaint.FilledDate
	for _, word := range p.datesRunTo() {
		field, is := strings.CutPrefix(word, "field ")
		if date, told := fields[field].(string); is && told {
			dates = append(dates, complaint.FilledDate{Field: field, Date: date})
		}
	}
	return dates
}

// checkRunsTo checks that each of the dates can be told before the clock ends.
func (p *Procedure) checkRunsTo(path string, d *Deadline) {
	for i, source := range d.RunsTo {
		at := pathItem(path+".runs_to", i)
		what, name, _ := strings.Cut(string(source), " ")
		switch what {
		case "field":
			ids := eachOf(p.Form.Fields, func(f Field) string { return f.ID })
			field, there := first(p.Form.Fields, func(f Field) bool { return f.ID == name })
			if format, _ := field.Schema["format"].(string); !there {
				p.doc.Addf(at, "the form has no field %q; %s", name, instead(name, ids))
			} else if !slices.Contains(dateFormats, format) {
				p.doc.Addf(at, "the field %q takes no date; give it {type: string, format: date}, or format: date-time", name)
			}
		case "step":
			step, dating := complaint.StepName(name), wordsOf(complaint.Dating())
			if !slices.Contains(dating, name) {
				p.doc.Addf(at, "the step %q tells no date of its own; %s, or a field of the form that takes one", name, instead(name, dating))
			} else if !p.comesWhile(step, d, d.stages(p)) {
				p.doc.Addf(at, "the step %q tells its date when the clock is over; leave it out, or let the clock run longer", name)
			}
		default:
			p.doc.Addf(at, "%q tells no date; write a field of the form that takes one, such as \"field answer_by\", or \"step visit\"", source)
		}
	}
}
