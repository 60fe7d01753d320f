package httpapi_test

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/rig"
)

// First review: C4.
func TestAParameterThatIsWrongIsToldWithWhatIsWanted(t *testing.T) {
	r, _ := rig.Standing(t)
	number := r.Register(rig.Dispatcher, rig.Parcel())
	cursor := func(json string) string { return base64.RawURLEncoding.EncodeToString([]byte(json)) }
	for query, want := range map[string]struct{ parameter, en, chinese string }{
		"/v1/complaints/" + number + "?source=nope":                     {"source", "It must be one of: database, workflow.", "必须是以下之一：database, workflow。"},
		"/v1/procedures/courier-station?version=0":                      {"version", "It must be at least 1.", "不得小于1。"},
		"/v1/procedures/courier-station?version=first":                  {"version", "It must be a whole number.", "必须是整数。"},
		"/v1/complaints?q=":                                             {"q", "It must not be empty.", "不能为空。"},
		"/v1/complaints?q=" + url.QueryEscape(strings.Repeat("长", 201)): {"q", "It may be at most 200 characters long.", "最多200个字符。"},
		"/v1/complaints?stage=open&stage=closed":                        {"stage", "The parameter may stand there once.", "该参数只能出现一次。"},
		"/v1/complaints?outcome=won":                                    {"outcome", "It must be one of: resolved, resolved_on_spot, answered, rejected_invalid, referred, withdrawn, unresolved, merged, registered_in_error.", ""},
		"/v1/complaints?overdue=maybe":                                  {"overdue", "It must be true or false.", "必须是 true 或 false。"},
		"/v1/complaints?received_from=monday":                           {"received_from", "It must be a time such as 2026-03-02T10:00:00Z, from 2000 to 2100.", ""},
		"/v1/complaints?handler=" + url.QueryEscape("a b"):              {"handler", "It must be a code of letters, digits, dots, hyphens and underscores, such as operations.mistake.", ""},
		"/v1/complaints?limit=0":                                        {"limit", "It must be at least 1.", ""},
		"/v1/complaints?severity=high":                                  {"severity", "It must be one of: normal, major, emergency, mass.", ""},
		"/v1/complaints?tier_min=10":                                    {"tier_min", "It must be at most 9.", ""},
		"/v1/complaints?limit=201":                                      {"limit", "It must be at most 200.", "不得大于200。"},
		"/v1/complaints?colour=red":                                     {"colour", "There is no such parameter.", "没有该参数。"},
		"/v1/complaints?cursor=x":                                       {"cursor", "It must be the next_cursor of the page before, of the same list.", "必须是同一列表上一页返回的 next_cursor。"},
		"/v1/complaints?cursor=" + cursor(`["complaints","2026-03-02T10:00:00Z","CS\u0000"]`):               {"cursor", "It must be the next_cursor of the page before, of the same list.", ""},
		"/v1/tasks?cursor=" + cursor(`["inbox","2026-03-02T10:00:00Z","a","b","c","d","e\u0000","f"]`):      {"cursor", "It must be the next_cursor of the page before, of the same list.", ""},
		"/v1/complaints?sort=due&cursor=" + cursor(`["complaints by due","2026-03-02T10:00:00Z","\u0000"]`): {"cursor", "It must be the next_cursor of the page before, of the same list.", ""},
		"/v1/complaints/" + number + "/events?cursor=1e9":                                                   {"cursor", "It must be the next_cursor of the page before, of the same list.", ""},
	} {
		for language, detail := range map[string]string{"en": want.en, "zh-CN": want.chinese} {
			problem := r.Get(query, rig.Dispatcher, header{"Accept-Language": language}).Refused(http.StatusBadRequest, "invalid_body")
			wrong := problem["errors"].([]any)[0].(map[string]any)
			require.Equal(t, want.parameter, wrong["parameter"], query)
			if detail != "" {
				require.Equal(t, detail, wrong["detail"], query)
			}
		}
	}
}

// First review: F4.
func TestAWordThatTheProcedureHasNotIsToldWithThoseThatItHas(t *testing.T) {
	r, _ := rig.Standing(t)
	number := r.Register(rig.Dispatcher, rig.Parcel())
	told := func(path string, said body) string {
		t.Helper()
		return r.Post(path, rig.Dispatcher, said).Refused(http.StatusUnprocessableEntity, "rule_violation")["errors"].([]any)[0].(map[string]any)["detail"].(string)
	}
	procedure := r.Get("/v1/procedures/courier-station", rig.Dispatcher).Is(http.StatusOK)
	codes := func(list string) (all []string) {
		for _, one := range procedure[list].([]any) {
			all = append(all, one.(map[string]any)["code"].(string))
			require.NotEmpty(t, one.(map[string]any)["name"])
		}
		return all
	}

	said := told("/v1/complaints/"+number+"/steps/find", body{"founded": true, "liability": "customer", "cause_code": "quality"})
	require.Contains(t, said, "The procedure has no cause “quality”; it has: ")
	for _, code := range codes("causes") {
		require.Contains(t, said, code)
	}
	wrong := rig.Parcel()
	wrong["category"] = "weather"
	said = told("/v1/complaints", wrong)
	for _, code := range codes("categories") {
		require.Contains(t, said, code)
	}
	wrong = rig.Parcel()
	wrong["channel"] = "pigeon"
	require.Equal(t, "The procedure doesn't take complaints by “pigeon”, but by: phone, letter, email, visit, web.", told("/v1/complaints", wrong))
	require.Equal(t, "Phone", procedure["channel_names"].(map[string]any)["phone"])
	require.NotEmpty(t, codes("remedies"))

	wrong = rig.Parcel()
	wrong["fields"] = body{"waybill": "?"}
	problem := r.Post("/v1/complaints", rig.Dispatcher, wrong).Refused(http.StatusBadRequest, "invalid_body")["errors"].([]any)[0].(map[string]any)
	require.Equal(t, "It must be written like 1234567890.", problem["detail"], "and no regular expression")
	field := procedure["fields"].([]any)[0].(map[string]any)
	require.Equal(t, []any{"waybill", "string", "1234567890"}, []any{field["name"], field["type"], field["example"]})
}
