package procedures_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
	"recourse/internal/plan"
	"recourse/internal/simulation"
	"recourse/internal/story"
)

// toTheProposal is a complaint of a customer who can be written to, until their answer to a
// proposal is waited for.
const toTheProposal = `
story: {en: A letter that failed, zh-CN: 信件未送达}
procedure: courier-station
steps:
  - 2026-03-10 09:00 li-na register: {channel: phone, category: service.attitude}
  - 2026-03-10 09:10 li-na screen: {kind: complaint, valid: true, category: service.attitude, severity: normal}
  - 2026-03-10 09:20 chen-jing accept
  - 2026-03-10 09:30 chen-jing contact: {reached: true}
  - 2026-03-10 10:00 chen-jing find: {founded: true, cause_code: attitude, liability: third_party}
  - 2026-03-10 10:30 chen-jing propose: {remedies: [{kind: apology}], time_limit: 2026-03-31 18:00}
`

var shanghai = time.FixedZone("China", 8*60*60)

// on is a minute of March 2026 in China.
func on(day, hour, minute int) time.Time {
	return time.Date(2026, time.March, day, hour, minute, 0, 0, shanghai)
}

// asked is what a story asks to simulate, with further steps, until a time.
func asked(t *testing.T, text string, until time.Time, further ...complaint.Step) simulation.Request {
	t.Helper()
	s, err := story.Parse("story.yaml", []byte(text))
	require.NoError(t, err)
	r := request(t, s)
	r.Steps, r.Until = append(r.Steps, further...), until
	return r
}

// failed is that a message of the timeline to the customer failed for good.
func failed(t *testing.T, r simulation.Request, template string, at time.Time) complaint.Step {
	t.Helper()
	r.Until = at
	timeline, err := simulation.Run(t.Context(), r)
	require.NoError(t, err)
	for _, e := range slices.Backward(timeline.Entries) {
		if e.Message != nil && e.Message.To == complaint.Customer && e.Message.Template == template {
			return complaint.Step{Name: complaint.Undelivered, By: complaint.Actor{Person: complaint.Procedure}, At: at,
				Facts: complaint.Facts{Undelivered: &complaint.LetterFailed{Message: *e.Message, Code: "smtp_rcpt_550"}}}
		}
	}
	require.Fail(t, "nothing was sent", template)
	return complaint.Step{}
}

// by is a step of somebody in the house.
func by(rules plan.Rules, person complaint.PersonID, name complaint.StepName, at time.Time, facts complaint.Facts) complaint.Step {
	return complaint.Step{Name: name, At: at, Facts: facts,
		By: complaint.Actor{Person: person, Roles: rules.Directory.RolesOf(person, at, rules.Procedure.Roles), Department: rules.Directory.DepartmentOf(person)}}
}

func reached(is bool) complaint.Facts {
	return complaint.Facts{Contact: &complaint.ContactMade{Reached: is}}
}

// to are the messages of a template that a timeline sends to somebody.
func to(timeline simulation.Timeline, person complaint.PersonID, template string) (sent []complaint.Message) {
	for _, e := range timeline.Entries {
		if e.Message != nil && e.Message.To == person && e.Message.Template == template {
			sent = append(sent, *e.Message)
		}
	}
	return sent
}

func dueOf(t *testing.T, c complaint.Complaint, clock string) time.Time {
	t.Helper()
	d, open := c.Deadline(clock)
	require.True(t, open, clock)
	return d.DueAt.In(shanghai)
}

