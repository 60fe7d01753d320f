package casework

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"recourse/internal/complaint"
	"recourse/internal/store"
	"recourse/internal/store/learning"
)

// Cases are the case library, for every employee.
func (o *Office) Cases(ctx context.Context, who Caller, cursor store.Cursor, limit int) ([]learning.Case, store.Cursor, error) {
	return o.Learning.Cases(ctx, who.Person, who.Organisation, cursor, limit)
}

// overseers are those who check, or ask customers, apart from any complaint.
var overseers = []complaint.Role{complaint.Headquarters, complaint.Auditor, complaint.Administrator, complaint.GeneralManager, complaint.Director}

// samples reports whether the caller draws spot checks, and records what they found.
func (o *Office) samples(who Caller) bool {
	rules, known := o.Rulebook.Now().Procedure(who.Organisation)
	return known && who.Has(rules.SamplesBy()...)
}

// SpotChecks are what was drawn and found.
func (o *Office) SpotChecks(ctx context.Context, who Caller, cursor store.Cursor, limit int) ([]learning.SpotCheck, store.Cursor, error) {
	if !who.Has(overseers...) && !o.samples(who) {
		return nil, "", ErrForbidden
	}
	return o.Learning.SpotChecks(ctx, who.Person, who.Organisation, cursor, limit)
}

// DrawSpotCheck draws a random sample (抽查) of the complaints received from a time until another;
// the zero time is now.
func (o *Office) DrawSpotCheck(ctx context.Context, who Caller, from, until time.Time, size int) ([]learning.SpotCheck, error) {
	if !o.samples(who) {
		return nil, ErrForbidden
	}
	until, err := o.until(from, until)
	if err != nil {
		return nil, err
	}
	return o.Learning.DrawSpotCheck(ctx, learning.Draw{Procedure: who.Organisation, From: from, To: until, Size: learning.Exactly(size), By: who.Person})
}

// RecordSpotCheck keeps what somebody found who looked.
func (o *Office) RecordSpotCheck(ctx context.Context, who Caller, draw, number, finding string) error {
	if !o.samples(who) {
		return ErrForbidden
	}
	if err := o.InOrganisation(who, number); err != nil {
		return err
	}
	return o.Learning.RecordSpotCheck(ctx, draw, number, finding, who.Person)
}

// until is when a time of receiving ends: now, where that is left out.
func (o *Office) until(from, to time.Time) (time.Time, error) {
	switch now := o.Now(); {
	case to.IsZero() && !from.Before(now):
		return to, violation("/received_from", "begins_later", "")
	case to.IsZero():
		return now, nil
	case !from.Before(to):
		return to, violation("/received_to", "ends_before_it_begins", "")
	}
	return to, nil
}

// Campaigns are the newest satisfaction campaigns.
func (o *Office) Campaigns(ctx context.Context, who Caller, cursor store.Cursor, limit int) ([]learning.Campaign, store.Cursor, error) {
	if !who.Has(append(overseers, complaint.ServiceManager)...) {
		return nil, "", ErrForbidden
	}
	return o.Learning.Campaigns(ctx, who.Person, who.Organisation, cursor, limit)
}

// NewCampaign says whom a campaign asks: so many of the customers whose complaints were received
// from a time until another, which is now for the zero time.
type NewCampaign struct {
	Name        string
	ClosesAt    time.Time
	From, Until time.Time
	Size        int
}

// StartCampaign draws customers and asks those who left an address; numbers are the complaints that
// were drawn. One of the same name that is still open is that one.
func (o *Office) StartCampaign(ctx context.Context, who Caller, said NewCampaign) (campaign learning.Campaign, numbers []string, err error) {
	if !who.Has(complaint.ServiceManager, complaint.Director, complaint.Headquarters, complaint.Administrator) {
		return learning.Campaign{}, nil, ErrForbidden
	}
	until, err := o.until(said.From, said.Until)
	if err != nil {
		return learning.Campaign{}, nil, err
	}
	if !said.ClosesAt.After(o.Now()) {
		return learning.Campaign{}, nil, violation("/closes_at", complaint.ReasonDateInPast, "")
	}
	closes := said.ClosesAt.UTC()
	id := uuid.NewSHA1(campaigns, []byte(strings.Join([]string{who.Organisation, said.Name, closes.Format(time.RFC3339Nano)}, "\x00")))
	return o.Learning.StartCampaign(ctx, learning.Campaign{ID: id.String(), Procedure: who.Organisation, Name: said.Name, StartedBy: who.Person,
		ClosesAt: closes}, said.From, until, learning.Exactly(said.Size))
}

// campaigns is where the IDs of campaigns that people start are taken from: the same campaign has
// the same ID, whoever else starts it at this moment.
var campaigns = uuid.MustParse("5b0a3c86-0c5e-4b0e-9b58-5f5c7f1f2d61")

// Erase takes the personal data of a complaint away. The record and the clocks stay. An
// administrator does it by the number, without reading the complaint, be it closed to people named;
// but not where they are its subject. Requested says by whom it was asked for.
func (o *Office) Erase(ctx context.Context, who Caller, number, requested string) error {
	if !who.Has(complaint.Administrator) {
		if _, err := o.Open(ctx, who, number); err != nil {
			return err
		}
		return ErrForbidden
	}
	if err := o.InOrganisation(who, number); err != nil {
		return err
	}
	file, err := o.Reading.Complaint(ctx, number)
	if err != nil {
		return err
	}
	if slices.Contains(file.KeptOut(), who.Person) {
		return ErrNotFound
	}
	if err := o.Erasure.Erase(ctx, number, who.Person); err != nil {
		return err
	}
	o.Log.InfoContext(ctx, "personal data erased", "number", number, "by", who.Person, "requested_by", requested)
	return nil
}
