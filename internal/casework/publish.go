package casework

import (
	"cmp"
	"context"
	"errors"

	"recourse/internal/complaint"
	"recourse/internal/procedure"
	"recourse/internal/store/published"
	"recourse/internal/yamlfile"
)

// WrongProcedure lists what is wrong with a procedure's text, each with its line and column.
type WrongProcedure struct{ Problems yamlfile.Problems }

// Error lists what is wrong.
func (w *WrongProcedure) Error() string { return w.Problems.Error() }

func wrongProcedure(err error) error {
	if problems, are := errors.AsType[yamlfile.Problems](err); are {
		return &WrongProcedure{problems}
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
	published, err := o.Published.Procedure(ctx, id, version)
	if err != nil {
		return published, nil, err
	}
	rules, err := o.Rulebook.Version(ctx, id, version)
	return published, rules, err
}

// MayPublish errs with ErrForbidden for anybody but an administrator of the organisation.
func (c Caller) MayPublish(id string) error {
	if !c.Has(complaint.Administrator) || id != c.Organisation {
		return ErrForbidden
	}
	return nil
}

// PublishProcedure checks a text whole and makes it the next version. The text must be UTF-8
// without U+0000.
func (o *Office) PublishProcedure(ctx context.Context, who Caller, id, text string) (published.Document, error) {
	if err := who.MayPublish(id); err != nil {
		return published.Document{}, err
	}
	if err := o.Rulebook.Refresh(ctx); err != nil { // to compare with what is in force now
		return published.Document{}, err
	}
	edition := o.Rulebook.Now()
	rules, err := procedure.Parse(id+".yaml", []byte(text))
	if err != nil {
		return published.Document{}, wrongProcedure(err)
	}
	if rules.ID != id {
		return published.Document{}, violation("/procedure", "other_procedure", rules.ID)
	}
	people, known := edition.Directory(id)
	if !known {
		return published.Document{}, ErrNotFound
	}
	for _, wrong := range []error{rules.Check(edition.Calendars(), people), rules.CheckCovers(edition.Calendars(), o.Now()), rules.CheckNumbers(edition.Procedures())} {
		if wrong != nil {
			return published.Document{}, wrongProcedure(wrong)
		}
	}
	published, err := o.Published.PublishProcedure(ctx, id, text, string(who.Person))
	if err != nil {
		return published, err
	}
	return published, o.Rulebook.Refresh(ctx)
}
