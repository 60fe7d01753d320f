package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"

	"recourse/internal/api"
	"recourse/internal/complaint"
	"recourse/internal/identity"
	"recourse/internal/link"
	"recourse/internal/store"
)

// stand stands in for Temporal's client: it answers every step as the test says.
type stand struct {
	client.Client
	sync.Mutex
	says  func(number string, step complaint.Step) (complaint.Result, error)
	asked []complaint.Step
}

type saidHandle struct {
	client.WorkflowUpdateHandle
	result complaint.Result
	err    error
}

func (h saidHandle) Get(_ context.Context, into any) error {
	if h.err == nil {
		*into.(*complaint.Result) = h.result
	}
	return h.err
}

type startOf struct {
	client.WithStartWorkflowOperation
	options client.StartWorkflowOptions
}

func (s *stand) NewWithStartWorkflowOperation(options client.StartWorkflowOptions, _ any, _ ...any) client.WithStartWorkflowOperation {
	return startOf{options: options}
}

func (s *stand) UpdateWithStartWorkflow(ctx context.Context, options client.UpdateWithStartWorkflowOptions) (client.WorkflowUpdateHandle, error) {
	return s.UpdateWorkflow(ctx, options.UpdateOptions)
}

func (s *stand) UpdateWorkflow(_ context.Context, options client.UpdateWorkflowOptions) (client.WorkflowUpdateHandle, error) {
	step := options.Args[0].(complaint.Step)
	s.Lock()
	s.asked = append(s.asked, step)
	s.Unlock()
	result, err := s.says(options.WorkflowID, step)
	return saidHandle{result: result, err: err}, nil
}

func (s *stand) QueryWorkflow(context.Context, string, string, string, ...any) (converter.EncodedValue, error) {
	return nil, serviceerror.NewNotFound("workflow not found")
}

func (s *stand) CheckHealth(context.Context, *client.CheckHealthRequest) (*client.CheckHealthResponse, error) {
	return nil, errors.New("away")
}

func refusal(r complaint.Refusal) error {
	return temporal.NewNonRetryableApplicationError(r.Error(), complaint.RefusalType, nil, r)
}

// standing is the API before a Temporal that says what the test wants; registering succeeds.
func standing(t testing.TB) (*rig, *stand) {
	t.Helper()
	s := &stand{says: func(number string, _ complaint.Step) (complaint.Result, error) {
		return complaint.Result{Number: number, Stage: complaint.Received, Revision: 1, AllowedSteps: []complaint.StepName{complaint.Screen}}, nil
	}}
	return newRig(t, s, "unused"), s
}

func TestEachRefusalHasItsStatusAndCode(t *testing.T) {
	r, temporal := standing(t)
	number := r.register(dispatcher, parcel())
	for code, status := range map[complaint.Code]int{
		complaint.CodeStepNotAllowed: 409, complaint.CodeStaleRevision: 409, complaint.CodeStaleProposal: 409, complaint.CodeClosed: 409,
		complaint.CodeForbidden: 403, complaint.CodeConflictOfInterest: 403, complaint.CodeNotFound: 404, complaint.CodeRuleViolation: 422,
	} {
		t.Run(string(code), func(t *testing.T) {
			r := r.with(t)
			temporal.says = func(string, complaint.Step) (complaint.Result, error) {
				return complaint.Result{}, refusal(complaint.Refusal{Code: code, Reason: complaint.ReasonWrongStage, Step: complaint.Note, Stage: complaint.Received,
					Allowed: []complaint.StepName{complaint.Screen}, Revision: 7})
			}
			problem := r.post("/v1/complaints/"+number+"/steps/note", dispatcher, body{"words": "x"}, header{"Accept-Language": "zh-CN"}).refused(status, string(code))
			if status == http.StatusConflict {
				require.Equal(t, "received", problem["stage"])
				require.Equal(t, []string{"screen"}, strs(problem["allowed_steps"]))
				require.EqualValues(t, 7, problem["revision"])
				require.Equal(t, "投诉当前所处阶段不适用此步骤。", problem["detail"])
			}
			if status == http.StatusNotFound {
				require.NotContains(t, problem, "allowed_steps", "says nothing of what is there")
			}
		})
	}
}

