package httpapi

import (
	"context"
	"encoding/json"

	"recourse/internal/api"
	"recourse/internal/casework"
	"recourse/internal/complaint"
)

// TakeStep takes a step for the person who calls.
func (s *Server) TakeStep(ctx context.Context, request api.TakeStepRequestObject) (api.TakeStepResponseObject, error) {
	who := callerOf(ctx)
	if err := s.Office.InOrganisation(who, request.Number); err != nil {
		return nil, err
	}
	said, err := readStep(s.Bodies, complaint.StepName(request.Step), *request.Body)
	if err != nil {
		return nil, err
	}
	result, err := s.Office.TakeStep(ctx, who, request.Number, said, request.Params.IdempotencyKey)
	if err != nil {
		return nil, err
	}
	return api.TakeStep200JSONResponse(s.reader(ctx).StepResult(result)), nil
}

// TakeSideStep takes a step of a process beside the main course.
func (s *Server) TakeSideStep(ctx context.Context, request api.TakeSideStepRequestObject) (api.TakeSideStepResponseObject, error) {
	body, err := json.Marshal(request.Body)
	if err != nil {
		return nil, err
	}
	task, err := s.Office.TakeSideStep(ctx, callerOf(ctx), request.Number, casework.SideAct{Side: request.Side, ID: request.Id,
		Step: complaint.StepName(request.Step), Facts: decided(request.Body), Body: body, Key: request.Params.IdempotencyKey})
	if err != nil {
		return nil, err
	}
	result := api.TakeSideStep200JSONResponse{Number: request.Number, Side: request.Side, Id: request.Id, State: string(task.Step), AllowedSteps: []string{}}
	if task.Done {
		result.State = complaint.SideDone
	} else {
		result.AllowedSteps = []string{string(task.Step)}
	}
	return result, nil
}
