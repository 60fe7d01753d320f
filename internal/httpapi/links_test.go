package httpapi_test

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v4"

	"recourse/internal/api"
	"recourse/internal/complaint"
	"recourse/internal/link"
	"recourse/internal/rig"
)

// First review: A3.
func TestACustomerSaysByAButtonThatTheyHaveReadTheProposal(t *testing.T) {
	r := rig.Living(t)
	number := r.Register(rig.Dispatcher, rig.Parcel())
	r.ToAnswer(number)
	path := r.Link(number, link.Answer, 1)
	stands := func() body {
		shown := r.Get("/v1/complaints/"+number, rig.Dispatcher).Is(200)
		return body{"revision": shown["revision"], "informed": shown["proposal"].(body)["informed"] == true}
	}
	before := stands()
	require.Equal(t, false, before["informed"])

	require.Equal(t, true, r.Get(path, "").Is(200)["may_say_read"])
	r.Get(path, "").Is(200)
	require.Equal(t, before, stands(), "whoever opens a link may be a program")

	r.Post(path, "", body{"read": false}).Refused(400, "invalid_body")
	r.Post(path, "", body{"read": true, "agrees": true}).Refused(400, "invalid_body")
	require.Equal(t, before, stands())
	read := r.Post(path, "", body{"read": true}).Is(200)
	require.NotContains(t, read, "may_say_read")
	require.Equal(t, false, read["done"], "they have yet to answer")
	told := stands()
	require.Equal(t, body{"revision": before["revision"].(float64) + 1, "informed": true}, told)
	r.Post(path, "", body{"read": true}).Is(200)
	require.Equal(t, told, stands(), "said twice, told once")
	events := r.Get("/v1/complaints/"+number+"/events?limit=200", rig.Dispatcher, header{"Accept-Language": "en"})
	require.Contains(t, string(events.Raw), "The customer says that they have read proposal 1.")

	require.Equal(t, "implementing", r.Post(path, "", body{"agrees": true}).Is(200)["stage"])
	require.Equal(t, true, r.Post(path, "", body{"read": true}).Is(200)["done"], "a page that was left open changes nothing")
	unread := r.Register(rig.Dispatcher, rig.Parcel())
	r.ToAnswer(unread)
	late := r.Link(unread, link.Answer, 1)
	r.Take(unread, "answer", rig.Dispatcher, body{"proposal_revision": 1, "agrees": true, "asked_by": "phone"})
	r.Post(late, "", body{"read": true}).Refused(409, "step_not_allowed")
}

// First review: A3.
func TestWhoMayFollowMayWithdrawWithoutAnythingBeingWrittenWhenTheyLook(t *testing.T) {
	r := rig.Living(t)
	registered := r.Post("/v1/public/complaints", "", body{"procedure": "courier-station", "narrative": "Where is my parcel?",
		"customer": body{"email": "fang.jing@example.com"}}).Is(http.StatusCreated)
	number, follow := registered["number"].(string), registered["follow"].(string)
	withdraw := r.Get(follow, "").Is(200)["withdraw_url"].(string)
	require.Equal(t, withdraw, r.Get(follow, "").Is(200)["withdraw_url"], "it is the same whenever they look")
	require.Equal(t, "withdraw", r.Get(withdraw, "").Is(200)["purpose"])
	require.Equal(t, "withdrawn", r.Post(withdraw, "", body{}).Is(200)["outcome"])
	require.NotContains(t, r.Get(follow, "").Is(200), "withdraw_url")

	r.Take(number, "reopen", rig.Dispatcher, body{"reason": "They called: it is lost after all."})
	again := r.Get(follow, "").Is(200)["withdraw_url"].(string)
	require.NotEqual(t, withdraw, again, "what they withdrew before is another act")
	issued, err := r.Office.Issued.Of(t.Context(), number)
	require.NoError(t, err)
	require.Len(t, issued, 1)
	r.Send(http.MethodDelete, "/v1/complaints/"+number+"/links/"+issued[0].ID, rig.Dispatcher, http.NoBody, nil)
	r.Get(again, "").Refused(401, "unauthenticated")
	forged, err := r.Office.Links.Sign(link.Link{ID: uuid.MustParse(issued[0].ID), Number: number, Purpose: link.Appeal, ExpiresAt: time.Now().Add(time.Hour)})
	require.NoError(t, err)
	r.Get(link.Root+forged, "").Refused(404, "not_found")
}

