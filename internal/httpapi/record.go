package httpapi

import (
	"cmp"
	"context"
	"strconv"

	"recourse/internal/api"
)

// ListEvents shows the record, oldest first.
func (s *Server) ListEvents(ctx context.Context, request api.ListEventsRequestObject) (api.ListEventsResponseObject, error) {
	after, limit := 0, cmp.Or(request.Params.Limit, usualPage)
	if cursor := request.Params.Cursor; cursor != "" {
		row, err := strconv.ParseInt(cursor, 10, 32) // rows are numbered so
		if err != nil || row < 0 {
			return nil, badCursor()
		}
		after = int(row)
	}
	o, err := s.open(ctx, request.Number)
	if err != nil {
		return nil, err
	}
	rows, err := o.Record(ctx, after, limit+1)
	if err != nil {
		return nil, err
	}
	said, err := o.Submissions(ctx)
	next := ""
	if len(rows) > limit {
		rows, next = rows[:limit], strconv.Itoa(rows[limit-1].Sequence)
	}
	return api.ListEvents200JSONResponse{Events: s.readerBy(ctx, o.Rules).Events(rows, o.Deadlines, said), NextCursor: next}, err
}

// ListDeadlines shows every clock with why it is due when it is.
func (s *Server) ListDeadlines(ctx context.Context, request api.ListDeadlinesRequestObject) (api.ListDeadlinesResponseObject, error) {
	o, err := s.open(ctx, request.Number)
	if err != nil {
		return nil, err
	}
	clocks, causes, err := o.Clocks(ctx)
	if err != nil {
		return nil, err
	}
	said, err := o.Submissions(ctx)
	return api.ListDeadlines200JSONResponse(s.readerBy(ctx, o.Rules).Clocks(clocks, o.Deadlines, causes, said)), err
}

// ListMessages shows what was sent to whom, and whether it arrived.
func (s *Server) ListMessages(ctx context.Context, request api.ListMessagesRequestObject) (api.ListMessagesResponseObject, error) {
	o, err := s.open(ctx, request.Number)
	if err != nil {
		return nil, err
	}
	sent, err := o.Messages(ctx)
	return api.ListMessages200JSONResponse(s.readerBy(ctx, o.Rules).Messages(sent)), err
}

// GetForm shows the procedure's form as far as it is filled.
func (s *Server) GetForm(ctx context.Context, request api.GetFormRequestObject) (api.GetFormResponseObject, error) {
	o, err := s.open(ctx, request.Number)
	if err != nil {
		return nil, err
	}
	said, err := o.Submissions(ctx)
	return api.GetForm200JSONResponse(s.readerBy(ctx, o.Rules).Form(&o.Complaint, said)), err
}
