package letter

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"recourse/internal/api"
	"recourse/internal/bilingual"
	"recourse/internal/complaint"
	"recourse/internal/directory"
	"recourse/internal/message"
	"recourse/internal/procedure"
	"recourse/internal/rulebook/rulebooktest"
	"recourse/internal/store/outbox"
	"recourse/internal/store/reading"
	"recourse/internal/store/submission"
)

var (
	morning = time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)
	noon    = morning.Add(3 * time.Hour)
	evening = morning.Add(9 * time.Hour)
)

// told is a scene of the courier station in which a message was queued at noon and leaves in the
// evening; it tells of a step, or of none.
func told(t *testing.T, m complaint.Message, c complaint.Complaint, of ...submission.Stored) Scene {
	t.Helper()
	var step submission.Stored
	for _, step = range of {
		m.Tells = step.ID
	}
	rules := rulebooktest.Rules(t, "courier-station").Procedure
	template, err := message.Named(m.Template)
	require.NoError(t, err)
	return Scene{File: reading.File{Complaint: c}, Template: template, Rules: rules, People: &directory.Directory{}, Told: step, Language: bilingual.English,
		Queued: outbox.Message{Message: m, Number: "CS-2026-000001", QueuedAt: noon}, Now: evening}
}

func said(step complaint.StepName, at time.Time, body string, facts complaint.Facts) submission.Stored {
	return submission.Stored{ID: string(step), Submission: submission.Submission{Step: step, At: at, Body: json.RawMessage(body), Facts: facts}, State: submission.Accepted}
}

func read(t *testing.T, s Scene) (subject, body string) {
	t.Helper()
	data, err := s.Data()
	require.NoError(t, err)
	subject, body, err = s.Template.Render(s.Language, data)
	require.NoError(t, err)
	return subject, body
}

// First review: A17.
func TestAnAlertSaysWhatItIsAboutAsItWasWhenItWasRaised(t *testing.T) {
	subject, body := read(t, told(t, complaint.Message{To: "zhu-ling", Template: message.Alert.Name(), Reason: "watched-above",
		Severity: complaint.Major, Category: "operations.mistake"},
		complaint.Complaint{Screening: &complaint.Screening{Valid: true, Severity: complaint.Normal, Category: "service.attitude"}}))
	require.Equal(t, "CS-2026-000001: Major or mass complaint (a major complaint) · Mistake at work", subject)
	require.Contains(t, body, "Judged as: a major complaint\n")
	_, body = read(t, told(t, complaint.Message{To: "zhu-ling", Template: message.Alert.Name(), Reason: "violation-found"},
		complaint.Complaint{Screening: &complaint.Screening{Valid: true, Severity: complaint.Major}}))
	require.Contains(t, body, "Its severity hasn't been judged yet.", "it is read by whoever gets it as it was written")
}

func TestANoticeSaysWhatTheProcedureSays(t *testing.T) {
	s := told(t, complaint.Message{To: "zhu-ling", Template: message.Notice.Name(), Reason: "beyond-repair"}, complaint.Complaint{})
	rules := *s.Rules
	rules.Notices = []procedure.Notice{{ID: "beyond-repair", Name: bilingual.Text{English: "Can't be mended"}, Say: bilingual.Text{English: "Order a new one.\nTell them when."}}}
	s.Rules = &rules
	subject, body := read(t, s)
	require.Equal(t, "CS-2026-000001: Can't be mended", subject)
	require.Contains(t, body, "Order a new one.\nTell them when.\n")
}

func TestAProposalIsToldAsItWasThoughAnotherIsNewer(t *testing.T) {
	offered := func(amount string) complaint.Facts {
		return complaint.Facts{Proposal: &complaint.Proposal{Remedies: []complaint.Remedy{{Kind: "refund", Amount: amount, Currency: "CNY"}}}}
	}
	first, second := offered("20.00"), offered("90.00")
	s := told(t, complaint.Message{To: complaint.Customer, Template: message.CustomerProposal.Name(), ProposalRevision: 1},
		complaint.Complaint{Proposal: &complaint.OpenProposal{Proposal: *second.Proposal, Revision: 2},
			Deadlines: []complaint.Deadline{{Name: complaint.CustomerAnswerClock, State: complaint.Running, DueAt: evening.Add(time.Hour)}}},
		said(complaint.Propose, morning, `{"remedies":[{"kind":"refund","words":"To your card."}],"reasons":"The first."}`, first))
	_, body := read(t, s)
	require.Contains(t, body, "- refund 20.00 CNY: To your card.\n| The first.")
	require.Contains(t, body, "Please tell us whether you agree.", "the time to answer is the newer one's")
}