func TestTemporalThatDoesNotAnswerIsUnavailableAndTheKeyIsSafe(t *testing.T) {
	r, temporal := standing(t)
	number := r.register(dispatcher, parcel())
	for what, err := range map[string]error{
		"update timed out":   client.NewWorkflowUpdateServiceTimeoutOrCanceledError(context.DeadlineExceeded),
		"deadline":           fmt.Errorf("call: %w", context.DeadlineExceeded),
		"unavailable":        serviceerror.NewUnavailable("no frontend"),
		"deadline of theirs": serviceerror.NewDeadlineExceeded("slow"),
		"exhausted":          serviceerror.NewResourceExhausted(0, "busy"),
		"not ready":          serviceerror.NewWorkflowNotReady("starting"),
		"no namespace":       serviceerror.NewNamespaceNotFound("recourse"),
	} {
		t.Run(what, func(t *testing.T) {
			r := r.with(t)
			temporal.asked = nil
			temporal.says = func(string, complaint.Step) (complaint.Result, error) { return complaint.Result{}, err }
			note := func() answer {
				return r.post("/v1/complaints/"+number+"/steps/note", dispatcher, body{"words": "x"}, header{"Idempotency-Key": "key of " + what})
			}
			a := note()
			a.refused(http.StatusServiceUnavailable, "unavailable")
			require.NotEmpty(t, a.header.Get("Retry-After"))

			temporal.says = func(number string, _ complaint.Step) (complaint.Result, error) {
				return complaint.Result{Number: number, Stage: complaint.Received, Revision: 2}, nil
			}
			note().is(http.StatusOK)
			require.Equal(t, temporal.asked[0].Submission, temporal.asked[1].Submission, "the same submission, so the same update")
		})
	}
}

func TestComplaintThatContinuesAsNewIsAskedAgain(t *testing.T) {
	r, temporal := standing(t)
	number := r.register(dispatcher, parcel())
	tries := 0
	temporal.says = func(number string, _ complaint.Step) (complaint.Result, error) {
		if tries++; tries < 3 {
			return complaint.Result{}, refusal(complaint.Refusal{Code: complaint.CodeDraining, Reason: complaint.ReasonContinuing})
		}
		return complaint.Result{Number: number, Stage: complaint.Received, Revision: 2}, nil
	}
	r.take(number, "note", dispatcher, body{"words": "x"})
	require.Equal(t, 3, tries)
}

func TestComplaintWithoutWorkflow(t *testing.T) {
	r, temporal := standing(t)
	number := r.register(dispatcher, parcel())
	temporal.says = func(string, complaint.Step) (complaint.Result, error) {
		return complaint.Result{}, serviceerror.NewNotFound("workflow execution already completed")
	}
	r.post("/v1/complaints/"+number+"/steps/note", dispatcher, body{"words": "x"}).refused(http.StatusServiceUnavailable, "unavailable")
	r.get("/v1/complaints/"+number+"?source=workflow", dispatcher).refused(http.StatusServiceUnavailable, "unavailable")
	unknown := number[:len(number)-6] + "999999"
	r.post("/v1/complaints/"+unknown+"/steps/note", dispatcher, body{"words": "x"}).refused(http.StatusNotFound, "not_found")
	r.get("/v1/complaints/"+unknown, dispatcher).refused(http.StatusNotFound, "not_found")
}

func TestWhatNobodyExpectedIsOurFault(t *testing.T) {
	r, temporal := standing(t)
	number := r.register(dispatcher, parcel())
	temporal.says = func(string, complaint.Step) (complaint.Result, error) {
		return complaint.Result{}, errors.New("a secret of ours")
	}
	a := r.post("/v1/complaints/"+number+"/steps/note", dispatcher, body{"words": "x"})
	problem := a.refused(http.StatusInternalServerError, "internal")
	require.NotContains(t, string(a.raw), "secret")
	require.Contains(t, r.logged.text(), problem["request_id"], "the log tells more under the same ID")
	require.Contains(t, r.logged.text(), "a secret of ours")
}

func TestRegistrationThatIsWrongIsRefused(t *testing.T) {
	r, _ := standing(t)
	changed := func(change func(body)) body {
		said := parcel()
		change(said)
		return said
	}
	for what, c := range map[string]struct {
		said    body
		status  int
		code    string
		pointer string
	}{
		"missing field":       {changed(func(b body) { delete(b, "narrative") }), 400, "invalid_body", "/narrative"},
		"unknown field":       {changed(func(b body) { b["colour"] = "red" }), 400, "invalid_body", "/colour"},
		"field of the form":   {changed(func(b body) { b["fields"] = body{"waybill": "short"} }), 400, "invalid_body", "/fields/waybill"},
		"no such form field":  {changed(func(b body) { b["fields"] = body{"plate": "A1"} }), 400, "invalid_body", "/fields/plate"},
		"nobody to assign to": {changed(func(b body) { b["assign"] = body{"department": "operations", "handler": "nobody"} }), 422, "rule_violation", "/assign/handler"},
		"no such procedure":   {changed(func(b body) { b["procedure"] = "bakery" }), 422, "rule_violation", "/procedure"},
		"no such channel":     {changed(func(b body) { b["channel"] = "pigeon" }), 422, "rule_violation", "/channel"},
		"no such category":    {changed(func(b body) { b["category"] = "weather" }), 422, "rule_violation", "/category"},
		"no such person":      {changed(func(b body) { b["subjects"] = []string{"nobody"} }), 422, "rule_violation", "/subjects/0"},
		"heard in the future": {changed(func(b body) { b["heard_at"] = time.Now().Add(time.Hour).UTC() }), 422, "rule_violation", "/heard_at"},
		"about oneself":       {changed(func(b body) { b["subjects"] = []string{dispatcher} }), 403, "conflict_of_interest", ""},
		"other organisation":  {changed(func(b body) { b["procedure"] = "real-estate-project"; delete(b, "fields") }), 403, "forbidden", ""},
	} {
		t.Run(what, func(t *testing.T) {
			problem := r.with(t).post("/v1/complaints", dispatcher, c.said).refused(c.status, c.code)
			if c.pointer != "" {
				require.Contains(t, pointers(problem), c.pointer)
			}
		})
	}
}

