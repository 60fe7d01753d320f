package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"recourse/internal/api"
	"recourse/internal/complaint"
	"recourse/internal/phrase"
	"recourse/internal/plan"
	"recourse/internal/store"
	"recourse/internal/simulation"
)

const (
	usualSimulation = 90 * 24 * time.Hour
	localTime       = "2006-01-02 15:04 MST"
)

// simulations bounds how many run at once: each takes a processor for a while.
var simulations = make(chan struct{}, 2)

// Simulate shows what would happen to a complaint.
func (s *server) Simulate(ctx context.Context, request api.SimulateRequestObject) (api.SimulateResponseObject, error) {
	if request.Id != callerOf(ctx).organisation {
		return nil, errNotFound
	}
	newest, known := s.rulebook.Now().Procedure(request.Id)
	if !known {
		return nil, errNotFound
	}
	version := cmp.Or(request.Body.Version, newest.Version)
	rules, err := s.rulebook.Rules(ctx, request.Id, version, 0)
	if errors.Is(err, store.ErrNotFound) {
		return nil, violation("/version", "no_such_version", strconv.Itoa(version))
	}
	if err != nil {
		return nil, err
	}
	select {
	case simulations <- struct{}{}:
		defer func() { <-simulations }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	timeline, err := simulate(ctx, s.bodies, rules, *request.Body, s.now(), languageOf(ctx))
	if err != nil {
		return nil, err
	}
	return api.Simulate200JSONResponse(timeline), nil
}

// simulate runs the life of a complaint by the rules, as the request says it. It needs no database.
func simulate(ctx context.Context, bodies *api.Bodies, rules plan.Rules, b api.Simulation, now time.Time, language string) (api.Timeline, error) {
	start := b.Start.UTC()
	if b.Start.IsZero() {
		start = now.UTC().Truncate(time.Second)
	}
	until := b.Until.UTC()
	if b.Until.IsZero() {
		until = start.Add(usualSimulation)
	}
	if !start.Before(until) {
		return api.Timeline{}, violation("/until", "ends_before_it_begins", "")
	}
	if until.Sub(start) > simulation.Longest {
		return api.Timeline{}, violation("/until", "too_far", "")
	}
	request := simulation.Request{Rules: rules, Start: start, Until: until}
	var err error
	if request.Registration, err = simulatedRegistration(rules, b.Registration, start); err != nil {
		return api.Timeline{}, err
	}
	for i, given := range b.Steps {
		step, err := simulatedStep(bodies, rules, given, "/steps/"+strconv.Itoa(i))
		if err != nil {
			return api.Timeline{}, err
		}
		if step.At.Before(start) || step.At.After(until) {
			return api.Timeline{}, violation("/steps/"+strconv.Itoa(i)+"/at", "too_far", "")
		}
		request.Steps = append(request.Steps, step)
	}
	timeline, err := simulation.Run(ctx, request)
	if errors.Is(err, simulation.ErrTooLong) {
		return api.Timeline{}, violation("", "too_far", "")
	}
	if err != nil {
		return api.Timeline{}, err
	}
	return shownTimeline(rules, timeline, language), nil
}

func simulatedRegistration(rules plan.Rules, b api.SimulatedRegistration, at time.Time) (complaint.Step, error) {
	by := complaint.PersonID(b.By)
	if by == "" {
		by, _ = rules.Directory.Holder(rules.Procedure.Duty(complaint.Agent, ""), at, personIDs(b.Subjects)...)
	}
	actor, err := simulatedActor(rules, by, at, "/registration/by")
	if err != nil {
		return complaint.Step{}, err
	}
	registration := complaint.Registration{Procedure: rules.Procedure.ID, Version: rules.Procedure.Version, Channel: b.Channel, Category: b.Category,
		Subjects: personIDs(b.Subjects), Language: customerLanguage(rules.Procedure, b.Language), Reachable: []string{"email"}}
	if registration.Channel == "" {
		registration.Channel = rules.Procedure.Channels[0].ID
	}
	if !rules.Procedure.HasChannel(registration.Channel) {
		return complaint.Step{}, violation("/registration/channel", "no_such_channel", b.Channel)
	}
	if _, known := rules.Procedure.Category(b.Category); b.Category != "" && !known {
		return complaint.Step{}, violation("/registration/category", "no_such_category", b.Category)
	}
	facts := complaint.Facts{Registration: &registration, Screening: screening(b.Screen), Assignment: assignment(b.Assign)}
	if err := checkFacts(rules.Procedure, rules.Directory, facts, nil); err != nil {
		return complaint.Step{}, err
	}
	return complaint.Step{Name: complaint.Register, By: actor, At: at, Facts: facts}, nil
}

func simulatedStep(bodies *api.Bodies, rules plan.Rules, given api.SimulatedStep, at string) (complaint.Step, error) {
	actor, err := simulatedActor(rules, complaint.PersonID(given.By), given.At, at+"/by")
	if err != nil {
		return complaint.Step{}, err
	}
	raw, err := json.Marshal(given.Body)
	if err != nil {
		return complaint.Step{}, err
	}
	if given.Body == nil {
		raw = nil
	}
	said, err := readStep(bodies, complaint.StepName(given.Step), raw)
	var wrong *api.BodyError
	if errors.As(err, &wrong) {
		for i := range wrong.Mistakes {
			wrong.Mistakes[i].Pointer = at + "/body" + wrong.Mistakes[i].Pointer
		}
		return complaint.Step{}, wrong
	}
	if err == nil {
		err = checkFacts(rules.Procedure, rules.Directory, said.facts, said.fields)
	}
	return complaint.Step{Name: complaint.StepName(given.Step), By: actor, At: given.At.UTC(), ExpectedRevision: said.expectedRevision, Facts: said.facts}, err
}

func simulatedActor(rules plan.Rules, person complaint.PersonID, at time.Time, pointer string) (complaint.Actor, error) {
	if person == complaint.Customer {
		return customerActor, nil
	}
	if _, known := rules.Directory.People[person]; !known {
		return complaint.Actor{}, violation(pointer, "no_such_person", string(person))
	}
	return complaint.Actor{Person: person, Roles: rules.Directory.RolesOf(person, at, rules.Procedure.Roles), Department: rules.Directory.DepartmentOf(person)}, nil
}

// shownTimeline puts a timeline into words, on the clock of the procedure's calendar.
func shownTimeline(rules plan.Rules, timeline simulation.Timeline, language string) api.Timeline {
	zone := rules.Calendar.Zone()
	o := opened{rules: rules.Procedure, names: names{rules.Directory, language}, zone: zone}
	shown := api.Timeline{Procedure: rules.Procedure.ID, Version: rules.Procedure.Version, Zone: zone.String(), Entries: []api.TimelineEntry{}}
	known := ladders{}
	for _, e := range timeline.Entries {
		known.learn(e.Event)
		entry := api.TimelineEntry{At: e.At.UTC(), Local: e.At.In(zone).Format(localTime), What: string(e.Kind), Text: o.sentence(e.Event, known),
			Tier: e.Tier, Stage: string(e.Stage), Person: o.names.of(e.By)}
		if e.Step != nil {
			entry.Step = string(e.Step.Name)
		}
		if e.Deadline != nil {
			entry.Deadline = e.Deadline.Name
		}
		if e.Rung != nil {
			rung := known.rung(*e.Rung)
			entry.Deadline, entry.Rung, entry.Tier = e.Rung.Deadline, rung.Label, rung.Tier
			if len(rung.Tell) > 0 {
				entry.Role = string(rung.Tell[0])
			}
		}
		if e.Message != nil {
			entry.Message, entry.Person, entry.Deadline, entry.Rung = e.Message.Template, o.names.of(e.Message.To), e.Message.Deadline, e.Message.Rung
		}
		if e.Refused != nil {
			entry.Problem = phrase.Label(phrase.Reason, string(e.Refused.Reason), language)
			if e.Refused.Code == complaint.CodeNotFound {
				entry.Problem = phrase.Label(phrase.Reason, "no_part", language)
			}
		}
		shown.Entries = append(shown.Entries, entry)
	}
	return shown
}
