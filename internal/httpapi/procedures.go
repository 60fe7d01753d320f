package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"
	"strconv"
	"unicode/utf8"

	"recourse/internal/api"
	"recourse/internal/casework"
	"recourse/internal/complaint"
	"recourse/internal/view"
)

// ListProcedures shows the newest version of each.
func (s *Server) ListProcedures(ctx context.Context, _ api.ListProceduresRequestObject) (api.ListProceduresResponseObject, error) {
	all := s.Office.Rulebook.Now().Procedures()
	list := api.ListProcedures200JSONResponse{Procedures: []api.ProcedureSummary{}}
	for _, id := range slices.Sorted(maps.Keys(all)) {
		list.Procedures = append(list.Procedures, api.ProcedureSummary{Id: id, Name: all[id].Name.In(languageOf(ctx)), Version: all[id].Version})
	}
	return list, nil
}

// GetProcedure shows one version, with its text.
func (s *Server) GetProcedure(ctx context.Context, request api.GetProcedureRequestObject) (api.GetProcedureResponseObject, error) {
	version := request.Params.Version
	if version < 0 || version > 1<<30 {
		return nil, malformed("version")
	}
	published, rules, err := s.Office.Procedure(ctx, request.Id, version)
	if err != nil {
		return nil, err
	}
	return api.GetProcedure200JSONResponse(s.readerBy(ctx, rules).Procedure(published)), nil
}

// PublishProcedure checks a text whole and makes it the next version.
func (s *Server) PublishProcedure(ctx context.Context, request api.PublishProcedureRequestObject) (api.PublishProcedureResponseObject, error) {
	who := callerOf(ctx)
	if err := who.MayPublish(request.Id); err != nil {
		return nil, err
	}
	text, err := io.ReadAll(request.Body)
	if err != nil {
		return nil, err
	}
	if !utf8.Valid(text) {
		return nil, &api.BodyError{Mistakes: []api.Mistake{{What: "not_utf8"}}}
	}
	if slices.Contains(text, 0) {
		return nil, &api.BodyError{Mistakes: []api.Mistake{{What: "nul"}}}
	}
	published, err := s.Office.PublishProcedure(ctx, who, request.Id, string(text))
	return api.PublishProcedure201JSONResponse{Id: request.Id, Version: published.Version, Published: published.New, Warnings: []string{}}, err
}

// Simulate shows what would happen to a complaint.
func (s *Server) Simulate(ctx context.Context, request api.SimulateRequestObject) (api.SimulateResponseObject, error) {
	said, err := ReadSimulation(s.Bodies, *request.Body)
	if err != nil {
		return nil, err
	}
	rules, timeline, err := s.Office.Simulate(ctx, callerOf(ctx), request.Id, said)
	if err != nil {
		return nil, err
	}
	return api.Simulate200JSONResponse(view.Timeline(rules, timeline, languageOf(ctx))), nil
}

// ReadSimulation reads the body of a simulation, with those of its steps. The error is an
// *api.BodyError for a body that isn't right.
func ReadSimulation(bodies *api.Bodies, b api.Simulation) (casework.Simulation, error) {
	said := casework.Simulation{Version: b.Version, Start: b.Start, Until: b.Until, By: complaint.PersonID(b.Registration.By)}
	registration, err := json.Marshal(b.Registration)
	if err != nil {
		return said, err
	}
	if said.Facts, err = complaint.ReadFacts(complaint.Register, registration); err != nil {
		return said, err
	}
	for i, one := range b.Steps {
		var raw []byte
		if one.Body != nil {
			var err error
			if raw, err = json.Marshal(one.Body); err != nil {
				return said, err
			}
		}
		act, err := readStep(bodies, complaint.StepName(one.Step), raw)
		if wrong, is := errors.AsType[*api.BodyError](err); is {
			for j := range wrong.Mistakes {
				wrong.Mistakes[j].Pointer = "/steps/" + strconv.Itoa(i) + "/body" + wrong.Mistakes[j].Pointer
			}
		}
		if err != nil {
			return said, err
		}
		said.Steps = append(said.Steps, casework.SimulatedStep{Act: act, By: complaint.PersonID(one.By), At: one.At})
	}
	return said, nil
}
