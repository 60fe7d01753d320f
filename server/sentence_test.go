package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/stretchr/testify/require"

	"recourse/internal/api"
	"recourse/internal/bilingual"
	"recourse/internal/complaint"
	"recourse/internal/directory"
	"recourse/internal/procedure"
	"recourse/internal/simulation"
)

// eventKinds are the kinds of the domain, read from its source so that a new one can't be forgotten here.
func eventKinds(t *testing.T) []complaint.EventKind {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../internal/complaint/event.go", nil, 0)
	require.NoError(t, err)
	var kinds []complaint.EventKind
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if named, ok := spec.Type.(*ast.Ident); ok && named.Name == "EventKind" {
			for _, value := range spec.Values {
				code, err := strconv.Unquote(value.(*ast.BasicLit).Value)
				require.NoError(t, err)
				kinds = append(kinds, complaint.EventKind(code))
			}
		}
		return true
	})
	require.NotEmpty(t, kinds)
	return kinds
}

// lived is a walk by the station's rules: who takes which step when, from Monday 2 March 2026 on.
type lived []api.SimulatedStep

func (l *lived) then(day int, clock, by, step string, said body) {
	at, err := time.Parse("2006-01-02 15:04 -0700", "2026-03-"+strconv.Itoa(100 + day)[1:]+" "+clock+" +0800")
	if err != nil {
		panic(err)
	}
	*l = append(*l, api.SimulatedStep{At: at, By: by, Step: api.StepName(step), Body: said})
}

// walks make together every kind of event.
func walks() map[string]lived {
	judged := func(severity string) body {
		return body{"kind": "complaint", "valid": true, "category": "operations.mistake", "severity": severity}
	}
	offer := func(amount string) body {
		return body{"remedies": []body{{"kind": "compensation", "amount": amount, "currency": "CNY"}}, "time_limit": "2026-03-20T10:00:00Z", "reasons": "Fair."}
	}
	toProposal := func(severity string) lived {
		var l lived
		l.then(2, "10:00", dispatcher, "screen", judged(severity))
		l.then(2, "10:10", secondCourier, "accept", body{})
		l.then(2, "10:20", courier, "accept", body{})
		l.then(2, "10:25", courier, "contact", body{"reached": true})
		l.then(2, "10:30", courier, "find", body{"founded": true, "cause_code": "coordination", "liability": "department", "cause": "Nobody asked."})
		return l
	}
	agreed := toProposal("major")
	agreed.then(2, "10:40", courier, "note", body{"words": "He threatens.", "threat": body{"at_risk": []string{secondCourier}}})
	agreed.then(2, "10:50", dispatcher, "suspend", body{"kind": "customer-away", "until": "2026-03-03T02:00:00Z", "words": "Travels."})
	agreed.then(2, "11:00", dispatcher, "resume", body{})
	agreed.then(3, "11:00", operationsHead, "acknowledge", body{"deadline": "settle"})
	agreed.then(4, "09:00", dispatcher, "suspend", body{"kind": "parts-on-order", "until": "2026-03-05T02:00:00Z", "words": "The log."})
	agreed.then(5, "14:00", courier, "propose", offer("500.00"))
	agreed.then(5, "14:10", dispatchHead, "approve", body{"proposal_revision": 1})
	agreed.then(5, "14:20", dispatcher, "answer", body{"proposal_revision": 1, "agrees": true, "asked_by": "phone"})
	agreed.then(6, "10:00", courier, "implement", body{"result": "Paid."})
	agreed.then(6, "10:10", dispatcher, "verify", body{"satisfied": true})
	agreed.then(10, "10:00", dispatcher, "call-back", body{"reached": true, "satisfaction": "satisfied"})
	agreed.then(11, "10:00", dispatcher, "close", body{"outcome": "resolved"})

	climbing := toProposal("normal")
	climbing.then(2, "11:00", courier, "escalate", body{"reason": "Too big for me."})
	climbing.then(2, "11:10", courier, "propose", offer("20.00"))
	climbing.then(2, "11:20", dispatchHead, "approve", body{"proposal_revision": 1})
	climbing.then(2, "11:30", operationsHead, "approve", body{"proposal_revision": 1})

	unwatched := toProposal("normal")
	unwatched.then(2, "10:40", dispatcher, "note", body{"words": "He threatens.", "threat": body{"at_risk": []string{courier}}})
	unwatched.then(2, "11:00", dispatcher, "assign", body{"department": "service"})
	unwatched.then(2, "11:10", dispatchHead, "reassign", body{"handler": "chen-jing", "department": "service", "reason": "Theirs."})
	unwatched.then(20, "10:00", dispatcher, "withdraw", body{"reason": "She called."})
	var excluded lived // whoever was ordered something turns out to be liable
	excluded.then(2, "10:00", dispatcher, "screen", judged("normal"))
	excluded.then(2, "10:20", courier, "accept", body{})
	excluded.then(2, "10:25", courier, "contact", body{"reached": true})
	excluded.then(2, "10:30", auditorPerson, "instruct", body{"to": secondCourier, "due": "2026-03-04T02:00:00Z", "order": "Report on the route."})
	excluded.then(2, "10:40", courier, "find", body{"founded": true, "liability": "department", "people": []string{secondCourier}})
	return map[string]lived{"excluded": excluded, "agreed": agreed, "climbing": climbing, "another department": unwatched}
}

