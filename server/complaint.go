package main

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"

	"recourse/internal/api"
	"recourse/internal/complaint"
	"recourse/internal/phrase"
	"recourse/internal/procedure"
	"recourse/internal/store"
)

// opened is a complaint that the caller may know of, with what is needed to show it.
type opened struct {
	store.File
	who   caller
	rules *procedure.Procedure
	names names
	zone  *time.Location // of the times in sentences: that of the procedure's calendar; nil: UTC
}

// open looks a complaint up for the caller. To whoever may not know of it, it doesn't exist.
func (s *server) open(ctx context.Context, number string) (opened, error) {
	who := callerOf(ctx)
	if err := s.inOrganisation(who, number); err != nil {
		return opened{}, err
	}
	file, err := s.visible(ctx, number, who.actor)
	if err != nil {
		return opened{}, err
	}
	rules, err := s.rules(ctx, &file.Complaint)
	if err != nil {
		return opened{}, err
	}
	o := opened{File: file, who: who, rules: rules, names: s.names(ctx, who.organisation)}
	if calendar, known := s.rulebook.Now().Calendars()[rules.Calendar]; known {
		o.zone = calendar.Zone()
	}
	return o, nil
}

// GetComplaint shows a complaint, as the database or the running workflow knows it.
func (s *server) GetComplaint(ctx context.Context, request api.GetComplaintRequestObject) (api.GetComplaintResponseObject, error) {
	o, err := s.open(ctx, request.Number)
	if err != nil {
		return nil, err
	}
	source := api.ComplaintSourceDatabase
	if o.Standing == store.StandingPending {
		source = api.ComplaintSourceSubmission
	}
	if request.Params.Source == api.GetComplaintParamsSourceWorkflow {
		source = api.ComplaintSourceWorkflow
		state, err := s.lives.state(ctx, request.Number)
		if errors.Is(err, errNoLife) && o.Stage == complaint.Closed {
			return nil, &complaint.Refusal{Code: complaint.CodeClosed, Reason: complaint.ReasonClosed, Stage: o.Stage, Allowed: []complaint.StepName{}}
		}
		if errors.Is(err, errNoLife) {
			return nil, errTemporalAway
		}
		if err != nil {
			return nil, err
		}
		if !state.Visible(o.who.actor) {
			return nil, errNotFound
		}
		o.Complaint = state
	}
	said, err := s.store.Submissions(ctx, request.Number)
	if err != nil {
		return nil, err
	}
	links, err := s.store.Links(ctx, request.Number)
	if err != nil {
		return nil, err
	}
	related, err := s.store.Relations(ctx, s.viewer(o.who), request.Number)
	if err != nil {
		return nil, err
	}
	return api.GetComplaint200JSONResponse(show(o, source, said, links, related)), nil
}

// show is the read model of a complaint, wherever its state was read.
func show(o opened, source api.ComplaintSource, said []store.Stored, links []store.Link, related []complaint.Linked) api.Complaint {
	c, language := &o.Complaint, o.names.language
	_, resting := c.Suspended()
	shown := api.Complaint{
		Number: c.Number, Source: source, Procedure: o.rules.ID, ProcedureName: in(o.rules.Name, language), ProcedureVersion: o.rules.Version,
		Stage: api.Stage(c.Stage), StageLabel: phrase.Label(phrase.Stage, string(c.Stage), language), StageSince: c.StageSince,
		Guidance: guidance(o.rules, c.Stage, language), Revision: c.Revision, Tier: c.Tier(),
		Severity: string(c.Severity()), Channel: c.Registration.Channel, Category: c.Category(), CategoryLabel: categoryName(o.rules, c.Category(), language),
		Language: c.Registration.Language, Anger: c.Registration.Anger, ReceivedAt: c.RegisteredAt, HeardAt: c.HeardAt,
		Outcome: string(c.Outcome), ClosedAt: orZero(c.ClosedAt), Suspended: resting, Special: c.Special, Accepted: c.Accepted, Contacted: c.Contacted,
		Satisfaction: string(c.Satisfaction), CaseValue: c.CaseValue, Declined: c.Declined,
		People: inCharge(o.names, c.People), Subjects: o.names.all(c.Subjects), ProposalRevision: c.Proposals,
		Deadlines: deadlines(o.rules, c.Deadlines, language), AllowedSteps: stepNames(c.Allowed(o.who.actor)),
		Findings: plain(c.Findings), Proposal: plain(c.Proposal), Approvals: plainList(c.Approvals), OpenMatters: plainList(c.Matters),
		Visits: plainList(c.Visits), Supports: plainList(c.Supports), Orders: plainList(c.Orders), Sides: plainList(c.Sides), Threat: plain(c.Threat),
		Labels: labels(c, related, language), Customer: customerWords(o.File), Words: []api.Submitted{}, Fields: fieldValues(said),
	}
	if c.Screening != nil {
		shown.Kind, shown.Valid = string(c.Screening.Kind), &c.Screening.Valid
	}
	var registered api.Register
	if o.Words != nil && json.Unmarshal(o.Words, &registered) == nil {
		shown.Narrative, shown.RemedyAsked = registered.Narrative, registered.RemedyAsked
	}
	for _, one := range said {
		if one.State == store.Accepted || one.Step == complaint.Register {
			shown.Words = append(shown.Words, submitted(o.names, one))
		}
	}
	for _, r := range related {
		shown.Related = append(shown.Related, api.Related{Relation: api.RelatedRelation(r.Relation), Number: r.Number})
	}
	for _, l := range links {
		shown.Links = append(shown.Links, api.CustomerLink{Id: l.ID, Purpose: l.Purpose, Number: l.Subject, ExpiresAt: l.ExpiresAt, RevokedAt: orZero(l.RevokedAt)})
	}
	return shown
}

