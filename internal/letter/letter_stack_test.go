package letter_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
	"recourse/internal/delivery"
	"recourse/internal/letter"
	"recourse/internal/letter/lettertest"
	"recourse/internal/link"
	"recourse/internal/message"
	"recourse/internal/store/outbox"
	"recourse/internal/store/submission"
)

func write(t *testing.T, letters *letter.Writer, queued outbox.Message) (delivery.Letter, error) {
	t.Helper()
	clerk, err := letters.About(t.Context(), queued.Number)
	require.NoError(t, err)
	return clerk.Write(t.Context(), queued)
}

func TestTheCustomerReadsTheProposalAndCanAnswerIt(t *testing.T) {
	s, letters := lettertest.House(t)
	number := lettertest.Registered(t, s, complaint.Message{To: complaint.Customer, Template: message.CustomerProposal.Name(), ProposalRevision: 1, Link: "answer"})
	queued, err := s.Outbox.One(t.Context(), number+"-a")
	require.NoError(t, err)
	letter, err := write(t, letters, queued)
	require.NoError(t, err)
	require.Equal(t, "canary@example.org", letter.To.Email)
	subject, body, err := message.CustomerProposal.Render(letter.Language, letter.Data)
	require.NoError(t, err)
	require.Equal(t, "请确认处理方案："+number, subject)
	require.Contains(t, body, "尊敬的canary 王女士，您好：")
	require.Contains(t, body, "- 退款 20.00元\n| canary 我们送错了门")

	token, found := strings.CutPrefix(letter.Data.Link, "https://recourse.example/v1/links/")
	require.True(t, found)
	opened, err := letters.Links.Open(token, time.Now())
	require.NoError(t, err)
	require.Equal(t, number, opened.Number)
	require.Equal(t, link.Answer, opened.Purpose)
	require.Equal(t, 1, opened.Subject)

	again, err := write(t, letters, queued)
	require.NoError(t, err)
	require.Equal(t, letter.Data.Link, again.Data.Link, "tried again, it carries the same link")
}

func TestALetterOfALinkTellsTheOtherComplaintToThoseAloneWhoMayKnowOfIt(t *testing.T) {
	s, letters := lettertest.House(t)
	other := lettertest.Registered(t, s)
	linked := func(person complaint.PersonID, template *message.Template) string {
		number := lettertest.Registered(t, s, complaint.Message{To: person, Template: template.Name(), Reason: string(complaint.PartOfMass)})
		stored, err := s.Submissions.Submit(t.Context(), submission.Submission{Number: number, Step: complaint.Link, By: complaint.Actor{Person: "li-na"},
			Body:  json.RawMessage(`{"relation":"part_of_mass","number":"` + other + `","words":"canary of the other"}`),
			Facts: complaint.Facts{Linked: &complaint.Linked{Relation: complaint.PartOfMass, Number: other}}})
		require.NoError(t, err)
		queued, err := s.Outbox.One(t.Context(), number+"-a")
		require.NoError(t, err)
		queued.Tells = stored.ID
		letter, err := write(t, letters, queued)
		require.NoError(t, err)
		subject, body, err := template.Render(letter.Language, letter.Data)
		require.NoError(t, err)
		return subject + body
	}
	for _, template := range []*message.Template{message.Linked, message.LinkedToYours} {
		require.Contains(t, linked("li-na", template), other)
		require.NotContains(t, linked("zhao-lei", template), other, "who has no part in it")
	}
	require.Contains(t, linked("li-na", message.LinkedToYours), "canary of the other")

	file, err := s.Reading.Complaint(t.Context(), other)
	require.NoError(t, err)
	before := file.Recorded
	found := complaint.Event{Kind: complaint.StepTaken, At: time.Now(), By: "wang-wei", Step: &complaint.Step{Name: complaint.Find,
		Facts: complaint.Facts{Findings: &complaint.Findings{Founded: true, People: []complaint.PersonID{"li-na"}}}}}
	file.Apply(found)
	require.NoError(t, s.Writes.Commit(t.Context(), complaint.Write{Complaint: file.Complaint, Before: before, Cause: "step:find", Happened: []complaint.Event{found}}))
	for _, template := range []*message.Template{message.Linked, message.LinkedToYours} {
		told := linked("li-na", template)
		require.NotContains(t, told, other, "whom it has come to be about")
		require.NotContains(t, told, "canary of the other")
	}
}

