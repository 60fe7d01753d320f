// Package schedule says what a job is that comes round by itself, and keeps Temporal's schedules in
// step with the procedures in force.
package schedule

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	common "go.temporal.io/api/common/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"

	"recourse/internal/rulebook"
	"recourse/workflows"
)

// Keeper keeps the schedules. Several may at once.
type Keeper struct {
	Temporal client.ScheduleClient
	Rulebook *rulebook.Rulebook
	Jobs     []Job
	// Edition counts the changes of the jobs: while versions are exchanged, only a worker with the
	// newest touches a schedule.
	Edition int
	// TaskQueue is where the workflows run that the schedules start.
	TaskQueue string
	Log       *slog.Logger
}

// How often schedules are looked at. What somebody removed by hand comes back within the hour.
const (
	schedulesNoticed = time.Second      // new procedures
	schedulesAgain   = time.Hour        // though nothing is new
	schedulesRetry   = 15 * time.Second // when Temporal was away
)

// Keep follows the procedures until the context ends.
func (k Keeper) Keep(ctx context.Context) {
	var last *rulebook.Edition
	var next time.Time
	ticker := time.NewTicker(schedulesNoticed)
	defer ticker.Stop()
	for {
		if edition := k.Rulebook.Now(); edition != last && last != nil || !time.Now().Before(next) {
			err := k.sync(ctx, edition)
			switch {
			case err == nil:
				k.Log.Info("the schedules are in step with the procedures")
				last, next = edition, time.Now().Add(schedulesAgain)
			case errors.Is(err, errNewerWorker):
				k.Log.Info("the schedules are a newer worker's")
				last, next = edition, time.Now().Add(schedulesAgain)
			case ctx.Err() == nil:
				k.Log.Warn("the schedules stay as they are for now", "error", err)
				last, next = nil, time.Now().Add(schedulesRetry)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// wanted are the schedules of the jobs that the procedures in force ask for.
func wanted(jobs []Job, jobsEdition int, edition *rulebook.Edition, taskQueue string) (all []client.ScheduleOptions) {
	for _, job := range jobs {
		for _, a := range job.schedules(edition) {
			names := strings.NewReplacer("{procedure}", a.rules.ID, "{name}", a.Name, "{period}", string(a.Every))
			id := names.Replace(job.ID)
			action := &client.ScheduleWorkflowAction{ID: id, Workflow: job.Workflow, TaskQueue: taskQueue}
			if job.Asked != nil {
				action.Args = []any{workflows.Periodic{Procedure: a.rules.ID, Name: a.Name}}
			}
			one := client.ScheduleOptions{ID: id, Action: action, Overlap: job.Overlap, CatchupWindow: job.CatchUp, Note: names.Replace(job.Says),
				Spec: client.ScheduleSpec{Calendars: []client.ScheduleCalendarSpec{a.On}, TimeZoneName: a.zone.String()}}
			written, _ := json.Marshal([]any{one.Spec, action, one.Overlap, one.CatchupWindow, one.Note, jobsEdition}) // plain data: never fails
			action.Memo = map[string]any{fingerprintKey: fmt.Sprintf("%.8x", sha256.Sum256(written)), editionKey: jobsEdition}
			all = append(all, one)
		}
	}
	slices.SortFunc(all, func(a, b client.ScheduleOptions) int { return strings.Compare(a.ID, b.ID) })
	return all
}

// fingerprintKey is the entry in an action's memo by which a schedule is known to be as it should.
// Temporal writes a schedule out in another form than it was told, and an update that changes
// nothing makes it forget what it still had to make up for.
const fingerprintKey = "schedule"

// editionKey is the entry that says by which edition of the jobs a schedule was made.
const editionKey = "edition"

// errNewerWorker says that a worker with a newer edition of the jobs keeps the schedules.
var errNewerWorker = errors.New("a newer worker keeps the schedules")

// sync creates what is missing, updates what is different, and removes what nobody asks for any
// more.
func (k Keeper) sync(ctx context.Context, edition *rulebook.Edition) error {
	all := wanted(k.Jobs, k.Edition, edition, k.TaskQueue)
	for _, one := range all { // before any is touched: what a newer one removed isn't to come back
		there, err := k.Temporal.GetHandle(ctx, one.ID).Describe(ctx)
		if err != nil && !isNotFound(err) {
			return fmt.Errorf("schedule %q: %w", one.ID, err)
		}
		if err == nil && memo[int](there.Schedule, editionKey) > k.Edition {
			return errNewerWorker
		}
	}
	for _, one := range all {
		if err := k.put(ctx, one); err != nil {
			return fmt.Errorf("schedule %q: %w", one.ID, err)
		}
	}
	listed, err := k.Temporal.List(ctx, client.ScheduleListOptions{})
	if err != nil {
		return fmt.Errorf("list the schedules: %w", err)
	}
	for listed.HasNext() {
		there, err := listed.Next()
		if err != nil {
			return fmt.Errorf("list the schedules: %w", err)
		}
		ours := slices.ContainsFunc(k.Jobs, func(job Job) bool { return job.Asked != nil && job.Workflow == there.WorkflowType.Name })
		if !ours || slices.ContainsFunc(all, func(one client.ScheduleOptions) bool { return one.ID == there.ID }) {
			continue
		}
		err = k.Temporal.GetHandle(ctx, there.ID).Delete(ctx)
		if err != nil && !isNotFound(err) {
			return fmt.Errorf("remove the schedule %q: %w", there.ID, err)
		}
		k.Log.Info("a schedule goes, for no procedure asks for it", "schedule", there.ID)
	}
	return nil
}

// put makes one schedule as it should be. One that was paused stays so, with its note.
func (k Keeper) put(ctx context.Context, one client.ScheduleOptions) error {
	err := k.Temporal.GetHandle(ctx, one.ID).Update(ctx, client.ScheduleUpdateOptions{DoUpdate: func(now client.ScheduleUpdateInput) (*client.ScheduleUpdate, error) {
		there := now.Description.Schedule
		if memo[int](there, editionKey) > k.Edition {
			return nil, errNewerWorker
		}
		if memo[string](there, fingerprintKey) == one.Action.(*client.ScheduleWorkflowAction).Memo[fingerprintKey] {
			return nil, temporal.ErrSkipScheduleUpdate
		}
		if !there.State.Paused {
			there.State.Note = one.Note
		}
		there.Spec, there.Action = &one.Spec, one.Action
		there.Policy = &client.SchedulePolicies{Overlap: one.Overlap, CatchupWindow: one.CatchupWindow}
		return &client.ScheduleUpdate{Schedule: &there}, nil
	}})
	if !isNotFound(err) {
		return err
	}
	if _, err = k.Temporal.Create(ctx, one); errors.Is(err, temporal.ErrScheduleAlreadyRunning) {
		return nil // another worker was quicker
	}
	return err
}

// memo is an entry of the memo of what a schedule does; nothing for one that isn't ours.
func memo[T any](there client.Schedule, key string) (kept T) {
	if action, ok := there.Action.(*client.ScheduleWorkflowAction); ok {
		if payload, ok := action.Memo[key].(*common.Payload); ok {
			_ = converter.GetDefaultDataConverter().FromPayload(payload, &kept) // another's: nothing
		}
	}
	return kept
}

func isNotFound(err error) bool {
	var missing *serviceerror.NotFound
	return errors.As(err, &missing)
}
