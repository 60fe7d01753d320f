package httpapi

import (
	"cmp"
	"context"

	"recourse/internal/api"
	"recourse/internal/complaint"
	"recourse/internal/store"
)

// ListTasks shows an inbox.
func (s *Server) ListTasks(ctx context.Context, request api.ListTasksRequestObject) (api.ListTasksResponseObject, error) {
	p := request.Params
	tasks, next, err := s.Office.Tasks(ctx, callerOf(ctx), complaint.PersonID(p.Person), store.Cursor(p.Cursor), p.Limit)
	return api.ListTasks200JSONResponse(s.reader(ctx).Tasks(tasks, next, s.Office.Now())), err
}

// ListOpenMatters shows the ledger of open matters (未了事宜).
func (s *Server) ListOpenMatters(ctx context.Context, request api.ListOpenMattersRequestObject) (api.ListOpenMattersResponseObject, error) {
	matters, next, err := s.Office.OpenMatters(ctx, callerOf(ctx), store.Cursor(request.Params.Cursor), request.Params.Limit)
	return api.ListOpenMatters200JSONResponse(s.reader(ctx).OpenMatters(matters, next)), err
}

// ListPeople shows the people of the caller's organisation.
func (s *Server) ListPeople(ctx context.Context, request api.ListPeopleRequestObject) (api.ListPeopleResponseObject, error) {
	p := request.Params
	employees, next, err := s.Office.Employees(callerOf(ctx), p.Department, p.Cursor, cmp.Or(p.Limit, usualPage))
	r, list := s.reader(ctx), api.ListPeople200JSONResponse{People: []api.Person{}, NextCursor: next}
	for _, employee := range employees {
		list.People = append(list.People, r.Employee(employee.Person, employee.Roles, s.Office.Now()))
	}
	return list, err
}

// EnterAbsence stores an absence, and moves on what the person has open.
func (s *Server) EnterAbsence(ctx context.Context, request api.EnterAbsenceRequestObject) (api.EnterAbsenceResponseObject, error) {
	absence, moved, failed, err := s.Office.EnterAbsence(ctx, callerOf(ctx), complaint.PersonID(request.Id), request.Body.From, request.Body.Until)
	return api.EnterAbsence201JSONResponse{Id: absence.ID, Person: s.reader(ctx).Person(absence.Person), From: absence.From, Until: absence.To,
		Moved: append([]string{}, moved...), Failed: failed}, err
}

// EndAbsence ends an absence now.
func (s *Server) EndAbsence(ctx context.Context, request api.EndAbsenceRequestObject) (api.EndAbsenceResponseObject, error) {
	return api.EndAbsence204Response{}, s.Office.EndAbsence(ctx, callerOf(ctx), complaint.PersonID(request.Id), request.Absence)
}

// ListCases shows the case library.
func (s *Server) ListCases(ctx context.Context, request api.ListCasesRequestObject) (api.ListCasesResponseObject, error) {
	cases, next, err := s.Office.Cases(ctx, callerOf(ctx), store.Cursor(request.Params.Cursor), request.Params.Limit)
	return api.ListCases200JSONResponse(s.reader(ctx).Cases(cases, next)), err
}
