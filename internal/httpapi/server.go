// Package httpapi is the HTTP edge: who is asking, is what they sent well formed and not too much,
// ask casework, let view put the answer into words, and say in one form why not.
package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
	"golang.org/x/time/rate"

	"recourse/internal/api"
	"recourse/internal/casework"
	"recourse/internal/identity"
	"recourse/internal/monitor"
	"recourse/internal/phrase"
	"recourse/internal/store/remembered"
)

// Server answers the API: who are you, is the body right, hand it to casework, say what it said.
// What an operation returns beside an error is nobody's answer.
type Server struct {
	Office     *casework.Office
	Database   *pgxpool.Pool // asked only for a sign of life
	Remembered *remembered.Store
	Identity   *identity.Verifier
	Bodies     *api.Bodies
	Log        *slog.Logger
	// Proxies are the networks whose X-Forwarded-For is believed.
	Proxies []netip.Prefix

	metrics *metrics
}

var _ api.StrictServerInterface = (*Server)(nil)

// Bounds of requests, in bytes.
const (
	longestBody       = 1 << 20
	longestAttachment = 20 << 20
	multipartFrame    = 64 << 10 // what stands around an attachment's content
	longestRequestID  = 100
	longestKey        = 200
)

// Who has no token is limited by address: requests a second, and how many at once.
const (
	registrationsPerSecond = 0.5
	registrationsAtOnce    = 20
	linksPerSecond         = 5
	linksAtOnce            = 50
	forgetAddressAfter     = 10 * time.Minute
)

// public are the routes that need no token: those whose security is empty in openapi.yaml.
var public = map[string]bool{
	"/v1/links/:token": true, "/v1/public/complaints": true,
	"/healthz": true, "/readyz": true, "/metrics": true, "/openapi.yaml": true, "/docs": true,
}

// How long a request may take, and its longest header.
const (
	headersWithin = 10 * time.Second
	bodyWithin    = 60 * time.Second // an attachment by telephone
	answerWithin  = 90 * time.Second
	stalledAfter  = 10 * time.Second // a body of which nothing comes
	idleFor       = 2 * time.Minute
	longestHeader = 32 << 10
)

// Web is the whole API, ready to be served.
func (s *Server) Web() (*http.Server, error) {
	handler, err := s.Handler()
	if err != nil {
		return nil, err
	}
	return &http.Server{Handler: browsable(handler), ReadHeaderTimeout: headersWithin, ReadTimeout: bodyWithin, WriteTimeout: answerWithin,
		IdleTimeout: idleFor, MaxHeaderBytes: longestHeader, ErrorLog: slog.NewLogLogger(s.Log.Handler(), slog.LevelWarn)}, nil
}

// Handler are the routes of the API.
func (s *Server) Handler() (*echo.Echo, error) {
	s.metrics = newMetrics()
	parameters, err := api.NewParameters()
	if err != nil {
		return nil, err
	}
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.HTTPErrorHandler = s.refuse
	e.Binder = jsonBody{s.Bodies}
	e.IPExtractor = extractIP(s.Proxies)
	e.Use(wellFormed, middleware.RequestID(), s.observe, middleware.Recover(), secure, inLanguage)
	e.Use(s.authenticate(limited(registrationsPerSecond, registrationsAtOnce), limited(linksPerSecond, linksAtOnce)), clean(parameters), flowing(stalledAfter), bounded, s.uploading(), s.once)

	api.RegisterHandlers(e, api.NewStrictHandler(s, nil))
	e.GET("/metrics", echo.WrapHandler(monitor.Page(s.metrics.registry)))
	e.GET("/openapi.yaml", func(c echo.Context) error {
		return c.Blob(http.StatusOK, "application/yaml; charset=utf-8", api.Description())
	})
	readable, err := newDocumentation()
	if err != nil {
		return nil, err
	}
	e.GET("/docs", readable.serve)
	return e, nil
}

// browsable answers HEAD as it would GET (net/http leaves the body out), and shows the
// documentation to who opens the address itself.
func browsable(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		if request.Method == http.MethodHead {
			request = request.Clone(request.Context())
			request.Method = http.MethodGet
		}
		if request.URL.Path == "/" && request.Method == http.MethodGet {
			http.Redirect(w, request, "/docs", http.StatusFound)
			return
		}
		next.ServeHTTP(w, request)
	})
}

// ---- middleware ----

