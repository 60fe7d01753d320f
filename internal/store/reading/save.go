package reading

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"recourse/internal/complaint"
	"recourse/internal/store"
	"recourse/internal/store/reading/db"
)

// Save brings the read model up to a write, as part of its transaction. head is the hash of the
// last row of the record.
func Save(ctx context.Context, tx db.DBTX, write complaint.Write, head []byte) error {
	q := db.New(tx)
	row, err := rowOf(write, head)
	if err != nil {
		return err
	}
	if err := q.SaveComplaint(ctx, row); err != nil {
		return err
	}
	if clocks := clocksOf(write); len(clocks.Names) > 0 {
		if err := q.SaveClocks(ctx, clocks); err != nil {
			return err
		}
	}
	for _, save := range []func(context.Context, *db.Queries, complaint.Write) error{saveTasks, saveSides, saveRelations} {
		if err := save(ctx, q, write); err != nil {
			return err
		}
	}
	return nil
}

// noDue stands for the due time of a task that no deadline waits for, so that it sorts last.
var noDue = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)

// rowOf is a complaint's row of the list after a write.
func rowOf(write complaint.Write, head []byte) (db.SaveComplaintParams, error) {
	c := &write.Complaint
	state, err := json.Marshal(c)
	if err != nil {
		return db.SaveComplaintParams{}, fmt.Errorf("encode the complaint %s: %w", c.Number, err)
	}
	row := db.SaveComplaintParams{
		Number: c.Number, Procedure: c.Terms.Procedure, ProcedureVersion: int32(c.Terms.Version),
		Stage: string(c.Stage), StageSince: orFirst(c.StageSince, write), Revision: int32(c.Revision), Recorded: int32(c.Recorded), HeadHash: head,
		Department: c.People.Department, Agent: string(c.People.Agent), Owner: string(c.People.Owner), Handler: string(c.People.Handler),
		RegisteredBy: string(c.RegisteredBy), Participants: keysOf(c.Audience()), Subjects: store.Texts(c.KeptOut()), SeenBy: store.Texts(c.People.SeenBy),
		Kind: string(c.Kind()), Category: c.Category(), Severity: string(c.Severity()), Channel: c.Registration.Channel, Tier: int32(c.Tier()),
		ReceivedAt: orFirst(c.RegisteredAt, write), ClosedAt: c.ClosedAt, Outcome: string(c.Outcome), Satisfaction: string(c.Satisfaction), State: state,
	}
	if c.Terms.Procedure == "" { // not yet promised anything
		row.Procedure, row.ProcedureVersion = c.Registration.Procedure, int32(c.Registration.Version)
	}
	if due, there := c.NextDue(); there {
		row.NextDue, row.NextDeadline = &due.DueAt, due.Name
	}
	if matter, resting := c.Suspended(); resting {
		row.SuspendedUntil = &matter.Until
	}
	for _, matter := range c.Matters {
		if !matter.Over {
			row.OpenMatters++
		}
	}
	return row, nil
}

// dateOf is when what a write tells of began: its first row's time.
func dateOf(write complaint.Write) time.Time { return write.Rows()[0].At }

func orFirst(at time.Time, write complaint.Write) time.Time {
	if at.IsZero() {
		return dateOf(write)
	}
	return at
}

