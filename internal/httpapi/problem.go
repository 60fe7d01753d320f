package httpapi

import (
	"cmp"
	"context"
	"errors"
	"io"
	"log/slog"
	"math"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/labstack/echo/v4"

	"recourse/internal/api"
	"recourse/internal/casework"
	"recourse/internal/complaint"
	"recourse/internal/identity"
	"recourse/internal/link"
	"recourse/internal/phrase"
	"recourse/internal/procedure"
	"recourse/internal/store"
	"recourse/internal/store/attachment"
	"recourse/internal/store/remembered"
	"recourse/internal/view"
)

// problem is an answer that says why not (RFC 9457), before it is put into the caller's words.
type problem struct {
	code api.ProblemCode
	// words is a code of phrase.ProblemDetail, and of phrase.Problem where it has a title of its
	// own, for what the problem's code says too broadly. Else the detail is the reason's sentence,
	// or the code's.
	words  string
	reason complaint.Reason
	errors []fieldError
	pairs  []string // fill the sentence of the detail

	stage    complaint.Stage
	allowed  []complaint.StepName
	later    []complaint.Opening
	outcomes []complaint.Outcome
	revision int
	missing  []string
	// again is after how long it may be tried again, with 429 and 503; 0 for a moment.
	again time.Duration
	// call is whom to call instead; nil for nobody.
	call *procedure.Hotline
	// rules name the form's fields among what is missing; nil where they aren't known.
	rules *procedure.Procedure

	cause error // for the log
}

// statuses are those of problems by their code.
var statuses = map[api.ProblemCode]int{
	api.ProblemCodeInvalidBody:          http.StatusBadRequest,
	api.ProblemCodeUnauthenticated:      http.StatusUnauthorized,
	api.ProblemCodeForbidden:            http.StatusForbidden,
	api.ProblemCodeConflictOfInterest:   http.StatusForbidden,
	api.ProblemCodeNotFound:             http.StatusNotFound,
	api.ProblemCodeMethodNotAllowed:     http.StatusMethodNotAllowed,
	api.ProblemCodeStepNotAllowed:       http.StatusConflict,
	api.ProblemCodeStaleRevision:        http.StatusConflict,
	api.ProblemCodeStaleProposal:        http.StatusConflict,
	api.ProblemCodeClosed:               http.StatusConflict,
	api.ProblemCodeTooLarge:             http.StatusRequestEntityTooLarge,
	api.ProblemCodeUnsupportedMediaType: http.StatusUnsupportedMediaType,
	api.ProblemCodeRuleViolation:        http.StatusUnprocessableEntity,
	api.ProblemCodeIdempotencyMismatch:  http.StatusUnprocessableEntity,
	api.ProblemCodeRateLimited:          http.StatusTooManyRequests,
	api.ProblemCodeRequestTimeout:       http.StatusRequestTimeout,
	api.ProblemCodeInternal:             http.StatusInternalServerError,
	api.ProblemCodeUnavailable:          http.StatusServiceUnavailable,
}

func (p *problem) status() int { return statuses[p.code] }

// seconds is after how many whole seconds it may be tried again, one at least.
func (p *problem) seconds() int {
	return max(1, int(math.Ceil(cmp.Or(p.again, aMoment).Seconds())))
}

