package view

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"recourse/internal/bilingual"
	"recourse/internal/calendar"
	"recourse/internal/complaint"
	"recourse/internal/phrase"
	"recourse/internal/procedure"
)

// sentence says an event in words: every code by its label, every time on the clock of the
// complaint's calendar.
func (r Reader) sentence(e complaint.Event, known ladders) string {
	language, label := r.Language, r.within
	if e.Kind == complaint.StepTaken {
		if says := e.Step.Says(); !says.IsZero() {
			return phrase.Fill(says.In(language), append(r.places(e.Step.Facts), "person", r.Person(e.By).Name)...)
		}
	}
	code, count := string(e.Kind), e.Callbacks
	pairs := []string{"person", r.Person(e.By).Name, "stage", e.Stage.Label().In(language),
		"tier", strconv.Itoa(e.Tier), "outcome", label(phrase.Outcome, string(e.Outcome))}
	if e.Rating != "" {
		pairs = append(pairs, "rating", label(phrase.Satisfaction, string(e.Rating)))
	}
	if e.Step != nil {
		pairs = append(pairs, "step", r.stepName(e.Step.Name))
	}
	if e.Terms != nil {
		pairs = append(pairs, "version", strconv.Itoa(e.Terms.Version))
	}
	if e.People != nil {
		people := r.inCharge(*e.People)
		pairs, count = append(pairs, "people", phrase.Listed(people, language)), len(people)
	}
	if e.Approval != nil {
		pairs = append(pairs, "matter", label(phrase.Matter, string(e.Approval.Matter)))
	}
	if e.Matter != nil {
		pairs = append(pairs, "matter", label(phrase.Suspension, string(e.Matter.Kind)), "due", r.instant(e.Matter.Until))
	}
	if e.Kind == complaint.TierReached && e.Code == complaint.ByHand {
		code = "tier_called"
	}
	if e.Deadline != nil {
		pairs = append(pairs, "clock", r.clockName(e.Deadline.Name), "due", r.instant(e.Deadline.DueAt),
			"state", label(phrase.ClockState, string(e.Deadline.State)))
		if own := "deadline_" + change(e); e.Kind == complaint.DeadlineChanged && phrase.Has(phrase.Event, own) {
			code = own
		}
		if e.Kind == complaint.DeadlineChanged && e.Deadline.State == complaint.Paused {
			code = "deadline_paused"
		}
	}
	if e.Rung != nil {
		pairs = append(pairs, "clock", r.clockName(e.Rung.Deadline), "rung", rungName(known.rung(*e.Rung).Label, language))
	}
	if e.Side != nil {
		name, _ := r.beside(e.Side.Kind, "")
		pairs = append(pairs, "side", name)
	}
	if e.Kind == complaint.AlertRaised {
		pairs = append(pairs, "alert", r.alertName(e.Code))
	}
	if e.Threat != nil {
		pairs = append(pairs, "watch", r.together(e.Threat.Watchers()))
	}
	if e.Moved != nil { // whose it is now, not what moved it
		pairs[1] = r.Person(e.Moved.To).Name
		pairs = append(pairs, "from", r.Person(e.Moved.From).Name)
		if e.Moved.Side != "" {
			side, _ := r.beside(e.Moved.Side, "")
			code, pairs = "side_moved", append(pairs, "side", side)
		}
	}
	if e.Message != nil { // whom it is written to, not what wrote it
		pairs[1] = r.Person(e.Message.To).Name
		if phrase.Has(phrase.Person, string(e.Message.To)) {
			pairs[1] = label(phrase.Person, string(e.Message.To))
		}
		if e.Message.To == "" { // of whom the reader may not know
			code = "message_to_another"
		}
	}
	if e.Kind == complaint.StepRefused && e.Step != nil && e.Step.Name.Label().IsZero() {
		code = "step_unknown"
	} else if e.Kind == complaint.StepRefused {
		pairs = append(pairs, "why", whyRefused(e, language))
	}
	said := strings.TrimSpace(phrase.Count(phrase.Event, code, language, count, pairs...))
	if d := e.Deadline; d != nil && d.BeyondCovers && d.EndedAt == nil && d.State != complaint.Paused {
		said += " " + phrase.Sentence(phrase.Event, "beyond_calendar", language)
	}
	return said
}

// within is the word for a code as it stands in a sentence.
func (r Reader) within(group phrase.Group, code string) string {
	return phrase.Within(phrase.Label(group, code, r.Language), r.Language)
}

// places fill the sentences of steps ([complaint.Step.Says]) by what these carry.
func (r Reader) places(said complaint.Facts) []string {
	switch {
	case said.Correction != nil && r.Rules != nil:
		category, _ := r.Rules.Category(said.Correction.Category)
		return []string{"category", cmp.Or(category.Name.In(r.Language), said.Correction.Category)}
	case said.Decision != nil:
		what := r.within(phrase.Matter, string(said.Decision.Matter))
		switch d := said.Decision; {
		case d.ProposalRevision > 0:
			what = phrase.Sentence(phrase.Event, "revision", r.Language, "what", what, "number", strconv.Itoa(d.ProposalRevision))
		case d.Number > 0:
			what = phrase.Sentence(phrase.Event, "numbered", r.Language, "what", what, "number", strconv.Itoa(d.Number))
		}
		return []string{"what", what}
	case said.Answer != nil:
		return []string{"number", strconv.Itoa(said.Answer.ProposalRevision)}
	case said.Absent != nil:
		return []string{"absent", r.Person(said.Absent.Person).Name}
	case said.Work != nil:
		return []string{"number", strconv.Itoa(said.Work.Part)}
	case said.Callback != nil:
		return []string{"rating", r.within(phrase.Satisfaction, string(said.Callback.Satisfaction))}
	case said.Report != nil:
		side, task := r.beside(said.Report.Side, said.Report.State)
		places := []string{"side", side, "task", task, "rung", rungName(said.Report.Rung, r.Language)}
		if judged := said.Report.Said; judged != nil {
			places = append(places, "consequence", r.within(phrase.Consequence, string(judged.Code)))
		}
		return places
	}
	return nil
}

