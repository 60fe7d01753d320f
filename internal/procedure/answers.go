package procedure

import (
	"cmp"
	"slices"
	"strings"

	"recourse/internal/bilingual"
	"recourse/internal/complaint"
)

// Route is where a complaint goes and who must know of it.
type Route struct {
	// To is the duty that handles it itself; empty: the department's handler.
	To         complaint.Role
	Department string
	// With are departments that take part.
	With []string
	// SeenBy are the only ones who may see it; empty: as roles allow.
	SeenBy []complaint.Role
	// InformFirst are told before the handling begins.
	InformFirst []complaint.Role
	// Copy are told as well.
	Copy []complaint.Role
}

// Route answers where the case goes: by the first route that fits, and for what
// that leaves open by its category.
func (p *Procedure) Route(c *complaint.Complaint) Route {
	category, _ := p.Category(c.Category())
	route := Route{Department: string(category.Department), With: wordsOf(category.With)}
	for _, rule := range p.Routes {
		if !rule.When.Holds(c) {
			continue
		}
		route.To, route.SeenBy, route.InformFirst, route.Copy = rule.To, rule.SeenBy, rule.InformFirst, rule.Copy
		if rule.Department != "" {
			route.Department = string(rule.Department)
		}
		if len(rule.With) > 0 {
			route.With = wordsOf(rule.With)
		}
		break
	}
	return route
}

// Category finds a category by its code ("operations.mistake").
func (p *Procedure) Category(code string) (Category, bool) {
	category, ok := p.byCode[code]
	return category, ok
}

// CategoryCodes lists the codes of all categories, in the file's order.
func (p *Procedure) CategoryCodes() []string { return slices.Clone(p.codes) }

// ChannelIDs are the ways by which complaints come, in the order of the procedure.
func (p *Procedure) ChannelIDs() []string {
	ids := make([]string, len(p.Channels))
	for i, channel := range p.Channels {
		ids[i] = channel.ID
	}
	return ids
}

// HasChannel reports whether complaints come in by that channel.
func (p *Procedure) HasChannel(id string) bool {
	return slices.ContainsFunc(p.Channels, func(c Channel) bool { return c.ID == id })
}

// UsualLanguage is the first that the procedure writes in: its customers' where nobody says which.
func (p *Procedure) UsualLanguage() string {
	return cmp.Or(append(slices.Clone(p.Languages), bilingual.Chinese)...)
}

// Approvers are the roles that must approve the matter in this case, lowest
// first; none when nobody need.
func (p *Procedure) Approvers(matter complaint.Matter, c *complaint.Complaint) []complaint.Role {
	for _, authority := range p.Authority {
		if authority.Matter != matter {
			continue
		}
		for _, rule := range authority.Rules {
			if rule.When.Holds(c) {
				return slices.Clone(rule.Approve)
			}
		}
	}
	return nil
}

// FollowUp is the plan of callbacks for this case; false where none is planned.
func (p *Procedure) FollowUp(c *complaint.Complaint) (FollowUp, bool) {
	return first(p.FollowUps, func(plan FollowUp) bool { return plan.When.Holds(c) })
}

// CallbacksFrom are the moments from which callbacks count, each once.
func (p *Procedure) CallbacksFrom() []Moment {
	var moments []Moment
	for _, plan := range p.FollowUps {
		for _, callback := range plan.Callbacks {
			for _, m := range callback.From {
				if !slices.Contains(moments, m) {
					moments = append(moments, m)
				}
			}
		}
	}
	return moments
}

// AlertsFor are the alerts whose conditions hold for this case.
func (p *Procedure) AlertsFor(c *complaint.Complaint) []Alert {
	return slices.DeleteFunc(slices.Clone(p.Alerts), func(a Alert) bool { return !a.When.Holds(c) })
}

// MustInclude are the kinds of remedies that a proposal for this case must hold.
func (p *Procedure) MustInclude(c *complaint.Complaint) []RemedyWord {
	var kinds []RemedyWord
	for _, rule := range p.Rules {
		if rule.When.Holds(c) {
			kinds = append(kinds, rule.Include...)
		}
	}
	return kinds
}