var (
	machineTime = regexp.MustCompile(`\d{4}-\d{2}-\d{2}T|\dZ\b`)
	rawCode     = regexp.MustCompile(`[a-z0-9]+[_@][a-z0-9_]+|[a-z]+-[a-z]+(-[a-z]+)*\.[a-z]+`)
	oneOfMany   = regexp.MustCompile(`\b1 [a-z]+s\b`)
	latinWord   = regexp.MustCompile(`[A-Za-z]{2,}`)
)

func TestEveryEventIsSaidInTheReadersLanguageAlone(t *testing.T) {
	bodies, err := api.NewBodies()
	require.NoError(t, err)
	rules, err := simulatedRules("courier-station", "")
	require.NoError(t, err)
	silence := *rules.Procedure
	silence.CustomerAnswer.IfSilent = append(silence.CustomerAnswer.IfSilent[:2:2], procedure.Silence{Proceed: true})
	seen := map[complaint.EventKind]bool{}
	for name, steps := range walks() {
		t.Run(name, func(t *testing.T) {
			rules := rules
			if name == "climbing" {
				rules.Procedure = &silence
			}
			start := time.Date(2026, 3, 2, 1, 30, 0, 0, time.UTC)
			request := simulation.Request{Rules: rules, Start: start, Until: start.Add(usualSimulation)}
			request.Registration, err = simulatedRegistration(rules, api.SimulatedRegistration{Category: "operations.mistake", Channel: "visit"}, start)
			require.NoError(t, err)
			for i, given := range steps {
				step, err := simulatedStep(bodies, rules, given, strconv.Itoa(i))
				require.NoError(t, err, given.Step)
				request.Steps = append(request.Steps, step)
			}
			timeline, err := simulation.Run(t.Context(), request)
			require.NoError(t, err)
			for _, language := range bilingual.Languages() {
				for i, entry := range shownTimeline(rules, timeline, language).Entries {
					seen[timeline.Entries[i].Kind] = true
					requireReadable(t, language, entry.Text)
				}
			}
		})
	}
	for _, kind := range eventKinds(t) {
		require.True(t, seen[kind], "no walk comes to %s", kind)
	}
}

func requireReadable(t *testing.T, language, sentence string) {
	t.Helper()
	for what, wrong := range map[string]*regexp.Regexp{"a machine's time": machineTime, "a raw code": rawCode, "a wrong plural": oneOfMany} {
		require.NotRegexp(t, wrong, sentence, what)
	}
	require.NotContains(t, sentence, "{", "a place that nothing fills")
	require.NotContains(t, sentence, "“”", "a name that is missing")
	require.NotContains(t, sentence, ": .", "a word that is missing")
	if language == bilingual.English {
		require.False(t, strings.ContainsFunc(sentence, func(r rune) bool { return unicode.Is(unicode.Han, r) }), sentence)
		return
	}
	require.NotRegexp(t, latinWord, strings.ReplaceAll(sentence, "CST", ""), "a foreign word")
}