// sentinels are the problems of errors that say nothing but what they are.
var sentinels = []struct {
	err    error
	code   api.ProblemCode
	words  string
	reason complaint.Reason
}{
	{err: identity.ErrUnauthenticated, code: api.ProblemCodeUnauthenticated},
	{err: link.ErrExpired, code: api.ProblemCodeUnauthenticated, words: "link_expired"},
	{err: link.ErrForged, code: api.ProblemCodeNotFound},
	{err: errUnknownStep, code: api.ProblemCodeNotFound, reason: complaint.ReasonUnknownStep},
	{err: errFileType, code: api.ProblemCodeUnsupportedMediaType, words: "file_type"},
	{err: casework.ErrNotFound, code: api.ProblemCodeNotFound},
	{err: casework.ErrForbidden, code: api.ProblemCodeForbidden},
	{err: casework.ErrSubject, code: api.ProblemCodeConflictOfInterest, reason: complaint.ReasonSubject},
	{err: errStalled, code: api.ProblemCodeRequestTimeout},
	{err: store.ErrNotFound, code: api.ProblemCodeNotFound},
	{err: store.ErrIdempotencyMismatch, code: api.ProblemCodeIdempotencyMismatch},
	// What may go better when it is repeated.
	{err: casework.ErrUnanswered, code: api.ProblemCodeUnavailable},
	{err: identity.ErrUnavailable, code: api.ProblemCodeUnavailable},
	{err: remembered.ErrBeingAnswered, code: api.ProblemCodeUnavailable},
}

// fieldError is one entry of errors[].
type fieldError struct {
	pointer   string
	parameter string
	line      int
	column    int
	group     phrase.Group
	code      string
	pairs     []string
	text      string // already in words
}

func (p *problem) Error() string {
	text := string(p.code)
	if p.reason != "" {
		text += " (" + string(p.reason) + ")"
	}
	if p.cause != nil {
		text += ": " + p.cause.Error()
	}
	return text
}

func (p *problem) Unwrap() error { return p.cause }

const (
	problemType = "https://recourse.example/problems/" // names the code; nothing is fetched from there
	aMoment     = 2 * time.Second                      // after which to try again, where nothing else is known
)

// malformed is 400 for something that isn't in the body.
func malformed(parameter string) *problem {
	return &problem{code: api.ProblemCodeInvalidBody, errors: []fieldError{{parameter: parameter, group: phrase.Body, code: "parameter"}}}
}

// problemOf is the one mapper from errors to answers.
func problemOf(err error) *problem {
	var (
		said      *problem
		body      *api.BodyError
		query     *api.QueryError
		against   *casework.Violation
		fields    *casework.WrongFields
		text      *casework.WrongDocument
		used      *casework.LinkUsed
		unknown   *casework.LinkUnanswered
		tooMany   *casework.TooManyOnWeb
		refusal   *complaint.Refusal
		tooLarge  *http.MaxBytesError
		httpError *echo.HTTPError
	)
	switch {
	case errors.As(err, &said):
		return said
	case errors.As(err, &body):
		return problemOfBody(body)
	case errors.As(err, &query):
		return problemOfQuery(query)
	case errors.As(err, &against):
		pairs := []string{"name", against.Name, "known", cmp.Or(strings.Join(against.Known, ", "), "–")}
		return &problem{code: api.ProblemCodeRuleViolation, reason: against.Reason, pairs: pairs, cause: err,
			errors: []fieldError{{pointer: against.Pointer, group: phrase.Reason, code: string(against.Reason), pairs: pairs}}}
	case errors.As(err, &fields):
		return problemOfFields(fields)
	case errors.As(err, &text):
		return problemOfDocument(text)
	case errors.As(err, &used):
		words := "link_used"
		if used.NewerWaits {
			words = "newer_waits"
		}
		return &problem{code: api.ProblemCodeStepNotAllowed, reason: complaint.ReasonAlreadyDone, words: words, stage: used.Stage,
			allowed: []complaint.StepName{}, cause: err}
	case errors.As(err, &unknown):
		return &problem{code: api.ProblemCodeUnavailable, words: "link_unanswered", again: unknown.After, cause: err}
	case errors.As(err, &tooMany):
		return &problem{code: api.ProblemCodeRateLimited, words: "too_many_on_web", again: tooMany.After, call: tooMany.Hotline, cause: err,
			pairs: []string{"limit", strconv.Itoa(casework.WebComplaintsPerDay), "again", tooMany.Again.Format("2006-01-02 15:04 MST")}}
	case errors.As(err, &refusal):
		return problemOfRefusal(refusal)
	case errors.As(err, &tooLarge):
		return &problem{code: api.ProblemCodeTooLarge, pairs: []string{"limit", strconv.FormatInt(tooLarge.Limit, 10)}, cause: err}
	case errors.Is(err, attachment.ErrTooMany):
		return &problem{code: api.ProblemCodeRuleViolation, words: "too_many_files", pairs: []string{"limit", strconv.Itoa(attachment.MostFiles)}, cause: err}
	case errors.Is(err, store.ErrBadCursor):
		return badCursor()
	case errors.Is(err, http.ErrNotMultipart), errors.Is(err, http.ErrMissingBoundary):
		return unsupported("multipart/form-data")
	}
	for _, known := range sentinels {
		if errors.Is(err, known.err) {
			return &problem{code: known.code, words: known.words, reason: known.reason, cause: err}
		}
	}
	switch {
	case databaseAway(err):
		return &problem{code: api.ProblemCodeUnavailable, cause: err}
	case errors.As(err, &httpError):
		return problemOfHTTP(httpError)
	}
	return &problem{code: api.ProblemCodeInternal, cause: err}
}

