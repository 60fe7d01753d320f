package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"io"
	"log/slog"
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
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"

	"recourse/activities"
	"recourse/deploy/stack"
	"recourse/internal/api"
	"recourse/internal/identity"
	"recourse/internal/link"
	"recourse/internal/rulebook"
	"recourse/internal/store"
	"recourse/workflows"
	"recourse/workflows/visibility"
)

func TestMain(m *testing.M) { stack.Main(m) }

var quiet = slog.New(slog.NewTextHandler(io.Discard, nil))

// rig is the API on a database of its own, with the example organisations in it.
type rig struct {
	t       testing.TB
	server  *server
	handler http.Handler
	signer  jose.Signer
	// databaseURL is where its database is.
	databaseURL string
	// logged is what the server logged.
	logged *lockedBuffer
}

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

// with is the rig in a subtest.
func (r *rig) with(t testing.TB) *rig {
	other := *r
	other.t = t
	return &other
}

var linkKey = []byte(strings.Repeat("k", 32))

// newRig is the API before a Temporal of the test's choice.
func newRig(t testing.TB, temporal client.Client, taskQueue string) *rig {
	t.Helper()
	databaseURL := stack.CopyOf(t, "migrated", store.Migrate)
	database, err := store.Open(t.Context(), databaseURL)
	require.NoError(t, err)
	t.Cleanup(database.Close)
	require.NoError(t, numberedApart(t).publish(t.Context(), database, time.Now(), io.Discard))
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
	links, err := link.NewSigner(linkKey)
	require.NoError(t, err)
	bodies, err := api.NewBodies()
	require.NoError(t, err)

	logged := &lockedBuffer{}
	s := &server{store: database, rulebook: book, identity: callers, links: links, bodies: bodies, metrics: newMetrics(),
		log: slog.New(slog.NewJSONHandler(logged, nil)), now: time.Now, lives: &lives{temporal: temporal, taskQueue: taskQueue, patience: patience}}
	handler, err := s.handler()
	require.NoError(t, err)
	return &rig{t: t, server: s, handler: handler, signer: signer, logged: logged, databaseURL: databaseURL}
}

// numberedApart are the files that come with the software, with a prefix of numbers for this test alone: tests share a
// Temporal, where a complaint's number is its workflow.
func numberedApart(t testing.TB) shipped {
	t.Helper()
	files, err := readShipped()
	require.NoError(t, err)
	for name, text := range files.texts {
		files.texts[name] = strings.Replace(text, `-{year}-{sequence:6}"`, strings.ToUpper(rand.Text()[:6])+`-{year}-{sequence:6}"`, 1)
	}
	return files
}

// living is the API with a real Temporal and a worker.
func living(t testing.TB) *rig {
	t.Helper()
	temporal, queue := stack.Client(t), stack.TaskQueue(t)
	require.NoError(t, visibility.Ensure(t.Context(), temporal, stack.Namespace(t)))
	r := newRig(t, temporal, queue)
	w := worker.New(temporal, queue, worker.Options{WorkflowTaskPollerBehavior: worker.NewPollerBehaviorAutoscaling(worker.PollerBehaviorAutoscalingOptions{})})
	workflows.Register(w)
	activities.Register(w, r.server.store, r.server.rulebook)
	require.NoError(t, w.Start())
	t.Cleanup(w.Stop)
	return r
}

func stackNamespace(t testing.TB) string { return stack.Namespace(t) }

// quietClient connects to an address where a Temporal may come and go.
func quietClient(t testing.TB, address, namespace string) client.Client {
	t.Helper()
	c, err := client.NewLazyClient(client.Options{HostPort: address, Namespace: namespace, Logger: log.NewStructuredLogger(quiet)})
	require.NoError(t, err)
	t.Cleanup(c.Close)
	return c
}

// answer is what the API said.
type answer struct {
	t      testing.TB
	status int
	header http.Header
	raw    []byte
}

func (a answer) json() map[string]any {
	a.t.Helper()
	var object map[string]any
	require.NoError(a.t, json.Unmarshal(a.raw, &object), string(a.raw))
	return object
}

