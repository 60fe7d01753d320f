package httpapi_test

import (
	"context"
	"maps"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/deploy/stack"
	"recourse/internal/casework"
	"recourse/internal/complaint"
	"recourse/internal/rig"
)

// First review: I1.
func TestWhistleblowingOnTheWebIsClosedBeforeAnybodyHasScreenedIt(t *testing.T) {
	r := rig.Living(t)
	living := r.Office.Lives
	web := body{"procedure": "courier-station", "kind": "whistleblowing", "narrative": "Somebody takes money at the depot.", "customer": body{"email": "x@example.com"}}
	phone := rig.Parcel()
	phone["kind"] = "whistleblowing"
	named := []string{"xu-mei", rig.OperationsHead, rig.DeputyManager}
	closed := func(t *testing.T, r *rig.Rig, number string) {
		t.Helper()
		for _, person := range named {
			require.Equal(t, "whistleblowing", r.Get("/v1/complaints/"+number, person).Is(http.StatusOK)["kind"])
		}
		for _, person := range []string{rig.Dispatcher, "wang-wei", rig.DispatchHead, "ma-chao", rig.Auditor, rig.Headquarters, rig.Administrator, rig.Courier} {
			r.Get("/v1/complaints/"+number, person).Refused(http.StatusNotFound, "not_found")
			require.Empty(t, r.Get("/v1/complaints?limit=200", person).Is(http.StatusOK)["complaints"], person)
			r.Post("/v1/complaints/"+number+"/steps/screen", person, body{"kind": "enquiry", "valid": true, "category": "service"}).Refused(http.StatusNotFound, "not_found")
		}
	}
	ways := map[string]func(*rig.Rig) rig.Answer{
		"on the web": func(r *rig.Rig) rig.Answer { return r.Post("/v1/public/complaints", "", web) },
		"by phone":   func(r *rig.Rig) rig.Answer { return r.Post("/v1/complaints", rig.Dispatcher, phone) },
	}
	for way, register := range ways {
		t.Run(way, func(t *testing.T) {
			r := r.With(t)
			closed(t, r, register(r).Is(http.StatusCreated)["number"].(string))
		})
		t.Run(way+" while Temporal is away", func(t *testing.T) {
			r := r.With(t)
			r.Office.Lives = &casework.Lives{Temporal: rig.QuietClient(t, "127.0.0.1:1", stack.Namespace(t)), TaskQueue: living.TaskQueue, Namespace: living.Namespace, Patience: 200 * time.Millisecond}
			t.Cleanup(func() { r.Office.Lives = living })
			number := register(r).Is(http.StatusAccepted)["number"].(string)
			closed(t, r, number)
			r.Office.Lives = living
			relaying, stop := context.WithCancel(t.Context())
			var relay sync.WaitGroup
			relay.Go(func() { r.Office.Relay(relaying) })
			require.Eventually(t, func() bool {
				return r.Get("/v1/complaints/"+number, rig.DeputyManager).Is(http.StatusOK)["source"] != "submission"
			}, 20*time.Second, 50*time.Millisecond)
			stop()
			relay.Wait()
			closed(t, r, number)
		})
	}
}

