package main

import (
	"context"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"recourse/internal/complaint"
)

// uploadsAtOnce is how many attachments a server has in memory: each takes its size a few times over.
const uploadsAtOnce = 4

// mayAttach opens a complaint for whoever may add a file to it: whoever may add a note.
func (s *server) mayAttach(ctx context.Context, number string) (opened, error) {
	o, err := s.open(ctx, number)
	if err != nil {
		return opened{}, err
	}
	if !slices.Contains(o.Allowed(o.who.actor), complaint.Note) {
		return opened{}, errForbidden
	}
	return o, nil
}

// uploading lets so many attachments in at a time, and only those of people who may add them: asked before anything is read.
func (s *server) uploading(atOnce int) echo.MiddlewareFunc {
	places := make(chan struct{}, atOnce)
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if c.Request().Method != http.MethodPost || c.Path() != attachmentsPath {
				return next(c)
			}
			if _, err := s.mayAttach(c.Request().Context(), c.Param("number")); err != nil {
				return err
			}
			select {
			case places <- struct{}{}:
				defer func() { <-places }()
				return next(c)
			default:
				return echo.NewHTTPError(http.StatusTooManyRequests)
			}
		}
	}
}