// First review: A1.
func TestALetterTellsTheStepThatItsMessageNamesAndNoOther(t *testing.T) {
	s, letters := lettertest.House(t)
	number := lettertest.Registered(t, s,
		complaint.Message{To: complaint.Customer, Template: message.CustomerProposal.Name(), ProposalRevision: 1, Link: "answer"},
		complaint.Message{To: "sun-hao", Template: message.ApprovalAsked.Name(), Reason: string(complaint.MatterProposal), ProposalRevision: 1})
	propose := func(at time.Time, amount, reasons string) submission.Stored {
		stored, err := s.Submissions.Submit(t.Context(), submission.Submission{Number: number, Step: complaint.Propose, By: complaint.Actor{Person: "wu-min"}, At: at,
			Body:  json.RawMessage(`{"reasons":"` + reasons + `"}`),
			Facts: complaint.Facts{Proposal: &complaint.Proposal{Remedies: []complaint.Remedy{{Kind: "refund", Amount: amount, Currency: "CNY"}}}}})
		require.NoError(t, err)
		return stored
	}
	propose(time.Now().Add(-time.Hour), "99999.00", "EVIL-REMEDY") // whose sender hung up: it is stored, and never judged
	propose(time.Now(), "88888.00", "EVIL-REMEDY")
	refused := propose(time.Now(), "77777.00", "EVIL-REMEDY")
	require.NoError(t, s.Submissions.Refuse(t.Context(), refused.ID, complaint.Refusal{Code: complaint.CodeForbidden}))
	for _, id := range []string{number + "-a", number + "-b"} {
		queued, err := s.Outbox.One(t.Context(), id)
		require.NoError(t, err)
		letter, err := write(t, letters, queued)
		require.NoError(t, err)
		template, err := message.Named(queued.Template)
		require.NoError(t, err)
		_, body, err := template.Render(letter.Language, letter.Data)
		require.NoError(t, err)
		require.Contains(t, body, "- 退款 20.00元\n| canary 我们送错了门")
		require.NotContains(t, body, "EVIL")
		require.NotContains(t, body, "999")
	}
}

func TestAReminderAfterTheLinkWasRevokedCarriesNone(t *testing.T) {
	s, letters := lettertest.House(t)
	number := lettertest.Registered(t, s, complaint.Message{To: complaint.Customer, Template: message.CustomerProposalReminder.Name(), ProposalRevision: 1, Link: "answer"})
	queued, err := s.Outbox.One(t.Context(), number+"-a")
	require.NoError(t, err)
	letter, err := write(t, letters, queued)
	require.NoError(t, err)
	require.NotEmpty(t, letter.Data.Link)
	issued, err := s.Links.Of(t.Context(), number)
	require.NoError(t, err)
	require.NoError(t, s.Links.Revoke(t.Context(), number, issued[0].ID, "li-na"))

	letter, err = write(t, letters, queued)
	require.NoError(t, err)
	require.Empty(t, letter.Data.Link)
	_, body, err := message.CustomerProposalReminder.Render(letter.Language, letter.Data)
	require.NoError(t, err)
	require.NotContains(t, body, "http")
}

