package procedure_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/calendar"
	"recourse/internal/casework"
	"recourse/internal/complaint"
	"recourse/internal/directory"
	"recourse/internal/plan"
	"recourse/internal/procedure"
	"recourse/internal/simulation"
	"recourse/internal/store/learning"
	"recourse/internal/store/published"
	"recourse/internal/store/reading"
	"recourse/internal/view"
	"recourse/procedures"
)

// Each key of a procedure has an effect. testdata/every-key.yaml has them all; a probe changes the
// value of one, and whoever the probe names must see a difference. A key without a probe fails, and
// so does one that makes no difference.

// probe changes one key of every-key.yaml.
type probe struct {
	key        string // its path; * stands for a name of one's own
	this, that string // what the file says, once, and what it says instead
	seen       func(testing.TB, plan.Rules) string
}

var probes = []probe{
	// What it is.
	{"procedure", "procedure: every-key", "procedure: every-keys", by(func(r plan.Rules) any {
		return r.Procedure.Check(map[string]*calendar.Calendar{"cn": r.Calendar}, r.Directory)
	})},
	{"name", "en: Every key", "en: All keys", looksUp},
	{"currency", "currency: CNY", "currency: EUR", happens(handled)},
	{"hotline.phone", "400 555 0100", "400 555 0199", looksUp},
	{"hotline.hours", "en: \"Monday to Friday, 9:00", "en: \"Monday to Friday, 10:00", looksUp},
	{"languages", "[zh-CN, en]", "[en, zh-CN]", happens(nobodyActs)},
	{"form.name", "Complaint sheet", "Complaint form", reads(nobodyActs)},
	{"form.fields.*.title", "Order number", "Number of the order", looksUp},
	{"form.fields.*.options.*", "large: {en: Large", "large: {en: Big", looksUp},
	{"channels.*", "Telephone", "By telephone", looksUp},
	{"channels.*", "Telephone", "By telephone", reads(nobodyActs)},
	{"categories.*.name", "en: Goods,", "en: Wares,", looksUp},
	{"categories.*.usual_outcome", "usual_outcome: referred", "usual_outcome: withdrawn", looksUp},
	{"categories.*.usual_outcome", "usual_outcome: referred", "usual_outcome: withdrawn", reads(nobodyActs)},
	{"causes.*.name", "Broken goods", "Goods broken", looksUp},
	{"causes.*.name", "Broken goods", "Goods broken", reads(closes)},
	{"calendar", "calendar: cn", "calendar: new-york", happens(nobodyActs)},
	{"number", `"EK-{year}-{sequence:4}"`, `"EK-{year}-{sequence:6}"`, by(func(r plan.Rules) any { return r.Procedure.Number(2026, 7) })},
	{"form.fields.*.(JSON Schema)", "^[0-9]{4}$", "^[0-9]{5}$", by(func(r plan.Rules) any { return r.Procedure.ValidateFields(map[string]any{"order": "1234"}) })},
	{"form.complete_before_closing", "[findings, order]", "[findings]", happens(closes)},
	{"categories.*.department", "department: store\n    with", "department: shop\n    with", happens(handled)},
	{"categories.*.with", "with: shop\n    usual", "with: desk\n    usual", happens(handled)},

	// Who.
	{"roles.agent", "agent: clerk", "agent: officer", happens(nobodyActs)},
	{"roles.owner", "owner: officer", "owner: clerk", happens(threatens)},
	{"roles.handler", `"{department}.handler"`, `"{department}.head"`, happens(handled)},
	{"roles.department_head", `"{department}.head"`, `"{department}.handler"`, happens(nobodyHandles)},
	{"roles.service_manager", "service_manager: manager", "service_manager: group", happens(contests)},
	{"roles.director", "  director: director", "  director: group", happens(managersAct)},
	{"roles.general_manager", "general_manager: boss", "general_manager: group", happens(managersAct)},
	{"roles.headquarters", "headquarters: group", "headquarters: office", happens(managersAct)},
	{"roles.auditor", "auditor: inspector", "auditor: officer", happens(managersAct)},
	{"roles.administrator", "administrator: office", "administrator: officer", happens(managersAct)},
	{"roles.emergency_team", "emergency_team: rescue", "emergency_team: office", happens(calledOut)},
	{"tiers.*", "2: manager, 3", "2: director, 3", happens(handled)},
	{"owner.named_by", "named_by: rule", "named_by: manager", happens(handled)},
	{"owner.role", "role: officer", "role: clerk", happens(handled)},

	{"handler.named_by", "named_by: shop.head, when", "named_by: boss, when", happens(online)},
	{"handler.when", `named_by: shop.head, when: channel == "web"`, `named_by: shop.head, when: channel == "phone"`, happens(handled)},
	{"neutral", "neutral: [rescue]", "neutral: [boss]", happens(handled)},
	{"may.step", "step: request-support, by", "step: mark-special, by", happens(online)},
	{"may.by", "by: [officer], when", "by: [handler], when", happens(online)},
	{"may.when", `by: [officer], when: channel == "web"`, `by: [officer], when: channel == "phone"`, happens(online)},
	{"passes.what", "what: [step contact]", "what: [step accept]", happens(online)},
	{"passes.when", `what: [step contact], when: channel == "web"`, `what: [step contact], when: channel == "phone"`, happens(online)},
	{"requires.before", "before: step propose", "before: step close", happens(online)},
	{"requires.when", `before: step propose, when: channel == "web"`, `before: step propose, when: channel == "phone"`, happens(online)},
	{"requires.have", "have: [field size]", "have: [field order]", happens(online)},

	{"owner.among", "among: desk", "among: shop", happens(namesAnOwner)},

	// Where it goes, and who hears of it.
	{"routes.when", `kind == "whistleblowing"`, `kind == "suggestion"`, happens(writesALetter)},
	{"routes.to", "to: director, seen_by", "to: boss, seen_by", happens(writesALetter)},
	{"routes.to", "with: store, to: shop.head", "with: store, to: manager", happens(complainInMasses)},
	{"routes.department", "department: shop, with", "department: desk, with", happens(complainInMasses)},
	{"routes.with", "with: store, to", "with: desk, to", happens(complainInMasses)},
	{"routes.seen_by", "[director, boss], source", "[manager, boss], source", happens(writesALetter)},
	{"routes.inform_first", "inform_first: boss", "inform_first: manager", happens(handled)},
	{"routes.copy", "copy: group", "copy: office", happens(handled)},
	{"alerts.*.name", "Furious customer", "Angry customer", reads(nobodyActs)},
	{"alerts.*.when", "anger >= 4", "anger >= 6", happens(nobodyActs)},
	{"alerts.*.tell", "anger >= 4, tell: manager", "anger >= 4, tell: boss", happens(nobodyActs)},
	{"notices.*.on", "on: step implement impossible", "on: step implement done", happens(impossible)},
	{"notices.*.when", `when: liability == "supplier", tell`, `when: liability == "customer", tell`, happens(impossible)},
	{"notices.*.tell", `"supplier", tell: group`, `"supplier", tell: office`, happens(impossible)},
	{"threats.watch", "[department_head, manager]", "[manager]", happens(threatens)},
	{"threats.warn", "[office, owner]", "[owner]", happens(threatens)},
	{"remedies.when", `cause_code == "careless", include`, `cause_code == "broken", include`, happens(handled)},
	{"remedies.include", "include: apology", "include: refund", happens(carelessly)},

	{"remedy_kinds.*.name", "No charge for the work", "Free work", looksUp},
	{"remedy_kinds.*.name", "No charge for the work", "Free work", reads(waivesLabour)},
	{"remedy_kinds.*.as", "as: discount", "as: free_service", happens(waivesLabour)},
	{"decisions.*.name", "en: Demand accepted", "en: Accepted", looksUp},
	{"decisions.*.name", "en: Demand accepted", "en: Accepted", reads(waivesLabour)},

	// Clocks.
	{"ask_again", "ask_again: 1wd", "ask_again: 2wd", happens(nobodyHandles)},
	{"ladders.*.at", "at: 50%, tell: handler", "at: 60%, tell: handler", happens(nobodyHandles)},
	{"ladders.*.tell", "at: 50%, tell: handler", "at: 50%, tell: owner", happens(nobodyHandles)},
	{"ladders.*.tier", "tell: manager, tier: 2, hand_over: task", "tell: manager, tier: 3, hand_over: task", happens(nobodyHandles)},
	{"ladders.*.ask", "at: 90%, tell: boss, ask: acknowledge", "at: 90%, tell: boss", happens(nobodyHandles)},
	{"ladders.*.hand_over", "hand_over: task", "hand_over: decision", happens(nobodyHandles)},
	{"deadlines.*.name", "en: Forwarded", "en: Passed on", reads(nobodyActs)},
	{"deadlines.*.by", "by: agent\n    from", "by: clerk\n    from", reads(nobodyActs)},
	{"deadlines.*.when", `severity != "emergency"`, `severity != "major"`, happens(handled)},
	{"deadlines.*.from", "from: investigating\n    until: verifying", "from: proposing\n    until: verifying", happens(handled)},
	{"deadlines.*.until", "until: verifying", "until: implementing", happens(handled)},
	{"deadlines.*.within", "within: 24h", "within: 26h", happens(nobodyHandles)},
	{"deadlines.*.runs_to", "runs_to: step visit", "runs_to: step propose", happens(visits)},
	{"deadlines.*.within_if.when", "when: attempted && !contacted, within: 2wd", "when: attempted && contacted, within: 2wd", happens(callsInVain)},
	{"deadlines.*.within_if.within", "when: attempted && !contacted, within: 2wd", "when: attempted && !contacted, within: 6wd", happens(callsInVain)},
	{"deadlines.*.within_if_special.mark", "mark: manager", "mark: boss", happens(handled)},
	{"deadlines.*.within_if_special.within", "mark: manager, within: 3wd", "mark: manager, within: 4wd", happens(handled)},
	{"deadlines.*.pauses", "[parts-on-order, stage awaiting_customer]", "[stage awaiting_customer]", happens(rests)},
	{"deadlines.*.on_reentry", "on_reentry: continue", "on_reentry: new-round", happens(handled)},
	{"deadlines.*.tell_in", "tell_in: working-hours\n    ladder: shared", "tell_in: any-time\n    ladder: shared", happens(nobodyHandles)},
	{"deadlines.*.ladder", "tell_in: working-hours\n    ladder: shared", "tell_in: working-hours\n    ladder: [{at: due, tell: manager}]", happens(nobodyHandles)},
	{"deadlines.*.ladder.at", "at: 75%, tell: owner", "at: 80%, tell: owner", happens(nobodyActs)},
	{"deadlines.*.ladder.tell", "at: 75%, tell: owner", "at: 75%, tell: manager", happens(nobodyActs)},
	{"deadlines.*.ladder.tier", "{at: due, tell: manager, tier: 2, ask: acknowledge}\n      - {at: +1wd", "{at: due, tell: manager, tier: 1, ask: acknowledge}\n      - {at: +1wd", happens(nobodyActs)},
	{"deadlines.*.ladder.ask", "at: 91%, tell: boss, ask: acknowledge", "at: 91%, tell: boss", happens(nobodyActs)},
	{"deadlines.*.ladder.hand_over", "hand_over: decision}\n\nauthority", "hand_over: task}\n\nauthority", happens(nobodyActs)},

	// Who approves, and what the customer's answer leads to.
	{"authority.*.when", "amount <= 1000", "amount <= 500", happens(handled)},
	{"authority.*.approve", "[manager, director]", "[manager, boss]", happens(handled)},
	{"authority.proposal", "amount <= 1000, approve: manager", "amount <= 1000, approve: group", happens(handled)},
	{"authority.suspension", "suspension: [{approve: manager}]", "suspension: [{approve: boss}]", happens(rests)},
	{"authority.visit", `severity == "major", approve: director`, `severity == "major", approve: boss`, happens(handled)},
	{"authority.reply", `liability == "customer", approve: manager`, `liability == "customer", approve: boss`, happens(isAtFault)},
	{"authority.closing_form", "when: founded, approve: group", "when: founded, approve: boss", happens(closes)},
	{"customer_answer.within", "within: 2wd\n  if_silent", "within: 3wd\n  if_silent", happens(saysNothing)},
	{"customer_answer.if_silent", "[remind, {suspend: 20d}", "[{suspend: 20d}", happens(saysNothing)},
	{"customer_answer.if_silent", "{suspend: 20d}, {close: unresolved}", "{suspend: 20d}, proceed", happens(saysNothing)},
	{"customer_answer.if_silent.suspend", "suspend: 20d", "suspend: 30d", happens(saysNothing)},
	{"customer_answer.if_silent.close", "{suspend: 20d}, {close: unresolved}", "{suspend: 20d}, proceed", happens(saysNothing)},
	{"customer_answer.declined.climb_after", "climb_after: 1, source: rule of a no", "climb_after: 2, source: rule of a no", happens(handled)},
	{"answer_at_once", "answer_at_once: [enquiry]", "answer_at_once: [suggestion]", happens(asks)},
	{"verify.back_to", "back_to: proposing", "back_to: implementing", happens(handled)},
	{"follow_up.when", `- when: severity == "major"`, `- when: severity == "mass"`, happens(handled)},
	{"follow_up.by", "by: group\n    callbacks", "by: office\n    callbacks", happens(handled)},
	{"follow_up.by", "by: agent\n    callbacks", "by: owner\n    callbacks", happens(closes)},
	{"follow_up.callbacks.from", "from: step implement, not_before", "from: step find, not_before", happens(handled)},
	{"follow_up.callbacks.not_before", "not_before: 1wd", "not_before: 2wd", happens(handled)},
	{"follow_up.callbacks.within", "within: 3wd, tell_in", "within: 4wd, tell_in", happens(handled)},
	{"follow_up.callbacks.tell_in", "tell_in: working-hours, ladder: [{at: due, tell: group}]", "tell_in: any-time, ladder: [{at: due, tell: group}]", happens(handled)},
	{"follow_up.callbacks.ladder.at", "at: -4wh", "at: -5wh", happens(isNotCalled)},
	{"follow_up.callbacks.ladder.tell", "at: -4wh, tell: agent", "at: -4wh, tell: owner", happens(isNotCalled)},
	{"follow_up.callbacks.ladder.tier", "ask: acknowledge}, {at: due, tell: manager, tier: 2", "ask: acknowledge}, {at: due, tell: manager, tier: 1", happens(isNotCalled)},
	{"follow_up.callbacks.ladder.ask", "at: -1wh, tell: boss, ask: acknowledge", "at: -1wh, tell: boss", happens(isNotCalled)},
	{"follow_up.callbacks.ladder.hand_over", "tier: 3, hand_over: decision}]}]", "tier: 3, hand_over: task}]}]", happens(isNotCalled)},
	{"follow_up.callbacks.ladder", "within: 10wd, ladder: shared", "within: 10wd, ladder: [{at: due, tell: boss}]", happens(handled)},
	{"follow_up.attempts.count", "count: 2", "count: 3", happens(handled)},
	{"follow_up.attempts.every", "every: 4wh", "every: 6wh", happens(handled)},
	{"follow_up.dissatisfied.reopen", "reopen: investigating, climb_after", "reopen: proposing, climb_after", happens(handled)},
	{"follow_up.dissatisfied.climb_after", "climb_after: 1}\n    source", "climb_after: 2}\n    source", happens(handled)},
	{"reopen.within", "within: 30d, to: investigating", "within: 10d, to: investigating", happens(comesBack)},
	{"reopen.to", "within: 30d, to: investigating", "within: 30d, to: proposing", happens(comesBack)},
	{"appeal.within", "within: 60d, to: proposing", "within: 10d, to: proposing", happens(appeals)},
	{"appeal.tell", "tell: director, source: rule of appeals", "tell: group, source: rule of appeals", happens(appeals)},
	{"appeal.to", "within: 60d, to: proposing", "within: 60d, to: investigating", happens(appeals)},

	// Beside the main course.
	{"call_out.when", `severity == "emergency" && category`, `severity == "major" && category`, happens(calledOut)},
	{"call_out.by", "by: manager\n  team", "by: boss\n  team", happens(calledOut)},
	{"call_out.team", "team: emergency_team", "team: group", happens(calledOut)},
	{"call_out.within", "within: 1h\n  tell_in", "within: 2h\n  tell_in", happens(calledOut)},
	{"call_out.tell_in", "tell_in: any-time", "tell_in: working-hours", happens(calledOut)},
	{"call_out.ladder.at", "at: 50%, tell: emergency_team", "at: 60%, tell: emergency_team", happens(calledOut)},
	{"call_out.ladder.tell", "at: 50%, tell: emergency_team", "at: 50%, tell: boss", happens(calledOut)},
	{"call_out.ladder.tier", "{at: due, tell: manager, tier: 2, ask: acknowledge}\n    - {at: +1h", "{at: due, tell: manager, tier: 1, ask: acknowledge}\n    - {at: +1h", happens(calledOut)},
	{"call_out.ladder.ask", "at: 70%, tell: boss, ask: acknowledge", "at: 70%, tell: boss", happens(calledOut)},
	{"call_out.ladder.hand_over", "tier: 3, hand_over: decision}\n  source", "tier: 3, hand_over: task}\n  source", happens(calledOut)},
	{"call_out.ladder", "ladder:\n    - {at: 50%, tell: emergency_team}\n    - {at: 70%, tell: boss, ask: acknowledge}\n    - {at: due, tell: manager, tier: 2, ask: acknowledge}\n    - {at: +1h, tell: boss, tier: 3, hand_over: decision}", "ladder: shared", happens(calledOut)},
	{"sides.*.name", "Who is to blame", "Blame", reads(handled)},
	{"sides.*.steps.*.name", "en: Judged", "en: Looked at", reads(handled)},
	{"sides.*.when", `liability == "department"`, `liability == "supplier"`, happens(handled)},
	{"sides.*.from", "from: leaving investigating", "from: following_up", happens(handled)},
	{"sides.*.steps.*.by", "by: store.head", "by: boss", happens(handled)},
	{"sides.*.steps.*.when", `when: cause_code == "broken", within`, `when: cause_code == "careless", within`, happens(handled)},
	{"sides.*.steps.*.only_if", "by: director, only_if: disputed", "by: director", isJudged},
	{"sides.*.steps.*.within", "within: 1wd\n        tell_in", "within: 2wd\n        tell_in", happens(handled)},
	{"sides.*.steps.*.tell_in", "within: 2wd, ladder: shared}", "within: 2wd, tell_in: working-hours, ladder: shared}", isJudged},
	{"sides.*.steps.*.ladder", "within: 2wd, ladder: shared}", "within: 2wd, ladder: [{at: due, tell: boss}]}", isJudged},
	{"sides.*.steps.*.ladder.at", "at: 50%, tell: store.head", "at: 60%, tell: store.head", happens(handled)},
	{"sides.*.steps.*.ladder.tell", "at: 50%, tell: store.head", "at: 50%, tell: boss", happens(handled)},
	{"sides.*.steps.*.ladder.tier", "{at: due, tell: boss, tier: 3, ask", "{at: due, tell: boss, tier: 2, ask", isJudged},
	{"sides.*.steps.*.ladder.ask", "tier: 3, ask: acknowledge}]}", "tier: 3}]}", isJudged},
	{"sides.*.steps.*.ladder.hand_over", "tier: 3, ask: acknowledge}]}", "tier: 3, ask: acknowledge, hand_over: decision}]}", isJudged},

	// What is learned.
	{"assessment.needed", "needed: true", "needed: false", happens(waitsToClose)},
	{"assessment.report_to", "report_to: group", "report_to: boss", happens(closes)},
	{"supervision.by", "by: boss, what", "by: director, what", reads(nobodyActs)},
	{"supervision.by", "by: inspector, what", "by: office, what", happens(withdraws)},
	{"supervision.what", "Appraises the handling", "Judges the handling", reads(nobodyActs)},
	{"supervision.when", `zh-CN: 日常督导}, when: severity == "major"`, `zh-CN: 日常督导}, when: severity == "normal"`, happens(closes)},
	{"spot_checks.by", "spot_checks: {by: group", "spot_checks: {by: boss", by(func(r plan.Rules) any { return r.Procedure.SamplesBy() })},
	{"spot_checks.every", "every: quarter", "every: month", by(func(r plan.Rules) any { return period(r.Procedure.SpotChecks.Every) })},
	{"campaigns.*.every", "every: year", "every: half-year", by(func(r plan.Rules) any { return period(r.Procedure.Campaigns[0].Every) })},
	{"campaigns.*.name", "How we did", "How was it", by(func(r plan.Rules) any {
		return view.Reader{Language: "en", People: r.Directory, Rules: r.Procedure}.Campaign(learning.Campaign{Kind: "yearly"}).Name
	})},
	{"stages.*.say", "Thank them.", "Thank them kindly.", reads(nobodyActs)},
	{"stages.*.avoid", "Don't argue.", "Never argue.", reads(nobodyActs)},
}

