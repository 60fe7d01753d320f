package httpapi_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"

	"recourse/internal/casework"
	"recourse/internal/complaint"
	"recourse/internal/httpapi"
	"recourse/internal/link"
	"recourse/internal/rig"
	"recourse/internal/store"
	"recourse/internal/store/remembered"
)

func TestEachRefusalHasItsStatusAndCode(t *testing.T) {
	r, temporal := rig.Standing(t)
	number := r.Register(rig.Dispatcher, rig.Parcel())
	for code, status := range map[complaint.Code]int{
		complaint.CodeStepNotAllowed: 409, complaint.CodeStaleRevision: 409, complaint.CodeStaleProposal: 409, complaint.CodeClosed: 409,
		complaint.CodeForbidden: 403, complaint.CodeConflictOfInterest: 403, complaint.CodeNotFound: 404, complaint.CodeRuleViolation: 422,
	} {
		t.Run(string(code), func(t *testing.T) {
			r := r.With(t)
			temporal.Says = func(string, complaint.Step) (complaint.Result, error) {
				return complaint.Result{}, rig.Refusal(complaint.Refusal{Code: code, Reason: complaint.ReasonWrongStage, Step: complaint.Note, Stage: complaint.Received,
					Allowed: []complaint.StepName{complaint.Screen}, Revision: 7})
			}
			problem := r.Post("/v1/complaints/"+number+"/steps/note", rig.Dispatcher, body{"words": "x"}, header{"Accept-Language": "zh-CN"}).Refused(status, string(code))
			if status == http.StatusConflict {
				require.Equal(t, "received", problem["stage"])
				require.Equal(t, []string{"screen"}, rig.Strings(problem["allowed_steps"]))
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
	r, temporal := rig.Standing(t)
	number := r.Register(rig.Dispatcher, rig.Parcel())
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
			r := r.With(t)
			temporal.Asked = nil
			temporal.Says = func(string, complaint.Step) (complaint.Result, error) { return complaint.Result{}, err }
			note := func() rig.Answer {
				return r.Post("/v1/complaints/"+number+"/steps/note", rig.Dispatcher, body{"words": "x"}, header{"Idempotency-Key": "key of " + what})
			}
			a := note()
			a.Refused(http.StatusServiceUnavailable, "unavailable")
			require.NotEmpty(t, a.Header.Get("Retry-After"))

			temporal.Says = func(number string, _ complaint.Step) (complaint.Result, error) {
				return complaint.Result{Number: number, Stage: complaint.Received, Revision: 2}, nil
			}
			note().Is(http.StatusOK)
			require.Equal(t, temporal.Asked[0].Submission, temporal.Asked[1].Submission, "the same submission, so the same update")
		})
	}
}

func TestComplaintThatContinuesAsNewIsAskedAgain(t *testing.T) {
	r, temporal := rig.Standing(t)
	number := r.Register(rig.Dispatcher, rig.Parcel())
	tries := 0
	temporal.Says = func(number string, _ complaint.Step) (complaint.Result, error) {
		if tries++; tries < 3 {
			return complaint.Result{}, rig.Refusal(complaint.Refusal{Code: complaint.CodeDraining, Reason: complaint.ReasonContinuing})
		}
		return complaint.Result{Number: number, Stage: complaint.Received, Revision: 2}, nil
	}
	r.Take(number, "note", rig.Dispatcher, body{"words": "x"})
	require.Equal(t, 3, tries)
}

func TestComplaintWithoutWorkflow(t *testing.T) {
	r, temporal := rig.Standing(t)
	number := r.Register(rig.Dispatcher, rig.Parcel())
	temporal.Says = func(string, complaint.Step) (complaint.Result, error) {
		return complaint.Result{}, serviceerror.NewNotFound("workflow execution already completed")
	}
	r.Post("/v1/complaints/"+number+"/steps/note", rig.Dispatcher, body{"words": "x"}).Refused(http.StatusServiceUnavailable, "unavailable")
	r.Get("/v1/complaints/"+number+"?source=workflow", rig.Dispatcher).Refused(http.StatusServiceUnavailable, "unavailable")
	unknown := number[:len(number)-6] + "999999"
	r.Post("/v1/complaints/"+unknown+"/steps/note", rig.Dispatcher, body{"words": "x"}).Refused(http.StatusNotFound, "not_found")
	r.Get("/v1/complaints/"+unknown, rig.Dispatcher).Refused(http.StatusNotFound, "not_found")
}

func TestWhatNobodyExpectedIsOurFault(t *testing.T) {
	r, temporal := rig.Standing(t)
	number := r.Register(rig.Dispatcher, rig.Parcel())
	temporal.Says = func(string, complaint.Step) (complaint.Result, error) {
		return complaint.Result{}, errors.New("a secret of ours")
	}
	a := r.Post("/v1/complaints/"+number+"/steps/note", rig.Dispatcher, body{"words": "x"})
	problem := a.Refused(http.StatusInternalServerError, "internal")
	require.NotContains(t, string(a.Raw), "secret")
	require.Contains(t, r.Logged(), problem["request_id"], "the log tells more under the same ID")
	require.Contains(t, r.Logged(), "a secret of ours")
}

func TestRegistrationThatIsWrongIsRefused(t *testing.T) {
	r, _ := rig.Standing(t)
	changed := func(change func(body)) body {
		said := rig.Parcel()
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
		"about oneself":       {changed(func(b body) { b["subjects"] = []string{rig.Dispatcher} }), 403, "conflict_of_interest", ""},
		"other organisation":  {changed(func(b body) { b["procedure"] = "real-estate-project"; delete(b, "fields") }), 403, "forbidden", ""},
	} {
		t.Run(what, func(t *testing.T) {
			problem := r.With(t).Post("/v1/complaints", rig.Dispatcher, c.said).Refused(c.status, c.code)
			if c.pointer != "" {
				require.Contains(t, rig.Pointers(problem), c.pointer)
			}
		})
	}
}

func TestRegistrationNamesAnOwnerOnlyForWhoMayAssign(t *testing.T) {
	r, _ := rig.Standing(t)
	const agent, head, officer = "lin-xia", "he-yan", "gao-feng" // of the project's call centre
	said := body{"procedure": "real-estate-project", "channel": "phone", "narrative": "The wall is wet.", "category": "developer.quality",
		"customer": body{"name": "Fang Jing", "phone": "13800000000"}, "screen": body{"kind": "complaint", "valid": true, "category": "developer.quality"}}
	said["assign"] = body{"department": "engineering"}
	r.Post("/v1/complaints", agent, said).Is(http.StatusCreated)
	said["assign"] = body{"owner": officer}
	r.Post("/v1/complaints", agent, said).Refused(http.StatusForbidden, "forbidden")
	delete(said, "screen")
	r.Post("/v1/complaints", agent, said).Refused(http.StatusForbidden, "forbidden")
	r.Post("/v1/complaints", head, said).Is(http.StatusCreated)
	said["assign"] = body{"owner": "song-lei"} // an engineer
	require.Equal(t, []string{"/assign/owner"}, rig.Pointers(r.Post("/v1/complaints", head, said).Refused(http.StatusUnprocessableEntity, "rule_violation")))

	said = rig.Parcel()
	said["assign"] = body{"department": "operations", "handler": rig.Courier}
	r.Post("/v1/complaints", rig.Dispatcher, said).Is(http.StatusCreated)
	r.Post("/v1/complaints", rig.Courier, said).Refused(http.StatusForbidden, "forbidden")
}

func TestProblemOfAFormFieldIsInTheCallersLanguageAndRepeatsNothing(t *testing.T) {
	r, _ := rig.Standing(t)
	said := rig.Parcel()
	said["fields"] = body{"waybill": "Wang Fang's"}
	for language, want := range map[string]string{"en": "It must be written like", "zh-CN": "书写格式应如"} {
		problem := r.Post("/v1/complaints", rig.Dispatcher, said, header{"Accept-Language": language}).Refused(400, "invalid_body")
		first := problem["errors"].([]any)[0].(body)
		require.Equal(t, "/fields/waybill", first["pointer"])
		require.Contains(t, first["detail"], want)
		require.NotContains(t, first["detail"], "Wang")
		require.Equal(t, "/v1/complaints", problem["instance"])
	}
	require.Equal(t, "/v1/complaints/CS-2026-000999/events", r.Get("/v1/complaints/CS-2026-000999/events?limit=1", rig.Dispatcher).Refused(404, "not_found")["instance"])
	require.Equal(t, "/v1/links/{token}", r.Get("/v1/links/a-secret", "").Refused(404, "not_found")["instance"])
}

func TestRequestThatIsNotUnderstoodIsRefused(t *testing.T) {
	r, _ := rig.Standing(t)
	number := r.Register(rig.Dispatcher, rig.Parcel())
	note := "/v1/complaints/" + number + "/steps/note"
	r.PostRaw(note, rig.Dispatcher, `{"words":`).Refused(400, "invalid_body")
	r.PostRaw(note, rig.Dispatcher, "{\"words\":\"\xff\"}").Refused(400, "invalid_body")
	r.PostRaw(note, rig.Dispatcher, `{"words":"a\u0000"}`).Refused(400, "invalid_body")
	r.PostRaw(note, rig.Dispatcher, `{"words":"`+strings.Repeat("a", httpapi.LongestBody)+`"}`).Refused(413, "too_large")
	r.PostRaw(note, rig.Dispatcher, `words=a`, header{"Content-Type": "application/x-www-form-urlencoded"}).Refused(415, "unsupported_media_type")
	r.PostRaw(note, rig.Dispatcher, `{"words":"a"}`, header{"Content-Type": "application/json; charset=gb2312"}).Refused(415, "unsupported_media_type")
	r.PostRaw(note, rig.Dispatcher, `{"words":"a"}`, header{"Content-Type": "application/json; charset=UTF-8"}).Is(200)
	r.Post("/v1/complaints/"+number+"/steps/fly", rig.Dispatcher, body{}).Refused(404, "not_found")
	r.Post("/v1/complaints/"+number+"/steps/register", rig.Dispatcher, rig.Parcel()).Refused(404, "not_found")
	r.Post(note, rig.Dispatcher, body{"words": "a"}, header{"Idempotency-Key": strings.Repeat("k", 201)}).Refused(400, "invalid_body")
	r.Get("/v1/nothing", rig.Dispatcher).Refused(404, "not_found")
	r.Send(http.MethodPut, "/v1/complaints", rig.Dispatcher, http.NoBody, nil).Refused(405, "method_not_allowed")
	for _, query := range []string{"limit=201", "limit=-1", "limit=0", "limit=", "colour=red", "limit=many", "cursor=%21", "stage=nowhere", "severity=awful", "tier_min=x", "overdue=perhaps",
		"received_from=yesterday", "q=%00", "q=%ff", "q=" + strings.Repeat("a", 801)} {
		t.Run(query, func(t *testing.T) {
			r.With(t).Get("/v1/complaints?"+query, rig.Dispatcher).Refused(400, "invalid_body")
		})
	}
	propose := "/v1/complaints/" + number + "/steps/propose"
	inTime := time.Now().Add(time.Hour).UTC()
	r.Post(propose, rig.Dispatcher, body{"time_limit": inTime, "remedies": []body{{"kind": "refund", "amount": "5"}}}).Refused(422, "rule_violation")
	r.Post(propose, rig.Dispatcher, body{"time_limit": inTime, "remedies": []body{{"kind": "refund", "amount": "5", "currency": "EUR"}}}).Refused(422, "rule_violation")
	r.Post("/v1/complaints/"+number+"/steps/reassign", rig.Dispatcher, body{"handler": "nobody"}).Refused(422, "rule_violation")
	r.Post("/v1/complaints/"+number+"/steps/request-support", rig.Dispatcher, body{"department": "kitchen", "words": "x"}).Refused(422, "rule_violation")
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
	r, _ := rig.Standing(t)
	through, wire := plug(t, r.DatabaseURL)
	database, err := store.Open(t.Context(), through)
	require.NoError(t, err)
	t.Cleanup(database.Close)
	r.Office.Stores, r.Server.Database, r.Server.Remembered = casework.StoresIn(database), database, remembered.New(database)
	key := header{"Idempotency-Key": "one"}
	wire.pull(true)
	a := r.Post("/v1/complaints", rig.Dispatcher, rig.Parcel(), key)
	a.Refused(http.StatusServiceUnavailable, "unavailable")
	require.NotEmpty(t, a.Header.Get("Retry-After"))
	r.Get("/v1/complaints", rig.Dispatcher).Refused(http.StatusServiceUnavailable, "unavailable")
	require.Equal(t, "unavailable", r.Get("/readyz", "").Is(http.StatusServiceUnavailable)["postgresql"])
	wire.pull(false)
	r.Post("/v1/complaints", rig.Dispatcher, rig.Parcel(), key).Is(http.StatusCreated)
}

func TestKeyIsHonoured(t *testing.T) {
	r := rig.Living(t)
	key := header{"Idempotency-Key": "one"}
	registered := r.Post("/v1/complaints", rig.Dispatcher, rig.Parcel(), key)
	number := registered.Is(http.StatusCreated)["number"].(string)
	require.Empty(t, registered.Header.Get("Idempotent-Replayed"))
	again := r.Post("/v1/complaints", rig.Dispatcher, rig.Parcel(), key)
	require.JSONEq(t, string(registered.Raw), string(again.Raw))
	require.Equal(t, "true", again.Header.Get("Idempotent-Replayed"))
	other := rig.Parcel()
	other["narrative"] = "Something else."
	r.Post("/v1/complaints", rig.Dispatcher, other, key).Refused(422, "idempotency_mismatch")

	t.Run("ten callers at once with one key take one step and get one answer", func(t *testing.T) {
		var answers [10]rig.Answer
		var all sync.WaitGroup
		for i := range answers {
			all.Go(func() {
				answers[i] = r.Post("/v1/complaints/"+number+"/steps/note", rig.Dispatcher, body{"words": "once"}, header{"Idempotency-Key": "ten"})
			})
		}
		all.Wait()
		for _, a := range answers {
			require.Equal(t, http.StatusOK, a.Status, string(a.Raw))
			require.JSONEq(t, string(answers[0].Raw), string(a.Raw))
		}
		require.EqualValues(t, 2, r.Get("/v1/complaints/"+number, rig.Dispatcher).Is(200)["revision"])
	})
	t.Run("ten callers at once with one key and ten bodies take one step", func(t *testing.T) {
		r := r.With(t)
		record := func() int {
			return len(r.Get("/v1/complaints/"+number+"/events?limit=200", rig.Dispatcher).Is(200)["events"].([]any))
		}
		before := record()
		var answers [10]rig.Answer
		var all sync.WaitGroup
		for i := range answers {
			all.Go(func() {
				answers[i] = r.Post("/v1/complaints/"+number+"/steps/note", rig.Dispatcher, body{"words": fmt.Sprint("different ", i)}, header{"Idempotency-Key": "ten bodies"})
			})
		}
		all.Wait()
		taken := 0
		for _, a := range answers {
			if a.Status == http.StatusOK {
				taken++
				continue
			}
			a.Refused(422, "idempotency_mismatch")
		}
		require.Equal(t, 1, taken)
		require.Equal(t, before+1, record())
	})
	t.Run("a refused key is judged anew", func(t *testing.T) {
		key := header{"Idempotency-Key": "early"}
		r.Post("/v1/complaints/"+number+"/steps/accept", rig.Courier, body{}, key).Refused(404, "not_found")
		r.Take(number, "screen", rig.Dispatcher, body{"kind": "complaint", "valid": true, "category": "operations.mistake"})
		r.Post("/v1/complaints/"+number+"/steps/accept", rig.Courier, body{}, key).Is(http.StatusOK)
	})
	t.Run("the complaint has moved on", func(t *testing.T) {
		problem := r.Post("/v1/complaints/"+number+"/steps/note", rig.Dispatcher, body{"words": "x", "expected_revision": 1}).Refused(409, "stale_revision")
		require.EqualValues(t, 5, problem["revision"])
		require.NotEmpty(t, problem["allowed_steps"])
	})
}

func TestNobodyPassesWithoutAToken(t *testing.T) {
	r, _ := rig.Standing(t)
	routes := r.Handler.Routes()
	require.NotEmpty(t, routes)
	for _, route := range routes {
		path := regexp.MustCompile(`:\w+`).ReplaceAllString(route.Path, "x")
		a := r.Send(route.Method, path, "", http.NoBody, nil)
		if httpapi.Public[route.Path] {
			require.NotEqual(t, http.StatusForbidden, a.Status, route.Path)
			continue
		}
		a.Refused(http.StatusUnauthorized, "unauthenticated")
		require.Equal(t, "Bearer", a.Header.Get("WWW-Authenticate"))
	}
	r.Get("/v1/tasks", rig.Stranger).Refused(http.StatusForbidden, "forbidden")
}

func TestProbesMayAskForTheHeadersAloneAndBrowsersForTheAddressItself(t *testing.T) {
	r, _ := rig.Standing(t)
	served, err := r.Server.Web()
	require.NoError(t, err)
	web := httptest.NewServer(served.Handler)
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

func TestAnEMailAddressThatIsNoneIsToldWithoutAPattern(t *testing.T) {
	r, _ := rig.Standing(t)
	said := rig.Parcel()
	said["customer"] = body{"name": "Wang Fang", "email": "nobody"}
	a := r.Post("/v1/complaints", rig.Dispatcher, said)
	a.Refused(http.StatusBadRequest, "invalid_body")
	require.Contains(t, string(a.Raw), "It must be an e-mail address, such as name@example.com.")
}

// First review: G3.
func TestTheDescriptionIsServed(t *testing.T) {
	r, _ := rig.Standing(t)
	require.Contains(t, string(r.Get("/openapi.yaml", "").Raw), "openapi: 3.0.3")
	for language, says := range map[string][]string{
		"en":    {`<html lang="en">`, "Schemas", "required", "Taken by: "},
		"zh-CN": {`<html lang="zh-CN">`, "数据结构", "必填", "可执行人员："},
	} {
		page := r.Get("/docs", "", header{"Accept-Language": language})
		require.Equal(t, http.StatusOK, page.Status)
		require.Equal(t, language, page.Header.Get("Content-Language"))
		shown := string(page.Raw)
		for _, said := range append(says, "/v1/complaints/{number}/steps/{step}", "<code>resolve-on-spot</code>", "<li>", "<em>steps</em>",
			`<a href="#schema-Register">Register</a>`) {
			require.Contains(t, shown, said, language)
		}
		example := regexp.MustCompile(`(?s)<pre>.*?</pre>`)
		require.NotContains(t, example.ReplaceAllString(shown, ""), "`", "what is Markdown in the description is none on the page")
		for _, never := range []string{"<script", " style=", "raw HTML omitted", "http://"} {
			require.NotContains(t, shown, never, language)
		}
		style := sha256.Sum256([]byte(shown[strings.Index(shown, "<style>")+len("<style>") : strings.Index(shown, "</style>")]))
		policy := page.Header.Get("Content-Security-Policy")
		require.Contains(t, policy, "default-src 'none'; ")
		require.Contains(t, policy, "style-src 'sha256-"+base64.StdEncoding.EncodeToString(style[:])+"'", "its own style, and nothing else")
		require.NotContains(t, policy, "unsafe")
	}
	require.Contains(t, string(r.Get("/metrics", "").Raw), "recourse_http_request_duration_seconds")
	r.Get("/healthz", "").Is(http.StatusOK)
	require.Equal(t, "unavailable", r.Get("/readyz", "").Is(http.StatusOK)["temporal"])
}

func TestSubjectSeesNothing(t *testing.T) {
	r := rig.Living(t)
	said := rig.Parcel()
	said["subjects"] = []string{rig.Courier}
	number := r.Register(rig.Dispatcher, said)
	for _, path := range []string{"", "/events", "/deadlines", "/messages", "/attachments", "/form"} {
		r.Get("/v1/complaints/"+number+path, rig.Courier).Refused(404, "not_found")
	}
	r.Post("/v1/complaints/"+number+"/steps/note", rig.Courier, body{"words": "x"}).Refused(404, "not_found")
	require.Empty(t, r.Get("/v1/complaints", rig.Courier).Is(200)["complaints"])
	require.Len(t, r.Get("/v1/complaints", rig.Dispatcher).Is(200)["complaints"], 1)
	r.Take(number, "screen", rig.Dispatcher, body{"kind": "complaint", "valid": true, "category": "operations.mistake"})
	require.NotEqual(t, rig.Courier, r.Get("/v1/complaints/"+number, rig.Dispatcher).Is(200)["people"].(map[string]any)["handler"].(map[string]any)["id"])
	r.Post("/v1/complaints/"+number+"/steps/reassign", rig.DispatchHead, body{"handler": rig.Courier}).Refused(403, "conflict_of_interest")
	other := "RE" + number[strings.Index(number, "-"):]
	r.Get("/v1/complaints/"+other, rig.Dispatcher).Refused(404, "not_found")
}

func TestWhistleblowingIsSeenByThoseNamedAlone(t *testing.T) {
	r := rig.Living(t)
	said := rig.Parcel()
	said["channel"] = "letter"
	number := r.Register(rig.Dispatcher, said)
	r.Take(number, "screen", rig.Dispatcher, body{"kind": "whistleblowing", "valid": true, "category": "operations.mistake"})
	for _, blind := range []string{rig.Dispatcher, rig.Auditor, rig.Headquarters, rig.Administrator, rig.Courier} {
		r.Get("/v1/complaints/"+number, blind).Refused(404, "not_found")
		require.Empty(t, r.Get("/v1/complaints", blind).Is(200)["complaints"])
	}
	r.Get("/v1/complaints/"+number, rig.DeputyManager).Is(200)
	require.Len(t, r.Get("/v1/complaints", rig.DeputyManager).Is(200)["complaints"], 1)
}

func TestCustomerRegistersOnTheWebAndFollows(t *testing.T) {
	r := rig.Living(t)
	said := body{"procedure": "courier-station", "narrative": "Where is my parcel?", "customer": body{"email": "w@example.com", "language": "en"}}
	receipt := r.Post("/v1/public/complaints", "", said, header{"Idempotency-Key": "web"})
	number := receipt.Is(http.StatusCreated)["number"].(string)
	require.JSONEq(t, string(receipt.Raw), string(r.Post("/v1/public/complaints", "", said, header{"Idempotency-Key": "web"}).Raw))
	follow := receipt.JSON()["follow"].(string)
	seen := r.Get(follow, "").Is(http.StatusOK)
	require.Equal(t, "Received", seen["stage_label"])
	require.Equal(t, "Where is my parcel?", seen["narrative"])
	require.NotContains(t, seen, "deadlines")
	r.Post(follow, "", body{}).Refused(422, "rule_violation")

	t.Run("a link can be revoked", func(t *testing.T) {
		r := r.With(t)
		links := r.Get("/v1/complaints/"+number, rig.Dispatcher).Is(200)["links"].([]any)
		id := links[0].(map[string]any)["id"].(string)
		revoke := func(person string) rig.Answer {
			return r.Send(http.MethodDelete, "/v1/complaints/"+number+"/links/"+id, person, http.NoBody, nil)
		}
		revoke(rig.Auditor).Refused(http.StatusForbidden, "forbidden")
		require.Equal(t, http.StatusNoContent, revoke(rig.Dispatcher).Status)
		require.Equal(t, http.StatusNoContent, revoke(rig.Dispatcher).Status)
		r.Get(follow, "").Refused(http.StatusUnauthorized, "unauthenticated")
	})
	t.Run("a forged link leads nowhere, an expired one no more", func(t *testing.T) {
		r := r.With(t)
		r.Get(follow[:len(follow)-3]+"AAA", "").Refused(http.StatusNotFound, "not_found")
		r.Get(link.Root+"x", "").Refused(http.StatusNotFound, "not_found")
		expired, err := r.Office.Links.Sign(link.Link{ID: uuid.New(), Number: number, Purpose: link.Follow, ExpiresAt: time.Now().Add(-time.Second)})
		require.NoError(t, err)
		r.Get(link.Root+expired, "").Refused(http.StatusUnauthorized, "unauthenticated")
		unknown, err := r.Office.Links.Sign(link.Link{ID: uuid.New(), Number: number, Purpose: link.Follow, ExpiresAt: time.Now().Add(time.Hour)})
		require.NoError(t, err)
		r.Get(link.Root+unknown, "").Refused(http.StatusNotFound, "not_found")
	})
	t.Run("an answer to an older proposal decides nothing", func(t *testing.T) {
		r := r.With(t)
		r.ToAnswer(number)
		first := r.Link(number, link.Answer, 1)
		r.Take(number, "answer", rig.Dispatcher, body{"proposal_revision": 1, "agrees": false, "asked_by": "phone"})
		r.Take(number, "propose", rig.Courier, body{"remedies": []body{{"kind": "apology"}}, "time_limit": time.Now().Add(time.Hour).UTC()})
		before := r.Get("/v1/complaints/"+number, rig.Dispatcher).Is(200)["revision"]
		r.Post(first, "", body{"agrees": true}).Refused(409, "stale_proposal")
		require.Equal(t, before, r.Get("/v1/complaints/"+number, rig.Dispatcher).Is(200)["revision"])
		require.Equal(t, true, r.Get(first, "").Is(200)["done"])
	})
}

// First review: C6.
func TestTenEqualRegistrationsOnTheWebAtOnceAreOneComplaint(t *testing.T) {
	r := rig.Living(t)
	var answers [10]rig.Answer
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() {
			answers[i] = r.Post("/v1/public/complaints", "", body{"procedure": "courier-station", "narrative": "Where is my parcel?",
				"customer": body{"email": "w@example.com"}}, header{"Idempotency-Key": "web"})
		})
	}
	all.Wait()
	for _, a := range answers {
		a.Is(http.StatusCreated)
		require.JSONEq(t, string(answers[0].Raw), string(a.Raw), "the same number, and the same link to follow it")
	}
	require.Len(t, r.Get("/v1/complaints", rig.Auditor).Is(http.StatusOK)["complaints"], 1)
}

