package rulebook

import (
	"context"
	"fmt"
	"strconv"

	"recourse/internal/calendar"
	"recourse/internal/plan"
	"recourse/internal/procedure"
	"recourse/internal/store/published"
)

// Rules are a version of a procedure with a version of its calendar and the people of now. A
// calendar version of 0 means the newest: for a complaint that begins, or that is re-based.
func (r *Rulebook) Rules(ctx context.Context, id string, version, calendarVersion int) (plan.Rules, error) {
	proc, err := r.Version(ctx, id, version)
	if err != nil {
		return plan.Rules{}, fmt.Errorf("version %d of procedure %q: %w", version, id, err)
	}
	rules, err := r.Now().Rules(proc)
	if err != nil {
		return plan.Rules{}, err
	}
	if calendarVersion != 0 && calendarVersion != rules.Calendar.Version() {
		rules.Calendar, err = r.calendarVersion(ctx, proc.Calendar, calendarVersion)
	}
	return rules, err
}

// Rules are a procedure, whose version may be another one, with this edition's calendar and people
// for it.
func (e *Edition) Rules(p *procedure.Procedure) (plan.Rules, error) {
	rules := plan.Rules{Procedure: p}
	var known bool
	if rules.Directory, known = e.Directory(p.ID); !known {
		return plan.Rules{}, fmt.Errorf("organisation %q has no directory; publish one", p.ID)
	}
	if rules.Calendar, known = e.calendars[p.Calendar]; !known {
		return plan.Rules{}, fmt.Errorf("calendar %q of procedure %q isn't published", p.Calendar, p.ID)
	}
	return rules, nil
}

func (r *Rulebook) calendarVersion(ctx context.Context, id string, version int) (*calendar.Calendar, error) {
	key := "calendar " + id + "@" + strconv.Itoa(version)
	if known, ok := r.versions.Load(key); ok {
		return known.(*calendar.Calendar), nil
	}
	document, err := r.published.Version(ctx, published.Calendar, id, version)
	if err != nil {
		return nil, fmt.Errorf("version %d of calendar %q: %w", version, id, err)
	}
	read, err := parseCalendar(document)
	if err != nil {
		return nil, err
	}
	r.versions.Store(key, read)
	return read, nil
}
