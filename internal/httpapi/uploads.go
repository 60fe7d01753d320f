package httpapi

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// uploadsAtOnce is how many attachments a server has in memory: each takes its size a few times
// over.
const uploadsAtOnce = 4

// uploading lets so many attachments in at a time, and only those of people who may add them: asked
// before anything is read.
func (s *Server) uploading(atOnce int) echo.MiddlewareFunc {
	places := make(chan struct{}, atOnce)
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if c.Request().Method != http.MethodPost || c.Path() != attachmentsPath {
				return next(c)
			}
			opened, err := s.open(c.Request().Context(), c.Param("number"))
			if err == nil {
				err = opened.MayAttach()
			}
			if err != nil {
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
