package schedule

import (
	"context"
	"fmt"
	"path"
	"strings"
	"time"

	"github.com/google/uuid"
	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"recourse/internal/procedure"
	"recourse/internal/rulebook"
	"recourse/workflows"
)

// Job is work that comes round by itself, with all that there is to say of it.
type Job struct {
	// ID is the schedule's; {procedure} and {name} stand for whose it is.
	ID string
	// Says tells operators when it comes and what it does; {period} stands for how often.
	Says string
	// Asked are the schedules that a procedure in force asks for, in its calendar's zone. A job
	// without is the installation's own and comes every day, or every hour where it is Hourly, in
	// UTC.
	Asked  func(*procedure.Procedure) []Asked
	Hourly bool
	// CatchUp is how late a run may come after an outage of Temporal, and Overlap what becomes of
	// one that is due while the one before is still going.
	CatchUp time.Duration
	Overlap enums.ScheduleOverlapPolicy
	// Workflow is the name of Run, which the schedule starts; Activities are what that asks for, by
	// their names. Names are part of schedules and of recorded histories: never change them.
	Workflow   string
	Run        any
	Activities map[string]any
}

// Asked is one schedule that a procedure asks for.
type Asked struct {
	Name  string // the procedure's name for it, where it may have several
	Every procedure.Period
	On    client.ScheduleCalendarSpec
	rules *procedure.Procedure
	zone  *time.Location
}

// Period is what a job is done for: the last whole period before it was meant to be done, as the
// days go in the zone of the procedure's calendar; the day before, in UTC, for an installation's.
type Period struct {
	ID        uuid.UUID            // always the same, so that work that comes twice is done once
	Procedure *procedure.Procedure // that is in force; an empty one for an installation's
	Name      string               // the procedure's name for it, where it may have several
	From, To  time.Time
}

// Does has one activity, which may take so long, do all that there is to do for a period. It fails
// for good when the procedure in force doesn't ask for it any more.
func Does[Result any](r *rulebook.Rulebook, name string, within time.Duration, do func(context.Context, Period) (Result, error), job Job) Job {
	job.Run = workflows.ForOccasion[Result](name, within)
	job.Activities = map[string]any{name: func(ctx context.Context, on workflows.Occasion) (result Result, err error) {
		period, err := job.period(r.Now(), on)
		if err != nil {
			return result, err
		}
		return do(ctx, period)
	}}
	return job
}

// schedules are those that a job has when these procedures are in force.
func (j Job) schedules(edition *rulebook.Edition) (all []Asked) {
	if j.Asked == nil {
		on := FirstDay(procedure.EveryDay)
		if j.Hourly {
			on = client.ScheduleCalendarSpec{Hour: []client.ScheduleRange{{Start: 0, End: 23}}}
		}
		return []Asked{{Every: procedure.EveryDay, On: on, rules: &procedure.Procedure{}, zone: time.UTC}}
	}
	for _, rules := range edition.Procedures() {
		if calendar, known := edition.Calendars()[rules.Calendar]; known {
			for _, a := range j.Asked(rules) {
				a.rules, a.zone = rules, calendar.Zone()
				all = append(all, a)
			}
		}
	}
	return all
}

// periods is the namespace of the IDs of periods.
var periods = uuid.MustParse("3d0b5a1e-6c0f-5d43-9a3e-1f0f6a1c7b52")

func (j Job) period(edition *rulebook.Edition, on workflows.Occasion) (Period, error) {
	for _, a := range j.schedules(edition) {
		if a.rules.ID == on.Procedure && a.Name == on.Name {
			from, to := a.Every.Last(on.At, a.zone)
			kind, _, _ := strings.Cut(j.ID, "-{")
			name := path.Join(kind, a.Name, a.rules.ID, string(a.Every), from.In(a.zone).Format(time.DateOnly))
			return Period{uuid.NewSHA1(periods, []byte(name)), a.rules, a.Name, from, to}, nil
		}
	}
	return Period{}, temporal.NewNonRetryableApplicationError(
		fmt.Sprintf("procedure %q doesn't ask for it any more; its schedule goes by itself", on.Procedure), "not_asked_for", nil)
}

// FirstDay is the first day of each period, at a time in the morning at which no zone puts its
// clocks forward or back.
func FirstDay(every procedure.Period) client.ScheduleCalendarSpec {
	only := func(value int) []client.ScheduleRange { return []client.ScheduleRange{{Start: value}} }
	on := client.ScheduleCalendarSpec{Hour: only(6)}
	switch every {
	case procedure.EveryDay:
	case procedure.EveryWeek:
		on.DayOfWeek = only(int(time.Monday))
	default:
		on.DayOfMonth, on.Month = only(1), []client.ScheduleRange{{Start: 1, End: 12, Step: every.Months()}}
	}
	return on
}
