package store_test

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/growth"
	"recourse/internal/store"
)

// First review: C4.
func TestACursorWithWhatPostgreSQLDoesNotKeepIsRefused(t *testing.T) {
	var at time.Time
	var number string
	good := store.CursorAfter("complaints", time.Unix(0, 0).UTC(), "CS-2026-000001")
	require.NoError(t, good.Read("complaints", &at, &number))
	require.Equal(t, "CS-2026-000001", number)
	for _, key := range []string{"CS\x00", "\x00"} {
		require.ErrorIs(t, store.CursorAfter("complaints", time.Unix(0, 0).UTC(), key).Read("complaints", &at, &number), store.ErrBadCursor)
	}
}

// First review: C2.
func TestALongerCursorTakesNoMoreThanItsShare(t *testing.T) {
	for shape, json := range map[string]func(size int) string{
		"text":     func(size int) string { return `["complaints","` + strings.Repeat("a", size) + `",""]` },
		"parts":    func(size int) string { return `["complaints"` + strings.Repeat(`,1`, size/2) + `]` },
		"brackets": func(size int) string { return strings.Repeat("[", size) },
		"escapes":  func(size int) string { return `["complaints","` + strings.Repeat(`\u0041`, size/6) + `",""]` },
	} {
		t.Run(shape, func(t *testing.T) {
			growth.Linear(t, 64<<10, func(size int) func() {
				cursor := store.Cursor(base64.RawURLEncoding.EncodeToString([]byte(json(size))))
				return func() {
					var first, second string
					_ = cursor.Read("complaints", &first, &second) // some are refused
				}
			})
		})
	}
}