// First review: A7.
func TestNoClockCountsOnALetterThatFailed(t *testing.T) {
	r := asked(t, toTheProposal, on(31, 9, 0))
	lost := failed(t, r, "customer_proposal", on(10, 11, 0))
	r.Steps = append(r.Steps, lost)
	timeline, err := simulation.Run(t.Context(), r)
	require.NoError(t, err)
	c := timeline.Complaint
	require.Equal(t, complaint.AwaitingCustomer, c.Stage, "no silence closes what nobody was told")
	_, counts := c.Deadline(complaint.CustomerAnswerClock)
	require.False(t, counts)
	require.Len(t, to(timeline, "li-na", "letter_failed"), 1, "the owner is asked to call")
	require.Equal(t, on(11, 18, 0), dueOf(t, c, complaint.TellByPhoneClock))
	require.NotEmpty(t, to(timeline, "zhang-min", "escalation"), "and who is above them hears of it when nobody does")
	require.True(t, slices.ContainsFunc(c.Tasks(), func(task complaint.Task) bool {
		return task.Kind == complaint.Contact && task.Person == "li-na" && task.Detail == "undelivered" && task.Due.Equal(on(11, 18, 0))
	}))

	t.Run("it counts from the call on", func(t *testing.T) {
		called := r
		called.Until = on(12, 10, 1)
		called.Steps = append(slices.Clone(r.Steps), by(r.Rules, "li-na", complaint.Contact, on(12, 10, 0), reached(true)))
		c := lived(t, called)
		require.Equal(t, on(16, 18, 0), dueOf(t, c, complaint.CustomerAnswerClock))
		require.Empty(t, c.Undelivered)
		_, waits := c.Deadline(complaint.TellByPhoneClock)
		require.False(t, waits)
	})
	t.Run("calls that reach nobody are as good as one, in the end", func(t *testing.T) {
		called := r
		called.Until, called.Steps = on(13, 10, 1), slices.Clone(r.Steps)
		for i, day := range []int{11, 12, 13} {
			called.Steps = append(called.Steps, by(r.Rules, "li-na", complaint.Contact, on(day, 10, 0), reached(false)))
			before := called
			before.Until = on(day, 10, 1)
			_, counts := func() (complaint.Deadline, bool) {
				c := lived(t, before)
				return c.Deadline(complaint.CustomerAnswerClock)
			}()
			require.Equal(t, i+1 == complaint.MostCalls, counts, day)
		}
	})
	t.Run("what the customer was told before by phone counts on", func(t *testing.T) {
		told := asked(t, toTheProposal, on(10, 11, 1), by(r.Rules, "li-na", complaint.Inform, on(10, 10, 40), complaint.Facts{Answer: &complaint.CustomerReply{ProposalRevision: 1}}), lost)
		c := lived(t, told)
		require.Equal(t, on(12, 18, 0), dueOf(t, c, complaint.CustomerAnswerClock))
		require.Empty(t, c.Lost())
	})
}

// First review: A7.
func TestWhatFailedIsSentAgainToTheAddressThatIsRight(t *testing.T) {
	r := asked(t, toTheProposal, on(11, 9, 1))
	r.Steps = append(r.Steps, failed(t, r, "customer_received", on(10, 10, 50)), failed(t, r, "customer_proposal", on(10, 11, 0)))
	correct := func(detail string) complaint.Step {
		return by(r.Rules, "li-na", complaint.Correct, on(11, 9, 0), complaint.Facts{Correction: &complaint.Correction{Corrected: complaint.Details{detail}}})
	}
	r.Steps = append(r.Steps, correct("email"))
	timeline, err := simulation.Run(t.Context(), r)
	require.NoError(t, err)
	require.Len(t, to(timeline, "li-na", "letter_failed"), 1, "one call for all that they don't know")
	received, proposed := to(timeline, complaint.Customer, "customer_received"), to(timeline, complaint.Customer, "customer_proposal")
	require.Len(t, received, 2)
	require.Len(t, proposed, 2)
	require.NotEqual(t, proposed[0].ID, proposed[1].ID)
	require.Equal(t, []any{"answer", 1}, []any{proposed[1].Link, proposed[1].ProposalRevision})
	c := timeline.Complaint
	require.Equal(t, on(13, 18, 0), dueOf(t, c, complaint.CustomerAnswerClock), "the silence begins with the letter that arrives")
	require.Empty(t, c.Lost())

	t.Run("which may fail, too", func(t *testing.T) {
		again := r
		again.Until = on(11, 10, 1)
		again.Steps = append(slices.Clone(r.Steps), failed(t, again, "customer_proposal", on(11, 10, 0)))
		c := lived(t, again)
		_, counts := c.Deadline(complaint.CustomerAnswerClock)
		require.False(t, counts)
		require.Len(t, c.Lost(), 1)
	})
	t.Run("another telephone number sends nothing", func(t *testing.T) {
		other := r
		other.Steps = append(slices.Clone(r.Steps[:len(r.Steps)-1]), correct("phone"))
		timeline, err := simulation.Run(t.Context(), other)
		require.NoError(t, err)
		require.Len(t, to(timeline, complaint.Customer, "customer_proposal"), 1)
		require.Len(t, timeline.Complaint.Lost(), 2, "they are still to be called")
	})
}

