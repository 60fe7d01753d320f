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
	"recourse/internal/store/published"
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
	document, rules, err := s.Office.Procedure(ctx, request.Id, version)
	if err != nil {
		return nil, err
	}
	return api.GetProcedure200JSONResponse(s.readerBy(ctx, rules).Procedure(document)), nil
}

// PublishProcedure checks a text whole and makes it the next version.
func (s *Server) PublishProcedure(ctx context.Context, request api.PublishProcedureRequestObject) (api.PublishProcedureResponseObject, error) {
	done, err := s.publish(ctx, published.Procedure, request.Id, request.Body)
	return api.PublishProcedure201JSONResponse(done), err
}

// PublishDirectory checks an organisation's people whole and makes them the next version.
func (s *Server) PublishDirectory(ctx context.Context, request api.PublishDirectoryRequestObject) (api.PublishDirectoryResponseObject, error) {
	done, err := s.publish(ctx, published.Directory, request.Id, request.Body)
	return api.PublishDirectory201JSONResponse(done), err
}

// PublishCalendar checks a calendar whole and makes it the next version.
func (s *Server) PublishCalendar(ctx context.Context, request api.PublishCalendarRequestObject) (api.PublishCalendarResponseObject, error) {
	done, err := s.publish(ctx, published.Calendar, request.Id, request.Body)
	return api.PublishCalendar201JSONResponse(done), err
}

func (s *Server) publish(ctx context.Context, kind published.Kind, id string, body io.Reader) (api.Published, error) {
	who := callerOf(ctx)
	if err := s.Office.MayPublish(ctx, who, kind, id); err != nil { // before anything is read
		return api.Published{}, err
	}
	text, err := io.ReadAll(body)
	if err != nil {
		return api.Published{}, err
	}
	if !utf8.Valid(text) {
		return api.Published{}, &api.BodyError{Mistakes: []api.Mistake{{What: "not_utf8"}}}
	}
	if slices.Contains(text, 0) {
		return api.Published{}, &api.BodyError{Mistakes: []api.Mistake{{What: "nul"}}}
	}
	done, err := s.Office.Publish(ctx, who, kind, id, string(text))
	return api.Published{Id: id, Version: done.Version, Published: done.New, Warnings: []string{}}, err
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