func TestWhatHasMovedOnNamesNoTimeAndNoPlaceOfAnother(t *testing.T) {
	due := evening.Add(time.Hour)
	subject, body := read(t, told(t, complaint.Message{To: "zhao-lei", Template: message.Assigned.Name()},
		complaint.Complaint{Stage: complaint.Proposing, People: complaint.People{Department: "it", Handler: "huang-li"},
			Deadlines: []complaint.Deadline{{Name: "settle", State: complaint.Running, DueAt: due, Until: []string{"verifying"}}}}))
	require.Equal(t, "CS-2026-000001: assigned to you", subject)
	require.Contains(t, body, "This complaint was assigned to you as its handler.")
}

func TestWhoBecomesTheHandlerByARuleReadsNobodyElsesReason(t *testing.T) {
	_, body := read(t, told(t, complaint.Message{To: "huang-li", Template: message.Reassigned.Name()}, complaint.Complaint{}))
	require.Contains(t, body, "You are now the handler of this complaint.")
	_, body = read(t, told(t, complaint.Message{To: "zhao-lei", Template: message.Reassigned.Name()}, complaint.Complaint{},
		said(complaint.Reassign, morning, `{"reason":"Zhao Lei knows the street."}`, complaint.Facts{Assignment: &complaint.Assignment{Handler: "zhao-lei"}})))
	require.Contains(t, body, "| Zhao Lei knows the street.")
}

func TestAReminderOfATimeThatIsOverSaysSo(t *testing.T) {
	due := noon.Add(-time.Hour)
	subject, body := read(t, told(t, complaint.Message{To: "li-na", Template: message.Reminder.Name(), Deadline: "forward", Rung: "75%", Due: &due}, complaint.Complaint{}))
	require.Contains(t, subject, "overdue since Monday, 2 March 2026, 03:00")
	require.Contains(t, body, "A deadline has passed: Forwarded to the department. It was due Monday, 2 March 2026, 03:00.")
}

func TestAFinalReplySaysTheAppealRouteOnce(t *testing.T) {
	route := "If you disagree, write to the deputy general manager within 60 days; somebody who had no part in your case will look at it anew."
	for name, reply := range map[string]string{
		"by the procedure":         `{"final_reply":{"decision":"No refund.","reasons":"The parcel arrived."}}`,
		"by the owner":             `{"final_reply":{"decision":"No refund.","reasons":"The parcel arrived.","appeal_route":"` + route + `"}}`,
		"by the owner, and within": `{"final_reply":{"decision":"No refund.","reasons":"The parcel arrived. ` + route + `","appeal_route":"` + route + `"}}`,
	} {
		t.Run(name, func(t *testing.T) {
			_, body := read(t, told(t, complaint.Message{To: complaint.Customer, Template: message.CustomerOutcome.Name(), Reason: "unresolved"},
				complaint.Complaint{}, said(complaint.Close, morning, reply, complaint.Facts{})))
			require.Equal(t, 1, strings.Count(body, "within 60 days"), body)
			require.NotContains(t, body, "you can appeal: If")
		})
	}
}

// promised are the places in a step's body of words that the API's description promises to send to
// the customer as they stand: "final_reply.decision".
func promised(schema *openapi3.SchemaRef) (places []string) {
	for name, property := range schema.Value.Properties {
		if property.Ref == "#/components/schemas/WordsToCustomer" {
			places = append(places, name)
			continue
		}
		inner := property
		if items := property.Value.Items; items != nil {
			inner, name = items, name+"[]"
		}
		for _, place := range promised(inner) {
			places = append(places, name+"."+place)
		}
	}
	return places
}

// saying is a body that says words at a place.
func saying(place, words string) any {
	name, rest, deeper := strings.Cut(place, ".")
	var value any = words
	if deeper {
		value = saying(rest, words)
	}
	if of, list := strings.CutSuffix(name, "[]"); list {
		return map[string]any{of: []any{value}}
	}
	return map[string]any{name: value}
}

