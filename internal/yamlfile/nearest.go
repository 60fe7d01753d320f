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

// Instead says what to write in place of a word that is not known: the nearest
// one, and otherwise all of them.
func Instead(written string, words []string) string {
	if nearest := Nearest(written, words); nearest != "" {
		return fmt.Sprintf("write %q", nearest)
	}
	if len(words) == 0 {
		return "there is none to choose from"
	}
	return "write one of " + strings.Join(words, ", ")
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
