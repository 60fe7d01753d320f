package httpapi_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"recourse/internal/httpapi"
	"recourse/internal/link"
	"recourse/internal/phrase"
	"recourse/internal/rig"
)

func TestInboxShowsWhatWaitsSoonestDueFirst(t *testing.T) {
	r := rig.Living(t)
	first, second := r.Register(rig.Dispatcher, rig.Parcel()), r.Register(rig.Dispatcher, rig.Parcel())
	r.Take(first, "screen", rig.Dispatcher, body{"kind": "complaint", "valid": true, "category": "operations.mistake"})
	mine := r.Get("/v1/tasks", rig.Dispatcher, header{"Accept-Language": "zh-CN"}).Is(200)["tasks"].([]any)
	require.Len(t, mine, 1)
	require.Equal(t, second, mine[0].(map[string]any)["number"])
	require.Equal(t, "受理甄别", mine[0].(map[string]any)["step_label"])

	theirs := r.Get("/v1/tasks?limit=1", rig.Courier).Is(200)
	require.Len(t, theirs["tasks"], 1)
	rest := r.Get("/v1/tasks?limit=1&cursor="+theirs["next_cursor"].(string), rig.Courier).Is(200)
	require.NotEqual(t, theirs["tasks"], rest["tasks"])
	require.NotEmpty(t, r.Get("/v1/tasks?person="+rig.Courier, rig.OperationsHead).Is(200)["tasks"], "their manager looks in")
	r.Get("/v1/tasks?person="+rig.DispatchHead, rig.Courier).Refused(403, "forbidden")
	r.Get("/v1/tasks?person=nobody", rig.DispatchHead).Refused(404, "not_found")
	r.Get("/v1/tasks?cursor=nonsense", rig.Courier).Refused(400, "invalid_body")
}

func TestAbsenceMovesOpenTasksToTheSecondaryAtOnce(t *testing.T) {
	r := rig.Living(t)
	number := r.Register(rig.Dispatcher, rig.Parcel())
	r.Take(number, "screen", rig.Dispatcher, body{"kind": "complaint", "valid": true, "category": "operations.mistake"})
	handler := func() any {
		return r.Get("/v1/complaints/"+number, rig.Dispatcher).Is(200)["people"].(map[string]any)["handler"].(map[string]any)["id"]
	}
	require.Equal(t, rig.Courier, handler())
	away := body{"from": time.Now().Add(-time.Minute).UTC(), "until": time.Now().Add(48 * time.Hour).UTC(), "reason": "ill"}
	r.Post("/v1/people/"+rig.Courier+"/absences", rig.ServiceHead, away).Refused(403, "forbidden")
	r.Post("/v1/people/nobody/absences", rig.DispatchHead, away).Refused(404, "not_found")
	r.Post("/v1/people/"+rig.Courier+"/absences", rig.OperationsHead, body{"from": away["until"], "until": away["from"]}).Refused(422, "rule_violation")

	entered := r.Post("/v1/people/"+rig.Courier+"/absences", rig.OperationsHead, away).Is(http.StatusCreated)
	require.Equal(t, []string{number}, rig.Strings(entered["moved"]))
	require.Equal(t, rig.SecondCourier, handler())
	revision := r.Get("/v1/complaints/"+number, rig.Dispatcher).Is(200)["revision"]
	again := r.Post("/v1/people/"+rig.Courier+"/absences", rig.OperationsHead, away).Is(http.StatusCreated)
	require.Empty(t, again["moved"], "entered twice, moved once")
	require.Equal(t, revision, r.Get("/v1/complaints/"+number, rig.Dispatcher).Is(200)["revision"])

	people := r.Get("/v1/people?department=operations&limit=200", rig.Dispatcher).Is(200)["people"].([]any)
	gone := map[string]any{}
	for _, one := range people {
		gone[one.(map[string]any)["id"].(string)] = one.(map[string]any)["away"]
	}
	require.Equal(t, true, gone[rig.Courier])
	require.NotContains(t, gone, rig.Dispatcher, "another department")
}

