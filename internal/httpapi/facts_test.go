package httpapi

import (
	"encoding/json"
	"errors"
	"maps"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"recourse/internal/api"
	"recourse/internal/complaint"
)

// canary fills every field of free text of a schema, below its example.
func canary(t testing.TB, document *openapi3.T, schema string) map[string]any {
	t.Helper()
	found := document.Components.Schemas[schema]
	require.NotNil(t, found, schema)
	filled := map[string]any{}
	if example, ok := found.Value.Example.(map[string]any); ok {
		maps.Copy(filled, example)
	}
	for name, property := range found.Value.Properties {
		switch property.Ref {
		case "#/components/schemas/Words", "#/components/schemas/ShortText":
			filled[name] = "canary words"
		case "#/components/schemas/Fields":
			filled[name] = map[string]any{"waybill": "CANARY0001"}
		}
	}
	return filled
}

func TestNoFreeTextReachesTheWorkflow(t *testing.T) {
	document, err := openapi3.NewLoader().LoadFromData(api.Description())
	require.NoError(t, err)
	bodies, err := api.NewBodies()
	require.NoError(t, err)
	schemas := map[complaint.StepName]string{}
	for name, schema := range document.Components.Schemas {
		if step, ok := schema.Value.Extensions["x-step"].(string); ok {
			schemas[complaint.StepName(step)] = name
		}
	}
	for _, step := range complaint.StepNames() {
		t.Run(string(step), func(t *testing.T) {
			sent := canary(t, document, schemas[step])
			sent["remedies"] = nil
			if step == complaint.Propose {
				sent["remedies"] = []any{map[string]any{"kind": "other", "words": "canary words"}}
			} else {
				delete(sent, "remedies")
			}
			raw, err := json.Marshal(sent)
			require.NoError(t, err)
			said, err := readStep(bodies, step, raw)
			require.NoError(t, err, string(raw))
			facts, err := json.Marshal(said.Facts)
			require.NoError(t, err)
			require.NotContains(t, string(facts), "canary")
			require.NotContains(t, string(facts), "CANARY")
			if step != complaint.Accept {
				require.Contains(t, string(said.Body), "CANARY0001", "the words are kept with the submission")
			}
			require.Contains(t, said.Facts.Fields, "waybill", "the workflow knows which fields are filled")
		})
	}
}

func TestSameContentIsTheSameBody(t *testing.T) {
	bodies, err := api.NewBodies()
	require.NoError(t, err)
	one, err := readStep(bodies, complaint.Explain, []byte(`{"contested":true,"words":"x"}`))
	require.NoError(t, err)
	other, err := readStep(bodies, complaint.Explain, []byte("{\n  \"words\": \"\\u0078\", \"contested\": true }"))
	require.NoError(t, err)
	require.Equal(t, string(one.Body), string(other.Body))
}

func FuzzStepBodyIsReadOrRefused(f *testing.F) {
	bodies, err := api.NewBodies()
	require.NoError(f, err)
	f.Add("propose", `{"remedies":[{"kind":"refund","amount":"1.50","currency":"CNY"}],"time_limit":"2026-03-02T10:00:00Z"}`)
	f.Add("note", `{"words":"\ud800","fields":{"a":{"b":[1,2.5e300]}}}`)
	f.Add("suspend", `{"kind":"customer-away","until":"2026-03-02T10:00:00+14:00"}`)
	f.Add("implement", `{"done":false,"impossible":true}`)
	f.Fuzz(func(t *testing.T, step, raw string) {
		said, err := readStep(bodies, complaint.StepName(step), []byte(raw))
		var wrong *api.BodyError
		if errors.Is(err, errUnknownStep) || errors.As(err, &wrong) {
			return
		}
		require.NoError(t, err)
		again, err := readStep(bodies, complaint.StepName(step), said.Body)
		require.NoError(t, err, "what was understood is understood again")
		require.Equal(t, said.Facts, again.Facts)
	})
}

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
		require.Equal(t, &complaint.ThreatHeard{AtRisk: []complaint.PersonID{"chen-jing"}}, read.Facts.Threat, step)
		read, err = readStep(bodies, step, []byte(said+`"threat":{}}`))
		require.NoError(t, err, step)
		require.Equal(t, &complaint.ThreatHeard{}, read.Facts.Threat, "nobody in particular is at risk")

		_, err = readStep(bodies, step, []byte(said+`"threat":{"at_risk":["he will burn it"],"words":"canary"}}`))
		var wrong *api.BodyError
		require.ErrorAs(t, err, &wrong, "no words, and people by their IDs")
		require.Len(t, wrong.Mistakes, 2)
	}
	_, err = readStep(bodies, complaint.Approve, []byte(`{"threat":{}}`))
	var wrong *api.BodyError
	require.ErrorAs(t, err, &wrong, "who approves hears nothing from the customer")
}
