package plan_test

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
	"recourse/internal/plan"
	"recourse/internal/rulebook"
)

func TestTheFollowUpIsThatOfTheCaseAsItWasJudgedLast(t *testing.T) {
	judged := func(severity complaint.Severity) complaint.Facts {
		return complaint.Facts{Screening: &complaint.Screening{Kind: complaint.KindComplaint, Valid: true, Category: "goods", Severity: severity}}
	}
	type followUp struct {
		callbacks, attempts int
		reopens             complaint.Stage
		climbs              int
	}
	for _, row := range []struct {
		severity complaint.Severity
		want     followUp
	}{
		{complaint.Normal, followUp{1, 2, complaint.Investigating, 0}},
		{complaint.Major, followUp{2, 5, complaint.Proposing, 1}},
	} {
		m := newMatter(t)
		m.register("2 10:00", clerk, "goods")
		m.step("2 10:10", clerk, complaint.Screen, judged(row.severity))
		m.enter("3 10:00", complaint.FollowingUp)
		require.Equal(t, row.want, followUp{m.Callbacks, m.Terms.CallbackAttempts, m.Terms.DissatisfiedReopens, m.Terms.DissatisfiedClimbAfter}, row.severity)
	}
}

// shopWhere are the rules of the shop of testdata/shop.yaml, with some of its text replaced.
func shopWhere(t *testing.T, changes ...string) plan.Rules {
	t.Helper()
	text, err := os.ReadFile("testdata/shop.yaml")
	require.NoError(t, err)
	files := fstest.MapFS{"shop.yaml": &fstest.MapFile{Data: []byte(strings.NewReplacer(changes...).Replace(string(text)))}}
	for _, name := range []string{"calendars/office.yaml", "directories/shop.yaml"} {
		data, err := os.ReadFile("testdata/" + name)
		require.NoError(t, err)
		files[name] = &fstest.MapFile{Data: data}
	}
	rules, err := rulebook.ReadRules(files, "shop")
	require.NoError(t, err)
	return rules
}

func TestTheTermsAreJudgedWheneverAFactChangesForWhichAConditionAsks(t *testing.T) {
	const order, wish = "order: {title: {en: Order, zh-CN: 订单}, type: string}", "wish: {title: {en: Wish, zh-CN: 诉求}, options: {back: {en: Return, zh-CN: 退}, keep: {en: Keep, zh-CN: 留}}}"
	for what, c := range map[string]struct {
		when    string // the second plan of callbacks fits
		happens func(m *matter) complaint.Write
	}{
		"what was chosen in the form": {`fields.wish == "back"`, func(m *matter) complaint.Write {
			return m.step("2 11:00", clerk, complaint.Note, complaint.Facts{Choices: map[string]string{"wish": "back"}})
		}},
		"a call that reached nobody": {`attempted && !contacted`, func(m *matter) complaint.Write {
			return m.step("2 11:00", handler, complaint.Contact, complaint.Facts{Contact: &complaint.ContactMade{}})
		}},
		"a repeat": {`repeats > 0`, func(m *matter) complaint.Write {
			return m.step("2 11:00", clerk, complaint.Link, complaint.Facts{Linked: &complaint.Linked{Relation: complaint.Repeats, Number: "SH-2025-0007"}})
		}},
		"a clock that lapsed": {`'"elapsed" in late && "handler" in late_by'`, func(m *matter) complaint.Write {
			at := m.deadline("elapsed").Rungs[1].At
			return m.happen(complaint.Event{Kind: complaint.RungFired, At: at, By: complaint.Clock, Rung: &complaint.RungRef{Deadline: "elapsed", Round: 1, Rung: 1, At: at}})
		}},
	} {
		t.Run(what, func(t *testing.T) {
			m := newMatter(t)
			m.rules = shopWhere(t, order, wish, `severity == "major"`, c.when)
			m.investigated("2 10:00")
			require.Equal(t, 2, m.Terms.CallbackAttempts)
			followed := c.happens(m)
			require.Equal(t, 5, m.Terms.CallbackAttempts)
			require.Contains(t, kinds(followed.Decided), complaint.TermsSet)
			require.NotContains(t, kinds(m.step("2 12:00", clerk, complaint.Note, complaint.Facts{}).Decided), complaint.TermsSet, "nothing has changed")
		})
	}
}

func kinds(events []complaint.Event) []complaint.EventKind {
	var kinds []complaint.EventKind
	for _, e := range events {
		kinds = append(kinds, e.Kind)
	}
	return kinds
}
