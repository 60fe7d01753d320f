package procedures_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
	"recourse/internal/plan"
	"recourse/internal/rulebook"
	"recourse/internal/rulebook/rulebooktest"
)

// inVain lets the courier's station have until the day after where a call reached nobody.
var inVain = []string{"    within: 24h                                # within 24 hours of getting the sheet\n",
	"    within: 24h\n    within_if: [{when: attempted && !contacted, within: 48h}]\n"}

// called is a complaint that was handed over on Monday at 9, with what its handler did then.
const called = byPhone + `  - 2026-03-02 09:10 zhao-lei accept
`

// changes are what became of a clock, one for each time that it was begun, changed or ended.
func changes(t *testing.T, rules plan.Rules, clock, text string) []string {
	t.Helper()
	r, err := parsed(t, text).Request(t.Context(), rules)
	require.NoError(t, err)
	zone := rules.Calendar.Zone()
	var said []string
	for _, e := range timeline(t, r).Entries {
		switch {
		case e.Deadline == nil || e.Deadline.Name != clock:
		case e.Kind == complaint.DeadlineEnded:
			how := string(e.Deadline.State)
			if e.Deadline.LapsedAt != nil {
				how += ", lapsed " + e.Deadline.LapsedAt.In(zone).Format("2 15:04")
			}
			said = append(said, how)
		default:
			code := e.Code
			if e.Kind == complaint.DeadlineStarted {
				code = "begins"
			}
			said = append(said, code+" "+e.Deadline.DueAt.In(zone).Format("2 15:04"))
		}
	}
	return said
}

func TestAClockHasTheTimeThatTheCaseGivesItAsFactsCome(t *testing.T) {
	rules := rulebooktest.Rules(t, "courier-station", inVain...)
	require.Equal(t, []string{"begins 3 09:00", "judged 4 09:00", "met"}, changes(t, rules, "contact", called+`
  - 2026-03-02 15:00 zhao-lei contact: {reached: false}
  - 2026-03-03 15:00 zhao-lei contact: {reached: true}
until: 2026-03-03 16:00
`), "who tried in time has another day")
	require.Equal(t, []string{"begins 3 09:00", "judged 4 09:00", "met, lapsed 3 09:00"}, changes(t, rules, "contact", called+`
  - 2026-03-03 10:00 zhao-lei contact: {reached: false}
  - 2026-03-03 15:00 zhao-lei contact: {reached: true}
until: 2026-03-03 16:00
`), "who tried too late stays late")
	require.Equal(t, []string{"begins 3 09:00", "extended 3 12:00", "judged 4 12:00", "met"}, changes(t, rules, "contact", called+`
  - 2026-03-02 10:00 sun-hao extend: {deadline: contact, due: 2026-03-03 12:00, reason: The road is closed.}
  - 2026-03-02 15:00 zhao-lei contact: {reached: false}
  - 2026-03-04 11:00 zhao-lei contact: {reached: true}
until: 2026-03-04 12:00
`), "what was given by hand comes on top")
	require.Equal(t, []string{"begins 3 09:00", "met"}, changes(t, rulebooktest.Rules(t, "courier-station"), "contact", called+`
  - 2026-03-02 15:00 zhao-lei contact: {reached: false}
  - 2026-03-02 16:00 zhao-lei contact: {reached: true}
until: 2026-03-03 16:00
`), "a procedure that says nothing of it has nothing more on its record")
}

// answerBy gives the form a day on which the customer is to have an answer, and lets the clock of
// the contact run to it.
var answerBy = []string{"    waybill:", "    answer_by: {title: {en: Answer by, zh-CN: 答复日期}, type: string, format: date}\n    waybill:",
	inVain[0], "    within: 24h\n    runs_to: [field answer_by, step visit]\n"}

func TestAClockRunsToTheDateThatWasToldWithAnyStep(t *testing.T) {
	rules := rulebooktest.Rules(t, "courier-station", answerBy...)
	require.Equal(t, []string{"begins 3 09:00", "told 6 18:00", "told 5 10:30", "met"}, changes(t, rules, "contact", called+`
  - 2026-03-02 10:00 zhao-lei note: {words: They asked for Friday., fields: {answer_by: "2026-03-06"}}
  - 2026-03-02 11:00 zhao-lei visit: {report: false, at: 2026-03-05 10:30, words: To see it.}
  - 2026-03-05 10:00 zhao-lei contact: {reached: true}
until: 2026-03-05 12:00
`), "the newest counts, of a day its closing")
	require.Equal(t, []string{"begins 3 09:00", "told 8 23:59"}, changes(t, rules, "contact", called+`
  - 2026-03-02 10:00 zhao-lei note: {words: They asked for Sunday., fields: {answer_by: "2026-03-08"}}
until: 2026-03-02 12:00
`), "what was told is that day, be it a day off")
	require.Equal(t, []string{"begins 3 09:00", "met"}, changes(t, rules, "contact", called+`
  - 2026-03-02 10:00 zhao-lei note: {words: That was before., fields: {answer_by: "2026-03-01"}}
  - 2026-03-02 11:00 zhao-lei contact: {reached: true}
until: 2026-03-03 12:00
`), "a day that is over is no date")
	require.Equal(t, []string{"begins 3 09:00", "extended 3 12:00", "told 5 18:00", "extended 9 12:00", "paused 9 12:00", "resumed 9 12:00"}, changes(t, rules, "contact", called+`
  - 2026-03-02 10:00 sun-hao extend: {deadline: contact, due: 2026-03-03 12:00, reason: The road is closed.}
  - 2026-03-02 11:00 zhao-lei note: {words: They asked for Thursday., fields: {answer_by: "2026-03-05"}}
  - 2026-03-02 12:00 sun-hao extend: {deadline: contact, due: 2026-03-09 12:00, reason: The road is closed.}
  - 2026-03-02 13:00 li-na suspend: {kind: customer-away, until: 2026-03-20 12:00, words: Travels.}
  - 2026-03-03 13:00 li-na resume
until: 2026-03-03 14:00
`), "a date told replaces what was given before it, is given more by hand, and is moved by no pause")
	require.Equal(t, []string{"begins 4 18:00"}, changes(t, rules, "contact", strings.Replace(called, "category: operations.mistake\n", "category: operations.mistake\n      fields: {answer_by: \"2026-03-04\"}\n", 1)+`
until: 2026-03-02 12:00
`), "the day was told when it was registered")
}