func TestNobodyFillsAMailboxByComplaintsInItsName(t *testing.T) {
	r := rig.Living(t)
	register := func(email, key string) rig.Answer {
		return r.Post("/v1/public/complaints", "", body{"procedure": "courier-station", "narrative": "Where is my parcel?",
			"customer": body{"email": email}}, header{"Idempotency-Key": key})
	}
	first := register("Victim@example.com", "0")
	first.Is(http.StatusCreated)
	for i := 1; i < casework.WebComplaintsPerDay; i++ {
		register("victim@example.com", strconv.Itoa(i)).Is(http.StatusCreated)
	}
	for language, says := range map[string]string{
		"en":    `At most 10 complaints in 24 hours are taken from one e-mail address. The next can be sent from %s on. Or call 400 555 0100 (Monday to Friday, 9:00 to 18:00).`,
		"zh-CN": `同一邮箱24小时内最多可提交10件投诉。您可于%s之后再次提交。也可致电400 555 0100（周一至周五 9:00–18:00）。`,
	} {
		full := r.Post("/v1/public/complaints", "", body{"procedure": "courier-station", "narrative": "Where is my parcel?",
			"customer": body{"email": "victim@EXAMPLE.com"}}, header{"Idempotency-Key": "one more", "Accept-Language": language})
		detail := full.Refused(http.StatusTooManyRequests, "rate_limited")["detail"].(string)
		seconds, err := strconv.Atoi(full.Header.Get("Retry-After"))
		require.NoError(t, err)
		require.InDelta(t, 24*time.Hour.Seconds(), seconds, 300, "a day after the first of the ten")
		shanghai := time.FixedZone("CST", 8*60*60)
		again := regexp.MustCompile(`\d{4}-\d{2}-\d{2} \d{2}:\d{2} CST`).FindString(detail)
		at, err := time.ParseInLocation("2006-01-02 15:04 CST", again, shanghai)
		require.NoError(t, err)
		require.WithinDuration(t, time.Now().Add(24*time.Hour), at, 5*time.Minute)
		require.Equal(t, fmt.Sprintf(says, again), detail)
	}
	require.JSONEq(t, string(first.Raw), string(register("Victim@example.com", "0").Raw), "who asks again gets the first answer")
	register("somebody.else@example.com", "else").Is(http.StatusCreated)
}

func TestStrangersAreLimited(t *testing.T) {
	r, _ := rig.Standing(t)
	limited := false
	for range httpapi.RegistrationsAtOnce + 5 {
		a := r.Post("/v1/public/complaints", "", body{})
		if a.Status == http.StatusTooManyRequests {
			a.Refused(429, "rate_limited")
			require.NotEmpty(t, a.Header.Get("Retry-After"))
			limited = true
		}
	}
	require.True(t, limited)
}
