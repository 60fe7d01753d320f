package calendar

import "strings"

// didYouMean proposes the nearest of the words that are right there, or lists them all when none is near.
func didYouMean(written string, right []string) string {
	best, distance := "", 3
	for _, word := range right {
		if d := edits(strings.ToLower(cut(written)), strings.ToLower(word)); d < distance && d < len(word) {
			best, distance = word, d
		}
	}
	if best != "" {
		return `did you mean "` + best + `"?`
	}
	return "write one of: " + strings.Join(right, ", ")
}

// edits is how many characters have to be put in, taken out, replaced or swapped with their neighbour to make b of a
// (optimal string alignment distance).
func edits(a, b string) int {
	from, to := []rune(a), []rune(b)
	rows := make([][]int, len(from)+1)
	for i := range rows {
		rows[i] = make([]int, len(to)+1)
		rows[i][0] = i
	}
	for j := range to {
		rows[0][j+1] = j + 1
	}
	for i := range from {
		for j := range to {
			replaced := rows[i][j]
			if from[i] != to[j] {
				replaced++
			}
			rows[i+1][j+1] = min(replaced, rows[i][j+1]+1, rows[i+1][j]+1)
			if i > 0 && j > 0 && from[i] == to[j-1] && from[i-1] == to[j] {
				rows[i+1][j+1] = min(rows[i+1][j+1], rows[i-1][j-1]+1)
			}
		}
	}
	return rows[len(from)][len(to)]
}

// cut shortens what somebody wrote to what fits into a message.
func cut(text string) string {
	const most = 120
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}
