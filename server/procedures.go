package main

import (
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"unicode/utf8"

	"recourse/internal/api"
	"recourse/internal/complaint"
	"recourse/internal/procedure"
)

// ListProcedures shows the newest version of each.
func (s *server) ListProcedures(ctx context.Context, _ api.ListProceduresRequestObject) (api.ListProceduresResponseObject, error) {
	all := s.rulebook.Now().Procedures()
	list := api.ListProcedures200JSONResponse{Procedures: []api.ProcedureSummary{}}
	for _, id := range slices.Sorted(maps.Keys(all)) {
		list.Procedures = append(list.Procedures, api.ProcedureSummary{Id: id, Name: in(all[id].Name, languageOf(ctx)), Version: all[id].Version})
	}
	return list, nil
}

// GetProcedure shows one version, with its text.
func (s *server) GetProcedure(ctx context.Context, request api.GetProcedureRequestObject) (api.GetProcedureResponseObject, error) {
	version := request.Params.Version
	newest, known := s.rulebook.Now().Procedure(request.Id)
	switch {
	case !known:
		return nil, errNotFound
	case version < 0 || version > 1<<30:
		return nil, malformed("version")
	case version == 0:
		version = newest.Version
	}
	published, err := s.store.Procedure(ctx, request.Id, version)
	if err != nil {
		return nil, err
	}
	rules, err := s.rulebook.Version(ctx, request.Id, version)
	if err != nil {
		return nil, err
	}
	language := languageOf(ctx)
	shown := api.GetProcedure200JSONResponse{Id: rules.ID, Name: in(rules.Name, language), Version: rules.Version, PublishedAt: published.PublishedAt,
		Channels: []string{}, Categories: []api.Category{}, Yaml: published.Body}
	for _, channel := range rules.Channels {
		shown.Channels = append(shown.Channels, channel.ID)
	}
	for _, code := range rules.CategoryCodes() {
		category, _ := rules.Category(code)
		shown.Categories = append(shown.Categories, api.Category{Code: code, Name: in(category.Name, language), Department: category.Department})
	}
	required := rules.CompleteBeforeClosing()
	for _, field := range rules.Form.Fields {
		shown.Fields = append(shown.Fields, api.FormField{Name: field.ID, Title: in(field.Title, language), Required: slices.Contains(required, field.ID)})
	}
	return shown, nil
}

// PublishProcedure checks a text whole and makes it the next version.
func (s *server) PublishProcedure(ctx context.Context, request api.PublishProcedureRequestObject) (api.PublishProcedureResponseObject, error) {
	who := callerOf(ctx)
	if !who.actor.Has(complaint.Administrator) || request.Id != who.organisation {
		return nil, errForbidden
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
	if err := s.rulebook.Refresh(ctx); err != nil { // to compare with what is in force now
		return nil, err
	}
	edition := s.rulebook.Now()
	rules, err := procedure.Parse(request.Id+".yaml", text)
	if err != nil {
		return nil, wrongProcedure(err)
	}
	if rules.ID != request.Id {
		return nil, violation("/procedure", "other_procedure", rules.ID)
	}
	people, known := edition.Directory(request.Id)
	if !known {
		return nil, errNotFound
	}
	for _, wrong := range []error{rules.Check(edition.Calendars(), people), rules.CheckCovers(edition.Calendars(), s.now()), rules.CheckNumbers(edition.Procedures())} {
		if wrong != nil {
			return nil, wrongProcedure(wrong)
		}
	}
	published, err := s.store.PublishProcedure(ctx, request.Id, string(text), string(who.actor.Person))
	if err != nil {
		return nil, err
	}
	if err := s.rulebook.Refresh(ctx); err != nil {
		return nil, err
	}
	return api.PublishProcedure201JSONResponse{Id: request.Id, Version: published.Version, Published: published.New, Warnings: []string{}}, nil
}

// wrongProcedure lists what is wrong with a procedure's text, each with its line and column.
func wrongProcedure(err error) error {
	var problems procedure.Problems
	if !errors.As(err, &problems) {
		return err
	}
	p := &problem{status: http.StatusUnprocessableEntity, code: api.ProblemCodeRuleViolation, detail: "procedure_mistakes",
		pairs: []string{"count", strconv.Itoa(len(problems))}, cause: err}
	if len(problems) == 1 {
		p.detail = "procedure_mistake"
	}
	for _, one := range problems {
		p.errors = append(p.errors, fieldError{line: one.Line, column: one.Column, text: one.Message})
	}
	return p
}
