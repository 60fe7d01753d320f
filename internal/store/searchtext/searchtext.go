// Package searchtext takes words as people write them, Chinese without spaces included, and needs
// no extension of PostgreSQL: a run of letters and digits is one word, found by its beginning; a
// run of Han characters is indexed by its pairs, so that any part of it is found. A telephone
// number is found with or without its country's code and separators, and by its last digits.
package searchtext

import (
	"slices"
	"strings"
	"unicode"
)

const (
	lastDigits  = 4  // by which people remember a telephone number
	phoneDigits = 11 // of a Chinese mobile number without the country's code
)

// Words splits texts into what is indexed.
func Words(written ...string) []string {
	var words []string
	for _, text := range written {
		for _, run := range runs(text) {
			if !isHan(run[0]) {
				words = append(words, string(run))
				continue
			}
			for i := range run {
				words = append(words, string(run[i:min(i+2, len(run))]))
			}
		}
		if digits := onlyDigits(text); len(digits) > lastDigits {
			words = append(words, digits, digits[max(0, len(digits)-phoneDigits):], digits[len(digits)-lastDigits:])
		}
	}
	slices.Sort(words)
	return slices.Compact(words)
}

// NumberWords are the words by which a complaint is found from its number alone: "000123" and "123"
// for "CS-2026-000123".
func NumberWords(number string) []string {
	sequence := number[strings.LastIndexFunc(number, func(r rune) bool { return r < '0' || r > '9' })+1:]
	return Words(sequence, strings.TrimLeft(sequence, "0"))
}

// Query is the tsquery that finds what contains all words of q, or empty when q holds none.
func Query(q string) string {
	var terms []string
	for _, run := range runs(q) {
		if !isHan(run[0]) {
			terms = append(terms, "'"+string(run)+"':*")
			continue
		}
		if len(run) == 1 {
			terms = append(terms, "'"+string(run)+"':*")
		}
		for i := 0; i+1 < len(run); i++ {
			terms = append(terms, "'"+string(run[i:i+2])+"'")
		}
	}
	return strings.Join(terms, " & ")
}

// runs are the longest pieces of a text that are only Han characters, or only other letters and
// digits, in lower case.
func runs(text string) [][]rune {
	var found [][]rune
	var run []rune
	end := func() {
		if len(run) > 0 {
			found = append(found, run)
			run = nil
		}
	}
	for _, r := range strings.ToLower(text) {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			end()
			continue
		case len(run) > 0 && isHan(r) != isHan(run[0]):
			end()
		}
		run = append(run, r)
	}
	end()
	return found
}

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

func onlyDigits(text string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
}
