package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"recourse/internal/api"
	"recourse/internal/casework"
	"recourse/internal/complaint"
	"recourse/internal/words"
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
	return api.TakeStep200JSONResponse(s.reader(ctx).StepResult(result)), err
}

var errUnknownStep = errors.New("no such step")

// readStep reads the body of a step. The error is an *api.BodyError for a body that isn't right,
// and errUnknownStep for a step that nobody may send.
func readStep(bodies *api.Bodies, step complaint.StepName, raw []byte) (casework.Act, error) {
	if !slices.Contains(complaint.StepNames(), step) {
		return casework.Act{}, fmt.Errorf("%w: %q", errUnknownStep, step)
	}
	body, err := bodies.CheckStep(string(step), raw)
	if err != nil {
		return casework.Act{}, err
	}
	return readAct(step, body)
}

// readAct reads what a step, or a registration, says, by a body that its schema found right. The
// error is an *api.BodyError for one that lacks something because of what else it says.
func readAct(step complaint.StepName, body json.RawMessage) (casework.Act, error) {
	said := struct {
		ExpectedRevision int `json:"expected_revision"`
	}{}
	err := json.Unmarshal(body, &said)
	var facts complaint.Facts
	if err == nil {
		facts, err = complaint.ReadFacts(step, body)
	}
	if unsaid, is := errors.AsType[complaint.Unsaid](err); is {
		return casework.Act{}, missing("/" + string(unsaid))
	}
	if err != nil {
		return casework.Act{}, api.Undecoded(err)
	}
	carried, fields, err := words.FieldsByPart(body)
	if err != nil {
		return casework.Act{}, api.Undecoded(err)
	}
	written, err := words.Of(step, body)
	if err != nil {
		return casework.Act{}, err
	}
	if place := words.Lacks(written, facts); place != "" {
		return casework.Act{}, missing(place)
	}
	return casework.Act{Step: step, Facts: facts, ExpectedRevision: said.ExpectedRevision, Fields: fields, Carried: carried, Body: body}, nil
}

// missing is what a body lacks that no schema could tell.
func missing(pointer string) error {
	return &api.BodyError{Mistakes: []api.Mistake{{Pointer: pointer, What: "required"}}}
}

// TakeSideStep takes a step of a process beside the main course.
func (s *Server) TakeSideStep(ctx context.Context, request api.TakeSideStepRequestObject) (api.TakeSideStepResponseObject, error) {
	said := casework.Act{Step: complaint.StepName(request.Step)}
	var err error
	if said.Body, err = json.Marshal(request.Body); err != nil {
		return nil, err
	}
	if said.Facts, err = complaint.ReadSideFacts(said.Body); err != nil {
		return nil, err
	}
	task, err := s.Office.TakeSideStep(ctx, callerOf(ctx), request.Number, request.Side, request.Id, said, request.Params.IdempotencyKey)
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