// observe logs and counts each request by its route: paths may hold a customer's link, and bodies
// are personal. The number of the complaint that it concerns is logged with it.
func (s *Server) observe(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		began := time.Now()
		about := &concern{}
		if number := c.Param("number"); numberLike.MatchString(number) { // anything may stand in a path
			about.number = number
		}
		c.SetRequest(c.Request().WithContext(context.WithValue(c.Request().Context(), concernKey{}, about)))
		if err := next(c); err != nil {
			c.Error(err)
		}
		took := time.Since(began)
		status := c.Response().Status
		if status >= http.StatusInternalServerError && hungUp(c) {
			status = statusHungUp
		}
		s.metrics.observe(c.Request().Method, c.Path(), status, took)
		s.Log.LogAttrs(c.Request().Context(), slog.LevelInfo, "request",
			slog.String("request", c.Response().Header().Get(echo.HeaderXRequestID)), slog.String("method", c.Request().Method),
			slog.String("route", c.Path()), slog.Int("status", status), slog.Duration("took", took),
			slog.String("person", string(callerOf(c.Request().Context()).Person)), slog.String("complaint", about.number))
		return nil
	}
}

// statusHungUp stands in logs and metrics for what couldn't be answered since nobody listened any
// more. It is no failure of ours, and must wake no operator.
const statusHungUp = 499

// hungUp reports whether the caller has gone.
func hungUp(c echo.Context) bool { return errors.Is(c.Request().Context().Err(), context.Canceled) }

// concern is which complaint a request concerns.
type concern struct{ number string }

type concernKey struct{}

// concerns says which complaint a request concerns whose path doesn't tell.
func concerns(ctx context.Context, number string) {
	if about, _ := ctx.Value(concernKey{}).(*concern); about != nil {
		about.number = number
	}
}