// numberedAs is the line of a procedure that says how its complaints are numbered.
func numberedAs(t *testing.T, r *rig.Rig, id string) string {
	rules, known := r.Office.Rulebook.Now().Procedure(id)
	require.True(t, known)
	return fmt.Sprintf("number: %q", rules.NumberPattern.Pattern)
}

func TestProcedureIsPublishedAndRunningComplaintsKeepTheirs(t *testing.T) {
	r := rig.Living(t)
	number := r.Register(rig.Dispatcher, rig.Parcel())
	list := r.Get("/v1/procedures", rig.Dispatcher, header{"Accept-Language": "zh-CN"}).Is(200)["procedures"].([]any)
	require.Equal(t, "物流快递服务站", list[0].(map[string]any)["name"])
	shown := r.Get("/v1/procedures/courier-station", rig.Dispatcher).Is(200)
	text := shown["yaml"].(string)
	publish := func(person, text string) rig.Answer {
		return r.Send(http.MethodPost, "/v1/procedures/courier-station/versions", person, strings.NewReader(text), header{"Content-Type": "application/yaml"})
	}
	publish(rig.Dispatcher, text).Refused(403, "forbidden")
	require.Equal(t, false, publish(rig.Administrator, text).Is(http.StatusCreated)["published"], "the very same text is the same version")
	wrong := publish(rig.Administrator, strings.Replace(text, "calendar: cn", "calender: cn", 1)).Refused(422, "rule_violation")
	first := wrong["errors"].([]any)[0].(map[string]any)
	require.NotZero(t, first["line"])
	require.NotZero(t, first["column"])
	require.NotEmpty(t, first["detail"])
	for pattern, why := range map[string]string{`number: "CS-{year}-{sequence:6}"`: "would be found no more", numberedAs(t, r, "real-estate-project"): `complaints of "real-estate-project" begin`} {
		renumbered := publish(rig.Administrator, strings.Replace(text, numberedAs(t, r, "courier-station"), pattern, 1)).Refused(422, "rule_violation")
		require.Contains(t, fmt.Sprint(renumbered["errors"]), why)
	}
	publish(rig.Administrator, "\xff").Refused(400, "invalid_body")
	publish(rig.Administrator, strings.Repeat("#", httpapi.LongestBody+1)).Refused(413, "too_large")
	r.Post("/v1/procedures/courier-station/versions", rig.Administrator, body{}).Refused(415, "unsupported_media_type")

	changed := strings.Replace(text, "    within: 1h ", "    within: 2h ", 1)
	require.NotEqual(t, text, changed, "the procedure forwards within an hour")
	require.EqualValues(t, 2, publish(rig.Administrator, changed).Is(http.StatusCreated)["version"])
	require.EqualValues(t, 1, r.Get("/v1/complaints/"+number, rig.Dispatcher).Is(200)["procedure_version"])
	require.EqualValues(t, 2, r.Get("/v1/complaints/"+r.Register(rig.Dispatcher, rig.Parcel()), rig.Dispatcher).Is(200)["procedure_version"])
	require.Equal(t, text, r.Get("/v1/procedures/courier-station?version=1", rig.Dispatcher).Is(200)["yaml"])
	r.Get("/v1/procedures/courier-station?version=9", rig.Dispatcher).Refused(404, "not_found")
	r.Get("/v1/procedures/bakery", rig.Dispatcher).Refused(404, "not_found")

	byPhoneOnly := strings.Replace(changed, "  web: {en: Website, zh-CN: 网站}", "", 1)
	require.NotEqual(t, changed, byPhoneOnly, "the procedure takes complaints by the web")
	public := body{"procedure": "courier-station", "narrative": "Where is my parcel?", "customer": body{"phone": "13800000000"}}
	r.Post("/v1/public/complaints", "", public).Is(http.StatusCreated)
	publish(rig.Administrator, byPhoneOnly).Is(http.StatusCreated)
	require.Equal(t, "no_such_channel", r.Post("/v1/public/complaints", "", public).Refused(422, "rule_violation")["reason"])

	t.Run("until an administrator re-bases them", func(t *testing.T) {
		r := r.With(t)
		ask := body{"query": body{"procedure": "courier-station", "version": 1}, "target_version": 2, "reason": "New time limits.", "preview": true}
		r.Post("/v1/rebase", rig.Dispatcher, ask).Refused(403, "forbidden")
		preview := r.Post("/v1/rebase", rig.Administrator, ask).Is(200)
		require.EqualValues(t, 1, preview["matched"])
		one := preview["complaints"].([]any)[0].(map[string]any)
		require.Equal(t, number, one["number"])
		change := one["changes"].([]any)[0].(map[string]any)
		require.Equal(t, "forward", change["deadline"])
		before, err := time.Parse(time.RFC3339Nano, change["due_before"].(string))
		require.NoError(t, err)
		after, err := time.Parse(time.RFC3339Nano, change["due_after"].(string))
		require.NoError(t, err)
		require.Equal(t, time.Hour, after.Sub(before))
		require.EqualValues(t, 1, r.Get("/v1/complaints/"+number, rig.Dispatcher).Is(200)["procedure_version"], "a preview changes nothing")

		ask["preview"] = false
		done := r.Post("/v1/rebase", rig.Administrator, ask).Is(200)
		require.Equal(t, true, done["complaints"].([]any)[0].(map[string]any)["done"])
		require.EqualValues(t, 2, r.Get("/v1/complaints/"+number, rig.Dispatcher).Is(200)["procedure_version"])
		require.EqualValues(t, 0, r.Post("/v1/rebase", rig.Administrator, ask).Is(200)["matched"])
		ask["target_version"] = 7
		r.Post("/v1/rebase", rig.Administrator, ask).Refused(422, "rule_violation")
	})
}