func TestCountsAreSaidInGoodEnglish(t *testing.T) {
	o := opened{names: names{language: bilingual.English}}
	for count, sentence := range map[int]string{0: "No callback is planned.", 1: "One callback was planned.", 3: "3 callbacks were planned."} {
		require.Equal(t, sentence, o.sentence(complaint.Event{Kind: complaint.CallbacksPlanned, Callbacks: count}, ladders{}))
	}
	for label, want := range map[string][2]string{
		"75%": {"75% of its time", "时限的75%"}, "+1h": {"one hour after its due time", "到期后1小时"},
		"-30m": {"30 minutes before its due time", "到期前30分钟"}, "+1h 30m": {"one hour 30 minutes after its due time", "到期后1小时30分钟"},
		"+4wh": {"4 working hours after its due time", "到期后4个工作小时"}, "+1wd": {"one working day after its due time", "到期后1个工作日"},
		"month 2": {"month 2", "第2个月"}, "due": {"its due time", "到期"}, "3": {"its rung 3", "第3"},
	} {
		require.Equal(t, want, [2]string{rungName(label, bilingual.English), rungName(label, bilingual.Chinese)})
	}
}

func TestARefusedStepSaysWhy(t *testing.T) {
	refused := func(step complaint.StepName, code complaint.Code, reason complaint.Reason) complaint.Event {
		return complaint.Event{Kind: complaint.StepRefused, By: complaint.Operator, Step: &complaint.Step{Name: step}, Code: string(code), Reason: reason}
	}
	for said, event := range map[string]complaint.Event{
		"An operator was refused the step “Reassign”. The directory doesn't know a person or department named here.": refused(complaint.Reassign, complaint.CodeRuleViolation, complaint.ReasonUnknownName),
		"An operator was refused the step “Record the findings”. Against a rule.":                                    refused(complaint.Find, complaint.CodeRuleViolation, complaint.ReasonMissingFacts),
		"An operator was refused the step “Reassign”.":                                                               refused(complaint.Reassign, complaint.CodeForbidden, ""),
		"An operator was refused an unknown step: “reasign”.":                                                        refused("reasign", complaint.CodeStepNotAllowed, complaint.ReasonUnknownStep),
	} {
		require.Equal(t, said, opened{names: names{&directory.Directory{}, bilingual.English}}.sentence(event, ladders{}))
	}
}

func TestWhatCameOfAStepIsSaid(t *testing.T) {
	customer := complaint.Actor{Person: complaint.Customer}
	for said, event := range map[string]complaint.Event{
		"he-yan approved: proposed fix 2.":                            {Step: &complaint.Step{Name: complaint.Approve, Facts: complaint.Facts{Decision: &complaint.Decision{Matter: complaint.MatterProposal, ProposalRevision: 2}}}},
		"he-yan tried to contact the customer and didn't reach them.": {Step: &complaint.Step{Name: complaint.Contact, Facts: complaint.Facts{Contact: &complaint.ContactMade{}}}},
		"The customer declined proposal 1.":                           {Step: &complaint.Step{Name: complaint.Answer, By: customer, Facts: complaint.Facts{Answer: &complaint.CustomerReply{ProposalRevision: 1}}}},
		"The customer answered how satisfied they are: satisfied.":    {Step: &complaint.Step{Name: complaint.CallBack, By: customer, Facts: complaint.Facts{Callback: &complaint.Callback{Reached: true, Satisfaction: complaint.Satisfied}}}},
		"The customer withdrew the complaint.":                        {Step: &complaint.Step{Name: complaint.Withdraw, By: customer}},
		"he-yan took the step “Withdraw”.":                            {Step: &complaint.Step{Name: complaint.Withdraw}},
	} {
		event.Kind, event.By = complaint.StepTaken, "he-yan"
		require.Equal(t, said, opened{names: names{&directory.Directory{}, bilingual.English}}.sentence(event, ladders{}))
	}
}
