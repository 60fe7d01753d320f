package main

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestStepsBringTheWordsThatTheyOwe(t *testing.T) {
	r, _ := standing(t)
	number := r.register(dispatcher, parcel())
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
			problem := r.with(t).post("/v1/complaints/"+number+"/steps/"+c.step, dispatcher, c.said).refused(http.StatusBadRequest, "invalid_body")
			require.Equal(t, []string{c.pointer}, pointers(problem))
		})
	}
	r.take(number, "close", dispatcher, body{"outcome": "referred", "words": "This is the customs office's."})
	carried := parcel()
	carried["screen"] = body{"kind": "complaint", "valid": false, "category": "operations.mistake"}
	require.Equal(t, []string{"/screen/reason"}, pointers(r.post("/v1/complaints", dispatcher, carried).refused(http.StatusBadRequest, "invalid_body")))
	ahead := parcel()
	ahead["happened_at"] = time.Now().Add(time.Hour).UTC()
	require.Equal(t, []string{"/happened_at"}, pointers(r.post("/v1/complaints", dispatcher, ahead).refused(422, "rule_violation")))
	longAgo := parcel()
	longAgo["heard_at"] = time.Now().AddDate(-1, 0, -1).UTC()
	refused := r.post("/v1/complaints", dispatcher, longAgo).refused(422, "rule_violation")
	require.Equal(t, []string{"/heard_at"}, pointers(refused))
	require.Equal(t, "heard_long_ago", refused["reason"])
	r.postRaw("/v1/complaints/"+number+"/steps/note", dispatcher, `{"words":"half \ud83d of it"}`).refused(http.StatusBadRequest, "invalid_body")
	r.postRaw("/v1/complaints/"+number+"/steps/note", dispatcher, `{"words":"whole \ud83d\ude00 of it, and a \\ud83d"}`).is(http.StatusOK)
}

func TestRefusalNamesWhatIsWrongAndNothingElse(t *testing.T) {
	r, _ := standing(t)
	number := r.register(dispatcher, parcel())
	find := body{"founded": true, "liability": "customer", "people": []string{courier}}
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
			problem := r.with(t).post("/v1/complaints/"+number+"/steps/"+c.step, dispatcher, c.said).refused(422, "rule_violation")
			require.Equal(t, c.reason, problem["reason"])
			require.Equal(t, []string{c.pointer}, pointers(problem))
		})
	}
}

func TestPublicRegistrationIsByTheWebAndCanBeAnswered(t *testing.T) {
	r, _ := standing(t)
	said := func(customer body) body {
		return body{"procedure": "courier-station", "narrative": "Where is my parcel?", "customer": customer}
	}
	unreachable := r.post("/v1/public/complaints", "", said(body{"name": "Chen Jing"})).refused(422, "rule_violation")
	require.Equal(t, []string{"/customer"}, pointers(unreachable))
	rated := r.post("/v1/public/complaints", "", said(body{"phone": "13800000000", "class": "A"})).refused(400, "invalid_body")
	require.Equal(t, []string{"/customer/class"}, pointers(rated))
	byPhone := said(body{"phone": "13800000000"})
	byPhone["channel"] = "phone"
	require.Equal(t, []string{"/channel"}, pointers(r.post("/v1/public/complaints", "", byPhone).refused(400, "invalid_body")))
}

func TestWrongTypesAreSaidInTheReadersLanguage(t *testing.T) {
	r, _ := standing(t)
	note := "/v1/complaints/" + r.register(dispatcher, parcel()) + "/steps/note"
	for body, want := range map[string]map[string]string{
		`[]`:                   {"en": "It must be an object.", "zh-CN": "必须是对象。"},
		`{"words":7}`:          {"en": "It must be text.", "zh-CN": "必须是文本。"},
		`{"words":"a"} again`:  {"en": "The body isn't valid JSON: more follows after its end.", "zh-CN": "请求体不是有效的 JSON：结尾之后还有内容。"},
		`{"words":"a",`:        {"en": "The body isn't valid JSON: it is cut off.", "zh-CN": "请求体不是有效的 JSON：内容不完整。"},
		`{"words":"a","b":""}`: {"en": "There is no such field.", "zh-CN": "没有该字段。"},
	} {
		for language, sentence := range want {
			problem := r.postRaw(note, dispatcher, body, header{"Accept-Language": language})
			require.Equal(t, sentence, problem.refused(http.StatusBadRequest, "invalid_body")["errors"].([]any)[0].(map[string]any)["detail"])
		}
	}
}