func TestRegistrationNamesAnOwnerOnlyForWhoMayAssign(t *testing.T) {
	r, _ := standing(t)
	const agent, head, officer = "lin-xia", "he-yan", "gao-feng" // of the project's call centre
	said := body{"procedure": "real-estate-project", "channel": "phone", "narrative": "The wall is wet.", "category": "developer.quality",
		"customer": body{"name": "Fang Jing", "phone": "13800000000"}, "screen": body{"kind": "complaint", "valid": true, "category": "developer.quality"}}
	said["assign"] = body{"department": "engineering"}
	r.post("/v1/complaints", agent, said).is(http.StatusCreated)
	said["assign"] = body{"owner": officer}
	r.post("/v1/complaints", agent, said).refused(http.StatusForbidden, "forbidden")
	delete(said, "screen")
	r.post("/v1/complaints", agent, said).refused(http.StatusForbidden, "forbidden")
	r.post("/v1/complaints", head, said).is(http.StatusCreated)
	said["assign"] = body{"owner": "song-lei"} // an engineer
	require.Equal(t, []string{"/assign/owner"}, pointers(r.post("/v1/complaints", head, said).refused(http.StatusUnprocessableEntity, "rule_violation")))

	said = parcel()
	said["assign"] = body{"department": "operations", "handler": courier}
	r.post("/v1/complaints", dispatcher, said).is(http.StatusCreated)
	r.post("/v1/complaints", courier, said).refused(http.StatusForbidden, "forbidden")
}

func TestProblemOfAFormFieldIsInTheCallersLanguageAndRepeatsNothing(t *testing.T) {
	r, _ := standing(t)
	said := parcel()
	said["fields"] = body{"waybill": "Wang Fang's"}
	for language, want := range map[string]string{"en": "It isn't written as it must be", "zh-CN": "书写格式不正确"} {
		problem := r.post("/v1/complaints", dispatcher, said, header{"Accept-Language": language}).refused(400, "invalid_body")
		first := problem["errors"].([]any)[0].(body)
		require.Equal(t, "/fields/waybill", first["pointer"])
		require.Contains(t, first["detail"], want)
		require.NotContains(t, first["detail"], "Wang")
		require.Equal(t, "/v1/complaints", problem["instance"])
	}
	require.Equal(t, "/v1/complaints/CS-2026-000999/events", r.get("/v1/complaints/CS-2026-000999/events?limit=1", dispatcher).refused(404, "not_found")["instance"])
	require.Equal(t, "/v1/links/{token}", r.get("/v1/links/a-secret", "").refused(404, "not_found")["instance"])
}

func TestRequestThatIsNotUnderstoodIsRefused(t *testing.T) {
	r, _ := standing(t)
	number := r.register(dispatcher, parcel())
	note := "/v1/complaints/" + number + "/steps/note"
	r.postRaw(note, dispatcher, `{"words":`).refused(400, "invalid_body")
	r.postRaw(note, dispatcher, "{\"words\":\"\xff\"}").refused(400, "invalid_body")
	r.postRaw(note, dispatcher, `{"words":"a\u0000"}`).refused(400, "invalid_body")
	r.postRaw(note, dispatcher, `{"words":"`+strings.Repeat("a", longestBody)+`"}`).refused(413, "too_large")
	r.postRaw(note, dispatcher, `words=a`, header{"Content-Type": "application/x-www-form-urlencoded"}).refused(415, "unsupported_media_type")
	r.postRaw(note, dispatcher, `{"words":"a"}`, header{"Content-Type": "application/json; charset=gb2312"}).refused(415, "unsupported_media_type")
	r.postRaw(note, dispatcher, `{"words":"a"}`, header{"Content-Type": "application/json; charset=UTF-8"}).is(200)
	r.post("/v1/complaints/"+number+"/steps/fly", dispatcher, body{}).refused(404, "not_found")
	r.post("/v1/complaints/"+number+"/steps/register", dispatcher, parcel()).refused(404, "not_found")
	r.post(note, dispatcher, body{"words": "a"}, header{"Idempotency-Key": strings.Repeat("k", 201)}).refused(400, "invalid_body")
	r.get("/v1/nothing", dispatcher).refused(404, "not_found")
	r.send(http.MethodPut, "/v1/complaints", dispatcher, http.NoBody, nil).refused(405, "method_not_allowed")
	for _, query := range []string{"limit=201", "limit=-1", "limit=0", "limit=", "colour=red", "limit=many", "cursor=%21", "stage=nowhere", "severity=awful", "tier_min=x", "overdue=perhaps",
		"received_from=yesterday", "q=%00", "q=%ff", "q=" + strings.Repeat("a", 801)} {
		t.Run(query, func(t *testing.T) { r.with(t).get("/v1/complaints?"+query, dispatcher).refused(400, "invalid_body") })
	}
	propose := "/v1/complaints/" + number + "/steps/propose"
	inTime := time.Now().Add(time.Hour).UTC()
	r.post(propose, dispatcher, body{"time_limit": inTime, "remedies": []body{{"kind": "refund", "amount": "5"}}}).refused(422, "rule_violation")
	r.post(propose, dispatcher, body{"time_limit": inTime, "remedies": []body{{"kind": "refund", "amount": "5", "currency": "EUR"}}}).refused(422, "rule_violation")
	r.post("/v1/complaints/"+number+"/steps/reassign", dispatcher, body{"handler": "nobody"}).refused(422, "rule_violation")
	r.post("/v1/complaints/"+number+"/steps/request-support", dispatcher, body{"department": "kitchen", "words": "x"}).refused(422, "rule_violation")
}

