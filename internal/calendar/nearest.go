package calendar

import (
	"strings"

	"recourse/internal/yamlfile"
)

// didYouMean proposes the nearest of the words that are right there, or lists them all when none is near.
func didYouMean(written string, right []string) string {
	if best := yamlfile.Nearest(written, right); best != "" {
		return `did you mean "` + best + `"?`
	}
	return "write one of: " + strings.Join(right, ", ")
}

// cut shortens what somebody wrote to what fits into a message.
func cut(text string) string {
	const most = 120
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}
