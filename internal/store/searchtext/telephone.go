package searchtext

import (
	"regexp"
	"slices"
	"strings"
)

// Digits of telephone numbers.
const (
	shortestNumber = 5
	shortestForm   = 3
	longestNumber  = 15 // ITU-T E.164
	nationalDigits = 11 // of a Chinese mobile number: what is longer has a country's code
	mostPieces     = 5  // into which people write one number: +86 139 6686 2070
)

// endings are by how many last digits a number is found: as people remember it, and as it is
// dialled at the place.
var endings = []int{4, 7, 8}

// telephone is what may be a telephone number.
type telephone struct {
	written string
	digits  string
	abroad  bool // with a + or 00 before its country's code
	whole   bool // all that stands there together, and not a part of it
}

var (
	// numbers are digits with what people write between them.
	numbers = regexp.MustCompile(`\+?[(]?[0-9](?:[0-9 ()./\-]*[0-9])?`)
	pieces  = regexp.MustCompile(`\+?[0-9]+`)
	// countryCodes are those of one digit and of two; all others have three (ITU-T E.164, annex).
	countryCodes = regexp.MustCompile(`^(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|[2-9][0-9]{2})`)
)

// telephones are the numbers in a plain text, in the order in which they stand: all that stands
// together, and, as two may stand together, each few pieces of it that could be one.
func telephones(text string) []telephone {
	var found []telephone
	for _, together := range numbers.FindAllString(text, -1) {
		all := pieces.FindAllString(together, -1)
		for first := range all {
			for last := first; last < min(first+mostPieces, len(all)); last++ {
				joined := strings.Join(all[first:last+1], "")
				digits := strings.ReplaceAll(joined, "+", "")
				if len(digits) > longestNumber+2 { // with 00 before it
					break
				}
				if len(digits) < shortestNumber {
					continue
				}
				number := telephone{digits: digits, whole: first == 0 && last == len(all)-1, written: together}
				if strings.HasPrefix(joined, "+") {
					number.abroad = true
				} else if strings.HasPrefix(digits, "00") && len(digits)-2 >= shortestNumber {
					number.abroad, number.digits = true, digits[2:]
				}
				found = append(found, number)
			}
		}
	}
	return found
}

// SameTelephone reports whether two fields have a number in common, however each writes it.
func SameTelephone(a, b string) bool {
	for _, one := range telephones(plain(a)) {
		for _, other := range telephones(plain(b)) {
			shared := func(form string) bool { return len(form) >= shortestNumber && slices.Contains(other.forms(), form) }
			if one.whole && other.whole && slices.ContainsFunc(one.forms(), shared) {
				return true
			}
		}
	}
	return false
}

// forms are the ways of writing a number, of which one has to be there for it, or its beginning, to
// be found: as it is, without its country's code, and without the
// zero that is dialled within a country.
func (t telephone) forms() []string {
	forms := []string{t.digits}
	if t.abroad || len(t.digits) > nationalDigits {
		forms = append(forms, t.digits[len(countryCodes.FindString(t.digits)):])
	}
	for _, form := range slices.Clone(forms) {
		forms = append(forms, strings.TrimLeft(form, "0"))
	}
	// What is left without a country's code may be too little to look for.
	return slices.DeleteFunc(forms, func(form string) bool { return len(form) < shortestForm })
}

// indexed are the words under which the number is found.
func (t telephone) indexed() []string {
	words := t.forms()
	for _, ending := range endings {
		if len(t.digits) > ending {
			words = append(words, t.digits[len(t.digits)-ending:])
		}
	}
	return words
}
