package casework

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"recourse/internal/complaint"
	"recourse/internal/directory"
	"recourse/internal/link"
	"recourse/internal/plan"
	"recourse/internal/procedure"
	"recourse/internal/rulebook"
	"recourse/internal/simulation"
	"recourse/internal/store"
	"recourse/internal/store/reading"
	"recourse/internal/store/submission"
	"recourse/internal/words"
)

const (
	clockSkew = time.Minute // by which a sender's clock may run ahead of ours
	// heardWithinYears is how long ago a complaint may have been heard: clocks run from then, so
	// that a mistake in the year would escalate it to the top at once.
	heardWithinYears = 1
	// WebChannel is the channel of what customers say on the web.
	WebChannel = "web"
	// WebComplaintsPerDay bounds how many complaints one e-mail address may have on the web in 24
	// hours: each of them sends mail to it, and anybody may have typed it.
	WebComplaintsPerDay = 10
	webDay              = 24 * time.Hour
)

// TooManyOnWeb says that an e-mail address has had its WebComplaintsPerDay.
type TooManyOnWeb struct {
	After   time.Duration      // until the next is taken
	Again   time.Time          // when that is, at the place of the procedure's calendar
	Hotline *procedure.Hotline // whom to call instead; nil where the procedure names nobody
}

// Error names no address.
func (t *TooManyOnWeb) Error() string {
	return fmt.Sprintf("an e-mail address has had as many complaints as it may have in a day: %d", WebComplaintsPerDay)
}

// Register takes in what an employee heard. The registration's language is empty where nobody said
// which. The result in what was stored is nil while Temporal is away: the relay goes on from what
// is stored.
func (o *Office) Register(ctx context.Context, who Caller, said Act, key string) (submission.Stored, error) {
	rules, err := o.registrable(said)
	if err != nil {
		return submission.Stored{}, err
	}
	if who.Organisation != rules.ID {
		return submission.Stored{}, ErrForbidden
	}
	registration, err := o.registration(rules, said, who.Actor, key)
	if err != nil {
		return o.repeated(ctx, who, said, key, err)
	}
	stored, err := o.register(ctx, registration)
	if err != nil || stored.By.Person == who.Person {
		return stored, err
	}
	return o.byAnother(ctx, who, stored)
}

// byAnother is what somebody else registered of the same row of a file, with what the caller may do
// now. To whoever may not know of it, as those whom it is about, the key stands for something else.
func (o *Office) byAnother(ctx context.Context, who Caller, stored submission.Stored) (submission.Stored, error) {
	var file reading.File
	err := o.InOrganisation(who, stored.Number)
	if err == nil {
		file, err = o.visible(ctx, stored.Number, who.Actor)
	}
	if errors.Is(err, ErrNotFound) || errors.Is(err, store.ErrNotFound) {
		return submission.Stored{}, fmt.Errorf("key %q: %w", stored.Key, store.ErrIdempotencyMismatch)
	}
	if err == nil && stored.Result != nil {
		now := file.ResultFor(who.Actor, o.Now())
		stored.Result = &now
	}
	return stored, err
}

// repeated is what was registered already, though it couldn't be any more: by the rules that are in
// force now, or as it was heard too long ago. Otherwise it returns why not.
func (o *Office) repeated(ctx context.Context, who Caller, said Act, key string, why error) (submission.Stored, error) {
	if key == "" {
		return submission.Stored{}, why
	}
	held, same, err := o.Submissions.Held(ctx, submission.Submission{Step: complaint.Register, By: who.Actor, Key: key, Body: said.Body})
	if err != nil || !same || held.By.Person != who.Person {
		return submission.Stored{}, why
	}
	held.Repeated, held.Key = true, key
	return o.begun(ctx, held)
}

// Foreseen is what would come of a registration.
type Foreseen struct {
	// Before is set when the key stands for a complaint already; Otherwise when that was registered
	// with other words; Erased when its words are gone, and it isn't registered again.
	Before, Otherwise, Erased bool
	// Number is that complaint's, where the caller registered it.
	Number string
	// Complaint is what it would be now, before anybody acts.
	Complaint complaint.Complaint
	// Messages is how many would leave at once.
	Messages int
}

