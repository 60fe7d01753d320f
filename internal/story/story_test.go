package story_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/plan"
	"recourse/internal/rulebook/rulebooktest"
	"recourse/internal/story"
)

const friday = `# What the dispatcher asked us on Monday.
story: {en: A Friday before the festival, zh-CN: 节前周五}
procedure: courier-station
steps:
  - 2026-02-13 16:00 li-na register: {channel: phone, category: operations.mistake}
  - 2026-02-13 16:10 li-na screen: # by phone
      {kind: complaint, valid: true, category: operations.mistake, severity: normal}
  - 2026-02-13 16:20 huang-li accept
until: 2026-02-13 17:00
`

const whatComesOfIt = `Fri 13 Feb 16:00  * li-na register
                  = received
                  agent li-na, owner li-na
                  forward due Fri 13 Feb 17:00
                  > customer: customer_received [link to follow]
Fri 13 Feb 16:10  * li-na screen
                  = assigning
                  department operations, agent li-na, owner li-na, handler zhao-lei
                  = investigating
                  forward met
                  contact due Sat 14 Feb 16:10
                  settle due Sat 14 Feb 16:10
                  > zhao-lei: assigned
Fri 13 Feb 16:20  ! huang-li accept: not_found, subject_of_complaint
`

func TestAStoryIsToldBelowWhatPeopleWrote(t *testing.T) {
	s, err := story.Parse("friday.yaml", []byte(friday))
	require.NoError(t, err)
	require.Empty(t, s.Timeline)
	told := told(t, s)
	require.Equal(t, whatComesOfIt, told)

	written := s.With(told)
	require.True(t, strings.HasPrefix(string(written), friday+"timeline: |\n  Fri 13 Feb"), "every line of theirs stays: %s", written)
	again, err := story.Parse("friday.yaml", written)
	require.NoError(t, err)
	require.Equal(t, whatComesOfIt, again.Timeline+"\n")
	require.Equal(t, string(written), string(again.With(told)))
	require.Equal(t, friday+"timeline: |\n  Otherwise.\n", string(again.With("Otherwise.\n")))
}

func TestNobodyNeedsToActInAStory(t *testing.T) {
	s := parsed(t, `steps:
  - 2026-03-13 17:30 li-na register: {channel: phone}
`)
	require.Contains(t, told(t, s), "Mon 16 Mar 14:30  ~ forward #1 rung 4, tier 3\n                  ask-again due Tue 17 Mar 09:00\n                  > ma-chao: decision_handed_over forward +4wh tier 3")
}

func TestWhatSomebodyHasMovesOnWhenTheyLeaveInAStory(t *testing.T) {
	s := parsed(t, `
absences:
  zhao-lei: {from: 2026-03-17 09:10, until: 2026-03-19 09:00}
  li-na: {from: 2026-03-16 00:00, until: 2026-03-17 08:00} # back in time
  wu-gang: {from: 2026-03-17 09:05, until: 2026-03-19 09:00} # has no part in it
  huang-li: {from: 2026-03-17 09:30, until: 2026-03-19 09:00} # stands in, and leaves too
steps:
  - 2026-03-17 09:00 li-na register:
      {channel: phone, screen: {kind: complaint, valid: true, category: operations.mistake}}
  - 2026-03-17 09:10 zhao-lei accept
  - 2026-03-17 09:20 huang-li accept
until: 2026-03-17 09:30
`)
	_, after, _ := strings.Cut(told(t, s), "zhao-lei: assigned\n")
	require.Equal(t, `Tue 17 Mar 09:10  * procedure substitute
                  department operations, agent li-na, owner li-na, handler huang-li
                  > huang-li: reassigned
                  > zhao-lei: reassigned_away
                  ! zhao-lei accept: forbidden, not_your_step
Tue 17 Mar 09:20  * huang-li accept
Tue 17 Mar 09:30  * procedure substitute
                  department operations, agent li-na, owner li-na, handler yang-fan
                  > yang-fan: reassigned
                  > huang-li: reassigned_away
`, after)
}

func TestDutiesCanBeHeldByOthersInAStory(t *testing.T) {
	require.Contains(t, told(t, parsed(t, `
duties: {operations.handler: wu-gang}
steps:
  - 2026-03-17 09:00 li-na register:
      {channel: phone, screen: {kind: complaint, valid: true, category: operations.mistake}}
until: 2026-03-17 09:30
`)), "handler wu-gang")
}

func TestAStepCanExpectARevisionInAStory(t *testing.T) {
	require.Contains(t, told(t, parsed(t, `
steps:
  - 2026-03-17 09:00 li-na register: {channel: phone}
  - 2026-03-17 09:10 li-na note: {words: Called again., expected_revision: 1}
  - 2026-03-17 09:20 li-na note: {expected_revision: 1}
until: 2026-03-17 09:30
`)), "* li-na note\nTue 17 Mar 09:20  ! li-na note: stale_revision, complaint_moved_on\n")
}