// Deadline finds a deadline by its ID.
func (p *Procedure) Deadline(id string) (Deadline, bool) {
	return first(p.Deadlines, func(d Deadline) bool { return d.ID == id })
}

// ClockIDs are the names of all clocks that may run: the procedure's, and those that every one has.
func (p *Procedure) ClockIDs() []string {
	return append(eachOf(p.Deadlines, func(d Deadline) string { return d.ID }), ownClocks...)
}

// Side finds a side process by its ID ("accountability").
func (p *Procedure) Side(id string) (Side, bool) {
	return first(p.Sides, func(s Side) bool { return s.ID == id })
}

// WatchedBy says who watches over this complaint, and how.
func (p *Procedure) WatchedBy(c *complaint.Complaint) []Supervision {
	return slices.DeleteFunc(slices.Clone(p.Supervision), func(s Supervision) bool { return !s.When.Holds(c) })
}

// SamplesBy are the roles that may draw a spot check, and record what it found: the procedure's,
// else headquarters; and administrators.
func (p *Procedure) SamplesBy() []complaint.Role {
	if p.SpotChecks == nil {
		return []complaint.Role{complaint.Headquarters, complaint.Administrator}
	}
	return []complaint.Role{p.SpotChecks.By, complaint.Administrator}
}

// NeedsCallOut reports whether the case is an emergency that a team is called out for.
func (p *Procedure) NeedsCallOut(c *complaint.Complaint) bool {
	if p.CallOut == nil {
		return false
	}
	if p.CallOut.When.IsZero() {
		return c.Severity() == complaint.Emergency
	}
	return p.CallOut.When.Holds(c)
}

// MarkSpecialBy are the roles that may mark a case special, each once.
func (p *Procedure) MarkSpecialBy() []complaint.Role {
	var roles []complaint.Role
	for _, d := range p.Deadlines {
		if d.Special == nil {
			continue
		}
		for _, role := range d.Special.Mark {
			if !slices.Contains(roles, role) {
				roles = append(roles, role)
			}
		}
	}
	return roles
}

// TierRoles are the roles of the tiers, from tier 1.
func (p *Procedure) TierRoles() []complaint.Role {
	roles := make([]complaint.Role, len(p.Tiers))
	for i, tier := range p.Tiers {
		roles[i] = tier.Role
	}
	return roles
}

// Guidance is what helps people at a stage: its own, else that of every stage; false where nothing
// is written.
func (p *Procedure) Guidance(stage complaint.Stage) (StageGuidance, bool) {
	own, written := first(p.Stages, func(s StageGuidance) bool { return s.Stage == GuidedStage(stage) })
	if written {
		return own, true
	}
	return first(p.Stages, func(s StageGuidance) bool { return s.Stage == EveryStage })
}

// first is the first of a list that is meant; false where none is.
func first[T any](list []T, meant func(T) bool) (T, bool) {
	if i := slices.IndexFunc(list, meant); i >= 0 {
		return list[i], true
	}
	return *new(T), false
}

// OnThreat answers who keeps watch and who is warned when a customer announces
// drastic acts. Where the procedure doesn't say, the department's head and the
// service manager watch: a threat that somebody heard is never turned away.
func (p *Procedure) OnThreat() (watch, warn []complaint.Role) {
	if p.Threats == nil {
		return []complaint.Role{complaint.DepartmentHead, complaint.ServiceManager}, nil
	}
	return p.Threats.Watch, p.Threats.Warn
}

// Duty is the duty that fills a role in a complaint of a department. A duty
// that is no role of the domain stays as it is, but that its "{department}" is
// put in.
func (p *Procedure) Duty(role complaint.Role, department string) complaint.Role {
	if duty, filled := p.Roles[role]; filled {
		role = duty
	}
	return complaint.Role(strings.ReplaceAll(string(role), "{department}", department))
}

// BySource lists the paths of the elements that each source passage stands
// behind: "3.2" gives ["authority.proposal[1]", "deadlines.approve"].
func (p *Procedure) BySource() map[string][]string {
	result := make(map[string][]string, len(p.bySource))
	for source, paths := range p.bySource {
		result[source] = slices.Clone(paths)
	}
	return result
}