func TestDatabaseThatIsAwayIsUnavailable(t *testing.T) {
	for what, err := range map[string]error{
		"refuses connections": &net.OpError{Op: "dial", Err: errors.New("connection refused")},
		"shuts down":          &pgconn.PgError{Code: "57P01"},
		"has no more room":    &pgconn.PgError{Code: "53300"},
		"cut the connection":  io.ErrUnexpectedEOF,
		"is too slow":         context.DeadlineExceeded,
	} {
		t.Run(what, func(t *testing.T) {
			p := problemOf(fmt.Errorf("store the submission: %w", err))
			require.Equal(t, http.StatusServiceUnavailable, p.status)
			require.Equal(t, api.ProblemCodeUnavailable, p.code)
		})
	}
	require.Equal(t, http.StatusInternalServerError, problemOf(&pgconn.PgError{Code: "23505"}).status, "a mistake of ours isn't cured by waiting")
}

func TestIssuerThatIsAwayIsUnavailable(t *testing.T) {
	require.Equal(t, http.StatusServiceUnavailable, problemOf(fmt.Errorf("%w: 502", identity.ErrUnavailable)).status)
	require.Equal(t, http.StatusUnauthorized, problemOf(fmt.Errorf("%w: forged", identity.ErrUnauthenticated)).status)
}

// cable is a wire to PostgreSQL that a test can cut.
type cable struct {
	net.Listener
	sync.Mutex
	cut   bool
	wires []net.Conn
}

func plug(t testing.TB, databaseURL string) (string, *cable) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { listener.Close() })
	there, err := url.Parse(databaseURL)
	require.NoError(t, err)
	c, far := &cable{Listener: listener}, there.Host
	go func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			c.connect(near, far)
		}
	}()
	there.Host = listener.Addr().String()
	return there.String(), c
}

func (c *cable) connect(near net.Conn, far string) {
	c.Lock()
	defer c.Unlock()
	wire, err := net.Dial("tcp", far)
	if c.cut || err != nil {
		near.Close()
		return
	}
	c.wires = append(c.wires, near, wire)
	go func() { _, _ = io.Copy(near, wire); near.Close() }()
	go func() { _, _ = io.Copy(wire, near); wire.Close() }()
}

func (c *cable) pull(cut bool) {
	c.Lock()
	defer c.Unlock()
	c.cut = cut
	for _, wire := range c.wires {
		wire.Close()
	}
	c.wires = nil
}

func TestDatabaseMayGoAndComeBack(t *testing.T) {
	r, _ := standing(t)
	through, wire := plug(t, r.databaseURL)
	database, err := store.Open(t.Context(), through)
	require.NoError(t, err)
	t.Cleanup(database.Close)
	r.server.store = database
	key := header{"Idempotency-Key": "one"}
	wire.pull(true)
	a := r.post("/v1/complaints", dispatcher, parcel(), key)
	a.refused(http.StatusServiceUnavailable, "unavailable")
	require.NotEmpty(t, a.header.Get("Retry-After"))
	r.get("/v1/complaints", dispatcher).refused(http.StatusServiceUnavailable, "unavailable")
	require.Equal(t, "unavailable", r.get("/readyz", "").is(http.StatusServiceUnavailable)["postgresql"])
	wire.pull(false)
	r.post("/v1/complaints", dispatcher, parcel(), key).is(http.StatusCreated)
}

