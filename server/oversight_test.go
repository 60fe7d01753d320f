package main

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"recourse/internal/directory"
	"recourse/internal/link"
	"recourse/internal/phrase"
	"recourse/procedures"
)

func TestInboxShowsWhatWaitsSoonestDueFirst(t *testing.T) {
	r := living(t)
	first, second := r.register(dispatcher, parcel()), r.register(dispatcher, parcel())
	r.take(first, "screen", dispatcher, body{"kind": "complaint", "valid": true, "category": "operations.mistake"})
	mine := r.get("/v1/tasks", dispatcher, header{"Accept-Language": "zh-CN"}).is(200)["tasks"].([]any)
	require.Len(t, mine, 1)
	require.Equal(t, second, mine[0].(map[string]any)["number"])
	require.Equal(t, "受理甄别", mine[0].(map[string]any)["step_label"])

	theirs := r.get("/v1/tasks?limit=1", courier).is(200)
	require.Len(t, theirs["tasks"], 1)
	rest := r.get("/v1/tasks?limit=1&cursor="+theirs["next_cursor"].(string), courier).is(200)
	require.NotEqual(t, theirs["tasks"], rest["tasks"])
	require.NotEmpty(t, r.get("/v1/tasks?person="+courier, operationsHead).is(200)["tasks"], "their manager looks in")
	r.get("/v1/tasks?person="+dispatchHead, courier).refused(403, "forbidden")
	r.get("/v1/tasks?person=nobody", dispatchHead).refused(404, "not_found")
	r.get("/v1/tasks?cursor=nonsense", courier).refused(400, "invalid_body")
}

func TestAbsenceMovesOpenTasksToTheSecondaryAtOnce(t *testing.T) {
	r := living(t)
	number := r.register(dispatcher, parcel())
	r.take(number, "screen", dispatcher, body{"kind": "complaint", "valid": true, "category": "operations.mistake"})
	handler := func() any {
		return r.get("/v1/complaints/"+number, dispatcher).is(200)["people"].(map[string]any)["handler"].(map[string]any)["id"]
	}
	require.Equal(t, courier, handler())
	away := body{"from": time.Now().Add(-time.Minute).UTC(), "until": time.Now().Add(48 * time.Hour).UTC(), "reason": "ill"}
	r.post("/v1/people/"+courier+"/absences", serviceHead, away).refused(403, "forbidden")
	r.post("/v1/people/nobody/absences", dispatchHead, away).refused(404, "not_found")
	r.post("/v1/people/"+courier+"/absences", operationsHead, body{"from": away["until"], "until": away["from"]}).refused(422, "rule_violation")

	entered := r.post("/v1/people/"+courier+"/absences", operationsHead, away).is(http.StatusCreated)
	require.Equal(t, []string{number}, strs(entered["moved"]))
	require.Equal(t, secondCourier, handler())
	revision := r.get("/v1/complaints/"+number, dispatcher).is(200)["revision"]
	again := r.post("/v1/people/"+courier+"/absences", operationsHead, away).is(http.StatusCreated)
	require.Empty(t, again["moved"], "entered twice, moved once")
	require.Equal(t, revision, r.get("/v1/complaints/"+number, dispatcher).is(200)["revision"])

	people := r.get("/v1/people?department=operations&limit=200", dispatcher).is(200)["people"].([]any)
	gone := map[string]any{}
	for _, one := range people {
		gone[one.(map[string]any)["id"].(string)] = one.(map[string]any)["away"]
	}
	require.Equal(t, true, gone[courier])
	require.NotContains(t, gone, dispatcher, "another department")
}