// elsewhere are keys whose effect another test shows.
var elsewhere = map[string]string{
	"appeal.final_reply_names": "TestAFinalReplySaysTheAppealRouteOnce",
	"notices.*.name":           "TestANoticeSaysWhatTheProcedureSays",
	"notices.*.say":            "TestANoticeSaysWhatTheProcedureSays",
}

// forLater are keys that are read and checked, and come with the work that needs them: the guide
// says so.
var forLater = map[string]string{
	"reports.*":        "reports are not made yet",
	"authority.report": "nobody approves what isn't made",
	"keep":             "nothing is erased by itself yet",
}

// The stories in which the values are seen.
var (
	nobodyActs       = story("2 May 09:00", registers(complaint.Registration{Channel: "phone", Category: "goods.late", Anger: 5}))
	nobodyHandles    = story("9 Mar 18:00", judged(complaint.Screening{Severity: complaint.Normal}))
	complainInMasses = story("3 Mar 18:00", judged(complaint.Screening{Severity: complaint.Mass}))
	writesALetter    = story("3 Mar 18:00", judged(complaint.Screening{Kind: complaint.KindWhistleblowing}))
	threatens        = story("3 Mar 18:00", judged(complaint.Screening{}), act{"2 Mar 10:00", "eva", complaint.Contact, complaint.Facts{
		Contact: &complaint.ContactMade{Reached: true}, Threat: &complaint.ThreatHeard{AtRisk: []complaint.PersonID{"hal"}}}})
	// One from the website: its head names the handler, nobody need call, and its size is asked
	// for.
	online = story("3 Mar 18:00", registers(complaint.Registration{Channel: "web", Category: "goods.late"}),
		act{"2 Mar 09:10", "ann", complaint.Screen, complaint.Facts{Screening: &complaint.Screening{Kind: complaint.KindComplaint, Valid: true, Category: "goods.late", Severity: complaint.Normal}}},
		act{"2 Mar 09:20", "ida", complaint.Assign, complaint.Facts{Assignment: &complaint.Assignment{Handler: "eva"}}},
		act{at: "2 Mar 09:30", by: "eva", step: complaint.Accept},
		act{"2 Mar 09:40", "cai", complaint.RequestSupport, complaint.Facts{Support: &complaint.Support{Department: "shop"}}},
		finds("broken", complaint.LiableSupplier), proposes("2 Mar 11:30", "50"),
		act{"2 Mar 11:40", "eva", complaint.Note, complaint.Facts{Fields: []string{"size"}}}, proposes("2 Mar 11:50", "50"))

	callsInVain = story("3 Mar 18:00", judged(complaint.Screening{}), act{at: "2 Mar 09:30", by: "eva", step: complaint.Accept},
		act{"2 Mar 10:00", "eva", complaint.Contact, complaint.Facts{Contact: &complaint.ContactMade{}}})

	visits = story("5 Mar 18:00", judged(complaint.Screening{}),
		act{"2 Mar 10:00", "eva", complaint.Visit, complaint.Facts{Visit: &complaint.VisitFacts{At: new(day(4))}}})

	contests = story("5 Mar 18:00", registers(complaint.Registration{Channel: "phone", Category: "goods.late"}),
		act{"2 Mar 09:10", "ann", complaint.Screen, complaint.Facts{Screening: &complaint.Screening{Kind: complaint.KindComplaint, Category: "goods.late", Severity: complaint.Normal}}},
		act{"2 Mar 10:00", "ann", complaint.Explain, complaint.Facts{Explanation: &complaint.Explanation{Contested: true}}})
	asks = story("3 Mar 18:00", judged(complaint.Screening{Kind: complaint.KindEnquiry}), act{at: "2 Mar 10:00", by: "eva", step: complaint.Return}, closing("2 Mar 11:00", "ann", complaint.Answered))

	// An emergency at night, contained the next morning.
	calledOut = story("10 Mar 18:00", at("2 Mar 20:30", judged(complaint.Screening{Severity: complaint.Emergency})), act{at: "3 Mar 10:00", by: "pia", step: complaint.CallOutDone})

	// What managers do by their roles; each is refused to who isn't one.
	managersAct = story("10 Mar 18:00", judged(complaint.Screening{}),
		act{"2 Mar 10:00", "kim", complaint.Extend, complaint.Facts{Extension: &complaint.Extension{Deadline: "settle", Due: day(9)}}},
		act{"2 Mar 10:10", "leo", complaint.Reassign, complaint.Facts{Assignment: &complaint.Assignment{Handler: "fay"}}},
		act{at: "2 Mar 10:20", by: "mia", step: complaint.Accept}, // she may know of it, and has no part in it
		act{"2 Mar 10:30", "ned", complaint.Instruct, complaint.Facts{Order: &complaint.Order{Due: day(4)}}},
		act{"2 Mar 10:40", "oda", complaint.Rebase, complaint.Facts{Rebase: &complaint.RebaseFacts{Version: 1}}})

	withdraws    = story("3 Mar 18:00", judged(complaint.Screening{Severity: complaint.Major}), act{at: "2 Mar 10:00", by: complaint.Customer, step: complaint.Withdraw})
	namesAnOwner = story("3 Mar 18:00", judged(complaint.Screening{Severity: complaint.Emergency}), act{"2 Mar 09:10", "jim", complaint.Assign, complaint.Facts{
		Assignment: &complaint.Assignment{Owner: "dan"}}})
	rests = story("31 Mar 18:00", judged(complaint.Screening{}),
		act{"2 Mar 10:00", "cai", complaint.Suspend, complaint.Facts{Suspension: &complaint.Suspension{Kind: complaint.PartsOnOrder, Until: day(12)}}},
		act{"2 Mar 11:00", "jim", complaint.Approve, complaint.Facts{Decision: &complaint.Decision{Matter: complaint.MatterSuspension, Number: 1}}})

	isAtFault    = story("10 Mar 18:00", append(investigated(complaint.Normal), finds("careless", complaint.LiableCustomer))...)
	carelessly   = story("10 Mar 18:00", append(investigated(complaint.Normal), finds("careless", complaint.LiableSupplier), proposes("2 Mar 11:30", "50"))...)
	waivesLabour = story("3 Mar 18:00", append(investigated(complaint.Normal), finds("broken", complaint.LiableSupplier),
		act{"2 Mar 11:30", "eva", complaint.Propose, complaint.Facts{Proposal: &complaint.Proposal{TimeLimit: new(day(9)), Remedies: []complaint.Remedy{{Kind: "waive-labour"}}, Decision: "accepted"}}})...)
	saysNothing = story("31 May 18:00", append(investigated(complaint.Normal), finds("broken", complaint.LiableSupplier), proposes("2 Mar 11:30", "50"))...)

	// A major complaint with all that can happen on the way: a visit, a special case, a no, a check
	// and a callback that don't satisfy.
	handled = story("25 Mar 18:00", append(investigated(complaint.Major),
		act{"2 Mar 09:50", "eva", complaint.Visit, complaint.Facts{Visit: &complaint.VisitFacts{}}},
		act{"2 Mar 10:00", "kim", complaint.Approve, complaint.Facts{Decision: &complaint.Decision{Matter: complaint.MatterVisit, Number: 1}}},
		act{"2 Mar 10:30", "eva", complaint.Visit, complaint.Facts{Visit: &complaint.VisitFacts{Report: true}}},
		act{at: "2 Mar 10:40", by: "jim", step: complaint.MarkSpecial},
		finds("broken", complaint.LiableDepartment), proposes("2 Mar 11:30", "600"), approves("2 Mar 14:00", "jim", 1), answers("3 Mar 10:00", 1, false),
		proposes("3 Mar 11:00", "2000"), approves("3 Mar 14:00", "jim", 2), approves("3 Mar 14:10", "kim", 2), approves("3 Mar 14:20", "gus", 2), answers("3 Mar 15:00", 2, true),
		implements("4 Mar 10:00"), checks("4 Mar 11:00", false),
		proposes("4 Mar 14:00", "50"), approves("4 Mar 14:30", "gus", 3), answers("4 Mar 15:00", 3, true), implements("5 Mar 10:00"), checks("5 Mar 20:00", true),
		calls("9 Mar 08:00", "mia", ""), calls("9 Mar 10:00", "mia", ""), calls("9 Mar 15:30", "mia", ""), calls("11 Mar 10:00", "mia", complaint.Dissatisfied))...)

	impossible = story("3 Mar 18:00", append(investigated(complaint.Normal), finds("broken", complaint.LiableSupplier), proposes("2 Mar 11:30", "50"),
		answers("2 Mar 14:00", 1, true), act{"2 Mar 15:00", "eva", complaint.Implement, complaint.Facts{Work: &complaint.Work{Impossible: true}}})...)

	satisfied = append(investigated(complaint.Normal), finds("broken", complaint.LiableSupplier), proposes("2 Mar 11:30", "50"), answers("2 Mar 14:00", 1, true),
		implements("2 Mar 15:00"), checks("2 Mar 16:00", true))
	isNotCalled = story("31 Mar 18:00", satisfied...)
	closed      = append(slices.Clone(satisfied), calls("3 Mar 10:00", "ann", complaint.Satisfied),
		act{"3 Mar 10:30", "mia", complaint.Approve, complaint.Facts{Decision: &complaint.Decision{Matter: complaint.MatterClosingForm, Number: 9}}},
		closing("3 Mar 11:00", "cai", complaint.Resolved),
		act{"3 Mar 11:30", "cai", complaint.Assess, complaint.Facts{Assessment: &complaint.Assessment{CaseValue: true}}},
		closing("3 Mar 14:00", "cai", complaint.Resolved, "order"))
	waitsToClose = story("3 Mar 18:00", closed[:len(closed)-2]...)
	closes       = story("4 Mar 18:00", closed...)
	comesBack    = story("25 Mar 18:00", append(slices.Clone(closed), act{at: "23 Mar 10:00", by: complaint.Customer, step: complaint.Reopen})...)
	appeals      = story("25 Mar 18:00", append(slices.Clone(closed), act{at: "23 Mar 10:00", by: complaint.Customer, step: complaint.Appeal})...)
)

