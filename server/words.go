package main

import (
	"context"
	"strings"
	"time"

	"recourse/internal/api"
	"recourse/internal/bilingual"
	"recourse/internal/complaint"
	"recourse/internal/directory"
	"recourse/internal/phrase"
	"recourse/internal/procedure"
)

// The domain's facts as the API shows them, in the reader's language.

func deadlines(rules *procedure.Procedure, open []complaint.Deadline, language string) []api.Deadline {
	shown := make([]api.Deadline, 0, len(open))
	for _, d := range open {
		shown = append(shown, deadline(rules, d, language))
	}
	return shown
}

func deadline(rules *procedure.Procedure, d complaint.Deadline, language string) api.Deadline {
	shown := api.Deadline{
		Name: d.Name, Label: clockName(rules, d.Name, language), Round: d.Round, Within: d.Within,
		State: api.DeadlineState(d.State), StateLabel: phrase.Label(phrase.ClockState, string(d.State), language),
		StartedAt: d.StartedAt, DueAt: d.DueAt, Overdue: d.LapsedAt != nil,
		LapsedAt: orZero(d.LapsedAt), PausedAt: orZero(d.PausedAt), EndedAt: orZero(d.EndedAt),
		BeyondCovers: d.BeyondCovers, Calendar: d.Calendar, Fixed: d.Fixed, Tier: d.Tier(),
	}
	for _, r := range d.Rungs {
		rung := api.Rung{Label: r.Label, At: r.At, Tier: r.Tier, Ask: r.Ask, Does: string(r.Does), FiredAt: orZero(r.FiredAt), Skipped: r.Skipped}
		for _, role := range r.Tell {
			rung.Tell = append(rung.Tell, string(role))
		}
		shown.Rungs = append(shown.Rungs, rung)
	}
	return shown
}

func clockName(rules *procedure.Procedure, name, language string) string {
	if rules != nil {
		if rule, known := rules.Deadline(name); known {
			return rule.Name.In(language)
		}
	}
	return phrase.Label(phrase.Clock, name, language)
}

// names says who people are. Whoever left the directory is shown by ID.
type names struct {
	people   *directory.Directory
	language string
}

func (s *server) names(ctx context.Context, organisation string) names {
	people, known := s.rulebook.Now().Directory(organisation)
	if !known {
		people = &directory.Directory{}
	}
	return names{people, languageOf(ctx)}
}

func (n names) of(id complaint.PersonID) api.PersonRef {
	if id == "" {
		return api.PersonRef{}
	}
	if person, known := n.people.People[id]; known {
		return api.PersonRef{Id: string(id), Name: person.Name.In(n.language)}
	}
	return api.PersonRef{Id: string(id), Name: phrase.Label(phrase.Person, string(id), n.language)}
}

func (n names) all(ids []complaint.PersonID) []api.PersonRef {
	var refs []api.PersonRef
	for _, id := range ids {
		refs = append(refs, n.of(id))
	}
	return refs
}

// list is people's names in one line; a dash for nobody.
func (n names) list(ids []complaint.PersonID) string {
	var called []string
	for _, ref := range n.all(ids) {
		called = append(called, ref.Name)
	}
	switch {
	case len(called) == 0:
		return "—"
	case n.language == bilingual.Chinese:
		return strings.Join(called, "、")
	}
	return strings.Join(called, ", ")
}

func (n names) department(id string) string {
	if department, known := n.people.Departments[id]; known {
		return department.Name.In(n.language)
	}
	return id
}

func in(text bilingual.Text, language string) string { return text.In(language) }

func orZero(at *time.Time) time.Time {
	if at == nil {
		return time.Time{}
	}
	return *at
}
