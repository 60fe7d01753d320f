package calendar

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"recourse/internal/yamlfile"
)

// Bounds of a calendar file, besides those of every file.
const (
	firstYear    = 1970
	lastYear     = 2199
	maxYears     = 30
	maxIntervals = 12        // a day
	leastWork    = time.Hour // a week: with less, no deadline in working time would ever fall due
)

// file is a calendar as people write it.
type file struct {
	ID     string         `yaml:"calendar,required" example:"cn"` // the name by which procedures choose it
	Zone   *time.Location `yaml:"zone,required" example:"Asia/Shanghai"`
	Week   []weekEntry    `yaml:"week,required" example:"{mon-fri: 09:00-18:00}"`
	Covers Years          `yaml:"covers,required" example:"2026..2027"` // the years whose holidays are entered
	Days   []dayEntry     `yaml:"days,empty"`                           // a date's own entry beats the weekday's
}

// weekEntry are the hours of one or some weekdays.
type weekEntry struct {
	Days  weekdayRange   `yaml:",key"`
	Hours hoursOfWeekday `yaml:",value"`
}

// dayEntry are the hours of one or some dates.
type dayEntry struct {
	Dates dateRange   `yaml:",key"`
	Hours hoursOfDate `yaml:",value"`
}

// weekdayRange is "mon", "mon-fri" or "sun-thu"; dateRange "2026-02-14" or
// "2026-02-15..2026-02-23". Both ends are included.
type (
	weekdayRange struct {
		written     string
		first, last int // in weekdays
	}
	dateRange struct {
		written     string
		first, last day
	}
)

// hoursOfWeekday are "closed", an interval, or a list of intervals.
type hoursOfWeekday struct {
	Spans []span `yaml:",items"`
}

// hoursOfDate may be those of a weekday, too: "mon".
type hoursOfDate struct {
	Spans []span `yaml:",items"`
	like  string
}

// Parse reads a calendar file; file is its name for messages.
//
//	calendar: cn
//	zone: Asia/Shanghai
//	week: {mon-fri: ["09:00-12:00", "13:30-18:00"]} # "22:00-06:00" is a shift over midnight
//	days:                                # a date's own entry beats the weekday's
//	  2026-02-15..2026-02-23: closed
//	  2026-02-14: mon                    # worked like a Monday
//	  2026-02-13: ["09:00-12:00"]        # a short day
//	covers: 2026                         # or 2026..2027: the years whose holidays are entered
//
// The error is [yamlfile.Problems] with everything that is wrong, each with its place and what to
// write instead.
func Parse(name string, data []byte) (*Calendar, error) {
	var f file
	r := reader{Document: yamlfile.Decode(name, data, terms(), &f)}
	if r.Unread("") {
		return nil, r.Err()
	}
	c := &Calendar{id: strings.TrimSpace(f.ID), zone: f.Zone, covers: f.Covers, days: map[day]hours{}}
	if !r.Unread("calendar") && !idPattern.MatchString(c.id) {
		r.Addf("calendar", `the name of a calendar is small letters, digits and hyphens, like "cn" or "new-york"`)
	}
	r.week(c, f.Week)
	r.days(c, f.Days)
	r.nights(c, f)
	if err := r.Err(); err != nil {
		return nil, err
	}
	return c, nil
}

// Schema describes calendars as a JSON Schema, for editors.
func Schema() []byte { return yamlfile.Schema("A calendar of working time", terms(), file{}) }

// terms are the notations of a calendar's file.
func terms() *yamlfile.Terms {
	t := yamlfile.NewTerms()
	yamlfile.Notation(t, parseZone)
	yamlfile.Notation(t, parseYears)
	yamlfile.Notation(t, parseWeekdays)
	yamlfile.Notation(t, parseDates)
	yamlfile.Notation(t, parseSpan)
	return t
}

// reader finds what is wrong with a calendar that could be read, and puts it together.
type reader struct {
	*yamlfile.Document
	weekWrong bool // then dates that refer to it can't be judged
}

