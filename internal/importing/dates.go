package importing

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

// dateFormat reads dates of one form as people and spreadsheets write them: with or without the
// zero before a single digit.
type dateFormat struct {
	pattern *regexp.Regexp
	units   []byte // of the pattern's groups: Y, M, D, h, m, s, A
}

const formatUnits = "write the format with YYYY, M or MM, D or DD, h or hh, m or mm, s or ss, AM/PM, such as YYYY/M/D h:mm"

var (
	formatParts = regexp.MustCompile(`AM/PM|Y+|M+|D+|h+|m+|s+|[A-Za-z]|\s+|[^A-Za-z\s]+`)
	isUnit      = regexp.MustCompile(`^(?:AM/PM|YYYY|MM?|DD?|hh?|mm?|ss?)$`)
	isLetter    = regexp.MustCompile(`^[A-Za-z]`)
)

// parseDateFormat reads a format. A unit may be written with one letter or with two, which mean the
// same but where two units stand side by side: MMDD are four digits. A T stands for itself.
func parseDateFormat(written string) (dateFormat, error) {
	f, pattern := dateFormat{}, strings.Builder{}
	parts := formatParts.FindAllString(written, -1)
	for i, part := range parts {
		switch {
		case part == "T" || !isLetter.MatchString(part) && strings.TrimSpace(part) != "":
			pattern.WriteString(regexp.QuoteMeta(part))
			continue
		case !isLetter.MatchString(part):
			pattern.WriteString(`\s+`)
			continue
		case !isUnit.MatchString(part):
			return f, fmt.Errorf("%q means nothing in a format; %s", part, formatUnits)
		case strings.IndexByte(string(f.units), part[0]) >= 0:
			return f, fmt.Errorf("%q stands twice in the format, where M is the month and m the minute; %s", part[:1], formatUnits)
		}
		beside := i > 0 && isUnit.MatchString(parts[i-1]) || i+1 < len(parts) && isUnit.MatchString(parts[i+1])
		switch {
		case part == "AM/PM":
			pattern.WriteString(`(?i:(AM|PM|上午|下午))`)
		case part == "YYYY":
			pattern.WriteString(`(\d{4})`)
		case beside && len(part) == 2:
			pattern.WriteString(`(\d{2})`)
		default:
			pattern.WriteString(`(\d{1,2})`)
		}
		f.units = append(f.units, part[0])
	}
	for _, needed := range "YMD" {
		if !strings.ContainsRune(string(f.units), needed) {
			return f, fmt.Errorf("the format has no %c; %s", needed, formatUnits)
		}
	}
	var err error
	f.pattern, err = regexp.Compile(`^` + pattern.String() + `$`)
	return f, err
}

// unmistakable are read whatever the format: no two dates are written like this.
var unmistakable = []string{time.DateTime, "2006-01-02 15:04", time.DateOnly, "2006-01-02T15:04:05", time.RFC3339}

// serial is how a spreadsheet counts days from the end of 1899, when it shows a date as a number:
// those of 1954 to 2119.
var serial = regexp.MustCompile(`^[2-7]\d{4}(?:\.\d+)?$`)

// read reads a date, in a zone unless it says its own. It is false for what is none.
func (f dateFormat) read(written string, in *time.Location) (time.Time, bool) {
	if found := f.pattern.FindStringSubmatch(written); found != nil {
		return f.date(found[1:], in)
	}
	for _, layout := range unmistakable {
		if at, err := time.ParseInLocation(layout, written, in); err == nil {
			return at, true
		}
	}
	if !serial.MatchString(written) {
		return time.Time{}, false
	}
	days, err := strconv.ParseFloat(written, 64)
	if err != nil {
		return time.Time{}, false
	}
	at, err := excelize.ExcelDateToTime(days, false)
	at = at.Round(time.Second)
	return time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), at.Second(), 0, in), err == nil
}

// date is false for a day or a time of day that there isn't.
func (f dateFormat) date(values []string, in *time.Location) (time.Time, bool) {
	number, half := map[byte]int{}, ""
	for i, unit := range f.units {
		if unit == 'A' {
			half = strings.ToUpper(values[i])
			continue
		}
		number[unit], _ = strconv.Atoi(values[i]) // the pattern lets digits pass
	}
	if half != "" {
		if number['h'] < 1 || number['h'] > 12 {
			return time.Time{}, false
		}
		number['h'] %= 12
		if half == "PM" || half == "下午" {
			number['h'] += 12
		}
	}
	if number['h'] > 23 || number['m'] > 59 || number['s'] > 59 {
		return time.Time{}, false
	}
	at := time.Date(number['Y'], time.Month(number['M']), number['D'], number['h'], number['m'], number['s'], 0, in)
	return at, at.Month() == time.Month(number['M']) && at.Day() == number['D']
}
