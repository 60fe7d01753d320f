package complaint

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"
)

// First review: D7.
func TestWhatANewerVersionWroteIsCarriedOn(t *testing.T) {
	newer := `{"number": "CS-2026-000001", "stage": "investigating", "mood": {"tone": "angry"}, "people": {"handler": "zhao-lei", "mentor": "wang-fang"},
		"deadlines": [
			{"name": "contact", "round": 1, "due_at": "2026-02-14T09:30:00Z", "colour": "red", "rungs": [{"label": "due", "tier": 1, "bell": "loud"}]},
			{"name": "settle", "round": 1, "due_at": "2026-02-15T09:30:00Z", "colour": "green"}]}`
	var c Complaint
	require.NoError(t, json.Unmarshal([]byte(newer), &c))
	require.EqualValues(t, "zhao-lei", c.People.Handler)

	c.Deadlines = c.Deadlines[1:] // one clock ends, another begins
	c.Deadlines = append(c.Deadlines, Deadline{Name: "contact", Round: 2})
	c.Stage = Proposing
	copied := c.Clone()
	written, err := json.Marshal(&copied)
	require.NoError(t, err)
	var shown map[string]any
	require.NoError(t, json.Unmarshal(written, &shown))
	require.Equal(t, map[string]any{"tone": "angry"}, shown["mood"])
	require.Equal(t, "proposing", shown["stage"], "what is known counts")
	require.Equal(t, "wang-fang", shown["people"].(map[string]any)["mentor"])
	clocks := shown["deadlines"].([]any)
	require.Equal(t, "green", clocks[0].(map[string]any)["colour"], "it stays with its clock")
	require.NotContains(t, clocks[1], "colour", "and goes with it")

	var again Complaint
	require.NoError(t, json.Unmarshal(written, &again))
	rewritten, err := json.Marshal(again)
	require.NoError(t, err)
	require.JSONEq(t, string(written), string(rewritten), "however often it is carried on")
}

func TestAComplaintIsReadAsItWasWritten(t *testing.T) {
	var c Complaint
	fill(reflect.ValueOf(&c).Elem())
	c.Unknown = ""
	written, err := json.Marshal(c)
	require.NoError(t, err)
	var again Complaint
	require.NoError(t, json.Unmarshal(written, &again))
	require.Empty(t, again.Unknown)
	require.Equal(t, c, again)
}