func TestMistakesOfAStoryAreToldWithTheirPlaces(t *testing.T) {
	for name, row := range map[string]struct{ file, wrong string }{
		"what it may say": {`
story: {en: A Friday}
procedur: courier-station
steps:
  - 2026-02-13 16:00 li-na register: {channel: phone, categori: operations.mistake}
  - 2026-02-13 16:10 li-na scren
  - 2026-02-13 16:10 li-na explain
  - li-na accept
  - 2026-02-13 16:05 li-na contact: {reached: yes, words: 12}
  - 13 Feb 16:30 li-na accept: true
  - 2026-02-13 17:00 zhao-lei propose: {remedies: [{kind: refund, sum: "5"}], time_limit: 2026-02-13 25:00}
    2026-02-13 17:10 li-na accept:
  - 2026-02-13 17:00 zhao-lei propose:
      remedies: [{kind: refund, sum: "5"}]
      time_limit: 2026-02-13 25:00
  - 2026-02-13 18:00 li-na register
until: tomorrow
timeline: |
  Fri
  # of the software
# of somebody's
`, `
story.yaml:2:1: the key "zh-CN" is missing here; add it
story.yaml:3:1: unknown key "procedur"; write "procedure"
story.yaml:5:55: unknown key "categori"; write "category"
story.yaml:6:28: unknown step "scren"; write "screen"
story.yaml:7:5: the key "contested" is missing here; add it
story.yaml:8:5: "li-na accept" is no step; write when, who and what, such as 2026-03-11 10:20 li-na screen
story.yaml:9:38: It must be true or false.
story.yaml:9:52: It must be text. Put it in quotes.
story.yaml:10:5: "13 Feb 16:30" is no time; write one such as 2026-03-11 10:20, or 2026-03-11T10:20:00+08:00
story.yaml:10:5: what is said with a step is a mapping, such as {reached: true}
story.yaml:11:5: a step is one line, with what is said behind its colon; begin each with a dash
story.yaml:14:33: unknown key "sum"; write one of amount, currency, kind, words
story.yaml:15:7: It must be a time such as 2026-03-02T10:00:00Z, from 2000 to 2100.
story.yaml:16:5: a story is that of one complaint: its first step is register, and no other
story.yaml:17:8: "tomorrow" is no time; write one such as 2026-03-11 10:20, or 2026-03-11T10:20:00+08:00
story.yaml:18:11: the timeline stands last: what is written below it would be lost; move it up`},
		"a timeline that can't be found": {head + `
steps: [2026-02-13 16:00 li-na register]
"timeline": Fri
`, `
story.yaml:5:13: the timeline is written anew each time; begin a line of its own with timeline:`},
		"an order that can't be": {head + `
steps:
  - 2026-02-13 16:10 li-na screen: {kind: complaint, valid: true, category: operations.mistake}
  - 2026-02-13 16:00 li-na register: {channel: phone}
`, `
story.yaml:5:5: a story is that of one complaint: its first step is register, and no other
story.yaml:6:5: it comes before the step above; write them in the order of their times
story.yaml:6:5: a story is that of one complaint: its first step is register, and no other`},
		"who there is": {head + `
duties: {dispatch.heads: li-nah}
absences:
  zhao-le: {from: 2026-02-13 16:00, until: 2026-02-13 15:00}
steps:
  - 2026-02-13 16:00 lina register: {channel: phone}
  - 2026-02-13 16:10 customer contact: {reached: true}
  - 2026-02-13 16:20 li-na screen: {valid: true, kind: complaint}
  - 2026-02-13 18:00 li-na accept
until: 2026-02-13 17:00
`, `
story.yaml:4:26: there is no duty "dispatch.heads"; write "dispatch.head"
story.yaml:4:26: there is no person "li-nah" in the directory; write "li-na"
story.yaml:6:3: there is no person "zhao-le" in the directory; write "zhao-lei"
story.yaml:6:44: the absence ends before it begins; write a later time
story.yaml:8:22: there is no person "lina" in the directory; write "li-na"
story.yaml:10:5: screen lacks category
story.yaml:11:5: the story is over by then; write a later until, or leave the step out`},
		"what the procedure knows": {head + `
steps:
  - 2026-02-13 16:00 li-na register: {channel: fone, category: operations.mistak, subjects: [huangli], fields: {waybil: X, waybill: x}}
  - 2026-02-13 16:20 li-na screen: {valid: true, kind: complaint, category: services.attitude}
  - 2026-02-13 16:30 zhao-lei find: {founded: true, liability: department, cause_code: mistakes, people: [li-na, zhaolei]}
  - 2026-02-13 16:40 zhao-lei propose:
      remedies: [{kind: refund, amount: "5"}, {kind: refund, amount: "5", currency: EUR}]
      time_limit: 2026-02-14 16:00
  - 2026-02-13 16:50 zhao-lei note: {threat: {at_risk: [hu-bing]}}
`, `
story.yaml:5:39: The procedure doesn't take complaints by “fone”, but by: phone, letter, email, visit, web; write "phone"
story.yaml:5:54: The procedure has no category “operations.mistak”; it has: service, service.attitude, operations, operations.mistake, operations.system-fault, operations.coordination, not-ours, violation; write "operations.mistake"
story.yaml:5:94: The directory knows nobody called “huangli”; write "huang-li"
story.yaml:5:113: unknown key "waybil"; write "waybill"
story.yaml:5:124: It isn't written as it must be (^([A-Z0-9]{10,14}|no parcel)$).
story.yaml:6:67: The procedure has no category “services.attitude”; it has: service, service.attitude, operations, operations.mistake, operations.system-fault, operations.coordination, not-ours, violation; write "service.attitude"
story.yaml:7:76: The procedure has no cause “mistakes”; it has: attitude, mistake, system-fault, coordination, violation, larger-risk, outside; write "mistake"
story.yaml:7:114: The directory knows nobody called “zhaolei”; write "zhao-lei"
story.yaml:9:18: An amount needs its currency, and a currency its amount.
story.yaml:9:75: Amounts of this procedure are in CNY.
story.yaml:11:57: The directory knows nobody called “hu-bing”; write "hu-bin"`},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := story.Parse("story.yaml", []byte(row.file))
			if err == nil {
				_, err = s.Run(t.Context(), rulesOf(t))
			}
			require.Error(t, err)
			require.Equal(t, strings.TrimSpace(row.wrong), err.Error())
		})
	}
}

