// Package searchtext takes words as people write them, Chinese without spaces included, and needs
// no extension of PostgreSQL: a run of letters and digits is one word, found by its beginning; a
// run of Han characters is indexed by its pairs, so that any part of it is found. However a name is
// spelt, it is found: case, accents, width, dots and apostrophes make no difference. A telephone
// number is found with or without its country's code and separators, and by its last digits.
package searchtext

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Form is that of the words that Words makes, and of what they are made of. Count it up with every
// change of them: the programs then make those of all complaints anew.
const Form = 2

// Bounds of what is indexed: PostgreSQL holds no more than a megabyte for a complaint.
const (
	longestWord = 60   // bytes
	mostWords   = 6000 // of what is written together; what is written first counts
	mostNumbers = 1000 // of the forms of telephone numbers beside them
)

// Words splits texts into what is indexed.
func Words(written ...string) []string {
	found := map[string]bool{}
	add := func(words []string, most int) {
		for _, word := range words {
			if len(found) < most {
				found[word] = true
			}
		}
	}
	for _, text := range written {
		for _, word := range split(plain(text)) {
			for _, spelt := range word.spellings() {
				add(indexed(spelt), mostWords)
			}
		}
	}
	most := len(found) + mostNumbers
	for _, text := range written {
		for _, number := range telephones(plain(text)) {
			add(number.indexed(), most)
		}
	}
	words := slices.AppendSeq([]string{}, maps.Keys(found)) // never nil, which would be NULL
	slices.Sort(words)
	return words
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
	words := func(text string) string {
		var all []string
		for _, word := range split(text) {
			var spelt []string
			for _, spelling := range word.spellings() {
				spelt = append(spelt, asked(spelling))
			}
			all = append(all, either(spelt))
		}
		return strings.Join(all, " & ")
	}
	rest := plain(q)
	for _, number := range telephones(rest) {
		if number.whole {
			before, after, _ := strings.Cut(rest, number.written)
			terms, rest = append(terms, words(before)), after
			forms := []string{words(number.written)}
			for _, form := range number.forms() {
				forms = append(forms, "'"+form+"':*")
			}
			terms = append(terms, either(forms))
		}
	}
	terms = append(terms, words(rest))
	return strings.Join(slices.DeleteFunc(terms, func(term string) bool { return term == "" }), " & ")
}

func either(terms []string) string {
	terms = slices.Compact(terms)
	if len(terms) == 1 {
		return terms[0]
	}
	return "(" + strings.Join(terms, " | ") + ")"
}

// unaccented are the Latin letters that Unicode doesn't take apart into a letter and a mark, and
// the sigma that ends a Greek word.
var unaccented = strings.NewReplacer("ς", "σ", "đ", "d", "ð", "d", "ø", "o", "ł", "l", "ħ", "h", "ı", "i", "ŧ", "t", "ß", "ss", "æ", "ae", "œ", "oe", "þ", "th")

// spaces are one, however wide: people pad 张  伟 to the width of three characters.
var spaces = regexp.MustCompile(`[\t ]+`)

// plain is a text in lower case, without accents, and with the digits 0 to 9 whatever the script
// and width that they were written in.
func plain(text string) string {
	decomposed := spaces.ReplaceAllString(norm.NFKD.String(strings.ToValidUTF8(text, " ")), " ")
	return unaccented.Replace(norm.NFC.String(strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r), unicode.Is(unicode.Cf, r):
			return -1
		case unicode.Is(unicode.Nd, r):
			return '0' + digit(r)
		}
		return unicode.ToLower(r)
	}, decomposed)))
}

// digit is the value of a decimal digit: in every script the ten stand in order, and the ranges of
// Unicode's table hold whole tens.
func digit(r rune) rune {
	for _, ten := range unicode.Nd.R16 {
		if rune(ten.Lo) <= r && r <= rune(ten.Hi) {
			return (r - rune(ten.Lo)) % 10
		}
	}
	for _, ten := range unicode.Nd.R32 {
		if rune(ten.Lo) <= r && r <= rune(ten.Hi) {
			return (r - rune(ten.Lo)) % 10
		}
	}
	return 0
}