func TestWhoRegisteredOnTheWebIsNotGreetedByWhatTheyTypedAsAName(t *testing.T) {
	s, letters := lettertest.House(t)
	number := lettertest.Registered(t, s, complaint.Message{To: complaint.Customer, Template: message.CustomerReceived.Name()})
	queued, err := s.Outbox.One(t.Context(), number+"-a")
	require.NoError(t, err)
	letter, err := write(t, letters, queued)
	require.NoError(t, err)
	require.Equal(t, "canary 王女士", letter.Data.Recipient, "an agent wrote it down")

	file, err := s.Reading.Complaint(t.Context(), number)
	require.NoError(t, err)
	before := file.Recorded
	file.RegisteredBy = complaint.Customer
	note := complaint.Event{Kind: complaint.StepTaken, At: time.Now(), By: "li-na", Step: &complaint.Step{Name: complaint.Note}}
	err = s.Writes.Commit(t.Context(), complaint.Write{Complaint: file.Complaint, Before: before, Cause: "step:note", Happened: []complaint.Event{note}})
	require.NoError(t, err)
	letter, err = write(t, letters, queued)
	require.NoError(t, err)
	require.Empty(t, letter.Data.Recipient)
	_, body, err := message.CustomerReceived.Render(letter.Language, letter.Data)
	require.NoError(t, err)
	require.Contains(t, body, "尊敬的客户，您好：")
	require.NotContains(t, body, "canary 王女士")
}

// First review: A15.
func TestAMailToSomebodyOfTheHouseLeadsToTheCase(t *testing.T) {
	s, letters := lettertest.House(t)
	letters.CaseURL = "https://desk.example/complaints/{number}?tab=now"
	number := lettertest.Registered(t, s, complaint.Message{To: "zhao-lei", Template: message.Task.Name(), Reason: string(complaint.Propose)})
	queued, err := s.Outbox.One(t.Context(), number+"-a")
	require.NoError(t, err)
	letter, err := write(t, letters, queued)
	require.NoError(t, err)
	_, body, err := message.Task.Render(letter.Language, letter.Data)
	require.NoError(t, err)
	require.Contains(t, body, "打开投诉：https://desk.example/complaints/"+number+"?tab=now\n")
	page, err := message.Task.HTML(letter.Language, letter.Data)
	require.NoError(t, err)
	require.Contains(t, page, `<a href="https://desk.example/complaints/`+number+`?tab=now"`)
	require.Contains(t, page, ">打开投诉</a>")
}

func TestWhoBecameASubjectSinceIsNotWrittenTo(t *testing.T) {
	s, letters := lettertest.House(t)
	number := lettertest.Registered(t, s, complaint.Message{To: "zhao-lei", Template: message.Task.Name(), Reason: string(complaint.Propose)})
	queued, err := s.Outbox.One(t.Context(), number+"-a")
	require.NoError(t, err)
	_, err = write(t, letters, queued)
	require.NoError(t, err)

	file, err := s.Reading.Complaint(t.Context(), number)
	require.NoError(t, err)
	found := complaint.Step{Name: complaint.Find, At: time.Now(), By: complaint.Actor{Person: "li-na"},
		Facts: complaint.Facts{Findings: &complaint.Findings{Founded: true, Liability: complaint.LiableDepartment, People: []complaint.PersonID{"zhao-lei"}}}}
	event := complaint.Event{Kind: complaint.StepTaken, At: found.At, By: "li-na", Step: &found}
	before := file.Recorded
	file.Apply(event)
	err = s.Writes.Commit(t.Context(), complaint.Write{Complaint: file.Complaint, Before: before, Cause: "step:found", Happened: []complaint.Event{event}})
	require.NoError(t, err)

	_, err = write(t, letters, queued)
	var failure *delivery.Failure
	require.ErrorAs(t, err, &failure)
	require.Equal(t, delivery.Failure{Code: letter.MayNotKnow, Permanent: true, Withheld: true}, *failure)
}

func TestSomebodyUnknownIsNotTriedForDays(t *testing.T) {
	s, letters := lettertest.House(t)
	number := lettertest.Registered(t, s, complaint.Message{To: "left-long-ago", Template: message.Assigned.Name()})
	queued, err := s.Outbox.One(t.Context(), number+"-a")
	require.NoError(t, err)
	_, err = write(t, letters, queued)
	var failure *delivery.Failure
	require.ErrorAs(t, err, &failure)
	require.Equal(t, delivery.Failure{Code: letter.UnknownPerson, Permanent: true}, *failure)
}