// isJudged sees the steps of a process beside, one after the other, each with its clock; the first
// wasn't disputed.
func isJudged(t testing.TB, rules plan.Rules) string {
	var steps []complaint.SideTask
	for step := range 3 {
		for _, agreed := range []bool{true, false} {
			steps = append(steps, rules.SideStep(complaint.SideQuestion{Kind: "accountability", Steps: []string{"judge", "settle", "enforce"}, Step: step, Agreed: agreed,
				Number: "EK-2026-0001", Department: "store", At: day(2).Add(13 * time.Hour)}))
		}
	}
	return written(t, steps)
}

// everyKey are the rules of every-key.yaml, with some of its text replaced.
func everyKey(t testing.TB, replace ...string) plan.Rules {
	t.Helper()
	read := func(name string) []byte {
		data, err := os.ReadFile("testdata/" + name)
		require.NoError(t, err)
		return data
	}
	text := string(read("every-key.yaml"))
	for i := 0; i < len(replace); i += 2 {
		require.Equal(t, 1, strings.Count(text, replace[i]), "%q stands once in every-key.yaml", replace[i])
		text = strings.Replace(text, replace[i], replace[i+1], 1)
	}
	rules := plan.Rules{}
	var err error
	rules.Procedure, err = procedure.Parse("every-key.yaml", []byte(text))
	require.NoError(t, err)
	rules.Procedure.Version = 1
	rules.Directory, err = directory.Parse("every-key-people.yaml", read("every-key-people.yaml"))
	require.NoError(t, err)
	written, err := procedures.Files.ReadFile("calendars/" + rules.Procedure.Calendar + ".yaml")
	require.NoError(t, err)
	rules.Calendar, err = calendar.Parse(rules.Procedure.Calendar+".yaml", written)
	require.NoError(t, err)
	return rules
}

