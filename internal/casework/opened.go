package casework

import (
	"context"
	"errors"
	"slices"

	"recourse/internal/complaint"
	"recourse/internal/message"
	"recourse/internal/procedure"
	"recourse/internal/store"
	"recourse/internal/store/attachment"
	"recourse/internal/store/links"
	"recourse/internal/store/outbox"
	"recourse/internal/store/reading"
	"recourse/internal/store/record"
	"recourse/internal/store/submission"
)

// Opened is a complaint that the caller may know of: what belongs to it is read by way of it alone.
type Opened struct {
	reading.File
	// Rules is the version of the procedure by which the complaint goes.
	Rules  *procedure.Procedure
	who    Caller
	office *Office
}

// Open looks a complaint up for the caller. To whoever may not know of it, it doesn't exist.
func (o *Office) Open(ctx context.Context, who Caller, number string) (Opened, error) {
	if err := o.InOrganisation(who, number); err != nil {
		return Opened{}, err
	}
	file, err := o.visible(ctx, number, who.Actor)
	if err != nil {
		return Opened{}, err
	}
	rules, err := o.rules(ctx, &file.Complaint)
	return Opened{File: file, Rules: rules, who: who, office: o}, err
}

// AsItLives is the complaint in the state in which the running workflow has it.
func (o Opened) AsItLives(ctx context.Context) (Opened, error) {
	state, err := o.office.Lives.state(ctx, o.Number)
	switch {
	case errors.Is(err, ErrNoLife) && o.Over():
		return o, &complaint.Refusal{Code: complaint.CodeClosed, Reason: complaint.ReasonClosed, Stage: o.Stage, Allowed: []complaint.StepName{}}
	case errors.Is(err, ErrNoLife):
		return o, ErrUnanswered
	case err != nil:
		return o, err
	case state.Recorded == 0: // it doesn't know of its registration yet
		return o, ErrUnanswered
	case !state.Visible(o.who.Actor):
		return o, ErrNotFound
	}
	o.Complaint = state
	return o, nil
}

// Allowed are the steps that would be taken from the caller now; later are those that open by
// themselves. There are none while no workflow has taken the complaint up.
func (o Opened) Allowed() (now []complaint.StepName, later []complaint.Opening) {
	if o.Standing == reading.Pending {
		return []complaint.StepName{}, nil
	}
	at := o.office.Now()
	return o.Complaint.Allowed(o.who.Actor, at), o.Complaint.AllowedLater(o.who.Actor, at)
}

// Submissions are what was said, oldest first; of a tie to a complaint of which the caller may not
// know, that there is one.
func (o Opened) Submissions(ctx context.Context) ([]submission.Stored, error) {
	said, err := o.office.Submissions.Of(ctx, o.Number)
	if err != nil {
		return nil, err
	}
	hidden := o.hidden()
	for i, one := range said {
		is, err := hidden(ctx, one.Facts.Linked)
		if err != nil {
			return nil, err
		}
		if is {
			if said[i], err = one.WithoutTie(); err != nil {
				return nil, err
			}
		}
	}
	return said, nil
}

// Record are so many rows of the record after a place, oldest first. Of a tie to a complaint of
// which the caller may not know they have neither its number nor who has it.
func (o Opened) Record(ctx context.Context, after, limit int) ([]record.Row, error) {
	rows, err := o.office.Record.Page(ctx, o.Number, after, limit)
	if err != nil {
		return nil, err
	}
	hidden := o.hidden()
	for i, row := range rows {
		switch {
		case row.Step != nil && row.Step.Facts.Linked != nil:
			if is, err := hidden(ctx, row.Step.Facts.Linked); err != nil || !is {
				if err != nil {
					return nil, err
				}
				continue
			}
			step := *row.Step
			step.Facts.Linked, step.Facts.Leading = nil, nil
			rows[i].Step = &step
		case row.Message != nil && row.Message.Template == message.LinkedToYours.Name():
			if is, err := o.hidesATie(ctx, hidden); err != nil || !is {
				if err != nil {
					return nil, err
				}
				continue
			}
			sent := *row.Message
			sent.To = ""
			rows[i].Message = &sent
		}
	}
	return rows, nil
}

// Messages are what was sent about it, but for what went to those who have a complaint of which the
// caller may not know.
func (o Opened) Messages(ctx context.Context) ([]outbox.Message, error) {
	sent, err := o.office.Outbox.Of(ctx, o.Number)
	if err != nil {
		return nil, err
	}
	hides, err := o.hidesATie(ctx, o.hidden())
	return slices.DeleteFunc(sent, func(m outbox.Message) bool {
		return hides && m.Template == message.LinkedToYours.Name()
	}), err
}

