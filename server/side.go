package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"

	"recourse/internal/api"
	"recourse/internal/complaint"
	"recourse/internal/directory"
	"recourse/internal/store"
	"recourse/workflows"
)

// TakeSideStep takes a step of a process beside the main course.
func (s *server) TakeSideStep(ctx context.Context, request api.TakeSideStepRequestObject) (api.TakeSideStepResponseObject, error) {
	body, err := json.Marshal(request.Body)
	if err != nil {
		return nil, err
	}
	o, err := s.open(ctx, request.Number)
	if errors.Is(err, errNotFound) {
		return s.takenBeside(ctx, request, body)
	}
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(o.Sides, func(side complaint.Side) bool { return side.Kind == string(request.Side) && side.ID == request.Id })
	if at < 0 {
		return nil, errNotFound
	}
	by := o.who.actor
	if side := o.Sides[at]; side.Person == by.Person && side.Role != "" && !by.Has(side.Role) {
		by.Roles = append(slices.Clone(by.Roles), side.Role) // whoever the step moved to stands in for that duty
	}
	facts := complaint.Facts{Beside: decided(request.Body)}
	people, known := s.rulebook.Now().Directory(o.who.organisation)
	if !known {
		people = &directory.Directory{}
	}
	if err := checkFacts(o.rules, people, facts, nil); err != nil {
		return nil, err
	}
	stored, err := s.store.Submit(ctx, store.Submission{Number: request.Number, Step: complaint.StepName(request.Step), By: by,
		Key: request.Params.IdempotencyKey, Body: body, Facts: facts})
	if err != nil {
		return nil, err
	}
	task, err := s.lives.takeBeside(ctx, workflows.SideID(request.Number, string(request.Side), request.Id), stored.AsStep())
	if errors.Is(err, errNoLife) {
		task, err = s.withoutSide(ctx, o.Sides[at], stored)
	}
	if err != nil {
		return nil, s.refused(ctx, stored, err)
	}
	return sideResult(request, task), nil
}

func sideResult(request api.TakeSideStepRequestObject, task complaint.SideTask) api.TakeSideStep200JSONResponse {
	result := api.TakeSideStep200JSONResponse{Number: request.Number, Side: request.Side, Id: request.Id, State: string(task.Step), AllowedSteps: []string{}}
	if task.Done {
		result.State = complaint.SideDone
	} else {
		result.AllowedSteps = []string{string(task.Step)}
	}
	return result
}

// takenBeside answers whoever repeats a step that has ended their part in the complaint. To anybody else it doesn't exist.
func (s *server) takenBeside(ctx context.Context, request api.TakeSideStepRequestObject, body []byte) (api.TakeSideStepResponseObject, error) {
	key := request.Params.IdempotencyKey
	if key == "" {
		return nil, errNotFound
	}
	stored, err := s.store.SubmissionOf(ctx, callerOf(ctx).actor.Person, key)
	if err != nil {
		return nil, err
	}
	if stored.Number != request.Number || stored.Step != complaint.StepName(request.Step) || !bytes.Equal(stored.Body, body) {
		return nil, errNotFound
	}
	task, err := s.recordedBeside(ctx, stored)
	if err != nil {
		return nil, err
	}
	return sideResult(request, task), nil
}

// recordedBeside is what a process beside the main course waited for after a step, as it told the complaint; store.ErrNotFound
// when it has told nothing of that step.
func (s *server) recordedBeside(ctx context.Context, stored store.Stored) (complaint.SideTask, error) {
	row, err := s.store.RecordOf(ctx, stored.Number, stored.ID)
	if err != nil {
		return complaint.SideTask{}, err
	}
	if row.Step == nil || row.Step.Facts.Report == nil {
		return complaint.SideTask{}, errNotFound
	}
	state := row.Step.Facts.Report.State
	return complaint.SideTask{Step: complaint.StepName(state), Done: state == complaint.SideDone}, nil
}

// withoutSide answers a step of a process that isn't there, or no more: by the record when the step was taken before, else as
// closed; a process that the complaint takes for running has just begun, or just ended.
func (s *server) withoutSide(ctx context.Context, side complaint.Side, stored store.Stored) (complaint.SideTask, error) {
	task, err := s.recordedBeside(ctx, stored)
	if !errors.Is(err, store.ErrNotFound) {
		return task, err
	}
	if side.State != complaint.SideDone {
		return complaint.SideTask{}, errTemporalAway
	}
	return complaint.SideTask{}, &complaint.Refusal{Code: complaint.CodeClosed, Reason: complaint.ReasonClosed, Step: stored.Step}
}

// decided is what a step beside the main course decides; its words stay with the submission.
func decided(b *api.SideStep) *complaint.SideFacts {
	return &complaint.SideFacts{Agrees: b.Agrees, People: personIDs(b.People), Amount: string(b.Amount), Currency: string(b.Currency),
		Due: instant(b.Due), Code: string(b.Code)}
}
