package main

import (
	"context"

	"recourse/internal/api"
	"recourse/internal/complaint"
	"recourse/internal/phrase"
	"recourse/internal/procedure"
	"recourse/internal/store"
)

// ListTasks shows an inbox: what is the person's own, what is anybody's who holds one of their roles, and what waits beside
// the main course.
func (s *server) ListTasks(ctx context.Context, request api.ListTasksRequestObject) (api.ListTasksResponseObject, error) {
	who, p := callerOf(ctx), request.Params
	if err := checkPage(p.Limit); err != nil {
		return nil, err
	}
	person, roles := who.actor.Person, who.actor.Roles
	if p.Person != "" && complaint.PersonID(p.Person) != person {
		person = complaint.PersonID(p.Person)
		actor, organisation, err := s.rulebook.Now().Actor(person, s.now())
		if err != nil || organisation != who.organisation {
			return nil, errNotFound
		}
		if !s.manages(who, actor) {
			return nil, errForbidden
		}
		roles = actor.Roles
	}
	tasks, next, err := s.store.Inbox(ctx, s.viewer(who), person, roles, store.Cursor(p.Cursor), p.Limit)
	if err != nil {
		return nil, err
	}
	n := s.names(ctx, who.organisation)
	rules, _ := s.rulebook.Now().Procedure(who.organisation)
	list := api.ListTasks200JSONResponse{Tasks: []api.Task{}, NextCursor: string(next)}
	for _, t := range tasks {
		shown := api.Task{
			Number: t.Number, Step: string(t.Kind), StepLabel: phrase.Label(phrase.Step, string(t.Kind), n.language), Role: string(t.Role),
			Person: n.of(t.Person), Due: orZero(t.Due), Overdue: t.Due != nil && t.Due.Before(s.now()), Detail: t.Detail, Procedure: t.Procedure,
			Stage: string(t.Stage), StageLabel: phrase.Label(phrase.Stage, string(t.Stage), n.language), Severity: string(t.Severity), Tier: t.Tier,
		}
		if t.Side == "" && phrase.Has(phrase.Task, t.Detail) {
			shown.StepLabel = phrase.Label(phrase.Task, t.Detail, n.language)
		}
		if t.Side != "" {
			shown.Side, shown.SideId, shown.Detail = t.Side, t.Detail, ""
			shown.SideLabel, shown.StepLabel = besideNames(rules, t.Side, shown.Step, n.language)
		}
		list.Tasks = append(list.Tasks, shown)
	}
	return list, nil
}

// besideNames are the names of a process beside the main course and of its step, as the procedure in force has them; their codes
// when it has them no longer.
func besideNames(rules *procedure.Procedure, kind, step, language string) (process, named string) {
	side, known := rules.Side(kind)
	if !known {
		return kind, step
	}
	for _, one := range side.Steps {
		if one.ID == step {
			return in(side.Name, language), in(one.Name, language)
		}
	}
	return in(side.Name, language), step
}

// manages reports whether the caller may look into somebody's inbox.
func (s *server) manages(who caller, whose complaint.Actor) bool {
	if who.actor.Has(complaint.ServiceManager, complaint.Director, complaint.GeneralManager, complaint.Headquarters, complaint.Auditor) {
		return true
	}
	rules, followed := s.rulebook.Now().Procedure(who.organisation)
	return followed && who.actor.Has(rules.Duty(complaint.DepartmentHead, whose.Department))
}

// ListOpenMatters shows the ledger of open matters (未了事宜).
func (s *server) ListOpenMatters(ctx context.Context, request api.ListOpenMattersRequestObject) (api.ListOpenMattersResponseObject, error) {
	who := callerOf(ctx)
	if err := checkPage(request.Params.Limit); err != nil {
		return nil, err
	}
	matters, next, err := s.store.OpenMatters(ctx, s.viewer(who), store.Cursor(request.Params.Cursor), request.Params.Limit)
	if err != nil {
		return nil, err
	}
	n := s.names(ctx, who.organisation)
	list := api.ListOpenMatters200JSONResponse{OpenMatters: []api.OpenMatter{}, NextCursor: string(next)}
	for _, m := range matters {
		list.OpenMatters = append(list.OpenMatters, api.OpenMatter{Number: m.Complaint, Matter: m.Number, Kind: string(m.Kind),
			KindLabel: phrase.Label(phrase.Suspension, string(m.Kind), n.language), Until: m.Until, Active: m.Active,
			Owner: n.of(m.Owner), Handler: n.of(m.Handler), Department: m.Department, Procedure: m.Procedure})
	}
	return list, nil
}
