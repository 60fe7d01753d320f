package store

import (
	"context"
	"fmt"
	"time"

	"recourse/internal/complaint"
	"recourse/internal/store/db"
)

// InboxTask is one line of somebody's inbox.
type InboxTask struct {
	complaint.Task
	Number     string
	Since      time.Time // when the task arose
	Stage      complaint.Stage
	Category   string
	Severity   complaint.Severity
	Procedure  string
	Tier       int
	ReceivedAt time.Time
}

func taskFrom(row db.Task) complaint.Task {
	task := complaint.Task{Kind: complaint.StepName(row.Kind), Person: complaint.PersonID(row.Person), Role: complaint.Role(row.Role), Detail: row.Detail}
	if row.Due.Before(noDue) {
		task.Due = utc(&row.Due)
	}
	return task
}

// Tasks returns what is open on a complaint, soonest due first.
func (s *Store) Tasks(ctx context.Context, number string) ([]complaint.Task, error) {
	rows, err := s.queries.TasksOfComplaint(ctx, number)
	if err != nil {
		return nil, fmt.Errorf("read the tasks of %s: %w", number, err)
	}
	return decodeAll(rows, func(row db.Task) (complaint.Task, error) { return taskFrom(row), nil })
}

// Inbox returns the tasks of a person, soonest due first, those without a due time last. A subject's are never shown: nobody
// gives them any. Whether the caller may look into this person's inbox is the caller's business.
func (s *Store) Inbox(ctx context.Context, person complaint.PersonID, cursor Cursor, limit int) ([]InboxTask, Cursor, error) {
	limit = pageSize(limit)
	arguments := db.InboxParams{Person: string(person), PageSize: int32(limit + 1)}
	if err := decodeCursor(cursor, "inbox", &arguments.AfterDue, &arguments.AfterNumber, &arguments.AfterKind, &arguments.AfterRole, &arguments.AfterDetail); err != nil {
		return nil, "", err
	}
	rows, err := s.queries.Inbox(ctx, arguments)
	if err != nil {
		return nil, "", fmt.Errorf("read the inbox of %s: %w", person, err)
	}
	rows, next := page(rows, limit, func(last db.InboxRow) Cursor {
		return encodeCursor("inbox", last.Due, last.Number, last.Kind, last.Role, last.Detail)
	})
	tasks, err := decodeAll(rows, inboxTaskFrom)
	return tasks, next, err
}

// RoleInbox returns the tasks of a role that are nobody's yet, soonest due first, as far as viewer may know of their complaints.
func (s *Store) RoleInbox(ctx context.Context, role complaint.Role, viewer complaint.PersonID, cursor Cursor, limit int) ([]InboxTask, Cursor, error) {
	limit = pageSize(limit)
	arguments := db.RoleInboxParams{Role: string(role), Viewer: string(viewer), PageSize: int32(limit + 1)}
	if err := decodeCursor(cursor, "role-inbox", &arguments.AfterDue, &arguments.AfterNumber, &arguments.AfterKind, &arguments.AfterDetail); err != nil {
		return nil, "", err
	}
	rows, err := s.queries.RoleInbox(ctx, arguments)
	if err != nil {
		return nil, "", fmt.Errorf("read the inbox of the role %s: %w", role, err)
	}
	rows, next := page(rows, limit, func(last db.RoleInboxRow) Cursor {
		return encodeCursor("role-inbox", last.Due, last.Number, last.Kind, last.Detail)
	})
	tasks, err := decodeAll(rows, func(row db.RoleInboxRow) (InboxTask, error) { return inboxTaskFrom(db.InboxRow(row)) })
	return tasks, next, err
}

func inboxTaskFrom(row db.InboxRow) (InboxTask, error) {
	return InboxTask{
		Task:   taskFrom(db.Task{Kind: row.Kind, Person: row.Person, Role: row.Role, Detail: row.Detail, Due: row.Due}),
		Number: row.Number, Since: row.Since.UTC(), Stage: complaint.Stage(row.Stage), Category: row.Category,
		Severity: complaint.Severity(row.Severity), Procedure: row.Procedure, Tier: int(row.Tier), ReceivedAt: row.ReceivedAt.UTC(),
	}, nil
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
func (s *Store) OpenMatters(ctx context.Context, viewer Viewer, cursor Cursor, limit int) ([]ListedMatter, Cursor, error) {
	limit = pageSize(limit)
	arguments := db.OpenMattersParams{Viewer: string(viewer.Person), SeesAll: viewer.All, Departments: viewer.Departments, PageSize: int32(limit + 1)}
	if arguments.Departments == nil {
		arguments.Departments = []string{}
	}
	if err := decodeCursor(cursor, "open-matters", &arguments.AfterNumber, &arguments.AfterMatter); err != nil {
		return nil, "", err
	}
	rows, err := s.queries.OpenMatters(ctx, arguments)
	if err != nil {
		return nil, "", fmt.Errorf("list the open matters: %w", err)
	}
	rows, next := page(rows, limit, func(last db.OpenMattersRow) Cursor { return encodeCursor("open-matters", last.Number, last.Matter) })
	matters, err := decodeAll(rows, func(row db.OpenMattersRow) (ListedMatter, error) {
		return ListedMatter{
			Complaint: row.Number, Procedure: row.Procedure, Department: row.Department, Owner: complaint.PersonID(row.Owner), Handler: complaint.PersonID(row.Handler),
			OpenMatter: complaint.OpenMatter{Number: int(row.Matter), Kind: complaint.SuspensionKind(row.Kind), Until: row.Until.UTC(),
				By: complaint.PersonID(row.By), Active: row.Active},
		}, nil
	})
	return matters, next, err
}
