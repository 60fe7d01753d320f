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
	"recourse/internal/phrase"
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
	document, rules, err := s.Office.Procedure(ctx, request.Id, request.Params.Version)
	if err != nil {
		return nil, err
	}
	return api.GetProcedure200JSONResponse(s.readerBy(ctx, rules).Procedure(document)), nil
}

// PublishProcedure checks a text whole and makes it the next version, or says what that would do.
func (s *Server) PublishProcedure(ctx context.Context, request api.PublishProcedureRequestObject) (api.PublishProcedureResponseObject, error) {
	if request.Params.Preview {
		would, err := s.preview(ctx, published.Procedure, request.Id, request.Body)
		return api.PublishProcedure200JSONResponse(would), err
	}
	done, err := s.publish(ctx, published.Procedure, request.Id, request.Body)
	return api.PublishProcedure201JSONResponse(done), err
}

// PublishDirectory checks an organisation's people whole and makes it the next version, or says
// what that would do.
func (s *Server) PublishDirectory(ctx context.Context, request api.PublishDirectoryRequestObject) (api.PublishDirectoryResponseObject, error) {
	if request.Params.Preview {
		would, err := s.preview(ctx, published.Directory, request.Id, request.Body)
		return api.PublishDirectory200JSONResponse(would), err
	}
	done, err := s.publish(ctx, published.Directory, request.Id, request.Body)
	return api.PublishDirectory201JSONResponse(done), err
}

// PublishCalendar checks a calendar whole and makes it the next version, or says what that would
// do.
func (s *Server) PublishCalendar(ctx context.Context, request api.PublishCalendarRequestObject) (api.PublishCalendarResponseObject, error) {
	if request.Params.Preview {
		would, err := s.preview(ctx, published.Calendar, request.Id, request.Body)
		return api.PublishCalendar200JSONResponse(would), err
	}
	done, err := s.publish(ctx, published.Calendar, request.Id, request.Body)
	return api.PublishCalendar201JSONResponse(done), err
}

func (s *Server) publish(ctx context.Context, kind published.Kind, id string, body io.Reader) (api.Published, error) {
	text, err := s.textToPublish(ctx, kind, id, body)
	if err != nil {
		return api.Published{}, err
	}
	done, moved, more, err := s.Office.Publish(ctx, callerOf(ctx), kind, id, text)
	if err != nil {
		return api.Published{}, err
	}
	return api.Published{Id: id, Version: done.Version, Published: done.New, Moved: moved, More: more, Warnings: s.warnings(languageOf(ctx), kind, id)}, nil
}

func (s *Server) preview(ctx context.Context, kind published.Kind, id string, body io.Reader) (api.PublishPreview, error) {
	text, err := s.textToPublish(ctx, kind, id, body)
	if err != nil {
		return api.PublishPreview{}, err
	}
	moved, more, err := s.Office.Preview(ctx, callerOf(ctx), kind, id, text)
	would := api.PublishPreview{Warnings: []string{}, More: more, Complaints: []api.MovedComplaint{}}
	for _, one := range moved {
		concerned := api.MovedComplaint{Number: one.Number, Changes: changesOf(one)}
		for _, person := range one.From {
			concerned.From = append(concerned.From, s.reader(ctx).Person(person))
		}
		would.Complaints = append(would.Complaints, concerned)
	}
	return would, err
}

// textToPublish is the text of a document that the caller may publish.
func (s *Server) textToPublish(ctx context.Context, kind published.Kind, id string, body io.Reader) (string, error) {
	if err := s.Office.MayPublish(ctx, callerOf(ctx), kind, id); err != nil { // before anything is read
		return "", err
	}
	text, err := io.ReadAll(body)
	if err != nil {
		return "", err
	}
	if !utf8.Valid(text) {
		return "", &api.BodyError{Mistakes: []api.Mistake{{What: "not_utf8"}}}
	}
	if slices.Contains(text, 0) {
		return "", &api.BodyError{Mistakes: []api.Mistake{{What: "nul"}}}
	}
	return string(text), nil
}

// warnings say which holidays are missing of a calendar, or of that of a procedure, and what in the
// procedure probably isn't meant.
func (s *Server) warnings(language string, kind published.Kind, id string) []string {
	edition := s.Office.Rulebook.Now()
	warnings := []string{}
	if p, known := edition.Procedure(id); known && kind == published.Procedure {
		people, _ := edition.Directory(id)
		for _, doubtful := range p.Lint(people) {
			warnings = append(warnings, strconv.Itoa(doubtful.Line)+": "+doubtful.Message)
		}
		kind, id = published.Calendar, p.Calendar
	}
	if calendar := edition.Calendars()[id]; kind == published.Calendar && calendar != nil {
		if lacks := calendar.Lacks(s.Office.Now()); lacks != 0 {
			warnings = append(warnings, calendarLacks(language, id, lacks))
		}
	}
	return warnings
}

func calendarLacks(language, id string, year int) string {
	return phrase.Sentence(phrase.InForce, "calendar_lacks", language, "calendar", id, "year", strconv.Itoa(year))
}

// ListInForce shows administrators by which versions everything is decided, and what is missing.
func (s *Server) ListInForce(ctx context.Context, _ api.ListInForceRequestObject) (api.ListInForceResponseObject, error) {
	language := languageOf(ctx)
	unseen, err := s.Office.Unseen(ctx, callerOf(ctx))
	if err != nil {
		return nil, err
	}
	edition := s.Office.Rulebook.Now()
	answer := api.ListInForce200JSONResponse{Documents: []api.DocumentInForce{}, Missing: []string{}}
	for _, document := range edition.Documents() {
		shown := api.DocumentInForce{Kind: api.DocumentInForceKind(document.Kind), Id: document.ID, Version: document.Version}
		if calendar := edition.Calendars()[document.ID]; document.Kind == published.Calendar && calendar != nil {
			shown.CoversUntil, shown.Zone = calendar.Covers().Last, calendar.Zone().String()
			if lacks := calendar.Lacks(s.Office.Now()); lacks != 0 {
				answer.Missing = append(answer.Missing, calendarLacks(language, document.ID, lacks))
			}
		}
		answer.Documents = append(answer.Documents, shown)
	}
	for _, one := range edition.Unreadable() {
		code := "unreadable"
		if one.InForce == 0 {
			code = "unreadable_none"
		}
		answer.Missing = append(answer.Missing, phrase.Sentence(phrase.InForce, code, language,
			"kind", phrase.Label(phrase.InForce, string(one.Kind), language), "id", one.ID, "version", strconv.Itoa(one.InForce)))
	}
	for _, number := range unseen {
		answer.Missing = append(answer.Missing, phrase.Sentence(phrase.InForce, "unseen", language, "number", number))
	}
	return answer, nil
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
	said.Fields = b.Registration.Fields
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