// The second callback counts from the fix, however long the check took.
func TestACallbackCountsFromTheMomentThatTheProcedureNames(t *testing.T) {
	const whole = called + `
  - 2026-03-02 10:00 zhao-lei contact: {reached: true}
  - 2026-03-02 10:30 zhao-lei find: {founded: true, liability: third_party, cause_code: outside}
  - 2026-03-02 10:40 zhao-lei propose: {remedies: [{kind: apology}], time_limit: 2026-03-03 10:00}
  - 2026-03-02 11:00 customer answer: {proposal_revision: 1, agrees: true}
  - 2026-03-02 12:00 zhao-lei implement: {result: Apologised.}
  - 2026-03-04 12:00 li-na verify: {satisfied: true}
until: 2026-03-04 13:00
`
	plain := "follow_up:\n  - {when: anger == 0, by: agent, callbacks: [{within: 5d, ladder: [{at: due, tell: owner}]}], attempts: {count: 1}, dissatisfied: {reopen: investigating}}\n"
	from := "follow_up:\n  - {when: anger == 0, by: agent, callbacks: [{from: step implement, within: 5d, ladder: [{at: due, tell: owner}]}], attempts: {count: 1}, dissatisfied: {reopen: investigating}}\n"
	require.Equal(t, []string{"begins 9 12:00"}, changes(t, rulebooktest.Rules(t, "courier-station", "follow_up:\n", plain), "callback", whole))
	require.Equal(t, []string{"begins 7 12:00"}, changes(t, rulebooktest.Rules(t, "courier-station", "follow_up:\n", from), "callback", whole))
}

func TestAMistakeInTheTimeAllowedIsShownWithItsPlace(t *testing.T) {
	for lines, want := range map[string]string{
		`within_if: [{within: 48h}]`:                     `the key "when" is missing here`,
		`within_if: [{when: attempted, within: agreed}]`: `nothing is agreed on here`,
		`within_if: [{when: attempted, within: 24h}]`:    `in this case the clock has the same 24h as in any other`,
		`within_if: [{when: attemptd, within: 48h}]`:     `attemptd`,
	} {
		_, err := rulebook.ReadRules(rulebooktest.Files(t, inVain[0], "    within: 24h\n    "+lines+"\n"), "courier-station")
		require.ErrorContains(t, err, want, lines)
		require.ErrorContains(t, err, "courier-station.yaml:", lines)
	}
	for lines, want := range map[string]string{
		`runs_to: field answer`:  `the form has no field "answer"`,
		`runs_to: field waybill`: `the field "waybill" takes no date`,
		`runs_to: step note`:     `the step "note" tells no date of its own`,
		`runs_to: answer_by`:     `"answer_by" tells no date`,
	} {
		_, err := rulebook.ReadRules(rulebooktest.Files(t, inVain[0], "    within: 24h\n    "+lines+"\n"), "courier-station")
		require.ErrorContains(t, err, want, lines)
	}
	_, err := rulebook.ReadRules(rulebooktest.Files(t, "    within: 1h ", "    within_if: [{when: founded, within: 2h}]\n    within: 1h "), "courier-station")
	require.ErrorContains(t, err, `"founded" isn't known as long as the clock runs: the step "find" brings it`)
	_, err = rulebook.ReadRules(rulebooktest.Files(t, "follow_up:\n",
		"follow_up:\n  - {when: anger == 0, by: agent, callbacks: [{from: closed, within: 5d, ladder: [{at: due, tell: owner}]}], attempts: {count: 1}, dissatisfied: {reopen: investigating}}\n"), "courier-station")
	require.ErrorContains(t, err, `"closed" never comes before a customer is called back`)
}

// A date that means that there is none would be further than any clock runs.
func TestADateOfTheFormIsOneToWhichAClockCanRun(t *testing.T) {
	rules := rulebooktest.Rules(t, "courier-station", answerBy...)
	for date, right := range map[string]bool{"2026-03-06": true, "1968-01-31": true, "2100-12-31": true, "2101-01-01": false, "9999-12-31": false, "2026-02-30": false} {
		err := rules.Procedure.ValidateFields(map[string]any{"answer_by": date})
		require.Equal(t, right, err == nil, "%s: %v", date, err)
	}
}
