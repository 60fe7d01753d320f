package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/serviceerror"

	"recourse/internal/complaint"
)

func TestWhatWaitsBesideTheMainCourseShowsInTheInboxAndIsTakenThere(t *testing.T) {
	r := living(t)
	number := r.register(dispatcher, parcel())
	r.take(number, "screen", dispatcher, body{"kind": "complaint", "valid": true, "category": "operations.mistake"})
	r.take(number, "accept", courier, body{})
	r.take(number, "contact", courier, body{"reached": true, "words": "On our way."})
	r.take(number, "find", courier, body{"founded": true, "liability": "department", "cause": "Wrong door.", "cause_code": "mistake"})

	beside := func(person string, headers ...header) (found body) {
		t.Helper()
		require.Eventually(t, func() bool { // it reports to the complaint by itself
			for _, one := range r.get("/v1/tasks", person, headers...).is(200)["tasks"].([]any) {
				if one.(body)["side"] != nil {
					found = one.(body)
				}
			}
			return found != nil
		}, 20*time.Second, 50*time.Millisecond)
		return found
	}
	waits := beside(operationsHead, header{"Accept-Language": "zh-CN"})
	require.Equal(t, body{"number": number, "side": "accountability", "side_id": "1", "side_label": "责任认定", "step": "judgement", "step_label": "责任判定"},
		body{"number": waits["number"], "side": waits["side"], "side_id": waits["side_id"], "side_label": waits["side_label"], "step": waits["step"], "step_label": waits["step_label"]})
	require.NotEmpty(t, waits["due"])
	path := "/v1/complaints/" + number + "/accountability/1/steps/judgement"
	r.post(path, dispatcher, body{"words": "Not mine to judge."}).refused(403, "forbidden")
	r.post("/v1/complaints/"+number+"/accountability/9/steps/judgement", operationsHead, body{"words": "x"}).refused(404, "not_found")
	away := body{"from": time.Now().Add(-time.Minute).UTC(), "until": time.Now().Add(time.Hour).UTC(), "reason": "ill"}
	r.post("/v1/people/"+operationsHead+"/absences", operationsHead, away).is(201)
	require.Equal(t, "judgement", beside(courier)["step"], "it moves to the secondary at once")
	require.Equal(t, []string{"/people/0"}, pointers(r.post(path, courier, body{"people": []string{"nobody-known"}}).refused(422, "rule_violation")))
	require.Equal(t, []string{"/currency"}, pointers(r.post(path, courier, body{"amount": "200.00"}).refused(422, "rule_violation")))
	taken := r.post(path, courier, body{"people": []string{courier}, "amount": "200.00", "currency": "CNY", "code": "penalty", "words": "The sorting belt's fault."}).is(200)
	require.Equal(t, "review", taken["state"])
	require.Equal(t, "review", beside(deputyManager)["step"])
	review := "/v1/complaints/" + number + "/accountability/1/steps/review"
	require.Equal(t, []string{"/agrees"}, pointers(r.post(review, deputyManager, body{"words": "Hm."}).refused(422, "rule_violation")))
	require.Equal(t, "report", r.post(review, deputyManager, body{"agrees": true}).is(200)["state"], "nothing is disputed, so nothing is settled")
	require.Empty(t, r.get("/v1/tasks?person="+operationsHead, auditorPerson).is(200)["tasks"], "judged; nothing else waits for them")

	t.Run("and once it is over, what was taken is answered as before, and nothing else is taken", func(t *testing.T) {
		r := r.with(t)
		side := func() body { return r.get("/v1/complaints/"+number, auditorPerson).is(200)["sides"].([]any)[0].(body) }
		take := func(step, person, key, words string) answer {
			return r.post("/v1/complaints/"+number+"/accountability/1/steps/"+step, person, body{"words": words}, header{"Idempotency-Key": key})
		}
		reaches := func(state string) { // the complaint hears of it by itself
			t.Helper()
			require.Eventually(t, func() bool { return side()["state"] == state }, 20*time.Second, 50*time.Millisecond)
		}
		reaches("report")
		require.Equal(t, "enforcement", take("report", side()["person"].(string), "first", "Told the manager.").is(200)["state"])
		reaches("enforcement")
		person := side()["person"].(string)
		last := take("enforcement", person, "last", "Paid.").is(200)
		require.Equal(t, complaint.SideDone, last["state"])
		reaches(complaint.SideDone)
		r.server.lives = &lives{temporal: &stand{says: func(string, complaint.Step) (complaint.Result, error) {
			return complaint.Result{}, serviceerror.NewNotFound("workflow execution already completed")
		}}, patience: patience}
		require.Equal(t, last, take("enforcement", person, "last", "Paid.").is(200))
		take("enforcement", person, "another", "Paid again.").refused(404, "not_found") // their part is over, too
		take("enforcement", dispatcher, "another", "Paid again.").refused(409, "closed")
	})
}

func TestStepOfAProcessThatHasJustBegunMayBeRepeated(t *testing.T) {
	r := living(t)
	number := r.register(dispatcher, parcel())
	r.take(number, "screen", dispatcher, body{"kind": "complaint", "valid": true, "category": "operations.mistake"})
	r.take(number, "accept", courier, body{})
	r.take(number, "contact", courier, body{"reached": true, "words": "On our way."})
	r.take(number, "find", courier, body{"founded": true, "liability": "department", "cause": "Wrong door.", "cause_code": "mistake"})
	r.server.lives = &lives{temporal: &stand{says: func(string, complaint.Step) (complaint.Result, error) {
		return complaint.Result{}, serviceerror.NewNotFound("workflow not found")
	}}, patience: patience}
	r.post("/v1/complaints/"+number+"/accountability/1/steps/judgement", operationsHead, body{"words": "x"}).refused(503, "unavailable")
}