func (r *reader) week(c *Calendar, entries []weekEntry) {
	r.weekWrong = r.Unread("week")
	set := map[time.Weekday]string{} // where
	for _, e := range entries {
		if e.Days.written == "" {
			continue
		}
		path := "week." + e.Days.written
		hours, sound := r.hours(path, e.Hours.Spans)
		for i := e.Days.first; ; i = (i + 1) % 7 {
			weekday := weekdayNamed(i)
			if before, twice := set[weekday]; twice {
				r.AddAtKey(path, "%s has its hours on line %d already; keep one of them", weekdays[i], r.KeyPosition(before).Line)
				sound = false
			} else if set[weekday] = path; sound {
				c.week[weekday] = hours
			}
			if i == e.Days.last {
				break
			}
		}
		r.weekWrong = r.weekWrong || !sound
	}
	var work time.Duration
	for _, hours := range c.week {
		for _, span := range hours {
			work += span.to - span.from
		}
	}
	if work < leastWork && !r.weekWrong {
		r.Addf("week", `the week has less than an hour of work, so nothing would fall due; write its hours, like "mon-fri: 09:00-18:00"`)
	}
}

func (r *reader) days(c *Calendar, entries []dayEntry) {
	set := map[day]string{} // where
	for _, e := range entries {
		if e.Dates.written == "" {
			continue
		}
		path := "days." + e.Dates.written
		hours, sound := r.hoursOfDate(c, path, e.Hours)
		if !r.covered(c, path, e.Dates) {
			continue
		}
		for d := e.Dates.first; d <= e.Dates.last; d++ {
			if before, twice := set[d]; twice {
				r.AddAtKey(path, "%s has its entry on line %d already; keep one of them", d, r.KeyPosition(before).Line)
				break
			}
			set[d] = path
			if sound {
				c.days[d] = hours
			}
		}
	}
}

// nights checks that no shift over midnight runs into the work of the day after it, in the week and
// at both ends of the dates of their own.
func (r *reader) nights(c *Calendar, f file) {
	check := func(path string, today, next hours) {
		shift, late := today.night()
		c.nights = c.nights || late
		if late && len(next) > 0 && shift.to-hoursOfDay > next[0].from {
			r.AddAtKey(path, "the shift %s runs into the hours %s of the day after it; let one end where the other begins", shift, next[0])
		}
	}
	for _, e := range f.Week {
		for i := e.Days.first; e.Days.written != "" && !r.weekWrong; i = (i + 1) % 7 {
			check("week."+e.Days.written, c.week[weekdayNamed(i)], c.week[weekdayNamed((i+1)%7)])
			if i == e.Days.last {
				break
			}
		}
	}
	for _, e := range f.Days {
		if e.Dates.written == "" || r.weekWrong {
			continue
		}
		for _, d := range []day{e.Dates.first - 1, e.Dates.first, e.Dates.last} {
			check("days."+e.Dates.written, c.hoursOf(d), c.hoursOf(d+1))
		}
	}
}

// covered tells whether dates are within the years that the calendar covers, or in the one after:
// some holidays are sure before the year's arrangement is known.
func (r *reader) covered(c *Calendar, path string, dates dateRange) bool {
	if c.covers == (Years{}) {
		return false // nothing to measure the dates by
	}
	for _, d := range []day{dates.first, dates.last} {
		if !c.covered(d) && d.midnight().Year() != c.covers.Last+1 {
			r.AddAtKey(path, `%s is outside the years that the calendar covers (%d..%d); correct the date, or write its year into "covers" when all holidays of that year are entered`,
				d, c.covers.First, c.covers.Last)
			return false
		}
	}
	return true
}

func (r *reader) hoursOfDate(c *Calendar, path string, written hoursOfDate) (hours, bool) {
	if written.like == "" {
		return r.hours(path, written.Spans)
	}
	hours := c.week[weekdayNamed(slices.Index(weekdays, written.like))]
	if len(hours) == 0 && !r.weekWrong {
		r.Addf(path, `%s has no hours in the week; write "closed", or the hours of this date`, written.like)
	}
	return hours, len(hours) > 0
}

