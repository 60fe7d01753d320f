package procedure_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/calendar"
	"recourse/internal/directory"
	"recourse/internal/procedure"
	"recourse/internal/yamlfile"
)

// small is the text of the small procedure with some of it replaced.
func small(t testing.TB, replacements ...string) []byte {
	t.Helper()
	data, err := os.ReadFile("testdata/small.yaml")
	require.NoError(t, err)
	text := string(data)
	for i := 0; i < len(replacements); i += 2 {
		require.Equal(t, 1, strings.Count(text, replacements[i]), "%q stands once in testdata/small.yaml", replacements[i])
		text = strings.Replace(text, replacements[i], replacements[i+1], 1)
	}
	return []byte(text)
}

// people is the directory of the small procedure.
func people(t testing.TB) *directory.Directory {
	t.Helper()
	data, err := os.ReadFile("testdata/people.yaml")
	require.NoError(t, err)
	d, err := directory.Parse("people.yaml", data)
	require.NoError(t, err)
	return d
}

// requireProblems compares an error's lines with those wanted.
func requireProblems(t *testing.T, want []string, err error) {
	t.Helper()
	require.Error(t, err)
	var problems yamlfile.Problems
	require.ErrorAs(t, err, &problems, "the error is a %T", err)
	require.Equal(t, want, strings.Split(err.Error(), "\n"))
}

func TestTheSmallProcedureIsRight(t *testing.T) {
	p, err := procedure.Parse("small.yaml", small(t))
	require.NoError(t, err)
	require.NoError(t, p.Check(calendars(t), people(t)))
}