// First review: G1.
func TestEveryKeyOfAProcedureHasAnEffect(t *testing.T) {
	before, seen := everyKey(t), map[string]bool{}
	require.NoError(t, before.Procedure.Check(calendars(t), before.Directory))
	for _, p := range append(probes, sources(t)...) {
		seen[p.key] = true
		t.Run(p.key+" "+p.that, func(t *testing.T) {
			after := everyKey(t, p.this, p.that)
			require.NotEmpty(t, changed(before, after))
			for _, key := range changed(before, after) {
				require.True(t, within(p.key, key), "this changes %s", key)
			}
			require.NotEqual(t, p.seen(t, before), p.seen(t, after), "nobody sees the difference")
		})
	}
	for key := range keysOf(reflect.ValueOf(&procedure.Procedure{})) {
		_, there := elsewhere[key]
		require.True(t, seen[key] || there || later(key), "%s has no probe", key)
		require.False(t, seen[key] && later(key), "%s has an effect, and is no more for later", key)
	}
	for key, test := range elsewhere {
		require.True(t, isDeclared(t, test), "%s is shown by %s", key, test)
	}
}

func TestANoticeIsToldEachTimeThatItsMomentComes(t *testing.T) {
	for on, times := range map[string]int{ // in the story of all that can happen
		"step answer declined":               1,
		"[approved proposal, refused visit]": 3,
		"approved visit":                     1,
		"registered":                         1,
		"received":                           1,
		"proposing":                          3,
		"climbed":                            1, // the second time it is the one told who makes it climb
		"climbed 1":                          1, // a rung of tier 1 comes when it stands at 2 already
		"climbed 2":                          0,
		"climbed 3":                          0,
		"closed as resolved":                 0,
		"[lapsed callback, side accountability done]": 0,
	} {
		rules := everyKey(t, `on: step implement impossible, when: liability == "supplier",`, "on: "+on+",")
		timeline, err := handled(t, rules)
		require.NoError(t, err)
		told := 0
		for _, e := range timeline.Entries {
			if e.Message != nil && e.Message.Template == "notice" && e.Message.Reason == "beyond-repair" {
				told++
			}
		}
		require.Equal(t, times, told, on)
	}
}

