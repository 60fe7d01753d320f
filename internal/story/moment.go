package story

import (
	"fmt"
	"slices"
	"time"
)

// moment is a time as a story has it: what the clock on the wall shows in the calendar's
// zone, "2026-03-11 10:20", or with its own offset, as RFC 3339 has it.
type moment struct {
	wall  time.Time // what the clock shows, as a time in UTC
	exact bool      // wall is the instant itself
}

const wallLayout = "2006-01-02 15:04"

func parseMoment(text string) (moment, error) {
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return moment{at.UTC(), true}, nil
	}
	at, err := time.Parse(wallLayout, text)
	if err != nil {
		return moment{}, fmt.Errorf("%q is no time; write one such as 2026-03-11 10:20, or 2026-03-11T10:20:00+08:00", text)
	}
	return moment{at, false}, nil
}

// Time reads a time as a story has it, by the clock of a zone.
func Time(text string, zone *time.Location) (time.Time, error) {
	m, err := parseMoment(text)
	if err != nil {
		return time.Time{}, err
	}
	return m.in(zone)
}

// before compares what the same clock shows.
func (m moment) before(other moment) bool { return m.exact == other.exact && m.wall.Before(other.wall) }

// in is the instant that is meant by the clock of a zone. It errs for what the clock never
// shows, or shows twice, when it is put forward or back.
func (m moment) in(zone *time.Location) (time.Time, error) {
	if m.exact || m.wall.IsZero() {
		return m.wall, nil
	}
	var shown []time.Time
	for _, near := range []time.Time{m.wall.AddDate(0, 0, -1), m.wall.AddDate(0, 0, 1)} {
		_, seconds := near.In(zone).Zone()
		at := m.wall.Add(-time.Duration(seconds) * time.Second)
		if at.In(zone).Format(wallLayout) == m.wall.Format(wallLayout) && !slices.ContainsFunc(shown, at.Equal) {
			shown = append(shown, at)
		}
	}
	switch len(shown) {
	case 0:
		return time.Time{}, fmt.Errorf("the clock is put forward and never shows %s there; write another time", m.wall.Format(wallLayout))
	case 1:
		return shown[0], nil
	default:
		return time.Time{}, fmt.Errorf("the clock is put back and shows %s twice there; write which is meant: %s or %s", m.wall.Format(wallLayout),
			shown[0].In(zone).Format(time.RFC3339), shown[1].In(zone).Format(time.RFC3339))
	}
}

// write is how a story has an instant, to the minute.
func write(at time.Time, zone *time.Location) string {
	at = at.In(zone).Truncate(time.Minute)
	text := at.Format(wallLayout)
	m, err := parseMoment(text)
	if err == nil {
		_, err = m.in(zone)
	}
	if err != nil {
		return at.Format(time.RFC3339)
	}
	return text
}