func TestSimulationShowsWhatWouldHappenIfNobodyActed(t *testing.T) {
	r, _ := rig.Standing(t)
	ask := body{"start": "2026-02-13T09:30:00Z", "registration": body{"category": "operations.mistake"}}
	timeline := r.Post("/v1/procedures/courier-station/simulate", rig.Dispatcher, ask).Is(200)
	require.Equal(t, "Asia/Shanghai", timeline["zone"])
	var fired []string
	for _, one := range timeline["entries"].([]any) {
		if entry := one.(map[string]any); entry["what"] == "rung_fired" && entry["deadline"] == "forward" {
			fired = append(fired, entry["rung"].(string)+" "+entry["local"].(string))
		}
	}
	require.Equal(t, []string{"75% 2026-02-13 18:15 CST", "due 2026-02-13 18:30 CST", "+1h 2026-02-13 19:30 CST", "+4wh 2026-02-14 14:30 CST"}, fired)

	ask["steps"] = []body{{"at": "2026-02-13T09:40:00Z", "by": rig.Dispatcher, "step": "screen", "body": body{"kind": "complaint", "valid": true}}}
	problem := r.Post("/v1/procedures/courier-station/simulate", rig.Dispatcher, ask).Refused(400, "invalid_body")
	require.Equal(t, []string{"/steps/0/body/category"}, rig.Pointers(problem))
	ask["steps"] = []body{{"at": "2026-02-13T09:40:00Z", "by": "nobody", "step": "note", "body": body{"words": "x"}}}
	r.Post("/v1/procedures/courier-station/simulate", rig.Dispatcher, ask).Refused(422, "rule_violation")
	ask["steps"] = []body{{"at": "2026-02-13T09:40:00Z", "by": rig.Dispatcher, "step": "assign", "body": body{"handler": "nobody"}}}
	problem = r.Post("/v1/procedures/courier-station/simulate", rig.Dispatcher, ask).Refused(422, "rule_violation")
	require.Equal(t, []string{"/steps/0/body/handler"}, rig.Pointers(problem))
	ask["registration"] = body{"screen": body{"kind": "complaint", "valid": true, "category": "moon"}}
	problem = r.Post("/v1/procedures/courier-station/simulate", rig.Dispatcher, ask).Refused(422, "rule_violation")
	require.Equal(t, []string{"/registration/screen/category"}, rig.Pointers(problem))
	r.Post("/v1/procedures/courier-station/simulate", rig.Dispatcher, body{"start": "2026-02-13T09:30:00Z", "until": "2090-01-01T00:00:00Z"}).Refused(422, "rule_violation")
	r.Post("/v1/procedures/bakery/simulate", rig.Dispatcher, body{}).Refused(404, "not_found")
}

