package view

import (
	"encoding/json"
	"maps"

	"recourse/internal/api"
	"recourse/internal/complaint"
	"recourse/internal/phrase"
	"recourse/internal/store/links"
	"recourse/internal/store/reading"
	"recourse/internal/store/submission"
	"recourse/internal/words"
)

// StepResult is a workflow's answer to a step.
func (r Reader) StepResult(result complaint.Result) api.StepResult {
	return api.StepResult{
		Number: result.Number, Stage: api.Stage(result.Stage), StageLabel: result.Stage.Label().In(r.Language),
		Revision: result.Revision, Tier: result.Tier, AllowedSteps: StepNames(result.AllowedSteps), AllowedLater: result.AllowedLater, Deadlines: r.deadlines(result.Deadlines),
		Outcome: string(result.Outcome), ProposalRevision: result.ProposalRevision,
	}
}

// Foreseen is what would come of a registration: the complaint that it would be, and the number for
// which its key stands already, registered with the same words or otherwise.
func (r Reader) Foreseen(c complaint.Complaint, becomes api.ForeseenBecomes, number string, messages int) api.Foreseen {
	return api.Foreseen{
		Becomes: becomes, Number: number, Stage: api.Stage(c.Stage), StageLabel: c.Stage.Label().In(r.Language), CategoryLabel: r.categoryName(c.Category()),
		Tier: c.Tier(), People: r.peopleOf(c.People), Messages: messages, Deadlines: r.deadlines(c.Deadlines),
	}
}

// StepNames are steps by name: a list, also when there is none.
func StepNames(steps []complaint.StepName) []string {
	names := make([]string, len(steps))
	for i, step := range steps {
		names[i] = string(step)
	}
	return names
}

// Complaint is a complaint as its reader may see it, wherever its state was read. The allowed steps
// are the reader's; said are the complaint's submissions, oldest first.
func (r Reader) Complaint(file reading.File, source api.ComplaintSource, allowed []complaint.StepName, later []complaint.Opening, said []submission.Stored, links []links.Link,
	related []complaint.Linked) api.Complaint {
	c := &file.Complaint
	_, resting := c.Suspended()
	shown := api.Complaint{
		Number: c.Number, Source: source, Procedure: r.Rules.ID, ProcedureName: r.Rules.Name.In(r.Language), ProcedureVersion: r.Rules.Version,
		Stage: api.Stage(c.Stage), StageLabel: c.Stage.Label().In(r.Language), StageSince: c.StageSince,
		Guidance: r.guidance(c.Stage), Revision: c.Revision, Tier: c.Tier(),
		Kind: string(c.Kind()), Severity: string(c.Severity()), Channel: c.Registration.Channel, ChannelLabel: r.channelName(c.Registration.Channel), Category: c.Category(), CategoryLabel: r.categoryName(c.Category()),
		Language: c.Registration.Language, Anger: c.Registration.Anger, ReceivedAt: c.RegisteredAt, HeardAt: c.HeardAt,
		Outcome: string(c.Outcome), ClosedAt: orZero(c.ClosedAt), Suspended: resting, Special: c.Special, Accepted: c.Accepted, Contacted: c.Contacted,
		Satisfaction: string(c.Satisfaction), AskedMore: c.AskedMore, Decision: c.Decided, CaseValue: c.CaseValue, Declined: c.Declined,
		People: r.peopleOf(c.People), Subjects: r.persons(c.Subjects), Mentioned: r.persons(c.Mentioned), ProposalRevision: c.Proposals,
		Deadlines: r.deadlines(c.Deadlines), AllowedSteps: StepNames(allowed), AllowedLater: later,
		Findings: c.Findings, Proposal: c.Proposal, Approvals: c.Approvals, OpenMatters: c.Matters,
		Visits: c.Visits, Supports: c.Supports, Orders: c.Orders, Sides: c.Sides, Threat: c.Threat,
		Labels: labels(c, related, r.Language), Customer: customer(file), Words: []api.Submitted{}, Fields: fieldValues(said),
	}
	if c.Screening != nil {
		shown.Valid = &c.Screening.Valid
	}
	if registered, err := words.Read[words.Register](file.Words); err == nil {
		shown.Narrative, shown.RemedyAsked = registered.Narrative, registered.RemedyAsked
	}
	for _, one := range taken(said) {
		shown.Words = append(shown.Words, r.submitted(one))
	}
	if c.Findings != nil {
		shown.CauseLabel = r.causeName(c.Findings.Cause)
	}
	if category, known := r.Rules.Category(c.Category()); known && category.UsualOutcome != "" {
		shown.UsualOutcome = string(category.UsualOutcome)
		shown.Labels[shown.UsualOutcome] = phrase.Label(phrase.Outcome, shown.UsualOutcome, r.Language)
	}
	if c.Proposal != nil {
		for _, remedy := range c.Proposal.Remedies {
			if remedy.Own != "" {
				shown.Labels[remedy.Own] = r.remedyName(remedy)
			}
		}
	}
	if decided, known := r.Rules.Decision(c.Decided); known {
		shown.DecisionLabel = decided.Name.In(r.Language)
	}
	for _, watch := range r.Rules.WatchedBy(c) {
		shown.Supervision = append(shown.Supervision, api.Supervision{By: string(watch.By), Person: r.Person(r.holder(c, watch.By)), What: watch.What.In(r.Language)})
	}
	for _, other := range related {
		shown.Related = append(shown.Related, api.Related{Relation: api.RelatedRelation(other.Relation), Number: other.Number})
	}
	for _, l := range links {
		shown.Links = append(shown.Links, api.CustomerLink{Id: l.ID, Purpose: string(l.Purpose), Number: l.Subject, ExpiresAt: l.ExpiresAt, RevokedAt: orZero(l.RevokedAt)})
	}
	return shown
}