// badCursor is 400 for a cursor that no page of the list ended with.
func badCursor() *problem {
	return &problem{code: api.ProblemCodeInvalidBody, errors: []fieldError{{parameter: "cursor", group: phrase.Body, code: "cursor"}}}
}

// problemOfQuery is 400 for parameters that aren't as the operation takes them, with what it wants.
func problemOfQuery(query *api.QueryError) *problem {
	p := problemOfBody(&api.BodyError{Mistakes: query.Mistakes})
	p.cause = query
	for i := range p.errors {
		p.errors[i].pointer, p.errors[i].parameter = "", p.errors[i].pointer
	}
	return p
}

func problemOfBody(body *api.BodyError) *problem {
	p := &problem{code: api.ProblemCodeInvalidBody, cause: body}
	for _, m := range body.Mistakes {
		if more := m.What + "_" + m.Want; phrase.Has(phrase.Body, more) { // which type or format has words of its own
			m.What = more
		}
		p.errors = append(p.errors, fieldError{pointer: m.Pointer, line: m.Line, column: m.Column, group: phrase.Body, code: m.What,
			pairs: []string{"want", m.Want, "line", strconv.Itoa(m.Line), "column", strconv.Itoa(m.Column)}})
	}
	return p
}

// problemOfFields shows the pattern of a field by an example.
func problemOfFields(fields *casework.WrongFields) *problem {
	wrong, is := errors.AsType[*api.BodyError](api.Mistaken(fields.Place+"/fields", fields.Invalid))
	if !is {
		return problemOf(fields.Invalid)
	}
	for i, m := range wrong.Mistakes {
		if example := procedure.PatternExample(m.Want); m.What == "pattern" && example != "" {
			wrong.Mistakes[i].What, wrong.Mistakes[i].Want = "like", example
		}
	}
	return problemOfBody(wrong)
}

func problemOfRefusal(refusal *complaint.Refusal) *problem {
	p := &problem{code: api.ProblemCode(refusal.Code), reason: refusal.Reason, revision: refusal.Revision, missing: refusal.Missing,
		stage: refusal.Stage, allowed: refusal.Allowed, later: refusal.Later, outcomes: refusal.Outcomes, cause: refusal}
	switch p.status() {
	case 0: // draining: the complaint couldn't be asked
		return &problem{code: api.ProblemCodeUnavailable, cause: refusal}
	case http.StatusNotFound:
		return &problem{code: api.ProblemCodeNotFound, cause: refusal}
	case http.StatusUnprocessableEntity:
		p.errors = lacking(refusal)
	}
	if p.allowed == nil {
		p.allowed = []complaint.StepName{}
	}
	return p
}