func TestHeadquartersDrawsASampleAndRecordsWhatItFinds(t *testing.T) {
	r := rig.Living(t)
	number := r.Register(rig.Dispatcher, rig.Parcel())
	r.Post("/v1/spot-checks", rig.Dispatcher, body{"size": 5}).Refused(403, "forbidden")
	r.Post("/v1/spot-checks", rig.Headquarters, body{"size": 500}).Refused(400, "invalid_body")
	drawn := r.Post("/v1/spot-checks", rig.Headquarters, body{"size": 5}).Is(http.StatusCreated)
	require.Equal(t, number, drawn["complaints"].([]any)[0].(map[string]any)["number"])
	found := "/v1/spot-checks/" + drawn["id"].(string) + "/findings"
	r.Post(found, rig.Headquarters, body{"number": number, "finding": "In order."}).Is(200)
	r.Post(found, rig.Headquarters, body{"number": number[:len(number)-6] + "999999", "finding": "x"}).Refused(404, "not_found")
	listed := r.Get("/v1/spot-checks", rig.Auditor).Is(200)["spot_checks"].([]any)
	require.Equal(t, "In order.", listed[0].(map[string]any)["complaints"].([]any)[0].(map[string]any)["finding"])
	r.Get("/v1/spot-checks", rig.Courier).Refused(403, "forbidden")

	campaign := body{"name": "Spring", "size": 10, "closes_at": time.Now().Add(24 * time.Hour).UTC().Truncate(time.Second)}
	started := r.Post("/v1/campaigns", rig.DispatchHead, campaign).Is(http.StatusCreated)
	require.EqualValues(t, 1, started["drawn"])
	require.Equal(t, []string{number}, rig.Strings(started["complaints"]))
	require.Equal(t, started["id"], r.Post("/v1/campaigns", rig.DispatchHead, campaign).Is(http.StatusCreated)["id"])
	require.Len(t, r.Get("/v1/campaigns", rig.Auditor).Is(200)["campaigns"], 1)
	r.Post("/v1/campaigns", rig.Courier, campaign).Refused(403, "forbidden")
	r.Get("/v1/campaigns", rig.Courier).Refused(403, "forbidden")
}