func (r Reader) peopleOf(p complaint.People) api.People {
	shown := api.People{Department: p.Department, Agent: r.Person(p.Agent), Owner: r.Person(p.Owner), Handler: r.Person(p.Handler), SeenBy: r.persons(p.SeenBy)}
	if p.Department != "" {
		shown.DepartmentName = r.department(p.Department)
	}
	return shown
}

func (r Reader) guidance(stage complaint.Stage) *api.Guidance {
	written, there := r.Rules.Guidance(stage)
	if !there {
		return nil
	}
	return &api.Guidance{Say: written.Say.In(r.Language), Avoid: written.Avoid.In(r.Language)}
}

// labels are the words for the codes that a complaint's facts hold.
func labels(c *complaint.Complaint, related []complaint.Linked, language string) map[string]string {
	words := map[string]string{}
	add := func(group phrase.Group, code string) {
		if code != "" {
			words[code] = phrase.Label(group, code, language)
		}
	}
	add(phrase.Severity, string(c.Severity()))
	add(phrase.Outcome, string(c.Outcome))
	add(phrase.Satisfaction, string(c.Satisfaction))
	words[string(c.Stage)] = c.Stage.Label().In(language)
	for _, step := range complaint.StepNames() {
		words[string(step)] = step.Label().In(language)
	}
	add(phrase.Kind, string(c.Kind()))
	for member, code := range codes(c.Findings) {
		add(phrase.Group(member), code)
	}
	if c.Proposal != nil {
		for _, remedy := range c.Proposal.Remedies {
			add(phrase.Remedy, remedy.Kind)
		}
	}
	for _, matter := range c.Approvals {
		add(phrase.Matter, string(matter.Matter))
	}
	for _, matter := range c.Matters {
		add(phrase.Suspension, string(matter.Kind))
	}
	for _, side := range c.Sides {
		add(phrase.Side, side.Kind)
	}
	for _, other := range related {
		add(phrase.Relation, string(other.Relation))
	}
	return words
}

// codes are the coded words among the findings, by their member: it is called as the group of its
// words is.
func codes(found *complaint.Findings) map[string]string {
	var members map[string]any
	written, _ := json.Marshal(found) // codes, yes or no, and people
	_ = json.Unmarshal(written, &members)
	words := map[string]string{}
	for member, value := range members {
		if code, is := value.(string); is && phrase.Has(phrase.Group(member), code) {
			words[member] = code
		}
	}
	return words
}

func customer(file reading.File) api.KnownCustomer {
	c := file.Customer
	return api.KnownCustomer{Name: c.Name, Phone: c.Phone, Email: c.Email, Address: c.Address, Class: file.Registration.CustomerClass,
		Language: c.Language, Erased: c.Erased}
}

func (r Reader) submitted(one submission.Stored) api.Submitted {
	shown := api.Submitted{Id: one.ID, Step: string(one.Step), At: one.At, By: r.Person(one.By.Person), Words: one.Body, Erased: one.Erased}
	if shown.Words == nil {
		shown.Words = json.RawMessage("{}")
	}
	return shown
}

// taken are those of a complaint's submissions, oldest first, whose steps were taken, and its
// registration, which is the oldest, also while it waits to be taken up.
func taken(said []submission.Stored) (steps []submission.Stored) {
	for i, one := range said {
		if one.State == submission.Accepted || i == 0 && one.Step == complaint.Register && one.State == submission.Pending {
			steps = append(steps, one)
		}
	}
	return steps
}

// fieldValues are the form's fields, the newest value of each.
func fieldValues(said []submission.Stored) map[string]any {
	values := map[string]any{}
	for _, one := range taken(said) {
		if fields, err := words.Fields(one.Body); err == nil {
			maps.Copy(values, fields)
		}
	}
	return values
}
