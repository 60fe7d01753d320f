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
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Bounds of a calendar file.
const (
	maxBytes     = 64 << 10
	maxDepth     = 16
	firstYear    = 1970
	lastYear     = 2199
	maxYears     = 30
	maxIntervals = 12        // a day
	leastWork    = time.Hour // a week: with less, no deadline in working time would ever fall due
)

// Parse reads a calendar file; file is its name for messages.
//
//	calendar: cn
//	zone: Asia/Shanghai
//	week: {mon-fri: ["09:00-12:00", "13:30-18:00"]}
//	days:                                # a date's own entry beats the weekday's
//	  2026-02-15..2026-02-23: closed
//	  2026-02-14: mon                    # worked like a Monday
//	  2026-02-13: ["09:00-12:00"]        # a short day
//	covers: 2026                         # or 2026..2027: the years whose holidays are entered
//
// The error is [Problems] with everything that is wrong, each with its place and what to write instead.
func Parse(file string, data []byte) (*Calendar, error) {
	r := reader{file: file}
	c := r.read(data)
	if len(r.problems) > 0 {
		slices.SortStableFunc(r.problems, func(a, b Problem) int {
			return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
		})
		return nil, r.problems
	}
	return c, nil
}

// reader reads one calendar file and collects what is wrong with it.
type reader struct {
	file      string
	problems  Problems
	weekWrong bool // then dates that refer to it can't be judged
}

// place is where something stands in the file.
type place struct{ line, column int }

func placeOf(node ast.Node) place {
	if t := node.GetToken(); t != nil && t.Position != nil {
		return place{t.Position.Line, t.Position.Column}
	}
	return place{1, 1}
}

func (r *reader) report(at place, format string, args ...any) {
	r.problems = append(r.problems, Problem{File: r.file, Line: at.line, Column: at.column, Message: fmt.Sprintf(format, args...)})
}

func (r *reader) read(data []byte) *Calendar {
	root := r.document(data)
	if root == nil {
		return nil
	}
	before := len(r.problems)
	entries := r.entries(root, "the calendar")
	if entries == nil && len(r.problems) > before {
		return nil // no mapping: that every key is missing says nothing more
	}
	keys := []string{"calendar", "zone", "week", "days", "covers"}
	found := map[string]ast.Node{}
	for _, entry := range entries {
		if !slices.Contains(keys, entry.key) {
			r.report(entry.at, "unknown key %q; %s", cut(entry.key), didYouMean(entry.key, keys))
			continue
		}
		found[entry.key] = entry.value
	}
	c := &Calendar{days: map[day]hours{}}
	need := func(key, example string) ast.Node {
		if found[key] == nil {
			r.report(placeOfFirst(root), "%q is missing; write %s", key, example)
		}
		return found[key]
	}
	if node := need("calendar", `the name by which procedures choose it, like "calendar: cn"`); node != nil {
		c.id = r.id(node)
	}
	if node := need("zone", `an IANA time zone, like "zone: Asia/Shanghai"`); node != nil {
		c.zone = r.zone(node)
	}
	if node := need("week", `the hours of an ordinary week, like "week: {mon-fri: 09:00-18:00}"`); node != nil {
		r.week(c, node)
	}
	if node := need("covers", `the years whose holidays are entered, like "covers: 2026" or "covers: 2026..2027"`); node != nil {
		c.covers = r.covers(node)
	}
	if node := found["days"]; node != nil {
		r.days(c, node)
	}
	return c
}

// document is the single mapping that the file has to be; nil when it isn't.
func (r *reader) document(data []byte) ast.Node {
	start := place{1, 1}
	if len(data) > maxBytes {
		r.report(start, "the file is larger than %d KiB, which no calendar needs", maxBytes>>10)
		return nil
	}
	if !utf8.Valid(data) {
		r.report(placeOfInvalid(data), "is no UTF-8 text; save the file as UTF-8")
		return nil
	}
	tokens := lexer.Tokenize(string(data))
	if at, ok := deepest(tokens); !ok {
		r.report(at, "is nested deeper than any calendar; correct the brackets and dashes")
		return nil
	}
	// Repeated keys are reported with everything else, not as the only mistake.
	tree, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		at := start
		message := err.Error()
		var syntax yaml.Error
		if errors.As(err, &syntax) {
			message = syntax.GetMessage()
			if t := syntax.GetToken(); t != nil && t.Position != nil {
				at = place{t.Position.Line, t.Position.Column}
			}
		}
		r.report(at, "is no YAML: %s", cut(message))
		return nil
	}
	var bodies []ast.Node
	for _, document := range tree.Docs {
		if document.Body != nil {
			bodies = append(bodies, document.Body)
		}
	}
	switch len(bodies) {
	case 0:
		r.report(start, `the file is empty; begin with "calendar:" and a name`)
		return nil
	case 1:
		return bodies[0]
	default:
		r.report(placeOfFirst(bodies[1]), "a second document begins here; write one calendar in each file")
		return nil
	}
}

