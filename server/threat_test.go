package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/api"
	"recourse/internal/complaint"
)

// Of the people of the courier station: chen-jing has no part in what operations handles; the leader keeps watch.
const (
	leader       = "xu-mei"
	serviceClerk = "chen-jing"
	threatWords  = "He said that he would come and burn the station down."
)

func TestThreatIsReadFromEveryStepByWhichPeopleHearFromTheCustomer(t *testing.T) {
	bodies, err := api.NewBodies()
	require.NoError(t, err)
	for step, said := range map[complaint.StepName]string{
		complaint.Contact:  `{"reached":true,`,
		complaint.Inform:   `{"proposal_revision":1,`,
		complaint.Verify:   `{"satisfied":true,`,
		complaint.CallBack: `{"reached":false,`,
		complaint.Note:     `{"words":"canary",`,
	} {
		read, err := readStep(bodies, step, []byte(said+`"threat":{"at_risk":["chen-jing"]}}`))
		require.NoError(t, err, step)
		require.Equal(t, &complaint.ThreatHeard{AtRisk: []complaint.PersonID{serviceClerk}}, read.facts.Threat, step)
		read, err = readStep(bodies, step, []byte(said+`"threat":{}}`))
		require.NoError(t, err, step)
		require.Equal(t, &complaint.ThreatHeard{}, read.facts.Threat, "nobody in particular is at risk")

		_, err = readStep(bodies, step, []byte(said+`"threat":{"at_risk":["he will burn it"],"words":"canary"}}`))
		var wrong *api.BodyError
		require.ErrorAs(t, err, &wrong, "no words, and people by their IDs")
		require.Len(t, wrong.Mistakes, 2)
	}
	_, err = readStep(bodies, complaint.Approve, []byte(`{"threat":{}}`))
	var wrong *api.BodyError
	require.ErrorAs(t, err, &wrong, "who approves hears nothing from the customer")
}

func TestThreatNamesPeopleOfTheDirectory(t *testing.T) {
	r := living(t)
	stranger := body{"at_risk": []string{serviceClerk, "nobody"}}
	said := parcel()
	said["threat"] = stranger
	require.Equal(t, []string{"/threat/at_risk/1"}, pointers(r.post("/v1/complaints", dispatcher, said).refused(422, "rule_violation")))

	number := r.register(dispatcher, parcel())
	problem := r.post("/v1/complaints/"+number+"/steps/note", dispatcher, body{"words": threatWords, "threat": stranger}).refused(422, "rule_violation")
	require.Equal(t, []string{"/threat/at_risk/1"}, pointers(problem))

	public := body{"procedure": "courier-station", "narrative": "x", "customer": body{"phone": "13800000000"}, "threat": body{}}
	r.post("/v1/public/complaints", "", public).refused(400, "invalid_body")
}

func TestWhoeverKeepsWatchHasItInTheirInboxAndSeesTheComplaint(t *testing.T) {
	r := living(t)
	said := parcel()
	said["subjects"] = []string{secondCourier}
	number := r.register(dispatcher, said)
	tasks := func(person string) (labels []string) {
		for _, task := range r.get("/v1/tasks", person, header{"Accept-Language": "zh-CN"}).is(200)["tasks"].([]any) {
			if task := task.(map[string]any); task["detail"] == "watch" {
				labels = append(labels, task["number"].(string)+" "+task["step"].(string)+" "+task["step_label"].(string))
			}
		}
		return labels
	}
	r.get("/v1/complaints/"+number, leader).refused(404, "not_found")
	require.Empty(t, tasks(leader))

	heard := body{"words": threatWords, "threat": body{"at_risk": []string{secondCourier, serviceClerk}}}
	r.take(number, "note", dispatcher, heard)
	r.take(number, "note", dispatcher, heard) // he says it again
	require.Equal(t, []string{number + " note 关注"}, tasks(leader), "one task, however often")
	require.Equal(t, []string{number + " note 关注"}, tasks(operationsHead))
	seen := r.get("/v1/complaints/"+number, leader).is(200)
	require.Equal(t, []any{secondCourier, serviceClerk}, seen["threat"].(map[string]any)["at_risk"])
	listed := r.get("/v1/complaints", leader).is(200)["complaints"].([]any)
	require.Len(t, listed, 1)
	r.get("/v1/complaints/"+number, secondCourier).refused(404, "not_found")
	r.get("/v1/complaints/"+number, serviceClerk).refused(404, "not_found")

	var told []string
	for _, sent := range r.get("/v1/complaints/"+number+"/messages", dispatcher).is(200)["messages"].([]any) {
		if m := sent.(map[string]any); m["to"].(map[string]any)["id"] != "customer" {
			told = append(told, m["to"].(map[string]any)["id"].(string)+" "+m["template"].(string))
		}
	}
	once := []string{leader + " threat_watch", operationsHead + " threat_watch", secondCourier + " safety_warning", serviceClerk + " threat_warned", dispatchHead + " threat_warned"}
	require.ElementsMatch(t, append(once, once...), told, "told at once, and each time")

	var sentences []string
	for _, event := range r.get("/v1/complaints/"+number+"/events?limit=200", leader).is(200)["events"].([]any) {
		if e := event.(map[string]any); e["what"] == "threat_announced" {
			sentences = append(sentences, e["text"].(string))
		}
	}
	require.Equal(t, []string{"The customer announced drastic acts. Keeping watch: Xu Mei, Yang Fan.", "The customer announced drastic acts. Keeping watch: Xu Mei, Yang Fan."}, sentences)

	r.take(number, "withdraw", dispatcher, body{"asked_by": "phone", "reason": "It came."})
	require.Empty(t, tasks(leader), "the watch ends with the complaint")
}
