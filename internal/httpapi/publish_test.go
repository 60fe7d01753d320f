package httpapi_test

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/rig"
	"recourse/internal/store/published"
	"recourse/procedures"
)

// shippedText is a file that comes with the software with some of it replaced.
func shippedText(t *testing.T, name string, replacements ...string) string {
	t.Helper()
	text, err := procedures.Files.ReadFile(name)
	require.NoError(t, err)
	return replaced(t, string(text), replacements...)
}

// replaced is a text with some of it, which has to be there, replaced.
func replaced(t *testing.T, text string, replacements ...string) string {
	t.Helper()
	for i := 0; i < len(replacements); i += 2 {
		require.Contains(t, text, replacements[i])
	}
	return strings.NewReplacer(replacements...).Replace(text)
}

// publish sends the text of a document.
func publish(r *rig.Rig, path, person, text string) rig.Answer {
	return r.Send(http.MethodPost, path, person, strings.NewReader(text), header{"Content-Type": "application/yaml"})
}

// First review: I4.
func TestANewOrganisationBeginsOverTheAPI(t *testing.T) {
	r := rig.Living(t)
	const directory, procedure = "/v1/directories/hospital/versions", "/v1/procedures/hospital/versions"
	prefix := "HO" + strings.ToUpper(rand.Text()[:6]) + "-" // no life of another test is called so
	people := shippedText(t, "directories/courier-station.yaml", "organisation: courier-station", "organisation: hospital")
	rules := shippedText(t, "courier-station.yaml", "procedure: courier-station", "procedure: hospital", "calendar: cn", "calendar: hospital", `"CS-{year}`, `"`+prefix+`{year}`)
	hours := shippedText(t, "calendars/cn.yaml", "calendar: cn", "calendar: hospital")

	publish(r, directory, rig.Dispatcher, people).Refused(403, "forbidden")
	taken := publish(r, directory, rig.Administrator, people).Refused(422, "rule_violation")
	require.Contains(t, fmt.Sprint(taken["errors"]), `the person "li-na" is in the directory of "courier-station", too; give one of them another ID`)
	for _, id := range peopleIn(t, people) {
		people = strings.ReplaceAll(people, id, "h-"+id)
	}
	require.EqualValues(t, 1, publish(r, directory, rig.Administrator, people).Is(http.StatusCreated)["version"])

	wrong := publish(r, procedure, rig.Administrator, rules).Refused(422, "rule_violation")
	require.Contains(t, fmt.Sprint(wrong["errors"]), `there is no calendar "hospital"`)
	publish(r, "/v1/calendars/hospital/versions", rig.Administrator, hours).Is(http.StatusCreated)
	require.EqualValues(t, 1, publish(r, procedure, rig.Administrator, rules).Is(http.StatusCreated)["version"])

	publish(r, procedure, rig.Administrator, rules).Refused(403, "forbidden")
	publish(r, directory, rig.Administrator, people).Refused(403, "forbidden")
	publish(r, "/v1/calendars/hospital/versions", rig.Administrator, hours).Refused(403, "forbidden")
	publish(r, "/v1/directories/courier-station/versions", "h-"+rig.Administrator, people).Refused(403, "forbidden")
	own := "h-" + rig.Administrator
	require.EqualValues(t, 2, publish(r, procedure, own, rules+"\n# By an administrator of its own.\n").Is(http.StatusCreated)["version"])
	require.EqualValues(t, 2, publish(r, "/v1/calendars/hospital/versions", own, hours+"\n# And its calendar.\n").Is(http.StatusCreated)["version"])
	fewer := publish(r, directory, own, strings.Replace(people, "  dispatcher: {", "  clerk: {", 1)).Refused(422, "rule_violation")
	require.Contains(t, fmt.Sprint(fewer["errors"]), `nobody holds the duty "dispatcher"`, "the procedure in force needs it")

	parcel := rig.Parcel()
	parcel["procedure"] = "hospital"
	require.True(t, strings.HasPrefix(r.Register("h-"+rig.Dispatcher, parcel), prefix))
}

// peopleIn are the people of a directory's text.
func peopleIn(t *testing.T, text string) []string {
	t.Helper()
	var ids []string
	for line := range strings.Lines(text[strings.Index(text, "\npeople:")+1 : strings.Index(text, "\nduties:")]) {
		if id, _, is := strings.Cut(strings.TrimSpace(line), ": {"); is {
			ids = append(ids, id)
		}
	}
	require.NotEmpty(t, ids)
	return ids
}

