package httpapi_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/rig"
)

func TestStepsBringTheWordsThatTheyOwe(t *testing.T) {
	r, _ := rig.Standing(t)
	number := r.Register(rig.Dispatcher, rig.Parcel())
	for name, c := range map[string]struct {
		step    string
		said    body
		pointer string
	}{
		"invalid without a reason":                  {"screen", body{"kind": "complaint", "valid": false, "category": "operations.mistake"}, "/reason"},
		"a visit approved without saying which":     {"approve", body{"matter": "visit"}, "/number"},
		"a suspension refused without saying which": {"refuse", body{"matter": "suspension", "reason": "Not yet."}, "/number"},
		"explained without words":                   {"explain", body{"contested": false}, "/words"},
		"answered without words":                    {"close", body{"outcome": "answered"}, "/words"},
		"worth a case study without a draft":        {"assess", body{"case_value": true, "words": "Worth it."}, "/draft"},
		"unresolved without a final reply":          {"close", body{"outcome": "unresolved", "words": "Sorry."}, "/final_reply"},
		"a note of nothing but white space":         {"note", body{"words": " \n\t　"}, "/words"},
	} {
		t.Run(name, func(t *testing.T) {
			problem := r.With(t).Post("/v1/complaints/"+number+"/steps/"+c.step, rig.Dispatcher, c.said).Refused(http.StatusBadRequest, "invalid_body")
			require.Equal(t, []string{c.pointer}, rig.Pointers(problem))
		})
	}
	r.Take(number, "close", rig.Dispatcher, body{"outcome": "referred", "words": "This is the customs office's."})
	carried := rig.Parcel()
	carried["screen"] = body{"kind": "complaint", "valid": false, "category": "operations.mistake"}
	require.Equal(t, []string{"/screen/reason"}, rig.Pointers(r.Post("/v1/complaints", rig.Dispatcher, carried).Refused(http.StatusBadRequest, "invalid_body")))
	ahead := rig.Parcel()
	ahead["happened_at"] = time.Now().Add(time.Hour).UTC()
	require.Equal(t, []string{"/happened_at"}, rig.Pointers(r.Post("/v1/complaints", rig.Dispatcher, ahead).Refused(422, "rule_violation")))
	longAgo := rig.Parcel()
	longAgo["heard_at"] = time.Now().AddDate(-1, 0, -1).UTC()
	refused := r.Post("/v1/complaints", rig.Dispatcher, longAgo).Refused(422, "rule_violation")
	require.Equal(t, []string{"/heard_at"}, rig.Pointers(refused))
	require.Equal(t, "heard_long_ago", refused["reason"])
	r.PostRaw("/v1/complaints/"+number+"/steps/note", rig.Dispatcher, `{"words":"half \ud83d of it"}`).Refused(http.StatusBadRequest, "invalid_body")
	r.PostRaw("/v1/complaints/"+number+"/steps/note", rig.Dispatcher, `{"words":"whole \ud83d\ude00 of it, and a \\ud83d"}`).Is(http.StatusOK)
}

func TestRefusalNamesWhatIsWrongAndNothingElse(t *testing.T) {
	r, _ := rig.Standing(t)
	number := r.Register(rig.Dispatcher, rig.Parcel())
	find := body{"founded": true, "liability": "customer", "people": []string{rig.Courier}}
	propose := func(amount, currency string) body {
		return body{"time_limit": time.Now().Add(time.Hour).UTC(), "remedies": []body{{"kind": "refund", "amount": amount, "currency": currency}}}
	}
	for name, c := range map[string]struct {
		step    string
		said    body
		reason  string
		pointer string
	}{
		"people where the customer is liable": {"find", find, "people_without_department", "/people"},
		"a cause that the procedure hasn't":   {"find", body{"founded": true, "liability": "customer", "cause_code": "moon"}, "no_such_cause", "/cause_code"},
		"three decimals":                      {"propose", propose("5.001", "CNY"), "bad_amount", "/remedies/0/amount"},
		"settled without the customer":        {"resolve-on-spot", body{"done": "Fetched.", "customer_accepts": false}, "not_accepted_by_customer", "/customer_accepts"},
		"implemented and not done":            {"implement", body{"done": false, "result": "x"}, "not_done", "/done"},
		"another currency":                    {"propose", propose("5", "EUR"), "other_currency", "/remedies/0/currency"},
	} {
		t.Run(name, func(t *testing.T) {
			problem := r.With(t).Post("/v1/complaints/"+number+"/steps/"+c.step, rig.Dispatcher, c.said).Refused(422, "rule_violation")
			require.Equal(t, c.reason, problem["reason"])
			require.Equal(t, []string{c.pointer}, rig.Pointers(problem))
		})
	}
}

func TestPublicRegistrationIsByTheWebAndCanBeAnswered(t *testing.T) {
	r, _ := rig.Standing(t)
	said := func(customer body) body {
		return body{"procedure": "courier-station", "narrative": "Where is my parcel?", "customer": customer}
	}
	unreachable := r.Post("/v1/public/complaints", "", said(body{"name": "Chen Jing"})).Refused(422, "rule_violation")
	require.Equal(t, []string{"/customer"}, rig.Pointers(unreachable))
	rated := r.Post("/v1/public/complaints", "", said(body{"phone": "13800000000", "class": "A"})).Refused(400, "invalid_body")
	require.Equal(t, []string{"/customer/class"}, rig.Pointers(rated))
	byPhone := said(body{"phone": "13800000000"})
	byPhone["channel"] = "phone"
	require.Equal(t, []string{"/channel"}, rig.Pointers(r.Post("/v1/public/complaints", "", byPhone).Refused(400, "invalid_body")))
}

func TestWrongTypesAreSaidInTheReadersLanguage(t *testing.T) {
	r, _ := rig.Standing(t)
	note := "/v1/complaints/" + r.Register(rig.Dispatcher, rig.Parcel()) + "/steps/note"
	for body, want := range map[string]map[string]string{
		`[]`:                   {"en": "It must be an object.", "zh-CN": "必须是对象。"},
		`{"words":7}`:          {"en": "It must be text.", "zh-CN": "必须是文本。"},
		`{"words":"a"} again`:  {"en": "The body isn't valid JSON: more follows after its end.", "zh-CN": "请求体不是有效的 JSON：结尾之后还有内容。"},
		`{"words":"a",`:        {"en": "The body isn't valid JSON: it is cut off.", "zh-CN": "请求体不是有效的 JSON：内容不完整。"},
		`{"words":"a","b":""}`: {"en": "There is no such field.", "zh-CN": "没有该字段。"},
	} {
		for language, sentence := range want {
			problem := r.PostRaw(note, rig.Dispatcher, body, header{"Accept-Language": language})
			require.Equal(t, sentence, problem.Refused(http.StatusBadRequest, "invalid_body")["errors"].([]any)[0].(map[string]any)["detail"])
		}
	}
}