// problemOfDocument lists what is wrong with a procedure's text, each with its line and column.
func problemOfDocument(text *casework.WrongDocument) *problem {
	p := &problem{code: api.ProblemCodeRuleViolation, words: "procedure_mistakes", pairs: []string{"count", strconv.Itoa(len(text.Problems))}, cause: text}
	if len(text.Problems) == 1 {
		p.words = "procedure_mistake"
	}
	for _, one := range text.Problems {
		p.errors = append(p.errors, fieldError{line: one.Line, column: one.Column, text: one.Message})
	}
	return p
}

// lacking are the places of the body where what is missing belongs. Facts that a step can't bring
// have none.
func lacking(refusal *complaint.Refusal) (errors []fieldError) {
	for _, name := range refusal.Missing {
		place := "/" + name
		switch {
		case refusal.Reason == complaint.ReasonRemedyMissing:
			return []fieldError{{pointer: "/remedies", group: phrase.Reason, code: string(refusal.Reason)}}
		case refusal.Reason == complaint.ReasonIncomplete && procedure.IsFact(name):
			continue
		case refusal.Reason == complaint.ReasonIncomplete:
			place = "/fields/" + name
		}
		errors = append(errors, fieldError{pointer: place, group: phrase.Body, code: "required"})
	}
	return errors
}

// ofFramework are the problems of what the framework says, by its status.
var ofFramework = map[int]api.ProblemCode{
	http.StatusBadRequest: api.ProblemCodeInvalidBody, http.StatusUnauthorized: api.ProblemCodeUnauthenticated,
	http.StatusForbidden: api.ProblemCodeForbidden, http.StatusNotFound: api.ProblemCodeNotFound,
	http.StatusMethodNotAllowed: api.ProblemCodeMethodNotAllowed, http.StatusRequestEntityTooLarge: api.ProblemCodeTooLarge,
	http.StatusUnsupportedMediaType: api.ProblemCodeUnsupportedMediaType, http.StatusTooManyRequests: api.ProblemCodeRateLimited,
	http.StatusServiceUnavailable: api.ProblemCodeUnavailable,
}

// problemOfHTTP puts what the framework says into our form.
func problemOfHTTP(e *echo.HTTPError) *problem {
	code, known := ofFramework[e.Code]
	if !known {
		return &problem{code: api.ProblemCodeInternal, cause: e}
	}
	p := &problem{code: code, cause: e.Internal}
	switch code {
	case api.ProblemCodeInvalidBody:
		p.errors = malformed(parameterIn(e.Message)).errors
	case api.ProblemCodeTooLarge:
		p.pairs = []string{"limit", strconv.Itoa(longestBody)}
	case api.ProblemCodeUnsupportedMediaType:
		p.pairs = []string{"expected", jsonTypes[0]}
	}
	return p
}

// parameterIn finds the parameter's name in the generated server's words: "Invalid format for
// parameter limit: …".
func parameterIn(message any) string {
	text, ok := message.(string)
	if !ok {
		return ""
	}
	_, rest, found := strings.Cut(text, "parameter ")
	if !found {
		return ""
	}
	name, _, _ := strings.Cut(rest, ":")
	name, _, _ = strings.Cut(name, " ")
	return name
}

func unsupported(expected string) *problem {
	return &problem{code: api.ProblemCodeUnsupportedMediaType, pairs: []string{"expected", expected}}
}

// databaseAway reports whether PostgreSQL couldn't be asked, so that the same request may succeed
// later.
func databaseAway(err error) bool {
	var (
		connect *pgconn.ConnectError
		said    *pgconn.PgError
		network net.Error
	)
	if errors.As(err, &said) {
		// Class 08 connection exception, 53 insufficient resources, 57 operator intervention, 40
		// rolled back, 25006 a standby.
		return strings.HasPrefix(said.Code, "08") || strings.HasPrefix(said.Code, "53") || strings.HasPrefix(said.Code, "57") ||
			strings.HasPrefix(said.Code, "40") || said.Code == "25006"
	}
	return errors.As(err, &connect) || errors.As(err, &network) || pgconn.SafeToRetry(err) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, io.EOF) || errors.Is(err, net.ErrClosed) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)
}