func TestKeyIsHonoured(t *testing.T) {
	r := living(t)
	key := header{"Idempotency-Key": "one"}
	registered := r.post("/v1/complaints", dispatcher, parcel(), key)
	number := registered.is(http.StatusCreated)["number"].(string)
	require.Empty(t, registered.header.Get("Idempotent-Replayed"))
	again := r.post("/v1/complaints", dispatcher, parcel(), key)
	require.JSONEq(t, string(registered.raw), string(again.raw))
	require.Equal(t, "true", again.header.Get("Idempotent-Replayed"))
	other := parcel()
	other["narrative"] = "Something else."
	r.post("/v1/complaints", dispatcher, other, key).refused(422, "idempotency_mismatch")

	t.Run("ten callers at once with one key take one step and get one answer", func(t *testing.T) {
		var answers [10]answer
		var all sync.WaitGroup
		for i := range answers {
			all.Go(func() {
				answers[i] = r.post("/v1/complaints/"+number+"/steps/note", dispatcher, body{"words": "once"}, header{"Idempotency-Key": "ten"})
			})
		}
		all.Wait()
		for _, a := range answers {
			require.Equal(t, http.StatusOK, a.status, string(a.raw))
			require.JSONEq(t, string(answers[0].raw), string(a.raw))
		}
		require.EqualValues(t, 2, r.get("/v1/complaints/"+number, dispatcher).is(200)["revision"])
	})
	t.Run("ten callers at once with one key and ten bodies take one step", func(t *testing.T) {
		r := r.with(t)
		record := func() int {
			return len(r.get("/v1/complaints/"+number+"/events?limit=200", dispatcher).is(200)["events"].([]any))
		}
		before := record()
		var answers [10]answer
		var all sync.WaitGroup
		for i := range answers {
			all.Go(func() {
				answers[i] = r.post("/v1/complaints/"+number+"/steps/note", dispatcher, body{"words": fmt.Sprint("different ", i)}, header{"Idempotency-Key": "ten bodies"})
			})
		}
		all.Wait()
		taken := 0
		for _, a := range answers {
			if a.status == http.StatusOK {
				taken++
				continue
			}
			a.refused(422, "idempotency_mismatch")
		}
		require.Equal(t, 1, taken)
		require.Equal(t, before+1, record())
	})
	t.Run("a refused key is judged anew", func(t *testing.T) {
		key := header{"Idempotency-Key": "early"}
		r.post("/v1/complaints/"+number+"/steps/accept", courier, body{}, key).refused(404, "not_found")
		r.take(number, "screen", dispatcher, body{"kind": "complaint", "valid": true, "category": "operations.mistake"})
		r.post("/v1/complaints/"+number+"/steps/accept", courier, body{}, key).is(http.StatusOK)
	})
	t.Run("the complaint has moved on", func(t *testing.T) {
		problem := r.post("/v1/complaints/"+number+"/steps/note", dispatcher, body{"words": "x", "expected_revision": 1}).refused(409, "stale_revision")
		require.EqualValues(t, 5, problem["revision"])
		require.NotEmpty(t, problem["allowed_steps"])
	})
}

func TestNobodyPassesWithoutAToken(t *testing.T) {
	r, _ := standing(t)
	r.server.now = func() time.Time { return time.Now() }
	routes := r.handler.(*echo.Echo).Routes()
	require.NotEmpty(t, routes)
	for _, route := range routes {
		path := regexp.MustCompile(`:\w+`).ReplaceAllString(route.Path, "x")
		a := r.send(route.Method, path, "", http.NoBody, nil)
		if public[route.Path] {
			require.NotEqual(t, http.StatusForbidden, a.status, route.Path)
			continue
		}
		a.refused(http.StatusUnauthorized, "unauthenticated")
		require.Equal(t, "Bearer", a.header.Get("WWW-Authenticate"))
	}
	r.get("/v1/tasks", fromElsewhere).refused(http.StatusForbidden, "forbidden")
}

func TestProbesMayAskForTheHeadersAloneAndBrowsersForTheAddressItself(t *testing.T) {
	r, _ := standing(t)
	web := httptest.NewServer(browsable(r.handler))
	t.Cleanup(web.Close)
	for path, status := range map[string]int{"/healthz": http.StatusOK, "/docs": http.StatusOK, "/": http.StatusOK, "/v1/tasks": http.StatusUnauthorized} {
		got, err := http.Head(web.URL + path)
		require.NoError(t, err)
		got.Body.Close()
		require.Equal(t, status, got.StatusCode, path)
	}
	got, err := http.Get(web.URL)
	require.NoError(t, err)
	got.Body.Close()
	require.Equal(t, "/docs", got.Request.URL.Path)
}

func TestAParameterThatIsWrongIsToldWithWhatIsWanted(t *testing.T) {
	r, _ := standing(t)
	for query, detail := range map[string]string{
		"limit=500":     "It must be at most 200.",
		"limit=0":       "It must be at least 1.",
		"stage=foo":     "It must be one of: received, ",
		"severity=high": "It must be one of: normal, major, emergency, mass.",
		"tier_min=10":   "It must be at most 9.",
	} {
		a := r.get("/v1/complaints?"+query, dispatcher)
		a.refused(http.StatusBadRequest, "invalid_body")
		require.Contains(t, string(a.raw), detail, query)
	}
}

