package calendar

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Measure is the way a duration is measured.
type Measure string

// The measures of a [Duration].
const (
	Elapsed     Measure = "elapsed"      // 24h, 10m: runs through nights and holidays
	CivilDays   Measure = "civil-days"   // 30d: the same time of a later date
	CivilMonths Measure = "civil-months" // 1mo, 12mo: the same time and date of a later month, or its last day where that is shorter
	CivilYears  Measure = "civil-years"  // 3y: the same time and date of a later year; 29 February becomes 1 March
	WorkingTime Measure = "working-time" // 4wh, 30wm: minutes inside working intervals only
	WorkingDays Measure = "working-days" // 3wd: to the closing of that working day
	SameDay     Measure = "same-day"     // to the closing of the date of the start
	Agreed      Measure = "agreed"       // to the time agreed with the customer
)

// What [ParseDuration] accepts at most: about ten years, and a hundred for retention.
const (
	maxElapsed     = 10 * 366 * 24 * time.Hour
	maxCivilDays   = 10 * 366
	maxCivilMonths = 12 * maxCivilYears
	maxCivilYears  = 100
	maxWorkingTime = 10_000 * time.Hour
	maxWorkingDays = 2_600
)

// Duration is how long a clock runs, and how that is measured. It comes from [ParseDuration];
// durations can be compared with ==. The zero value is no duration at all.
type Duration struct {
	measure Measure
	length  time.Duration // of elapsed and working time
	count   int           // of days, months and years
	// orNextWorkingDay is set where it ends on a working day or the next one.
	orNextWorkingDay bool
}

// DurationError says why a text is no duration, and what to write instead.
type DurationError struct {
	Text   string // what was written
	Reason string // what is wrong, and what to write instead
}

func (e *DurationError) Error() string {
	return fmt.Sprintf("duration %q: %s", cut(e.Text), e.Reason)
}

// Measure is how the duration is measured; empty for the zero value.
func (d Duration) Measure() Measure { return d.measure }

// Length is the time of a duration measured in elapsed or working time; zero for the others.
func (d Duration) Length() time.Duration { return d.length }

// Count is the number of civil days, months or years, or of working days; zero for the others.
func (d Duration) Count() int { return d.count }

// orNextWorkingDay is written behind what mustn't end on a day off.
const orNextWorkingDay = "or next working day"

// OrNextWorkingDay tells whether the date on which the duration ends is moved to the next working
// day where nobody works on it ("20d or next working day", "agreed or next working day").
func (d Duration) OrNextWorkingDay() bool { return d.orNextWorkingDay }

// Exact is the duration that ends on the very date, be it a day off.
func (d Duration) Exact() Duration {
	d.orNextWorkingDay = false
	return d
}

// IsZero tells whether this is no duration at all.
func (d Duration) IsZero() bool { return d == Duration{} }

// InWorkingTime tells whether the duration is measured by working time, in hours or in days.
func (d Duration) InWorkingTime() bool {
	return d.measure == WorkingTime || d.measure == WorkingDays || d.measure == SameDay
}

// byDate tells whether the duration is measured by the dates of the calendar on the wall.
func (d Duration) byDate() bool {
	return d.measure == CivilDays || d.measure == CivilMonths || d.measure == CivilYears
}

type unit struct {
	name    string
	measure Measure
	length  time.Duration
}

// units are the units of a duration, in the order in which they are written.
var units = []unit{
	{"y", CivilYears, 0},
	{"mo", CivilMonths, 0},
	{"d", CivilDays, 0},
	{"h", Elapsed, time.Hour},
	{"m", Elapsed, time.Minute},
	{"s", Elapsed, time.Second},
	{"wd", WorkingDays, 0},
	{"wh", WorkingTime, time.Hour},
	{"wm", WorkingTime, time.Minute},
}

// otherWords are units that people write, and what they write here.
var otherWords = map[string]string{
	"min": "m", "mins": "m", "minute": "m", "minutes": "m", "分钟": "m",
	"hr": "h", "hrs": "h", "hour": "h", "hours": "h", "小时": "h",
	"sec": "s", "secs": "s", "second": "s", "seconds": "s", "秒": "s",
	"day": "d (civil days) or wd (working days)", "days": "d (civil days) or wd (working days)", "天": "d (civil days) or wd (working days)",
	"w": "d, 7 for a week", "week": "d, 7 for a week", "weeks": "d, 7 for a week", "周": "d, 7 for a week",
	"month": "mo", "months": "mo", "月": "mo", "个月": "mo",
	"year": "y", "years": "y", "年": "y",
	"bd": "wd", "bh": "wh", "workdays": "wd", "workday": "wd", "工作日": "wd", "whour": "wh", "whours": "wh",
}

const durationExamples = `write one like "1h 30m", "4wh" (working hours), "3wd" (working days), "30d", "1mo", "20d or next working day", "3y", "same-day" or "agreed"`