func TestAbsencesAreForThePersonTheirManagersAndAdministratorsAndCanBeEnded(t *testing.T) {
	r := living(t)
	number := r.register(dispatcher, parcel())
	r.take(number, "screen", dispatcher, body{"kind": "complaint", "valid": true, "category": "operations.mistake"})
	path, away := "/v1/people/"+courier+"/absences", body{"from": time.Now().Add(-time.Minute).UTC(), "until": time.Now().Add(48 * time.Hour).UTC()}
	end := func(person, id string) answer {
		return r.send(http.MethodDelete, path+"/"+id, person, http.NoBody, nil)
	}
	entered := r.post(path, courier, away).is(http.StatusCreated)
	id := entered["id"].(string)
	for _, person := range []string{auditorPerson, headquarters, dispatcher, secondCourier} {
		r.post(path, person, away).refused(http.StatusForbidden, "forbidden")
		end(person, id).refused(http.StatusForbidden, "forbidden")
	}
	for _, person := range []string{operationsHead, deputyManager, administrator} {
		require.Equal(t, id, r.post(path, person, away).is(http.StatusCreated)["id"], "the same one")
	}
	gone := func() any {
		for _, one := range r.get("/v1/people?department=operations&limit=200", dispatcher).is(200)["people"].([]any) {
			if one.(body)["id"] == courier {
				return one.(body)["away"]
			}
		}
		return nil
	}
	require.Equal(t, true, gone())
	revision := r.get("/v1/complaints/"+number, dispatcher).is(200)["revision"]
	end(courier, uuid.NewString()).refused(http.StatusNotFound, "not_found")
	for range 2 {
		require.Equal(t, http.StatusNoContent, end(courier, id).status)
	}
	require.NotEqual(t, true, gone())
	require.Equal(t, revision, r.get("/v1/complaints/"+number, dispatcher).is(200)["revision"], "what moved stays")

	ahead := r.post(path, courier, body{"from": time.Now().Add(time.Hour).UTC(), "until": time.Now().Add(2 * time.Hour).UTC()}).is(http.StatusCreated)
	require.Equal(t, http.StatusNoContent, end(operationsHead, ahead["id"].(string)).status)
	require.NoError(t, begunAbsences(r.server.substitutes(), func() time.Time { return time.Now().Add(90 * time.Minute) })(t.Context()))
	require.Equal(t, revision, r.get("/v1/complaints/"+number, dispatcher).is(200)["revision"])
}

func TestAbsenceEnteredAheadMovesTasksWhenItBegins(t *testing.T) {
	r := living(t)
	number := r.register(dispatcher, parcel())
	r.take(number, "screen", dispatcher, body{"kind": "complaint", "valid": true, "category": "operations.mistake"})
	begins := time.Now().Add(time.Hour)
	entered := r.post("/v1/people/"+courier+"/absences", courier, body{"from": begins.UTC(), "until": begins.Add(72 * time.Hour).UTC()}).is(http.StatusCreated)
	require.Empty(t, entered["moved"])
	begun := func(after time.Duration) {
		require.NoError(t, begunAbsences(r.server.substitutes(), func() time.Time { return begins.Add(after) })(t.Context()))
	}
	begun(-time.Minute)
	begun(73 * time.Hour)
	require.EqualValues(t, 2, r.get("/v1/complaints/"+number, dispatcher).is(200)["revision"], "not there yet, or back already")
	begun(30 * time.Hour) // no server was there when it began
	begun(31 * time.Hour)
	require.EqualValues(t, 3, r.get("/v1/complaints/"+number, dispatcher).is(200)["revision"], "the duty moved once")
}

// numberedAs is the line of a procedure that says how its complaints are numbered.
func numberedAs(t *testing.T, r *rig, id string) string {
	rules, known := r.server.rulebook.Now().Procedure(id)
	require.True(t, known)
	return fmt.Sprintf("number: %q", rules.NumberPattern.Pattern)
}