// First review: I5, B6, I7.
func TestAMistakeInAProcedureIsShownWithItsPlaceAndWhatToWriteInstead(t *testing.T) {
	for name, c := range map[string]struct {
		replace []string // in testdata/small.yaml: this by that
		want    []string
	}{
		"not YAML": {
			replace: []string{`procedure: small`, `procedure: [small`},
			want:    []string{`small.yaml:2:5: this is not YAML: did not find expected ',' or ']' in what begins in line 1; text that holds , [ ] { } # or ": " stands in quotes`},
		},
		"unknown key": {
			replace: []string{`calendar: cn`, `calender: cn`},
			want:    []string{`small.yaml:3:1: unknown key "calender"; write "calendar"`},
		},
		"unknown key of a deadline": {
			replace: []string{`    until: closed`, `    untill: closed`},
			want:    []string{`small.yaml:70:5: unknown key "untill"; write "until"`},
		},
		"missing key": {
			replace: []string{"currency: CNY\n", ``},
			want:    []string{`small.yaml:1:1: the key "currency" is missing here; add it`},
		},
		"key given twice": {
			replace: []string{`currency: CNY`, "currency: CNY\ncurrency: USD"},
			want:    []string{`small.yaml:5:1: the key "currency" stands here for the second time (first in line 4); keep one`},
		},
		"several mistakes at once": {
			replace: []string{`currency: CNY`, `currency: yuan`, `languages: [zh-CN, en]`, `languages: [zh, en]`, `keep: {record: 3y,`, `keep: {record: forever,`},
			want: []string{`small.yaml:4:11: "yuan" is no currency; write its three capital letters, such as CNY`,
				`small.yaml:6:13: the software doesn't speak "zh"; write "zh-CN"`,
				`small.yaml:124:16: duration "forever": "forever" is not understood; write one like "1h 30m", "4wh" (working hours), "3wd" (working days), "30d", "1mo", "20d or next working day", "3y", "same-day" or "agreed"`},
		},
		"an alias instead of the value": {
			replace: []string{`languages: [zh-CN, en]`, `languages: &both [zh-CN, en]`},
			want:    []string{`small.yaml:6:12: anchors (&), aliases (*) and tags (!) are not read here; write the value out`},
		},
		"missing language in a text": {
			replace: []string{"name: {en: Small, zh-CN: 小}\ncalendar", "name: {en: Small}\ncalendar"},
			want:    []string{`small.yaml:2:1: the key "zh-CN" is missing here; add it`},
		},
		"empty text": {
			replace: []string{`name: {en: Sheet, zh-CN: 单}`, `name: {en: Sheet, zh-CN: ""}`},
			want:    []string{`small.yaml:9:29: the text is empty; write it`},
		},
		"name with capitals": {
			replace: []string{`procedure: small`, `procedure: Small One`},
			want:    []string{`small.yaml:1:12: "Small One" can't be a name; write small letters, digits and hyphens, such as courier-station`},
		},
		"number without a year": {
			replace: []string{`SM-{year}-{sequence:4}`, `SM-{sequence:4}`},
			want:    []string{`small.yaml:5:9: "SM-{sequence:4}" numbers no complaint; write capital letters, the year and how many digits, such as "CS-{year}-{sequence:6}"`},
		},
		"unknown stage in a moment": {
			replace: []string{"    from: investigating\n    until: closed", "    from: investigate\n    until: closed"},
			want:    []string{`small.yaml:69:11: unknown stage "investigate"; write "investigating"`},
		},
		"unknown step in a moment": {
			replace: []string{`    until: closed`, `    until: step contacted`},
			want:    []string{`small.yaml:70:12: unknown step "contacted"; write "contact"`},
		},
		"unknown result of a step": {
			replace: []string{`    until: closed`, `    until: step contact reachd`},
			want:    []string{`small.yaml:70:12: unknown result "reachd" of step "contact"; write "reached"`},
		},
		"a dispute with nothing": {
			replace: []string{"reports:\n", "sides:\n  blame: {name: {en: Blame, zh-CN: 追责}, from: closing, steps: {judge: {name: {en: Judge, zh-CN: 判定}, by: boss, only_if: disputed, within: 1wd, ladder: [{at: due, tell: boss}]}}}\n\nreports:\n"},
			want:    []string{`small.yaml:108:121: no step comes before "judge" that could be disputed; take this out`},
		},
		"moment in no form": {
			replace: []string{`    until: closed`, `    until: when it is over`},
			want: []string{`small.yaml:70:12: unknown moment "when it is over"; write a stage ("investigating"), or one like "leaving received", "step contact reached", "registered", ` +
				`"approved visit", "refused proposal", "lapsed settle", "rung settle +2h", "climbed 2", "closed as unresolved", "reopened" or "side accountability.judge"`},
		},
		"moments of what isn't there": {
			replace: []string{"reopen: {within: 30d", "notices: {n: {name: {en: a, zh-CN: 甲}, say: {en: a, zh-CN: 甲}, tell: boss, on: [lapsed settel, rung settle +5h, climbed 7, side blame done]}}\nreopen: {within: 30d"},
			want: []string{`small.yaml:105:81: no clock is called "settel"; write "settle"`,
				`small.yaml:105:96: the ladder of "settle" has no rung at +5h; write one of -1wd, due`,
				`small.yaml:105:113: there is no tier 7; the tiers are 1 to 3`,
				`small.yaml:105:124: no process beside the main course is called "blame"; there is none to choose from`},
		},
		"moment of a matter that nobody decides on": {
			replace: []string{`    until: closed`, `    until: refused proposl`},
			want:    []string{`small.yaml:70:12: unknown matter "proposl"; write "proposal"`},
		},
		"moment with a word too many": {
			replace: []string{`    until: closed`, `    until: registered twice`},
			want:    []string{`small.yaml:70:12: this isn't how the moment is written; write it like "registered"`},
		},
		"clock that would begin with its own lapse": {
			replace: []string{"    from: explaining\n", "    from: lapsed explain\n"},
			want:    []string{`small.yaml:63:12: "leaving explaining" never comes after "lapsed explain"; write a moment that does, such as "closed"`},
		},
		"until that never comes after from": {
			replace: []string{"    until: closed\n    within: 5wd", "    until: [closed, received]\n    within: 5wd"},
			want:    []string{`small.yaml:70:21: "received" never comes after "investigating"; write a moment that does, such as "proposing"`},
		},
		"from and until the same": {
			replace: []string{"    from: explaining\n    until: leaving explaining", "    from: explaining\n    until: explaining"},
			want:    []string{`small.yaml:63:12: "explaining" never comes after "explaining"; write a moment that does, such as "assigning"`},
		},
		"duration in no form": {
			replace: []string{`    within: 5wd`, `    within: 5 business days`},
			want:    []string{`small.yaml:71:13: duration "5 business days": the unit "business" is unknown; write one like "1h 30m", "4wh" (working hours), "3wd" (working days), "30d", "1mo", "20d or next working day", "3y", "same-day" or "agreed"`},
		},
		"pause of an unknown kind": {
			replace: []string{`pauses: [customer-away]`, `pauses: [customer-awy]`},
			want:    []string{`small.yaml:73:14: nothing pauses as "customer-awy"; write "customer-away"`},
		},
		"pause at the clock's own start": {
			replace: []string{`pauses: [customer-away]`, `pauses: [stage investigating]`},
			want: []string{`small.yaml:47:1: a complaint can wait in stage "investigating" for ever; add a deadline without a condition with from: investigating and until: leaving investigating`,
				`small.yaml:73:14: the clock starts in stage "investigating" and is paused there, so it never runs; take this pause out`},
		},
		"clock with a name of its own already": {
			replace: []string{"  settle:\n", "  callback:\n"},
			want:    []string{`small.yaml:66:3: every procedure has a clock called "callback" already; choose another name`},
		},
		"special case with the same time": {
			replace: []string{`within: 9wd`, `within: 5wd`},
			want:    []string{`small.yaml:72:48: a special case has the same 5wd as any other; write another time, or take it out`},
		},
		"stage that can wait for ever": {
			replace: []string{"    from: investigating\n    until: closed", "    from: implementing\n    until: closed"},
			want: []string{`small.yaml:47:1: a complaint can wait for ever in the stages investigating, proposing, approving; ` +
				`add a deadline without a condition from each of them until leaving it, or one from: received until: closed`},
		},
		"fact of a route that only a proposal brings": {
			replace: []string{`severity == "major"`, `amount > 1000`},
			want:    []string{`small.yaml:45:12: "amount" isn't known yet when a complaint is routed: the step "propose" brings it; leave it out, or ask at a later moment`},
		},
		"fact of a clock that only the findings bring": {
			replace: []string{"    from: investigating\n    until: closed", "    when: valid && founded\n    from: investigating\n    until: closed"},
			want: []string{`small.yaml:47:1: a complaint can wait for ever in the stages investigating, proposing, approving, implementing, verifying, closing; add a deadline without a condition from each of them until leaving it, or one from: received until: closed`,
				`small.yaml:69:20: "founded" isn't known yet at "investigating": the step "find" brings it; leave it out, or ask at a later moment`},
		},
		"fact of a decision on a reply that only a proposal brings": {
			replace: []string{"  reply: [{approve: []}]", "  reply: [{when: amount > 5, approve: boss}, {approve: []}]"},
			want:    []string{`small.yaml:87:18: "amount" isn't known yet when a reply is decided: the step "propose" brings it; leave it out, or ask at a later moment`},
		},
		"fact of a remedy that only the proposal itself brings": {
			replace: []string{"reopen: {within: 30d", "remedies: [{when: amount >= 100, include: [apology]}]\nreopen: {within: 30d"},
			want:    []string{`small.yaml:105:19: "amount" isn't known yet when a fix is proposed: the step "propose" brings it; leave it out, or ask at a later moment`},
		},
		"fact of a side's step that its findings bring": {
			replace: []string{"reopen: {within: 30d", `sides: {blame: {name: {en: Blame, zh-CN: 追责}, from: investigating, steps: {judge: {name: {en: Judged, zh-CN: 判定}, by: boss, when: founded, within: 1wd, ladder: [{at: due, tell: boss}]}}}}` + "\nreopen: {within: 30d"},
			want:    []string{`small.yaml:105:131: "founded" isn't known yet at "investigating": the step "find" brings it; leave it out, or ask at a later moment`},
		},
		"clock that any acknowledgement would end": {
			replace: []string{"    from: explaining\n    until: leaving explaining", "    from: explaining\n    until: [leaving explaining, step acknowledge]"},
			want:    []string{`small.yaml:63:33: the step "acknowledge" confirms a rung, and that of any clock would count here; write a step that does what is waited for, such as "step contact reached"`},
		},
		"rung that tells a handler before there is one": {
			replace: []string{"    until: [investigating, explaining]\n", "    until: leaving received\n"},
			want:    []string{`small.yaml:56:25: there is no department_head yet while the clock runs: it ends before a department has the complaint; tell another, such as agent or service_manager`},
		},
		"clock to a date that nobody has agreed on yet": {
			replace: []string{"    within: 5wd\n", "    within: agreed\n"},
			want:    []string{`small.yaml:71:13: no date is agreed on yet at "investigating": the step "propose" brings it; start the clock at "implementing" or later, or write a time such as 3wd`},
		},
		"date agreed where none is": {
			replace: []string{"reopen: {within: 30d", "reopen: {within: agreed"},
			want:    []string{`small.yaml:105:18: nothing is agreed on here; write a time, such as 3wd`},
		},
		"period in words of one's own": {
			replace: []string{"reopen: {within: 30d", "spot_checks: {by: boss, every: 3 months}\nreopen: {within: 30d"},
			want:    []string{`small.yaml:105:32: unknown period "3 months"; write "quarter"`},
		},
		"ladder without a rung": {
			replace: []string{"    ladder:\n      - {at: 75%, tell: owner}\n      - {at: due, tell: department_head, tier: 1, ask: acknowledge}\n      - {at: +1h, tell: manager, tier: 2}\n      - {at: +2h, tell: boss, tier: 3, hand_over: decision}\n", "    ladder: []\n"},
			want:    []string{`small.yaml:54:5: the ladder has no rung; add at least {at: due, tell: …}`},
		},
		"rung without a person": {
			replace: []string{`{at: 75%, tell: owner}`, `{at: 75%, tell: []}`},
			want:    []string{`small.yaml:55:9: this rung tells nobody; add tell: … with a role`},
		},
		"ladder without a rung at due": {
			replace: []string{"      - {at: due, tell: department_head, tier: 1, ask: acknowledge}\n", ``},
			want:    []string{`small.yaml:54:5: the ladder has no rung at due, so nobody hears that the time is up; add {at: due, tell: …}`},
		},
		"rung before the start": {
			replace: []string{`{at: 75%, tell: owner}`, `{at: -1h, tell: owner}`},
			want:    []string{`small.yaml:55:14: -1h comes before a clock of 1h even starts; write a share such as 75%, or less time`},
		},
		"named ladder with a rung before the start": {
			replace: []string{"    within: 2wd\n    ladder: usual", "    within: 1wd\n    ladder: usual"},
			want:    []string{`small.yaml:65:13: the ladder "usual" has a rung at -1wd, before a clock of 1wd even starts; use another ladder`},
		},
		"rungs out of order": {
			replace: []string{`{at: +1h, tell: manager, tier: 2}`, `{at: +3h, tell: manager, tier: 2}`},
			want:    []string{`small.yaml:58:14: +2h comes before +3h; put the rungs in the order in which they fire`},
		},
		"two rungs at the same place": {
			replace: []string{`{at: +1h, tell: manager, tier: 2}`, `{at: due, tell: manager, tier: 2}`},
			want:    []string{`small.yaml:57:14: two rungs stand at due; make them one, tell: [a, b]`},
		},
		"tiers that fall": {
			replace: []string{`{at: +1h, tell: manager, tier: 2}`, `{at: +1h, tell: manager, tier: 3}`, `{at: +2h, tell: boss, tier: 3,`, `{at: +2h, tell: boss, tier: 2,`},
			want:    []string{`small.yaml:58:37: tier 2 comes after tier 3; tiers never fall on a ladder`},
		},
		"share of more than the time": {
			replace: []string{`{at: 75%, tell: owner}`, `{at: 120%, tell: owner}`},
			want:    []string{`small.yaml:55:14: "120%" is no share of the time; write 1% to 99%, or due`},
		},
		"rung in no form": {
			replace: []string{`{at: +1h, tell: manager, tier: 2}`, `{at: 1h, tell: manager, tier: 2}`},
			want:    []string{`small.yaml:57:14: unknown place of a rung "1h"; write 75%, due, -2h, +1h, +4wh or +1wd`},
		},
		"hand over to no tier": {
			replace: []string{`{at: +2h, tell: boss, tier: 3, hand_over: decision}`, `{at: +2h, tell: boss, hand_over: decision}`},
			want:    []string{`small.yaml:58:42: only the manager of a tier can be handed a decision; add tier: …`},
		},
		"unknown thing to ask": {
			replace: []string{`ask: acknowledge`, `ask: acknowlege`},
			want:    []string{`small.yaml:56:56: unknown thing to ask "acknowlege"; write "acknowledge"`},
		},
		"unknown ladder": {
			replace: []string{"    within: 2wd\n    ladder: usual", "    within: 2wd\n    ladder: usal"},
			want:    []string{`small.yaml:65:13: no ladder is called "usal"; write "usual"`},
		},
		"ladder used nowhere": {
			replace: []string{"ladders:\n", "ladders:\n  spare: [{at: due, tell: boss}]\n"},
			want:    []string{`small.yaml:77:3: the ladder "spare" is used nowhere; name it in a deadline, or take it out`},
		},
		"tier that is missing": {
			replace: []string{`tiers: {1: department_head, 2: manager, 3: boss}`, `tiers: {1: department_head, 3: boss}`},
			want:    []string{`small.yaml:39:32: tier 3 can't be reached: tiers count 1, 2, 3 without gaps and lowest first; write 2 here`},
		},
		"tier that nobody reaches": {
			replace: []string{`tiers: {1: department_head, 2: manager, 3: boss}`, `tiers: {1: department_head, 2: manager, 3: boss, 4: boss}`, `declined: {climb_after: 2}`, `declined: {climb_after: 0}`},
			want:    []string{`small.yaml:39:53: nobody ever reaches tier 4: no rung has tier: 4 and no round climbs; add such a rung, or climb_after`},
		},
		"rung at a tier that is not there": {
			replace: []string{`{at: +2h, tell: boss, tier: 3, hand_over: decision}`, `{at: +2h, tell: boss, tier: 4, hand_over: decision}`},
			want:    []string{`small.yaml:58:37: there is no tier 4; the tiers are 1 to 3`},
		},
		"unknown role of the domain": {
			replace: []string{`  service_manager: manager`, `  service-manager: manager`},
			want:    []string{`small.yaml:33:20: unknown role "service-manager"; write "service_manager"`},
		},
		"role of the domain in place of a duty": {
			replace: []string{"  agent: clerk\n", "  agent: handler\n"},
			want:    []string{`small.yaml:29:10: a role is filled by a duty of the organisation, not by the role "handler"; write a duty such as dispatch.head`},
		},
		"role that is filled by nobody": {
			replace: []string{`{at: 75%, tell: owner}`, `{at: 75%, tell: headquarters}`},
			want:    []string{`small.yaml:55:25: the role "headquarters" is filled by nobody; add it under roles`},
		},
		"category without a department": {
			replace: []string{"    department: shop\n", ``},
			want:    []string{`small.yaml:22:7: category "service.manners" has no department to go to; add department: …`},
		},
		"condition that is no CEL": {
			replace: []string{`amount <= 500`, `amount less than 500`},
			want:    []string{`small.yaml:83:21: this condition is not understood: mismatched input 'less' expecting <EOF>`},
		},
		"condition with an unknown fact": {
			replace: []string{`severity == "major"`, `sverity == "major"`},
			want:    []string{`small.yaml:45:12: unknown fact "sverity"; write "severity"`},
		},
		"condition with an unknown word": {
			replace: []string{`severity == "major"`, `severity == "majr"`},
			want:    []string{`small.yaml:45:24: unknown severity "majr"; write "major"`},
		},
		"condition with an unknown word in a list": {
			replace: []string{`severity == "major"`, `'severity in ["major", "masss"]'`},
			want:    []string{`small.yaml:45:35: unknown severity "masss"; write "mass"`},
		},
		"a remedy of one's own that every procedure has": {
			replace: []string{"reports:\n", "remedy_kinds: {refund: {name: {en: Refund, zh-CN: 退款}, as: refund}}\n\nreports:\n"},
			want:    []string{`small.yaml:107:16: every procedure has a remedy called "refund" already; choose another name`},
		},
		"a remedy that is nothing in general": {
			replace: []string{"reports:\n", "remedy_kinds: {cancel-item: {name: {en: Cancelled, zh-CN: 取消}, as: refnd}}\n\nreports:\n"},
			want:    []string{`small.yaml:107:68: unknown remedy "refnd"; write "refund"`},
		},
		"condition with an unknown field": {
			replace: []string{`severity == "major"`, `fields.siz == "small"`},
			want:    []string{`small.yaml:45:12: the form has no field "siz" with options; write "size"`},
		},
		"condition with a choice that the field doesn't have": {
			replace: []string{`severity == "major"`, `fields.size == "smal"`},
			want:    []string{`small.yaml:45:27: unknown fields.size "smal"; write "small"`},
		},
		"condition with a field of free text": {
			replace: []string{`severity == "major"`, `fields.order == "1234"`},
			want:    []string{`small.yaml:45:12: what is written in the field "order" is free text, of which conditions know nothing; give the field options`},
		},
		"condition with the fields as a whole": {
			replace: []string{`severity == "major"`, `size(fields) > 0`},
			want:    []string{`small.yaml:45:17: a field of the form is asked for by its name; write one such as fields.wish == "return"`},
		},
		"condition with an unknown clock": {
			replace: []string{`severity == "major"`, `'"setle" in late'`},
			want:    []string{`small.yaml:45:13: unknown late "setle"; write "settle"`},
		},
		"condition with brackets that is not in quotes": {
			replace: []string{`severity == "major"`, `severity in ["major"]`},
			want:    []string{`small.yaml:45:24: this is not YAML: did not find expected ',' or '}'; text that holds , [ ] { } # or ": " stands in quotes`},
		},
		"condition with an unknown category": {
			replace: []string{`category == "service.delivery"`, `category == "service.delivry"`},
			want:    []string{`small.yaml:93:23: unknown category "service.delivry"; write "service.delivery"`},
		},
		"condition that compares text with a number": {
			replace: []string{`amount <= 500`, `amount <= "500"`},
			want:    []string{`small.yaml:83:21: this condition is not understood: a double and a string don't go together here; compare numbers with numbers and text with text`},
		},
		"condition that gives no yes or no": {
			replace: []string{`amount <= 500`, `amount + 500`},
			want:    []string{`small.yaml:83:14: the condition gives a double, not yes or no; compare it, such as amount > 0`},
		},
		"condition in quotes": {
			replace: []string{`{when: amount <= 500,`, `{when: 'amonut <= 500',`},
			want:    []string{`small.yaml:83:15: unknown fact "amonut"; write "amount"`},
		},
		"authority without a last rule": {
			replace: []string{"    - {approve: [manager, boss]}\n", ``},
			want:    []string{`small.yaml:83:7: no rule is left for the other cases; end with a rule without when, such as {approve: []}`},
		},
		"authority with a rule after the last": {
			replace: []string{`{when: amount <= 500, approve: []}`, `{approve: []}`},
			want:    []string{`small.yaml:83:7: this rule fits always, so those after it never do; give it a when, or put it last`},
		},
		"authority that forgets a matter": {
			replace: []string{"  visit: [{approve: []}]\n", ``},
			want:    []string{`small.yaml:81:1: nothing is said about who approves a visit; add visit: [{approve: []}] if nobody need`},
		},
		"unknown matter": {
			replace: []string{`  visit: [`, `  visits: [`},
			want:    []string{`small.yaml:86:3: unknown matter "visits"; write "visit"`},
		},
		"silence without an end": {
			replace: []string{`if_silent: [remind, {close: unresolved}]`, `if_silent: [remind]`},
			want:    []string{`small.yaml:90:44: after the last reminder a silent customer would keep the complaint open for ever; end with {suspend: 30d}, proceed or {close: unresolved}`},
		},
		"silence that ends too early": {
			replace: []string{`if_silent: [remind, {close: unresolved}]`, `if_silent: [proceed, remind, {close: unresolved}]`},
			want:    []string{`small.yaml:90:44: what follows is never reached; put this last`},
		},
		"silence that closes as resolved": {
			replace: []string{`{close: unresolved}`, `{close: resolved}`},
			want:    []string{`small.yaml:90:60: silence can't close a complaint as "resolved"; write unresolved`},
		},
		"silence in no form": {
			replace: []string{`if_silent: [remind, {close: unresolved}]`, `if_silent: [shout, {close: unresolved}]`},
			want:    []string{`small.yaml:90:44: unknown answer to silence "shout"; write remind, proceed, {suspend: 30d} or {close: unresolved}`},
		},
		"callbacks without an attempt": {
			replace: []string{`attempts: {count: 1}`, `attempts: {count: 0}`},
			want:    []string{`small.yaml:98:23: with 0 attempts nobody is ever called; write 1 or more`},
		},
		"callback due before it may come": {
			replace: []string{`{not_before: 5wd, within: 6wd,`, `{not_before: 7wd, within: 6wd,`},
			want:    []string{`small.yaml:97:22: the call may not come before 7wd but must come within 6wd; write less`},
		},
		"attempts without a pause between": {
			replace: []string{`{count: 2, every: 4wh}`, `{count: 2}`},
			want:    []string{`small.yaml:102:5: how long to wait between attempts is missing; add every: 4wh`},
		},
		"follow-up without a last plan": {
			replace: []string{"  - by: agent\n    callbacks: [{within: 3wd, ladder: [{at: due, tell: manager}]}]\n    attempts: {count: 2, every: 4wh}\n    dissatisfied: {reopen: investigating}\n", ``},
			want:    []string{`small.yaml:93:5: no plan is left for the other cases; end with a plan without when, such as {callbacks: []} where nobody calls back`},
		},
		"reopening into a stage that can't be": {
			replace: []string{`reopen: {within: 30d, to: investigating}`, `reopen: {within: 30d, to: following_up}`},
			want:    []string{`small.yaml:105:27: a complaint can't be taken back to "following_up"; write one of received, assigning, investigating, proposing, implementing`},
		},
		"dissatisfied into a stage that can't be": {
			replace: []string{`dissatisfied: {reopen: investigating}`, `dissatisfied: {reopen: closed}`},
			want:    []string{`small.yaml:103:28: a complaint can't be taken back to "closed"; write one of received, assigning, investigating, proposing, implementing`},
		},
		"form asks for what it hasn't": {
			replace: []string{`complete_before_closing: [findings, every-field]`, `complete_before_closing: [finding, every-field]`},
			want:    []string{`small.yaml:14:29: nothing is called "finding" that could be complete; write "findings"`},
		},
		"field without a type": {
			replace: []string{`type: integer, minimum: 1`, `minimum: 1`},
			want:    []string{`small.yaml:13:5: the field needs a type; write one of string, integer, number, boolean, array`},
		},
		"field with an unknown rule": {
			replace: []string{`type: integer, minimum: 1`, `type: integer, minimun: 1`},
			want:    []string{`small.yaml:13:61: a field has no "minimun"; write "minimum"`},
		},
		"field with a pattern that is none": {
			replace: []string{`"^[0-9]{4}$"`, `"^[0-9{4}$"`},
			want:    []string{"small.yaml:11:5: the field takes no value: pattern: '^[0-9{4}$' is not valid regex: error parsing regexp: missing closing ]: `[0-9{4}$`"},
		},
		"field named like a fact": {
			replace: []string{`    order: {title`, `    proposal: {title`},
			want:    []string{`small.yaml:11:5: the field "proposal" has the name of a fact that every complaint has; choose another`},
		},
		"report at no time": {
			replace: []string{`on: "Tuesday 06:00"`, `on: "day 2 06:00"`},
			want:    []string{`small.yaml:108:63: "day 2 06:00" is no time of a week; write one such as "Tuesday 06:00"`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := procedure.Parse("small.yaml", small(t, c.replace...))
			requireProblems(t, c.want, err)
		})
	}
}

