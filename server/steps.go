package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"recourse/internal/api"
	"recourse/internal/complaint"
	"recourse/internal/directory"
	"recourse/internal/phrase"
	"recourse/internal/procedure"
	"recourse/internal/store"
)

// TakeStep takes a step for the person who calls.
func (s *server) TakeStep(ctx context.Context, request api.TakeStepRequestObject) (api.TakeStepResponseObject, error) {
	who := callerOf(ctx)
	if err := s.inOrganisation(who, request.Number); err != nil {
		return nil, err
	}
	step := complaint.StepName(request.Step)
	said, err := readStep(s.bodies, step, *request.Body)
	if errors.Is(err, errUnknownStep) {
		return nil, &problem{status: errNotFound.status, code: errNotFound.code, reason: complaint.ReasonUnknownStep}
	}
	if err != nil {
		return nil, err
	}
	c, err := s.admitted(ctx, request.Number, step, request.Params.IdempotencyKey)
	if err != nil {
		return nil, err
	}
	if err := s.checkAct(ctx, c, who.organisation, said); err != nil {
		return nil, err
	}
	result, err := s.take(ctx, store.Submission{Number: request.Number, Step: step, By: who.actor, Key: request.Params.IdempotencyKey,
		Body: said.body, Facts: said.facts, ExpectedRevision: said.expectedRevision})
	if err != nil {
		return nil, err
	}
	if step == complaint.Assess {
		if err := s.keepCase(ctx, request.Number, who.actor, said.body); err != nil {
			return nil, err
		}
	}
	return api.TakeStep200JSONResponse(s.stepResult(ctx, result)), nil
}

// inOrganisation: the complaints of other organisations don't exist for the caller.
func (s *server) inOrganisation(who caller, number string) error {
	if organisation, known := s.rulebook.Now().Organisation(number); !known || organisation != who.organisation {
		return errNotFound
	}
	return nil
}

// admitted is a complaint that the caller may know of by the step. To anybody else it doesn't exist, before a word of theirs is
// checked or stored; but whoever repeats a step that was taken, which may have ended their part, is still to get its answer.
func (s *server) admitted(ctx context.Context, number string, step complaint.StepName, key string) (*complaint.Complaint, error) {
	by := callerOf(ctx).actor
	file, err := s.store.Complaint(ctx, number)
	if err != nil {
		return nil, err
	}
	if file.Standing != store.StandingRefused && file.Admits(step, by) {
		return &file.Complaint, nil
	}
	if key != "" {
		taken, err := s.store.SubmissionOf(ctx, by.Person, key)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return nil, err
		}
		if err == nil && taken.Number == number && taken.Step == step && taken.Result != nil {
			return &file.Complaint, nil
		}
	}
	return nil, errNotFound
}

// checkAct checks what a step says against the procedure that the complaint goes by. Most steps name nothing of it, and
// most procedures have one version.
func (s *server) checkAct(ctx context.Context, c *complaint.Complaint, organisation string, said act) error {
	f := said.facts
	if f.Screening == nil && f.Assignment == nil && f.Support == nil && f.Findings == nil && f.Proposal == nil && f.Order == nil && f.OnSpot == nil && f.Work == nil && f.Threat == nil && len(said.fields) == 0 {
		return nil
	}
	edition := s.rulebook.Now()
	rules, known := edition.Procedure(organisation)
	if !known {
		return errNotFound
	}
	if rules.Version > 1 {
		var err error
		if rules, err = s.rules(ctx, c); err != nil {
			return err
		}
	}
	people, known := edition.Directory(organisation)
	if !known {
		people = &directory.Directory{}
	}
	return checkFacts(rules, people, f, said.fields)
}

// rules is the version of the procedure by which a complaint goes.
func (s *server) rules(ctx context.Context, c *complaint.Complaint) (*procedure.Procedure, error) {
	terms := c.Terms
	if terms.Procedure == "" {
		terms.Procedure, terms.Version = c.Registration.Procedure, c.Registration.Version
	}
	return s.rulebook.Version(ctx, terms.Procedure, terms.Version)
}

// take stores a step and hands it to the workflow. A key that was answered gets the first answer.
func (s *server) take(ctx context.Context, submission store.Submission) (complaint.Result, error) {
	stored, err := s.store.Submit(ctx, submission)
	if err != nil {
		return complaint.Result{}, err
	}
	if stored.Result != nil {
		return *stored.Result, nil
	}
	if err := s.checkTarget(ctx, stored.Submission); err != nil {
		return complaint.Result{}, s.refused(ctx, stored, err)
	}
	result, err := s.lives.take(ctx, stored.Number, stored.AsStep())
	if errors.Is(err, errNoLife) {
		return s.withoutLife(ctx, stored)
	}
	if err != nil {
		return complaint.Result{}, s.refused(ctx, stored, err)
	}
	return result, nil
}

// withoutLife answers a step on a complaint that no workflow lives for. The database knows why: there never was one, its
// registration is still to be relayed, or it has ended.
func (s *server) withoutLife(ctx context.Context, stored store.Stored) (complaint.Result, error) {
	answered, err := s.store.Submission(ctx, stored.ID)
	if err != nil {
		return complaint.Result{}, err
	}
	if answered.Result != nil { // taken meanwhile, by the same key
		return *answered.Result, nil
	}
	file, err := s.store.Complaint(ctx, stored.Number)
	if err != nil {
		return complaint.Result{}, err
	}
	c := &file.Complaint
	switch {
	case file.Standing == store.StandingRefused || !c.Admits(stored.Step, stored.By):
		return complaint.Result{}, errNotFound
	case c.Stage != complaint.Closed:
		return complaint.Result{}, fmt.Errorf("%w: %w", errTemporalAway, errNoLife)
	}
	refusal := &complaint.Refusal{Code: complaint.CodeClosed, Reason: complaint.ReasonClosed, Step: stored.Step, Stage: c.Stage, Allowed: []complaint.StepName{}}
	return complaint.Result{}, s.refused(ctx, stored, refusal)
}

// keepCase puts the draft that an assessment brings into the case library.
func (s *server) keepCase(ctx context.Context, number string, by complaint.Actor, body json.RawMessage) error {
	var assessed api.Assess
	if err := json.Unmarshal(body, &assessed); err != nil {
		return err
	}
	if !assessed.CaseValue || assessed.Draft.Title == "" {
		return nil
	}
	file, err := s.store.Complaint(ctx, number)
	if err != nil {
		return err
	}
	text := assessed.Draft.Text
	if assessed.Draft.Lessons != "" {
		text += "\n\n" + assessed.Draft.Lessons
	}
	return s.store.SaveCase(ctx, store.Case{Number: number, Category: file.Category(), Title: assessed.Draft.Title, Body: text, DraftedBy: by.Person})
}

// stepResult is a workflow's answer in the caller's words.
func (s *server) stepResult(ctx context.Context, r complaint.Result) api.StepResult {
	language := languageOf(ctx)
	var rules *procedure.Procedure
	if organisation, known := s.rulebook.Now().Organisation(r.Number); known {
		rules, _ = s.rulebook.Now().Procedure(organisation)
	}
	return api.StepResult{
		Number: r.Number, Stage: api.Stage(r.Stage), StageLabel: phrase.Label(phrase.Stage, string(r.Stage), language),
		Revision: r.Revision, Tier: r.Tier, AllowedSteps: stepNames(r.AllowedSteps), Deadlines: deadlines(rules, r.Deadlines, language),
		Outcome: string(r.Outcome), ProposalRevision: r.ProposalRevision,
	}
}
