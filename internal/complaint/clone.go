package complaint

import (
	"maps"
	"slices"
)

// Clone copies the complaint with everything below it: the copy and the
// original change apart. What is once on the record (a step's facts, a fired
// rung's time) is copied too, so that nobody has to know what is shared.
func (c *Complaint) Clone() Complaint {
	copied := *c
	copied.Terms = c.Terms.clone()
	copied.Registration.Subjects = slices.Clone(c.Registration.Subjects)
	copied.Registration.Mentioned = slices.Clone(c.Registration.Mentioned)
	copied.Registration.HeardAt = cloneOf(c.Registration.HeardAt)
	copied.Registration.Reachable = slices.Clone(c.Registration.Reachable)
	copied.People.With, copied.People.SeenBy = slices.Clone(c.People.With), slices.Clone(c.People.SeenBy)
	copied.People.StandIns = slices.Clone(c.People.StandIns)
	copied.Mentioned = slices.Clone(c.Mentioned)
	copied.Subjects, copied.Parties = slices.Clone(c.Subjects), slices.Clone(c.Parties)
	copied.Judges, copied.HadPart, copied.Called = slices.Clone(c.Judges), slices.Clone(c.HadPart), slices.Clone(c.Called)
	copied.Fields, copied.Alerted, copied.Noted = slices.Clone(c.Fields), slices.Clone(c.Alerted), slices.Clone(c.Noted)
	copied.Dates = slices.Clone(c.Dates)
	copied.Choices, copied.Came = maps.Clone(c.Choices), maps.Clone(c.Came)
	copied.Screening, copied.CaseValue, copied.ClosedAt = cloneOf(c.Screening), cloneOf(c.CaseValue), cloneOf(c.ClosedAt)
	if c.Screening != nil {
		copied.Screening.Subjects = slices.Clone(c.Screening.Subjects)
	}
	if copied.Findings = cloneOf(c.Findings); c.Findings != nil {
		copied.Findings.People = slices.Clone(c.Findings.People)
	}
	if copied.Proposal = cloneOf(c.Proposal); c.Proposal != nil {
		copied.Proposal.Remedies, copied.Proposal.TimeLimit = slices.Clone(c.Proposal.Remedies), cloneOf(c.Proposal.TimeLimit)
	}
	copied.Approvals = cloneEach(c.Approvals, func(a *Approval) { a.Levels = slices.Clone(a.Levels) })
	copied.Visits = cloneEach(c.Visits, func(v *VisitFacts) { v.At = cloneOf(v.At) })
	copied.Matters, copied.Supports, copied.Orders = slices.Clone(c.Matters), slices.Clone(c.Supports), slices.Clone(c.Orders)
	copied.WorkParts, copied.Asked, copied.Links = slices.Clone(c.WorkParts), slices.Clone(c.Asked), slices.Clone(c.Links)
	copied.LedBy = slices.Clone(c.LedBy)
	copied.Deadlines = cloneEach(c.Deadlines, (*Deadline).unshare)
	copied.Rounds = cloneEach(c.Rounds, func(r *Round) {
		if r.Last = cloneOf(r.Last); r.Last != nil {
			r.Last.unshare()
		}
	})
	if copied.Threat = cloneOf(c.Threat); c.Threat != nil {
		copied.Threat.AtRisk, copied.Threat.Watch = slices.Clone(c.Threat.AtRisk), slices.Clone(c.Threat.Watch)
		copied.Threat.Warned = slices.Clone(c.Threat.Warned)
	}
	copied.Undelivered = cloneEach(c.Undelivered, func(l *LostLetter) { l.Message.Due = cloneOf(l.Message.Due) })
	copied.Sides = cloneEach(c.Sides, func(s *Side) { s.Due, s.Steps, s.About = cloneOf(s.Due), slices.Clone(s.Steps), slices.Clone(s.About) })
	return copied
}

func (t Terms) clone() Terms {
	t.Tiers, t.MarkSpecialBy = slices.Clone(t.Tiers), slices.Clone(t.MarkSpecialBy)
	t.CloseRequires, t.RemediesRequired = slices.Clone(t.CloseRequires), slices.Clone(t.RemediesRequired)
	t.SettlingApprovedBy = slices.Clone(t.SettlingApprovedBy)
	t.EmergencyTeam, t.AnswerAtOnce = slices.Clone(t.EmergencyTeam), slices.Clone(t.AnswerAtOnce)
	t.Passes, t.Neutral, t.Notes, t.Dates = slices.Clone(t.Passes), slices.Clone(t.Neutral), slices.Clone(t.Notes), slices.Clone(t.Dates)
	t.May = cloneEach(t.May, func(r *Right) { r.By = slices.Clone(r.By) })
	t.Requires = cloneEach(t.Requires, func(r *Requirement) { r.Have = slices.Clone(r.Have) })
	return t
}

// unshare replaces everything below a copied deadline by copies.
func (d *Deadline) unshare() {
	d.Until, d.EndedBy = slices.Clone(d.Until), slices.Clone(d.EndedBy)
	d.Pauses, d.Extensions = slices.Clone(d.Pauses), slices.Clone(d.Extensions)
	d.EndedAt, d.LapsedAt, d.PausedAt = cloneOf(d.EndedAt), cloneOf(d.LapsedAt), cloneOf(d.PausedAt)
	d.Rungs = cloneEach(d.Rungs, func(r *Rung) {
		r.Tell, r.PassedOver, r.FiredAt = slices.Clone(r.Tell), slices.Clone(r.PassedOver), cloneOf(r.FiredAt)
	})
}

// cloneOf copies what a pointer points to.
func cloneOf[T any](p *T) *T {
	if p == nil {
		return nil
	}
	copied := *p
	return &copied
}

// cloneEach copies a list, and below each of its elements what unshare replaces.
func cloneEach[T any](list []T, unshare func(*T)) []T {
	copied := slices.Clone(list)
	for i := range copied {
		unshare(&copied[i])
	}
	return copied
}