// Who watches over every complaint stands on each; who watches over some stands on those.
//
// First review: G1.
func TestWhoSupervisesStandsOnTheComplaint(t *testing.T) {
	appraises := `"supervision":[{"by":"boss","person":{"id":"leo","name":"Leo"},"what":"Appraises the handling"}]`
	require.Contains(t, reads(nobodyActs)(t, everyKey(t)), appraises)
	require.NotContains(t, reads(nobodyActs)(t, everyKey(t, `  - {by: boss, what: {en: Appraises the handling, zh-CN: 考评}}`, "")), `"supervision"`)
	require.Contains(t, reads(withdraws)(t, everyKey(t)), `"supervision":[{"by":"inspector","person":{"id":"ned","name":"Ned"},"what":"Looks in on all"},{"by":"boss","person":{"id":"leo","name":"Leo"},"what":"Appraises the handling"}]`)
}

// later reports whether a key comes with work that is still to be done. Its sources are shown all
// the same.
func later(key string) bool {
	for begin := range forLater {
		if (key == begin || strings.HasPrefix(key, begin+".")) && !strings.HasSuffix(key, ".source") {
			return true
		}
	}
	return false
}

// sources are probes of what each element says of the written rules.
func sources(t testing.TB) []probe {
	var all []probe
	for key, values := range keysOf(reflect.ValueOf(everyKey(t).Procedure)) {
		if key != "source" && !strings.HasSuffix(key, ".source") {
			continue
		}
		for _, value := range values {
			if said := strings.Trim(value, "[]"); said != "" && said != "<nil>" {
				all = append(all, probe{key, "source: " + said, "source: another " + said, looksUp})
			}
		}
	}
	return all
}