func TestAnEMailAddressThatIsNoneIsToldWithoutAPattern(t *testing.T) {
	r, _ := standing(t)
	said := parcel()
	said["customer"] = body{"name": "Wang Fang", "email": "nobody"}
	a := r.post("/v1/complaints", dispatcher, said)
	a.refused(http.StatusBadRequest, "invalid_body")
	require.Contains(t, string(a.raw), "It must be an e-mail address, such as name@example.com.")
}

func TestServedPathsAreThoseOfTheDescription(t *testing.T) {
	r, _ := standing(t)
	var served []string
	for _, route := range r.handler.(*echo.Echo).Routes() {
		served = append(served, route.Method+" "+regexp.MustCompile(`:(\w+)`).ReplaceAllString(route.Path, "{$1}"))
	}
	document, err := api.Document()
	require.NoError(t, err)
	var described, open []string
	node{document}.at("paths").each(func(path string, methods node) {
		methods.each(func(method string, operation node) {
			described = append(described, strings.ToUpper(method)+" "+path)
			if operation.at("security").value != nil {
				open = append(open, regexp.MustCompile(`\{(\w+)\}`).ReplaceAllString(path, ":$1"))
			}
		})
	})
	require.ElementsMatch(t, described, served)
	for route := range public {
		require.Contains(t, open, route)
	}
	require.Len(t, slices.Compact(slices.Sorted(slices.Values(open))), len(public))
	require.Contains(t, string(r.get("/openapi.yaml", "").raw), "openapi: 3.0.3")
	page := r.get("/docs", "")
	require.Equal(t, http.StatusOK, page.status)
	require.Contains(t, string(page.raw), "resolve-on-spot")
	require.NotContains(t, string(page.raw), "<script")
	require.Contains(t, string(r.get("/metrics", "").raw), "recourse_http_request_duration_seconds")
	r.get("/healthz", "").is(http.StatusOK)
	require.Equal(t, "unavailable", r.get("/readyz", "").is(http.StatusOK)["temporal"])
}

func TestSubjectSeesNothing(t *testing.T) {
	r := living(t)
	said := parcel()
	said["subjects"] = []string{courier}
	number := r.register(dispatcher, said)
	for _, path := range []string{"", "/events", "/deadlines", "/messages", "/attachments", "/form"} {
		r.get("/v1/complaints/"+number+path, courier).refused(404, "not_found")
	}
	r.post("/v1/complaints/"+number+"/steps/note", courier, body{"words": "x"}).refused(404, "not_found")
	require.Empty(t, r.get("/v1/complaints", courier).is(200)["complaints"])
	require.Len(t, r.get("/v1/complaints", dispatcher).is(200)["complaints"], 1)
	r.take(number, "screen", dispatcher, body{"kind": "complaint", "valid": true, "category": "operations.mistake"})
	require.NotEqual(t, courier, r.get("/v1/complaints/"+number, dispatcher).is(200)["people"].(map[string]any)["handler"].(map[string]any)["id"])
	r.post("/v1/complaints/"+number+"/steps/reassign", dispatchHead, body{"handler": courier}).refused(403, "conflict_of_interest")
	other := "RE" + number[strings.Index(number, "-"):]
	r.get("/v1/complaints/"+other, dispatcher).refused(404, "not_found")
}

func TestWhistleblowingIsSeenByThoseNamedAlone(t *testing.T) {
	r := living(t)
	said := parcel()
	said["channel"] = "letter"
	number := r.register(dispatcher, said)
	r.take(number, "screen", dispatcher, body{"kind": "whistleblowing", "valid": true, "category": "operations.mistake"})
	for _, blind := range []string{dispatcher, auditorPerson, headquarters, administrator, courier} {
		r.get("/v1/complaints/"+number, blind).refused(404, "not_found")
		require.Empty(t, r.get("/v1/complaints", blind).is(200)["complaints"])
	}
	r.get("/v1/complaints/"+number, deputyManager).is(200)
	require.Len(t, r.get("/v1/complaints", deputyManager).is(200)["complaints"], 1)
}