func TestAProcedureThatDoesNotFitItsPeopleOrCalendarsIsShownWhere(t *testing.T) {
	for name, c := range map[string]struct {
		replace []string // in testdata/small.yaml: this by that
		want    []string
	}{
		"unknown calendar": {
			replace: []string{`calendar: cn`, `calendar: china`},
			want:    []string{`small.yaml:3:11: there is no calendar "china"; write one of cn, new-york, or put its file into calendars`},
		},
		"unknown department": {
			replace: []string{`department: store`, `department: stor`},
			want:    []string{`small.yaml:24:63: there is no department "stor"; write "store"`},
		},
		"department without a handler": {
			replace: []string{`department: store`, `department: archive`},
			want:    []string{`small.yaml:24:63: the department "archive" can't be reached: nobody is its archive.head or archive.handler; add that to the directory's duties, or write another department`},
		},
		"duty that nobody holds": {
			replace: []string{`{at: -1wd, tell: handler}`, `{at: -1wd, tell: managr}`},
			want:    []string{`small.yaml:78:24: nobody holds the duty "managr", so this rung would tell nobody; write "manager"`},
		},
		"route to a duty that nobody holds": {
			replace: []string{`to: boss, seen_by: [boss]`, `to: chef, seen_by: [boss]`},
			want:    []string{`small.yaml:44:42: nobody holds the duty "chef"; write one of administrator, agent, auditor, boss, clerk, department_head, director, general_manager, handler, manager, owner, service_manager, shop.handler, shop.head, store.handler, store.head`},
		},
		"role filled with a duty that nobody holds": {
			replace: []string{`  auditor: boss`, `  auditor: inspector`},
			want:    []string{`small.yaml:36:12: nobody holds the duty "inspector"; write one of administrator, agent, auditor, boss, clerk, department_head, director, general_manager, handler, manager, owner, service_manager, shop.handler, shop.head, store.handler, store.head`},
		},
		"directory of another organisation": {
			replace: []string{`procedure: small`, `procedure: smaller`},
			want:    []string{`small.yaml:1:12: the directory is that of "small"; use the one of "smaller"`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := procedure.Parse("small.yaml", small(t, c.replace...))
			require.NoError(t, err)
			requireProblems(t, c.want, p.Check(calendars(t), people(t)))
		})
	}
}

