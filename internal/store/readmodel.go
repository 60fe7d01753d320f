package store

import (
	"encoding/json"
	"fmt"
	"time"

	"recourse/internal/complaint"
	"recourse/internal/store/db"
)

// noDue stands for the due time of a task that no deadline waits for, so that it sorts last.
var noDue = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)

// readModelOf is a complaint's row of the list after a write.
func readModelOf(write Write, head []byte) (db.SaveComplaintParams, error) {
	c := &write.After
	c.Number = write.Number
	state, err := json.Marshal(c)
	if err != nil {
		return db.SaveComplaintParams{}, fmt.Errorf("encode the complaint %s: %w", write.Number, err)
	}
	row := db.SaveComplaintParams{
		Number: write.Number, Procedure: c.Terms.Procedure, ProcedureVersion: int32(c.Terms.Version),
		Stage: string(c.Stage), StageSince: orFirst(c.StageSince, write), Revision: int32(c.Revision), Recorded: int32(c.Recorded), HeadHash: head,
		Department: c.People.Department, Agent: string(c.People.Agent), Owner: string(c.People.Owner), Handler: string(c.People.Handler),
		RegisteredBy: string(c.RegisteredBy), Participants: keysOf(c.Audience()), Subjects: texts(c.Subjects), SeenBy: texts(c.People.SeenBy),
		Category: c.Category(), Severity: string(c.Severity()), Channel: c.Registration.Channel, Tier: int32(c.Tier()),
		ReceivedAt: orFirst(c.RegisteredAt, write), ClosedAt: c.ClosedAt, Outcome: string(c.Outcome), Satisfaction: string(c.Satisfaction), State: state,
	}
	if c.Terms.Procedure == "" { // not yet promised anything
		row.Procedure, row.ProcedureVersion = c.Registration.Procedure, int32(c.Registration.Version)
	}
	if c.Screening != nil {
		row.Kind = string(c.Screening.Kind)
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

func orFirst(at time.Time, write Write) time.Time {
	if at.IsZero() {
		return write.Events[0].At
	}
	return at
}

// clocksOf are the deadline rounds that a write touches, each as it is after it.
func clocksOf(write Write) db.SaveClocksParams {
	touched := map[string]complaint.Deadline{}
	var order []string
	touch := func(d complaint.Deadline) {
		key := fmt.Sprintf("%s/%d", d.Name, d.Round)
		if _, known := touched[key]; !known {
			order = append(order, key)
		}
		touched[key] = d
	}
	for _, event := range write.Events {
		if event.Deadline != nil {
			touch(*event.Deadline)
		}
	}
	for _, deadline := range write.After.Deadlines { // rungs that fired, and lapses, are only here
		touch(deadline)
	}
	clocks := db.SaveClocksParams{Number: write.Number, Department: write.After.People.Department, Handler: string(write.After.People.Handler)}
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