// First review: A8.
func TestWhatThePromisedWordsSayTheCustomerReads(t *testing.T) {
	document, err := openapi3.NewLoader().LoadFromData(api.Description())
	require.NoError(t, err)
	words := strings.Repeat("We are sorry. ", 1000) + "That is all."
	facts := complaint.Facts{Proposal: &complaint.Proposal{Remedies: []complaint.Remedy{{Kind: "apology"}}}}
	settled := complaint.Facts{OnSpot: &complaint.OnSpot{Remedies: facts.Proposal.Remedies}}
	read := map[string]bool{}
	for _, schema := range document.Components.Schemas {
		step, is := schema.Value.Extensions["x-step"].(string)
		if !is {
			continue
		}
		for _, place := range promised(schema) {
			body, err := json.Marshal(saying(place, words))
			require.NoError(t, err)
			for _, template := range []*message.Template{message.CustomerExplained, message.CustomerProposal, message.CustomerProposalReminder, message.CustomerOutcome} {
				if !template.Tells(complaint.StepName(step)) {
					continue
				}
				outcomes := []string{""}
				if template == message.CustomerOutcome {
					outcomes = []string{string(complaint.Unresolved), string(complaint.Resolved), string(complaint.Answered), string(complaint.Referred)}
				}
				with := facts
				if step == string(complaint.ResolveOnSpot) || strings.HasPrefix(place, "resolve_on_spot") {
					with, outcomes = settled, []string{string(complaint.ResolvedOnSpot)}
				}
				for _, outcome := range outcomes {
					scene := told(t, complaint.Message{To: complaint.Customer, Template: template.Name(), ProposalRevision: 1, Reason: outcome}, complaint.Complaint{},
						said(complaint.StepName(step), morning, string(body), with))
					data, err := scene.Data()
					require.NoError(t, err)
					_, text, err := template.Render(scene.Language, data)
					require.NoError(t, err)
					require.Contains(t, text, words, "%s %s in %s", step, place, template.Name())
				}
				read[step+" "+place] = true
			}
			require.True(t, read[step+" "+place], "no letter to the customer tells of %s: describe its %s as Words, or send it", step, place)
		}
	}
	require.Len(t, read, 11)
}

func TestWhoGetsAComplaintOfAHigherTierReadsWhy(t *testing.T) {
	_, body := read(t, told(t, complaint.Message{To: "sun-hao", Template: message.TierReached.Name(), Tier: 2}, complaint.Complaint{},
		said(complaint.Answer, morning, `{"words":"Too little."}`, complaint.Facts{Answer: &complaint.CustomerReply{ProposalRevision: 2}})))
	require.Contains(t, body, "The customer declined the proposals. The complaint has gone up to tier 2, and to you.")
	require.Contains(t, body, "| Too little.")
}

func TestAProcessOfTheProceduresOwnIsCalledByItsName(t *testing.T) {
	due := evening.Add(time.Hour)
	subject, body := read(t, told(t, complaint.Message{To: "li-na", Template: message.SideTask.Name(), Reason: "coordination-review", Due: &due},
		complaint.Complaint{Sides: []complaint.Side{{Kind: "coordination-review", State: "look-into", Due: &due}}}))
	require.Contains(t, subject, "Coordination between departments (step “The dispatcher looks into it”), due")
	require.NotContains(t, subject+body, "coordination-review")
}

func TestWhoeverDecidesReadsOnWhat(t *testing.T) {
	other := evening.Add(time.Hour)
	c := complaint.Complaint{Stage: complaint.Investigating,
		Approvals: []complaint.Approval{{Matter: complaint.MatterSuspension, Number: 1, Levels: []complaint.Level{{Person: "sun-hao"}}}},
		Deadlines: []complaint.Deadline{{Name: "settle", State: complaint.Running, DueAt: other, Until: []string{"verifying"}}}}
	until, promised := evening.Add(48*time.Hour), evening.Add(72*time.Hour)
	for _, row := range []struct {
		name   string
		matter complaint.Matter
		said   submission.Stored
		want   string
	}{
		{"a suspension", complaint.MatterSuspension,
			said(complaint.Suspend, morning, `{"reason":"The rope comes from Japan."}`, complaint.Facts{Suspension: &complaint.Suspension{Kind: complaint.PartsOnOrder, Until: until}}),
			"decision on the suspension, because parts are on order, until Wednesday, 4 March 2026, 10:00. Please approve it or, with a reason, refuse it.\n| The rope"},
		{"a visit", complaint.MatterVisit, said(complaint.Visit, morning, `{}`, complaint.Facts{Visit: &complaint.VisitFacts{At: &until}}),
			"decision on the on-site visit, on Wednesday, 4 March 2026, 10:00. Please approve it or, with a reason, refuse it."},
		{"a proposal", complaint.MatterProposal,
			said(complaint.Propose, morning, `{"reasons":"They are right."}`, complaint.Facts{Proposal: &complaint.Proposal{TimeLimit: &promised, Remedies: []complaint.Remedy{{Kind: "apology"}}}}),
			"The fix:\n- an apology\nIt is to be done by Thursday, 5 March 2026, 10:00.\n| They are right."},
	} {
		t.Run(row.name, func(t *testing.T) {
			m := complaint.Message{To: "sun-hao", Template: message.ApprovalAsked.Name(), Reason: string(row.matter)}
			if row.matter == complaint.MatterProposal {
				m.ProposalRevision = 1
			}
			_, body := read(t, told(t, m, c, row.said))
			require.Contains(t, body, row.want)
		})
	}
}