// isDeclared reports whether some package has a test of that name.
func isDeclared(t testing.TB, test string) bool {
	found := false
	require.NoError(t, filepath.WalkDir("../..", func(path string, _ fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, "_test.go") && !found {
			text, err := os.ReadFile(path)
			found = err == nil && strings.Contains(string(text), "func "+test+"(")
		}
		return err
	}))
	return found
}

// The guide names every key, and none that isn't there: in the first column of its tables of keys.
func TestEveryKeyStandsInTheGuideToProcedures(t *testing.T) {
	guide, err := os.ReadFile("../../procedures/README.md")
	require.NoError(t, err)
	said := map[string]string{} // of the words in the first column
	inKeys := false
	for line := range strings.Lines(string(guide)) {
		cells := strings.Split(line, "|")
		switch {
		case len(cells) < 3:
			inKeys = false
		case strings.TrimSpace(cells[1]) == "key":
			inKeys = true
		case inKeys:
			for i, word := range strings.Split(cells[1], "`") {
				if i%2 == 1 {
					said[word] = cells[2]
				}
			}
		}
	}
	for key := range keysOf(reflect.ValueOf(&procedure.Procedure{})) {
		taught := false
		for word := range said {
			end, several := strings.CutPrefix(word, "…")
			if word == key || several && strings.HasSuffix(key, end) {
				taught = true
				require.Equal(t, later(key), strings.Contains(said[word], "**For later**"), key)
			}
		}
		require.True(t, taught, "the guide says nothing of %s", key)
	}
	for word := range said {
		require.True(t, slices.ContainsFunc(slices.Collect(maps.Keys(keysOf(reflect.ValueOf(&procedure.Procedure{})))), func(key string) bool {
			return key == word || strings.HasSuffix(key, strings.TrimPrefix(word, "…"))
		}), "the guide tells of %s, which is no key", word)
	}
}