func TestACustomerAnswersACampaignOnceByTheirLink(t *testing.T) {
	r := rig.Living(t)
	number := r.Register(rig.Dispatcher, rig.Parcel())
	closes := time.Now().Add(24 * time.Hour).UTC().Truncate(time.Second)
	started := r.Post("/v1/campaigns", rig.DispatchHead, body{"name": "Spring", "size": 10, "closes_at": closes}).Is(http.StatusCreated)
	require.EqualValues(t, 1, started["asked"])
	messages, err := r.Office.Outbox.Of(t.Context(), number)
	require.NoError(t, err)
	require.Equal(t, "customer_campaign", messages[len(messages)-1].Template)

	issued, err := r.Office.Issued.IssueForCampaign(t.Context(), number, started["id"].(string), closes)
	require.NoError(t, err)
	token, err := r.Office.Links.Sign(link.Link{ID: uuid.MustParse(issued.ID), Number: number, Purpose: link.Rate, ExpiresAt: closes})
	require.NoError(t, err)
	path := "/v1/links/" + token

	asked := r.Get(path, "").Is(200)
	require.Equal(t, []any{"rate", "Spring", false}, []any{asked["purpose"], asked["campaign"], asked["done"]})
	require.Equal(t, phrase.Label(phrase.LinkQuestion, "campaign", asked["language"].(string)), asked["question"])
	r.Post(path, "", body{"satisfaction": "enchanted"}).Refused(400, "invalid_body")
	require.Equal(t, true, r.Post(path, "", body{"satisfaction": "satisfied", "words": "Quick."}).Is(200)["done"])
	require.Equal(t, true, r.Post(path, "", body{"satisfaction": "satisfied", "words": "Quick."}).Is(200)["done"], "sent twice is sent once")
	r.Post(path, "", body{"satisfaction": "dissatisfied"}).Refused(409, "step_not_allowed")
	require.Equal(t, true, r.Get(path, "").Is(200)["done"])
	require.Equal(t, "received", r.Get("/v1/complaints/"+number, rig.Dispatcher).Is(200)["stage"], "the complaint isn't touched")

	listed := r.Get("/v1/campaigns", rig.Auditor).Is(200)["campaigns"].([]any)[0].(map[string]any)
	require.EqualValues(t, 1, listed["answered"])
	require.Equal(t, map[string]any{"very_satisfied": 0.0, "satisfied": 1.0, "neutral": 0.0, "dissatisfied": 0.0}, listed["satisfaction"])
	require.Equal(t, []string{"Quick."}, rig.Strings(listed["words"]))

	over, err := r.Office.Issued.IssueForCampaign(t.Context(), number, started["id"].(string), time.Now().Add(-time.Second))
	require.NoError(t, err)
	token, err = r.Office.Links.Sign(link.Link{ID: uuid.MustParse(over.ID), Number: number, Purpose: link.Rate, ExpiresAt: over.ExpiresAt})
	require.NoError(t, err)
	r.Post("/v1/links/"+token, "", body{"satisfaction": "satisfied"}).Refused(401, "unauthenticated")
}

func TestOpenMattersAndCasesAreListed(t *testing.T) {
	r := rig.Living(t)
	number := r.Register(rig.Dispatcher, rig.Parcel())
	r.Take(number, "suspend", rig.Dispatcher, body{"kind": "customer-away", "until": time.Now().Add(72 * time.Hour).UTC()})
	matters := r.Get("/v1/open-matters", rig.Dispatcher).Is(200)["open_matters"].([]any)
	require.Equal(t, number, matters[0].(map[string]any)["number"])
	require.Equal(t, "Customer away", matters[0].(map[string]any)["kind_label"])
	require.Len(t, r.Get("/v1/complaints?suspended=true", rig.Dispatcher).Is(200)["complaints"], 1)
	require.Empty(t, r.Get("/v1/complaints?suspended=false", rig.Dispatcher).Is(200)["complaints"])
	require.Empty(t, r.Get("/v1/cases", rig.Dispatcher).Is(200)["cases"])
	r.Take(number, "resume", rig.Dispatcher, body{})
	require.Empty(t, r.Get("/v1/open-matters", rig.Dispatcher).Is(200)["open_matters"])
}