// hours puts the intervals of one day into order, and tells whether they are sound.
func (r *reader) hours(path string, spans []span) (hours, bool) {
	switch {
	case r.Unread(path):
		return nil, false
	case spans != nil && len(spans) == 0:
		r.Addf(path, `the list is empty; write "closed" when nobody works`)
		return nil, false
	case len(spans) > maxIntervals:
		r.Addf(fmt.Sprintf("%s[%d]", path, maxIntervals), "more than %d intervals a day; write fewer", maxIntervals)
		return nil, false
	}
	sound := true
	for i, next := range spans {
		clash := slices.IndexFunc(spans[:i], func(other span) bool { return next.from < other.to && other.from < next.to })
		if clash >= 0 {
			first := r.Position(fmt.Sprintf("%s[%d]", path, clash))
			r.Addf(fmt.Sprintf("%s[%d]", path, i), "%s overlaps %s (line %d, column %d); end one where the other begins, or join them",
				next, spans[clash], first.Line, first.Column)
			sound = false
		}
	}
	return slices.SortedFunc(slices.Values(spans), func(a, b span) int { return cmp.Compare(a.from, b.from) }), sound
}

var idPattern = regexp.MustCompile(`^[a-z][a-z0-9-]{0,62}$`)

func parseYears(written string) (Years, error) {
	const example = `write a year or a range of years, like "2026" or "2026..2027"`
	from, to, isRange := strings.Cut(strings.TrimSpace(written), "..")
	if !isRange {
		to = from
	}
	first, err1 := strconv.Atoi(from)
	last, err2 := strconv.Atoi(to)
	switch {
	case err1 != nil || err2 != nil:
		return Years{}, fmt.Errorf("%q is no year; %s", cut(written), example)
	case first < firstYear || first > lastYear || last < firstYear || last > lastYear:
		return Years{}, fmt.Errorf("%q is outside the years %d to %d; %s", cut(written), firstYear, lastYear, example)
	case last < first:
		return Years{}, fmt.Errorf(`the range runs backwards; write "%d..%d"`, last, first)
	case last-first >= maxYears:
		return Years{}, fmt.Errorf("covers %d years, where nobody knows the holidays of more than %d; write fewer", last-first+1, maxYears)
	}
	return Years{first, last}, nil
}

// commonZones are proposed for names that aren't zones.
var commonZones = []string{
	"Asia/Shanghai", "Asia/Hong_Kong", "Asia/Taipei", "Asia/Singapore", "Asia/Tokyo", "Asia/Seoul", "Asia/Urumqi",
	"Asia/Kolkata", "Asia/Dubai", "Australia/Sydney", "Europe/London", "Europe/Berlin", "Europe/Paris", "Europe/Madrid",
	"America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Sao_Paulo", "UTC",
}

// zoneHabits are what people write for a zone, and which zone it mostly is.
var zoneHabits = map[string]string{
	"beijing": "Asia/Shanghai", "asia/beijing": "Asia/Shanghai", "china": "Asia/Shanghai", "prc": "Asia/Shanghai",
	"cst": "Asia/Shanghai", "utc+8": "Asia/Shanghai", "gmt+8": "Asia/Shanghai", "+08:00": "Asia/Shanghai",
	"est": "America/New_York", "edt": "America/New_York", "pst": "America/Los_Angeles", "local": "Asia/Shanghai",
}

func parseZone(written string) (*time.Location, error) {
	name := strings.TrimSpace(written)
	if name == "" {
		return nil, errors.New(`is no time zone; write an IANA zone, like "Asia/Shanghai"`)
	}
	if name != "Local" { // Go's word for the zone of the machine, which says nothing
		if zone, err := time.LoadLocation(name); err == nil {
			return zone, nil
		}
	}
	meant := cmp.Or(zoneHabits[strings.ToLower(name)], name)
	return nil, fmt.Errorf("%q is no IANA time zone; %s", cut(name), yamlfile.Instead(meant, commonZones))
}

// weekdays are the names of the weekdays, in the order in which a range runs.
var weekdays = []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

// weekdayNamed is the weekday of that index in weekdays.
func weekdayNamed(index int) time.Weekday { return time.Weekday((index + 1) % 7) }

func parseWeekdays(written string) (weekdayRange, error) {
	from, to, isRange := strings.Cut(written, "-")
	if !isRange {
		to = from
	}
	first, last := slices.Index(weekdays, strings.TrimSpace(from)), slices.Index(weekdays, strings.TrimSpace(to))
	if first < 0 || last < 0 {
		wrong := from
		if first >= 0 {
			wrong = to
		}
		return weekdayRange{}, fmt.Errorf("%q is no weekday; %s", cut(wrong), yamlfile.Instead(threeLetters(wrong), weekdays))
	}
	return weekdayRange{written, first, last}, nil
}

