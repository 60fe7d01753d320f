package procedures_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
	"recourse/internal/plan"
	"recourse/internal/rulebook"
	"recourse/internal/rulebook/rulebooktest"
)

// byPhone is the beginning of a story: a mistake in the operations, told by telephone.
const byPhone = `
story: {en: By telephone, zh-CN: 电话投诉}
procedure: courier-station
steps:
  - 2026-03-02 09:00 li-na register:
      channel: phone
      category: operations.mistake
      screen: {kind: complaint, valid: true, category: operations.mistake, severity: normal}
`

// withCourse are the rules of the courier's station with a course of its own.
func withCourse(t *testing.T, lines string, changes ...string) plan.Rules {
	t.Helper()
	return rulebooktest.Rules(t, "courier-station", append(changes, "\nroutes:  ", "\n"+lines+"\nroutes:  ")...)
}

// refusals are why steps of a request were refused.
func refusals(t *testing.T, rules plan.Rules, story string) (complaint.Complaint, []complaint.Refusal) {
	t.Helper()
	r, err := parsed(t, story).Request(t.Context(), rules)
	require.NoError(t, err)
	told := timeline(t, r)
	var refused []complaint.Refusal
	for _, entry := range told.Entries {
		if entry.Refused != nil {
			refused = append(refused, *entry.Refused)
		}
	}
	return told.Complaint, refused
}

// Where nobody need take it in charge or call, the customer isn't asked, nobody checks or calls
// back, and the file closes by itself: four acts from word to closed.
func TestAShortCourseIsFourActsFromWordToClosed(t *testing.T) {
	rules := withCourse(t, `passes:
  - what: [step accept, step contact, awaiting_customer, verifying, closing]
    when: channel == "visit"
`, "follow_up:\n", "follow_up:\n  - {when: channel == \"visit\", callbacks: []}\n")
	c, refused := refusals(t, rules, `
story: {en: Over the counter, zh-CN: 柜台}
procedure: courier-station
steps:
  - 2026-03-02 09:00 li-na register:
      channel: visit
      category: operations.mistake
      screen: {kind: complaint, valid: true, category: operations.mistake, severity: normal}
      fields: {waybill: SF1234567890}
  - 2026-03-02 09:05 zhao-lei find: {founded: true, liability: third_party, cause_code: outside}
  - 2026-03-02 09:06 zhao-lei propose: {remedies: [{kind: apology}], time_limit: 2026-03-02 10:00}
  - 2026-03-02 09:20 zhao-lei implement: {result: Apologised.}
until: 2026-03-02 09:30
`)
	require.Empty(t, refused)
	require.Equal(t, complaint.Closed, c.Stage)
	require.Equal(t, complaint.Resolved, c.Outcome)
	require.Equal(t, 4, c.Revision)
}

func TestAProcedureSaysWhoTakesAStep(t *testing.T) {
	rules := withCourse(t, `neutral: [it.head]
may:
  - {step: contact, by: employee}
  - {step: find, by: [it.head, service.head]}
  - {step: mark-special, by: owner, when: severity == "major"}
`)
	c, refused := refusals(t, rules, byPhone+`  - 2026-03-02 09:10 zhao-lei accept
  - 2026-03-02 09:20 yang-fan contact: {reached: true}
  - 2026-03-02 09:30 zhao-lei find: {founded: true, liability: third_party, cause_code: outside}
  - 2026-03-02 09:31 zhou-jie find: {founded: true, liability: third_party, cause_code: outside}
  - 2026-03-02 09:32 li-na mark-special
until: 2026-03-02 09:40
`)
	var steps []complaint.StepName
	for _, r := range refused {
		require.Equal(t, complaint.CodeForbidden, r.Code, "%s: %s", r.Step, r.Reason)
		steps = append(steps, r.Step)
	}
	require.Equal(t, []complaint.StepName{complaint.Find, complaint.Find, complaint.MarkSpecial}, steps, "the handler, for it is another's; and the neutral third party")
	require.True(t, c.Contacted, "anybody may call")
	require.False(t, c.Special, "it isn't major")
	require.Contains(t, c.Tasks(), complaint.Task{Kind: complaint.Find, Role: "it.head", Due: c.Tasks()[0].Due})
}

func TestTheHandlerIsNamedByWhomTheProcedureSays(t *testing.T) {
	c, refused := refusals(t, withCourse(t, `handler: [{named_by: operations.head, when: category == "operations.mistake"}]`), byPhone+`until: 2026-03-02 09:10
`)
	require.Empty(t, refused)
	require.Equal(t, complaint.Assigning, c.Stage)
	require.Equal(t, complaint.Task{Kind: complaint.Assign, Role: "operations.head", Detail: "handler", Due: c.Tasks()[0].Due}, c.Tasks()[0])
	head := rulebooktest.Rules(t, "courier-station").Directory.Actor("yang-fan", time.Date(2026, 3, 2, 1, 10, 0, 0, time.UTC), nil)
	require.Contains(t, c.Allowed(head, c.LastAt), complaint.Assign)
}