// First review: F3.
func TestListIsFiltered(t *testing.T) {
	r := rig.Living(t)
	number := r.Register(rig.Dispatcher, rig.Parcel())
	screened := r.Register(rig.Dispatcher, rig.Parcel())
	r.Take(screened, "screen", rig.Dispatcher, body{"kind": "complaint", "valid": true, "category": "operations.mistake", "severity": "major"})
	r.Take(number, "note", rig.Dispatcher, body{"words": "客户称电梯间漏水，请O'Brien核实"})
	for query, want := range map[string][]string{
		"":                          {screened, number},
		"stage=received":            {number},
		"severity=major":            {screened},
		"handler=" + rig.Courier:    {screened},
		"department=operations":     {screened},
		"procedure=courier-station": {screened, number},
		"procedure=bakery":          nil,
		"tier_min=1":                nil,
		"overdue=true":              nil,
		"overdue=false":             {screened, number},
		"q=fang":                    {screened, number},
		"q=" + number:               {number},
		"q=nobody":                  nil,
		"q=wrong+door":              {screened, number},
		"q=漏水":                      {number},
		"q=fang+漏水+obrien":          {number},
		"owner=" + rig.Dispatcher:   {screened, number},
		"owner=nobody":              nil,
		"category=operations":       {screened, number},
		"category=service":          nil,
		"channel=phone":             {screened, number},
		"channel=web":               nil,
		"kind=complaint":            {screened},
		"kind=enquiry":              nil,
		"outcome=withdrawn":         nil,
		"satisfaction=dissatisfied": nil,
		"sort=due":                  {number, screened},
		"received_from=2000-01-01T00:00:00Z&received_to=2001-01-01T00:00:00Z": nil,
	} {
		t.Run(query, func(t *testing.T) {
			var got []string
			for _, one := range r.With(t).Get("/v1/complaints?"+query, rig.Dispatcher).Is(200)["complaints"].([]any) {
				got = append(got, one.(map[string]any)["number"].(string))
			}
			require.Equal(t, want, got)
		})
	}
	line := r.Get("/v1/complaints?q="+number, rig.Dispatcher).Is(200)["complaints"].([]any)[0].(map[string]any)
	require.Equal(t, rig.Parcel()["narrative"], line["first_words"])
	require.NotEmpty(t, line["customer"])
	require.NotEmpty(t, line["category_label"])
	tasks := r.Get("/v1/tasks", rig.Dispatcher).Is(200)["tasks"].([]any)
	require.NotEmpty(t, tasks)
	require.Equal(t, line["first_words"], tasks[0].(map[string]any)["first_words"])
	require.Equal(t, line["customer"], tasks[0].(map[string]any)["customer"])
	byDue := r.Get("/v1/complaints?sort=due&limit=1", rig.Dispatcher).Is(200)
	require.Equal(t, number, byDue["complaints"].([]any)[0].(map[string]any)["number"])
	byDue = r.Get("/v1/complaints?sort=due&limit=1&cursor="+byDue["next_cursor"].(string), rig.Dispatcher).Is(200)
	require.Equal(t, screened, byDue["complaints"].([]any)[0].(map[string]any)["number"])
	waits := r.Get("/v1/complaints/"+number, rig.Dispatcher).Is(200)["waits_for"].([]any)
	require.Len(t, waits, 1)
	require.Equal(t, "screen", waits[0].(map[string]any)["step"])
	require.NotEmpty(t, waits[0].(map[string]any)["due"])
	require.Equal(t, rig.Dispatcher, waits[0].(map[string]any)["person"].(map[string]any)["id"])

	r.Take(number, "withdraw", rig.Dispatcher, body{"reason": "漏水是楼上的事"})
	withdrawn := r.Get("/v1/complaints?outcome=withdrawn", rig.Dispatcher).Is(200)["complaints"].([]any)
	require.Len(t, withdrawn, 1)
	require.Len(t, r.Get("/v1/complaints?q=楼上", rig.Dispatcher).Is(200)["complaints"], 1, "words of later steps")

	page := r.Get("/v1/complaints?limit=1", rig.Dispatcher).Is(200)
	require.Len(t, page["complaints"], 1)
	next := r.Get("/v1/complaints?limit=1&cursor="+page["next_cursor"].(string), rig.Dispatcher).Is(200)
	require.Equal(t, number, next["complaints"].([]any)[0].(map[string]any)["number"])
	require.NotContains(t, next, "next_cursor")
}

func TestRegistrationMayCarryWhatElseIsKnown(t *testing.T) {
	r := rig.Living(t)
	said := rig.Parcel()
	said["screen"] = body{"kind": "complaint", "valid": true, "category": "operations.mistake"}
	shown := r.Post("/v1/complaints", rig.Dispatcher, said).Is(http.StatusCreated)
	require.Equal(t, "investigating", shown["stage"], "one act")
	r.Post("/v1/complaints", rig.Courier, said).Refused(403, "forbidden")
	onSpot := rig.Parcel()
	onSpot["resolve_on_spot"] = body{"done": "Fetched it.", "customer_accepts": true}
	require.Equal(t, "resolved_on_spot", r.Post("/v1/complaints", rig.Dispatcher, onSpot).Is(http.StatusCreated)["outcome"])
	r.Post("/v1/complaints", rig.Courier, onSpot).Refused(403, "forbidden")
}