// Foresee says what would come of what an employee heard, and stores nothing. Its errors are those
// of Register.
func (o *Office) Foresee(ctx context.Context, who Caller, said Act, key string) (Foreseen, error) {
	rules, err := o.registrable(said)
	if err != nil {
		return Foreseen{}, err
	}
	if who.Organisation != rules.ID {
		return Foreseen{}, ErrForbidden
	}
	registration, err := o.registration(rules, said, who.Actor, key)
	if err != nil {
		return Foreseen{}, err
	}
	var foreseen Foreseen
	if key != "" {
		held, same, err := o.Submissions.Held(ctx, registration.Submission)
		if err == nil {
			foreseen.Before, foreseen.Otherwise, foreseen.Erased = true, !same, held.Erased
			if held.By.Person == who.Person {
				foreseen.Number = held.Number
			} else if _, err := o.byAnother(ctx, who, held); errors.Is(err, store.ErrIdempotencyMismatch) {
				foreseen.Otherwise, foreseen.Erased = true, false // of another's they learn neither
			} else if err != nil {
				return Foreseen{}, err
			}
		} else if !errors.Is(err, store.ErrNotFound) {
			return Foreseen{}, err
		}
	}
	edition, err := o.Rulebook.Rules(ctx, rules.ID, rules.Version, 0)
	if err != nil {
		return Foreseen{}, err
	}
	now := o.Now().UTC()
	timeline, err := simulation.Run(ctx, simulation.Request{Rules: edition, Start: now, Until: now,
		Registration: complaint.Step{Name: complaint.Register, By: who.Actor, At: now, Facts: registration.Facts}})
	if err != nil {
		return Foreseen{}, err
	}
	foreseen.Complaint = timeline.Complaint
	for _, entry := range timeline.Entries {
		if entry.Kind == complaint.MessageQueued {
			foreseen.Messages++
		}
	}
	return foreseen, nil
}

// RegisterPublicly takes in what the customer says on the web, and returns the path of the link by
// which they follow it.
func (o *Office) RegisterPublicly(ctx context.Context, said Act, key string) (stored submission.Stored, follow string, err error) {
	rules, err := o.registrable(said)
	if err != nil {
		return submission.Stored{}, "", err
	}
	if !rules.HasChannel(WebChannel) {
		return submission.Stored{}, "", violation("/procedure", "no_such_channel", WebChannel, rules.ChannelIDs()...)
	}
	if !said.Facts.Registration.ReachedBy("email", "phone") {
		return submission.Stored{}, "", violation("/customer", "unreachable", "")
	}
	if key != "" {
		key = "web/" + key
	}
	said.Facts.Registration = meant(peopleOf(o.Rulebook.Now(), rules.ID), said.Facts.Registration)
	registration, err := o.registration(rules, said, customer, key)
	if err != nil {
		return submission.Stored{}, "", err
	}
	registration.MostOnWeb, registration.WebSince = WebComplaintsPerDay, o.Now().Add(-webDay)
	if stored, err = o.register(ctx, registration); err != nil {
		if tooMany, is := errors.AsType[*submission.TooMany](err); is {
			err = &TooManyOnWeb{After: tooMany.Oldest.Add(webDay).Sub(o.Now()), Again: tooMany.Oldest.Add(webDay).In(zoneOf(o.Rulebook.Now(), rules)), Hotline: rules.Hotline}
		}
		return submission.Stored{}, "", err
	}
	follow, err = o.linkFor(ctx, stored.Number, link.Follow, 0)
	return stored, follow, err
}

// meant is a registration of which the people complained about are called as its customer calls
// them: they are whoever is called so by one alone, and of several each is mentioned. What else was
// written stays with the words.
func meant(people *directory.Directory, said *complaint.Registration) *complaint.Registration {
	r, called := *said, said.Subjects
	r.Subjects = nil
	for _, name := range called {
		named := people.Named(string(name))
		if _, known := people.People[name]; known {
			named = []complaint.PersonID{name}
		}
		if len(named) == 1 && !slices.Contains(r.Subjects, named[0]) {
			r.Subjects = append(r.Subjects, named[0])
		} else {
			r.Mentioned = append(r.Mentioned, named...)
		}
	}
	return &r
}