// Lacking names what a step, or a file before it closes, lacks: a fact of the complaint, a field of
// the form, a remedy. Without rules, fields are called by their codes.
func Lacking(reason complaint.Reason, missing []string, rules *procedure.Procedure, language string) string {
	var called []string
	for _, name := range missing {
		switch {
		case reason == complaint.ReasonRemedyMissing:
			label := phrase.Label(phrase.Remedy, name, language)
			if rules != nil {
				if own, is := rules.RemedyKind(name); is {
					label = own.Name.In(language)
				}
			}
			name = phrase.Within(label, language)
		case phrase.Has(phrase.Fact, name):
			name = phrase.Label(phrase.Fact, name, language)
		case rules != nil:
			for _, field := range rules.Form.Fields {
				if field.ID == name {
					name = field.Title.In(language)
					break
				}
			}
		}
		called = append(called, name)
	}
	return phrase.Listed(called, language)
}

// whyRefused is the sentence of a refusal's reason; what was missing isn't kept. Empty for records
// older than their reasons.
func whyRefused(e complaint.Event, language string) string {
	if !phrase.Has(phrase.Reason, string(e.Reason)) {
		return ""
	}
	why := phrase.Label(phrase.Reason, string(e.Reason), language)
	if strings.Contains(why, "{") {
		return phrase.Label(phrase.Problem, e.Code, language) + map[bool]string{true: "。", false: "."}[language == bilingual.Chinese]
	}
	return why
}

// inCharge are those who have a complaint in hand, each by their role.
func (r Reader) inCharge(p complaint.People) (named []string) {
	for _, in := range []struct {
		role, name string
		is         bool
	}{
		{"department", r.department(p.Department), p.Department != ""},
		{string(complaint.Agent), r.Person(p.Agent).Name, p.Agent != ""},
		{string(complaint.Owner), r.Person(p.Owner).Name, p.Owner != ""},
		{string(complaint.Handler), r.Person(p.Handler).Name, p.Handler != ""},
	} {
		if in.is {
			named = append(named, phrase.Sentence(phrase.Role, in.role, r.Language, "name", in.name))
		}
	}
	return named
}

// beside are the names of a process beside the main course and of its step, as the complaint's
// version of the procedure has them.
func (r Reader) beside(kind, step string) (process, task string) {
	process, task = r.sideNames(kind, step)
	if process == kind {
		process = phrase.Label(phrase.Side, kind, r.Language)
	}
	return process, task
}

// alertName is an alert's name in the procedure, in the reader's language.
func (r Reader) alertName(id string) string {
	for _, alert := range r.Rules.Alerts {
		if alert.ID == id {
			return alert.Name.In(r.Language)
		}
	}
	return id
}

// rungName is a rung's label in words: "75%" is a share of the time, "+4wh" stands four working
// hours after the due time.
func rungName(label, language string) string {
	if phrase.Has(phrase.Rung, label) {
		return phrase.Label(phrase.Rung, label, language)
	}
	if share, is := strings.CutSuffix(label, "%"); is {
		return phrase.Sentence(phrase.Rung, "share", language, "share", share)
	}
	if month, is := strings.CutPrefix(label, "month "); is {
		return phrase.Sentence(phrase.Rung, "month", language, "n", month)
	}
	if after, is := strings.CutPrefix(label, "+"); is {
		return phrase.Sentence(phrase.Rung, "after", language, "span", spanOf(after, language))
	}
	if before, is := strings.CutPrefix(label, "-"); is {
		return phrase.Sentence(phrase.Rung, "before", language, "span", spanOf(before, language))
	}
	return phrase.Sentence(phrase.Rung, "place", language, "n", label)
}

// spanOf is a duration of a procedure in words: "4wh" is "4 working hours".
func spanOf(written, language string) string {
	d, err := calendar.ParseDuration(written)
	if err != nil {
		return written
	}
	count := func(unit string, n int) string {
		return phrase.Count(phrase.Span, unit, language, n, "n", strconv.Itoa(n))
	}
	switch d.Measure() {
	case calendar.WorkingDays:
		return count("working_days", d.Count())
	case calendar.CivilDays:
		return count("days", d.Count())
	case calendar.CivilMonths:
		return count("months", d.Count())
	case calendar.CivilYears:
		return count("years", d.Count())
	case calendar.SameDay, calendar.Agreed:
		return written
	}
	working := ""
	if d.InWorkingTime() {
		working = "working_"
	}
	var parts []string
	left := int(d.Length() / time.Second)
	for _, unit := range []struct {
		name    string
		seconds int
	}{{working + "hours", 3600}, {working + "minutes", 60}, {"seconds", 1}} {
		if n := left / unit.seconds; n > 0 {
			parts, left = append(parts, count(unit.name, n)), left%unit.seconds
		}
	}
	if language == bilingual.Chinese {
		return strings.Join(parts, "")
	}
	return strings.Join(parts, " ")
}