// ParseDuration reads a duration as procedures write it: elapsed time "24h", "1h 10m", "90s";
// working time "4wh", "1wh 30wm"; working days "3wd"; civil days "30d", months "1mo" and years
// "3y"; "same-day"; "agreed". Behind what isn't counted in working time may stand "or next working
// day". Units stand from large to small, each once; the spaces between them may be left out. Every
// error is a [*DurationError].
func ParseDuration(text string) (Duration, error) {
	wrong := func(format string, args ...any) error {
		return &DurationError{Text: text, Reason: fmt.Sprintf(format, args...)}
	}
	rest, moves := strings.CutSuffix(strings.Join(strings.Fields(text), " "), " "+orNextWorkingDay)
	rolling := func(d Duration) (Duration, error) {
		if moves && d.InWorkingTime() {
			return Duration{}, wrong("ends on a working day anyhow; leave %q out", orNextWorkingDay)
		}
		d.orNextWorkingDay = moves
		return d, nil
	}
	switch Measure(rest) {
	case "":
		return Duration{}, wrong("is empty; %s", durationExamples)
	case SameDay, Agreed:
		return rolling(Duration{measure: Measure(rest)})
	}
	var d Duration
	last := -1
	for ; rest != ""; rest = strings.TrimLeft(rest, " ") {
		digits := rest[:len(rest)-len(strings.TrimLeft(rest, "0123456789"))]
		rest = strings.TrimLeft(rest[len(digits):], " ")
		name := rest
		if end := strings.IndexAny(rest, " 0123456789"); end >= 0 {
			name = rest[:end]
		}
		rest = rest[len(name):]
		if digits == "" {
			return Duration{}, wrong("%q is not understood; %s", cut(name), durationExamples)
		}
		if strings.HasPrefix(name, ".") {
			return Duration{}, wrong(`has a fraction; write smaller units instead, like "1h 30m"`)
		}
		n, err := strconv.Atoi(digits)
		if err != nil || n > 1_000_000_000 {
			return Duration{}, wrong("is longer than any clock may run: ten years at most")
		}
		at := slices.IndexFunc(units, func(u unit) bool { return u.name == name })
		switch {
		case name == "":
			return Duration{}, wrong("%s has no unit; %s", digits, durationExamples)
		case at < 0:
			if instead, ok := otherWords[strings.ToLower(name)]; ok {
				return Duration{}, wrong("the unit %q is written %s", name, instead)
			}
			return Duration{}, wrong("the unit %q is unknown; %s", cut(name), durationExamples)
		case last >= 0 && units[at].measure != d.measure:
			return Duration{}, wrong("mixes %q with %q, which are measured differently; use one of them", units[last].name, name)
		case at <= last:
			return Duration{}, wrong("%q can't follow %q; units stand from large to small, each once", name, units[last].name)
		}
		unit := units[at]
		d.measure, last = unit.measure, at
		if unit.length == 0 {
			d.count = n
			continue
		}
		if time.Duration(n) > maxElapsed/unit.length {
			return Duration{}, wrong("is longer than any clock may run: ten years at most")
		}
		d.length += time.Duration(n) * unit.length
	}
	if d.length == 0 && d.count == 0 {
		return Duration{}, wrong("is nothing; a clock runs for some time: %s", durationExamples)
	}
	if limit := limits[d.measure]; d.length > limit.length || d.count > limit.count {
		return Duration{}, wrong("is longer than any clock may run: %s at most", limit)
	}
	return rolling(d)
}

// MustParseDuration is [ParseDuration] for a text known to be right; it panics otherwise.
func MustParseDuration(text string) Duration {
	d, err := ParseDuration(text)
	if err != nil {
		panic(err)
	}
	return d
}

// limits are what ParseDuration accepts at most.
var limits = map[Measure]Duration{
	Elapsed:     {measure: Elapsed, length: maxElapsed},
	CivilDays:   {measure: CivilDays, count: maxCivilDays},
	CivilMonths: {measure: CivilMonths, count: maxCivilMonths},
	CivilYears:  {measure: CivilYears, count: maxCivilYears},
	WorkingTime: {measure: WorkingTime, length: maxWorkingTime},
	WorkingDays: {measure: WorkingDays, count: maxWorkingDays},
}

// String writes the duration as [ParseDuration] reads it, in the largest units that fit: "1h 30m",
// not "90m". The zero value is "".
func (d Duration) String() string {
	var parts []string
	if d.measure == SameDay || d.measure == Agreed {
		parts = []string{string(d.measure)}
	}
	length := d.length
	for _, unit := range units {
		if unit.measure != d.measure {
			continue
		}
		n := d.count
		if unit.length > 0 {
			n = int(length / unit.length)
			length %= unit.length
		}
		if n > 0 {
			parts = append(parts, strconv.Itoa(n)+unit.name)
		}
	}
	if d.orNextWorkingDay {
		parts = append(parts, orNextWorkingDay)
	}
	return strings.Join(parts, " ")
}

// MarshalText writes the duration as [Duration.String] does; so it stands in JSON.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText wrote. An empty text is the zero value.
func (d *Duration) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Duration{}
		return nil
	}
	parsed, err := ParseDuration(string(text))
	if err == nil {
		*d = parsed
	}
	return err
}

// UnmarshalYAML reads a duration from a procedure, where an empty one is a mistake.
func (d *Duration) UnmarshalYAML(unmarshal func(any) error) error {
	var text string
	if err := unmarshal(&text); err != nil {
		return err
	}
	parsed, err := ParseDuration(text)
	if err == nil {
		*d = parsed
	}
	return err
}

// cut shortens what somebody wrote to what fits into a message.
func cut(text string) string {
	const most = 120
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}
