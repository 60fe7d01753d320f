package main

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"sort"
	"time"

	"recourse/internal/api"
	"recourse/internal/complaint"
	"recourse/internal/rulebook"
	"recourse/internal/store"
)

// ListPeople shows the people of the caller's organisation.
func (s *server) ListPeople(ctx context.Context, request api.ListPeopleRequestObject) (api.ListPeopleResponseObject, error) {
	who, p, edition := callerOf(ctx), request.Params, s.rulebook.Now()
	if err := checkPage(p.Limit); err != nil {
		return nil, err
	}
	n := s.names(ctx, who.organisation)
	ids := slices.Sorted(maps.Keys(n.people.People))
	begin := sort.Search(len(ids), func(i int) bool { return string(ids[i]) > p.Cursor })
	list := api.ListPeople200JSONResponse{People: []api.Person{}}
	for _, id := range ids[begin:] {
		person := n.people.People[id]
		if p.Department != "" && p.Department != person.Department {
			continue
		}
		if len(list.People) == cmp.Or(p.Limit, usualPage) {
			list.NextCursor = list.People[len(list.People)-1].Id
			break
		}
		actor, _, err := edition.Actor(id, s.now())
		if err != nil {
			return nil, err
		}
		shown := api.Person{Id: string(id), Name: in(person.Name, n.language), Department: person.Department, DepartmentName: n.department(person.Department),
			Roles: []string{}, Language: person.Language, Away: n.people.AwayAt(id, s.now())}
		for _, role := range actor.Roles {
			shown.Roles = append(shown.Roles, string(role))
		}
		list.People = append(list.People, shown)
	}
	return list, nil
}

// EnterAbsence stores an absence. What the person has open moves on at once when they are away by now, else when they are.
func (s *server) EnterAbsence(ctx context.Context, request api.EnterAbsenceRequestObject) (api.EnterAbsenceResponseObject, error) {
	who, person := callerOf(ctx), complaint.PersonID(request.Id)
	if err := s.maySayAway(who, person); err != nil {
		return nil, err
	}
	from, until := request.Body.From.UTC().Truncate(time.Microsecond), request.Body.Until.UTC().Truncate(time.Microsecond) // as they are kept
	if !from.Before(until) {
		return nil, violation("/until", "ends_before_it_begins", "")
	}
	if !until.After(s.now()) {
		return nil, violation("/until", complaint.ReasonDateInPast, "")
	}
	absence, err := s.enterOnce(ctx, store.Absence{Person: person, From: from, To: until, EnteredBy: who.actor.Person})
	if err != nil {
		return nil, err
	}
	if err := s.rulebook.Refresh(ctx); err != nil {
		return nil, err
	}
	answer := api.EnterAbsence201JSONResponse{Id: absence.ID, Person: s.names(ctx, who.organisation).of(person), From: from, Until: until, Moved: []string{}}
	if from.After(s.now()) {
		return answer, nil // the substitutes move it when the time comes
	}
	answer.Moved, answer.Failed, err = s.substitutes().move(ctx, absence, func(c *complaint.Complaint) bool {
		return c.Admits(complaint.Rebase, who.actor) // what the caller may know the number of
	})
	return answer, err
}

// EndAbsence ends an absence now; nothing moves back. What is over stays so.
func (s *server) EndAbsence(ctx context.Context, request api.EndAbsenceRequestObject) (api.EndAbsenceResponseObject, error) {
	person := complaint.PersonID(request.Id)
	if err := s.maySayAway(callerOf(ctx), person); err != nil {
		return nil, err
	}
	there, err := s.store.AbsencesOf(ctx, person)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(there, func(a store.Absence) bool { return a.ID == request.Absence }) {
		return nil, errNotFound
	}
	err = s.store.EndAbsence(ctx, person, request.Absence, s.now())
	if err != nil && !errors.Is(err, store.ErrNotFound) { // not found: it was over before
		return nil, err
	}
	return api.EndAbsence204Response{}, s.rulebook.Refresh(ctx)
}

// maySayAway: a person's absences are theirs to enter and end, those of the managers above them, and of administrators. Whoever
// only oversees moves nobody's duties.
func (s *server) maySayAway(who caller, person complaint.PersonID) error {
	edition := s.rulebook.Now()
	whose, organisation, err := edition.Actor(person, s.now())
	if err != nil || organisation != who.organisation {
		return errNotFound
	}
	if person == who.actor.Person || who.actor.Has(complaint.Director, complaint.GeneralManager, complaint.Administrator) {
		return nil
	}
	if rules, followed := edition.Procedure(organisation); !followed || !who.actor.Has(rules.Duty(complaint.DepartmentHead, whose.Department)) {
		return errForbidden
	}
	return nil
}

// enterOnce: the same absence of the same person is one, however often it is sent.
func (s *server) enterOnce(ctx context.Context, absence store.Absence) (store.Absence, error) {
	there, err := s.store.AbsencesOf(ctx, absence.Person)
	if err != nil {
		return store.Absence{}, err
	}
	for _, known := range there {
		if known.From.Equal(absence.From) && known.To.Equal(absence.To) {
			return known, nil
		}
	}
	return s.store.EnterAbsence(ctx, absence)
}

func (s *server) substitutes() *substitutes {
	return &substitutes{store: s.store, rulebook: s.rulebook, take: s.take}
}

// substitutes move the duties of people who are away.
type substitutes struct {
	store    *store.Store
	rulebook *rulebook.Rulebook
	take     func(context.Context, store.Submission) (complaint.Result, error)
}

// anyNumber tells all that moved, where nobody is told.
func anyNumber(*complaint.Complaint) bool { return true }

// move sends each complaint in which somebody absent has a duty the step that moves it on. Repeated, it moves nothing
// twice: a step has the absence's and the complaint's name for its key.
func (s *substitutes) move(ctx context.Context, absence store.Absence, mayTell func(*complaint.Complaint) bool) (moved, failed []string, err error) {
	moved = []string{}
	who, _, err := s.rulebook.Now().Actor(absence.Person, absence.From)
	if errors.Is(err, rulebook.ErrStranger) { // left the organisation meanwhile
		who, err = complaint.Actor{Person: absence.Person}, nil
	}
	if err != nil {
		return nil, nil, err
	}
	numbers, err := s.store.OpenComplaintsOf(ctx, who)
	if err != nil {
		return nil, nil, err
	}
	for _, number := range numbers {
		file, err := s.store.Complaint(ctx, number)
		if err != nil {
			return nil, nil, err
		}
		if !file.OnDuty(who) {
			continue
		}
		_, err = s.take(ctx, store.Submission{Number: number, Step: complaint.Substitute, By: complaint.Actor{Person: complaint.Procedure},
			Key: "absence/" + absence.ID + "/" + number, Body: []byte("{}"), Facts: complaint.Facts{Absent: &complaint.Absent{Person: absence.Person}}})
		var refusal *complaint.Refusal
		switch {
		case err != nil && !errors.As(err, &refusal) && !errors.Is(err, errNoLife):
			return nil, nil, err // Temporal is away: the others would only wait as long
		case !mayTell(&file.Complaint):
		case err != nil:
			failed = append(failed, number)
		default:
			moved = append(moved, number)
		}
	}
	return moved, failed, nil
}
