package httpapi_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/rig"
	"recourse/procedures"
)

// shippedText is a file that comes with the software with some of it replaced.
func shippedText(t *testing.T, name string, replacements ...string) string {
	t.Helper()
	text, err := procedures.Files.ReadFile(name)
	require.NoError(t, err)
	for i := 0; i < len(replacements); i += 2 {
		require.Contains(t, string(text), replacements[i])
	}
	return strings.NewReplacer(replacements...).Replace(string(text))
}

// publish sends the text of a document.
func publish(r *rig.Rig, path, person, text string) rig.Answer {
	return r.Send(http.MethodPost, path, person, strings.NewReader(text), header{"Content-Type": "application/yaml"})
}

// First review: I4.
func TestANewOrganisationBeginsOverTheAPI(t *testing.T) {
	r := rig.Living(t)
	const directory, procedure = "/v1/directories/hospital/versions", "/v1/procedures/hospital/versions"
	people := shippedText(t, "directories/courier-station.yaml", "organisation: courier-station", "organisation: hospital")
	rules := shippedText(t, "courier-station.yaml", "procedure: courier-station", "procedure: hospital", "calendar: cn", "calendar: hospital", `"CS-{year}`, `"HO-{year}`)
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
	require.True(t, strings.HasPrefix(r.Register("h-"+rig.Dispatcher, parcel), "HO-"))
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