func TestLoadRefusesWhatBelongsToAnotherOrganisation(t *testing.T) {
	r, _ := standing(t)
	files, err := readShipped()
	require.NoError(t, err)
	load := func() error { return files.publish(t.Context(), r.server.store, time.Now(), io.Discard) }
	require.ErrorContains(t, load(), "would be found no more", "this test's complaints have letters of their own")
	files.procedures = r.server.rulebook.Now().Procedures()
	files.directories["courier-station"].People["chen-gang"] = directory.Person{}
	require.NoError(t, files.fitsWith(t.Context(), r.server.store))
	for person := range files.directories["real-estate-project"].People {
		files.directories["courier-station"].People[person] = directory.Person{}
		require.ErrorContains(t, load(), `is in the directories of "courier-station" and "real-estate-project"`)
		break
	}
}

func TestProcedureIsPublishedAndRunningComplaintsKeepTheirs(t *testing.T) {
	r := living(t)
	number := r.register(dispatcher, parcel())
	list := r.get("/v1/procedures", dispatcher, header{"Accept-Language": "zh-CN"}).is(200)["procedures"].([]any)
	require.Equal(t, "物流快递服务站", list[0].(map[string]any)["name"])
	shown := r.get("/v1/procedures/courier-station", dispatcher).is(200)
	text := shown["yaml"].(string)
	publish := func(person, text string) answer {
		return r.send(http.MethodPost, "/v1/procedures/courier-station/versions", person, strings.NewReader(text), header{"Content-Type": "application/yaml"})
	}
	publish(dispatcher, text).refused(403, "forbidden")
	require.Equal(t, false, publish(administrator, text).is(http.StatusCreated)["published"], "the very same text is the same version")
	wrong := publish(administrator, strings.Replace(text, "calendar: cn", "calender: cn", 1)).refused(422, "rule_violation")
	first := wrong["errors"].([]any)[0].(map[string]any)
	require.NotZero(t, first["line"])
	require.NotZero(t, first["column"])
	require.NotEmpty(t, first["detail"])
	for pattern, why := range map[string]string{`number: "CS-{year}-{sequence:6}"`: "would be found no more", numberedAs(t, r, "real-estate-project"): `complaints of "real-estate-project" begin`} {
		renumbered := publish(administrator, strings.Replace(text, numberedAs(t, r, "courier-station"), pattern, 1)).refused(422, "rule_violation")
		require.Contains(t, fmt.Sprint(renumbered["errors"]), why)
	}
	publish(administrator, "\xff").refused(400, "invalid_body")
	publish(administrator, strings.Repeat("#", longestBody+1)).refused(413, "too_large")
	r.post("/v1/procedures/courier-station/versions", administrator, body{}).refused(415, "unsupported_media_type")

	changed := strings.Replace(text, "    within: 1h ", "    within: 2h ", 1)
	require.NotEqual(t, text, changed, "the procedure forwards within an hour")
	require.EqualValues(t, 2, publish(administrator, changed).is(http.StatusCreated)["version"])
	require.EqualValues(t, 1, r.get("/v1/complaints/"+number, dispatcher).is(200)["procedure_version"])
	require.EqualValues(t, 2, r.get("/v1/complaints/"+r.register(dispatcher, parcel()), dispatcher).is(200)["procedure_version"])
	require.Equal(t, text, r.get("/v1/procedures/courier-station?version=1", dispatcher).is(200)["yaml"])
	r.get("/v1/procedures/courier-station?version=9", dispatcher).refused(404, "not_found")
	r.get("/v1/procedures/bakery", dispatcher).refused(404, "not_found")

	byPhoneOnly := strings.Replace(changed, "  web: {en: Website, zh-CN: 网站}", "", 1)
	require.NotEqual(t, changed, byPhoneOnly, "the procedure takes complaints by the web")
	public := body{"procedure": "courier-station", "narrative": "Where is my parcel?", "customer": body{"phone": "13800000000"}}
	r.post("/v1/public/complaints", "", public).is(http.StatusCreated)
	publish(administrator, byPhoneOnly).is(http.StatusCreated)
	require.Equal(t, "no_such_channel", r.post("/v1/public/complaints", "", public).refused(422, "rule_violation")["reason"])

	t.Run("until an administrator re-bases them", func(t *testing.T) {
		r := r.with(t)
		ask := body{"query": body{"procedure": "courier-station", "version": 1}, "target_version": 2, "reason": "New time limits.", "preview": true}
		r.post("/v1/rebase", dispatcher, ask).refused(403, "forbidden")
		preview := r.post("/v1/rebase", administrator, ask).is(200)
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
		require.EqualValues(t, 1, r.get("/v1/complaints/"+number, dispatcher).is(200)["procedure_version"], "a preview changes nothing")

		ask["preview"] = false
		done := r.post("/v1/rebase", administrator, ask).is(200)
		require.Equal(t, true, done["complaints"].([]any)[0].(map[string]any)["done"])
		require.EqualValues(t, 2, r.get("/v1/complaints/"+number, dispatcher).is(200)["procedure_version"])
		require.EqualValues(t, 0, r.post("/v1/rebase", administrator, ask).is(200)["matched"])
		ask["target_version"] = 7
		r.post("/v1/rebase", administrator, ask).refused(422, "rule_violation")
	})
}