// In New York the clocks go forward on 8 March 2026 at 02:00, and back on 1 November.
func TestATimeThatTheClockNeverShowsOrShowsTwiceIsAskedBack(t *testing.T) {
	rules := rulebooktest.Rules(t, "courier-station", "calendar: cn\ncurrency", "calendar: new-york\ncurrency")
	for at, wrong := range map[string]string{
		"2026-03-08 01:59":          "",
		"2026-03-08 02:00":          "story.yaml:4:5: the clock is put forward and never shows 2026-03-08 02:00 there; write another time",
		"2026-03-08 03:00":          "",
		"2026-11-01 00:59":          "",
		"2026-11-01 01:30":          "story.yaml:4:5: the clock is put back and shows 2026-11-01 01:30 twice there; write which is meant: 2026-11-01T01:30:00-04:00 or 2026-11-01T01:30:00-05:00",
		"2026-11-01T01:30:00-05:00": "",
		"2026-11-01 02:00":          "",
	} {
		s := parsed(t, "steps:\n  - "+at+" li-na register: {channel: phone}\nuntil: 2026-12-01 09:00\n")
		_, err := s.Run(t.Context(), rules)
		if wrong == "" {
			require.NoError(t, err, at)
		} else {
			require.EqualError(t, err, wrong)
		}
	}
}

func TestWhatIsChosenInTheFormIsAFactFromThenOn(t *testing.T) {
	rules := rulebooktest.Rules(t, "courier-station", `when: channel == "visit"`, `when: fields.wish == "return"`,
		"    waybill:\n", "    wish: {title: {en: What the customer wants, zh-CN: 客户诉求}, options: {return: {en: Send it back, zh-CN: 退回}, keep: {en: Keep it, zh-CN: 留下}}}\n    waybill:\n")
	alerted := func(steps string) int {
		timeline, err := parsed(t, "steps:\n"+steps+"until: 2026-02-13 18:00\n").Run(t.Context(), rules)
		require.NoError(t, err)
		return strings.Count(story.Tell(rules.Calendar.Zone(), timeline), "alert visit-in-person")
	}
	registered := "  - 2026-02-13 16:00 li-na register: {channel: phone, fields: {wish: keep}}\n"
	require.Zero(t, alerted(registered))
	require.NotZero(t, alerted(strings.Replace(registered, "keep", "return", 1)))
	require.NotZero(t, alerted(registered+"  - 2026-02-13 16:05 li-na note: {words: a, fields: {wish: return}}\n"))
}

const head = "story: {en: A story, zh-CN: 一件投诉}\nprocedure: courier-station\n"

func parsed(t *testing.T, rest string) *story.Story {
	t.Helper()
	s, err := story.Parse("story.yaml", []byte(head+rest))
	require.NoError(t, err)
	return s
}

func told(t *testing.T, s *story.Story) string {
	t.Helper()
	rules := rulesOf(t)
	timeline, err := s.Run(t.Context(), rules)
	require.NoError(t, err)
	return story.Tell(rules.Calendar.Zone(), timeline)
}

func rulesOf(t *testing.T) plan.Rules {
	t.Helper()
	return rulebooktest.Rules(t, "courier-station")
}
