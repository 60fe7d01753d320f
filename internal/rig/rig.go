// Package rig is the API on a database of its own, with the example organisations in it, for the
// tests of what stands behind it. Only tests import it.
package rig

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"

	"recourse/activities"
	"recourse/deploy/stack"
	"recourse/internal/api"
	"recourse/internal/casework"
	"recourse/internal/httpapi"
	"recourse/internal/identity"
	"recourse/internal/link"
	"recourse/internal/rulebook"
	"recourse/internal/rulebook/rulebooktest"
	"recourse/internal/store"
	"recourse/internal/store/published"
	"recourse/internal/store/remembered"
	"recourse/workflows"
	"recourse/workflows/visibility"
)

var quiet = slog.New(slog.NewTextHandler(io.Discard, nil))

// Rig is an API to send requests to.
type Rig struct {
	t      testing.TB
	signer jose.Signer
	logged *lockedBuffer

	Server *httpapi.Server
	Office *casework.Office
	// Handler is that of Server.
	Handler *echo.Echo
	// DatabaseURL is where its database is.
	DatabaseURL string
}

// Logged is what the API logged.
func (r *Rig) Logged() string { return r.logged.text() }

type lockedBuffer struct {
	sync.Mutex
	bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.Lock()
	defer b.Unlock()
	return b.Buffer.Write(p)
}

func (b *lockedBuffer) text() string {
	b.Lock()
	defer b.Unlock()
	return b.String()
}

// SQL runs statements in its database.
func (r *Rig) SQL(statements ...string) {
	r.t.Helper()
	for _, statement := range statements {
		_, err := r.Server.Database.Exec(r.t.Context(), statement)
		require.NoError(r.t, err, statement)
	}
}

// With is the rig in a subtest.
func (r *Rig) With(t testing.TB) *Rig {
	other := *r
	other.t = t
	return &other
}

// LinkKey signs customers' links.
var LinkKey = []byte(strings.Repeat("k", 32))

// New is the API before a Temporal of the test's choice.
func New(t testing.TB, temporal client.Client, taskQueue string) *Rig {
	t.Helper()
	databaseURL := stack.CopyOf(t, "migrated", store.Migrate)
	database, err := store.Open(t.Context(), databaseURL)
	require.NoError(t, err)
	t.Cleanup(database.Close)
	require.NoError(t, rulebook.Load(t.Context(), published.New(database), "test", io.Discard, NumberedApart(t)))
	book, err := rulebook.Open(t.Context(), database, quiet)
	require.NoError(t, err)

	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: private}, nil)
	require.NoError(t, err)
	keys, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: private.Public(), Algorithm: string(jose.ES256), Use: "sig"}}})
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "keys.json")
	require.NoError(t, os.WriteFile(file, keys, 0o600))
	callers, err := identity.FromFile(file, "recourse", "sub")
	require.NoError(t, err)
	links, err := link.NewSigner(LinkKey)
	require.NoError(t, err)
	bodies, err := api.NewBodies()
	require.NoError(t, err)

	logged := &lockedBuffer{}
	log := slog.New(slog.NewJSONHandler(logged, nil))
	office := &casework.Office{Stores: casework.StoresIn(database), Rulebook: book, Links: links, Log: log, Now: time.Now, StepCounts: casework.UsualStepCounts,
		Lives: &casework.Lives{Temporal: temporal, TaskQueue: taskQueue, Namespace: stack.Namespace(t), Patience: casework.UsualPatience}}
	server := &httpapi.Server{Office: office, Database: database, Remembered: remembered.New(database), Identity: callers, Bodies: bodies, Log: log}
	handler, err := server.Handler()
	require.NoError(t, err)
	return &Rig{t: t, signer: signer, logged: logged, Server: server, Office: office, Handler: handler, DatabaseURL: databaseURL}
}

// NumberedApart are the files that come with the software, with a prefix of numbers for this test
// alone: tests share a Temporal, where a complaint's number is its workflow.
func NumberedApart(t testing.TB) fs.FS {
	t.Helper()
	return rulebooktest.Files(t, `-{year}-{sequence:6}"`, strings.ToUpper(rand.Text()[:6])+`-{year}-{sequence:6}"`)
}

