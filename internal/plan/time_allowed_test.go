package plan_test

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
	"recourse/internal/rulebook"
)

// shopWith are the rules of the shop with some of their text replaced.
func (m *matter) shopWith(changes ...string) {
	m.t.Helper()
	files := fstest.MapFS{}
	for _, name := range []string{"shop.yaml", "calendars/office.yaml", "directories/shop.yaml"} {
		text, err := os.ReadFile("testdata/" + name)
		require.NoError(m.t, err)
		files[name] = &fstest.MapFile{Data: []byte(strings.NewReplacer(changes...).Replace(string(text)))}
	}
	rules, err := rulebook.ReadRules(files, "shop")
	require.NoError(m.t, err)
	m.rules.Procedure = rules.Procedure
}

// A new version may give a running clock other times by the case; a re-base judges the case by it.
func TestARebasePutsARunningClockOnTheTimeOfItsCase(t *testing.T) {
	m := newMatter(t).investigated("2 10:00")
	m.step("2 11:00", handler, complaint.Contact, complaint.Facts{Contact: &complaint.ContactMade{}})
	require.Equal(t, "3 10:00", m.due("elapsed"))
	m.shopWith("    within: 24h\n    pauses: [customer-away]\n", "    within: 24h\n    within_if: [{when: attempted && !contacted, within: 48h}]\n    pauses: [customer-away]\n")
	m.rebased("2 12:00")
	require.Equal(t, "4 10:00", m.due("elapsed"))
	m.rest("2 14:00", "2 17:00")
	require.Equal(t, "4 13:00", m.due("elapsed"), "it rests as any other")
	m.step("2 17:30", handler, complaint.Contact, complaint.Facts{Contact: &complaint.ContactMade{Reached: true}})
	require.Equal(t, "3 13:00", m.due("elapsed"), "the case isn't one of these any more")
}

// What was told before the re-base asked for it nobody noted; from then on the clock runs to it.
func TestARebasedClockRunsToTheDatesToldFromThenOn(t *testing.T) {
	m := newMatter(t).investigated("2 10:00")
	visit := func(local, at string) {
		m.step(local, handler, complaint.Visit, complaint.Facts{Visit: &complaint.VisitFacts{At: new(m.on(at))}})
	}
	visit("2 11:00", "5 11:00")
	m.shopWith("    within: 24h\n    pauses: [customer-away]\n", "    within: 24h\n    runs_to: step visit\n    pauses: [customer-away]\n")
	m.rebased("2 12:00")
	require.Equal(t, "3 10:00", m.due("elapsed"))
	visit("2 14:00", "6 11:00")
	require.Equal(t, "6 11:00", m.due("elapsed"))
	m.rest("2 15:00", "3 15:00")
	require.Equal(t, "6 11:00", m.due("elapsed"), "no pause moves a date")
	m.rebased("3 16:00")
	require.Equal(t, "6 11:00", m.due("elapsed"))
}