func TestSimulationShowsWhatWouldHappenIfNobodyActed(t *testing.T) {
	r, _ := standing(t)
	ask := body{"start": "2026-02-13T09:30:00Z", "registration": body{"category": "operations.mistake"}}
	timeline := r.post("/v1/procedures/courier-station/simulate", dispatcher, ask).is(200)
	require.Equal(t, "Asia/Shanghai", timeline["zone"])
	var fired []string
	for _, one := range timeline["entries"].([]any) {
		if entry := one.(map[string]any); entry["what"] == "rung_fired" && entry["deadline"] == "forward" {
			fired = append(fired, entry["rung"].(string)+" "+entry["local"].(string))
		}
	}
	require.Equal(t, []string{"75% 2026-02-13 18:15 CST", "due 2026-02-13 18:30 CST", "+1h 2026-02-13 19:30 CST", "+4wh 2026-02-14 14:30 CST"}, fired)

	ask["steps"] = []body{{"at": "2026-02-13T09:40:00Z", "by": dispatcher, "step": "screen", "body": body{"kind": "complaint", "valid": true}}}
	problem := r.post("/v1/procedures/courier-station/simulate", dispatcher, ask).refused(400, "invalid_body")
	require.Equal(t, []string{"/steps/0/body/category"}, pointers(problem))
	ask["steps"] = []body{{"at": "2026-02-13T09:40:00Z", "by": "nobody", "step": "note", "body": body{"words": "x"}}}
	r.post("/v1/procedures/courier-station/simulate", dispatcher, ask).refused(422, "rule_violation")
	r.post("/v1/procedures/courier-station/simulate", dispatcher, body{"start": "2026-02-13T09:30:00Z", "until": "2090-01-01T00:00:00Z"}).refused(422, "rule_violation")
	r.post("/v1/procedures/bakery/simulate", dispatcher, body{}).refused(404, "not_found")
}