// Living is the API with a real Temporal and a worker.
func Living(t testing.TB) *Rig {
	t.Helper()
	temporal, queue := stack.Client(t), stack.TaskQueue(t)
	require.NoError(t, visibility.Ensure(t.Context(), temporal, stack.Namespace(t)))
	r := New(t, temporal, queue)
	w := worker.New(temporal, queue, worker.Options{WorkflowTaskPollerBehavior: worker.NewPollerBehaviorAutoscaling(worker.PollerBehaviorAutoscalingOptions{})})
	workflows.Register(w)
	activities.Register(w, r.Server.Database, r.Office.Rulebook)
	require.NoError(t, w.Start())
	t.Cleanup(w.Stop)
	return r
}

// QuietClient connects to an address where a Temporal may come and go.
func QuietClient(t testing.TB, address, namespace string) client.Client {
	t.Helper()
	c, err := client.NewLazyClient(client.Options{HostPort: address, Namespace: namespace, Logger: log.NewStructuredLogger(quiet)})
	require.NoError(t, err)
	t.Cleanup(c.Close)
	return c
}

// Answer is what the API said.
type Answer struct {
	t      testing.TB
	Status int
	Header http.Header
	Raw    []byte
}

// JSON is the answer's object.
func (a Answer) JSON() map[string]any {
	a.t.Helper()
	var object map[string]any
	require.NoError(a.t, json.Unmarshal(a.Raw, &object), string(a.Raw))
	return object
}

// Is asserts a status, and returns the answer's object.
func (a Answer) Is(status int) map[string]any {
	a.t.Helper()
	require.Equal(a.t, status, a.Status, string(a.Raw))
	return a.JSON()
}

// Refused asserts a problem (RFC 9457) of a code, and returns it.
func (a Answer) Refused(status int, code string) map[string]any {
	a.t.Helper()
	require.Equal(a.t, status, a.Status, string(a.Raw))
	require.Equal(a.t, "application/problem+json", a.Header.Get("Content-Type"))
	problem := a.JSON()
	require.Equal(a.t, code, problem["code"], string(a.Raw))
	require.EqualValues(a.t, status, problem["status"])
	require.NotEmpty(a.t, problem["title"])
	return problem
}

// Pointers are the places that a problem names.
func Pointers(problem map[string]any) []string {
	var places []string
	errors, _ := problem["errors"].([]any)
	for _, one := range errors {
		pointer, _ := one.(map[string]any)["pointer"].(string)
		places = append(places, pointer)
	}
	return places
}

// Strings are the strings of a list.
func Strings(list any) []string {
	var words []string
	items, _ := list.([]any)
	for _, item := range items {
		words = append(words, item.(string))
	}
	return words
}

// Header are headers of a request.
type Header = map[string]string

// Send sends a request as it is. The person is somebody of the directory, or empty for nobody.
func (r *Rig) Send(method, path, person string, body io.Reader, headers Header) Answer {
	r.t.Helper()
	request := httptest.NewRequestWithContext(r.t.Context(), method, path, body)
	if person != "" {
		request.Header.Set("Authorization", "Bearer "+r.Token(person))
	}
	for name, value := range headers {
		request.Header.Set(name, value)
	}
	recorder := httptest.NewRecorder()
	r.Handler.ServeHTTP(recorder, request)
	return Answer{r.t, recorder.Code, recorder.Result().Header, recorder.Body.Bytes()}
}

// Token is what shows the API who a person is.
func (r *Rig) Token(person string) string {
	token, err := jwt.Signed(r.signer).Claims(jwt.Claims{Subject: person, Audience: jwt.Audience{"recourse"},
		Expiry: jwt.NewNumericDate(time.Now().Add(time.Hour))}).Serialize()
	require.NoError(r.t, err)
	return token
}

// Get reads a path.
func (r *Rig) Get(path, person string, headers ...Header) Answer {
	r.t.Helper()
	return r.Send(http.MethodGet, path, person, http.NoBody, first(headers))
}

