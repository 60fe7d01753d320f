package main

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"

	"github.com/google/uuid"

	"recourse/internal/api"
	"recourse/internal/complaint"
	"recourse/internal/phrase"
	"recourse/internal/store"
)

// mostRebased is how many complaints one request re-bases; repeat it for the rest.
const mostRebased = 1000

// Rebase puts running complaints on another version of their procedure, or says what that would change.
func (s *server) Rebase(ctx context.Context, request api.RebaseRequestObject) (api.RebaseResponseObject, error) {
	who, b := callerOf(ctx), request.Body
	if !who.actor.Has(complaint.Administrator) {
		return nil, errForbidden
	}
	if b.Query.Procedure != who.organisation {
		return nil, violation("/query/procedure", "no_such_procedure", b.Query.Procedure)
	}
	if _, err := s.rulebook.Version(ctx, b.Query.Procedure, b.TargetVersion); err != nil {
		if errors.Is(err, store.ErrNotFound) {
			return nil, violation("/target_version", "no_such_version", strconv.Itoa(b.TargetVersion))
		}
		return nil, err
	}
	files, more, err := s.matching(ctx, who, b.Query, b.TargetVersion, mostRebased)
	if err != nil {
		return nil, err
	}
	body, err := json.Marshal(b)
	if err != nil {
		return nil, err
	}
	key := request.Params.IdempotencyKey
	if key == "" {
		key = uuid.NewString()
	}
	answer := api.Rebase200JSONResponse{Preview: b.Preview, More: more, Complaints: []api.RebasedComplaint{}}
	for _, file := range files {
		one := api.RebasedComplaint{Number: file.Number, FromVersion: file.Terms.Version, ToVersion: b.TargetVersion}
		step := complaint.Step{Name: complaint.Rebase, By: who.actor, At: s.now().UTC(), Facts: complaint.Facts{Rebase: &complaint.RebaseFacts{Version: b.TargetVersion}}}
		if one.Changes, err = s.wouldChange(ctx, file.Complaint, step); err != nil {
			return nil, err
		}
		if !b.Preview {
			one.Done, one.Problem, err = s.rebaseOne(ctx, file.Number, who.actor, step.Facts, body, key)
			if err != nil {
				return nil, err
			}
		}
		answer.Complaints = append(answer.Complaints, one)
	}
	answer.Matched = len(answer.Complaints)
	return answer, nil
}

// matching are the running complaints that a query means and that aren't on the target version yet: so many of them, newest first,
// and whether there are more. An administrator re-bases them without reading them: what comes back is numbers and due times.
// Complaints that are closed to named people are re-based by nobody but who is named.
func (s *server) matching(ctx context.Context, who caller, query api.RebaseQuery, target, most int) (files []store.File, more bool, err error) {
	take := func(number string) error {
		file, err := s.store.Complaint(ctx, number)
		if errors.Is(err, store.ErrNotFound) || (err == nil && (!file.Admits(complaint.Rebase, who.actor) || file.Registration.Procedure != query.Procedure)) {
			return violation("/query/numbers", "no_such_complaint", number)
		}
		if err != nil {
			return err
		}
		switch {
		case file.Standing != store.StandingLive || file.Stage == complaint.Closed || file.Terms.Version == target:
		case query.Version != 0 && file.Terms.Version != query.Version:
		case query.Stage != "" && file.Stage != complaint.Stage(query.Stage):
		case len(files) == most:
			more = true
		default:
			files = append(files, file)
		}
		return nil
	}
	for _, number := range query.Numbers {
		if err := take(number); err != nil {
			return nil, false, err
		}
	}
	open, unread := false, s.viewer(who)
	unread.All = true
	filter := store.Filter{Procedure: query.Procedure, Version: query.Version, NotVersion: target, Stage: complaint.Stage(query.Stage), Closed: &open}
	for cursor, rest := store.Cursor(""), len(query.Numbers) == 0; rest && !more; rest = cursor != "" {
		page, next, err := s.store.List(ctx, unread, filter, cursor, largestPage)
		if err != nil {
			return nil, false, err
		}
		for _, listed := range page {
			if err := take(listed.Number); err != nil {
				return nil, false, err
			}
		}
		cursor = next
	}
	return files, more, nil
}

// wouldChange asks the procedure itself what it would make of the step.
func (s *server) wouldChange(ctx context.Context, before complaint.Complaint, step complaint.Step) ([]api.RebasedDeadline, error) {
	taken := complaint.Event{Kind: complaint.StepTaken, At: step.At, By: step.By.Person, Step: &step}
	after := before.Clone()
	after.Apply(taken)
	write := complaint.Write{Complaint: after, PeopleBefore: before.People, Before: before.Recorded, Happened: []complaint.Event{taken}, By: step.By}
	id, version, calendar := write.Rules()
	rules, err := s.rulebook.Rules(ctx, id, version, calendar)
	if err != nil {
		return nil, err
	}
	followed := rules.Follow(write)
	changes := []api.RebasedDeadline{}
	for _, d := range before.Deadlines {
		change := api.RebasedDeadline{Deadline: d.Name, DueBefore: d.DueAt}
		if now, stays := followed.Complaint.Deadline(d.Name); stays {
			if now.DueAt.Equal(d.DueAt) {
				continue
			}
			change.DueAfter = now.DueAt
		}
		changes = append(changes, change)
	}
	return changes, nil
}

func (s *server) rebaseOne(ctx context.Context, number string, by complaint.Actor, facts complaint.Facts, body json.RawMessage, key string) (done bool, why string, err error) {
	_, err = s.take(ctx, store.Submission{Number: number, Step: complaint.Rebase, By: by, Key: "rebase/" + key + "/" + number, Body: body, Facts: facts})
	var refusal *complaint.Refusal
	switch {
	case err == nil:
		return true, "", nil
	case errors.Is(err, errNoLife): // this one alone
		return false, phrase.Label(phrase.ProblemDetail, "unavailable", languageOf(ctx)), nil
	case errors.As(err, &refusal):
		return false, phrase.Label(phrase.Reason, string(refusal.Reason), languageOf(ctx)), nil
	}
	return false, "", err
}