func inCharge(n names, p complaint.People) api.People {
	shown := api.People{Department: p.Department, Agent: n.of(p.Agent), Owner: n.of(p.Owner), Handler: n.of(p.Handler), SeenBy: n.all(p.SeenBy)}
	if p.Department != "" {
		shown.DepartmentName = n.department(p.Department)
	}
	return shown
}

func guidance(rules *procedure.Procedure, stage complaint.Stage, language string) *api.Guidance {
	written, there := rules.Guidance(stage)
	if !there {
		return nil
	}
	return &api.Guidance{Say: in(written.Say, language), Avoid: in(written.Avoid, language)}
}

func categoryName(rules *procedure.Procedure, code, language string) string {
	if category, known := rules.Category(code); known {
		return in(category.Name, language)
	}
	return code
}

// labels are the words for the codes that a complaint's facts hold.
func labels(c *complaint.Complaint, related []complaint.Linked, language string) map[string]string {
	words := map[string]string{}
	add := func(group phrase.Group, code string) {
		if code != "" {
			words[code] = phrase.Label(group, code, language)
		}
	}
	add(phrase.Stage, string(c.Stage))
	add(phrase.Severity, string(c.Severity()))
	add(phrase.Outcome, string(c.Outcome))
	add(phrase.Satisfaction, string(c.Satisfaction))
	for _, step := range complaint.StepNames() {
		add(phrase.Step, string(step))
	}
	if c.Screening != nil {
		add(phrase.Kind, string(c.Screening.Kind))
	}
	if c.Findings != nil {
		add(phrase.Liability, string(c.Findings.Liability))
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

func customerWords(file store.File) map[string]any {
	words := map[string]any{"language": file.Customer.Language}
	for name, value := range map[string]string{"name": file.Customer.Name, "phone": file.Customer.Phone, "email": file.Customer.Email,
		"address": file.Customer.Address, "class": file.Registration.CustomerClass} {
		if value != "" {
			words[name] = value
		}
	}
	if file.Customer.Erased {
		words["erased"] = true
	}
	return words
}

// wordsOf is the body of a submission as it was sent; nil when erased.
func wordsOf(one store.Stored) map[string]any {
	var words map[string]any
	if one.Body == nil || json.Unmarshal(one.Body, &words) != nil {
		return nil
	}
	return words
}

func submitted(n names, one store.Stored) api.Submitted {
	words := wordsOf(one)
	if words == nil {
		words = map[string]any{}
	}
	return api.Submitted{Id: one.ID, Step: string(one.Step), At: one.At, By: n.of(one.By.Person), Words: words, Erased: one.Erased}
}

// fieldValues are the form's fields, the newest value of each.
func fieldValues(said []store.Stored) map[string]any {
	values := map[string]any{}
	for _, one := range said {
		if one.State != store.Accepted && one.Step != complaint.Register {
			continue
		}
		if fields, ok := wordsOf(one)["fields"].(map[string]any); ok {
			for name, value := range fields {
				values[name] = value
			}
		}
	}
	return values
}

// plain is a value of the domain as its JSON; nil for none.
func plain[T any](value *T) map[string]any {
	if value == nil {
		return nil
	}
	encoded, err := json.Marshal(value)
	if err != nil {
		return nil
	}
	var object map[string]any
	if json.Unmarshal(encoded, &object) != nil {
		return nil
	}
	return object
}

func plainList[T any](values []T) []map[string]any {
	var list []map[string]any
	for i := range values {
		list = append(list, plain(&values[i]))
	}
	return list
}

// ListComplaints lists what the caller may know of, newest first.
func (s *server) ListComplaints(ctx context.Context, request api.ListComplaintsRequestObject) (api.ListComplaintsResponseObject, error) {
	who, p := callerOf(ctx), request.Params
	list := api.ListComplaints200JSONResponse{Complaints: []api.ComplaintSummary{}}
	if err := checkPage(p.Limit); err != nil {
		return nil, err
	}
	if err := checkWords(p); err != nil {
		return nil, err
	}
	if p.Procedure != "" && p.Procedure != who.organisation {
		return list, nil
	}
	listed, next, err := s.store.List(ctx, s.viewer(who), store.Filter{
		Stage: complaint.Stage(p.Stage), Department: p.Department, Handler: complaint.PersonID(p.Handler),
		Severity: complaint.Severity(p.Severity), TierMin: p.TierMin, Overdue: p.Overdue, Suspended: p.Suspended, Query: p.Q,
		ReceivedFrom: p.ReceivedFrom, ReceivedTo: p.ReceivedTo, Now: s.now(),
	}, store.Cursor(p.Cursor), p.Limit)
	if err != nil {
		return nil, err
	}
	n := s.names(ctx, who.organisation)
	for _, l := range listed {
		list.Complaints = append(list.Complaints, api.ComplaintSummary{
			Number: l.Number, Procedure: l.Procedure, Category: l.Category, Stage: string(l.Stage), StageLabel: phrase.Label(phrase.Stage, string(l.Stage), n.language),
			Severity: string(l.Severity), Department: l.Department, Owner: n.of(l.Owner), Handler: n.of(l.Handler), Tier: l.Tier, Revision: l.Revision,
			Suspended: l.SuspendedUntil != nil, Overdue: l.NextDue != nil && l.NextDue.Before(s.now()), NextDue: orZero(l.NextDue),
			ReceivedAt: l.ReceivedAt, Outcome: string(l.Outcome), ClosedAt: orZero(l.ClosedAt),
		})
	}
	list.NextCursor = string(next)
	return list, nil
}

// viewer is how far the caller sees in lists; complaint.Visible holds the same line for one complaint.
func (s *server) viewer(who caller) store.Viewer {
	return store.Viewer{Person: who.actor.Person, Procedure: who.organisation, All: complaint.SeesAll(who.actor), Duties: who.actor.Roles, Department: who.actor.Department}
}

const largestPage = 200

// checkPage: the generated server reads numbers and doesn't bound them.
func checkPage(limit int) error {
	switch {
	case limit < 0:
		return notAs("limit", "too_small", "1")
	case limit > largestPage:
		return notAs("limit", "too_big", strconv.Itoa(largestPage))
	}
	return nil
}

// checkWords: coded words that nobody knows are a mistake, not an empty list.
func checkWords(p api.ListComplaintsParams) error {
	switch {
	case p.Stage != "" && !p.Stage.Valid():
		return notAs("stage", "enum", oneOf(complaint.Stages()))
	case p.Severity != "" && !p.Severity.Valid():
		return notAs("severity", "enum", oneOf([]complaint.Severity{complaint.Normal, complaint.Major, complaint.Emergency, complaint.Mass}))
	case p.TierMin < 0:
		return notAs("tier_min", "too_small", "0")
	case p.TierMin > 9:
		return notAs("tier_min", "too_big", "9")
	case len(p.Q) > longestQuery:
		return malformed("q")
	}
	return nil
}

// oneOf writes the words of which one is wanted.
func oneOf[Word ~string](words []Word) string {
	var all []string
	for _, word := range words {
		all = append(all, string(word))
	}
	return strings.Join(all, ", ")
}

const longestQuery = 800 // bytes: 200 characters of up to four