// First review: I3.
func TestAComplaintAboutSomebodyNeverGoesToThem(t *testing.T) {
	r := rig.Living(t)
	said := func(more body) body {
		whole := body{"procedure": "courier-station", "narrative": "He shouted at me.", "category": "operations.mistake", "customer": body{"email": "x@example.com"}}
		maps.Copy(whole, more)
		return whole
	}
	ids := func(people any) []string {
		all := []string{}
		list, _ := people.([]any)
		for _, person := range list {
			all = append(all, person.(body)["id"].(string))
		}
		return all
	}
	screen := body{"kind": "complaint", "valid": true, "category": "operations.mistake"}
	for name, way := range map[string]struct {
		said                body
		subjects, mentioned []string
	}{
		"named by the customer":          {said(body{"subjects": []string{"Zhao Lei"}}), []string{rig.Courier}, []string{}},
		"named so in Chinese":            {said(body{"subjects": []string{"赵磊"}}), []string{rig.Courier}, []string{}},
		"named by what the slip says":    {said(body{"subjects": []string{rig.Courier}}), []string{rig.Courier}, []string{}},
		"named together with a stranger": {said(body{"subjects": []string{"Nobody Known", "Zhao Lei"}}), []string{rig.Courier}, []string{}},
		"named in the words":             {said(body{"narrative": "赵师傅骂了我。"}), []string{}, []string{rig.Courier}},
		"named in the form":              {said(body{"fields": body{"waybill": "SF1234567890"}, "remedy_asked": "Zhao Lei is to apologise"}), []string{}, []string{rig.Courier}},
	} {
		t.Run(name, func(t *testing.T) {
			r := r.With(t)
			number := r.Post("/v1/public/complaints", "", way.said).Is(http.StatusCreated)["number"].(string)
			r.Get("/v1/complaints/"+number, rig.Courier).Refused(http.StatusNotFound, "not_found")
			shown := r.Get("/v1/complaints/"+number, rig.Dispatcher).Is(http.StatusOK)
			require.Equal(t, way.subjects, ids(shown["subjects"]))
			require.Equal(t, way.mentioned, ids(shown["mentioned"]), "offered to who screens")
			judged := maps.Clone(screen)
			if len(way.mentioned) > 0 {
				judged["subjects"] = way.mentioned
			}
			r.Take(number, "screen", rig.Dispatcher, judged)
			shown = r.Get("/v1/complaints/"+number, rig.Dispatcher).Is(http.StatusOK)
			require.Equal(t, []string{rig.Courier}, ids(shown["subjects"]))
			require.Empty(t, shown["mentioned"])
			require.Equal(t, rig.SecondCourier, shown["people"].(body)["handler"].(body)["id"])
			r.Get("/v1/complaints/"+number, rig.Courier).Refused(http.StatusNotFound, "not_found")
			require.NotContains(t, string(r.Get("/v1/tasks?limit=200", rig.Courier).Raw), number)
		})
	}
	t.Run("by an employee", func(t *testing.T) {
		r := r.With(t)
		parcel := rig.Parcel()
		parcel["narrative"] = "Zhao Lei left it at the wrong door."
		number := r.Register(rig.Dispatcher, parcel)
		r.Get("/v1/complaints/"+number, rig.Courier).Refused(http.StatusNotFound, "not_found")
		r.Take(number, "screen", rig.Dispatcher, screen)
		require.Equal(t, rig.Courier, r.Get("/v1/complaints/"+number, rig.Courier).Is(http.StatusOK)["people"].(body)["handler"].(body)["id"], "mentioned, and not complained about")
	})
	t.Run("who screens says so of somebody else only", func(t *testing.T) {
		r := r.With(t)
		number := r.Register(rig.Dispatcher, rig.Parcel())
		about := maps.Clone(screen)
		about["subjects"] = []string{rig.Dispatcher}
		r.Post("/v1/complaints/"+number+"/steps/screen", rig.Dispatcher, about).Refused(http.StatusForbidden, "conflict_of_interest")
		about["subjects"] = []string{"nobody-known"}
		require.Equal(t, []string{"/subjects/0"}, rig.Pointers(r.Post("/v1/complaints/"+number+"/steps/screen", rig.Dispatcher, about).Refused(http.StatusUnprocessableEntity, "rule_violation")))
		about["subjects"] = []string{rig.Dispatcher}
		r.Take(number, "screen", "wang-wei", about)
		r.Get("/v1/complaints/"+number, rig.Dispatcher).Refused(http.StatusNotFound, "not_found")
	})
}

// First review: I6.
func TestASettlementOnTheSpotKeepsToTheAuthorityRules(t *testing.T) {
	r := rig.Living(t)
	settled := func(amount string) body {
		return body{"done": "Refunded at the counter.", "customer_accepts": true, "remedies": []body{{"kind": "refund", "amount": amount, "currency": "CNY"}}}
	}
	number := r.Register(rig.Dispatcher, rig.Parcel())
	path := "/v1/complaints/" + number + "/steps/resolve-on-spot"
	refused := r.Post(path, rig.Dispatcher, settled("5000.00")).Refused(http.StatusUnprocessableEntity, "rule_violation")
	require.Equal(t, "approval_needed", refused["reason"])
	require.Equal(t, []string{"/remedies"}, rig.Pointers(refused))
	require.Equal(t, []string{"/remedies/0/currency"}, rig.Pointers(r.Post(path, rig.Dispatcher,
		body{"done": "x", "customer_accepts": true, "remedies": []body{{"kind": "refund", "amount": "5.00", "currency": "EUR"}}}).Refused(http.StatusUnprocessableEntity, "rule_violation")))
	require.Equal(t, "received", r.Get("/v1/complaints/"+number, rig.Dispatcher).Is(http.StatusOK)["stage"])

	atOnce := rig.Parcel()
	atOnce["resolve_on_spot"] = settled("5000.00")
	require.Equal(t, []string{"/resolve_on_spot/remedies"}, rig.Pointers(r.Post("/v1/complaints", rig.Dispatcher, atOnce).Refused(http.StatusUnprocessableEntity, "rule_violation")))
	atOnce["resolve_on_spot"] = body{"done": "Said sorry.", "customer_accepts": true, "remedies": []body{{"kind": "apology"}}}
	require.Equal(t, "resolved_on_spot", r.Post("/v1/complaints", rig.Dispatcher, atOnce).Is(http.StatusCreated)["outcome"])
}