// inWords puts a problem into the caller's language.
func (p *problem) inWords(language, instance, requestID string) api.Problem {
	said := api.Problem{
		Type: problemType + string(p.code), Title: phrase.Label(phrase.Problem, string(p.code), language), Status: p.status(),
		Code: p.code, Reason: string(p.reason), Stage: string(p.stage), Revision: p.revision, Missing: p.missing,
		Instance: instance, RequestId: requestID,
	}
	if phrase.Has(phrase.Problem, p.words) {
		said.Title = phrase.Label(phrase.Problem, p.words, language)
	}
	group, code := phrase.ProblemDetail, cmp.Or(p.words, string(p.code))
	if p.words == "" && p.reason != "" {
		group, code = phrase.Reason, string(p.reason)
	}
	if phrase.Has(group, code) {
		said.Detail = phrase.Sentence(group, code, language, append([]string{"missing", view.Lacking(p.reason, p.missing, p.rules, language), "revision", strconv.Itoa(p.revision),
			"seconds", strconv.Itoa(p.seconds())}, p.pairs...)...)
	}
	if p.call != nil {
		or := "or_call"
		if p.call.Hours.IsZero() {
			or = "or_call_any_time"
		}
		said.Detail += phrase.Sentence(phrase.ProblemDetail, or, language, "phone", p.call.Phone, "hours", p.call.Hours.In(language))
	}
	if p.allowed != nil {
		names := view.StepNames(p.allowed)
		said.AllowedSteps, said.AllowedLater = &names, p.later
	}
	for _, outcome := range p.outcomes {
		said.Outcomes = append(said.Outcomes, string(outcome))
	}
	for _, e := range p.errors {
		detail := e.text
		if e.code != "" {
			detail = phrase.Sentence(e.group, e.code, language, append([]string{"missing", view.Lacking(p.reason, p.missing, p.rules, language)}, e.pairs...)...)
		}
		said.Errors = append(said.Errors, api.FieldError{Pointer: e.pointer, Parameter: e.parameter, Line: e.line, Column: e.column, Detail: detail})
	}
	return said
}

// refuse writes a problem as the answer; it is Echo's error handler.
func (s *Server) refuse(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	p := problemOf(err)
	if organisation, known := s.Office.Rulebook.Now().Organisation(c.Param("number")); known && len(p.missing) > 0 {
		p.rules, _ = s.Office.Rulebook.Now().Procedure(organisation)
	}
	requestID := c.Response().Header().Get(echo.HeaderXRequestID)
	if p.status() >= http.StatusInternalServerError && p.cause != nil && !hungUp(c) {
		s.Log.LogAttrs(c.Request().Context(), slog.LevelError, "request failed", slog.String("request", requestID),
			slog.String("route", c.Path()), slog.Int("status", p.status()), slog.String("error", p.cause.Error()))
	}
	header := c.Response().Header()
	switch p.status() {
	case http.StatusServiceUnavailable, http.StatusTooManyRequests:
		header.Set(echo.HeaderRetryAfter, strconv.Itoa(p.seconds()))
	case http.StatusUnauthorized:
		header.Set(echo.HeaderWWWAuthenticate, "Bearer")
	}
	header.Set(echo.HeaderContentType, "application/problem+json")
	header.Set("Content-Language", languageOf(c.Request().Context()))
	if c.Request().Method == http.MethodHead {
		_ = c.NoContent(p.status())
		return
	}
	if err := c.JSON(p.status(), p.inWords(languageOf(c.Request().Context()), instanceOf(c), requestID)); err != nil {
		s.Log.LogAttrs(c.Request().Context(), slog.LevelWarn, "answer not written", slog.String("request", requestID), slog.String("error", err.Error()))
	}
}

// instanceOf is the path of a request; of a customer's link, which is a secret, the route.
func instanceOf(c echo.Context) string {
	if path := c.Request().URL.EscapedPath(); !strings.HasPrefix(path, link.Root) {
		return path
	}
	return link.Root + "{token}"
}