// First review: B8.
func TestALateHolidayReachesRunningComplaints(t *testing.T) {
	r := rig.Living(t)
	const clerk, administrator, calendar = "lin-xia", "cao-ying", "/v1/calendars/cn/versions"
	number := r.Register(clerk, body{"procedure": "real-estate-project", "channel": "phone", "narrative": "The wall is wet.", "category": "developer.quality",
		"customer": body{"name": "He Lei", "phone": "13800000000"}})
	due := func() time.Time {
		t.Helper()
		for _, one := range r.Get("/v1/complaints/"+number, clerk).Is(http.StatusOK)["deadlines"].([]any) {
			if one := one.(map[string]any); one["name"] == "screen" || one["within"] == "2wh" {
				at, err := time.Parse(time.RFC3339, one["due_at"].(string))
				require.NoError(t, err)
				return at
			}
		}
		require.Fail(t, "no clock runs")
		return time.Time{}
	}
	before := due()
	today := time.Now().In(time.FixedZone("CST", 8*60*60))
	holiday := fmt.Sprintf("calendar: cn\nzone: Asia/Shanghai\nweek: {mon-fri: [\"09:00-12:00\", \"13:30-18:00\"]}\ndays:\n  %s..%s: closed\ncovers: %d\n",
		today.Format(time.DateOnly), today.AddDate(0, 0, 20).Format(time.DateOnly), today.Year())

	publish(r, calendar+"?preview=true", clerk, holiday).Refused(403, "forbidden")
	publish(r, calendar+"?preview=true", administrator, strings.Replace(holiday, "closed", "shut", 1)).Refused(422, "rule_violation")
	moved := publish(r, calendar+"?preview=true", administrator, holiday).Is(http.StatusOK)["complaints"].([]any)
	require.Len(t, moved, 1)
	require.Equal(t, number, moved[0].(map[string]any)["number"])
	change := moved[0].(map[string]any)["changes"].([]any)[0].(map[string]any)
	after, err := time.Parse(time.RFC3339, change["due_after"].(string))
	require.NoError(t, err)
	require.Greater(t, after.Sub(before), 14*24*time.Hour)
	require.Equal(t, before, due(), "a preview changes nothing")

	require.EqualValues(t, 2, publish(r, calendar, administrator, holiday).Is(http.StatusCreated)["version"])
	require.Equal(t, before, due(), "running complaints keep their calendar until they are re-based")
	ask := body{"query": body{"procedure": "real-estate-project"}, "target_version": 1, "reason": "The state has announced a holiday.", "preview": true}
	require.EqualValues(t, 1, r.Post("/v1/rebase", administrator, ask).Is(http.StatusOK)["matched"])
	ask["preview"] = false
	require.Equal(t, true, r.Post("/v1/rebase", administrator, ask).Is(http.StatusOK)["complaints"].([]any)[0].(map[string]any)["done"])
	require.Equal(t, after, due())
	require.EqualValues(t, 0, r.Post("/v1/rebase", administrator, ask).Is(http.StatusOK)["matched"], "it goes by it now")
}

// First review: B8, D4.
func TestAdministratorsSeeWhatIsInForceAndWhatIsMissing(t *testing.T) {
	r, _ := rig.Standing(t)
	r.Office.Now = func() time.Time { return time.Date(2026, 9, 30, 12, 0, 0, 0, time.UTC) }
	r.Get("/v1/in-force", rig.Dispatcher).Refused(403, "forbidden")
	inForce := r.Get("/v1/in-force", rig.Administrator).Is(http.StatusOK)
	require.Contains(t, inForce["documents"], map[string]any{"kind": "calendar", "id": "cn", "version": 1., "covers_until": 2026., "zone": "Asia/Shanghai"})
	require.Contains(t, inForce["documents"], map[string]any{"kind": "directory", "id": "courier-station", "version": 1.})
	require.Empty(t, inForce["missing"])

	r.Office.Now = func() time.Time { return time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC) }
	require.Contains(t, r.Get("/v1/in-force", rig.Administrator).Is(http.StatusOK)["missing"],
		"The calendar “cn” lacks the holidays of 2027. Publish it with them, and re-base the running complaints.")
	require.Contains(t, publish(r, "/v1/calendars/cn/versions", rig.Administrator, shippedText(t, "calendars/cn.yaml")+"\n# Again.\n").Is(http.StatusCreated)["warnings"].([]any)[0], "2027")

	newest, err := r.Office.Published.Newest(t.Context(), published.Procedure, "courier-station")
	require.NoError(t, err)
	_, err = r.Office.Published.Publish(t.Context(), published.Procedure, "courier-station", newest.Body+"\nof_a_newer_program: true\n", "a newer program")
	require.NoError(t, err)
	require.NoError(t, r.Office.Rulebook.Refresh(t.Context()))
	require.Contains(t, r.Get("/v1/in-force", rig.Administrator, header{"Accept-Language": "zh-CN"}).Is(http.StatusOK)["missing"],
		"本程序无法读取办理流程“courier-station”的最新版本，第1版继续有效。")
}