// First review: A6.
func TestALinkDoesItsOneActOnceWhateverKeysAreSent(t *testing.T) {
	r := rig.Living(t)
	number := r.Register(rig.Dispatcher, rig.Parcel())
	revision := func() any { return r.Get("/v1/complaints/"+number, rig.Dispatcher).Is(200)["revision"] }
	r.Take(number, "screen", rig.Dispatcher, body{"kind": "complaint", "valid": false, "category": "operations.mistake", "reason": "It came."})
	r.Take(number, "explain", rig.Dispatcher, body{"contested": false, "words": "It came in time."})
	appeal := r.Link(number, link.Appeal, 0)
	once := r.Post(appeal, "", body{"words": "It is broken."}, header{"Idempotency-Key": "1"}).Is(200)
	require.Equal(t, true, once["done"])
	taken := revision()
	require.Equal(t, once["stage"], r.Post(appeal, "", body{"words": "It is broken."}, header{"Idempotency-Key": "2"}).Is(200)["stage"], "the same act under another key")
	r.Post(appeal, "", body{"words": "Much broken."}, header{"Idempotency-Key": "3"}).Refused(409, "step_not_allowed")
	r.Post(appeal, "", body{"words": "Much broken."}).Refused(409, "step_not_allowed")
	require.Equal(t, taken, revision())

	other := r.Register(rig.Dispatcher, rig.Parcel())
	r.ToAnswer(other)
	answer := r.Link(other, link.Answer, 1)
	require.Equal(t, "implementing", r.Post(answer, "", body{"agrees": true}, header{"Idempotency-Key": "inform"}).Is(200)["stage"], "no key means anything to a link")
}

func TestAnExplanationIsContestedByItsLinkOnce(t *testing.T) {
	r := rig.Living(t)
	number := r.Register(rig.Dispatcher, rig.Parcel())
	r.Take(number, "screen", rig.Dispatcher, body{"kind": "complaint", "valid": false, "category": "operations.mistake", "reason": "It came."})
	r.Take(number, "explain", rig.Dispatcher, body{"contested": false, "words": "It came in time."})
	contest := r.Link(number, link.Contest, 0)
	require.Equal(t, "received", r.Post(contest, "", body{"words": "It didn't."}).Is(200)["stage"])
	require.Equal(t, "received", r.Post(contest, "", body{"words": "It didn't."}).Is(200)["stage"], "the same words again get the same answer")
	r.Post(contest, "", body{"words": "It never did."}).Refused(409, "step_not_allowed")
}

func TestWhoAnswersAnOldProposalAgainIsToldThatANewerOneWaits(t *testing.T) {
	r := rig.Living(t)
	number := r.Register(rig.Dispatcher, rig.Parcel())
	r.ToAnswer(number)
	old := r.Link(number, link.Answer, 1)
	r.Post(old, "", body{"agrees": false, "words": "Too little."}).Is(200)
	r.Take(number, "propose", rig.Courier, body{"remedies": []body{{"kind": "apology"}}, "time_limit": time.Now().Add(48 * time.Hour), "reasons": "We are sorry."})
	late := r.Post(old, "", body{"agrees": true}, header{"Accept-Language": "en"}).Refused(409, "step_not_allowed")
	require.Contains(t, late["detail"], "A newer one waits for your answer")
}

func TestWhoFollowsSeesTheProposalAndCanAnswerIt(t *testing.T) {
	r := rig.Living(t)
	number := r.Register(rig.Dispatcher, rig.Parcel())
	r.ToAnswer(number)
	follow := r.Link(number, link.Follow, 0)
	for language, label := range map[string]string{"en": "Awaiting your answer", "zh-CN": "等待您的答复"} {
		if shown := r.Get(follow, "", header{"Accept-Language": language}).Is(200); shown["language"] == language {
			require.Equal(t, label, shown["stage_label"])
		}
	}
	shown := r.Get(follow, "").Is(200)
	require.EqualValues(t, 1, shown["proposal"].(body)["revision"])
	require.NotEmpty(t, shown["answer_by"])
	require.NotEmpty(t, shown["contact"])
	require.NotEmpty(t, shown["hotline"].(body)["phone"])
	require.Equal(t, "implementing", r.Post(shown["answer_url"].(string), "", body{"agrees": true}).Is(200)["stage"])
	require.NotContains(t, r.Get(follow, "").Is(200), "answer_url")
}