func TestACalendarThatHasRunOutIsShownWhereTheProcedureNamesIt(t *testing.T) {
	p, err := procedure.Parse("small.yaml", small(t))
	require.NoError(t, err)
	year, err := calendar.Parse("one-year.yaml", []byte("calendar: cn\nzone: Asia/Shanghai\nweek: {mon-fri: [\"09:00-17:00\"]}\ncovers: 2026\n"))
	require.NoError(t, err)
	calendars := map[string]*calendar.Calendar{"cn": year}

	require.NoError(t, p.CheckCovers(calendars, time.Date(2026, 12, 31, 15, 59, 0, 0, time.UTC)))
	requireProblems(t, []string{
		`small.yaml:3:11: the holidays of calendar "cn" are known to the end of 2026; add those of 2027 to the calendar and extend its covers`,
	}, p.CheckCovers(calendars, time.Date(2026, 12, 31, 16, 0, 0, 0, time.UTC)))
}

func TestAFileThatIsTooLongOrTooDeepIsRefused(t *testing.T) {
	_, err := procedure.Parse("long.yaml", []byte(strings.Repeat("# comment\n", 30_000)))
	require.EqualError(t, err, "long.yaml:1:1: the file has 300000 bytes; keep it under 262144")
	_, err = procedure.Parse("deep.yaml", []byte("procedure: "+strings.Repeat("[", 1000)))
	require.EqualError(t, err, "deep.yaml:1:52: nested too deep; at most 40 levels are read")
	_, err = procedure.Parse("empty.yaml", nil)
	require.EqualError(t, err, "empty.yaml:1:1: the file is empty")
	_, err = procedure.Parse("two.yaml", []byte("procedure: a\n---\nprocedure: b\n"))
	require.EqualError(t, err, "two.yaml:3:1: a second document begins here; write one file for each")
}

