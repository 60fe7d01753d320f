package store

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
)

// Cursor is where a page of a list ended. It is opaque: give it back for the next page. Empty is
// the beginning, and comes back when there is no further page.
type Cursor string

// CursorAfter keeps the sort key of a page's last row. kind tells the lists apart.
func CursorAfter(kind string, key ...any) Cursor {
	encoded, err := json.Marshal(append([]any{kind}, key...))
	if err != nil {
		panic(fmt.Sprintf("a sort key of %s can't be encoded: %v", kind, err))
	}
	return Cursor(base64.RawURLEncoding.EncodeToString(encoded))
}

// Read reads a sort key back; it leaves key alone for the empty cursor. It returns ErrBadCursor
// when the cursor is of another kind of list.
func (c Cursor) Read(kind string, key ...any) error {
	if c == "" {
		return nil
	}
	encoded, err := base64.RawURLEncoding.DecodeString(string(c))
	if err != nil || base64.RawURLEncoding.EncodeToString(encoded) != string(c) { // one spelling: the decoder passes over line breaks
		return fmt.Errorf("%w: %q", ErrBadCursor, c)
	}
	var parts []json.RawMessage
	if err := json.Unmarshal(encoded, &parts); err != nil || len(parts) != len(key)+1 {
		return fmt.Errorf("%w: %q", ErrBadCursor, c)
	}
	var found string
	if err := json.Unmarshal(parts[0], &found); err != nil || found != kind {
		return fmt.Errorf("%w: %q", ErrBadCursor, c)
	}
	for i, into := range key {
		if err := json.Unmarshal(parts[i+1], into); err != nil {
			return fmt.Errorf("%w: %q", ErrBadCursor, c)
		}
		if text, is := into.(*string); is && strings.ContainsRune(*text, 0) { // PostgreSQL keeps no U+0000 in text
			return fmt.Errorf("%w: %q", ErrBadCursor, c)
		}
	}
	return nil
}

// Page cuts what was read, one row more than asked, to a page and its cursor.
func Page[T any](rows []T, limit int, cursor func(last T) Cursor) ([]T, Cursor) {
	if len(rows) <= limit {
		return rows, ""
	}
	return rows[:limit], cursor(rows[limit-1])
}

// Pages are bounded, whatever is asked.
const (
	usualPage   = 50
	largestPage = 500
)

// PageSize is how many rows a page has for which somebody asked with limit: 50 when it is 0 or
// less, never more than 500.
func PageSize(limit int) int {
	if limit <= 0 {
		return usualPage
	}
	return min(limit, largestPage)
}
