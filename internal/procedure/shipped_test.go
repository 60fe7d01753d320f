package procedure_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/calendar"
	"recourse/internal/complaint"
	"recourse/internal/procedure"
	"recourse/internal/rulebook"
	"recourse/internal/rulebook/rulebooktest"
	"recourse/procedures"
)

// shipped reads a procedure that comes with the software.
func shipped(t testing.TB, id string) *procedure.Procedure {
	t.Helper()
	return rulebooktest.Rules(t, id).Procedure
}

// calendars reads the calendars that come with the software.
func calendars(t testing.TB) map[string]*calendar.Calendar {
	t.Helper()
	edition, err := rulebook.Read(procedures.Files)
	require.NoError(t, err)
	return edition.Calendars()
}

func TestTheProceduresThatComeWithTheSoftwareFitTheirPeopleAndCalendars(t *testing.T) {
	for _, id := range []string{"courier-station", "real-estate-project"} {
		t.Run(id, func(t *testing.T) {
			rules := rulebooktest.Rules(t, id)
			p, calendars := rules.Procedure, calendars(t)
			require.Equal(t, id, p.ID)
			for _, stage := range complaint.Stages() {
				_, written := p.Guidance(stage)
				require.True(t, written, "what to say, and what to avoid, at %s", stage)
			}
			require.NoError(t, p.Check(calendars, rules.Directory))
			require.NoError(t, p.CheckCovers(calendars, time.Date(2026, 2, 13, 0, 0, 0, 0, time.UTC)))
		})
	}
}

// First review: I8.
func TestGuidanceOfEveryStageIsForThoseThatHaveNoneOfTheirOwn(t *testing.T) {
	text := strings.ReplaceAll(string(small(t)), "\r", "")
	from, to := strings.Index(text, "stages:\n"), strings.Index(text, "\nkeep:")
	if to < 0 {
		to = len(text)
	}
	text = text[:from] + "stages:\n  every-stage: {say: {en: Listen, zh-CN: 倾听}, avoid: {en: Promise, zh-CN: 承诺}}\n" +
		"  closing: {say: {en: Thank, zh-CN: 致谢}, avoid: {en: Rush, zh-CN: 催促}}\n" + text[to:]
	p, err := procedure.Parse("small.yaml", []byte(text))
	require.NoError(t, err)
	for stage, says := range map[complaint.Stage]string{complaint.Received: "Listen", complaint.Closed: "Listen", complaint.Closing: "Thank"} {
		guidance, written := p.Guidance(stage)
		require.True(t, written)
		require.Equal(t, says, guidance.Say.English, stage)
	}
}

func TestAStageNeedsNoGuidance(t *testing.T) {
	without := "  proposing: {say: {en: a, zh-CN: 甲}, avoid: {en: b, zh-CN: 乙}}\n"
	p, err := procedure.Parse("small.yaml", small(t, without, ""))
	require.NoError(t, err, "those written before there was the stage stay right")
	_, written := p.Guidance(complaint.Proposing)
	require.False(t, written)
}