// hidden tells whether a tie is to a complaint of which the caller may not know; nil is none. It
// looks at each once.
func (o Opened) hidden() func(context.Context, *complaint.Linked) (bool, error) {
	looked := map[string]bool{}
	return func(ctx context.Context, linked *complaint.Linked) (bool, error) {
		if linked == nil {
			return false, nil
		}
		if is, before := looked[linked.Number]; before {
			return is, nil
		}
		_, err := o.office.visible(ctx, linked.Number, o.who.Actor)
		is := errors.Is(err, ErrNotFound) || errors.Is(err, store.ErrNotFound)
		if err != nil && !is {
			return false, err
		}
		looked[linked.Number] = is
		return is, nil
	}
}

// hidesATie: is any of its ties to a complaint of which the caller may not know?
func (o Opened) hidesATie(ctx context.Context, hidden func(context.Context, *complaint.Linked) (bool, error)) (bool, error) {
	for _, linked := range o.Complaint.Links {
		if is, err := hidden(ctx, &linked); is || err != nil {
			return is, err
		}
	}
	return false, nil
}

// Waiting is what it waits for, soonest due first.
func (o Opened) Waiting(ctx context.Context) ([]complaint.Task, error) {
	return o.office.Reading.Tasks(ctx, o.Number)
}

// Related are the complaints to which it is linked, of those that the caller may know of.
func (o Opened) Related(ctx context.Context) ([]complaint.Linked, error) {
	return o.office.Reading.Relations(ctx, o.who.viewer(), o.Number)
}

// Clocks are its clocks, and the steps that changed them, by the places in the record of those
// changes: what the procedure decides upon a step follows it in the record, at the same time.
func (o Opened) Clocks(ctx context.Context) (clocks []reading.Clock, causes map[int]complaint.Event, err error) {
	if clocks, err = o.office.Reading.Clocks(ctx, o.Number); err != nil {
		return nil, nil, err
	}
	causes = map[int]complaint.Event{}
	var before []record.Row
	for _, clock := range clocks {
		for _, changed := range clock.Ledger {
			if changed.Kind != complaint.DeadlineChanged {
				continue
			}
			if len(before) == 0 || changed.Sequence <= before[0].Sequence || changed.Sequence > before[len(before)-1].Sequence {
				if before, err = o.Record(ctx, max(0, changed.Sequence-rowsOfAStep), rowsOfAStep); err != nil {
					return nil, nil, err
				}
			}
			for _, row := range before {
				if row.Sequence < changed.Sequence && row.Kind == complaint.StepTaken && row.At.Equal(changed.At) {
					causes[changed.Sequence] = row.Event
				}
			}
		}
	}
	return clocks, causes, nil
}

// rowsOfAStep is how far back the step of a change is looked for.
const rowsOfAStep = 100

// Links are the customer's links to it.
func (o Opened) Links(ctx context.Context) ([]links.Link, error) {
	return o.office.Issued.Of(ctx, o.Number)
}

// RevokeLink ends a customer's link. Whoever has the complaint in hand may; once ended it stays so.
func (o Opened) RevokeLink(ctx context.Context, id string) error {
	if o.Complaint.People.Owner != o.who.Person && !o.who.Has(complaint.Agent, complaint.ServiceManager, complaint.Director, complaint.GeneralManager, complaint.Administrator) {
		return ErrForbidden
	}
	issued, err := o.Links(ctx)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(issued, func(l links.Link) bool { return l.ID == id }) {
		return ErrNotFound
	}
	err = o.office.Issued.Revoke(ctx, o.Number, id, string(o.who.Person))
	if errors.Is(err, store.ErrNotFound) { // it was revoked before
		return nil
	}
	return err
}

// MayAttach errs with ErrForbidden for whoever may not add a file: those may who may add a note.
func (o Opened) MayAttach() error {
	if now, _ := o.Allowed(); !slices.Contains(now, complaint.Note) {
		return ErrForbidden
	}
	return nil
}

// Attach keeps a file. The same file of the same person is one file, however often it is sent.
func (o Opened) Attach(ctx context.Context, name, mediaType string, content []byte) (attachment.Attachment, error) {
	if err := o.MayAttach(); err != nil {
		return attachment.Attachment{}, err
	}
	return o.office.Attachments.Add(ctx, attachment.Attachment{Number: o.Number, Name: name, MediaType: mediaType, Content: content, AddedBy: o.who.Person})
}

// Attachments are its files, without their content.
func (o Opened) Attachments(ctx context.Context) ([]attachment.Attachment, error) {
	return o.office.Attachments.Of(ctx, o.Number)
}

// Attachment is one of its files.
func (o Opened) Attachment(ctx context.Context, id string) (attachment.Attachment, error) {
	file, err := o.office.Attachments.One(ctx, o.Number, id)
	if err == nil && file.Erased {
		return file, ErrNotFound
	}
	return file, err
}