// changed are the keys that differ.
func changed(before, after plan.Rules) []string {
	was, is := keysOf(reflect.ValueOf(before.Procedure)), keysOf(reflect.ValueOf(after.Procedure))
	var keys []string
	for key := range maps.All(is) {
		if !slices.Equal(was[key], is[key]) {
			keys = append(keys, key)
		}
	}
	return keys
}

// within reports whether one of two keys stands within the other, or is it.
func within(a, b string) bool {
	one, other := strings.Split(a, "."), strings.Split(b, ".")
	for i := range min(len(one), len(other)) {
		if one[i] != other[i] && one[i] != "*" && other[i] != "*" {
			return false
		}
	}
	return true
}

// keysOf are the keys of a procedure with their values: of the type's, when the procedure is empty.
func keysOf(p reflect.Value) map[string][]string {
	keys := map[string][]string{}
	collect(keys, "", p.Type(), p, nil)
	return keys
}

func collect(keys map[string][]string, path string, t reflect.Type, v reflect.Value, around []reflect.Type) {
	leaf := func(path string, value any) {
		keys[path] = append(keys[path], fmt.Sprint(value))
	}
	switch {
	case t.Kind() == reflect.Pointer:
		if v.IsValid() {
			v = v.Elem()
		}
		collect(keys, path, t.Elem(), v, around)
	case t == reflect.TypeFor[map[complaint.Role]complaint.Role]():
		for _, role := range []complaint.Role{complaint.Agent, complaint.Owner, complaint.Handler, complaint.DepartmentHead, complaint.ServiceManager, complaint.Director,
			complaint.GeneralManager, complaint.Headquarters, complaint.Auditor, complaint.Administrator, complaint.EmergencyTeam} {
			duty := complaint.Role("")
			if v.IsValid() {
				duty = v.Interface().(map[complaint.Role]complaint.Role)[role]
			}
			leaf(path+"."+string(role), duty)
		}
	case t.Kind() == reflect.Slice && tagged(t.Elem()):
		if t.Elem() == reflect.TypeFor[procedure.Silence]() {
			leaf(path, v) // some of them are single words
		}
		if t.Elem() == reflect.TypeFor[procedure.Authority]() {
			for _, matter := range []complaint.Matter{complaint.MatterProposal, complaint.MatterSuspension, complaint.MatterVisit, complaint.MatterReply,
				complaint.MatterClosingForm, complaint.MatterReport} {
				leaf(path+"."+string(matter), approvers(v, matter))
			}
		}
		if hasName(t.Elem()) {
			path += ".*"
		}
		if !v.IsValid() || v.Len() == 0 {
			collect(keys, path, t.Elem(), reflect.Value{}, around)
			return
		}
		for i := range v.Len() {
			collect(keys, path, t.Elem(), v.Index(i), around)
		}
	case !tagged(t) || t == reflect.TypeFor[procedure.Text]():
		leaf(path, shown(v))
	case slices.Contains(around, t): // kinds within kinds
	default:
		if t == reflect.TypeFor[procedure.Ladder]() {
			named := ""
			if v.IsValid() {
				named = v.Interface().(procedure.Ladder).Named
			}
			leaf(path, named)
			if named != "" {
				return // its rungs stand elsewhere
			}
		}
		for i := range t.NumField() {
			f := t.Field(i)
			name, option, _ := strings.Cut(f.Tag.Get("yaml"), ",")
			within := reflect.Value{}
			if v.IsValid() {
				within = v.Field(i)
			}
			switch {
			case f.Tag.Get("yaml") == "" || option == "key":
			case option == "rest":
				collect(keys, path+".(JSON Schema)", f.Type, within, append(around, t))
			case name == "":
				collect(keys, path, f.Type, within, append(around, t))
			default:
				collect(keys, strings.TrimPrefix(path+"."+name, "."), f.Type, within, append(around, t))
			}
		}
	}
}

// tagged reports whether a type has keys of its own.
func tagged(t reflect.Type) bool {
	if t.Kind() == reflect.Struct {
		for field := range t.Fields() {
			if field.Tag.Get("yaml") != "" {
				return true
			}
		}
	}
	return false
}

// hasName reports whether entries of a type have names of one's own.
func hasName(t reflect.Type) bool {
	_, named := t.FieldByNameFunc(func(name string) bool {
		f, _ := t.FieldByName(name)
		return f.Tag.Get("yaml") == ",key"
	})
	return named
}

// approvers are the lines about one matter, as they stand in the file.
func approvers(authority reflect.Value, matter complaint.Matter) string {
	lines := ""
	if authority.IsValid() {
		for _, a := range authority.Interface().([]procedure.Authority) {
			for _, rule := range a.Rules {
				if a.Matter == matter {
					lines += fmt.Sprintln(rule.When.Source, rule.Approve)
				}
			}
		}
	}
	return lines
}

// shown is a value as the file has it.
func shown(v reflect.Value) any {
	if !v.IsValid() {
		return nil
	}
	switch value := v.Interface().(type) {
	case procedure.Condition:
		return value.Source
	case procedure.NumberPattern:
		return value.Pattern
	}
	return v
}