func TestCustomerRegistersOnTheWebAndFollows(t *testing.T) {
	r := living(t)
	said := body{"procedure": "courier-station", "narrative": "Where is my parcel?", "customer": body{"email": "w@example.com", "language": "en"}}
	receipt := r.post("/v1/public/complaints", "", said, header{"Idempotency-Key": "web"})
	number := receipt.is(http.StatusCreated)["number"].(string)
	require.JSONEq(t, string(receipt.raw), string(r.post("/v1/public/complaints", "", said, header{"Idempotency-Key": "web"}).raw))
	follow := receipt.json()["follow"].(string)
	seen := r.get(follow, "").is(http.StatusOK)
	require.Equal(t, "Received", seen["stage_label"])
	require.Equal(t, "Where is my parcel?", seen["narrative"])
	require.NotContains(t, seen, "deadlines")
	r.post(follow, "", body{}).refused(422, "rule_violation")

	t.Run("a link can be revoked", func(t *testing.T) {
		r := r.with(t)
		links := r.get("/v1/complaints/"+number, dispatcher).is(200)["links"].([]any)
		id := links[0].(map[string]any)["id"].(string)
		revoke := func(person string) answer {
			return r.send(http.MethodDelete, "/v1/complaints/"+number+"/links/"+id, person, http.NoBody, nil)
		}
		revoke(auditorPerson).refused(http.StatusForbidden, "forbidden")
		require.Equal(t, http.StatusNoContent, revoke(dispatcher).status)
		require.Equal(t, http.StatusNoContent, revoke(dispatcher).status)
		r.get(follow, "").refused(http.StatusUnauthorized, "unauthenticated")
	})
	t.Run("a forged link leads nowhere, an expired one no more", func(t *testing.T) {
		r := r.with(t)
		r.get(follow[:len(follow)-3]+"AAA", "").refused(http.StatusNotFound, "not_found")
		r.get(link.Root+"x", "").refused(http.StatusNotFound, "not_found")
		expired, err := r.server.links.Sign(link.Link{ID: uuid.New(), Number: number, Purpose: link.Follow, ExpiresAt: time.Now().Add(-time.Second)})
		require.NoError(t, err)
		r.get(link.Root+expired, "").refused(http.StatusUnauthorized, "unauthenticated")
		unknown, err := r.server.links.Sign(link.Link{ID: uuid.New(), Number: number, Purpose: link.Follow, ExpiresAt: time.Now().Add(time.Hour)})
		require.NoError(t, err)
		r.get(link.Root+unknown, "").refused(http.StatusNotFound, "not_found")
	})
	t.Run("an answer to an older proposal decides nothing", func(t *testing.T) {
		r := r.with(t)
		r.toAnswer(number)
		first := r.link(number, link.Answer, 1)
		r.take(number, "answer", dispatcher, body{"proposal_revision": 1, "agrees": false, "asked_by": "phone"})
		r.take(number, "propose", courier, body{"remedies": []body{{"kind": "apology"}}, "time_limit": time.Now().Add(time.Hour).UTC()})
		before := r.get("/v1/complaints/"+number, dispatcher).is(200)["revision"]
		r.post(first, "", body{"agrees": true}).refused(409, "stale_proposal")
		require.Equal(t, before, r.get("/v1/complaints/"+number, dispatcher).is(200)["revision"])
		require.Equal(t, true, r.get(first, "").is(200)["done"])
	})
}

func TestNobodyFillsAMailboxByComplaintsInItsName(t *testing.T) {
	r := living(t)
	register := func(email, key string) answer {
		return r.post("/v1/public/complaints", "", body{"procedure": "courier-station", "narrative": "Where is my parcel?",
			"customer": body{"email": email}}, header{"Idempotency-Key": key})
	}
	first := register("Victim@example.com", "0")
	first.is(http.StatusCreated)
	for i := 1; i < webComplaintsPerDay; i++ {
		register("victim@example.com", strconv.Itoa(i)).is(http.StatusCreated)
	}
	register("victim@EXAMPLE.com", "one more").refused(http.StatusTooManyRequests, "rate_limited")
	require.JSONEq(t, string(first.raw), string(register("Victim@example.com", "0").raw), "who asks again gets the first answer")
	register("somebody.else@example.com", "else").is(http.StatusCreated)
}

func TestStrangersAreLimited(t *testing.T) {
	r, _ := standing(t)
	limited := false
	for range registrationsAtOnce + 5 {
		a := r.post("/v1/public/complaints", "", body{})
		if a.status == http.StatusTooManyRequests {
			a.refused(429, "rate_limited")
			require.NotEmpty(t, a.header.Get("Retry-After"))
			limited = true
		}
	}
	require.True(t, limited)
}

