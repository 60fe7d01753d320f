package words_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"recourse/internal/api"
	"recourse/internal/complaint"
	"recourse/internal/words"
)

func TestWhatIsToldOfAStep(t *testing.T) {
	for _, row := range []struct {
		step complaint.StepName
		body string
		want string
	}{
		{complaint.Register, `{"narrative":"It rains in.","remedy_asked":"repair"}`, "It rains in."},
		{complaint.Note, `{"words":"Call after six."}`, "Call after six."},
		{complaint.Return, `{"reason":"Not our depot."}`, "Not our depot."},
		{complaint.Appeal, `{"agrees":false,"satisfaction":"","words":"By the link."}`, "By the link."},
		{complaint.Visit, `{"report":true,"words":"Wet wall."}`, "Wet wall."},
		{complaint.Instruct, `{"order":"Call today.","due":"2026-03-02T10:00:00Z"}`, "Call today."},
		{complaint.CallOutDone, `{"report":"Main shut."}`, "Main shut."},
		{complaint.Implement, `{"impossible":true,"reason":"No such tile."}`, "No such tile."},
		{complaint.Propose, `{"remedies":[{"kind":"apology"}],"reasons":"Twice the same mistake."}`, "Twice the same mistake."},
		{complaint.Assess, `{"case_value":true,"draft":{"title":"Tiles","text":"…"},"words":"Read it."}`, "Read it."},
		{complaint.Close, `{"outcome":"answered","words":"Thank you."}`, "Thank you."},
		{complaint.Close, `{"outcome":"unresolved","final_reply":{"decision":"No refund.","reasons":"It arrived.","appeal_route":"12345"}}`, "No refund.\nIt arrived."},
		{complaint.Close, `{"outcome":"unresolved","words":"We are sorry.","final_reply":{"decision":"No refund."}}`, "No refund.\nWe are sorry."},
		{"look-into", `{"agrees":true,"words":"Beside the main course."}`, "Beside the main course."},
		{complaint.Propose, ``, ""},
	} {
		written, err := words.Of(row.step, json.RawMessage(row.body))
		require.NoError(t, err)
		require.Equal(t, row.want, written.Told(), "%s %s", row.step, row.body)
	}
}

func TestEachRemedyHasItsOwnWords(t *testing.T) {
	proposed, err := words.Read[words.Propose](json.RawMessage(`{"remedies":[{"kind":"apology"},{"kind":"refund","words":"To your card."}]}`))
	require.NoError(t, err)
	require.Equal(t, []string{"", "To your card."}, proposed.RemedyWords())
}

func TestTheFormsFieldsAreReadOfAnyStep(t *testing.T) {
	fields, err := words.Fields(json.RawMessage(`{"words":"x","fields":{"waybill":"SF1","pieces":2}}`))
	require.NoError(t, err)
	require.Equal(t, map[string]any{"waybill": "SF1", "pieces": 2.0}, fields)
	fields, err = words.Fields(nil)
	require.NoError(t, err)
	require.Empty(t, fields, "erased")
}

func TestABodyThatIsNoneSaysSo(t *testing.T) {
	_, err := words.Of(complaint.Note, json.RawMessage(`{"words":7}`))
	require.ErrorContains(t, err, "read the words of a stored submission")
}

// Whatever free text a step's schema lets people write is read again, under the same name.
func TestNothingThatPeopleMayWriteIsForgotten(t *testing.T) {
	document, err := openapi3.NewLoader().LoadFromData(api.Description())
	require.NoError(t, err)
	steps := 0
	for name, schema := range document.Components.Schemas {
		step, ok := schema.Value.Extensions["x-step"].(string)
		if !ok {
			continue
		}
		steps++
		var texts []string
		body, err := json.Marshal(filled(schema.Value, name, &texts))
		require.NoError(t, err)
		read, err := words.Of(complaint.StepName(step), body)
		require.NoError(t, err, name)
		again, err := json.Marshal(read)
		require.NoError(t, err)
		for _, text := range texts {
			require.Contains(t, string(again), fmt.Sprintf("%q", text), "a member of the words of %q lacks", step)
		}
	}
	require.Equal(t, len(complaint.StepNames())+1, steps, "register and every other step")
}

// filled is a value of a schema in which every free text says where it stands.
func filled(schema *openapi3.Schema, at string, texts *[]string) any {
	switch {
	case schema.Type.Is("object"):
		object := map[string]any{}
		for name, property := range schema.Properties {
			object[name] = filled(property.Value, at+"/"+name, texts)
		}
		return object
	case schema.Type.Is("array"):
		return []any{filled(schema.Items.Value, at+"/0", texts)}
	case schema.Type.Is("string") && schema.Format == "" && schema.Pattern == "" && len(schema.Enum) == 0:
		*texts = append(*texts, at)
		return at
	}
	return nil
}

func TestTheFieldsFilledWithARegistrationsScreeningAreRead(t *testing.T) {
	filled, err := words.Fields([]byte(`{"fields":{"waybill":"1"},"screen":{"fields":{"order":"2"}},"resolve_on_spot":{"fields":{"paid":true}}}`))
	require.NoError(t, err)
	require.Equal(t, map[string]any{"waybill": "1", "order": "2", "paid": true}, filled)
}
