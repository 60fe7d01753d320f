package complaint

import (
	"bytes"
	"encoding/json"
	"regexp"
)

// codedWord is what a coded fact looks like: a name, a number, an ID, a time, a
// rung ("75%", "+1wd").
var codedWord = regexp.MustCompile(`^[A-Za-z0-9+-][A-Za-z0-9._:+/%-]{0,99}$`)

// Coded reports whether the facts hold codes only, and no free text: what comes
// without a stored submission may not bring words into the history.
func (f Facts) Coded() bool {
	raw, err := json.Marshal(f)
	if err != nil {
		return false
	}
	tokens := json.NewDecoder(bytes.NewReader(raw))
	for {
		token, err := tokens.Token()
		if err != nil {
			return true // the end: the bytes are ours
		}
		if word, isText := token.(string); isText && word != "" && !codedWord.MatchString(word) {
			return false
		}
	}
}