// First review: A7.
func TestTheSilenceOfWhoIsToldByPhoneBeginsWithTheCall(t *testing.T) {
	r := asked(t, toTheProposal, on(11, 15, 1))
	r.Registration.Facts.Registration.Reachable = []string{"phone"}
	c := lived(t, r)
	_, counts := c.Deadline(complaint.CustomerAnswerClock)
	require.False(t, counts, "nothing written reaches them")
	require.Equal(t, on(11, 18, 0), dueOf(t, c, complaint.TellByPhoneClock))
	r.Steps = append(r.Steps, by(r.Rules, "li-na", complaint.Inform, on(11, 15, 0), complaint.Facts{Answer: &complaint.CustomerReply{ProposalRevision: 1}}))
	require.Equal(t, on(13, 18, 0), dueOf(t, lived(t, r), complaint.CustomerAnswerClock))

	t.Run("also where they have an address meanwhile", func(t *testing.T) {
		found := r
		found.Steps = append([]complaint.Step{by(r.Rules, "li-na", complaint.Correct, on(11, 9, 0),
			complaint.Facts{Correction: &complaint.Correction{Corrected: complaint.Details{"email"}}})}, r.Steps...)
		require.Equal(t, on(13, 18, 0), dueOf(t, lived(t, found), complaint.CustomerAnswerClock))
		found.Until = on(11, 14, 0)
		require.Equal(t, on(11, 18, 0), dueOf(t, lived(t, found), complaint.TellByPhoneClock), "until then it waits for the call")
	})
}