// mentioned are the people whom the words of a registration name, in whatever field, each once; but
// for who registered it: they have read it.
func mentioned(people *directory.Directory, r *complaint.Registration, by complaint.PersonID, said Act, written words.Register) []complaint.PersonID {
	texts := []string{written.Narrative, written.RemedyAsked, written.Involved, written.Place}
	named := slices.Concat(r.Mentioned, people.Named(strings.Join(append(texts, searchable(said.Fields)...), "\n")))
	slices.Sort(named)
	return slices.DeleteFunc(slices.Compact(named), func(person complaint.PersonID) bool {
		return person == by || slices.Contains(r.Subjects, person)
	})
}

func (o *Office) registrable(said Act) (*procedure.Procedure, error) {
	id := said.Facts.Registration.Procedure
	rules, known := o.Rulebook.Now().Procedure(id)
	if !known {
		return nil, violation("/procedure", "no_such_procedure", id)
	}
	return rules, nil
}

// registration checks a registration against its procedure and the directory, and makes the
// submission of it.
func (o *Office) registration(rules *procedure.Procedure, said Act, by complaint.Actor, key string) (submission.Registration, error) {
	edition, now := o.Rulebook.Now(), o.Now()
	people := peopleOf(edition, rules.ID)
	written, err := words.Read[words.Register](said.Body)
	if err != nil {
		return submission.Registration{}, err
	}
	r := *said.Facts.Registration
	said.Facts.Registration = &r
	if err := fitting(plan.Rules{Procedure: rules, Directory: people}.RegistrationMisfits(r)); err != nil {
		return submission.Registration{}, err
	}
	if r.Mentioned = mentioned(people, &r, by.Person, said, written); said.Facts.Screening != nil {
		r.Mentioned = nil // whoever screened it has judged who of them is meant
	}
	if said, err = checkAct(rules, people, said); err != nil {
		return submission.Registration{}, err
	}
	begins := complaint.Step{Name: complaint.Register, By: by, At: now, Facts: said.Facts}
	r.Mentioned = plan.Rules{Procedure: rules, Directory: people}.Mentioned(begins)
	if slices.Contains(said.Facts.KeptOut(), by.Person) {
		return submission.Registration{}, ErrSubject
	}
	if r.HeardAt != nil && r.HeardAt.After(now.Add(clockSkew)) {
		return submission.Registration{}, violation("/heard_at", "heard_later", "")
	}
	if r.HeardAt != nil && r.HeardAt.Before(now.AddDate(-heardWithinYears, 0, 0)) {
		return submission.Registration{}, violation("/heard_at", "heard_long_ago", "")
	}
	if written.HappenedAt.After(now.Add(clockSkew)) {
		return submission.Registration{}, violation("/happened_at", "happens_later", "")
	}
	r.Version, r.Language = rules.Version, cmp.Or(r.Language, rules.UsualLanguage())
	if err := mayCarry(rules, by, said.Facts); err != nil {
		return submission.Registration{}, err
	}
	if err := fitting(plan.Rules{Procedure: rules, Directory: people}.Unauthorised(complaint.Complaint{}, begins)); err != nil {
		return submission.Registration{}, err
	}
	found, err := foundBy(submission.Submission{Step: complaint.Register, Body: said.Body, Facts: said.Facts})
	if err != nil {
		return submission.Registration{}, err
	}
	c := written.Customer
	return submission.Registration{
		ClosedTo: plan.Rules{Procedure: rules, Directory: people}.ClosedTo(begins),
		Submission: submission.Submission{Step: complaint.Register, By: by, Key: key, Body: said.Body, Facts: said.Facts,
			Search: found},
		NumberPattern: rules.NumberPattern.Pattern, Year: now.In(zoneOf(edition, rules)).Year(),
		Customer:   submission.Customer{Name: c.Name, Phone: c.Phone, Email: c.Email, Address: c.Address, Language: r.Language},
		RelayAfter: o.Lives.Patience,
	}, nil
}

// zoneOf is where a procedure's days begin.
func zoneOf(edition *rulebook.Edition, rules *procedure.Procedure) *time.Location {
	if calendar, known := edition.Calendars()[rules.Calendar]; known {
		return calendar.Zone()
	}
	return time.UTC
}

// foundBy are the texts of a submission by which people look for its complaint: all of them, but
// what is said of another complaint or beside the main course isn't found by who may not know of
// that.
func foundBy(said submission.Submission) ([]string, error) {
	if said.Facts.Side != nil {
		return nil, nil
	}
	fields, err := words.Fields(said.Body)
	if err != nil || said.Step == complaint.Link {
		return searchable(fields), err
	}
	written, err := words.Of(said.Step, said.Body)
	if err != nil {
		return nil, err
	}
	return append(searchable(fields), words.Texts(written)...), nil
}