// period is what is drawn from on the first of May.
func period(every procedure.Period) time.Time {
	from, _ := every.Last(time.Date(2026, 5, 1, 6, 0, 0, 0, time.UTC), time.UTC)
	return from
}

// by sees an answer of the rules.
func by(answer func(plan.Rules) any) func(testing.TB, plan.Rules) string {
	return func(_ testing.TB, rules plan.Rules) string { return fmt.Sprintf("%+v", answer(rules)) }
}

// act is one step of a story.
type act struct {
	at    string // "2 Mar 09:30", of 2026; the 2nd is a Monday
	by    complaint.PersonID
	step  complaint.StepName
	facts complaint.Facts
}

func at(local string, a act) act {
	a.at = local
	return a
}

func day(of int) time.Time { return time.Date(2026, 3, of, 1, 0, 0, 0, time.UTC) }

func registers(registration complaint.Registration) act {
	return act{"2 Mar 09:00", "ann", complaint.Register, complaint.Facts{Registration: &registration}}
}

// judged is registered and screened in one act: as a valid, ordinary complaint, but for what is
// said.
func judged(s complaint.Screening) act {
	s.Kind, s.Valid, s.Category, s.Severity = cmp.Or(s.Kind, complaint.KindComplaint), true, "goods.late", cmp.Or(s.Severity, complaint.Normal)
	a := registers(complaint.Registration{Channel: "phone", Category: "goods.late"})
	a.facts.Screening = &s
	return a
}

// investigated is taken in charge, and its customer contacted.
func investigated(severity complaint.Severity) []act {
	return []act{judged(complaint.Screening{Severity: severity}), {at: "2 Mar 09:30", by: "eva", step: complaint.Accept},
		{"2 Mar 09:40", "eva", complaint.Contact, complaint.Facts{Contact: &complaint.ContactMade{Reached: true}}}}
}

func finds(cause string, liability complaint.Liability) act {
	return act{"2 Mar 11:00", "eva", complaint.Find, complaint.Facts{Findings: &complaint.Findings{Founded: true, Cause: cause, Liability: liability}}}
}

func proposes(local, amount string) act {
	due := day(30)
	return act{local, "eva", complaint.Propose, complaint.Facts{Proposal: &complaint.Proposal{Remedies: []complaint.Remedy{{Kind: "refund", Amount: amount, Currency: "CNY"}}, TimeLimit: &due}}}
}

func approves(local string, by complaint.PersonID, revision int) act {
	return act{local, by, complaint.Approve, complaint.Facts{Decision: &complaint.Decision{Matter: complaint.MatterProposal, ProposalRevision: revision}}}
}

func answers(local string, revision int, agrees bool) act {
	return act{local, complaint.Customer, complaint.Answer, complaint.Facts{Answer: &complaint.CustomerReply{ProposalRevision: revision, Agrees: agrees}}}
}

func implements(local string) act {
	return act{local, "eva", complaint.Implement, complaint.Facts{Work: &complaint.Work{Done: true}}}
}

func checks(local string, satisfied bool) act {
	return act{local, "cai", complaint.Verify, complaint.Facts{Check: &complaint.Verification{Satisfied: satisfied}}}
}

func calls(local string, by complaint.PersonID, satisfaction complaint.Satisfaction) act {
	return act{local, by, complaint.CallBack, complaint.Facts{Callback: &complaint.Callback{Reached: satisfaction != "", Satisfaction: satisfaction}}}
}

func closing(local string, by complaint.PersonID, outcome complaint.Outcome, fields ...string) act {
	return act{local, by, complaint.Close, complaint.Facts{Closing: &complaint.ClosingFacts{Outcome: outcome}, Fields: fields}}
}

// lived is a story: registered by the first act, until a time, in which the others come.
type lived func(testing.TB, plan.Rules) (simulation.Timeline, error)

func story(until string, acts ...act) lived {
	return func(t testing.TB, rules plan.Rules) (simulation.Timeline, error) {
		t.Helper()
		on := func(local string) time.Time {
			at, err := time.ParseInLocation("2 Jan 15:04 2006", local+" 2026", rules.Calendar.Zone())
			require.NoError(t, err)
			return at
		}
		said := casework.Simulation{Start: on(acts[0].at), Until: on(until), By: acts[0].by, Facts: acts[0].facts}
		for _, a := range acts[1:] {
			said.Steps = append(said.Steps, casework.SimulatedStep{Act: casework.Act{Step: a.step, Facts: a.facts}, By: a.by, At: on(a.at)})
		}
		return casework.Simulate(context.Background(), rules, said, said.Start)
	}
}

// happens sees all that happens in a story, a line each, and who waits for whom at its end. The
// terms are left out: whether they matter is to be seen in what happens.
func happens(in lived) func(testing.TB, plan.Rules) string {
	return func(t testing.TB, rules plan.Rules) string {
		timeline, err := in(t, rules)
		if err != nil {
			return err.Error()
		}
		var told strings.Builder
		for _, e := range timeline.Entries {
			if e.Kind == complaint.TermsSet {
				continue
			}
			if e.Step != nil {
				e.Step.By.Roles = nil
			}
			if e.Message != nil {
				e.Message.ID = "" // it counts the rows of the record, those of the terms among them
			}
			told.WriteString(written(t, e))
		}
		return told.String() + written(t, timeline.Complaint.Tasks())
	}
}

// reads sees what a reader of the complaint is shown at the end of a story: the complaint, and what
// happened in sentences.
func reads(in lived) func(testing.TB, plan.Rules) string {
	return func(t testing.TB, rules plan.Rules) string {
		timeline, err := in(t, rules)
		require.NoError(t, err)
		reader := view.Reader{Language: "en", People: rules.Directory, Rules: rules.Procedure}
		return written(t, reader.Complaint(reading.File{Complaint: timeline.Complaint}, "", nil, nil, nil, nil, nil)) +
			written(t, reader.Form(&timeline.Complaint, nil)) + written(t, view.Timeline(rules, timeline, "en"))
	}
}

// looksUp sees what a reader of the procedure is shown, but for its text.
func looksUp(t testing.TB, rules plan.Rules) string {
	return written(t, view.Reader{Language: "en", People: rules.Directory, Rules: rules.Procedure}.Procedure(published.Document{}))
}

func written(t testing.TB, value any) string {
	t.Helper()
	line, err := json.Marshal(value)
	require.NoError(t, err)
	return string(line) + "\n"
}