func TestHeadquartersDrawsASampleAndRecordsWhatItFinds(t *testing.T) {
	r := living(t)
	number := r.register(dispatcher, parcel())
	r.post("/v1/spot-checks", dispatcher, body{"size": 5}).refused(403, "forbidden")
	r.post("/v1/spot-checks", headquarters, body{"size": 500}).refused(400, "invalid_body")
	drawn := r.post("/v1/spot-checks", headquarters, body{"size": 5}).is(http.StatusCreated)
	require.Equal(t, number, drawn["complaints"].([]any)[0].(map[string]any)["number"])
	found := "/v1/spot-checks/" + drawn["id"].(string) + "/findings"
	r.post(found, headquarters, body{"number": number, "finding": "In order."}).is(200)
	r.post(found, headquarters, body{"number": number[:len(number)-6] + "999999", "finding": "x"}).refused(404, "not_found")
	listed := r.get("/v1/spot-checks", auditorPerson).is(200)["spot_checks"].([]any)
	require.Equal(t, "In order.", listed[0].(map[string]any)["complaints"].([]any)[0].(map[string]any)["finding"])
	r.get("/v1/spot-checks", courier).refused(403, "forbidden")

	campaign := body{"name": "Spring", "size": 10, "closes_at": time.Now().Add(24 * time.Hour).UTC().Truncate(time.Second)}
	started := r.post("/v1/campaigns", dispatchHead, campaign).is(http.StatusCreated)
	require.EqualValues(t, 1, started["drawn"])
	require.Equal(t, []string{number}, strs(started["complaints"]))
	require.Equal(t, started["id"], r.post("/v1/campaigns", dispatchHead, campaign).is(http.StatusCreated)["id"])
	require.Len(t, r.get("/v1/campaigns", auditorPerson).is(200)["campaigns"], 1)
	r.post("/v1/campaigns", courier, campaign).refused(403, "forbidden")
	r.get("/v1/campaigns", courier).refused(403, "forbidden")
}

func TestACustomerAnswersACampaignOnceByTheirLink(t *testing.T) {
	r := living(t)
	number := r.register(dispatcher, parcel())
	closes := time.Now().Add(24 * time.Hour).UTC().Truncate(time.Second)
	started := r.post("/v1/campaigns", dispatchHead, body{"name": "Spring", "size": 10, "closes_at": closes}).is(http.StatusCreated)
	require.EqualValues(t, 1, started["asked"])
	messages, err := r.server.store.Messages(t.Context(), number)
	require.NoError(t, err)
	require.Equal(t, "customer_campaign", messages[len(messages)-1].Template)

	issued, err := r.server.store.IssueCampaignLink(t.Context(), number, started["id"].(string), closes)
	require.NoError(t, err)
	token, err := r.server.links.Sign(link.Link{ID: uuid.MustParse(issued.ID), Number: number, Purpose: link.Rate, ExpiresAt: closes})
	require.NoError(t, err)
	path := "/v1/links/" + token

	asked := r.get(path, "").is(200)
	require.Equal(t, []any{"rate", "Spring", false}, []any{asked["purpose"], asked["campaign"], asked["done"]})
	require.Equal(t, phrase.Label(phrase.LinkQuestion, "campaign", asked["language"].(string)), asked["question"])
	r.post(path, "", body{"satisfaction": "enchanted"}).refused(400, "invalid_body")
	require.Equal(t, true, r.post(path, "", body{"satisfaction": "satisfied", "words": "Quick."}).is(200)["done"])
	require.Equal(t, true, r.post(path, "", body{"satisfaction": "satisfied", "words": "Quick."}).is(200)["done"], "sent twice is sent once")
	r.post(path, "", body{"satisfaction": "dissatisfied"}).refused(409, "step_not_allowed")
	require.Equal(t, true, r.get(path, "").is(200)["done"])
	require.Equal(t, "received", r.get("/v1/complaints/"+number, dispatcher).is(200)["stage"], "the complaint isn't touched")

	listed := r.get("/v1/campaigns", auditorPerson).is(200)["campaigns"].([]any)[0].(map[string]any)
	require.EqualValues(t, 1, listed["answered"])
	require.Equal(t, map[string]any{"very_satisfied": 0.0, "satisfied": 1.0, "neutral": 0.0, "dissatisfied": 0.0}, listed["satisfaction"])
	require.Equal(t, []string{"Quick."}, strs(listed["words"]))

	over, err := r.server.store.IssueCampaignLink(t.Context(), number, started["id"].(string), time.Now().Add(-time.Second))
	require.NoError(t, err)
	token, err = r.server.links.Sign(link.Link{ID: uuid.MustParse(over.ID), Number: number, Purpose: link.Rate, ExpiresAt: over.ExpiresAt})
	require.NoError(t, err)
	r.post("/v1/links/"+token, "", body{"satisfaction": "satisfied"}).refused(401, "unauthenticated")
}

