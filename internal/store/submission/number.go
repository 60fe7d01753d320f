package submission

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

var sequencePlace = regexp.MustCompile(`\{sequence(?::(\d{1,2}))?\}`)

// numberPattern is a procedure's pattern of numbers, cut at its sequence: "CS-{year}-{sequence:6}".
type numberPattern struct {
	before, after string
	width         int32
}

func parseNumberPattern(pattern string, year int) (numberPattern, error) {
	places := sequencePlace.FindAllStringSubmatchIndex(pattern, -1)
	if len(places) != 1 {
		return numberPattern{}, fmt.Errorf("the number pattern %q must hold {sequence} or {sequence:width} exactly once", pattern)
	}
	place := places[0]
	p := numberPattern{before: pattern[:place[0]], after: pattern[place[1]:], width: 1}
	if place[2] >= 0 {
		width, err := strconv.ParseInt(pattern[place[2]:place[3]], 10, 32)
		if err != nil {
			return numberPattern{}, fmt.Errorf("the number pattern %q has no width one can count with: %w", pattern, err)
		}
		p.width = int32(width)
	}
	if !strings.Contains(p.before+p.after, "{year}") {
		return numberPattern{}, fmt.Errorf("the number pattern %q must hold {year}: sequences begin anew each year", pattern)
	}
	p.before = strings.ReplaceAll(p.before, "{year}", strconv.Itoa(year))
	p.after = strings.ReplaceAll(p.after, "{year}", strconv.Itoa(year))
	return p, nil
}
