package message

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// oneLine makes text safe to stand in a header or on one line: line breaks and
// other white space become single spaces, control characters go.
func oneLine(text string) string {
	return strings.Join(strings.Fields(visible(text)), " ")
}

// lines makes text of several lines safe: line breaks stay, as "\n"; control
// characters go.
func lines(text string) string {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n").Replace(text)
	parts := strings.Split(text, "\n")
	for i, p := range parts {
		parts[i] = strings.TrimRightFunc(visible(p), unicode.IsSpace)
	}
	return strings.Trim(strings.Join(parts, "\n"), "\n")
}

// visible drops what can't be seen: invalid UTF-8, control characters, and the
// marks that reverse the direction of writing, by which "gnp.exe" is shown as "exe.png".
func visible(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case r == utf8.RuneError, unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == '\ufeff':
			return -1
		}
		return r
	}, text)
}

// shorten cuts text to so many characters and shows that it did.
func shorten(text string, characters int) string {
	if utf8.RuneCountInString(text) <= characters {
		return text
	}
	return string([]rune(text)[:characters-1]) + "…"
}
