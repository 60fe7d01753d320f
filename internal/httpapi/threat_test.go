package httpapi_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/rig"
)

// Of the people of the courier station: chen-jing has no part in what operations handles; the
// leader keeps watch.
const (
	leader       = "xu-mei"
	serviceClerk = "chen-jing"
	threatWords  = "He said that he would come and burn the station down."
)

func TestThreatNamesPeopleOfTheDirectory(t *testing.T) {
	r := rig.Living(t)
	stranger := body{"at_risk": []string{serviceClerk, "nobody"}}
	said := rig.Parcel()
	said["threat"] = stranger
	require.Equal(t, []string{"/threat/at_risk/1"}, rig.Pointers(r.Post("/v1/complaints", rig.Dispatcher, said).Refused(422, "rule_violation")))

	number := r.Register(rig.Dispatcher, rig.Parcel())
	problem := r.Post("/v1/complaints/"+number+"/steps/note", rig.Dispatcher, body{"words": threatWords, "threat": stranger}).Refused(422, "rule_violation")
	require.Equal(t, []string{"/threat/at_risk/1"}, rig.Pointers(problem))

	public := body{"procedure": "courier-station", "narrative": "x", "customer": body{"phone": "13800000000"}, "threat": body{}}
	r.Post("/v1/public/complaints", "", public).Refused(400, "invalid_body")
}

func TestWhoeverKeepsWatchHasItInTheirInboxAndSeesTheComplaint(t *testing.T) {
	r := rig.Living(t)
	said := rig.Parcel()
	said["subjects"] = []string{rig.SecondCourier}
	number := r.Register(rig.Dispatcher, said)
	tasks := func(person string) (labels []string) {
		for _, task := range r.Get("/v1/tasks", person, header{"Accept-Language": "zh-CN"}).Is(200)["tasks"].([]any) {
			if task := task.(map[string]any); task["detail"] == "watch" {
				labels = append(labels, task["number"].(string)+" "+task["step"].(string)+" "+task["step_label"].(string))
			}
		}
		return labels
	}
	r.Get("/v1/complaints/"+number, leader).Refused(404, "not_found")
	require.Empty(t, tasks(leader))

	heard := body{"words": threatWords, "threat": body{"at_risk": []string{rig.SecondCourier, serviceClerk}}}
	r.Take(number, "note", rig.Dispatcher, heard)
	r.Take(number, "note", rig.Dispatcher, heard) // he says it again
	require.Equal(t, []string{number + " note 关注"}, tasks(leader), "one task, however often")
	require.Equal(t, []string{number + " note 关注"}, tasks(rig.OperationsHead))
	seen := r.Get("/v1/complaints/"+number, leader).Is(200)
	require.Equal(t, []any{rig.SecondCourier, serviceClerk}, seen["threat"].(map[string]any)["at_risk"])
	listed := r.Get("/v1/complaints", leader).Is(200)["complaints"].([]any)
	require.Len(t, listed, 1)
	r.Get("/v1/complaints/"+number, rig.SecondCourier).Refused(404, "not_found")
	r.Get("/v1/complaints/"+number, serviceClerk).Refused(404, "not_found")

	var told []string
	for _, sent := range r.Get("/v1/complaints/"+number+"/messages", rig.Dispatcher).Is(200)["messages"].([]any) {
		if m := sent.(map[string]any); m["to"].(map[string]any)["id"] != "customer" {
			told = append(told, m["to"].(map[string]any)["id"].(string)+" "+m["template"].(string))
		}
	}
	once := []string{leader + " threat_watch", rig.OperationsHead + " threat_watch", rig.SecondCourier + " safety_warning", serviceClerk + " threat_warned", rig.DispatchHead + " threat_warned"}
	require.ElementsMatch(t, append(once, once...), told, "told at once, and each time")

	var sentences []string
	for _, event := range r.Get("/v1/complaints/"+number+"/events?limit=200", leader).Is(200)["events"].([]any) {
		if e := event.(map[string]any); e["what"] == "threat_announced" {
			sentences = append(sentences, e["text"].(string))
		}
	}
	require.Equal(t, []string{"The customer announced drastic acts. Keeping watch: Xu Mei, Yang Fan.", "The customer announced drastic acts. Keeping watch: Xu Mei, Yang Fan."}, sentences)

	r.Take(number, "withdraw", rig.Dispatcher, body{"asked_by": "phone", "reason": "It came."})
	require.Empty(t, tasks(leader), "the watch ends with the complaint")
}