func TestEachRoundOfFollowingUpAsksByALinkOfItsOwn(t *testing.T) {
	r := rig.Living(t)
	number := r.Register(rig.Dispatcher, rig.Parcel())
	again := func(revision int) {
		r.Take(number, "answer", rig.Dispatcher, body{"proposal_revision": revision, "agrees": true, "asked_by": "phone"})
		r.Take(number, "implement", rig.Courier, body{"result": "Delivered."})
		r.Take(number, "verify", rig.Dispatcher, body{"satisfied": true, "words": "It is there."})
	}
	asked := func() string {
		file, err := r.Office.Reading.Complaint(t.Context(), number)
		require.NoError(t, err)
		return r.Link(number, link.Rate, file.CallbackNow())
	}
	r.ToAnswer(number)
	again(1)
	dissatisfied := body{"satisfaction": "dissatisfied", "words": "no"}
	first := asked()
	require.Equal(t, "investigating", r.Post(first, "", dissatisfied).Is(200)["stage"])
	r.Take(number, "accept", rig.Courier, body{})
	r.Take(number, "contact", rig.Courier, body{"reached": true, "words": "We look again."})
	r.Take(number, "find", rig.Courier, body{"founded": true, "liability": "third_party", "cause": "The label was wet.", "cause_code": "outside", "evidence": "Photograph."})
	r.Take(number, "propose", rig.Courier, body{"remedies": []body{{"kind": "apology", "words": "In writing."}},
		"time_limit": time.Now().Add(48 * time.Hour).UTC(), "reasons": "A wet label."})
	r.Take(number, "approve", rig.OperationsHead, body{"proposal_revision": 2}) // the tier to which the no has climbed
	again(2)
	second := asked()
	require.NotEqual(t, first, second)
	require.Equal(t, true, r.Get(first, "").Is(200)["done"], "what it asked was answered")
	r.Post(first, "", body{"satisfaction": "satisfied"}).Refused(409, "step_not_allowed")
	require.Equal(t, false, r.Get(second, "").Is(200)["done"])
	require.Equal(t, "investigating", r.Post(second, "", dissatisfied).Is(200)["stage"], "said in the same words, it is said again")
	require.Equal(t, 2, strings.Count(string(r.Get("/v1/complaints/"+number+"/events?limit=200", rig.Dispatcher, header{"Accept-Language": "en"}).Raw),
		"The customer answered how satisfied they are"))
}

// Nobody is told that their first answer counts before it is known that it does.
func TestWhatNobodyAnsweredByALinkIsJudgedAnewWhateverIsSaidThen(t *testing.T) {
	r := rig.Living(t)
	temporal := r.Office.Lives.Temporal
	for purpose, said := range map[link.Purpose][]body{
		link.Answer:   {{"agrees": true}, {"agrees": false, "words": "No, sorry."}, {"agrees": true, "words": "Yes, thanks."}},
		link.Withdraw: {{"words": "I withdraw."}, {"words": "The neighbour had it."}, {"words": "It came."}},
	} {
		t.Run(string(purpose), func(t *testing.T) {
			r := r.With(t)
			number := r.Register(rig.Dispatcher, rig.Parcel())
			r.ToAnswer(number)
			path := r.Link(number, purpose, map[link.Purpose]int{link.Answer: 1}[purpose])
			unknown := func(a rig.Answer, most int) {
				t.Helper()
				require.Contains(t, a.Refused(http.StatusServiceUnavailable, "unavailable")["detail"], "尚未确认您的答复是否已收到")
				seconds, err := strconv.Atoi(a.Header.Get("Retry-After"))
				require.NoError(t, err)
				require.Contains(t, string(a.Raw), "请在"+strconv.Itoa(seconds)+"秒后重新提交")
				require.Positive(t, seconds)
				require.LessOrEqual(t, seconds, most)
			}
			r.Office.Lives.Temporal = rig.Away()
			defer func() { r.Office.Lives.Temporal = temporal }()
			unknown(r.Post(path, "", said[0]), 2)
			r.Office.Lives.Temporal = temporal
			unknown(r.Post(path, "", said[1]), 11) // the first may still be taken
			require.Equal(t, false, r.Get(path, "").Is(200)["done"])

			r.SQL(`UPDATE submissions SET stored_at = stored_at - interval '12 seconds' WHERE state = 'pending'`)
			require.Equal(t, true, r.Post(path, "", said[1]).Is(200)["done"])
			require.Contains(t, r.Post(path, "", said[2]).Refused(409, "step_not_allowed")["detail"], "您的首次答复已生效")
			shown := string(r.Get("/v1/complaints/"+number, rig.Dispatcher).Raw)
			for i, body := range said {
				if text, there := body["words"].(string); there {
					require.Equal(t, i == 1, strings.Contains(shown, text), text)
				}
			}
		})
	}
}

// First review: A6.
func TestTheKeysOfLinksAndOfCallersAreDifferentSpaces(t *testing.T) {
	r := rig.Living(t)
	number := r.Register(rig.Dispatcher, rig.Parcel())
	r.ToAnswer(number)
	issued, err := r.Office.Issued.Issue(t.Context(), number, link.Answer, 1, time.Now().Add(time.Hour))
	require.NoError(t, err)
	token, err := r.Office.Links.Path(issued.ID, link.Link{Number: number, Purpose: link.Answer, Subject: 1, ExpiresAt: issued.ExpiresAt})
	require.NoError(t, err)
	key := header{"Idempotency-Key": "link/" + issued.ID + "/answer/1"}
	r.Post("/v1/public/complaints", "", body{"procedure": "courier-station", "narrative": "I know your keys.",
		"customer": body{"email": "somebody@example.com"}}, key).Is(http.StatusCreated)
	r.Post("/v1/complaints/"+number+"/steps/note", rig.Dispatcher, body{"words": "So do I."}, key).Is(200)
	require.Equal(t, "implementing", r.Post(token, "", body{"agrees": true}).Is(200)["stage"])
}

