// Package schedule keeps Temporal's schedules in step with the procedures in force: sealing, spot
// checks, campaigns.
package schedule

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	common "go.temporal.io/api/common/v1"
	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"

	"recourse/internal/procedure"
	"recourse/internal/rulebook"
	"recourse/workflows"
)

// Keeper keeps the schedules. Several may at once.
type Keeper struct {
	Temporal client.ScheduleClient
	Rulebook *rulebook.Rulebook
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

// When periodic work is due, how late it may come, and what happens when the run before is still
// going.
const (
	hour = 6 // no zone puts its clocks forward or back then

	// Tomorrow's seal takes what today's would have: after an outage one is enough, and one that
	// still verifies isn't joined by another.
	sealCatchup = 24 * time.Hour
	sealOverlap = enums.SCHEDULE_OVERLAP_POLICY_SKIP
	// Each draw has a period of its own, so none may be dropped, also when several are made up for:
	// they wait for each other.
	drawCatchup = 14 * 24 * time.Hour
	drawOverlap = enums.SCHEDULE_OVERLAP_POLICY_BUFFER_ALL
)

// wanted are the schedules that the procedures in force ask for.
func wanted(edition *rulebook.Edition, taskQueue string) []client.ScheduleOptions {
	all := []client.ScheduleOptions{{
		ID:      "seal-record",
		Spec:    client.ScheduleSpec{Calendars: []client.ScheduleCalendarSpec{{Hour: only(hour)}}, TimeZoneName: "UTC"},
		Action:  &client.ScheduleWorkflowAction{ID: "seal-record", Workflow: workflows.SealWorkflow, TaskQueue: taskQueue},
		Overlap: sealOverlap, CatchupWindow: sealCatchup,
		Note: "Every day: seals what was recorded, and verifies what is new since the last seal and a 28th of the rest. Fails when the record was tampered with.",
	}}
	for _, rules := range edition.Procedures() {
		calendar, known := edition.Calendars()[rules.Calendar]
		if !known {
			continue
		}
		draw := func(id, workflow, note string, every procedure.Period, campaign string) {
			all = append(all, client.ScheduleOptions{
				ID:   id,
				Spec: client.ScheduleSpec{Calendars: []client.ScheduleCalendarSpec{firstDay(every)}, TimeZoneName: calendar.Zone().String()},
				Action: &client.ScheduleWorkflowAction{ID: id, Workflow: workflow, TaskQueue: taskQueue,
					Args: []any{workflows.Periodic{Procedure: rules.ID, Campaign: campaign}}},
				Overlap: drawOverlap, CatchupWindow: drawCatchup, Note: note,
			})
		}
		if checks := rules.SpotChecks; checks != nil {
			draw("spot-check-"+rules.ID, workflows.SpotCheckWorkflow,
				fmt.Sprintf("Every %s: draws a random sample of the complaints received in the %s before.", checks.Every, checks.Every), checks.Every, "")
		}
		for _, own := range rules.Campaigns {
			draw("campaign-"+rules.ID+"-"+own.ID, workflows.CampaignWorkflow,
				fmt.Sprintf("Every %s: asks a sample of the customers who complained in the %s before how satisfied they are.", own.Every, own.Every), own.Every, own.ID)
		}
	}
	slices.SortFunc(all, func(a, b client.ScheduleOptions) int {
		if a.ID < b.ID {
			return -1
		}
		return 1
	})
	for i := range all {
		all[i].Action.(*client.ScheduleWorkflowAction).Memo = map[string]any{fingerprintKey: fingerprint(all[i])}
	}
	return all
}

func only(value int) []client.ScheduleRange { return []client.ScheduleRange{{Start: value}} }

// firstDay is the first day of each period, in the morning.
func firstDay(every procedure.Period) client.ScheduleCalendarSpec {
	if every == procedure.EveryWeek {
		return client.ScheduleCalendarSpec{Hour: only(hour), DayOfWeek: only(int(time.Monday))}
	}
	spec := client.ScheduleCalendarSpec{Hour: only(hour), DayOfMonth: only(1)}
	for _, month := range every.Months() {
		spec.Month = append(spec.Month, only(int(month))...)
	}
	return spec
}

// fingerprintKey is the entry in an action's memo by which a schedule is known to be as it should.
// Temporal writes a schedule out in another form than it was told, and an update that changes
// nothing makes it forget what it still had to make up for.
const fingerprintKey = "schedule"

func fingerprint(s client.ScheduleOptions) string {
	action := *s.Action.(*client.ScheduleWorkflowAction)
	action.Memo = nil
	written, err := json.Marshal([]any{s.Spec, action, s.Overlap, s.CatchupWindow, s.Note})
	if err != nil {
		return "" // of plain data: never
	}
	sum := sha256.Sum256(written)
	return hex.EncodeToString(sum[:8])
}

// sync creates what is missing, updates what is different, and removes what nobody asks for any more.
func (k Keeper) sync(ctx context.Context, edition *rulebook.Edition) error {
	all := wanted(edition, k.TaskQueue)
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
		ours := there.WorkflowType.Name == workflows.SpotCheckWorkflow || there.WorkflowType.Name == workflows.CampaignWorkflow
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
		if known(there) == fingerprint(one) {
			return nil, temporal.ErrSkipScheduleUpdate
		}
		if there.State == nil {
			there.State = &client.ScheduleState{}
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

// known is the fingerprint of a schedule as it is; empty for one that isn't ours.
func known(there client.Schedule) string {
	action, ok := there.Action.(*client.ScheduleWorkflowAction)
	if !ok {
		return ""
	}
	payload, ok := action.Memo[fingerprintKey].(*common.Payload)
	if !ok {
		return ""
	}
	var kept string
	if err := converter.GetDefaultDataConverter().FromPayload(payload, &kept); err != nil {
		return ""
	}
	return kept
}

func isNotFound(err error) bool {
	var missing *serviceerror.NotFound
	return errors.As(err, &missing)
}
