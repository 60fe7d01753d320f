package httpapi_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"recourse/internal/api"
	"recourse/internal/complaint"
	"recourse/internal/rig"
)

// Whatever the API's description offers, whoever is complained about is answered as if there were
// no such complaint; and nothing is written to them. Asked are people who otherwise see everything.
// First review: C1, I3.
func TestNobodyLearnsOfAComplaintAboutThemselvesByAnyRoute(t *testing.T) {
	r := rig.Living(t)
	subjects := []string{rig.Headquarters, rig.Administrator, rig.DeputyManager, rig.DispatchHead, rig.Dispatcher, "ma-chao"}
	about := body{"procedure": "courier-station", "channel": "phone", "narrative": "Quokka trouble.", "category": "operations.mistake",
		"customer": body{"name": "Wombat Numbat", "phone": "13912345678", "email": "wombat@example.com"}, "subjects": subjects}
	number := r.Register("wang-wei", about)
	r.Take(number, "screen", "wang-wei", body{"kind": "complaint", "valid": true, "category": "operations.mistake"})
	mention := body{"procedure": "courier-station", "channel": "phone", "narrative": "Quokka! Zhu Ling, Zhou Jie, Sun Hao, Zhang Min, Li Na and Ma Chao shouted.", "customer": about["customer"]}
	mentioned := r.Register("wang-wei", mention)
	beside := rig.Parcel()
	beside["assign"] = body{"owner": "wang-wei"}
	other := r.Register("wang-wei", beside) // which they may know of, but not what it was linked to
	r.Take(other, "link", "wang-wei", body{"relation": "part_of_mass", "number": number, "words": "The same quokka."})
	r.Take(other, "link", "wang-wei", body{"relation": "repeats", "number": mentioned, "words": "Another quokka."})
	unknown := regexp.MustCompile(`\d{6}$`).ReplaceAllString(number, "999999")

	document, err := openapi3.NewLoader().LoadFromData(api.Description())
	require.NoError(t, err)
	secret := regexp.MustCompile(`(?i)quokka|wombat|13912345678|"leading"|` + number + `|` + mentioned)
	told := r.Get("/v1/complaints/"+other+"/events?limit=200", "wang-wei").Raw
	for _, hidden := range []string{"The same quokka.", `"leading"`, number, mentioned} {
		require.Contains(t, string(told), hidden, "whoever may know of both reads it")
	}
	asked, listed, linked := 0, 0, 0
	for _, route := range slices.Sorted(maps.Keys(document.Paths.Map())) {
		for method, operation := range document.Paths.Value(route).Operations() {
			for _, subject := range subjects {
				for _, way := range waysToAsk(t, document, route, method, operation) {
					what := fmt.Sprintf("%s %s by %s", method, way.path, subject)
					ask := func(number string) rig.Answer {
						fill := func(text string) string {
							return strings.NewReplacer("NUMBER", number, "PERSON", subject).Replace(text)
						}
						headers := header{}
						if way.contentType != "" {
							headers["Content-Type"] = way.contentType
						}
						return r.Send(method, fill(way.path), subject, strings.NewReader(fill(way.body)), headers)
					}
					nothing := ask(unknown)
					require.NotRegexp(t, secret, string(nothing.Raw), what)
					listed += strings.Count(string(nothing.Raw), other)
					asked++
					if strings.HasSuffix(way.path, "quokka") {
						require.NotContains(t, string(nothing.Raw), other, "%s finds nothing by the words of a link", what)
					}
					if !strings.Contains(way.path+way.body, "NUMBER") {
						continue
					}
					if method == http.MethodGet {
						shown := string(ask(other).Raw)
						require.NotRegexp(t, secret, shown, what)
						linked += strings.Count(shown, `"step":"link"`)
					}
					for _, hidden := range []string{number, mentioned} {
						answer := ask(hidden)
						require.Equal(t, nothing.Status, answer.Status, what)
						require.Equal(t, withoutNumber(nothing, unknown), withoutNumber(answer, hidden), what)
					}
				}
			}
		}
	}
	require.Greater(t, asked, 300)
	require.Positive(t, listed, "the lists aren't empty")
	require.Positive(t, linked, "that it was linked to another is known")
	for _, hidden := range []string{number, mentioned} {
		for range 2 { // whether it is linked so already is told to nobody who may not know of it
			refused := r.Post("/v1/complaints/"+other+"/steps/link", rig.DispatchHead, body{"relation": "part_of_mass", "number": hidden}).Refused(422, "rule_violation")
			require.Equal(t, "no_such_complaint", refused["reason"])
		}
	}

	for _, number := range []string{number, mentioned} {
		letters, err := r.Office.Outbox.Of(t.Context(), number)
		require.NoError(t, err)
		require.NotEmpty(t, letters)
		for _, letter := range letters {
			require.NotContains(t, subjects, string(letter.To), "%s", letter.Template)
		}
	}
}