func TestTheOutcomeSaysUntilWhenOneMayAppeal(t *testing.T) {
	windows := complaint.Deadline{Name: complaint.ReopenClock, State: complaint.Running, DueAt: evening.Add(48 * time.Hour),
		Rungs: []complaint.Rung{{Label: "appeal", At: evening.Add(24 * time.Hour)}, {Label: "reopen", At: evening.Add(48 * time.Hour)}}}
	s := told(t, complaint.Message{To: complaint.Customer, Template: message.CustomerOutcome.Name(), Reason: "resolved", Link: "appeal"},
		complaint.Complaint{Stage: complaint.Closed, Deadlines: []complaint.Deadline{windows}})
	require.Equal(t, evening.Add(24*time.Hour), *s.due())
	s.Queued.Link = ""
	require.Nil(t, s.due(), "who has no link to appeal by is told no time")
}

func TestABuiltInClockIsCalledInASentenceWithASmallLetterAndTheProceduresOwnByItsName(t *testing.T) {
	s := told(t, complaint.Message{Template: message.Reminder.Name()}, complaint.Complaint{})
	for clock, want := range map[string][2]string{
		complaint.CustomerAnswerClock: {"the customer's answer", "客户答复"},
		complaint.CallbackClock:       {"callback", "回访"},
		complaint.CallOutClock:        {"emergency call-out", "紧急出动"},
		complaint.OpenMatterClock:     {"open matter", "未了事宜"},
		complaint.InstructionClock:    {"written order", "督办"},
		complaint.PromiseClock:        {"the date promised to the customer", "对客户的承诺时限"},
		"forward":                     {"Forwarded to the department", "转发责任部门"},
		"":                            {"", ""},
	} {
		s.Language = bilingual.English
		english := s.deadline(clock)
		s.Language = bilingual.Chinese
		require.Equal(t, want, [2]string{english, s.deadline(clock)}, clock)
	}
}

// registered is a complaint with all that is known of a customer.
func registered(s Scene) Scene {
	s.File.Customer = submission.Customer{Name: "Wang", Phone: "139 6686 2070", Address: "12 Lake Road"}
	s.File.Words = json.RawMessage(`{"narrative":"Water comes through\nthe ceiling.","place":"Tower 3, 1201","happened_at":"2026-03-02T00:30:00Z","fields":{"waybill":"SF1000000001"}}`)
	return s
}

// First review: A15.
func TestPeopleOfTheHouseReadWhatTheyNeedToAct(t *testing.T) {
	for _, template := range []*message.Template{message.CallOut, message.Assigned, message.TellCustomer, message.CallbackDue, message.Task, message.ApprovalAsked} {
		s := registered(told(t, complaint.Message{To: "li-na", Template: template.Name()}, complaint.Complaint{}))
		_, body := read(t, s)
		require.Contains(t, body, "Customer: Wang\nTelephone: 139 6686 2070\nWhere: Tower 3, 1201\nWhen: Monday, 2 March 2026, 00:30\nWaybill number: SF1000000001\n", template.Name())
		require.Contains(t, body, "What happened:\n| Water comes through\n| the ceiling.\n", template.Name())
	}
	s := registered(told(t, complaint.Message{To: "li-na", Template: message.CallOut.Name(), Reason: message.Team}, complaint.Complaint{}))
	_, body := read(t, s)
	require.Contains(t, body, "you are called out: please go there at once")

	s.File.People.SeenBy = []complaint.PersonID{"li-na"}
	_, body = read(t, s)
	for _, told := range []string{"Wang", "139", "Tower", "Water", "SF1000000001"} {
		require.NotContains(t, body, told, "what is closed to people named is read in the system only")
	}
	_, body = read(t, registered(told(t, complaint.Message{To: "li-na", Template: message.ThreatWarned.Name()}, complaint.Complaint{})))
	require.NotContains(t, body, "139", "who is warned has nobody to call")
}

