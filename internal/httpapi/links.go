package httpapi

import (
	"context"
	"encoding/json"

	"recourse/internal/api"
	"recourse/internal/casework"
	"recourse/internal/complaint"
	"recourse/internal/link"
	"recourse/internal/plan"
	"recourse/internal/view"
)

// OpenLink shows a customer what their link lets see. It changes nothing: programs open links too,
// those that look for harm in mail among them.
func (s *Server) OpenLink(ctx context.Context, request api.OpenLinkRequestObject) (api.OpenLinkResponseObject, error) {
	f, err := s.follow(ctx, request.Token)
	if err != nil {
		return nil, err
	}
	shown, err := s.linkView(ctx, f)
	if err == nil {
		shown.WithdrawUrl, err = s.Office.WithdrawalOf(f)
	}
	if err == nil {
		shown.AnswerUrl, err = s.Office.AnswerOf(f)
	}
	if err == nil {
		shown.MergedInto, err = s.Office.MergedInto(ctx, f)
	}
	return api.OpenLink200JSONResponse(shown), err
}

// follow finds where a token leads. Who is told that it has ended is told so in the customer's
// language.
func (s *Server) follow(ctx context.Context, token string) (casework.Followed, error) {
	f, err := s.Office.Follow(ctx, token)
	concerns(ctx, f.Number)
	if f.Language() != "" {
		speak(ctx, f.Language()) // a browser that names no language is the customer's
	}
	return f, err
}

// linkView is what the purpose lets see, in the customer's language.
func (s *Server) linkView(ctx context.Context, f casework.Followed) (api.LinkView, error) {
	written(ctx, f.Language())
	r := view.Reader{Language: f.Language()}
	if f.Campaign != "" {
		asked, err := s.Office.Question(ctx, f)
		r.Rules, _ = s.Office.Rulebook.Now().Procedure(asked.Procedure)
		return r.Question(f.Link, f.File, f.Done(), asked), err
	}
	proposed, err := s.Office.Proposed(ctx, f)
	if err == nil && f.File.Terms.Procedure != "" { // remedies and hotline are those of the procedure by which it goes
		var rules plan.Rules
		rules, err = s.Office.Rulebook.Rules(ctx, f.File.Terms.Procedure, f.File.Terms.Version, 0)
		r.Rules, r.People = rules.Procedure, rules.Directory
	}
	shown := r.Link(f.Link, f.File, f.Done(), proposed)
	shown.MaySayRead = f.MayRead()
	return shown, err
}

// linkSchemas are those of the bodies that links take, by their purpose.
var linkSchemas = map[link.Purpose]string{
	link.Answer: "LinkAnswer", link.Rate: "LinkRating", link.Contest: "LinkWords", link.Withdraw: "LinkWords", link.Appeal: "LinkWords",
}

// UseLink takes the step that the link is for, or the answer to a campaign's question, or that the
// customer has read the proposal.
func (s *Server) UseLink(ctx context.Context, request api.UseLinkRequestObject) (api.UseLinkResponseObject, error) {
	f, err := s.follow(ctx, request.Token)
	if err != nil {
		return nil, err
	}
	schema, takes := linkSchemas[f.Purpose]
	if !takes {
		return nil, casework.ErrFollowOnly
	}
	switch {
	case f.Campaign != "":
		var rated api.LinkRating
		if err := s.Bodies.Read(schema, *request.Body, &rated); err != nil {
			return nil, err
		}
		err = s.Office.AnswerQuestion(ctx, f, complaint.Satisfaction(rated.Satisfaction), rated.Words)
	case f.Purpose == link.Answer && saysRead(*request.Body):
		var read api.LinkRead
		if err := s.Bodies.Read("LinkRead", *request.Body, &read); err != nil {
			return nil, err
		}
		if f, err = s.Office.HasRead(ctx, f); err != nil {
			return nil, err
		}
		shown, err := s.linkView(ctx, f)
		return api.UseLink200JSONResponse(shown), err
	default:
		var said map[string]any
		if err := s.Bodies.Read(schema, *request.Body, &said); err != nil {
			return nil, err
		}
		f, err = s.Office.UseLink(ctx, f, said)
	}
	if err != nil {
		return nil, err
	}
	shown, err := s.linkView(ctx, f)
	shown.Done = true
	return api.UseLink200JSONResponse(shown), err
}

// saysRead reports whether a body is meant as LinkRead, rather than as an answer.
func saysRead(body []byte) bool {
	var said map[string]json.RawMessage
	if json.Unmarshal(body, &said) != nil {
		return false // why not, is said by who reads it as an answer
	}
	_, reads := said["read"]
	return reads
}

// RevokeLink ends a customer's link.
func (s *Server) RevokeLink(ctx context.Context, request api.RevokeLinkRequestObject) (api.RevokeLinkResponseObject, error) {
	o, err := s.open(ctx, request.Number)
	if err == nil {
		err = o.RevokeLink(ctx, request.Id)
	}
	return api.RevokeLink204Response{}, err
}