// withoutNumber is an answer without what is of the request alone.
func withoutNumber(a rig.Answer, number string) string {
	text := strings.ReplaceAll(string(a.Raw), number, "NUMBER")
	return regexp.MustCompile(`"(request_id|at|drawn_at|checked_at)":"[^"]*"`).ReplaceAllString(text, "")
}

// wayToAsk is a request that may be sent to a route: NUMBER and PERSON stand for themselves.
type wayToAsk struct{ path, body, contentType string }

// waysToAsk are the requests of one operation, as its description has them: with each step and what
// its example says, and with each word to look for.
func waysToAsk(t *testing.T, document *openapi3.T, route, method string, operation *openapi3.Operation) []wayToAsk {
	t.Helper()
	example := func(schema *openapi3.SchemaRef) string {
		if schema == nil || schema.Value.Example == nil {
			return "{}"
		}
		text, err := json.Marshal(schema.Value.Example)
		require.NoError(t, err)
		return string(text)
	}
	filled := strings.NewReplacer("{number}", "NUMBER", "{side}", "accountability", "{token}", "nobody", "{absence}", uuid.NewString()).Replace(route)
	if strings.HasPrefix(route, "/v1/people") {
		filled = strings.ReplaceAll(filled, "{id}", "PERSON")
	}
	for _, published := range []string{"/v1/procedures/", "/v1/directories/", "/v1/calendars/"} {
		if strings.HasPrefix(route, published) {
			filled = strings.ReplaceAll(filled, "{id}", "courier-station")
		}
	}
	filled = strings.ReplaceAll(filled, "{id}", "11111111-1111-4111-8111-111111111111")
	if strings.Contains(route, "/steps/{step}") {
		var ways []wayToAsk
		for _, schema := range document.Components.Schemas {
			step, is := schema.Value.Extensions["x-step"].(string)
			if is && step != string(complaint.Register) {
				ways = append(ways, wayToAsk{strings.ReplaceAll(filled, "{step}", step), example(schema), "application/json"})
			}
		}
		return ways
	}
	if method == http.MethodGet || operation.RequestBody == nil {
		ways := []wayToAsk{{path: filled}}
		for _, parameter := range operation.Parameters {
			for _, word := range map[string][]string{"q": {"NUMBER", "quokka", "Wombat", "13912345678"}, "person": {"PERSON"}, "source": {"workflow"},
				"limit": {"200"}, "handler": {rig.Courier}, "language": {"en"}}[parameter.Value.Name] {
				ways = append(ways, wayToAsk{path: filled + "?" + parameter.Value.Name + "=" + word})
			}
		}
		return ways
	}
	content := operation.RequestBody.Value.Content
	if content["multipart/form-data"] != nil {
		var form bytes.Buffer
		writer := multipart.NewWriter(&form)
		part, err := writer.CreateFormFile("file", "a.txt")
		require.NoError(t, err)
		_, err = part.Write([]byte("What happened."))
		require.NoError(t, err)
		require.NoError(t, writer.Close())
		return []wayToAsk{{filled, form.String(), writer.FormDataContentType()}}
	}
	for mediaType, of := range content {
		if mediaType != "application/json" {
			return []wayToAsk{{filled, "procedure: nothing", mediaType}}
		}
		said := example(of.Schema)
		now := time.Now().UTC()
		from, until := now.Add(-time.Hour).Format(time.RFC3339), now.Add(time.Hour).Format(time.RFC3339)
		switch operation.OperationID {
		case "rebase":
			said = `{"query": {"procedure": "courier-station", "numbers": ["NUMBER"]}, "target_version": 1, "reason": "New.", "preview": true}`
		case "drawSpotCheck":
			said = fmt.Sprintf(`{"received_from": %q, "size": 50}`, from)
		case "createCampaign":
			said = fmt.Sprintf(`{"name": "Spring %s", "closes_at": %q, "received_from": %q, "size": 50}`, url.PathEscape(uuid.NewString()), until, from)
		case "recordSpotCheck":
			said = `{"number": "NUMBER", "finding": "Looked at."}`
		case "enterAbsence":
			said = fmt.Sprintf(`{"from": %q, "until": %q}`, now.Add(240*time.Hour).Format(time.RFC3339), now.Add(250*time.Hour).Format(time.RFC3339))
		}
		return []wayToAsk{{filled, said, "application/json"}}
	}
	return nil
}