// threeLetters makes "mon" of "Monday", for a proposal.
func threeLetters(weekday string) string {
	weekday = strings.ToLower(strings.TrimSpace(weekday))
	if len(weekday) > 3 && strings.HasSuffix(weekday, "day") {
		return weekday[:3]
	}
	return weekday
}

func parseDates(written string) (dateRange, error) {
	from, to, isRange := strings.Cut(written, "..")
	if !isRange {
		to = from
	}
	first, err := parseDate(from)
	if err != nil {
		return dateRange{}, err
	}
	last, err := parseDate(to)
	if err != nil {
		return dateRange{}, err
	}
	if last < first {
		return dateRange{}, fmt.Errorf(`the range runs backwards; write "%s..%s"`, last, first)
	}
	return dateRange{written, first, last}, nil
}

func parseDate(written string) (day, error) {
	t, err := time.Parse(time.DateOnly, strings.TrimSpace(written))
	if err != nil {
		return 0, fmt.Errorf(`%q is no date; write year-month-day like "2026-02-14", or a range like "2026-02-15..2026-02-23"`, cut(written))
	}
	return dayOfReading(t), nil
}

const closed = "closed"

// UnmarshalText reads "closed" or one interval.
func (h *hoursOfWeekday) UnmarshalText(text []byte) (err error) {
	h.Spans, err = parseHours(string(text), closed)
	return err
}

// UnmarshalText reads "closed", one interval, or a weekday whose hours the date has.
func (h *hoursOfDate) UnmarshalText(text []byte) (err error) {
	if word := strings.TrimSpace(string(text)); slices.Contains(weekdays, word) {
		h.like = word
		return nil
	}
	h.Spans, err = parseHours(string(text), append([]string{closed}, weekdays...)...)
	return err
}

// parseHours reads "closed" or one interval; words are all that could be written instead of one.
func parseHours(text string, words ...string) ([]span, error) {
	word := strings.TrimSpace(text)
	if word == closed {
		return nil, nil
	}
	if !strings.ContainsAny(word, "0123456789") {
		return nil, fmt.Errorf("%q are no hours; %s, or hours like 09:00-18:00", cut(word), yamlfile.Instead(threeLetters(word), words))
	}
	one, err := parseSpan(word)
	return []span{one}, err
}

var intervalPattern = regexp.MustCompile(`^([0-9]{2}):([0-9]{2}) ?- ?([0-9]{2}):([0-9]{2})$`)

func parseSpan(written string) (span, error) {
	const example = `write from-to on the 24-hour clock, like "09:00-12:00"`
	written = strings.TrimSpace(written)
	parts := intervalPattern.FindStringSubmatch(written)
	if parts == nil {
		return span{}, fmt.Errorf("%q is no interval; %s", cut(written), example)
	}
	from, okFrom := sinceMidnight(parts[1], parts[2])
	to, okTo := sinceMidnight(parts[3], parts[4])
	switch {
	case !okFrom || !okTo:
		return span{}, fmt.Errorf("%q has a time that no clock shows; %s, and 24:00 for the end of the day", written, example)
	case from == to:
		return span{}, fmt.Errorf("%q begins and ends at the same time; %s, or 00:00-24:00 for the whole day", written, example)
	case to < from && from < hoursOfDay: // over midnight
		to += hoursOfDay
	case to < from:
		return span{}, fmt.Errorf("%q begins at the end of the day; %s", written, example)
	}
	return span{from, to}, nil
}

// sinceMidnight is the time of a clock that shows those hours and minutes; up to 24:00.
func sinceMidnight(hour, minute string) (time.Duration, bool) {
	h, _ := strconv.Atoi(hour)
	m, _ := strconv.Atoi(minute)
	t := time.Duration(h)*time.Hour + time.Duration(m)*time.Minute
	return t, m < 60 && t <= hoursOfDay
}

func (s span) String() string {
	clock := func(t time.Duration) string {
		if t > hoursOfDay {
			t -= hoursOfDay
		}
		return fmt.Sprintf("%02d:%02d", t/time.Hour, t%time.Hour/time.Minute)
	}
	return clock(s.from) + "-" + clock(s.to)
}
