package httpapi_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/serviceerror"

	"recourse/internal/casework"
	"recourse/internal/complaint"
	"recourse/internal/rig"
)

// First review: D8.
func TestWhatWaitsBesideTheMainCourseShowsInTheInboxAndIsTakenThere(t *testing.T) {
	r := rig.Living(t)
	number := r.Register(rig.Dispatcher, rig.Parcel())
	r.Take(number, "screen", rig.Dispatcher, body{"kind": "complaint", "valid": true, "category": "operations.mistake"})
	r.Take(number, "accept", rig.Courier, body{})
	r.Take(number, "contact", rig.Courier, body{"reached": true, "words": "On our way."})
	r.Take(number, "find", rig.Courier, body{"founded": true, "liability": "department", "cause": "Wrong door.", "cause_code": "mistake"})

	beside := func(person string, headers ...header) (found body) {
		t.Helper()
		require.Eventually(t, func() bool { // it reports to the complaint by itself
			for _, one := range r.Get("/v1/tasks", person, headers...).Is(200)["tasks"].([]any) {
				if one.(body)["side"] != nil {
					found = one.(body)
				}
			}
			return found != nil
		}, 20*time.Second, 50*time.Millisecond)
		return found
	}
	waits := beside(rig.OperationsHead, header{"Accept-Language": "zh-CN"})
	require.Equal(t, body{"number": number, "side": "accountability", "side_id": "1", "side_label": "责任认定", "step": "judgement", "step_label": "责任判定"},
		body{"number": waits["number"], "side": waits["side"], "side_id": waits["side_id"], "side_label": waits["side_label"], "step": waits["step"], "step_label": waits["step_label"]})
	require.NotEmpty(t, waits["due"])
	path := "/v1/complaints/" + number + "/accountability/1/steps/judgement"
	r.Post(path, rig.Dispatcher, body{"words": "Not mine to judge."}).Refused(403, "forbidden")
	r.Post("/v1/complaints/"+number+"/accountability/9/steps/judgement", rig.OperationsHead, body{"words": "x"}).Refused(404, "not_found")
	away := body{"from": time.Now().Add(-time.Minute).UTC(), "until": time.Now().Add(time.Hour).UTC(), "reason": "ill"}
	r.Post("/v1/people/"+rig.OperationsHead+"/absences", rig.OperationsHead, away).Is(201)
	require.Equal(t, "judgement", beside(rig.Courier)["step"], "it moves to the secondary at once")
	require.Equal(t, []string{"/people/0"}, rig.Pointers(r.Post(path, rig.Courier, body{"people": []string{"nobody-known"}}).Refused(422, "rule_violation")))
	require.Equal(t, []string{"/currency"}, rig.Pointers(r.Post(path, rig.Courier, body{"amount": "200.00"}).Refused(422, "rule_violation")))
	taken := r.Post(path, rig.Courier, body{"people": []string{rig.Courier}, "amount": "200.00", "currency": "CNY", "code": "bonus", "words": "The sorting belt's fault."}).Is(200)
	require.Equal(t, "review", taken["state"])
	recorded := r.Get("/v1/complaints/"+number+"/events?limit=200", rig.Auditor).Is(200)["events"].([]any)
	require.Contains(t, fmt.Sprint(recorded), "taken_by:"+rig.Courier, "when it is answered, the record has it")
	require.Equal(t, "review", beside(rig.DeputyManager)["step"])
	review := "/v1/complaints/" + number + "/accountability/1/steps/review"
	require.Equal(t, []string{"/agrees"}, rig.Pointers(r.Post(review, rig.DeputyManager, body{"words": "Hm."}).Refused(422, "rule_violation")))
	require.Equal(t, "report", r.Post(review, rig.DeputyManager, body{"agrees": true}).Is(200)["state"], "nothing is disputed, so nothing is settled")
	require.Empty(t, r.Get("/v1/tasks?person="+rig.OperationsHead, rig.Auditor).Is(200)["tasks"], "judged; nothing else waits for them")

	t.Run("and once it is over, what was taken is answered as before, and nothing else is taken", func(t *testing.T) {
		r := r.With(t)
		side := func() body { return r.Get("/v1/complaints/"+number, rig.Auditor).Is(200)["sides"].([]any)[0].(body) }
		take := func(step, person, key, words string) rig.Answer {
			return r.Post("/v1/complaints/"+number+"/accountability/1/steps/"+step, person, body{"words": words}, header{"Idempotency-Key": key})
		}
		reaches := func(state string) { // the complaint hears of it by itself
			t.Helper()
			require.Eventually(t, func() bool { return side()["state"] == state }, 20*time.Second, 50*time.Millisecond)
		}
		reaches("report")
		require.Equal(t, "enforcement", take("report", side()["person"].(string), "first", "Told the manager.").Is(200)["state"])
		reaches("enforcement")
		person := side()["person"].(string)
		last := take("enforcement", person, "last", "Paid.").Is(200)
		require.Equal(t, complaint.SideDone, last["state"])
		reaches(complaint.SideDone)
		r.Office.Lives = &casework.Lives{Temporal: &rig.Stand{Says: func(string, complaint.Step) (complaint.Result, error) {
			return complaint.Result{}, serviceerror.NewNotFound("workflow execution already completed")
		}}, Patience: casework.UsualPatience}
		require.Equal(t, last, take("enforcement", person, "last", "Paid.").Is(200))
		take("enforcement", person, "another", "Paid again.").Refused(404, "not_found") // their part is over, too
		take("enforcement", rig.Dispatcher, "another", "Paid again.").Refused(409, "closed")
	})
}

func TestStepOfAProcessThatHasJustBegunMayBeRepeated(t *testing.T) {
	r := rig.Living(t)
	number := r.Register(rig.Dispatcher, rig.Parcel())
	r.Take(number, "screen", rig.Dispatcher, body{"kind": "complaint", "valid": true, "category": "operations.mistake"})
	r.Take(number, "accept", rig.Courier, body{})
	r.Take(number, "contact", rig.Courier, body{"reached": true, "words": "On our way."})
	r.Take(number, "find", rig.Courier, body{"founded": true, "liability": "department", "cause": "Wrong door.", "cause_code": "mistake"})
	r.Office.Lives = &casework.Lives{Temporal: &rig.Stand{Says: func(string, complaint.Step) (complaint.Result, error) {
		return complaint.Result{}, serviceerror.NewNotFound("workflow not found")
	}}, Patience: casework.UsualPatience}
	r.Post("/v1/complaints/"+number+"/accountability/1/steps/judgement", rig.OperationsHead, body{"words": "x"}).Refused(503, "unavailable")
}