// Whoever writes to us may name everybody, in the words or as those complained about: somebody has
// it all the same.
func TestAComplaintThatNamesEverybodyIsSeenBySomebody(t *testing.T) {
	r := rig.Living(t)
	people := r.Office.People("courier-station").People
	named := func(ids ...string) (names []string) {
		for _, id := range ids {
			names = append(names, people[complaint.PersonID(id)].Name.English)
		}
		return names
	}
	var everybody []string
	for id := range people {
		everybody = append(everybody, string(id))
	}
	ten := []string{"li-na", "wang-wei", "zhang-min", "xu-mei", "sun-hao", "ma-chao", "zhu-ling", "hu-bin", "yang-fan", "liu-yang"}
	for _, row := range []struct {
		name string
		said body
		by   string
	}{
		{"all are mentioned", body{"narrative": "All of them shouted at me: " + strings.Join(named(everybody...), ", ")}, rig.Headquarters},
		{"ten are complained about", body{"narrative": "They shouted at me.", "subjects": named(ten...)}, rig.Courier},
		{"ten are complained about, and all others mentioned", body{"narrative": strings.Join(named(everybody...), ", "), "subjects": named(ten...)}, rig.Courier},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := r.With(t)
			row.said["procedure"], row.said["customer"] = "courier-station", body{"email": "fang.jing@example.com"}
			registered := r.Post("/v1/public/complaints", "", row.said)
			require.Contains(t, []int{http.StatusCreated, http.StatusAccepted}, registered.Status, string(registered.Raw))
			number := registered.JSON()["number"].(string)
			require.Eventually(t, func() bool { return r.Get("/v1/complaints/"+number+"?source=workflow", row.by).Status == http.StatusOK }, time.Minute, time.Second)
			require.Contains(t, rig.Strings(r.Get("/v1/complaints/"+number, row.by).Is(http.StatusOK)["allowed_steps"]), "screen")
			require.Contains(t, string(r.Get("/v1/tasks", row.by).Raw), number)
			if row.by == rig.Headquarters {
				for _, other := range everybody {
					if other != row.by {
						r.Get("/v1/complaints/"+number, other).Refused(http.StatusNotFound, "not_found")
					}
				}
			}
		})
	}
}

// Where nobody is left at all, those hear of it by its number who can give somebody a duty.
func TestAdministratorsAreToldTheNumberOfAComplaintThatNobodyMaySee(t *testing.T) {
	r, _ := rig.Standing(t)
	number := r.Register(rig.Dispatcher, rig.Parcel())
	missing := func(administrator string) string { return string(r.Get("/v1/in-force", administrator).Raw) }
	r.SQL(`UPDATE complaints SET standing = 'live'`)
	require.NotContains(t, missing(rig.Administrator), number)
	all := `ARRAY['li-na', 'wang-wei', 'zhang-min', 'xu-mei', 'sun-hao', 'ma-chao', 'zhu-ling', 'hu-bin', 'yang-fan', 'liu-yang', 'chen-jing', 'zhao-lei', 'huang-li', 'wu-gang']`
	r.SQL(`UPDATE complaints SET subjects = ` + all)
	require.Contains(t, missing(rig.Administrator), "Nobody may see to "+number)
	require.NotContains(t, missing("wu-gang"), number, "an administrator whom it is about")
	r.SQL(`UPDATE complaints SET participants = ARRAY['zhou-jie']`)
	require.NotContains(t, missing(rig.Administrator), number, "somebody is left")
	r.SQL(`UPDATE complaints SET subjects = '{}', seen_by = ARRAY['somebody-who-left']`)
	require.Contains(t, missing(rig.Administrator), number, "closed to those alone who are gone")
}
