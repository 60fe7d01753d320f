// Package letter writes the letters of a complaint: the coded message, the complaint as it is now,
// the people's names, and the words that somebody wrote with the step meet here, when a letter
// leaves, and nothing of it is kept.
package letter

import (
	"context"
	"errors"
	"strings"
	"time"

	"recourse/internal/complaint"
	"recourse/internal/delivery"
	"recourse/internal/directory"
	"recourse/internal/link"
	"recourse/internal/message"
	"recourse/internal/procedure"
	"recourse/internal/rulebook"
	"recourse/internal/store"
	"recourse/internal/store/learning"
	"recourse/internal/store/links"
	"recourse/internal/store/outbox"
	"recourse/internal/store/reading"
	"recourse/internal/store/submission"
)

// Writer knows what letters are put together from.
type Writer struct {
	Reading     *reading.Store
	Submissions *submission.Store
	Issued      *links.Store
	Learning    *learning.Store
	Rulebook    *rulebook.Rulebook
	Links       *link.Signer
	// PublicURL is how customers reach the server, without a slash at its end.
	PublicURL string
	// CaseURL is where people of the house open a complaint, with {number} for its number; empty
	// where they are led nowhere.
	CaseURL string
	// WebhookKey makes the secrets of people's webhooks; see delivery.SecretFor.
	WebhookKey []byte
}

// The codes of messages that nobody gets any more.
const (
	UnknownPerson = "unknown_person" // who isn't in the directory any more
	MayNotKnow    = "may_not_know"   // who became a subject, or for whom the complaint was closed, since the message was queued
)

// Clerk puts the letters of one complaint together from the coded messages.
type Clerk interface {
	// Write makes the letter of a queued message. A *delivery.Failure says that it can never be
	// sent; any other error is the database's.
	Write(ctx context.Context, queued outbox.Message) (delivery.Letter, error)
}

// leastLinkLife is what must be left of a link that is sent again.
const leastLinkLife = 7 * 24 * time.Hour

// About reads what is known of a complaint at this moment, once for all its messages that leave
// together.
func (w *Writer) About(ctx context.Context, number string) (Clerk, error) {
	file, err := w.Reading.Complaint(ctx, number)
	if err != nil {
		return nil, err
	}
	rules, err := w.Rulebook.Version(ctx, file.Terms.Procedure, file.Terms.Version)
	if err != nil {
		return nil, err
	}
	return &dossier{Writer: w, file: file, rules: rules}, nil
}

// dossier is what is known of one complaint, for as long as its letters are written.
type dossier struct {
	*Writer
	file  reading.File
	rules *procedure.Procedure
}

// Write is that of a Clerk.
func (d *dossier) Write(ctx context.Context, queued outbox.Message) (delivery.Letter, error) {
	letter := delivery.Letter{Message: queued.Message, Number: queued.Number, QueuedAt: queued.QueuedAt}
	template, err := message.Named(queued.Template)
	if err != nil {
		return letter, never(delivery.CannotRender)
	}
	now := d.Rulebook.Now()
	people, known := now.Directory(d.rules.ID)
	if !known {
		people = &directory.Directory{}
	}
	var greet string
	if letter.ToCustomer() {
		letter.Language = d.file.Customer.Language
		if d.file.RegisteredBy != complaint.Customer { // on the web anybody may write anything as anybody's name
			greet = d.file.Customer.Name
		}
		letter.To.Email = d.file.Customer.Email
	} else {
		person, known := people.People[queued.To]
		if !known {
			return letter, never(UnknownPerson)
		}
		if !template.DisclosesNothing() && !d.file.MayBeToldTo(queued.To) {
			return letter, delivery.Nobody(MayNotKnow)
		}
		letter.Language = person.Language
		greet = person.Name.In(letter.Language)
		letter.To.Email = person.Email
		if person.Webhook != "" {
			letter.To.Webhook = delivery.Endpoint{URL: person.Webhook, Secret: delivery.SecretFor(d.WebhookKey, person.ID)}
		}
	}
	s := Scene{File: d.file, Rules: d.rules, People: people, Queued: queued, Template: template, Language: letter.Language, Now: time.Now()}
	if queued.Tells != "" {
		if s.Told, err = d.Submissions.One(ctx, queued.Tells); err != nil {
			return letter, err
		}
		if mayKnow, err := d.mayKnowTie(ctx, s.Told, queued.To); err != nil {
			return letter, err
		} else if !mayKnow {
			if s.Told, err = s.Told.WithoutTie(); err != nil {
				return letter, err
			}
		}
	}
	if letter.Data, err = s.Data(); err != nil {
		return letter, err
	}
	letter.Data.Recipient = greet
	if template.DisclosesNothing() {
		letter.Number, letter.Message.ID = "", d.pseudonym(queued.ID)
	}
	if calendar, known := now.Calendars()[d.rules.Calendar]; known {
		letter.Data.Zone = calendar.Zone()
	}
	switch {
	case !letter.ToCustomer():
		letter.Data.Link = strings.ReplaceAll(d.CaseURL, "{number}", letter.Number)
	case template == message.CustomerCampaign:
		err = d.question(ctx, &letter)
	case queued.Link != "":
		letter.Data.Link, err = d.link(ctx, queued)
	}
	return letter, err
}

// mayKnowTie: may somebody be told of the complaint to which a step links this one? That this one
// is theirs doesn't say so.
func (d *dossier) mayKnowTie(ctx context.Context, said submission.Stored, to complaint.PersonID) (bool, error) {
	if said.Facts.Linked == nil {
		return true, nil
	}
	other, err := d.Reading.Complaint(ctx, said.Facts.Linked.Number)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	actor, _, stranger := d.Rulebook.Now().Actor(to, time.Now())
	return err == nil && stranger == nil && other.Visible(actor), err
}

// never says that a letter can never be sent.
func never(code string) *delivery.Failure { return &delivery.Failure{Code: code, Permanent: true} }

// link is the address of the signed link that a message carries. A message that
// is tried again, and a reminder, carry the link that was issued before; after
// somebody revoked it they carry none.
func (d *dossier) link(ctx context.Context, queued outbox.Message) (string, error) {
	purpose, subject := link.Purpose(queued.Link), 0
	switch purpose {
	case link.Answer:
		subject = queued.ProposalRevision
	case link.Rate:
		subject = queued.Callback
	case link.Contest, link.Withdraw, link.Appeal:
		subject = d.file.Reopened
	}
	if purpose.Life() == 0 {
		return "", never(delivery.CannotRender)
	}
	issued, err := d.Issued.For(ctx, queued.Number, purpose, subject, time.Now(), leastLinkLife, purpose.Life())
	if errors.Is(err, links.ErrRevoked) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return d.address(issued)
}

// address is where a link leads.
func (w *Writer) address(issued links.Link) (string, error) {
	path, err := w.Links.Path(issued.ID, link.Link{Number: issued.Number, Purpose: issued.Purpose, Subject: issued.Subject, ExpiresAt: issued.ExpiresAt})
	return w.PublicURL + path, err
}