func TestWhatIsRequiredFirstIsAskedForByName(t *testing.T) {
	rules := withCourse(t, `requires:
  - {before: proposing, have: [step note]}
  - {before: step propose, when: severity == "normal", have: [field waybill]}
`)
	c, refused := refusals(t, rules, byPhone+`  - 2026-03-02 09:10 zhao-lei accept
  - 2026-03-02 09:20 zhao-lei contact: {reached: true}
  - 2026-03-02 09:30 zhao-lei find: {founded: true, liability: third_party, cause_code: outside}
  - 2026-03-02 09:31 zhao-lei note: {words: The photographs are in.}
  - 2026-03-02 09:32 zhao-lei find: {founded: true, liability: third_party, cause_code: outside}
  - 2026-03-02 09:40 zhao-lei propose: {remedies: [{kind: apology}], time_limit: 2026-03-03 10:00}
until: 2026-03-02 09:50
`)
	require.Equal(t, complaint.Proposing, c.Stage)
	require.Len(t, refused, 2)
	require.Equal(t, []string{"step note"}, refused[0].Missing)
	require.Equal(t, []string{"field waybill"}, refused[1].Missing)
	require.Contains(t, refused[1].Allowed, complaint.Propose, "it may bring the field with it")
}

// The finding that is required before the proposal is the one that leads there.
func TestAStepThatLeadsOnMayBeWhatIsRequiredForIt(t *testing.T) {
	c, refused := refusals(t, withCourse(t, `requires: [{before: proposing, have: [step find]}]`), byPhone+`  - 2026-03-02 09:10 zhao-lei accept
  - 2026-03-02 09:20 zhao-lei contact: {reached: true}
  - 2026-03-02 09:30 zhao-lei find: {founded: true, liability: third_party, cause_code: outside}
until: 2026-03-02 09:50
`)
	require.Empty(t, refused)
	require.Equal(t, complaint.Proposing, c.Stage)
}

// A file that closes by itself waits for what closing requires.
func TestAFileThatClosesByItselfWaitsForWhatIsRequired(t *testing.T) {
	rules := withCourse(t, `passes: [{what: [step accept, step contact, awaiting_customer, verifying, closing], when: channel == "phone"}]
requires: [{before: step close, have: [step note]}]
`, "follow_up:\n", "follow_up:\n  - {when: channel == \"phone\", callbacks: []}\n")
	story := byPhone + `  - 2026-03-02 09:05 zhao-lei find: {founded: true, liability: third_party, cause_code: outside}
  - 2026-03-02 09:06 zhao-lei propose: {remedies: [{kind: apology}], time_limit: 2026-03-02 10:00}
  - 2026-03-02 09:20 zhao-lei implement: {result: Apologised., fields: {waybill: SF1234567890}}
`
	c, refused := refusals(t, rules, story+"until: 2026-03-02 09:30\n")
	require.Empty(t, refused)
	require.Equal(t, complaint.Closing, c.Stage)

	c, refused = refusals(t, rules, story+"  - 2026-03-02 09:25 zhao-lei note: {words: The photographs are in.}\nuntil: 2026-03-02 09:30\n")
	require.Empty(t, refused)
	require.Equal(t, complaint.Closed, c.Stage, "it closes as soon as it is there")
}

// Whoever judges between the customer and the organisation never handles the case, even where it
// was handed to them.
func TestANeutralThirdPartyHandlesNothingThatIsHandedToThem(t *testing.T) {
	c, _ := refusals(t, withCourse(t, `neutral: [it.head]`), byPhone+"until: 2026-03-02 09:40\n")
	neutral := rulebooktest.Rules(t, "courier-station").Directory.Actor("zhou-jie", c.LastAt, nil)
	require.NotContains(t, c.Allowed(neutral, c.LastAt), complaint.Accept)
	c.People.StandIns = append(c.People.StandIns, complaint.StandIn{Step: complaint.Accept, Person: "zhou-jie"})
	require.NotContains(t, c.Allowed(neutral, c.LastAt), complaint.Accept)
}

func TestAMistakeInTheCourseIsShownWithItsPlace(t *testing.T) {
	for lines, want := range map[string]string{
		`passes: [{what: [approving]}]`:                                    `unknown part of the main course "approving"`,
		`passes: [{what: [verifying]}]`:                                    `no complaint ever comes to "verifying"`,
		`may: [{step: register, by: employee}]`:                            `unknown step whose people can be chosen "register"`,
		`may: [{step: find, by: nobody}]`:                                  `nobody holds the duty "nobody"`,
		`requires: [{before: proposing, have: [field waybil]}]`:            `the form has no field "waybil"; write "waybill"`,
		`requires: [{before: assigning, have: [step verify]}]`:             `the step "verify" is taken after that`,
		`requires: [{before: closing, have: [side accounting]}]`:           `no process beside the main course is called "accounting"`,
		`requires: [{before: step close, have: [step close]}]`:             `a step can't be required before itself`,
		`requires: [{before: step contact, have: [step contact reached]}]`: `a step can't be required before itself`,
		`requires: [{before: closed, have: [step note]}]`:                  `unknown stage or step "closed"`,
		`requires: [{before: closing, have: [step screen]}]`:               `may come with the registration`,
		`handler: [{named_by: operations.hed}]`:                            `nobody holds the duty "operations.hed"`,
	} {
		_, err := rulebook.ReadRules(rulebooktest.Files(t, "\nroutes:  ", "\n"+lines+"\nroutes:  "), "courier-station")
		require.ErrorContains(t, err, want, lines)
		require.ErrorContains(t, err, "courier-station.yaml:", lines)
	}
}
