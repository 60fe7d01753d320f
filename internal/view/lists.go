package view

import (
	"encoding/hex"
	"slices"
	"time"

	"recourse/internal/api"
	"recourse/internal/complaint"
	"recourse/internal/phrase"
	"recourse/internal/plan"
	"recourse/internal/procedure"
	"recourse/internal/store"
	"recourse/internal/store/attachment"
	"recourse/internal/store/learning"
	"recourse/internal/store/published"
	"recourse/internal/store/reading"
)

// Complaints are a page of a list of complaints; now says which clocks are overdue.
func (r Reader) Complaints(listed []reading.Listed, next store.Cursor, now time.Time) api.ComplaintList {
	list := api.ComplaintList{Complaints: []api.ComplaintSummary{}, NextCursor: string(next)}
	for _, l := range listed {
		list.Complaints = append(list.Complaints, api.ComplaintSummary{
			Number: l.Number, Procedure: l.Procedure, Category: l.Category, CategoryLabel: r.categoryName(l.Category), Kind: string(l.Kind), Channel: l.Channel,
			Customer: l.Customer, FirstWords: l.FirstWords, Satisfaction: string(l.Satisfaction), Stage: string(l.Stage), StageLabel: l.Stage.Label().In(r.Language),
			Severity: string(l.Severity), Department: l.Department, Owner: r.Person(l.Owner), Handler: r.Person(l.Handler), Tier: l.Tier, Revision: l.Revision,
			Suspended: l.SuspendedUntil != nil, Overdue: l.NextDue != nil && l.NextDue.Before(now), NextDue: orZero(l.NextDue),
			ReceivedAt: l.ReceivedAt, Outcome: string(l.Outcome), ClosedAt: orZero(l.ClosedAt),
		})
	}
	return list
}

// Tasks are a page of an inbox; now says which tasks are overdue.
func (r Reader) Tasks(tasks []reading.InboxTask, next store.Cursor, now time.Time) api.TaskList {
	list := api.TaskList{Tasks: []api.Task{}, NextCursor: string(next)}
	for _, t := range tasks {
		shown := api.Task{
			Number: t.Number, Step: string(t.Kind), StepLabel: r.stepName(t.Kind), Role: string(t.Role),
			Person: r.Person(t.Person), Due: orZero(t.Due), Overdue: t.Due != nil && t.Due.Before(now), Detail: t.Detail, Procedure: t.Procedure,
			Category: t.Category, CategoryLabel: r.categoryName(t.Category), Customer: t.Customer, FirstWords: t.FirstWords,
			Stage: string(t.Stage), StageLabel: t.Stage.Label().In(r.Language), Severity: string(t.Severity), Tier: t.Tier,
		}
		if t.Side == "" {
			shown.StepLabel = r.taskName(t.Task)
			shown.Detail, shown.Item, shown.Decision = namedBy(t.Task)
		}
		if t.Side != "" {
			shown.Side, shown.SideId, shown.Detail = t.Side, t.Detail, ""
			shown.SideLabel, shown.StepLabel = r.sideNames(t.Side, shown.Step)
			shown.Role = string(r.sideRole(t.Side, shown.Step))
		}
		list.Tasks = append(list.Tasks, shown)
	}
	return list
}

// Waits are what a complaint waits for; now says what is overdue, and who holds a duty whose the
// task is.
func (r Reader) Waits(c *complaint.Complaint, tasks []complaint.Task, now time.Time) []api.WaitsFor {
	rules := plan.Rules{Procedure: r.Rules, Directory: r.People}
	waits := make([]api.WaitsFor, len(tasks))
	for i, t := range tasks {
		waits[i] = api.WaitsFor{Step: string(t.Kind), StepLabel: r.taskName(t), Person: r.Person(rules.Holder(c, t, now)), Role: string(t.Role),
			Due: orZero(t.Due), Overdue: t.Due != nil && t.Due.Before(now)}
		waits[i].Detail, waits[i].Item, waits[i].Decision = namedBy(t)
	}
	return waits
}