func TestOpenMattersAndCasesAreListed(t *testing.T) {
	r := living(t)
	number := r.register(dispatcher, parcel())
	r.take(number, "suspend", dispatcher, body{"kind": "customer-away", "until": time.Now().Add(72 * time.Hour).UTC()})
	matters := r.get("/v1/open-matters", dispatcher).is(200)["open_matters"].([]any)
	require.Equal(t, number, matters[0].(map[string]any)["number"])
	require.Equal(t, "Customer away", matters[0].(map[string]any)["kind_label"])
	require.Len(t, r.get("/v1/complaints?suspended=true", dispatcher).is(200)["complaints"], 1)
	require.Empty(t, r.get("/v1/complaints?suspended=false", dispatcher).is(200)["complaints"])
	require.Empty(t, r.get("/v1/cases", dispatcher).is(200)["cases"])
	r.take(number, "resume", dispatcher, body{})
	require.Empty(t, r.get("/v1/open-matters", dispatcher).is(200)["open_matters"])
}

func TestListIsFiltered(t *testing.T) {
	r := living(t)
	number := r.register(dispatcher, parcel())
	screened := r.register(dispatcher, parcel())
	r.take(screened, "screen", dispatcher, body{"kind": "complaint", "valid": true, "category": "operations.mistake", "severity": "major"})
	for query, want := range map[string][]string{
		"":                          {screened, number},
		"stage=received":            {number},
		"severity=major":            {screened},
		"handler=" + courier:        {screened},
		"department=operations":     {screened},
		"procedure=courier-station": {screened, number},
		"procedure=bakery":          nil,
		"tier_min=1":                nil,
		"overdue=true":              nil,
		"overdue=false":             {screened, number},
		"q=fang":                    {screened, number},
		"q=" + number:               {number},
		"q=nobody":                  nil,
		"received_from=2000-01-01T00:00:00Z&received_to=2001-01-01T00:00:00Z": nil,
	} {
		t.Run(query, func(t *testing.T) {
			var got []string
			for _, one := range r.with(t).get("/v1/complaints?"+query, dispatcher).is(200)["complaints"].([]any) {
				got = append(got, one.(map[string]any)["number"].(string))
			}
			require.Equal(t, want, got)
		})
	}
	page := r.get("/v1/complaints?limit=1", dispatcher).is(200)
	require.Len(t, page["complaints"], 1)
	next := r.get("/v1/complaints?limit=1&cursor="+page["next_cursor"].(string), dispatcher).is(200)
	require.Equal(t, number, next["complaints"].([]any)[0].(map[string]any)["number"])
	require.NotContains(t, next, "next_cursor")
}

func TestRegistrationMayCarryWhatElseIsKnown(t *testing.T) {
	r := living(t)
	said := parcel()
	said["screen"] = body{"kind": "complaint", "valid": true, "category": "operations.mistake"}
	shown := r.post("/v1/complaints", dispatcher, said).is(http.StatusCreated)
	require.Equal(t, "investigating", shown["stage"], "one act")
	r.post("/v1/complaints", courier, said).refused(403, "forbidden")
	onSpot := parcel()
	onSpot["resolve_on_spot"] = body{"done": "Fetched it.", "customer_accepts": true}
	require.Equal(t, "resolved_on_spot", r.post("/v1/complaints", dispatcher, onSpot).is(http.StatusCreated)["outcome"])
	r.post("/v1/complaints", courier, onSpot).refused(403, "forbidden")
}

func TestShippedFilesAreInOrder(t *testing.T) {
	files, err := readShipped()
	require.NoError(t, err)
	entries, err := procedures.Files.ReadDir(".")
	require.NoError(t, err)
	require.Len(t, files.procedures, len(entries)-1, "all but the folder of calendars")
}