// First review: A15.
func TestCustomersReadWhomToCall(t *testing.T) {
	s := registered(told(t, complaint.Message{To: complaint.Customer, Template: message.CustomerReceived.Name()},
		complaint.Complaint{Stage: complaint.Investigating, People: complaint.People{Owner: "li-na"}}))
	s.People = rulebooktest.Rules(t, "courier-station").Directory
	_, body := read(t, s)
	require.Contains(t, body, "Li Na looks after your complaint.\nYou can call us: 400 555 0100 (Monday to Friday, 9:00 to 18:00)\n")
	require.NotContains(t, body, "Tower", "they know what they told")
	s.Language = bilingual.Chinese
	_, body = read(t, s)
	require.Contains(t, body, "您的投诉由李娜负责跟进。\n服务热线：400 555 0100（周一至周五 9:00–18:00）\n")

	s.File.Stage = complaint.Closed
	_, body = read(t, s)
	require.NotContains(t, body, "李娜", "nobody has a closed one")
}

// chinese is the scene for a reader of Chinese.
func chinese(s Scene) Scene {
	s.Language = bilingual.Chinese
	return s
}

func TestWhoMustActReadsWhatAbout(t *testing.T) {
	proposal := complaint.Complaint{Stage: complaint.AwaitingCustomer, People: complaint.People{Owner: "li-na"},
		Registration: complaint.Registration{Reachable: []string{"phone"}},
		Proposal:     &complaint.OpenProposal{Proposal: complaint.Proposal{Remedies: []complaint.Remedy{{Kind: "refund", Amount: "80", Currency: "CNY"}}}, Revision: 2}}
	proposed := said(complaint.Propose, morning, `{"reasons":"A day late."}`, complaint.Facts{Proposal: &proposal.Proposal.Proposal})
	for _, template := range []*message.Template{message.Task, message.TellCustomer} {
		reason := string(complaint.Inform)
		if template == message.TellCustomer {
			reason = message.CustomerProposal.Name()
		}
		_, body := read(t, told(t, complaint.Message{To: "li-na", Template: template.Name(), Reason: reason, ProposalRevision: 2}, proposal, proposed))
		require.Contains(t, body, "The fix:\n- refund 80.00 CNY\n| A day late.\n", template.Name())
	}

	verifying := proposal
	verifying.Stage = complaint.Verifying
	done := said(complaint.Implement, noon, `{"result":"Paid on Monday."}`, complaint.Facts{Work: &complaint.Work{Done: true}})
	_, body := read(t, chinese(told(t, complaint.Message{To: "li-na", Template: message.Task.Name(), Reason: string(complaint.Verify), ProposalRevision: 2}, verifying, done)))
	require.Contains(t, body, "请完成：向客户核实处理结果。\n处理方案：\n- 退款 80.00元\n| Paid on Monday.\n")

	unfounded := complaint.Complaint{Stage: complaint.Explaining, Findings: &complaint.Findings{Cause: "staff-error", Liability: complaint.LiableCustomer}}
	found := said(complaint.Find, noon, `{"cause":"The address was wrong."}`, complaint.Facts{Findings: unfounded.Findings})
	_, body = read(t, told(t, complaint.Message{To: "li-na", Template: message.Task.Name(), Reason: string(complaint.Explain)}, unfounded, found))
	require.Contains(t, body, "Liable: customer\n")
	require.Contains(t, body, "| The address was wrong.\n")

	blamed := complaint.Complaint{Findings: &complaint.Findings{Founded: true, Liability: complaint.LiableDepartment, People: []complaint.PersonID{"zhou-jie"}}}
	scene := chinese(told(t, complaint.Message{To: "xu-mei", Template: message.SideTask.Name(), Reason: "apologies"}, blamed, found))
	scene.People = rulebooktest.Rules(t, "courier-station").Directory
	_, body = read(t, scene)
	require.Contains(t, body, "责任方：责任部门（周杰）\n")
}