// namedBy are what a task is about, and what its step names: the number of a request or an order,
// or what a decision and an answer are about.
func namedBy(t complaint.Task) (detail string, number int, decision *api.TaskDecision) {
	detail, number = t.About()
	if d, is := t.Decides(); is {
		return detail, 0, &api.TaskDecision{Matter: detail, Number: d.Number, ProposalRevision: d.ProposalRevision}
	}
	return detail, number, nil
}

// taskName is what a task asks for: its step, or what it is about where that says more.
func (r Reader) taskName(t complaint.Task) string {
	if what, _ := t.About(); phrase.Has(phrase.Task, what) {
		return phrase.Label(phrase.Task, what, r.Language)
	}
	return r.stepName(t.Kind)
}

// OpenMatters are a page of the ledger of open matters (未了事宜).
func (r Reader) OpenMatters(matters []reading.ListedMatter, next store.Cursor) api.OpenMatterList {
	list := api.OpenMatterList{OpenMatters: []api.OpenMatter{}, NextCursor: string(next)}
	for _, m := range matters {
		list.OpenMatters = append(list.OpenMatters, api.OpenMatter{Number: m.Complaint, Matter: m.Number, Kind: string(m.Kind),
			KindLabel: phrase.Label(phrase.Suspension, string(m.Kind), r.Language), Until: m.Until, Active: m.Active,
			Owner: r.Person(m.Owner), Handler: r.Person(m.Handler), Department: m.Department, Procedure: m.Procedure})
	}
	return list
}

// Employee is somebody of the directory with the roles that they have now, and whether they are
// away.
func (r Reader) Employee(id complaint.PersonID, roles []complaint.Role, now time.Time) api.Person {
	person := r.People.People[id]
	shown := api.Person{Id: string(id), Name: person.Name.In(r.Language), Department: person.Department, DepartmentName: r.department(person.Department),
		Roles: []string{}, Language: person.Language, Away: r.People.AwayAt(id, now)}
	for _, role := range roles {
		shown.Roles = append(shown.Roles, string(role))
	}
	return shown
}

// Procedure is the reader's version of a procedure, with the text that was published.
func (r Reader) Procedure(published published.Document) api.Procedure {
	rules := r.Rules
	shown := api.Procedure{Id: rules.ID, Name: rules.Name.In(r.Language), Version: rules.Version, PublishedAt: published.PublishedAt,
		Channels: []string{}, ChannelNames: map[string]string{}, Categories: []api.Category{}, Sources: rules.BySource(), Yaml: published.Body}
	if called := rules.Hotline; called != nil {
		shown.Hotline.Phone, shown.Hotline.Hours = called.Phone, called.Hours.In(r.Language)
	}
	for _, channel := range rules.Channels {
		shown.Channels = append(shown.Channels, channel.ID)
		shown.ChannelNames[channel.ID] = channel.Name.In(r.Language)
	}
	for _, cause := range rules.Causes {
		shown.Causes = append(shown.Causes, api.Choice{Code: cause.ID, Name: cause.Name.In(r.Language)})
	}
	for _, kind := range complaint.RemedyKinds() {
		shown.Remedies = append(shown.Remedies, api.Choice{Code: kind, Name: phrase.Label(phrase.Remedy, kind, r.Language)})
	}
	for _, own := range rules.RemedyKinds {
		shown.Remedies = append(shown.Remedies, api.Choice{Code: own.ID, Name: own.Name.In(r.Language)})
	}
	for _, decision := range rules.Decisions {
		shown.Decisions = append(shown.Decisions, api.Choice{Code: decision.ID, Name: decision.Name.In(r.Language)})
	}
	for _, code := range rules.CategoryCodes() {
		category, _ := rules.Category(code)
		one := api.Category{Code: code, Name: category.Name.In(r.Language), Department: string(category.Department), UsualOutcome: string(category.UsualOutcome)}
		if one.UsualOutcome != "" {
			one.UsualOutcomeLabel = phrase.Label(phrase.Outcome, one.UsualOutcome, r.Language)
		}
		shown.Categories = append(shown.Categories, one)
	}
	shown.Fields = r.fields()
	return shown
}