// word is a run of letters and digits, with the marks that people leave out or write otherwise
// between its parts: O'Brien, Jean-Luc, 阿卜杜拉·买买提, 张 伟.
type word struct{ parts [][]rune }

// spellings are the ways in which a word may be looked for, each as parts that all have to be
// there: the whole without its marks, and its parts.
func (w word) spellings() [][][]rune {
	if len(w.parts) == 1 {
		return [][][]rune{w.parts}
	}
	return [][][]rune{{slices.Concat(w.parts...)}, w.parts}
}

// split cuts a plain text into words: where there is neither letter nor digit, and between Han and
// other characters.
func split(text string) []word {
	var found []word
	var parts [][]rune
	var run []rune
	end := func() {
		if len(run) > 0 {
			parts = append(parts, run)
		}
		if len(parts) > 0 {
			found = append(found, word{parts})
		}
		parts, run = nil, nil
	}
	all := []rune(text)
	for i, r := range all {
		switch {
		case len(run) > 0 && (isJoint(r) || r == ' ' && isHan(run[0]) && i+1 < len(all) && isHan(all[i+1]) ||
			r == '.' && isInitial(run) && initialFollows(all[i+1:])):
			parts, run = append(parts, run), nil
			continue
		case r == ' ' && len(run) == 0 && len(parts) > 0 && all[i-1] == '.': // J. R. Smith
			continue
		case !isHan(r) && !unicode.IsLetter(r) && !unicode.IsDigit(r): // 〇 is Han, and no letter
			end()
			continue
		case len(run) > 0 && isHan(r) != isHan(run[0]), len(run) == 0 && len(parts) > 0 && isHan(r) != isHan(parts[0][0]):
			end()
		}
		run = append(run, r)
	}
	end()
	return found
}

// isJoint: a mark within a name. Dots between letters of an address, and those of a date, are none.
func isJoint(r rune) bool { return strings.ContainsRune("'’‘ʼ´`-‐‑·•・‧･", r) }

// isInitial: one letter, which a dot follows: J.R., J. R.
func isInitial(run []rune) bool { return len(run) == 1 && !isHan(run[0]) && unicode.IsLetter(run[0]) }

// initialFollows: another letter by itself comes next.
func initialFollows(rest []rune) bool {
	if len(rest) > 0 && rest[0] == ' ' {
		rest = rest[1:]
	}
	return len(rest) > 0 && isInitial(rest[:1]) && (len(rest) == 1 || !unicode.IsLetter(rest[1]) && !unicode.IsDigit(rest[1]))
}

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

// indexed are the words under which a spelling's parts are found.
func indexed(parts [][]rune) []string {
	var words []string
	for _, part := range parts {
		if !isHan(part[0]) {
			words = append(words, cut(part))
			continue
		}
		for i := range part {
			words = append(words, string(part[i:min(i+2, len(part))]))
		}
	}
	return words
}

// cut is as much of a word as counts.
func cut(part []rune) string {
	word := string(part[:min(len(part), longestWord)])
	for len(word) > longestWord {
		_, last := utf8.DecodeLastRuneInString(word)
		word = word[:len(word)-last]
	}
	return word
}

// asked is what has to be there for a spelling to be found.
func asked(parts [][]rune) string {
	var terms []string
	for _, part := range parts {
		if !isHan(part[0]) {
			terms = append(terms, "'"+cut(part)+"':*")
			continue
		}
		if len(part) == 1 {
			terms = append(terms, "'"+string(part)+"':*")
		}
		for i := 0; i+1 < len(part); i++ {
			terms = append(terms, "'"+string(part[i:i+2])+"'")
		}
	}
	if len(terms) == 1 {
		return terms[0]
	}
	return "(" + strings.Join(terms, " & ") + ")"
}
