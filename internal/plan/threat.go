package plan

import (
	"cmp"
	"slices"

	"recourse/internal/complaint"
	"recourse/internal/message"
)

// guard is what follows when the customer announces drastic acts: the people
// whom the procedure names keep watch, and those at risk are warned. Later it
// keeps the watch whole: whoever is away or has become a subject is replaced,
// and the duties of a department that gets the complaint are added.
func (p *planner) guard(e complaint.Event) {
	heard := e.Kind == complaint.StepTaken && e.Step.Facts.Threat != nil
	standing := p.c.Threat != nil && p.c.Stage != complaint.Closed && (e.Kind == complaint.StepTaken || e.Kind == complaint.PeopleNamed)
	if !heard && !standing {
		return
	}
	before := complaint.Threat{}
	if p.c.Threat != nil {
		before = *p.c.Threat
	}
	now := complaint.Threat{AtRisk: slices.Clone(before.AtRisk), Submission: before.Submission}
	if heard {
		now.Submission = e.Step.Submission
		for _, person := range e.Step.Facts.Threat.AtRisk {
			if !slices.Contains(now.AtRisk, person) {
				now.AtRisk = append(now.AtRisk, person)
			}
		}
	}
	watch, warn := p.Procedure.OnThreat()
	now.Watch = p.watch(before.Watch, p.duties(watch), absentBy(e), now.AtRisk)
	now.Warned = slices.Clone(before.Warned)
	for _, duty := range p.duties(warn) {
		if !slices.Contains(now.Warned, duty) {
			now.Warned = append(now.Warned, duty)
		}
	}
	if heard {
		p.decide(complaint.Event{Kind: complaint.ThreatAnnounced, By: e.By, Threat: &now})
		var told []complaint.PersonID
		if slices.Contains(before.Watchers(), e.By) {
			told = append(told, e.By) // who keeps watch already and says so themselves
		}
		p.tellThreat(now, told, now.AtRisk, now.Warned)
	} else if !slices.Equal(now.Watch, before.Watch) || len(now.Warned) > len(before.Warned) {
		p.decide(complaint.Event{Kind: complaint.WatchNamed, Threat: &now})
		p.tellThreat(now, before.Watchers(), nil, now.Warned[len(before.Warned):])
	}
}

// watch is who keeps watch by which duty: those who did, with the unfit
// replaced, then whoever holds the duties that nobody watches by yet. Nobody
// watches over themselves where somebody else holds the duty as well.
func (p *planner) watch(before []complaint.Watcher, duties []complaint.Role, absent, atRisk []complaint.PersonID) []complaint.Watcher {
	var kept []complaint.Watcher
	keep := func(w complaint.Watcher) {
		if w.Person == "" || slices.Contains(absent, w.Person) || p.unfit(w.Person) || p.relievedOf(w.Person, w.Duty) {
			w.Person = p.holder(w.Duty, absent...)
		}
		if slices.Contains(atRisk, w.Person) {
			w.Person = cmp.Or(p.holder(w.Duty, slices.Concat(absent, atRisk)...), w.Person)
		}
		if w.Person != "" {
			kept = append(kept, w)
		}
	}
	for _, w := range before {
		keep(w)
	}
	for _, duty := range duties {
		if !slices.ContainsFunc(before, func(w complaint.Watcher) bool { return w.Duty == duty }) {
			keep(complaint.Watcher{Duty: duty})
		}
	}
	return kept
}

// duties fill the roles in this complaint; before it has a department, in the one
// that its route will give it. A role of a department that nobody knows yet has
// to wait.
func (p *planner) duties(roles []complaint.Role) []complaint.Role {
	department := cmp.Or(p.c.People.Department, p.Procedure.Route(&p.c).Department, unknownDepartment)
	var duties []complaint.Role
	for _, role := range roles {
		if duty := p.Procedure.Duty(role, department); !ofDepartment(duty) && !slices.Contains(duties, duty) {
			duties = append(duties, duty)
		}
	}
	return duties
}

// absentBy is who is away by the event.
func absentBy(e complaint.Event) []complaint.PersonID {
	if e.Kind == complaint.StepTaken && e.Step.Facts.Absent != nil && len(e.Step.Facts.Absent.Duties) == 0 {
		return []complaint.PersonID{e.Step.Facts.Absent.Person}
	}
	return nil
}

// tellThreat calls those who keep watch and weren't told before, and warns the
// people at risk and the holders of duties.
func (p *planner) tellThreat(threat complaint.Threat, told, atRisk []complaint.PersonID, warned []complaint.Role) {
	watchers := threat.Watchers()
	for _, person := range watchers {
		if !slices.Contains(told, person) {
			p.queue(message.ThreatWatch, person, complaint.Message{Tells: threat.Submission}) // also who acted: they need not know that the watch is theirs
		}
	}
	for _, person := range atRisk {
		p.warn(person, threat.Submission)
	}
	for _, duty := range warned {
		person, _ := p.Directory.Holder(duty, p.at, p.c.KeptOut()...) // also outside a letter closed to people named
		if !slices.Contains(watchers, person) {
			p.warn(person, threat.Submission)
		}
	}
}

// warn warns one person. Whoever may hear of the complaint learns which it is;
// a subject, and everybody outside a letter closed to people named, learns that
// there is a danger, which places and things it may concern, and whom to ask, and nothing else.
func (p *planner) warn(person complaint.PersonID, heard string) {
	warned := complaint.Message{Tells: heard}
	if p.c.MayBeToldTo(person) {
		p.sendWith(warned, message.ThreatWarned, person)
	} else if person != p.actor {
		p.queue(message.SafetyWarning, person, warned)
	}
}
