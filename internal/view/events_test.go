package view_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/stretchr/testify/require"

	"recourse/internal/api"
	"recourse/internal/bilingual"
	"recourse/internal/casework"
	"recourse/internal/complaint"
	"recourse/internal/httpapi"
	"recourse/internal/procedure"
	"recourse/internal/rig"
	"recourse/internal/rulebook/rulebooktest"
	"recourse/internal/view"
)

// eventKinds are the kinds of the domain, read from its source so that a new one can't be forgotten
// here.
func eventKinds(t *testing.T) []complaint.EventKind {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../complaint/event.go", nil, 0)
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

func (l *lived) then(day int, clock, by, step string, said rig.Body) {
	at, err := time.Parse("2006-01-02 15:04 -0700", "2026-03-"+strconv.Itoa(100 + day)[1:]+" "+clock+" +0800")
	if err != nil {
		panic(err)
	}
	*l = append(*l, api.SimulatedStep{At: at, By: by, Step: api.StepName(step), Body: said})
}

// walks make together every kind of event.
func walks() map[string]lived {
	judged := func(severity string) rig.Body {
		return rig.Body{"kind": "complaint", "valid": true, "category": "operations.mistake", "severity": severity}
	}
	offer := func(amount string) rig.Body {
		return rig.Body{"remedies": []rig.Body{{"kind": "compensation", "amount": amount, "currency": "CNY"}}, "time_limit": "2026-03-20T10:00:00Z", "reasons": "Fair."}
	}
	toProposal := func(severity string) lived {
		var l lived
		l.then(2, "10:00", rig.Dispatcher, "screen", judged(severity))
		l.then(2, "10:10", rig.SecondCourier, "accept", rig.Body{})
		l.then(2, "10:20", rig.Courier, "accept", rig.Body{})
		l.then(2, "10:25", rig.Courier, "contact", rig.Body{"reached": true})
		l.then(2, "10:30", rig.Courier, "find", rig.Body{"founded": true, "cause_code": "coordination", "liability": "department", "cause": "Nobody asked."})
		return l
	}
	agreed := toProposal("major")
	agreed.then(2, "10:40", rig.Courier, "note", rig.Body{"words": "He threatens.", "threat": rig.Body{"at_risk": []string{rig.SecondCourier}}})
	agreed.then(2, "10:50", rig.Dispatcher, "suspend", rig.Body{"kind": "customer-away", "until": "2026-03-03T02:00:00Z", "words": "Travels."})
	agreed.then(2, "11:00", rig.Dispatcher, "resume", rig.Body{})
	agreed.then(3, "11:00", rig.OperationsHead, "acknowledge", rig.Body{"deadline": "settle"})
	agreed.then(4, "09:00", rig.Dispatcher, "suspend", rig.Body{"kind": "parts-on-order", "until": "2026-03-05T02:00:00Z", "words": "The log."})
	agreed.then(5, "14:00", rig.Courier, "propose", offer("500.00"))
	agreed.then(5, "14:10", rig.DispatchHead, "approve", rig.Body{"proposal_revision": 1})
	agreed.then(5, "14:20", rig.Dispatcher, "answer", rig.Body{"proposal_revision": 1, "agrees": true, "asked_by": "phone"})
	agreed.then(6, "10:00", rig.Courier, "implement", rig.Body{"result": "Paid."})
	agreed.then(6, "10:10", rig.Dispatcher, "verify", rig.Body{"satisfied": true})
	agreed.then(10, "10:00", rig.Dispatcher, "call-back", rig.Body{"reached": true, "satisfaction": "satisfied"})
	agreed.then(11, "10:00", rig.Dispatcher, "close", rig.Body{"outcome": "resolved"})

	climbing := toProposal("normal")
	climbing.then(2, "11:00", rig.Courier, "escalate", rig.Body{"reason": "Too big for me."})
	climbing.then(2, "11:10", rig.Courier, "propose", offer("20.00"))
	climbing.then(2, "11:20", rig.DispatchHead, "approve", rig.Body{"proposal_revision": 1})
	climbing.then(2, "11:30", rig.OperationsHead, "approve", rig.Body{"proposal_revision": 1})

	unwatched := toProposal("normal")
	unwatched.then(2, "10:40", rig.Dispatcher, "note", rig.Body{"words": "He threatens.", "threat": rig.Body{"at_risk": []string{rig.Courier}}})
	unwatched.then(2, "11:00", rig.Dispatcher, "assign", rig.Body{"department": "service"})
	unwatched.then(2, "11:10", rig.DispatchHead, "reassign", rig.Body{"handler": "chen-jing", "department": "service", "reason": "Theirs."})
	unwatched.then(20, "10:00", rig.Dispatcher, "withdraw", rig.Body{"reason": "She called."})
	var excluded lived // whoever was ordered something turns out to be liable
	excluded.then(2, "10:00", rig.Dispatcher, "screen", judged("normal"))
	excluded.then(2, "10:20", rig.Courier, "accept", rig.Body{})
	excluded.then(2, "10:25", rig.Courier, "contact", rig.Body{"reached": true})
	excluded.then(2, "10:30", rig.Auditor, "instruct", rig.Body{"to": rig.SecondCourier, "due": "2026-03-04T02:00:00Z", "order": "Report on the route."})
	excluded.then(2, "10:40", rig.Courier, "find", rig.Body{"founded": true, "liability": "department", "people": []string{rig.SecondCourier}})
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
	rules := rulebooktest.Rules(t, "courier-station")
	silence := *rules.Procedure
	silence.CustomerAnswer.IfSilent = append(silence.CustomerAnswer.IfSilent[:2:2], procedure.Silence{Proceed: true})
	counted := *rules.Procedure // whose callbacks count from the fix
	counted.FollowUps = slices.Clone(counted.FollowUps)
	var fixed procedure.Moment
	require.NoError(t, fixed.UnmarshalText([]byte("step implement")))
	for i := range counted.FollowUps {
		counted.FollowUps[i].Callbacks = slices.Clone(counted.FollowUps[i].Callbacks)
		for j := range counted.FollowUps[i].Callbacks {
			counted.FollowUps[i].Callbacks[j].From = []procedure.Moment{fixed}
		}
	}
	seen := map[complaint.EventKind]bool{}
	for name, steps := range walks() {
		t.Run(name, func(t *testing.T) {
			rules := rules
			switch name {
			case "climbing":
				rules.Procedure = &silence
			case "agreed":
				rules.Procedure = &counted
			}
			said, err := httpapi.ReadSimulation(bodies, api.Simulation{Start: time.Date(2026, 3, 2, 1, 30, 0, 0, time.UTC), Steps: steps,
				Registration: api.SimulatedRegistration{Category: "operations.mistake", Channel: "visit"}})
			require.NoError(t, err)
			timeline, err := casework.Simulate(t.Context(), rules, said, time.Now())
			require.NoError(t, err)
			for _, language := range bilingual.Languages() {
				for i, entry := range view.Timeline(rules, timeline, language).Entries {
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