func (a answer) is(status int) map[string]any {
	a.t.Helper()
	require.Equal(a.t, status, a.status, string(a.raw))
	return a.json()
}

// refused asserts a problem (RFC 9457) of a code, and returns it.
func (a answer) refused(status int, code string) map[string]any {
	a.t.Helper()
	require.Equal(a.t, status, a.status, string(a.raw))
	require.Equal(a.t, "application/problem+json", a.header.Get("Content-Type"))
	problem := a.json()
	require.Equal(a.t, code, problem["code"], string(a.raw))
	require.EqualValues(a.t, status, problem["status"])
	require.NotEmpty(a.t, problem["title"])
	return problem
}

// pointers are the places that a problem names.
func pointers(problem map[string]any) []string {
	var places []string
	errors, _ := problem["errors"].([]any)
	for _, one := range errors {
		pointer, _ := one.(map[string]any)["pointer"].(string)
		places = append(places, pointer)
	}
	return places
}

func strs(list any) []string {
	var words []string
	items, _ := list.([]any)
	for _, item := range items {
		words = append(words, item.(string))
	}
	return words
}

type header map[string]string

// send sends a request as it is. The person is somebody of the directory, or empty for nobody.
func (r *rig) send(method, path, person string, body io.Reader, headers header) answer {
	r.t.Helper()
	request := httptest.NewRequestWithContext(r.t.Context(), method, path, body)
	if person != "" {
		request.Header.Set("Authorization", "Bearer "+r.token(person))
	}
	for name, value := range headers {
		request.Header.Set(name, value)
	}
	recorder := httptest.NewRecorder()
	r.handler.ServeHTTP(recorder, request)
	return answer{r.t, recorder.Code, recorder.Result().Header, recorder.Body.Bytes()}
}

func (r *rig) token(person string) string {
	token, err := jwt.Signed(r.signer).Claims(jwt.Claims{Subject: person, Audience: jwt.Audience{"recourse"},
		Expiry: jwt.NewNumericDate(time.Now().Add(time.Hour))}).Serialize()
	require.NoError(r.t, err)
	return token
}

func (r *rig) get(path, person string, headers ...header) answer {
	r.t.Helper()
	return r.send(http.MethodGet, path, person, http.NoBody, first(headers))
}

// post sends a value as JSON.
func (r *rig) post(path, person string, body any, headers ...header) answer {
	r.t.Helper()
	encoded, err := json.Marshal(body)
	require.NoError(r.t, err)
	return r.postRaw(path, person, string(encoded), headers...)
}

func (r *rig) postRaw(path, person, body string, headers ...header) answer {
	r.t.Helper()
	all := header{"Content-Type": "application/json"}
	for name, value := range first(headers) {
		all[name] = value
	}
	return r.send(http.MethodPost, path, person, strings.NewReader(body), all)
}

func first(headers []header) header {
	if len(headers) == 0 {
		return nil
	}
	return headers[0]
}

type body = map[string]any

// parcel is the registration that most tests begin with.
func parcel() body {
	return body{"procedure": "courier-station", "channel": "phone", "narrative": "Parcel left at the wrong door, twice.", "remedy_asked": "delivery today",
		"category": "operations.mistake", "customer": body{"name": "Fang Jing", "phone": "13800000000", "email": "fang.jing@example.com", "language": "zh-CN"},
		"fields": body{"waybill": "SF1234567890"}}
}

// People of the courier station, as deploy/directory has them.
const (
	dispatcher     = "li-na"
	dispatchHead   = "zhang-min"
	operationsHead = "yang-fan"
	courier        = "zhao-lei" // handler of operations
	secondCourier  = "huang-li"
	serviceHead    = "liu-yang"
	deputyManager  = "sun-hao"
	auditorPerson  = "hu-bin"
	headquarters   = "zhu-ling"
	administrator  = "zhou-jie"
	fromElsewhere  = "nobody-of-the-directory"
)