// deepest finds where brackets, dashes and the like are nested deeper than maxDepth: the parser would need memory by the
// square of the depth.
func deepest(tokens token.Tokens) (place, bool) {
	brackets, marks, line := 0, 0, 0 // marks that stand on one line
	for _, t := range tokens {
		if t.Position.Line != line {
			marks, line = 0, t.Position.Line
		}
		switch t.Type {
		case token.MappingStartType, token.SequenceStartType:
			brackets++
		case token.MappingEndType, token.SequenceEndType:
			brackets--
		case token.SequenceEntryType, token.MappingKeyType, token.AnchorType, token.AliasType, token.TagType:
			marks++
		}
		if max(brackets, marks) > maxDepth {
			return place{t.Position.Line, t.Position.Column}, false
		}
	}
	return place{}, true
}

// entry is one "key: value" of a mapping.
type entry struct {
	at    place
	key   string
	value ast.Node
}

// entries are the entries of a mapping, without those whose key is unreadable or repeated: they are reported.
func (r *reader) entries(node ast.Node, what string) []entry {
	var pairs []*ast.MappingValueNode
	switch node := node.(type) {
	case *ast.MappingNode:
		pairs = node.Values
	case *ast.MappingValueNode:
		pairs = []*ast.MappingValueNode{node}
	default:
		r.report(placeOf(node), "%s has to be written as lines of \"key: value\"", what)
		return nil
	}
	var all []entry
	seen := map[string]place{}
	for _, pair := range pairs {
		at := placeOf(pair.Key)
		key, ok := text(pair.Key)
		if !ok {
			r.report(at, "is no key; write a plain word")
			continue
		}
		if first, repeated := seen[key]; repeated {
			r.report(at, "%q stands on line %d already; keep one of them", cut(key), first.line)
			continue
		}
		seen[key] = at
		all = append(all, entry{at, key, pair.Value})
	}
	return all
}

// text is a plain value as it was written.
func text(node ast.Node) (string, bool) {
	switch node := node.(type) {
	case *ast.StringNode:
		return strings.TrimSpace(node.Value), true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return node.GetToken().Value, true
	default:
		return "", false
	}
}

func placeOfFirst(node ast.Node) place {
	if mapping, ok := node.(*ast.MappingNode); ok && len(mapping.Values) > 0 {
		return placeOf(mapping.Values[0].Key)
	}
	return placeOf(node)
}

func placeOfInvalid(data []byte) place {
	at := place{1, 1}
	for len(data) > 0 {
		char, size := utf8.DecodeRune(data)
		if char == utf8.RuneError && size == 1 {
			break
		}
		if at.column++; char == '\n' {
			at = place{at.line + 1, 1}
		}
		data = data[size:]
	}
	return at
}

var idPattern = regexp.MustCompile(`^[a-z][a-z0-9-]{0,62}$`)

func (r *reader) id(node ast.Node) string {
	id, ok := text(node)
	if !ok || !idPattern.MatchString(id) {
		r.report(placeOf(node), `the name of a calendar is small letters, digits and hyphens, like "cn" or "new-york"`)
	}
	return id
}

