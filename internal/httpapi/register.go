package httpapi

import (
	"context"
	"encoding/json"
	"net/http"

	"recourse/internal/api"
	"recourse/internal/casework"
	"recourse/internal/complaint"
	"recourse/internal/phrase"
	"recourse/internal/store/submission"
)

// RegisterComplaint takes in what an employee heard.
func (s *Server) RegisterComplaint(ctx context.Context, request api.RegisterComplaintRequestObject) (api.RegisterComplaintResponseObject, error) {
	said, err := readRegistration(request.Body)
	if err != nil {
		return nil, err
	}
	said.Key = request.Params.IdempotencyKey
	stored, err := s.Office.Register(ctx, callerOf(ctx), said)
	if err != nil {
		return nil, err
	}
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
	b := request.Body
	said, err := readRegistration(&api.Register{Procedure: b.Procedure, Channel: casework.WebChannel, Narrative: b.Narrative, RemedyAsked: b.RemedyAsked,
		Category: b.Category, Customer: api.Customer{Name: b.Customer.Name, Phone: b.Customer.Phone, Email: b.Customer.Email, Address: b.Customer.Address,
			Language: b.Customer.Language},
		HappenedAt: b.HappenedAt, Place: b.Place, Fields: b.Fields})
	if err != nil {
		return nil, err
	}
	said.Key = request.Params.IdempotencyKey
	stored, follow, err := s.Office.RegisterPublicly(ctx, said)
	if err != nil {
		return nil, err
	}
	if stored.Result == nil {
		return api.RegisterPublicly202JSONResponse{Number: stored.Number, Stage: string(complaint.Received), Status: api.PublicReceiptStatusPending, Follow: follow}, nil
	}
	return api.RegisterPublicly201JSONResponse{Number: stored.Number, Stage: string(stored.Result.Stage), Status: api.PublicReceiptStatusRegistered, Follow: follow}, nil
}

// readRegistration reads the body of a registration. The error is an *api.BodyError for one that
// lacks words.
func readRegistration(b *api.Register) (casework.Registration, error) {
	if lacks := wanted(b.Screen); lacks != nil {
		lacks[0].Pointer = "/screen" + lacks[0].Pointer
		return casework.Registration{}, &api.BodyError{Mistakes: lacks}
	}
	body, err := json.Marshal(b)
	if err != nil {
		return casework.Registration{}, err
	}
	said := casework.Registration{
		Facts: complaint.Facts{
			Registration: &complaint.Registration{Procedure: b.Procedure, Channel: b.Channel, Category: b.Category,
				Subjects: personIDs(b.Subjects), HeardAt: instant(b.HeardAt), Anger: b.Anger, Language: string(b.Customer.Language),
				Reachable: reachable(b.Customer), CustomerClass: string(b.Customer.Class)},
			Screening: screening(b.Screen), Assignment: assignment(b.Assign), OnSpot: onSpot(b.ResolveOnSpot), Threat: threat(b.Threat),
			Fields: fieldNames(b.Fields),
		},
		Customer:   submission.Customer{Name: b.Customer.Name, Phone: b.Customer.Phone, Email: b.Customer.Email, Address: b.Customer.Address},
		HappenedAt: b.HappenedAt, Fields: b.Fields, Body: body,
	}
	if b.RemedyAsked != "" {
		said.Facts.Fields = append(said.Facts.Fields, "remedy_asked")
	}
	return said, nil
}

func reachable(c api.Customer) []string {
	var ways []string
	if c.Email != "" {
		ways = append(ways, "email")
	}
	if c.Phone != "" {
		ways = append(ways, "phone")
	}
	return ways
}
