package httpapi

import (
	"context"

	"recourse/internal/api"
	"recourse/internal/casework"
	"recourse/internal/complaint"
	"recourse/internal/procedure"
	"recourse/internal/store"
	"recourse/internal/store/reading"
	"recourse/internal/view"
)

// reader is the caller, shown what goes by the procedure in force of their organisation.
func (s *Server) reader(ctx context.Context) view.Reader {
	organisation := callerOf(ctx).Organisation
	rules, _ := s.Office.Rulebook.Now().Procedure(organisation)
	return s.readerBy(ctx, rules)
}

// readerBy is the caller, shown what goes by a version of their organisation's procedure.
func (s *Server) readerBy(ctx context.Context, rules *procedure.Procedure) view.Reader {
	r := view.Reader{Now: s.Office.Now(), Language: languageOf(ctx), People: s.Office.People(callerOf(ctx).Organisation), Rules: rules}
	if rules != nil {
		if calendar, known := s.Office.Rulebook.Now().Calendars()[rules.Calendar]; known {
			r.Zone = calendar.Zone()
		}
	}
	return r
}

func (s *Server) open(ctx context.Context, number string) (casework.Opened, error) {
	return s.Office.Open(ctx, callerOf(ctx), number)
}

// GetComplaint shows a complaint, as the database or the running workflow knows it.
func (s *Server) GetComplaint(ctx context.Context, request api.GetComplaintRequestObject) (api.GetComplaintResponseObject, error) {
	o, err := s.open(ctx, request.Number)
	if err != nil {
		return nil, err
	}
	source := api.ComplaintSourceDatabase
	if o.Standing == reading.Pending {
		source = api.ComplaintSourceSubmission
	}
	if request.Params.Source == api.GetComplaintParamsSourceWorkflow {
		source = api.ComplaintSourceWorkflow
		if o, err = o.AsItLives(ctx); err != nil {
			return nil, err
		}
	}
	said, err := o.Submissions(ctx)
	if err != nil {
		return nil, err
	}
	links, err := o.Links(ctx)
	if err != nil {
		return nil, err
	}
	related, err := o.Related(ctx)
	if err != nil {
		return nil, err
	}
	waits, err := o.Waiting(ctx)
	r := s.readerBy(ctx, o.Rules)
	now, later := o.Allowed()
	shown := r.Complaint(o.File, source, now, later, said, links, related)
	shown.WaitsFor = r.Waits(&o.File.Complaint, waits, s.Office.Now())
	return api.GetComplaint200JSONResponse(shown), err
}

// ListComplaints lists what the caller may know of.
func (s *Server) ListComplaints(ctx context.Context, request api.ListComplaintsRequestObject) (api.ListComplaintsResponseObject, error) {
	p := request.Params
	listed, next, err := s.Office.Complaints(ctx, callerOf(ctx), reading.Filter{
		Procedure: p.Procedure, Stage: complaint.Stage(p.Stage), Department: p.Department, Handler: complaint.PersonID(p.Handler),
		Owner: complaint.PersonID(p.Owner), Category: p.Category, Channel: p.Channel, Kind: complaint.Kind(p.Kind), Outcome: complaint.Outcome(p.Outcome),
		Satisfaction: complaint.Satisfaction(p.Satisfaction), Sort: reading.Sort(p.Sort),
		Severity: complaint.Severity(p.Severity), TierMin: p.TierMin, Overdue: p.Overdue, Suspended: p.Suspended, Query: p.Q, Row: p.Row,
		ReceivedFrom: p.ReceivedFrom, ReceivedTo: p.ReceivedTo,
	}, store.Cursor(p.Cursor), p.Limit)
	return api.ListComplaints200JSONResponse(s.reader(ctx).Complaints(listed, next, s.Office.Now())), err
}

// Erase takes the personal data of a complaint away.
func (s *Server) Erase(ctx context.Context, request api.EraseRequestObject) (api.EraseResponseObject, error) {
	err := s.Office.Erase(ctx, callerOf(ctx), request.Number, string(request.Body.RequestedBy))
	return api.Erase200JSONResponse{Number: request.Number, Erased: true}, err
}