func TestTheTelephoneLetterNamesTheStepThatRecordsTheCall(t *testing.T) {
	lina := complaint.People{Agent: "li-na", Owner: "li-na"}
	byPhone := complaint.Registration{Reachable: []string{"phone"}}
	calling := []complaint.Deadline{{Name: complaint.TellByPhoneClock, State: complaint.Running, Until: []string{"step inform", "step contact"}}}
	for _, row := range []struct {
		told     *message.Template
		instead  *message.Template
		c        complaint.Complaint
		en, zhCN string
	}{
		{message.TellCustomer, message.CustomerProposal, complaint.Complaint{Stage: complaint.AwaitingCustomer, Registration: byPhone, People: lina,
			Proposal: &complaint.OpenProposal{Revision: 1}}, "Tell the customer", "告知客户"},
		{message.TellCustomer, message.CustomerProposalReminder, complaint.Complaint{Stage: complaint.AwaitingCustomer, Registration: byPhone, People: lina,
			Proposal: &complaint.OpenProposal{Revision: 1, Informed: true}}, "Record the customer's answer", "记录客户答复"},
		{message.TellCustomer, message.CustomerDone, complaint.Complaint{Stage: complaint.Verifying, Registration: byPhone, People: lina}, "Verify", "核实"},
		{message.LetterFailed, message.CustomerDone, complaint.Complaint{Stage: complaint.Verifying, People: lina, Deadlines: calling}, "Contact the customer", "联系客户"},
		{message.TellCustomer, message.CustomerReceived, complaint.Complaint{Stage: complaint.Received, Registration: byPhone, People: lina}, "Note", "备注"},
		{message.TellCustomer, message.CustomerOutcome, complaint.Complaint{Stage: complaint.Closed, Outcome: complaint.Resolved, OutcomeUntold: true,
			Registration: byPhone, People: lina}, "Contact the customer", "联系客户"},
	} {
		queued := complaint.Message{To: "li-na", Template: row.told.Name(), Reason: row.instead.Name()}
		_, body := read(t, told(t, queued, row.c))
		require.Contains(t, body, "Then record the call as “"+row.en+"”", row.instead.Name())
		_, body = read(t, chinese(told(t, queued, row.c)))
		require.Contains(t, body, "通话后请登记“"+row.zhCN+"”", row.instead.Name())
	}
	closed := complaint.Complaint{Stage: complaint.Closed, Outcome: complaint.Resolved, OutcomeUntold: true, Registration: byPhone, People: lina}
	_, body := read(t, told(t, complaint.Message{To: "li-na", Template: message.TellCustomer.Name(), Reason: message.CustomerOutcome.Name()}, closed))
	require.Contains(t, body, "Closed as: Resolved\n")
}

func TestAHandlerReadsByWhenEachStepIsDue(t *testing.T) {
	c := complaint.Complaint{Stage: complaint.Investigating, People: complaint.People{Handler: "zhao-lei"}, Deadlines: []complaint.Deadline{
		{Name: "contact", State: complaint.Running, Until: []string{"step contact reached"}, DueAt: evening.Add(time.Hour)},
		{Name: "settle", State: complaint.Running, Until: []string{"verifying"}, DueAt: evening.Add(48 * time.Hour)}}}
	subject, body := read(t, told(t, complaint.Message{To: "zhao-lei", Template: message.Assigned.Name()}, c))
	require.Contains(t, subject, "assigned to you, due Monday, 2 March 2026, 11:00")
	require.Contains(t, body, "What waits for you:\n- Contact the customer: Monday, 2 March 2026, 11:00\n- Accept: Wednesday, 4 March 2026, 10:00\n")
	_, body = read(t, chinese(told(t, complaint.Message{To: "zhao-lei", Template: message.MarkedSpecial.Name()}, c)))
	require.Contains(t, body, "您的待办事项：\n- 联系客户：2026年3月2日（周一）11:00\n- ")
}