func TestARepeatedKeyGetsTheFirstAnswerBesideTheStepsToo(t *testing.T) {
	r := rig.Living(t)
	for range 5 {
		r.Register(rig.Dispatcher, rig.Parcel())
	}
	draw := body{"received_from": time.Now().Add(-time.Hour).UTC(), "size": 1}
	key := header{"Idempotency-Key": "spring-check"}
	first := r.Post("/v1/spot-checks", rig.Headquarters, draw, key).Is(http.StatusCreated)
	require.Equal(t, first, r.Post("/v1/spot-checks", rig.Headquarters, draw, key).Is(http.StatusCreated), "drawn once")
	require.Len(t, r.Get("/v1/spot-checks", rig.Headquarters).Is(200)["spot_checks"], 1)
	draw["size"] = 2
	r.Post("/v1/spot-checks", rig.Headquarters, draw, key).Refused(422, "idempotency_mismatch")
	r.Post("/v1/spot-checks/"+first["id"].(string)+"/findings", rig.Headquarters, body{}, key).Refused(422, "idempotency_mismatch")
	require.NotEqual(t, first["id"], r.Post("/v1/spot-checks", rig.Administrator, draw, key).Is(http.StatusCreated)["id"], "everybody has keys of their own")

	t.Run("and so do ten callers at once", func(t *testing.T) {
		r, key := r.With(t), header{"Idempotency-Key": "ten"}
		draws := len(r.Get("/v1/spot-checks", rig.Headquarters).Is(200)["spot_checks"].([]any))
		var answers [10]rig.Answer
		var all sync.WaitGroup
		for i := range answers {
			all.Go(func() { answers[i] = r.Post("/v1/spot-checks", rig.Headquarters, draw, key) })
		}
		all.Wait()
		for _, a := range answers {
			require.Equal(t, http.StatusCreated, a.Status, string(a.Raw))
			require.JSONEq(t, string(answers[0].Raw), string(a.Raw))
		}
		require.Len(t, r.Get("/v1/spot-checks", rig.Headquarters).Is(200)["spot_checks"], draws+1)
	})
	t.Run("but a refused one is judged anew", func(t *testing.T) {
		r, key := r.With(t), header{"Idempotency-Key": "away"}
		away := body{"from": time.Now().Add(-2 * time.Hour).UTC(), "until": time.Now().Add(-time.Hour).UTC(), "reason": "ill"}
		r.Post("/v1/people/"+rig.Courier+"/absences", rig.OperationsHead, away, key).Refused(422, "rule_violation")
		away["until"] = time.Now().Add(time.Hour).UTC()
		entered := r.Post("/v1/people/"+rig.Courier+"/absences", rig.OperationsHead, away, key).Is(http.StatusCreated)
		require.Equal(t, entered, r.Post("/v1/people/"+rig.Courier+"/absences", rig.OperationsHead, away, key).Is(http.StatusCreated))
	})

	t.Run("and a file is the same whatever boundary it comes in", func(t *testing.T) {
		r, number := r.With(t), r.Register(rig.Dispatcher, rig.Parcel())
		upload := func(boundary, content string) rig.Answer {
			return r.Send(http.MethodPost, "/v1/complaints/"+number+"/attachments", rig.Dispatcher,
				strings.NewReader("--"+boundary+"\r\nContent-Disposition: form-data; name=\"file\"; filename=\"note.txt\"\r\n\r\n"+content+"\r\n--"+boundary+"--\r\n"),
				header{"Content-Type": "multipart/form-data; boundary=" + boundary, "Idempotency-Key": "photo"})
		}
		kept := upload("first", "Seen at the door.").Is(http.StatusCreated)
		require.Equal(t, kept, upload("second", "Seen at the door.").Is(http.StatusCreated))
		upload("third", "Something else.").Refused(422, "idempotency_mismatch")
		r.Post("/v1/complaints/"+number+"/erasure", rig.Administrator, body{"requested_by": "customer"}).Is(200)
		upload("fourth", "Seen at the door.").Refused(422, "idempotency_mismatch")
	})
}
