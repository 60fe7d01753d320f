package rulebook

import (
	"context"
	"fmt"
	"strconv"

	"recourse/internal/calendar"
	"recourse/internal/plan"
)

// Rules are a version of a procedure with a version of its calendar and the
// people of now. A calendar version of 0 means the newest: for a complaint that
// begins, or that is re-based.
func (r *Rulebook) Rules(ctx context.Context, id string, version, calendarVersion int) (plan.Rules, error) {
	proc, err := r.Version(ctx, id, version)
	if err != nil {
		return plan.Rules{}, fmt.Errorf("version %d of procedure %q: %w", version, id, err)
	}
	edition := r.Now()
	rules := plan.Rules{Procedure: proc}
	var known bool
	if rules.Directory, known = edition.Directory(id); !known {
		return plan.Rules{}, fmt.Errorf("organisation %q has no directory; publish one", id)
	}
	if rules.Calendar, known = edition.calendars[proc.Calendar]; !known {
		return plan.Rules{}, fmt.Errorf("calendar %q of procedure %q isn't published", proc.Calendar, id)
	}
	if calendarVersion != 0 && calendarVersion != rules.Calendar.Version() {
		rules.Calendar, err = r.calendarVersion(ctx, proc.Calendar, calendarVersion)
	}
	return rules, err
}

func (r *Rulebook) calendarVersion(ctx context.Context, id string, version int) (*calendar.Calendar, error) {
	key := "calendar " + id + "@" + strconv.Itoa(version)
	if known, ok := r.versions.Load(key); ok {
		return known.(*calendar.Calendar), nil
	}
	published, err := r.published.Calendar(ctx, id, version)
	if err != nil {
		return nil, fmt.Errorf("version %d of calendar %q: %w", version, id, err)
	}
	read, err := calendar.Parse(id+".yaml", []byte(published.Body))
	if err != nil {
		return nil, fmt.Errorf("version %d of calendar %q: %w", version, id, err)
	}
	read = read.WithVersion(version)
	r.versions.Store(key, read)
	return read, nil
}
