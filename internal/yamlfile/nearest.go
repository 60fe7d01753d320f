package yamlfile

import (
	"fmt"
	"strings"
)

// longest is the longest text for which a near word is looked for.
const longest = 60

// Nearest returns the word that the writer most likely meant, or "" when none
// is near.
func Nearest(written string, words []string) string {
	written = strings.ToLower(written)
	if len(written) > longest {
		return ""
	}
	best, bestDistance := "", 2+len(written)/4
	for _, word := range words {
		d := distance(written, strings.ToLower(word))
		if len(written) > 1 && strings.HasPrefix(strings.ToLower(word), written) {
			d = min(d, 1) // a word begun
		}
		if d < bestDistance && d < len(written) {
			best, bestDistance = word, d
		}
	}
	return best
}

// mostWords are listed where none is near.
const mostWords = 40

// Instead says what to write in place of a word that is not known: the nearest
// one, and otherwise all of them. It is looked for only when it is written into a
// message: there may be many words, and many mistakes of which none is told.
func Instead(written string, words []string) fmt.Stringer { return instead{written, words} }

type instead struct {
	written string
	words   []string
}

func (i instead) String() string {
	if nearest := Nearest(i.written, i.words); nearest != "" {
		return fmt.Sprintf("write %q", nearest)
	}
	switch count := len(i.words); {
	case count == 0:
		return "there is none to choose from"
	case count == 1:
		return fmt.Sprintf("write %q", i.words[0])
	case count > mostWords:
		return fmt.Sprintf("write one of %s, or another of %d", strings.Join(i.words[:mostWords], ", "), count)
	}
	return "write one of " + strings.Join(i.words, ", ")
}

// distance is the number of inserted, deleted and changed letters between two
// words (Levenshtein).
func distance(a, b string) int {
	from, to := []rune(a), []rune(b)
	row := make([]int, len(to)+1)
	for j := range row {
		row[j] = j
	}
	for i, letter := range from {
		diagonal := row[0]
		row[0] = i + 1
		for j, other := range to {
			changed := diagonal
			if letter != other {
				changed++
			}
			diagonal = row[j+1]
			row[j+1] = min(changed, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(to)]
}