// clocksOf are the deadline rounds that a write touches, each as it is after it.
func clocksOf(write complaint.Write) db.SaveClocksParams {
	touched := map[string]complaint.Deadline{}
	var order []string
	touch := func(d complaint.Deadline) {
		key := fmt.Sprintf("%s/%d", d.Name, d.Round)
		if _, known := touched[key]; !known {
			order = append(order, key)
		}
		touched[key] = d
	}
	for _, event := range write.Rows() {
		if event.Deadline != nil {
			touch(*event.Deadline)
		}
	}
	for _, deadline := range write.Complaint.Deadlines { // rungs that fired, and lapses, are only here
		touch(deadline)
	}
	clocks := db.SaveClocksParams{Number: write.Complaint.Number, Department: write.Complaint.People.Department, Handler: string(write.Complaint.People.Handler)}
	for _, key := range order {
		d := touched[key]
		clocks.Names, clocks.Rounds = append(clocks.Names, d.Name), append(clocks.Rounds, int32(d.Round))
		clocks.Withins, clocks.Calendars = append(clocks.Withins, d.Within), append(clocks.Calendars, d.Calendar)
		clocks.Started, clocks.Due = append(clocks.Started, d.StartedAt), append(clocks.Due, d.DueAt)
		clocks.States, clocks.Ended = append(clocks.States, string(d.State)), append(clocks.Ended, timeOrZero(d.EndedAt))
		clocks.Lapsed, clocks.Paused = append(clocks.Lapsed, timeOrZero(d.LapsedAt)), append(clocks.Paused, timeOrZero(d.PausedAt))
		clocks.Tiers = append(clocks.Tiers, int32(d.Tier()))
	}
	return clocks
}

func saveTasks(ctx context.Context, q *db.Queries, write complaint.Write) error {
	saved := db.SaveTasksParams{Number: write.Complaint.Number, Since: dateOf(write),
		Kinds: []string{}, Persons: []string{}, Roles: []string{}, Details: []string{}, Dues: []time.Time{}}
	tasks := write.Complaint.Tasks()
	for i, task := range tasks {
		if slices.ContainsFunc(tasks[:i], func(other complaint.Task) bool { return sameTask(task, other) }) {
			continue
		}
		due := noDue
		if task.Due != nil {
			due = *task.Due
		}
		saved.Kinds, saved.Persons = append(saved.Kinds, string(task.Kind)), append(saved.Persons, string(task.Person))
		saved.Roles, saved.Details = append(saved.Roles, string(task.Role)), append(saved.Details, task.Detail)
		saved.Dues = append(saved.Dues, due)
	}
	if err := q.DropTasks(ctx, db.DropTasksParams{Number: write.Complaint.Number, Kinds: saved.Kinds, Persons: saved.Persons, Roles: saved.Roles, Details: saved.Details}); err != nil {
		return err
	}
	if len(saved.Kinds) == 0 {
		return nil
	}
	return q.SaveTasks(ctx, saved)
}

func sameTask(a, b complaint.Task) bool {
	return a.Kind == b.Kind && a.Person == b.Person && a.Role == b.Role && a.Detail == b.Detail
}

func saveSides(ctx context.Context, q *db.Queries, write complaint.Write) error {
	if len(write.Complaint.Sides) == 0 {
		return nil
	}
	sides := db.SaveSidesParams{Number: write.Complaint.Number, OpenedAt: dateOf(write)}
	for _, side := range write.Complaint.Sides {
		sides.Kinds, sides.Ids, sides.States = append(sides.Kinds, side.Kind), append(sides.Ids, side.ID), append(sides.States, side.State)
		sides.Persons, sides.Dues = append(sides.Persons, string(side.Person)), append(sides.Dues, timeOrZero(side.Due))
	}
	return q.SaveSides(ctx, sides)
}

// saveRelations lets the complaint to which a step linked this one know.
func saveRelations(ctx context.Context, q *db.Queries, write complaint.Write) error {
	for _, event := range write.Rows() {
		if event.Kind != complaint.StepTaken || event.Step == nil || event.Step.Name != complaint.Link || event.Step.Facts.Linked == nil {
			continue
		}
		linked := event.Step.Facts.Linked
		if err := q.SaveRelation(ctx, db.SaveRelationParams{Number: write.Complaint.Number, Target: linked.Number, Relation: string(linked.Relation), Since: event.At}); err != nil {
			return err
		}
	}
	return nil
}

func timeOrZero(at *time.Time) time.Time {
	if at == nil {
		return time.Time{}
	}
	return *at
}