// First review: A7.
func TestTheTimeToAppealOfWhoIsToldByPhoneBeginsWithTheCall(t *testing.T) {
	const referred = `
story: {en: Referred, zh-CN: 转交有关单位}
procedure: courier-station
steps:
  - 2026-03-10 09:00 li-na register: {channel: phone, category: service.attitude}
  - 2026-03-10 09:10 li-na close: {outcome: referred}
`
	r := asked(t, referred, on(20, 9, 1))
	r.Registration.Facts.Registration.Reachable = []string{"phone"}
	timeline, err := simulation.Run(t.Context(), r)
	require.NoError(t, err)
	c := timeline.Complaint
	require.Equal(t, complaint.Closed, c.Stage)
	_, counts := c.Deadline(complaint.ReopenClock)
	require.False(t, counts, "nobody has told them")
	require.Equal(t, on(11, 18, 0), dueOf(t, c, complaint.TellByPhoneClock))
	require.True(t, slices.ContainsFunc(c.Tasks(), func(task complaint.Task) bool { return task.Kind == complaint.Contact && task.Detail == "outcome" }))
	customer := complaint.Actor{Person: complaint.Customer, Roles: []complaint.Role{complaint.CustomerRole}}
	require.Contains(t, c.Allowed(customer, on(20, 9, 1)), complaint.Appeal, "who hears of it otherwise may appeal")
	days := map[string]bool{}
	for _, sent := range timeline.Entries {
		if sent.Message != nil && sent.Message.Template == "asked_again" && sent.Message.To == "zhang-min" {
			days[sent.At.In(shanghai).Format("Mon 2")] = true
		}
	}
	require.Equal(t, map[string]bool{"Fri 13": true, "Mon 16": true, "Tue 17": true, "Wed 18": true, "Thu 19": true, "Fri 20": true}, days, "no ladder ends in silence")

	t.Run("it is counted from the call, and nobody is asked any more", func(t *testing.T) {
		called := r
		called.Steps = append(slices.Clone(r.Steps), by(r.Rules, "li-na", complaint.Contact, on(20, 9, 0), reached(true)))
		c := lived(t, called)
		require.True(t, dueOf(t, c, complaint.ReopenClock).After(on(20, 9, 0).AddDate(0, 0, 29)))
		require.Empty(t, c.Tasks())
		_, waits := c.Deadline(complaint.AskAgainClock)
		require.False(t, waits)
	})
	t.Run("also where they have an address meanwhile", func(t *testing.T) {
		found := r
		found.Until = on(11, 9, 1)
		found.Steps = append(slices.Clone(r.Steps), by(r.Rules, "li-na", complaint.Correct, on(11, 9, 0),
			complaint.Facts{Correction: &complaint.Correction{Corrected: complaint.Details{"email"}}}))
		require.Equal(t, on(11, 18, 0), dueOf(t, lived(t, found), complaint.TellByPhoneClock))
	})
	t.Run("who settled it with us knows", func(t *testing.T) {
		withdrawn := r
		withdrawn.Until = on(10, 9, 30)
		withdrawn.Steps = []complaint.Step{{Name: complaint.Withdraw, By: customer, At: on(10, 9, 20)}}
		_, counts := func() (complaint.Deadline, bool) { c := lived(t, withdrawn); return c.Deadline(complaint.ReopenClock) }()
		require.True(t, counts)
	})
}

// First review: A7.
func TestTheTimeToAppealBeginsWithTheCallWhereTheLetterFailed(t *testing.T) {
	const explained = `
story: {en: Explained by letter, zh-CN: 书面解释}
procedure: courier-station
steps:
  - 2026-03-10 09:00 li-na register: {channel: phone, category: service.attitude}
  - 2026-03-10 09:10 li-na screen: {kind: complaint, valid: false, category: service.attitude}
  - 2026-03-10 09:20 li-na explain: {contested: false}
`
	r := asked(t, explained, on(30, 9, 1))
	began := dueOf(t, lived(t, r), complaint.ReopenClock)
	r.Steps = append(r.Steps, failed(t, r, "customer_outcome", on(10, 10, 0)))
	c := lived(t, r)
	_, counts := c.Deadline(complaint.ReopenClock)
	require.False(t, counts)
	customer := complaint.Actor{Person: complaint.Customer, Roles: []complaint.Role{complaint.CustomerRole}}
	require.Contains(t, c.Allowed(customer, on(30, 9, 1)), complaint.Appeal, "who hears of it otherwise may appeal")
	require.True(t, slices.ContainsFunc(c.Tasks(), func(task complaint.Task) bool { return task.Kind == complaint.Contact && task.Person == "li-na" }))

	r.Steps = append(r.Steps, by(r.Rules, "li-na", complaint.Contact, on(30, 9, 0), reached(true)))
	t.Run("or they appeal before, and nobody need call", func(t *testing.T) {
		appealed := r
		appealed.Steps = append(slices.Clone(r.Steps[:len(r.Steps)-1]), complaint.Step{Name: complaint.Appeal, By: customer, At: on(20, 9, 0)})
		c := lived(t, appealed)
		require.NotEqual(t, complaint.Closed, c.Stage)
		require.Empty(t, c.Lost())
		_, waits := c.Deadline(complaint.TellByPhoneClock)
		require.False(t, waits)
	})
	c = lived(t, r)
	require.Equal(t, 20*24*time.Hour, dueOf(t, c, complaint.ReopenClock).Sub(began).Round(24*time.Hour), "twenty days later, the window is as long")
	require.Empty(t, c.Tasks())
}