// searchable are the values of the form's fields, by which people look for a complaint.
func searchable(fields map[string]any) []string {
	var words []string
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if text, ok := fields[name].(string); ok && text != "" {
			words = append(words, strings.TrimSpace(text))
		}
	}
	return words
}

// register stores a registration and starts its workflow.
func (o *Office) register(ctx context.Context, registration submission.Registration) (submission.Stored, error) {
	stored, err := o.Submissions.Register(ctx, registration)
	if err != nil {
		return stored, err
	}
	return o.begun(ctx, stored)
}

// begun is a stored registration with its result, once its workflow has begun.
func (o *Office) begun(ctx context.Context, stored submission.Stored) (submission.Stored, error) {
	if stored.Result != nil {
		return stored, nil
	}
	result, err := o.Lives.register(ctx, stored.Number, stored.AsStep())
	switch {
	case err == nil:
		stored.Result = &result
		o.answered.note(stored)
		return stored, nil
	case errors.Is(err, ErrUnanswered):
		return stored, nil
	case errors.Is(err, ErrNoLife): // it lived and has ended: the database has the first answer
		answered, err := o.Submissions.One(ctx, stored.ID)
		stored.Result = answered.Result
		if err == nil && stored.Result == nil { // it ended before it had lived
			err = ignoring(o.waken(ctx, stored.Number), ErrUnanswered)
		}
		return stored, err
	}
	return submission.Stored{}, o.refused(ctx, stored, err)
}

// refused notes a refusal, so that its key is judged anew, and returns it.
func (o *Office) refused(ctx context.Context, stored submission.Stored, err error) error {
	if refusal, is := errors.AsType[*complaint.Refusal](err); is {
		if noted := o.Submissions.Refuse(ctx, stored.ID, *refusal); noted != nil {
			o.Log.WarnContext(ctx, "refusal not noted", "submission", stored.ID, "error", noted)
		}
	}
	return err
}

// mayCarry: what a registration carries of other steps needs the right to them, unless it is the
// rule's own choice.
func mayCarry(rules *procedure.Procedure, by complaint.Actor, facts complaint.Facts) error {
	if facts.OnSpot != nil && !mayBegin(rules, complaint.ResolveOnSpot, by, facts, complaint.Agent) ||
		facts.Screening != nil && !mayBegin(rules, complaint.Screen, by, facts, complaint.Agent, complaint.Owner, rules.Owner.Role) {
		return ErrForbidden
	}
	if facts.Assignment == nil {
		return nil
	}
	begun := complaint.Complaint{Registration: *facts.Registration, Screening: facts.Screening, Choices: facts.Choices}
	if begun.Screening == nil { // not judged yet: what the rule would choose for an ordinary one
		begun.Screening = &complaint.Screening{Kind: complaint.KindComplaint, Valid: true, Severity: complaint.Normal, Category: facts.Registration.Category}
	}
	names := rules.Owner.NamedBy
	if rules.Owner.IsByRule() {
		names = rules.Owner.Role // whose the complaint is, until somebody is named
	}
	byRule := facts.Assignment.Handler == "" && facts.Assignment.Owner == "" && facts.Assignment.Department == rules.Route(&begun).Department
	if !byRule && !by.Has(complaint.ServiceManager, names) {
		return ErrForbidden
	}
	if facts.Charges(facts.KeptOut()) {
		return ErrSubject
	}
	return nil
}

// mayBegin reports whether somebody may take a step as part of a registration: whom the procedure
// says, else who has one of the roles.
func mayBegin(rules *procedure.Procedure, step complaint.StepName, by complaint.Actor, facts complaint.Facts, otherwise ...complaint.Role) bool {
	begun := complaint.Complaint{Registration: *facts.Registration, Screening: facts.Screening, Choices: facts.Choices}
	for _, right := range rules.Rights(&begun) {
		if right.Step == step {
			return slices.Contains(right.By, complaint.AnyEmployee) || by.Has(right.By...) ||
				slices.ContainsFunc(right.By, func(role complaint.Role) bool { return by.Has(rules.Duty(role, "")) })
		}
	}
	return by.Has(otherwise...)
}
