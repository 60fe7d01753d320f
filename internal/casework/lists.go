package casework

import (
	"context"
	"maps"
	"slices"
	"sort"

	"recourse/internal/complaint"
	"recourse/internal/store"
	"recourse/internal/store/reading"
)

// Complaints lists what the caller may know of, newest first.
func (o *Office) Complaints(ctx context.Context, who Caller, filter reading.Filter, cursor store.Cursor, limit int) ([]reading.Listed, store.Cursor, error) {
	if filter.Procedure != "" && filter.Procedure != who.Organisation {
		return nil, "", nil
	}
	filter.Procedure, filter.Now = "", o.Now() // the viewer has it
	return o.Reading.List(ctx, who.viewer(), filter, cursor, limit)
}

// Tasks are an inbox: what is the person's own, what is anybody's who holds one of their roles, and
// what waits beside the main course. Without a person it is the caller's; of others only those who
// manage them may look into it.
func (o *Office) Tasks(ctx context.Context, who Caller, person complaint.PersonID, cursor store.Cursor, limit int) ([]reading.InboxTask, store.Cursor, error) {
	whose := who.Actor
	if person != "" && person != who.Person {
		actor, organisation, err := o.Rulebook.Now().Actor(person, o.Now())
		if err != nil || organisation != who.Organisation {
			return nil, "", ErrNotFound
		}
		if !o.manages(who, actor) {
			return nil, "", ErrForbidden
		}
		whose = actor
	}
	return o.Reading.Inbox(ctx, who.viewer(), whose.Person, whose.Roles, cursor, limit)
}

// manages reports whether the caller may look into somebody's inbox.
func (o *Office) manages(who Caller, whose complaint.Actor) bool {
	if who.Has(complaint.ServiceManager, complaint.Director, complaint.GeneralManager, complaint.Headquarters, complaint.Auditor) {
		return true
	}
	rules, followed := o.Rulebook.Now().Procedure(who.Organisation)
	return followed && who.Has(rules.Duty(complaint.DepartmentHead, whose.Department))
}

// OpenMatters are the ledger of open matters (未了事宜).
func (o *Office) OpenMatters(ctx context.Context, who Caller, cursor store.Cursor, limit int) ([]reading.ListedMatter, store.Cursor, error) {
	return o.Reading.OpenMatters(ctx, who.viewer(), cursor, limit)
}

// Employees are the people of the caller's organisation, of one department where it is named, as
// they act now; next is the cursor of the page behind this one, empty when there is none.
func (o *Office) Employees(who Caller, department, cursor string, limit int) (employees []complaint.Actor, next string, err error) {
	edition, people := o.Rulebook.Now(), o.People(who.Organisation).People
	ids := slices.Sorted(maps.Keys(people))
	begin := sort.Search(len(ids), func(i int) bool { return string(ids[i]) > cursor })
	for _, id := range ids[begin:] {
		if department != "" && department != people[id].Department {
			continue
		}
		if len(employees) == limit {
			return employees, string(employees[limit-1].Person), nil
		}
		actor, _, err := edition.Actor(id, o.Now())
		if err != nil {
			return nil, "", err
		}
		employees = append(employees, actor)
	}
	return employees, "", nil
}