func TestSenderIsCountedByWhereTheRequestReallyComesFrom(t *testing.T) {
	for name, c := range map[string]struct {
		proxies   string
		remote    string
		forwarded string
		sender    string
	}{
		"nobody is trusted":                        {"", "10.1.2.3:1234", "203.0.113.9", "10.1.2.3"},
		"by the proxy":                             {"10.0.0.0/8", "10.1.2.3:1234", "203.0.113.9", "203.0.113.9"},
		"by a proxy with a public address":         {"198.51.100.7/32", "198.51.100.7:1234", "203.0.113.9", "203.0.113.9"},
		"by somebody who says to be one":           {"10.0.0.0/8", "192.168.1.1:1234", "203.0.113.9", "192.168.1.1"},
		"what the sender wrote before the proxy":   {"10.0.0.0/8", "10.1.2.3:1234", "192.0.2.1, 203.0.113.9", "203.0.113.9"},
		"IPv6 counts as a network":                 {"", "[2001:db8:1:2:3:4:5:6]:1234", "", "2001:db8:1:2::/64"},
		"IPv6 behind a proxy":                      {"fd00::/8", "[fd00::1]:1234", "2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"},
		"IPv4 in the clothes of IPv6 stays itself": {"", "[::ffff:203.0.113.9]:1234", "", "203.0.113.9"},
	} {
		t.Run(name, func(t *testing.T) {
			var proxies []netip.Prefix
			if c.proxies != "" {
				proxies = append(proxies, netip.MustParsePrefix(c.proxies))
			}
			request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/v1/public/complaints", http.NoBody)
			request.RemoteAddr = c.remote
			if c.forwarded != "" {
				request.Header.Set("X-Forwarded-For", c.forwarded)
			}
			require.Equal(t, c.sender, senderOf(extractIP(proxies)(request)))
		})
	}
}

func TestRegistrationWhileTemporalIsAwayGoesOnByItself(t *testing.T) {
	r := living(t)
	back := r.server.lives
	away := quietClient(t, "127.0.0.1:1", stackNamespace(t))
	r.server.lives = &lives{temporal: away, taskQueue: back.taskQueue, patience: 200 * time.Millisecond}

	key := header{"Idempotency-Key": "away"}
	pending := r.post("/v1/complaints", dispatcher, parcel(), key)
	number := pending.is(http.StatusAccepted)["number"].(string)
	require.Equal(t, number, r.post("/v1/complaints", dispatcher, parcel(), key).is(http.StatusAccepted)["number"], "one number, however often it is sent")
	waiting := r.get("/v1/complaints/"+number, dispatcher).is(http.StatusOK)
	require.Equal(t, "submission", waiting["source"])
	require.Equal(t, "Parcel left at the wrong door, twice.", waiting["narrative"])
	require.Len(t, r.get("/v1/complaints", dispatcher).is(200)["complaints"], 1)
	r.post("/v1/complaints/"+number+"/steps/note", dispatcher, body{"words": "x"}).refused(503, "unavailable")

	r.server.lives = back
	stored, err := r.server.store.Submissions(t.Context(), number)
	require.NoError(t, err)
	works := &relay{store: r.server.store, lives: back, log: quiet}
	var all sync.WaitGroup
	for range 3 { // several servers at once, and one after the other
		all.Go(func() {
			require.NoError(t, works.start(context.WithoutCancel(t.Context()), stored[0]))
		})
	}
	all.Wait()
	require.NoError(t, works.round(t.Context()))
	require.EqualValues(t, 1, r.get("/v1/complaints/"+number, dispatcher).is(200)["revision"])
	require.Equal(t, number, r.post("/v1/complaints", dispatcher, parcel(), key).is(http.StatusCreated)["number"])
	require.Len(t, r.get("/v1/complaints", dispatcher).is(200)["complaints"], 1, "none twice")
	claimed, err := r.server.store.ClaimRegistrations(t.Context(), 10, time.Second)
	require.NoError(t, err)
	require.Empty(t, claimed)
}

func TestRelayedRegistrationThatIsRefusedStops(t *testing.T) {
	r, temporal := standing(t)
	temporal.says = func(string, complaint.Step) (complaint.Result, error) {
		return complaint.Result{}, serviceerror.NewUnavailable("away")
	}
	number := r.post("/v1/complaints", dispatcher, parcel()).is(202)["number"].(string)
	stored, err := r.server.store.Submissions(t.Context(), number)
	require.NoError(t, err)
	works := &relay{store: r.server.store, lives: r.server.lives, log: quiet}
	require.ErrorIs(t, works.start(t.Context(), stored[0]), errTemporalAway)
	temporal.says = func(string, complaint.Step) (complaint.Result, error) {
		return complaint.Result{}, refusal(complaint.Refusal{Code: complaint.CodeRuleViolation, Reason: complaint.ReasonMissingFacts})
	}
	require.NoError(t, works.start(t.Context(), stored[0]))
	after, err := r.server.store.Submission(t.Context(), stored[0].ID)
	require.NoError(t, err)
	require.Equal(t, store.Refused, after.State)
	r.get("/v1/complaints/"+number, dispatcher).refused(404, "not_found")
}

func TestSimulationNeedsNoDatabase(t *testing.T) {
	var out strings.Builder
	require.NoError(t, run(t.Context(), []string{"simulate", "-procedure", "courier-station", "-request", "-"},
		strings.NewReader(`{"start":"2026-02-13T09:30:00Z"}`), &out))
	require.Contains(t, out.String(), "2026-02-13 18:30 CST")
	require.Error(t, run(t.Context(), []string{"fly"}, os.Stdin, &out))
}
