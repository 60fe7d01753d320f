package casework

import (
	"cmp"
	"context"
	"errors"
	"strconv"
	"time"

	"recourse/internal/complaint"
	"recourse/internal/plan"
	"recourse/internal/simulation"
	"recourse/internal/store"
)

const usualSimulation = 90 * 24 * time.Hour

// Simulation says what to simulate.
type Simulation struct {
	// Version of the procedure; 0 is the newest.
	Version int
	// Start is when the complaint is registered, and Until how far to look. The zero times are now,
	// and 90 days later.
	Start, Until time.Time
	// By is who registers; empty is whoever holds the agents' duty.
	By complaint.PersonID
	// Facts are what the registration says.
	Facts complaint.Facts
	// Fields are values of the form's fields, by name, which the registration fills.
	Fields map[string]any
	Steps  []SimulatedStep
}

// SimulatedStep is a step that somebody takes at a time.
type SimulatedStep struct {
	Act
	By complaint.PersonID
	At time.Time
}

// simulations bounds how many run at once: each takes a processor for a while.
var simulations = make(chan struct{}, 2)

// Simulate shows what would happen to a complaint by the caller's procedure, and by which rules.
func (o *Office) Simulate(ctx context.Context, who Caller, id string, said Simulation) (plan.Rules, simulation.Timeline, error) {
	newest, known := o.Rulebook.Now().Procedure(id)
	if !known || id != who.Organisation {
		return plan.Rules{}, simulation.Timeline{}, ErrNotFound
	}
	version := cmp.Or(said.Version, newest.Version)
	rules, err := o.Rulebook.Rules(ctx, id, version, 0)
	if errors.Is(err, store.ErrNotFound) {
		err = violation("/version", "no_such_version", strconv.Itoa(version))
	}
	if err != nil {
		return plan.Rules{}, simulation.Timeline{}, err
	}
	select {
	case simulations <- struct{}{}:
		defer func() { <-simulations }()
	case <-ctx.Done():
		return plan.Rules{}, simulation.Timeline{}, ctx.Err()
	}
	timeline, err := Simulate(ctx, rules, said, o.Now())
	return rules, timeline, err
}

// Simulate runs the life of a complaint by the rules, as it was said. It needs no database.
func Simulate(ctx context.Context, rules plan.Rules, said Simulation, now time.Time) (simulation.Timeline, error) {
	start, until := said.Start.UTC(), said.Until.UTC()
	if said.Start.IsZero() {
		start = now.UTC().Truncate(time.Second)
	}
	if said.Until.IsZero() {
		until = start.Add(usualSimulation)
	}
	if !start.Before(until) {
		return simulation.Timeline{}, violation("/until", "ends_before_it_begins", "")
	}
	if until.Sub(start) > simulation.Longest {
		return simulation.Timeline{}, violation("/until", "too_far", "")
	}
	request := simulation.Request{Rules: rules, Start: start, Until: until}
	var err error
	if request.Registration, err = simulatedRegistration(rules, said, start); err != nil {
		return simulation.Timeline{}, err
	}
	for i, one := range said.Steps {
		step, err := simulatedStep(rules, one, "/steps/"+strconv.Itoa(i))
		if err != nil {
			return simulation.Timeline{}, err
		}
		if step.At.Before(start) {
			return simulation.Timeline{}, violation("/steps/"+strconv.Itoa(i)+"/at", "before_the_start", "")
		}
		if step.At.After(until) {
			return simulation.Timeline{}, violation("/steps/"+strconv.Itoa(i)+"/at", "after_the_end", "")
		}
		request.Steps = append(request.Steps, step)
	}
	var timeline simulation.Timeline
	if request, err = simulation.MoveOn(ctx, request); err == nil {
		timeline, err = simulation.Run(ctx, request)
	}
	if errors.Is(err, simulation.ErrTooLong) {
		err = violation("", "too_far", "")
	}
	return timeline, err
}

func simulatedRegistration(rules plan.Rules, said Simulation, at time.Time) (complaint.Step, error) {
	r, by := *said.Facts.Registration, said.By
	if by == "" {
		by, _ = rules.Directory.Holder(rules.Procedure.Duty(complaint.Agent, ""), at, r.Subjects...)
	}
	actor, err := simulatedActor(rules, by, at, "/registration/by")
	if err != nil {
		return complaint.Step{}, err
	}
	r.Procedure, r.Version, r.Language, r.Reachable = rules.Procedure.ID, rules.Procedure.Version, cmp.Or(r.Language, rules.Procedure.UsualLanguage()), []string{"email"}
	if r.Channel == "" {
		r.Channel = rules.Procedure.Channels[0].ID
	}
	begins := Act{Step: complaint.Register, Facts: said.Facts, Fields: said.Fields}
	begins.Facts.Registration = &r
	err = fitting(rules.RegistrationMisfits(r))
	if err == nil {
		begins, err = checkAct(rules.Procedure, rules.Directory, begins)
	}
	return complaint.Step{Name: complaint.Register, By: actor, At: at, Facts: begins.Facts}, below("/registration", err)
}

func simulatedStep(rules plan.Rules, said SimulatedStep, at string) (complaint.Step, error) {
	actor, err := simulatedActor(rules, said.By, said.At, at+"/by")
	if err != nil {
		return complaint.Step{}, err
	}
	said.Act, err = checkAct(rules.Procedure, rules.Directory, said.Act)
	return complaint.Step{Name: said.Step, By: actor, At: said.At.UTC(), ExpectedRevision: said.ExpectedRevision, Facts: said.Facts}, below(at+"/body", err)
}

func simulatedActor(rules plan.Rules, person complaint.PersonID, at time.Time, pointer string) (complaint.Actor, error) {
	if person == complaint.Customer {
		return customer, nil
	}
	if _, known := rules.Directory.People[person]; !known {
		return complaint.Actor{}, violation(pointer, "no_such_person", string(person))
	}
	return complaint.Actor{Person: person, Roles: rules.Directory.RolesOf(person, at, rules.Procedure.Roles), Department: rules.Directory.DepartmentOf(person)}, nil
}
