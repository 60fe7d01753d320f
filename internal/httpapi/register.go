package httpapi

import (
	"context"
	"encoding/json"
	"net/http"

	"recourse/internal/api"
	"recourse/internal/casework"
	"recourse/internal/complaint"
	"recourse/internal/phrase"
)

// RegisterComplaint takes in what an employee heard.
func (s *Server) RegisterComplaint(ctx context.Context, request api.RegisterComplaintRequestObject) (api.RegisterComplaintResponseObject, error) {
	said, err := readRegistration(request.Body)
	if err != nil {
		return nil, err
	}
	if request.Params.DryRun {
		foreseen, err := s.Office.Foresee(ctx, callerOf(ctx), said, request.Params.IdempotencyKey)
		if err != nil {
			return nil, err
		}
		return api.RegisterComplaint200JSONResponse(s.reader(ctx).Foreseen(foreseen.Complaint, becomes(foreseen), foreseen.Number, foreseen.Messages)), nil
	}
	stored, err := s.Office.Register(ctx, callerOf(ctx), said, request.Params.IdempotencyKey)
	if err != nil {
		return nil, err
	}
	concerns(ctx, stored.Number)
	if stored.Result == nil {
		return api.RegisterComplaint202JSONResponse{Number: stored.Number, Status: api.PendingStatusPending,
			Detail: phrase.Label(phrase.ProblemDetail, "pending", languageOf(ctx))}, nil
	}
	answer := api.RegisterComplaint201JSONResponse(s.reader(ctx).StepResult(*stored.Result))
	if stored.Repeated {
		return replayed{answer}, nil
	}
	return answer, nil
}

func becomes(f casework.Foreseen) api.ForeseenBecomes {
	switch {
	case f.Erased:
		return api.ForeseenBecomesErased
	case f.Otherwise:
		return api.ForeseenBecomesRegisteredOtherwise
	case f.Before:
		return api.ForeseenBecomesRegisteredBefore
	}
	return api.ForeseenBecomesRegistered
}

// replayed is the answer to a registration that was there already: who sends a file again sees how
// much of it was.
type replayed struct {
	api.RegisterComplaint201JSONResponse
}

// VisitRegisterComplaintResponse writes the answer, with a header that says what it is.
func (r replayed) VisitRegisterComplaintResponse(w http.ResponseWriter) error {
	w.Header().Set(api.ReplayedHeader, "true")
	return r.RegisterComplaint201JSONResponse.VisitRegisterComplaintResponse(w)
}

// RegisterPublicly takes in what the customer says on the web.
func (s *Server) RegisterPublicly(ctx context.Context, request api.RegisterPubliclyRequestObject) (api.RegisterPubliclyResponseObject, error) {
	said, err := readRegistration(struct {
		*api.PublicRegister
		Channel string `json:"channel"`
	}{request.Body, casework.WebChannel})
	if err != nil {
		return nil, err
	}
	stored, follow, err := s.Office.RegisterPublicly(ctx, said, request.Params.IdempotencyKey)
	if err != nil {
		return nil, err
	}
	concerns(ctx, stored.Number)
	if stored.Result == nil {
		return api.RegisterPublicly202JSONResponse{Number: stored.Number, Stage: string(complaint.Received), Status: api.PublicReceiptStatusPending, Follow: follow}, nil
	}
	return api.RegisterPublicly201JSONResponse{Number: stored.Number, Stage: string(stored.Result.Stage), Status: api.PublicReceiptStatusRegistered, Follow: follow}, nil
}

// readRegistration reads the body of a registration, which is of the form of api.Register.
func readRegistration(said any) (casework.Act, error) {
	body, err := json.Marshal(said)
	if err != nil {
		return casework.Act{}, err
	}
	return readAct(complaint.Register, body)
}