func TestARepeatedKeyGetsTheFirstAnswerBesideTheStepsToo(t *testing.T) {
	r := living(t)
	for range 5 {
		r.register(dispatcher, parcel())
	}
	draw := body{"received_from": time.Now().Add(-time.Hour).UTC(), "size": 1}
	key := header{"Idempotency-Key": "spring-check"}
	first := r.post("/v1/spot-checks", headquarters, draw, key).is(http.StatusCreated)
	require.Equal(t, first, r.post("/v1/spot-checks", headquarters, draw, key).is(http.StatusCreated), "drawn once")
	require.Len(t, r.get("/v1/spot-checks", headquarters).is(200)["spot_checks"], 1)
	draw["size"] = 2
	r.post("/v1/spot-checks", headquarters, draw, key).refused(422, "idempotency_mismatch")
	r.post("/v1/spot-checks/"+first["id"].(string)+"/findings", headquarters, body{}, key).refused(422, "idempotency_mismatch")
	require.NotEqual(t, first["id"], r.post("/v1/spot-checks", administrator, draw, key).is(http.StatusCreated)["id"], "everybody has keys of their own")

	t.Run("and so do ten callers at once", func(t *testing.T) {
		r, key := r.with(t), header{"Idempotency-Key": "ten"}
		draws := len(r.get("/v1/spot-checks", headquarters).is(200)["spot_checks"].([]any))
		var answers [10]answer
		var all sync.WaitGroup
		for i := range answers {
			all.Go(func() { answers[i] = r.post("/v1/spot-checks", headquarters, draw, key) })
		}
		all.Wait()
		for _, a := range answers {
			require.Equal(t, http.StatusCreated, a.status, string(a.raw))
			require.JSONEq(t, string(answers[0].raw), string(a.raw))
		}
		require.Len(t, r.get("/v1/spot-checks", headquarters).is(200)["spot_checks"], draws+1)
	})
	t.Run("but a refused one is judged anew", func(t *testing.T) {
		r, key := r.with(t), header{"Idempotency-Key": "away"}
		away := body{"from": time.Now().Add(-2 * time.Hour).UTC(), "until": time.Now().Add(-time.Hour).UTC(), "reason": "ill"}
		r.post("/v1/people/"+courier+"/absences", operationsHead, away, key).refused(422, "rule_violation")
		away["until"] = time.Now().Add(time.Hour).UTC()
		entered := r.post("/v1/people/"+courier+"/absences", operationsHead, away, key).is(http.StatusCreated)
		require.Equal(t, entered, r.post("/v1/people/"+courier+"/absences", operationsHead, away, key).is(http.StatusCreated))
	})

	t.Run("and a file is the same whatever boundary it comes in", func(t *testing.T) {
		r, number := r.with(t), r.register(dispatcher, parcel())
		upload := func(boundary, content string) answer {
			return r.send(http.MethodPost, "/v1/complaints/"+number+"/attachments", dispatcher,
				strings.NewReader("--"+boundary+"\r\nContent-Disposition: form-data; name=\"file\"; filename=\"note.txt\"\r\n\r\n"+content+"\r\n--"+boundary+"--\r\n"),
				header{"Content-Type": "multipart/form-data; boundary=" + boundary, "Idempotency-Key": "photo"})
		}
		kept := upload("first", "Seen at the door.").is(http.StatusCreated)
		require.Equal(t, kept, upload("second", "Seen at the door.").is(http.StatusCreated))
		upload("third", "Something else.").refused(422, "idempotency_mismatch")
		r.post("/v1/complaints/"+number+"/erasure", administrator, body{"requested_by": "customer"}).is(200)
		upload("fourth", "Seen at the door.").refused(422, "idempotency_mismatch")
	})
}