func TestNoVersionGivesOutNumbersThatBelongElsewhere(t *testing.T) {
	read := func(replacements ...string) *procedure.Procedure {
		p, err := procedure.Parse("small.yaml", small(t, replacements...))
		require.NoError(t, err)
		return p
	}
	first, stranger := read(), read("procedure: small", "procedure: other")
	for name, c := range map[string]struct {
		next    *procedure.Procedure
		inForce map[string]*procedure.Procedure
		want    []string
	}{
		"the first of all":     {first, nil, nil},
		"numbered as before":   {read("currency: CNY", "currency: EUR"), map[string]*procedure.Procedure{"small": first}, nil},
		"with other letters":   {read("SM-{", "SL-{"), map[string]*procedure.Procedure{"small": first}, []string{`small.yaml:5:10: complaints numbered "SM-{year}-{sequence:4}" are there and would be found no more; write that again`}},
		"with another length":  {read("sequence:4", "sequence:5"), map[string]*procedure.Procedure{"small": first}, []string{`small.yaml:5:10: complaints numbered "SM-{year}-{sequence:4}" are there and would be found no more; write that again`}},
		"as another does":      {first, map[string]*procedure.Procedure{"other": stranger}, []string{`small.yaml:5:10: complaints of "other" begin with "SM-"; begin with other letters`}},
		"as another does, too": {read("sequence:4", "sequence:5"), map[string]*procedure.Procedure{"other": stranger}, []string{`small.yaml:5:10: complaints of "other" begin with "SM-"; begin with other letters`}},
	} {
		t.Run(name, func(t *testing.T) {
			err := c.next.CheckNumbers(c.inForce)
			if c.want == nil {
				require.NoError(t, err)
				return
			}
			requireProblems(t, c.want, err)
		})
	}
}