// numberLike is what complaints' numbers look like, whatever the procedure's pattern.
var numberLike = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$`)

// wellFormed drops a request ID that could do harm in a log, and refuses parameters that PostgreSQL
// couldn't keep as text.
func wellFormed(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		header := c.Request().Header
		if id := header.Get(echo.HeaderXRequestID); id != "" && !printable(id, longestRequestID) {
			header.Del(echo.HeaderXRequestID)
		}
		return next(c)
	}
}

// clean refuses what isn't text in the parameters of a request, and a query that isn't as the
// operation is described.
func clean(parameters *api.Parameters) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			query, err := url.ParseQuery(c.Request().URL.RawQuery)
			if err != nil {
				return malformed("")
			}
			if err := parameters.Check(c.Request().Method+" "+inBraces.ReplaceAllString(c.Path(), "{$1}"), query); err != nil {
				return err
			}
			if key := c.Request().Header.Get("Idempotency-Key"); key != "" && !printable(key, longestKey) {
				return malformed("Idempotency-Key")
			}
			for i, value := range c.ParamValues() {
				if !utf8.ValidString(value) || strings.ContainsRune(value, 0) {
					return malformed(c.ParamNames()[i])
				}
			}
			return next(c)
		}
	}
}

// usualPage is how many rows one page of a list has.
const usualPage = 50

// inBraces turns Echo's :number into openapi.yaml's {number}.
var inBraces = regexp.MustCompile(`:([a-z_]+)`)

func printable(text string, longest int) bool {
	return len(text) <= longest && strings.IndexFunc(text, func(r rune) bool { return r < ' ' || r > '~' }) < 0
}

// secure tells browsers to keep nothing, frame nothing and guess nothing.
func secure(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		header := c.Response().Header()
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("X-Frame-Options", "DENY")
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("Cache-Control", "no-store")
		header.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		header.Set("Strict-Transport-Security", "max-age=31536000")
		return next(c)
	}
}

type (
	languageKey struct{}
	callerKey   struct{}
)

// inLanguage keeps the language in which the caller is answered.
func inLanguage(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		asked := c.Request().Header.Get("Accept-Language")
		answer := &spoken{language: phrase.Language(asked), asked: asked != "", header: c.Response().Header()}
		c.SetRequest(c.Request().WithContext(context.WithValue(c.Request().Context(), languageKey{}, answer)))
		answer.in(answer.language)
		return next(c)
	}
}

// spoken is the language of an answer. asked is set when the caller said theirs.
type spoken struct {
	language string
	asked    bool
	header   http.Header
}

// in says in which language the answer's text is.
func (s *spoken) in(language string) { s.header.Set("Content-Language", language) }

func languageOf(ctx context.Context) string {
	if answer, _ := ctx.Value(languageKey{}).(*spoken); answer != nil {
		return answer.language
	}
	return ""
}

// speak answers in this language from here on, unless the caller asked for one.
func speak(ctx context.Context, language string) {
	if answer, _ := ctx.Value(languageKey{}).(*spoken); answer != nil && !answer.asked {
		answer.language = language
		answer.in(language)
	}
}

// written says that this answer's text is in another language than the caller's.
func written(ctx context.Context, language string) {
	if answer, _ := ctx.Value(languageKey{}).(*spoken); answer != nil {
		answer.in(language)
	}
}

func callerOf(ctx context.Context) casework.Caller {
	who, _ := ctx.Value(callerKey{}).(*casework.Caller)
	if who == nil {
		return casework.Caller{}
	}
	return *who
}

// authenticate lets nobody pass without a token but to the public routes, which are limited
// instead. Roles come from the directory.
func (s *Server) authenticate(registrations, links echo.MiddlewareFunc) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			switch {
			case c.Path() == "/v1/public/complaints":
				return registrations(next)(c)
			case c.Path() == "/v1/links/:token":
				return links(next)(c)
			case public[c.Path()]:
				return next(c)
			}
			request := c.Request()
			person, err := s.Identity.Person(request.Context(), request.Header.Get(echo.HeaderAuthorization))
			if err != nil {
				return err
			}
			who, err := s.Office.Caller(person)
			if err != nil {
				return err
			}
			c.SetRequest(request.WithContext(context.WithValue(request.Context(), callerKey{}, &who)))
			return next(c)
		}
	}
}

// limited lets so many requests of one address pass a second, and so many at once.
func limited(perSecond rate.Limit, atOnce int) echo.MiddlewareFunc {
	return middleware.RateLimiterWithConfig(middleware.RateLimiterConfig{
		Store: middleware.NewRateLimiterMemoryStoreWithConfig(middleware.RateLimiterMemoryStoreConfig{
			Rate: perSecond, Burst: atOnce, ExpiresIn: forgetAddressAfter,
		}),
		IdentifierExtractor: func(c echo.Context) (string, error) { return senderOf(c.RealIP()), nil },
		DenyHandler: func(c echo.Context, _ string, err error) error {
			return echo.NewHTTPError(http.StatusTooManyRequests).SetInternal(err)
		},
	})
}

// extractIP finds the address from which a request comes, behind the proxies of those networks.
func extractIP(proxies []netip.Prefix) echo.IPExtractor {
	trusted := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, network := range proxies {
		network = network.Masked()
		trusted = append(trusted, echo.TrustIPRange(&net.IPNet{IP: network.Addr().AsSlice(), Mask: net.CIDRMask(network.Bits(), network.Addr().BitLen())}))
	}
	return echo.ExtractIPFromXFFHeader(trusted...)
}

// networkOfOne is what a customer of a provider gets of IPv6 (RFC 6177): they may send from any
// address of it.
const networkOfOne = 64

// senderOf is what an address counts as one sender: itself, or its network.
func senderOf(address string) string {
	parsed, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	if parsed = parsed.Unmap().WithZone(""); parsed.Is4() {
		return parsed.String()
	}
	return netip.PrefixFrom(parsed, networkOfOne).Masked().String()
}

// bounded refuses what is too large, or of a type that the route doesn't take, before it is read.
func bounded(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		request := c.Request()
		if request.Method != http.MethodPost {
			return next(c)
		}
		limit, types := int64(longestBody), jsonTypes
		switch {
		case c.Path() == attachmentsPath:
			limit, types = longestAttachment+multipartFrame, multipartTypes
		case strings.HasSuffix(c.Path(), "/versions"):
			types = yamlTypes
		}
		if request.ContentLength > limit {
			return &http.MaxBytesError{Limit: limit}
		}
		if request.ContentLength != 0 {
			sent, of, err := mime.ParseMediaType(request.Header.Get(echo.HeaderContentType))
			if err != nil || !slices.Contains(types, sent) {
				return unsupported(types[0])
			}
			if charset := of["charset"]; charset != "" && !strings.EqualFold(charset, "utf-8") {
				return unsupported(types[0] + "; charset=utf-8")
			}
		}
		request.Body = http.MaxBytesReader(c.Response(), request.Body, limit)
		return next(c)
	}
}

var (
	jsonTypes      = []string{"application/json"}
	yamlTypes      = []string{"application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml"}
	multipartTypes = []string{"multipart/form-data"}
)

// jsonBody is Echo's binder for the generated server: it checks a body against the schema of the
// type that it is read into. A body that may be of several schemas is left to its handler, which
// knows which one it must be.
type jsonBody struct{ bodies *api.Bodies }

func (b jsonBody) Bind(into any, c echo.Context) error {
	body, err := io.ReadAll(c.Request().Body)
	if err != nil {
		return err
	}
	if raw, ok := into.(*json.RawMessage); ok {
		*raw = body
		return nil
	}
	return b.bodies.Read(schemaOf(into), body, into)
}

// schemaOf is the schema of openapi.yaml from which a type was generated; it has the same name.
func schemaOf(pointer any) string {
	name := fmt.Sprintf("%T", pointer)
	return name[strings.LastIndexByte(name, '.')+1:]
}