// Post sends a value as JSON.
func (r *Rig) Post(path, person string, body any, headers ...Header) Answer {
	r.t.Helper()
	encoded, err := json.Marshal(body)
	require.NoError(r.t, err)
	return r.PostRaw(path, person, string(encoded), headers...)
}

// PostRaw sends a body as it is.
func (r *Rig) PostRaw(path, person, body string, headers ...Header) Answer {
	r.t.Helper()
	all := Header{"Content-Type": "application/json"}
	maps.Copy(all, first(headers))
	return r.Send(http.MethodPost, path, person, strings.NewReader(body), all)
}

func first(headers []Header) Header {
	if len(headers) == 0 {
		return nil
	}
	return headers[0]
}

// Body is a body of JSON.
type Body = map[string]any

// Parcel is the registration that most tests begin with.
func Parcel() Body {
	return Body{"procedure": "courier-station", "channel": "phone", "narrative": "Parcel left at the wrong door, twice.", "remedy_asked": "delivery today",
		"category": "operations.mistake", "customer": Body{"name": "Fang Jing", "phone": "13800000000", "email": "fang.jing@example.com", "language": "zh-CN"},
		"fields": Body{"waybill": "SF1234567890"}}
}

// People of the courier station, as procedures/directories has them.
const (
	Dispatcher     = "li-na"
	DispatchHead   = "zhang-min"
	OperationsHead = "yang-fan"
	Courier        = "zhao-lei" // handler of operations
	SecondCourier  = "huang-li"
	ServiceHead    = "liu-yang"
	DeputyManager  = "sun-hao"
	Auditor        = "hu-bin"
	Headquarters   = "zhu-ling"
	Administrator  = "zhou-jie"
	Stranger       = "nobody-of-the-directory"
)

// Take takes a step that must be accepted.
func (r *Rig) Take(number, step, person string, said Body) map[string]any {
	r.t.Helper()
	return r.Post("/v1/complaints/"+number+"/steps/"+step, person, said).Is(http.StatusOK)
}

// Register registers a complaint that must be taken in, and returns its number.
func (r *Rig) Register(person string, said Body) string {
	r.t.Helper()
	return r.Post("/v1/complaints", person, said).Is(http.StatusCreated)["number"].(string)
}

// Link is the path of a customer's link, as a message would carry it.
func (r *Rig) Link(number string, purpose link.Purpose, subject int) string {
	r.t.Helper()
	issued, err := r.Office.Issued.Issue(r.t.Context(), number, purpose, subject, time.Now().Add(time.Hour))
	require.NoError(r.t, err)
	token, err := r.Office.Links.Sign(link.Link{ID: uuid.MustParse(issued.ID), Number: number, Purpose: purpose, Subject: subject, ExpiresAt: issued.ExpiresAt})
	require.NoError(r.t, err)
	return link.Root + token
}

// ToAnswer takes a complaint to where the customer is asked.
func (r *Rig) ToAnswer(number string) {
	r.t.Helper()
	r.Take(number, "screen", Dispatcher, Body{"kind": "complaint", "valid": true, "category": "operations.mistake"})
	r.Take(number, "accept", Courier, Body{})
	r.Take(number, "contact", Courier, Body{"reached": true, "words": "We are looking into it."})
	r.Take(number, "find", Courier, Body{"founded": true, "liability": "third_party", "cause": "The label was wet.", "cause_code": "outside", "evidence": "Photograph."})
	r.Take(number, "propose", Courier, Body{"remedies": []Body{{"kind": "apology", "words": "In writing."}}, "time_limit": time.Now().Add(48 * time.Hour).UTC(), "reasons": "A wet label."})
	require.Equal(r.t, "awaiting_customer", r.Get("/v1/complaints/"+number, Dispatcher).Is(http.StatusOK)["stage"])
}

// Again publishes the same rules as the next version.
func (r *Rig) Again() {
	r.t.Helper()
	text := r.Get("/v1/procedures/courier-station", Dispatcher).Is(http.StatusOK)["yaml"].(string)
	r.Send(http.MethodPost, "/v1/procedures/courier-station/versions", Administrator, strings.NewReader(text+"\n# The same again.\n"),
		Header{"Content-Type": "application/yaml"}).Is(http.StatusCreated)
}
