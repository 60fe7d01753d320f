package procedure

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// NumberPattern is how complaints are numbered: "CS-{year}-{sequence:6}" gives
// CS-2026-000123.
type NumberPattern struct {
	Pattern string
	prefix  string
	between string
	digits  int
}

var patternParts = regexp.MustCompile(`^([A-Z][A-Z0-9]{0,9}-)\{year\}(-)\{sequence:([1-9])\}$`)

// UnmarshalText reads the pattern.
func (p *NumberPattern) UnmarshalText(text []byte) error {
	parts := patternParts.FindStringSubmatch(string(text))
	if parts == nil {
		return fmt.Errorf("%q numbers no complaint; write capital letters, the year and how many digits, such as %q", text, "CS-{year}-{sequence:6}")
	}
	digits, err := strconv.Atoi(parts[3])
	if err != nil {
		return err
	}
	*p = NumberPattern{Pattern: string(text), prefix: parts[1], between: parts[2], digits: digits}
	return nil
}

// Number is the number of a complaint: the year is that of its registration in
// the calendar's zone, the sequence counts from 1. A sequence with more digits
// than the pattern is written out in full.
func (p *Procedure) Number(year int, sequence int64) string {
	n := p.NumberPattern
	return fmt.Sprintf("%s%04d%s%0*d", n.prefix, year, n.between, n.digits, sequence)
}

// ParseNumber takes a number apart; false when it isn't one of this procedure's.
func (p *Procedure) ParseNumber(number string) (year int, sequence int64, ok bool) {
	n := p.NumberPattern
	rest, ok := strings.CutPrefix(number, n.prefix)
	if !ok || len(rest) < 4 {
		return 0, 0, false
	}
	year, err := strconv.Atoi(rest[:4])
	if err != nil {
		return 0, 0, false
	}
	counted, ok := strings.CutPrefix(rest[4:], n.between)
	if !ok {
		return 0, 0, false
	}
	sequence, err = strconv.ParseInt(counted, 10, 64)
	if err != nil || year < 1 || sequence < 1 || p.Number(year, sequence) != number {
		return 0, 0, false
	}
	return year, sequence, true
}