func TestAWarningSaysWhatIsThreatenedWhereAndWhen(t *testing.T) {
	heard := said(complaint.Note, noon, `{"words":"He comes with petrol.","threat":{"places":"the counter, tonight"}}`, complaint.Facts{Threat: &complaint.ThreatHeard{}})
	c := complaint.Complaint{Threat: &complaint.Threat{}}
	for _, template := range []*message.Template{message.ThreatWatch, message.ThreatWarned, message.SafetyWarning} {
		_, body := read(t, told(t, complaint.Message{To: "liu-yang", Template: template.Name()}, c, heard))
		require.Contains(t, body, "Places and things at risk: the counter, tonight\n", template.Name())
		require.Equal(t, !template.DisclosesNothing(), strings.Contains(body, "petrol"), template.Name())
		_, body = read(t, chinese(told(t, complaint.Message{To: "liu-yang", Template: template.Name()}, c, heard)))
		require.Contains(t, body, "可能受影响的场所和物品：the counter, tonight\n", template.Name())
	}
}

func TestWhatIsApprovedSaysWhatComesNext(t *testing.T) {
	_, body := read(t, told(t, complaint.Message{To: "zhao-lei", Template: message.Approved.Name(), Reason: string(complaint.MatterProposal)},
		complaint.Complaint{Stage: complaint.AwaitingCustomer}, said(complaint.Approve, noon, `{}`, complaint.Facts{})))
	require.Contains(t, body, "approved the proposed fix. It now goes to the customer for their answer.\n")
	require.NotContains(t, body, "next step")
}

func TestWhoEnquiresIsWrittenToAboutTheirEnquiry(t *testing.T) {
	for kind, words := range map[complaint.Kind][2]string{
		"": {"your complaint", "您的投诉"}, complaint.KindEnquiry: {"your enquiry", "您的咨询"}, complaint.KindSuggestion: {"your suggestion", "您的建议"}} {
		received := told(t, complaint.Message{To: complaint.Customer, Template: message.CustomerReceived.Name()}, complaint.Complaint{Registration: complaint.Registration{Kind: kind}})
		subject, body := read(t, received)
		require.Equal(t, "We have received "+words[0]+": CS-2026-000001", subject)
		require.Contains(t, body, "We have received "+words[0]+" and are seeing to it.")
		require.Equal(t, kind == "", strings.Contains(body, "sorry"))
		subject, _ = read(t, chinese(received))
		require.Equal(t, "我们已收到"+words[1]+"：CS-2026-000001", subject)
	}
}

func TestTheLetterOfWhatWasSettledOnTheSpotSaysWhatWasDone(t *testing.T) {
	facts := complaint.Facts{Registration: &complaint.Registration{}, OnSpot: &complaint.OnSpot{CustomerAccepts: true, Remedies: []complaint.Remedy{{Kind: "apology"}}}}
	atOnce := said(complaint.Register, noon, `{"narrative":"INNER","resolve_on_spot":{"done":"Brought it round.","remedies":[{"words":"by the head"}]}}`, facts)
	later := said(complaint.ResolveOnSpot, noon, `{"done":"Brought it round.","remedies":[{"words":"by the head"}]}`, complaint.Facts{OnSpot: facts.OnSpot})
	for _, of := range []submission.Stored{atOnce, later} {
		for template, to := range map[*message.Template]complaint.PersonID{message.CustomerOutcome: complaint.Customer, message.SettledOnSpot: "zhang-min"} {
			_, body := read(t, told(t, complaint.Message{To: to, Template: template.Name(), Reason: string(complaint.ResolvedOnSpot)},
				complaint.Complaint{Stage: complaint.Closed, Outcome: complaint.ResolvedOnSpot}, of))
			require.Contains(t, body, "- an apology: by the head\n| Brought it round.\n", template.Name())
			require.NotContains(t, body, "INNER")
		}
	}
}

func TestAMergedComplaintsLetterNamesTheOlderOneOfTheSameCustomer(t *testing.T) {
	c := complaint.Complaint{Stage: complaint.Closed, Outcome: complaint.Merged, Links: []complaint.Linked{{Relation: complaint.Duplicates, Number: "CS-2026-000007"}}}
	merged := func(reason string) Scene {
		return told(t, complaint.Message{To: complaint.Customer, Template: message.CustomerOutcome.Name(), Reason: reason}, c)
	}
	_, body := read(t, merged(string(complaint.Merged)))
	require.Contains(t, body, "with the older one, CS-2026-000007, and will go on there.")
	_, body = read(t, chinese(merged(string(complaint.Merged))))
	require.Contains(t, body, "并入在先投诉（CS-2026-000007）继续办理")
	_, body = read(t, merged(message.MergedWithAnothers))
	require.NotContains(t, body, "000007", "it is somebody else's")
}