// fields are the form's, in their order.
func (r Reader) fields() []api.FormField {
	required, shown := r.Rules.CompleteBeforeClosing(), []api.FormField{}
	for _, field := range r.Rules.Form.Fields {
		one := api.FormField{Name: field.ID, Title: field.Title.In(r.Language), Required: slices.Contains(required, field.ID)}
		one.Type, _ = field.Schema["type"].(string)
		if pattern, has := field.Schema["pattern"].(string); has {
			one.Example = procedure.PatternExample(pattern)
		}
		for _, option := range field.Options {
			one.Type = "string"
			one.Options = append(one.Options, api.Choice{Code: option.ID, Name: option.Name.In(r.Language)})
		}
		shown = append(shown, one)
	}
	return shown
}

// Cases are a page of the case library.
func (r Reader) Cases(cases []learning.Case, next store.Cursor) api.CaseList {
	list := api.CaseList{Cases: []api.Case{}, NextCursor: string(next)}
	for _, c := range cases {
		list.Cases = append(list.Cases, api.Case{Number: c.Number, Procedure: c.Procedure, Category: c.Category, Title: c.Title, Text: c.Body,
			By: r.Person(c.DraftedBy), WrittenAt: c.DraftedAt})
	}
	return list
}

// SpotChecks gathers the rows of each draw, which follow each other.
func (r Reader) SpotChecks(rows []learning.SpotCheck) []api.SpotCheck {
	checks := []api.SpotCheck{}
	for _, row := range rows {
		if last := len(checks) - 1; last < 0 || checks[last].Id != row.Draw {
			checks = append(checks, api.SpotCheck{Id: row.Draw, DrawnAt: row.DrawnAt, By: r.Person(row.DrawnBy), ReceivedFrom: orZero(row.From), ReceivedTo: orZero(row.To)})
		}
		draw := &checks[len(checks)-1]
		draw.Complaints = append(draw.Complaints, api.CheckedComplaint{Number: row.Number, Finding: row.Finding, By: r.Person(row.CheckedBy), CheckedAt: orZero(row.CheckedAt)})
	}
	return checks
}

// Campaign is a satisfaction campaign and what came of it.
func (r Reader) Campaign(c learning.Campaign) api.Campaign {
	return api.Campaign{Id: c.ID, Name: r.campaignName(c.Kind, c.Name), Procedure: c.Procedure, Kind: c.Kind,
		StartedAt: c.StartedAt, ClosesAt: c.ClosesAt, By: r.Person(c.StartedBy), Drawn: c.Drawn, Asked: c.Asked, Answered: c.Answered,
		Satisfaction: api.CampaignSatisfaction{VerySatisfied: c.Satisfaction[complaint.VerySatisfied], Satisfied: c.Satisfaction[complaint.Satisfied],
			Neutral: c.Satisfaction[complaint.Neutral], Dissatisfied: c.Satisfaction[complaint.Dissatisfied]}, Words: c.Words}
}

// campaignName is what the procedure calls its own campaign, or what somebody called theirs.
func (r Reader) campaignName(kind, name string) string {
	if r.Rules != nil {
		if own, known := r.Rules.Campaign(kind); known {
			return own.Name.In(r.Language)
		}
	}
	return name
}

// Attachment is a file of a complaint.
func (r Reader) Attachment(file attachment.Attachment) api.Attachment {
	return api.Attachment{Id: file.ID, Name: file.Name, ContentType: file.MediaType, Size: int64(file.Size), Sha256: hex.EncodeToString(file.SHA256),
		AddedAt: file.AddedAt, By: r.Person(file.AddedBy)}
}
