package plan

import (
	"slices"

	"recourse/internal/complaint"
)

// askApprovals asks for the decisions that a matter needs by the procedure's
// authority rules. A proposal of a complaint whose rounds have climbed needs the
// tier's manager in addition. Nobody approves their own matter.
func (p *planner) askApprovals(e complaint.Event) {
	switch {
	case e.Kind == complaint.StageEntered && e.Stage == complaint.Approving:
		roles := p.Procedure.Approvers(complaint.MatterProposal, &p.c)
		if tier := p.c.Terms.TierRole(p.c.RoundsTier, p.c.People.Department); tier != "" && !slices.Contains(roles, tier) {
			roles = append(roles, tier)
		}
		p.ask(complaint.Approval{Matter: complaint.MatterProposal, Number: p.c.Proposal.Revision, By: p.c.Proposal.By, Submission: p.c.Proposal.Submission}, roles)
	case e.Kind == complaint.StageEntered && e.Stage == complaint.Explaining:
		p.askReply()
	case e.Kind == complaint.StageEntered && e.Stage == complaint.Closing:
		p.askClosingForm()
	case e.Kind == complaint.StepTaken && e.Step.Name == complaint.Refuse: // it is written anew, and decided on again
		switch e.Step.Facts.Decision.Matter {
		case complaint.MatterReply:
			p.askReply()
		case complaint.MatterClosingForm:
			p.askClosingForm()
		}
	case e.Kind == complaint.StepTaken && e.Step.Name == complaint.Approve:
		p.decideOnce(e.By, e.Step.Facts.Decision.Matter)
	case e.Kind == complaint.StepTaken && e.Step.Name == complaint.Suspend:
		matter := p.c.Matters[len(p.c.Matters)-1]
		p.ask(complaint.Approval{Matter: complaint.MatterSuspension, Number: matter.Number, By: matter.By, Submission: e.Step.Submission},
			p.Procedure.Approvers(complaint.MatterSuspension, &p.c))
	case e.Kind == complaint.StepTaken && e.Step.Name == complaint.Visit && !e.Step.Facts.Visit.Report:
		p.ask(complaint.Approval{Matter: complaint.MatterVisit, Number: len(p.c.Visits), By: e.By, Submission: e.Step.Submission},
			p.Procedure.Approvers(complaint.MatterVisit, &p.c))
	}
}

func (p *planner) askReply() {
	p.ask(complaint.Approval{Matter: complaint.MatterReply, Number: p.c.Revision}, p.Procedure.Approvers(complaint.MatterReply, &p.c))
}

func (p *planner) askClosingForm() {
	p.ask(complaint.Approval{Matter: complaint.MatterClosingForm, Number: p.c.Revision, By: p.c.People.Owner}, p.Procedure.Approvers(complaint.MatterClosingForm, &p.c))
}

// ask asks for the decisions on a matter, one of each of the roles.
func (p *planner) ask(approval complaint.Approval, roles []complaint.Role) {
	if len(roles) == 0 {
		return
	}
	for _, role := range roles {
		approval.Levels = append(approval.Levels, complaint.Level{Role: p.duty(role), Person: p.approver(role, approval.By)})
	}
	approval.Levels = askedOnce(approval.Levels)
	p.decide(complaint.Event{Kind: complaint.ApprovalsAsked, Approval: &approval})
}

// askedOnce leaves of the open levels that follow each other and are one person's
// the highest: nobody is asked twice, they decide for that one.
func askedOnce(levels []complaint.Level) []complaint.Level {
	var asked []complaint.Level
	for _, level := range levels {
		if last := len(asked) - 1; last >= 0 && level.Person != "" && asked[last].Person == level.Person && asked[last].DecidedBy == "" {
			asked[last] = level
			continue
		}
		asked = append(asked, level)
	}
	return asked
}

// decideOnce lets a yes count for the levels above that are the same person's:
// they may have decided in place of whoever had the level below.
func (p *planner) decideOnce(by complaint.PersonID, matter complaint.Matter) {
	for _, approval := range slices.Clone(p.c.Approvals) {
		next := slices.IndexFunc(approval.Levels, func(l complaint.Level) bool { return l.DecidedBy == "" })
		if approval.Matter != matter || next < 1 || approval.Levels[next-1].DecidedBy != by || approval.Levels[next].Person != by {
			continue
		}
		approval.Levels = slices.Clone(approval.Levels)
		for ; next < len(approval.Levels) && approval.Levels[next].Person == by; next++ {
			approval.Levels[next].DecidedBy = by
		}
		p.decide(complaint.Event{Kind: complaint.ApprovalsAsked, Approval: &approval})
	}
}

// approver is who decides a level: not whose matter it is, and neither the
// complaint's handler nor its owner where somebody else is left.
func (p *planner) approver(role complaint.Role, except ...complaint.PersonID) complaint.PersonID {
	if person := p.holder(role, append(slices.Concat(except, p.neutral()), p.c.People.Handler, p.c.People.Owner)...); person != "" {
		return person
	}
	return p.somebody(role, slices.Concat(except, p.neutral())...)
}

// replaceApprovers gives the open decisions of somebody absent, or of somebody
// who became a subject, to the next eligible person.
func (p *planner) replaceApprovers() {
	for _, approval := range slices.Clone(p.c.Approvals) {
		changed := false
		approval.Levels = slices.Clone(approval.Levels)
		for i, level := range approval.Levels {
			if level.DecidedBy != "" || !p.unfit(level.Person) && !p.relievedOf(level.Person, level.Role) || approval.Refused {
				continue
			}
			approval.Levels[i].Person = p.approver(level.Role, approval.By)
			changed = true
		}
		if changed {
			approval.Levels = askedOnce(approval.Levels)
			p.decide(complaint.Event{Kind: complaint.ApprovalsAsked, Approval: &approval})
		}
	}
}