// First review: A3.
func TestNothingReadChangesAnything(t *testing.T) {
	r := rig.Living(t)
	number := r.Register(rig.Dispatcher, rig.Parcel())
	r.ToAnswer(number)
	r.Post("/v1/spot-checks", rig.Headquarters, body{"size": 1})
	r.Post("/v1/campaigns", rig.DispatchHead, body{"name": "Spring", "size": 10, "closes_at": time.Now().Add(24 * time.Hour).UTC()}).Is(http.StatusCreated)
	// What stands in the paths, each as often as there are kinds of it.
	there := map[string][]string{
		"number": {number, number[:len(number)-6] + "999999"}, "token": {"nonsense"},
		"id": {"courier-station", rig.Courier, uuid.NewString()},
	}
	for _, purpose := range link.Purposes() {
		subject := map[link.Purpose]int{link.Answer: 1, link.Rate: 1}[purpose]
		there["token"] = append(there["token"], strings.TrimPrefix(r.Link(number, purpose, subject), link.Root))
	}
	withdraw := r.Get(link.Root+there["token"][1], "").Is(200)["withdraw_url"].(string)
	there["token"] = append(there["token"], strings.TrimPrefix(withdraw, link.Root))
	web, err := r.Server.Web()
	require.NoError(t, err)

	var readers []string
	for _, one := range r.Get("/v1/people?limit=200", rig.Administrator).Is(200)["people"].([]any) {
		readers = append(readers, one.(body)["id"].(string))
	}
	require.Greater(t, len(readers), 10)
	readers = append(readers, "", rig.Stranger)
	before := contents(t, r)
	asked, answered := 0, map[string]bool{}
	for _, path := range readable(t) {
		for _, at := range filled(path, there) {
			for _, reader := range readers {
				for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodGet, http.MethodHead} {
					request := httptest.NewRequestWithContext(t.Context(), method, at, http.NoBody)
					asked++
					request.RemoteAddr = "10.0." + strconv.Itoa(asked/250%250) + "." + strconv.Itoa(asked%250) + ":1" // nobody is held back
					if reader != "" {
						request.Header.Set("Authorization", "Bearer "+r.Token(reader))
					}
					recorder := httptest.NewRecorder()
					web.Handler.ServeHTTP(recorder, request)
					require.Less(t, recorder.Code, 500, "%s %s as %q: %s", method, at, reader, recorder.Body)
					answered[path] = answered[path] || recorder.Code == http.StatusOK
				}
			}
		}
	}
	for path, found := range answered {
		require.True(t, found || path == "/v1/complaints/{number}/attachments/{id}", "%s showed nothing to anybody", path)
	}
	require.Equal(t, before, contents(t, r))
	require.Equal(t, complaint.AwaitingCustomer, complaint.Stage(r.Get("/v1/complaints/"+number, rig.Dispatcher).Is(200)["stage"].(string)))
}

// readable are the paths of openapi.yaml that can be read.
func readable(t *testing.T) []string {
	t.Helper()
	var read struct {
		Paths map[string]map[string]any `yaml:"paths"`
	}
	require.NoError(t, yaml.Load(api.Description(), &read))
	maps.DeleteFunc(read.Paths, func(_ string, operations map[string]any) bool { return operations["get"] == nil })
	return slices.Sorted(maps.Keys(read.Paths))
}

// filled is a path with everything in its places that there is.
func filled(path string, there map[string][]string) []string {
	before, rest, more := strings.Cut(path, "{")
	if !more {
		return []string{path}
	}
	name, after, _ := strings.Cut(rest, "}")
	var all []string
	for _, value := range there[name] {
		all = append(all, filled(before+value+after, there)...)
	}
	return all
}

// contents are all rows of the database, by table.
func contents(t *testing.T, r *rig.Rig) map[string]string {
	t.Helper()
	ctx, database, all := t.Context(), r.Server.Database, map[string]string{}
	rows, err := database.Query(ctx, `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`)
	require.NoError(t, err)
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	require.Contains(t, tables, "links")
	for _, table := range tables {
		var text string
		require.NoError(t, database.QueryRow(ctx, `SELECT coalesce(string_agg(t::text, E'\n' ORDER BY t::text), '') FROM `+pgx.Identifier{table}.Sanitize()+` AS t`).Scan(&text))
		all[table] = text
	}
	return all
}
