package casework

import (
	"cmp"
	"context"
	"errors"

	"recourse/internal/complaint"
	"recourse/internal/procedure"
	"recourse/internal/rulebook"
	"recourse/internal/store"
	"recourse/internal/store/published"
	"recourse/internal/yamlfile"
)

// WrongDocument lists what is wrong with the text of a procedure, a calendar or a directory, each
// with its line and column.
type WrongDocument struct{ Problems yamlfile.Problems }

// Error lists what is wrong.
func (w *WrongDocument) Error() string { return w.Problems.Error() }

func wrongDocument(err error) error {
	if problems, are := errors.AsType[yamlfile.Problems](err); are {
		return &WrongDocument{problems}
	}
	return err
}

// Procedure is one version of a procedure as it was published, and read; version 0 is the newest.
func (o *Office) Procedure(ctx context.Context, id string, version int) (published.Document, *procedure.Procedure, error) {
	newest, known := o.Rulebook.Now().Procedure(id)
	if !known {
		return published.Document{}, nil, ErrNotFound
	}
	version = cmp.Or(version, newest.Version)
	document, err := o.Published.Version(ctx, published.Procedure, id, version)
	if err != nil {
		return document, nil, err
	}
	rules, err := o.Rulebook.Version(ctx, id, version)
	return document, rules, err
}

// MayPublish errs with ErrForbidden for whoever mustn't publish a document: it is for the
// administrators of its organisation. A new organisation has none until its procedure is published:
// any administrator begins one, and goes on with what they have begun. A calendar is for the
// administrators of those who go by it, and for any where nobody does.
func (o *Office) MayPublish(ctx context.Context, who Caller, kind published.Kind, id string) error {
	if !who.Has(complaint.Administrator) {
		return ErrForbidden
	}
	edition := o.Rulebook.Now()
	if kind == published.Calendar {
		foreign := false
		for organisation, p := range edition.Procedures() {
			if p.Calendar == id && organisation == who.Organisation {
				return nil
			}
			foreign = foreign || p.Calendar == id
		}
		if foreign {
			return ErrForbidden
		}
		return nil
	}
	if id == who.Organisation {
		return nil
	}
	if _, begun := edition.Procedure(id); begun {
		return ErrForbidden
	}
	for _, kind := range []published.Kind{published.Directory, published.Procedure} {
		newest, err := o.Published.Newest(ctx, kind, id)
		if err == nil && newest.PublishedBy != string(who.Person) {
			return ErrForbidden
		}
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
	}
	return nil
}

// Publish checks a text whole and makes it the next version. The text must be UTF-8 without U+0000.
// Of a directory it says in which complaints, of those that the caller may know of, something has
// moved on from whoever left or was relieved of a duty; more reports that others follow. The error
// is a *WrongDocument for a text with mistakes, or one that doesn't fit with what is in force.
func (o *Office) Publish(ctx context.Context, who Caller, kind published.Kind, id, text string) (done published.Document, moved []string, more bool, err error) {
	if err := o.Rulebook.Refresh(ctx); err != nil { // to compare with what is in force now
		return done, nil, false, err
	}
	if err := o.MayPublish(ctx, who, kind, id); err != nil {
		return done, nil, false, err
	}
	if _, err := o.checked(kind, id, text); err != nil {
		return done, nil, false, err
	}
	if done, err = o.Published.Publish(ctx, kind, id, text, string(who.Person)); err != nil {
		return done, nil, false, err
	}
	if err := o.Rulebook.Refresh(ctx); err != nil {
		return done, nil, false, err
	}
	if kind == published.Directory {
		moved, more = o.followNow(ctx, who, id)
	}
	return done, moved, more, nil
}

// checked is what is in force with a text in its place.
func (o *Office) checked(kind published.Kind, id, text string) (*rulebook.Edition, error) {
	edition := o.Rulebook.Now()
	file := rulebook.File{Kind: kind, ID: id, Name: id + ".yaml", Text: []byte(text)}
	with, err := edition.WithFiles(file)
	if err == nil {
		err = edition.Fits(with, []rulebook.File{file})
	}
	if err == nil && kind == published.Procedure {
		read, _ := with.Procedure(id)
		err = read.CheckCovers(with.Calendars(), o.Now())
	}
	return with, wrongDocument(err)
}
