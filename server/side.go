package main

import (
	"context"
	"encoding/json"
	"slices"

	"recourse/internal/api"
	"recourse/internal/complaint"
	"recourse/internal/directory"
	"recourse/internal/store"
	"recourse/workflows"
)

// TakeSideStep takes a step of a process beside the main course.
func (s *server) TakeSideStep(ctx context.Context, request api.TakeSideStepRequestObject) (api.TakeSideStepResponseObject, error) {
	o, err := s.open(ctx, request.Number)
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
	body, err := json.Marshal(request.Body)
	if err != nil {
		return nil, err
	}
	stored, err := s.store.Submit(ctx, store.Submission{Number: request.Number, Step: complaint.StepName(request.Step), By: by,
		Key: request.Params.IdempotencyKey, Body: body, Facts: facts})
	if err != nil {
		return nil, err
	}
	task, err := s.lives.takeBeside(ctx, workflows.SideID(request.Number, string(request.Side), request.Id), stored.AsStep())
	if err != nil {
		return nil, s.refused(ctx, stored, err)
	}
	result := api.TakeSideStep200JSONResponse{Number: request.Number, Side: request.Side, Id: request.Id, State: string(task.Step), AllowedSteps: []string{}}
	if task.Done {
		result.State = complaint.SideDone
	} else {
		result.AllowedSteps = []string{string(task.Step)}
	}
	return result, nil
}

// decided is what a step beside the main course decides; its words stay with the submission.
func decided(b *api.SideStep) *complaint.SideFacts {
	return &complaint.SideFacts{Agrees: b.Agrees, People: personIDs(b.People), Amount: string(b.Amount), Currency: string(b.Currency),
		Due: instant(b.Due), Code: string(b.Code)}
}
