package reading

import (
	"context"
	"time"

	"recourse/internal/complaint"
	"recourse/internal/store"
	"recourse/internal/store/reading/db"
)

// InboxTask is one line of somebody's inbox.
type InboxTask struct {
	complaint.Task
	Number string
	// Side is the kind of the process beside the main course whose step this is ("accountability"),
	// and Detail its ID there; empty for the complaint's own tasks.
	Side       string
	Since      time.Time // when the task arose, or the process beside
	Stage      complaint.Stage
	Category   string
	Severity   complaint.Severity
	Procedure  string
	Tier       int
	ReceivedAt time.Time
	// Customer is how the customer is called, and FirstWords how what they told begins, where the
	// viewer may know of the complaint.
	Customer, FirstWords string
}

func taskFrom(row db.Task) complaint.Task {
	task := complaint.Task{Kind: complaint.StepName(row.Kind), Person: complaint.PersonID(row.Person), Role: complaint.Role(row.Role), Detail: row.Detail}
	if row.Due.Before(noDue) {
		task.Due = store.UTC(&row.Due)
	}
	return task
}

// Tasks returns what is open on a complaint, soonest due first.
func (s *Store) Tasks(ctx context.Context, number string) ([]complaint.Task, error) {
	rows, err := s.queries.TasksOfComplaint(ctx, number)
	return store.All(rows, err, func(row db.Task) (complaint.Task, error) { return taskFrom(row), nil }, "read the tasks of %s", number)
}

// Inbox returns what waits for a person who holds roles: their own tasks, those of the roles that
// are nobody's yet, and the steps of processes beside the main course; soonest due first, those
// without a due time last. Viewer is who looks: the person, or somebody whose business it is to
// look in (the caller decides that), who sees no complaint that they may not know of.
func (s *Store) Inbox(ctx context.Context, viewer Viewer, person complaint.PersonID, roles []complaint.Role, cursor store.Cursor, limit int) ([]InboxTask, store.Cursor, error) {
	limit = store.PageSize(limit)
	arguments := db.InboxParams{Person: string(person), Roles: store.Texts(roles), Procedure: viewer.Procedure, Viewer: string(viewer.Person),
		Own: viewer.Person == person, SeesAll: viewer.All, Known: viewer.keys(), PageSize: int32(limit + 1)}
	if err := cursor.Read("inbox", &arguments.AfterDue, &arguments.AfterNumber, &arguments.AfterKind, &arguments.AfterPerson,
		&arguments.AfterRole, &arguments.AfterDetail, &arguments.AfterSide); err != nil {
		return nil, "", err
	}
	rows, err := s.queries.Inbox(ctx, arguments)
	rows, next := store.Page(rows, limit, func(last db.InboxRow) store.Cursor {
		return store.CursorAfter("inbox", last.Due, last.Number, last.Kind, last.Person, last.Role, last.Detail, last.Side)
	})
	tasks, err := store.All(rows, err, func(row db.InboxRow) (InboxTask, error) {
		return InboxTask{
			Task:   taskFrom(db.Task{Kind: row.Kind, Person: row.Person, Role: row.Role, Detail: row.Detail, Due: row.Due}),
			Number: row.Number, Side: row.Side, Since: row.Since.UTC(), Stage: complaint.Stage(row.Stage), Category: row.Category,
			Severity: complaint.Severity(row.Severity), Procedure: row.Procedure, Tier: int(row.Tier), ReceivedAt: row.ReceivedAt.UTC(),
			Customer: row.Customer, FirstWords: row.FirstWords,
		}, nil
	}, "read the inbox of %s", person)
	return tasks, next, err
}

// ListedMatter is one line of the ledger of open matters (未了事宜).
type ListedMatter struct {
	complaint.OpenMatter
	Complaint  string // its number
	Procedure  string
	Department string
	Owner      complaint.PersonID
	Handler    complaint.PersonID
}

// OpenMatters returns the open matters of the complaints that viewer may know of, by number.
func (s *Store) OpenMatters(ctx context.Context, viewer Viewer, cursor store.Cursor, limit int) ([]ListedMatter, store.Cursor, error) {
	limit = store.PageSize(limit)
	arguments := db.OpenMattersParams{Procedure: viewer.Procedure, Viewer: string(viewer.Person), SeesAll: viewer.All,
		Known: viewer.keys(), PageSize: int32(limit + 1)}
	if err := cursor.Read("open-matters", &arguments.AfterNumber, &arguments.AfterMatter); err != nil {
		return nil, "", err
	}
	rows, err := s.queries.OpenMatters(ctx, arguments)
	rows, next := store.Page(rows, limit, func(last db.OpenMattersRow) store.Cursor {
		return store.CursorAfter("open-matters", last.Number, last.Matter)
	})
	matters, err := store.All(rows, err, func(row db.OpenMattersRow) (ListedMatter, error) {
		return ListedMatter{
			Complaint: row.Number, Procedure: row.Procedure, Department: row.Department, Owner: complaint.PersonID(row.Owner), Handler: complaint.PersonID(row.Handler),
			OpenMatter: complaint.OpenMatter{Number: int(row.Matter), Kind: complaint.SuspensionKind(row.Kind), Until: row.Until.UTC(),
				By: complaint.PersonID(row.By), Active: row.Active},
		}, nil
	}, "list the open matters")
	return matters, next, err
}