func (r *reader) covers(node ast.Node) Years {
	const example = `write a year or a range of years, like "2026" or "2026..2027"`
	written, ok := text(node)
	if !ok {
		r.report(placeOf(node), "is no year; %s", example)
		return Years{}
	}
	from, to, isRange := strings.Cut(written, "..")
	if !isRange {
		to = from
	}
	first, err1 := strconv.Atoi(from)
	last, err2 := strconv.Atoi(to)
	switch {
	case err1 != nil || err2 != nil:
		r.report(placeOf(node), "%q is no year; %s", cut(written), example)
	case first < firstYear || first > lastYear || last < firstYear || last > lastYear:
		r.report(placeOf(node), "%q is outside the years %d to %d; %s", cut(written), firstYear, lastYear, example)
	case last < first:
		r.report(placeOf(node), `the range runs backwards; write "%d..%d"`, last, first)
	case last-first >= maxYears:
		r.report(placeOf(node), "covers %d years, where nobody knows the holidays of more than %d; write fewer", last-first+1, maxYears)
	default:
		return Years{first, last}
	}
	return Years{}
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

func (r *reader) zone(node ast.Node) *time.Location {
	name, ok := text(node)
	if !ok || name == "" {
		r.report(placeOf(node), `is no time zone; write an IANA zone, like "Asia/Shanghai"`)
		return nil
	}
	if name != "Local" { // Go's word for the zone of the machine, which says nothing
		if zone, err := time.LoadLocation(name); err == nil {
			return zone
		}
	}
	hint := didYouMean(name, commonZones)
	if zone, ok := zoneHabits[strings.ToLower(name)]; ok {
		hint = didYouMean(zone, commonZones)
	}
	r.report(placeOf(node), "%q is no IANA time zone; %s", cut(name), hint)
	return nil
}

// weekdays are the names of the weekdays, in the order in which a range runs.
var weekdays = []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

// weekdayNamed is the weekday of that index in weekdays.
func weekdayNamed(index int) time.Weekday { return time.Weekday((index + 1) % 7) }

func (r *reader) week(c *Calendar, node ast.Node) {
	set := map[time.Weekday]place{}
	before := len(r.problems)
	for _, entry := range r.entries(node, "the week") {
		from, to, isRange := strings.Cut(entry.key, "-")
		if !isRange {
			to = from
		}
		first, last := slices.Index(weekdays, strings.TrimSpace(from)), slices.Index(weekdays, strings.TrimSpace(to))
		if first < 0 || last < 0 {
			wrong := from
			if first >= 0 {
				wrong = to
			}
			r.report(entry.at, "%q is no weekday; %s", cut(wrong), didYouMean(threeLetters(wrong), weekdays))
			continue
		}
		hours, ok := r.hours(c, entry.value, false)
		for i := first; ; i = (i + 1) % 7 {
			weekday := weekdayNamed(i)
			if first, twice := set[weekday]; twice {
				r.report(entry.at, "%s has its hours on line %d already; keep one of them", weekdays[i], first.line)
			} else if set[weekday] = entry.at; ok {
				c.week[weekday] = hours
			}
			if i == last {
				break
			}
		}
	}
	if r.weekWrong = len(r.problems) > before; r.weekWrong {
		return
	}
	var work time.Duration
	for _, hours := range c.week {
		for _, span := range hours {
			work += span.to - span.from
		}
	}
	if work < leastWork {
		r.report(placeOfFirst(node), `the week has less than an hour of work, so nothing would fall due; write its hours, like "mon-fri: 09:00-18:00"`)
	}
}

// threeLetters makes "mon" of "Monday", for a proposal.
func threeLetters(weekday string) string {
	weekday = strings.ToLower(strings.TrimSpace(weekday))
	if len(weekday) > 3 && strings.HasSuffix(weekday, "day") {
		return weekday[:3]
	}
	return weekday
}

// hours reads "closed", an interval, a list of intervals or, for a date, the name of a weekday.
func (r *reader) hours(c *Calendar, node ast.Node, ofDate bool) (hours, bool) {
	example := `write "closed", or hours like "09:00-18:00" or ["09:00-12:00", "13:30-18:00"]`
	if ofDate {
		example = `write "closed", a weekday whose hours it has like "mon", or hours like ["09:00-12:00", "13:30-18:00"]`
	}
	var intervals []ast.Node
	if list, ok := node.(*ast.SequenceNode); ok {
		intervals = list.Values
		if len(intervals) == 0 {
			r.report(placeOf(node), `the list is empty; write "closed" when nobody works`)
			return nil, false
		}
	} else {
		written, ok := text(node)
		switch {
		case !ok:
			r.report(placeOf(node), "are no hours; %s", example)
			return nil, false
		case written == "closed":
			return nil, true
		case ofDate && slices.Contains(weekdays, written):
			hours := c.week[weekdayNamed(slices.Index(weekdays, written))]
			if len(hours) == 0 && !r.weekWrong {
				r.report(placeOf(node), `%s has no hours in the week; write "closed", or the hours of this date`, written)
			}
			return hours, len(hours) > 0
		case !strings.ContainsAny(written, "0123456789"):
			words := []string{"closed"}
			if ofDate {
				words = append(words, weekdays...)
			}
			r.report(placeOf(node), "%q are no hours; %s", cut(written), didYouMean(threeLetters(written), words))
			return nil, false
		}
		intervals = []ast.Node{node}
	}
	if len(intervals) > maxIntervals {
		r.report(placeOf(intervals[maxIntervals]), "more than %d intervals a day; write fewer", maxIntervals)
		return nil, false
	}
	return r.intervals(intervals)
}

// intervals reads the intervals of one day, in any order.
func (r *reader) intervals(nodes []ast.Node) (hours, bool) {
	var all hours
	var places []place // of all
	sound := true
	for _, node := range nodes {
		next, ok := r.interval(node)
		if !ok {
			sound = false
			continue
		}
		clash := slices.IndexFunc(all, func(other span) bool { return next.from < other.to && other.from < next.to })
		if clash >= 0 {
			r.report(placeOf(node), "%s overlaps %s (line %d, column %d); end one where the other begins, or join them",
				next, all[clash], places[clash].line, places[clash].column)
			sound = false
			continue
		}
		all, places = append(all, next), append(places, placeOf(node))
	}
	slices.SortFunc(all, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	return all, sound
}

var intervalPattern = regexp.MustCompile(`^([0-9]{2}):([0-9]{2}) ?- ?([0-9]{2}):([0-9]{2})$`)

func (r *reader) interval(node ast.Node) (span, bool) {
	const example = `write from-to on the 24-hour clock, like "09:00-12:00"`
	written, ok := text(node)
	if !ok {
		r.report(placeOf(node), "is no interval; %s", example)
		return span{}, false
	}
	parts := intervalPattern.FindStringSubmatch(written)
	if parts == nil {
		r.report(placeOf(node), "%q is no interval; %s", cut(written), example)
		return span{}, false
	}
	from, okFrom := sinceMidnight(parts[1], parts[2])
	to, okTo := sinceMidnight(parts[3], parts[4])
	switch {
	case !okFrom || !okTo:
		r.report(placeOf(node), "%q has a time that no clock shows; %s, and 24:00 for the end of the day", written, example)
		return span{}, false
	case from == to:
		r.report(placeOf(node), "%q begins and ends at the same time; %s, or 00:00-24:00 for the whole day", written, example)
		return span{}, false
	case to < from:
		r.report(placeOf(node), `%q ends before it begins; work over midnight is written as two intervals: "%s" here and "%s" on the next day`,
			written, span{from, hoursOfDay}, span{0, to})
		return span{}, false
	}
	return span{from, to}, true
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
		return fmt.Sprintf("%02d:%02d", t/time.Hour, t%time.Hour/time.Minute)
	}
	return clock(s.from) + "-" + clock(s.to)
}

func (r *reader) days(c *Calendar, node ast.Node) {
	if _, empty := node.(*ast.NullNode); empty {
		return
	}
	set := map[day]place{}
	for _, entry := range r.entries(node, "the days") {
		first, last, ok := r.dates(c, entry)
		hours, sound := r.hours(c, entry.value, true)
		if !ok {
			continue
		}
		for d := first; d <= last; d++ {
			if before, twice := set[d]; twice {
				r.report(entry.at, "%s has its entry on line %d already; keep one of them", d, before.line)
				break
			}
			set[d] = entry.at
			if sound {
				c.days[d] = hours
			}
		}
	}
}

// dates reads a date or a range of dates within the covered years.
func (r *reader) dates(c *Calendar, e entry) (first, last day, ok bool) {
	from, to, isRange := strings.Cut(e.key, "..")
	if !isRange {
		to = from
	}
	first, ok = r.date(e.at, from)
	if !ok {
		return 0, 0, false
	}
	if last, ok = r.date(e.at, to); !ok {
		return 0, 0, false
	}
	if last < first {
		r.report(e.at, `the range runs backwards; write "%s..%s"`, last, first)
		return 0, 0, false
	}
	if c.covers == (Years{}) {
		return 0, 0, false // covers itself is wrong: nothing to measure the date by
	}
	for _, d := range []day{first, last} {
		if !c.covered(d) {
			r.report(e.at, `%s is outside the years that the calendar covers (%d..%d); correct the date, or write its year into "covers" when all holidays of that year are entered`,
				d, c.covers.First, c.covers.Last)
			return 0, 0, false
		}
	}
	return first, last, true
}

func (r *reader) date(at place, written string) (day, bool) {
	t, err := time.Parse(time.DateOnly, strings.TrimSpace(written))
	if err != nil {
		r.report(at, `%q is no date; write year-month-day like "2026-02-14", or a range like "2026-02-15..2026-02-23"`, cut(written))
		return 0, false
	}
	return dayOfReading(t), true
}
