package link_test

import (
	"bytes"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"recourse/internal/link"
)

var (
	key = bytes.Repeat([]byte("k"), 32)
	now = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
)

func signer(t testing.TB, key []byte) *link.Signer {
	s, err := link.NewSigner(key)
	require.NoError(t, err)
	return s
}

func answer() link.Link {
	return link.Link{ID: uuid.MustParse("0195502a-6f2e-7c43-9d55-3a7b4f1c0001"), Number: "CS-2026-000123",
		Purpose: link.Answer, Subject: 2, ExpiresAt: now.Add(48 * time.Hour)}
}

func TestLinkSaysWhatItWasSignedFor(t *testing.T) {
	for _, purpose := range link.Purposes() {
		t.Run(string(purpose), func(t *testing.T) {
			signed := answer()
			signed.Purpose = purpose
			token, err := signer(t, key).Sign(signed)
			require.NoError(t, err)
			require.LessOrEqual(t, len(token), 80, "short enough for a text message")
			require.Equal(t, token, url.PathEscape(token), "needs no escaping in a URL")

			opened, err := signer(t, key).Open(token, now)
			require.NoError(t, err)
			require.Equal(t, signed, opened)
		})
	}
}

func TestLinkEndsOnTheSecond(t *testing.T) {
	token, err := signer(t, key).Sign(answer())
	require.NoError(t, err)
	_, err = signer(t, key).Open(token, now.Add(48*time.Hour-time.Second))
	require.NoError(t, err)
	_, err = signer(t, key).Open(token, now.Add(48*time.Hour))
	require.ErrorIs(t, err, link.ErrExpired)
}

func TestForgedLinkIsRefused(t *testing.T) {
	token, err := signer(t, key).Sign(answer())
	require.NoError(t, err)
	_, err = signer(t, bytes.Repeat([]byte("x"), 32)).Open(token, now)
	require.ErrorIs(t, err, link.ErrForged, "signed with another key")

	for i := range token {
		changed := []byte(token)
		changed[i] = map[bool]byte{true: 'B', false: 'A'}[changed[i] == 'A']
		_, err := signer(t, key).Open(string(changed), now)
		require.ErrorIs(t, err, link.ErrForged, "character %d changed", i)
	}
	for _, cut := range []string{"", token[:10], token[:len(token)-1], token + "A", "follow", "../../etc/passwd"} {
		_, err := signer(t, key).Open(cut, now)
		require.ErrorIs(t, err, link.ErrForged)
	}
}

// First review: C11.
func TestALinkHasExactlyOneSpelling(t *testing.T) {
	token, err := signer(t, key).Sign(answer())
	require.NoError(t, err)
	for _, other := range []string{token + "\n", "\r\n" + token, token[:20] + "\n" + token[20:], token[:20] + "\r" + token[20:], token + "=", token + " ", " " + token,
		strings.ReplaceAll(strings.ReplaceAll(token, "-", "+"), "_", "/") + "\n"} {
		_, err := signer(t, key).Open(other, now)
		require.ErrorIs(t, err, link.ErrForged, "%q", other)
	}
}

func TestLinkThatCannotBeSignedIsAnError(t *testing.T) {
	for what, change := range map[string]func(*link.Link){
		"unknown purpose": func(l *link.Link) { l.Purpose = "everything" },
		"no number":       func(l *link.Link) { l.Number = "" },
		"subject":         func(l *link.Link) { l.Subject = -1 },
	} {
		t.Run(what, func(t *testing.T) {
			l := answer()
			change(&l)
			_, err := signer(t, key).Sign(l)
			require.Error(t, err)
		})
	}
	_, err := link.NewSigner([]byte("short"))
	require.Error(t, err)
}

func FuzzOpenNeverTrustsAStranger(f *testing.F) {
	token, err := signer(f, key).Sign(answer())
	require.NoError(f, err)
	f.Add(token)
	f.Add(token[:10] + "\n" + token[10:])
	f.Add("")
	f.Fuzz(func(t *testing.T, guess string) {
		if guess == token {
			return
		}
		_, err := signer(t, key).Open(guess, now)
		require.ErrorIs(t, err, link.ErrForged)
	})
}
