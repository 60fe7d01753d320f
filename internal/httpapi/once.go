package httpapi

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"recourse/internal/store/remembered"
)

// bySubmission are the POST routes whose idempotency keys are kept with their submissions:
// registrations and steps.
var bySubmission = map[string]bool{
	"/v1/complaints": true, "/v1/public/complaints": true, "/v1/links/:token": true,
	"/v1/complaints/:number/steps/:step": true, "/v1/complaints/:number/:side/:id/steps/:step": true,
}

// once gives a repeated idempotency key the first answer, on every POST that is no step. What was
// refused, or never answered, is judged anew.
func (s *Server) once(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		request := c.Request()
		key, who := request.Header.Get("Idempotency-Key"), callerOf(request.Context()).Person
		if request.Method != http.MethodPost || key == "" || who == "" || c.Path() == "" || bySubmission[c.Path()] {
			return next(c)
		}
		body, err := io.ReadAll(request.Body)
		if err != nil {
			return err
		}
		request.Body = io.NopCloser(bytes.NewReader(body))
		known, claim, err := s.claim(request.Context(), remembered.Posted{Actor: who, Key: key, Path: request.URL.Path, Body: identifying(request, body)})
		if err != nil {
			return err
		}
		if known != nil {
			return c.Blob(known.Status, known.ContentType, known.Body)
		}
		heard := &overheard{ResponseWriter: c.Response().Writer}
		c.Response().Writer = heard
		ended := s.Remembered.Keep(request.Context(), claim)
		err = next(c)
		ended()
		c.Response().Writer = heard.ResponseWriter
		// Whether or not the caller still listens.
		ending, done := context.WithTimeout(context.WithoutCancel(request.Context()), s.Office.Lives.Patience)
		defer done()
		end := func() error { return s.Remembered.Forget(ending, claim) }
		if status := c.Response().Status; err == nil && status >= http.StatusOK && status < http.StatusMultipleChoices {
			end = func() error {
				return s.Remembered.Remember(ending, claim, remembered.Answer{Status: status, ContentType: c.Response().Header().Get(echo.HeaderContentType), Body: heard.said.Bytes()})
			}
		}
		if failed := end(); failed != nil {
			s.Log.LogAttrs(ending, slog.LevelWarn, "idempotency key not ended", slog.String("route", c.Path()), slog.String("error", failed.Error()))
		}
		return err
	}
}

// claim is remembered.Store.Claim, but while the same request is being answered to somebody else it
// waits for that answer.
func (s *Server) claim(ctx context.Context, posted remembered.Posted) (*remembered.Answer, *remembered.Claim, error) {
	patience := time.NewTimer(s.Office.Lives.Patience)
	defer patience.Stop()
	look := time.NewTicker(lookAgain)
	defer look.Stop()
	for {
		known, claim, err := s.Remembered.Claim(ctx, posted)
		if !errors.Is(err, remembered.ErrBeingAnswered) {
			return known, claim, err
		}
		select {
		case <-look.C:
		case <-patience.C:
			return nil, nil, err
		case <-ctx.Done():
			return nil, nil, err
		}
	}
}

// Sweep deletes, every hour until the context ends, the answers that are remembered no longer: no
// caller waits for it.
func (s *Server) Sweep(ctx context.Context) {
	ticker := time.NewTicker(sweepEvery)
	defer ticker.Stop()
	for {
		if err := s.Remembered.Sweep(ctx); err != nil && ctx.Err() == nil {
			s.Log.Warn("old answers stay for now", "error", err)
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}

const sweepEvery = time.Hour

// lookAgain is how often it is looked whether another request has its answer.
const lookAgain = 50 * time.Millisecond

// identifying is by what a body is known again: JSON by what it says, however it is spaced and in
// whichever order; a file, which may be large, by a digest of all but what a client invents anew
// each time it sends the same.
func identifying(request *http.Request, body []byte) []byte {
	sent, parameters, err := mime.ParseMediaType(request.Header.Get(echo.HeaderContentType))
	if err == nil && slices.Contains(jsonTypes, sent) {
		return canonical(body)
	}
	boundary := []byte(parameters["boundary"])
	if err != nil || len(boundary) == 0 {
		return body
	}
	digest := sha256.New()
	for more := true; more; {
		var piece []byte
		piece, body, more = bytes.Cut(body, boundary)
		digest.Write(piece)
	}
	return digest.Sum(nil)
}

// canonical is JSON without what says nothing. What is no JSON is itself: it will be refused.
func canonical(body []byte) []byte {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var said any
	if decoder.Decode(&said) != nil || decoder.More() {
		return body
	}
	written, err := json.Marshal(said)
	if err != nil {
		return body
	}
	return written
}

// overheard keeps what is written to the caller.
type overheard struct {
	http.ResponseWriter
	said bytes.Buffer
}

// Write writes to the caller and keeps it.
func (o *overheard) Write(b []byte) (int, error) {
	o.said.Write(b)
	return o.ResponseWriter.Write(b)
}

// Unwrap lets net/http reach the connection.
func (o *overheard) Unwrap() http.ResponseWriter { return o.ResponseWriter }
