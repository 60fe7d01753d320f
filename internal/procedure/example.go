package procedure

import (
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode"
)

// PatternExample writes something that fits a pattern, by which people see what is wanted sooner
// than by the pattern: "1234567890" for ^[A-Z0-9]{10,14}$. It is as short as the pattern lets it
// be, always the same, and empty where none was found.
func PatternExample(pattern string) string {
	parsed, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return ""
	}
	e := exampler{}
	e.write(parsed)
	if fits, err := regexp.MatchString(pattern, e.written.String()); err != nil || !fits {
		return ""
	}
	return e.written.String()
}

// longestExample is how many characters are shown of one at most.
const longestExample = 100

// exampler writes an example, letters and digits in their order.
type exampler struct {
	written         strings.Builder
	digits, letters rune
}

func (e *exampler) write(r *syntax.Regexp) {
	if e.written.Len() > longestExample {
		return
	}
	switch r.Op { // of the others nothing has to be there
	case syntax.OpLiteral:
		for _, letter := range r.Rune {
			e.written.WriteRune(letter)
		}
	case syntax.OpCharClass:
		e.written.WriteRune(e.one(r.Rune))
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		e.written.WriteRune(e.one([]rune{'A', 'Z'}))
	case syntax.OpCapture, syntax.OpPlus:
		e.write(r.Sub[0])
	case syntax.OpAlternate:
		e.write(r.Sub[0])
	case syntax.OpConcat:
		for _, part := range r.Sub {
			e.write(part)
		}
	case syntax.OpRepeat:
		for range min(r.Min, longestExample) {
			e.write(r.Sub[0])
		}
	}
}

// one is the next digit that a class has, or else the next capital letter, or its first character.
// The class is pairs of first and last.
func (e *exampler) one(class []rune) rune {
	has := func(r rune) bool {
		for i := 0; i+1 < len(class); i += 2 {
			if class[i] <= r && r <= class[i+1] {
				return true
			}
		}
		return false
	}
	if digit := '0' + (e.digits+1)%10; has(digit) {
		e.digits++
		return digit
	}
	if letter := 'A' + e.letters%26; has(letter) {
		e.letters++
		return letter
	}
	for i := 0; i+1 < len(class); i += 2 {
		for r := class[i]; r <= class[i+1] && r < class[i]+unicode.MaxASCII; r++ {
			if unicode.IsGraphic(r) && r != ' ' {
				return r
			}
		}
	}
	return class[0]
}
