package main

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"recourse/internal/api"
	"recourse/internal/complaint"
	"recourse/internal/phrase"
	"recourse/internal/store"
)

// deepestInbox is how many tasks of each source an inbox looks through.
const deepestInbox = 500

// ListTasks shows an inbox: what is the person's own, and what is anybody's who holds one of their roles.
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
	tasks, err := s.inbox(ctx, person, roles, who)
	if err != nil {
		return nil, err
	}
	tasks, next, err := pageOfTasks(tasks, p.Cursor, cmp.Or(p.Limit, usualPage))
	if err != nil {
		return nil, err
	}
	n := s.names(ctx, who.organisation)
	list := api.ListTasks200JSONResponse{Tasks: []api.Task{}, NextCursor: next}
	for _, t := range tasks {
		list.Tasks = append(list.Tasks, api.Task{
			Number: t.Number, Step: string(t.Kind), StepLabel: phrase.Label(phrase.Step, string(t.Kind), n.language), Role: string(t.Role),
			Person: n.of(t.Person), Due: orZero(t.Due), Overdue: t.Due != nil && t.Due.Before(s.now()), Detail: t.Detail, Procedure: t.Procedure,
			Stage: string(t.Stage), StageLabel: phrase.Label(phrase.Stage, string(t.Stage), n.language), Severity: string(t.Severity), Tier: t.Tier,
		})
	}
	return list, nil
}

// manages reports whether the caller may look into somebody's inbox.
func (s *server) manages(who caller, whose complaint.Actor) bool {
	if who.actor.Has(complaint.ServiceManager, complaint.Director, complaint.GeneralManager, complaint.Headquarters, complaint.Auditor, complaint.Administrator) {
		return true
	}
	rules, followed := s.rulebook.Now().Procedure(who.organisation)
	return followed && who.actor.Has(rules.Duty(complaint.DepartmentHead, whose.Department))
}

// inbox is everything that waits for a person, soonest due first, as far as the caller may know of it.
func (s *server) inbox(ctx context.Context, person complaint.PersonID, roles []complaint.Role, who caller) ([]store.InboxTask, error) {
	tasks, _, err := s.store.Inbox(ctx, person, "", deepestInbox)
	if err != nil {
		return nil, err
	}
	for _, role := range roles {
		shared, _, err := s.store.RoleInbox(ctx, role, who.actor.Person, "", deepestInbox)
		if err != nil {
			return nil, err
		}
		tasks = append(tasks, shared...)
	}
	tasks = slices.DeleteFunc(tasks, func(t store.InboxTask) bool { return t.Procedure != who.organisation })
	if person != who.actor.Person {
		if tasks, err = s.visible(ctx, tasks, who); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(tasks, func(a, b store.InboxTask) int { return keyOf(a).compare(keyOf(b)) })
	return slices.CompactFunc(tasks, func(a, b store.InboxTask) bool { return keyOf(a) == keyOf(b) }), nil
}

// visible leaves out what the caller may not know of: a manager who is a subject, or isn't among those named.
func (s *server) visible(ctx context.Context, tasks []store.InboxTask, who caller) ([]store.InboxTask, error) {
	seen := map[string]bool{}
	for _, t := range tasks {
		if _, known := seen[t.Number]; known {
			continue
		}
		file, err := s.store.Complaint(ctx, t.Number)
		if err != nil {
			return nil, err
		}
		seen[t.Number] = file.Visible(who.actor)
	}
	return slices.DeleteFunc(tasks, func(t store.InboxTask) bool { return !seen[t.Number] }), nil
}

// taskKey orders an inbox, and is where a page of it ended.
type taskKey struct {
	Due                        time.Time
	Number, Kind, Role, Detail string
}

// never sorts what has no due time last.
var never = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

func keyOf(t store.InboxTask) taskKey {
	due := never
	if t.Due != nil {
		due = t.Due.UTC()
	}
	return taskKey{due, t.Number, string(t.Kind), string(t.Role), t.Detail}
}

func (k taskKey) compare(other taskKey) int {
	return cmp.Or(k.Due.Compare(other.Due), strings.Compare(k.Number, other.Number), strings.Compare(k.Kind, other.Kind),
		strings.Compare(k.Role, other.Role), strings.Compare(k.Detail, other.Detail))
}

func pageOfTasks(tasks []store.InboxTask, cursor string, limit int) ([]store.InboxTask, string, error) {
	if cursor != "" {
		var after taskKey
		raw, err := base64.RawURLEncoding.DecodeString(cursor)
		if err != nil || json.Unmarshal(raw, &after) != nil {
			return nil, "", malformed("cursor")
		}
		tasks = slices.DeleteFunc(tasks, func(t store.InboxTask) bool { return keyOf(t).compare(after) <= 0 })
	}
	if len(tasks) <= limit {
		return tasks, "", nil
	}
	last, err := json.Marshal(keyOf(tasks[limit-1]))
	if err != nil {
		return nil, "", err
	}
	return tasks[:limit], base64.RawURLEncoding.EncodeToString(last), nil
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
		if m.Procedure != who.organisation {
			continue
		}
		list.OpenMatters = append(list.OpenMatters, api.OpenMatter{Number: m.Complaint, Matter: m.Number, Kind: string(m.Kind),
			KindLabel: phrase.Label(phrase.Suspension, string(m.Kind), n.language), Until: m.Until, Active: m.Active,
			Owner: n.of(m.Owner), Handler: n.of(m.Handler), Department: m.Department, Procedure: m.Procedure})
	}
	return list, nil
}
