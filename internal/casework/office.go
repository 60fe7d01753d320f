// Package casework is what people do with complaints, without HTTP: register, take a step, follow a
// customer's link, enter an absence, re-base, publish, draw a sample, simulate. It stores what was
// said, hands it to the workflow, and says what came of it; who may is decided here, by the
// domain's rules and the directory.
//
// Its errors are a *complaint.Refusal, a *Violation, a *WrongFields, a *WrongDocument, a
// *LinkUsed, a *LinkUnanswered, a *TooManyOnWeb, one of the errors that are declared here, those of
// package store, or what nobody expected.
package casework

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"recourse/internal/complaint"
	"recourse/internal/directory"
	"recourse/internal/link"
	"recourse/internal/procedure"
	"recourse/internal/rulebook"
	"recourse/internal/store/reading"
)

var (
	// ErrNotFound says that there is nothing that the caller may know of.
	ErrNotFound = errors.New("nothing here that the caller may know of")
	// ErrForbidden says that the caller's roles don't allow it.
	ErrForbidden = errors.New("the caller's roles don't allow it")
	// ErrSubject says that somebody would act in a complaint about themselves.
	ErrSubject = errors.New("a subject of the complaint may have no part in it")
)

// Violation says that something is against a rule, and where in the body it stands.
type Violation struct {
	// Pointer is a JSON pointer (RFC 6901); empty for the whole body.
	Pointer string
	Reason  complaint.Reason
	// Name fills the reason's sentence: what nobody knows, or what is wanted.
	Name string
	// Known are the names that there are, where Name is one that there isn't; nil where they aren't
	// told.
	Known []string
	// refusal is kept with the submission where the step was stored already; nil before.
	refusal *complaint.Refusal
}

// Error names the place and the reason. The name may be personal.
func (v *Violation) Error() string { return fmt.Sprintf("%q: %s", v.Pointer, v.Reason) }

// Unwrap is the refusal of the step that was stored.
func (v *Violation) Unwrap() error {
	if v.refusal == nil {
		return nil
	}
	return v.refusal
}

func violation(pointer string, reason complaint.Reason, name string, known ...string) error {
	return &Violation{Pointer: pointer, Reason: reason, Name: name, Known: known}
}

// alone reports whether an error concerns one complaint alone, however it is stuck, and others can
// go on: Temporal and the database still answer.
func (o *Office) alone(ctx context.Context, err error) bool {
	if _, refused := errors.AsType[*complaint.Refusal](err); refused || errors.Is(err, ErrNoLife) {
		return true
	}
	if ctx.Err() != nil || o.Lives.Ping(ctx) != nil {
		return false
	}
	_, away := o.Confirmations.Living(ctx, "", 1)
	return away == nil
}

// below is an error about a body that stands at this place of another.
func below(place string, err error) error {
	if v, is := errors.AsType[*Violation](err); is {
		return violation(place+v.Pointer, v.Reason, v.Name, v.Known...)
	}
	return err
}

// Office has everything that casework needs. It is safe for concurrent use.
type Office struct {
	Stores
	Rulebook *rulebook.Rulebook
	Lives    *Lives
	Links    *link.Signer
	Log      *slog.Logger
	// Now is the time by which people are away, dates lie ahead and links end.
	Now func() time.Time
	// StepCounts is how long a step keeps the time at which it was stored while nobody answers it.
	StepCounts time.Duration

	answered answeredSteps
}

// Caller is who asks for something.
type Caller struct {
	complaint.Actor
	// Organisation is the ID of the procedure that the caller's organisation follows. Other
	// organisations' complaints don't exist for them.
	Organisation string
}

// Caller is a person as they act now. Whoever is in no directory gets ErrForbidden.
func (o *Office) Caller(person complaint.PersonID) (Caller, error) {
	actor, organisation, err := o.Rulebook.Now().Actor(person, o.Now())
	if errors.Is(err, rulebook.ErrStranger) {
		err = fmt.Errorf("%w: %w", ErrForbidden, err)
	}
	return Caller{actor, organisation}, err
}

// viewer is how far the caller sees in lists; complaint.Visible holds the same line for one
// complaint.
func (c Caller) viewer() reading.Viewer {
	return reading.ViewerOf(c.Actor, c.Organisation)
}

// Unseen are the numbers of the open complaints of the caller's organisation that nobody may see,
// but for those about the caller. Administrators alone may ask.
func (o *Office) Unseen(ctx context.Context, who Caller) (numbers []string, err error) {
	if !who.Has(complaint.Administrator) {
		return nil, ErrForbidden
	}
	var everybody []reading.Viewer
	for _, one := range o.Rulebook.Now().Everybody(who.Organisation, o.Now()) {
		everybody = append(everybody, reading.ViewerOf(one, who.Organisation))
	}
	unseen, err := o.Reading.Unseen(ctx, everybody)
	for _, one := range unseen {
		if !slices.Contains(one.Subjects, who.Person) {
			numbers = append(numbers, one.Number)
		}
	}
	return numbers, err
}

// customer is who acts by a link, or registers on the web.
var customer = complaint.Actor{Person: complaint.Customer, Roles: []complaint.Role{complaint.CustomerRole}}

// People are those of an organisation; nobody where there is no directory.
func (o *Office) People(organisation string) *directory.Directory {
	return peopleOf(o.Rulebook.Now(), organisation)
}

func peopleOf(edition *rulebook.Edition, organisation string) *directory.Directory {
	if people, known := edition.Directory(organisation); known {
		return people
	}
	return &directory.Directory{}
}

// InOrganisation errs with ErrNotFound for the number of another organisation's complaint: those
// don't exist for the caller.
func (o *Office) InOrganisation(who Caller, number string) error {
	if organisation, known := o.Rulebook.Now().Organisation(number); !known || organisation != who.Organisation {
		return ErrNotFound
	}
	return nil
}

// visible is a complaint that somebody may know of.
func (o *Office) visible(ctx context.Context, number string, by complaint.Actor) (reading.File, error) {
	file, err := o.Reading.Complaint(ctx, number)
	if err == nil && (file.Standing == reading.Refused || !file.Visible(by)) {
		return file, ErrNotFound
	}
	return file, err
}

// rules is the version of the procedure by which a complaint goes.
func (o *Office) rules(ctx context.Context, c *complaint.Complaint) (*procedure.Procedure, error) {
	terms := c.Terms
	if terms.Procedure == "" {
		terms.Procedure, terms.Version = c.Registration.Procedure, c.Registration.Version
	}
	return o.Rulebook.Version(ctx, terms.Procedure, terms.Version)
}
