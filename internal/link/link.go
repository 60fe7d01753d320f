// Package link makes and reads the customers' own links: a signed, expiring capability for one
// complaint and one purpose, short enough for a text message. Whoever holds it may do that one
// thing, without login.
package link

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
)

// Purpose is the one thing that a link lets do.
type Purpose string

// The purposes. Follow takes no step; each other is for the step of its name, Rate for a callback.
const (
	Follow   Purpose = "follow"
	Answer   Purpose = "answer"  // Subject is the revision of the proposal
	Rate     Purpose = "rate"    // Subject is the number of the callback, over all rounds of following up
	Contest  Purpose = "contest" // the explanation of an unfounded complaint; Subject as for an appeal
	Withdraw Purpose = "withdraw"
	Appeal   Purpose = "appeal" // Subject is how often the complaint was opened again before: each closing has its own appeal
)

// purposes are numbered in tokens by their place: append only.
var purposes = []Purpose{Follow, Answer, Rate, Contest, Withdraw, Appeal}

// lives are how long links live. What a link does may end earlier: the complaint decides.
var lives = map[Purpose]time.Duration{
	Follow:   365 * 24 * time.Hour,
	Answer:   60 * 24 * time.Hour,
	Rate:     30 * 24 * time.Hour,
	Contest:  30 * 24 * time.Hour,
	Withdraw: 90 * 24 * time.Hour,
	Appeal:   90 * 24 * time.Hour,
}

// Life is how long a link of this purpose lives from when it is issued; 0 for a purpose that there
// isn't.
func (p Purpose) Life() time.Duration { return lives[p] }

// Purposes lists every purpose.
func Purposes() []Purpose { return append([]Purpose{}, purposes...) }

// Link is what a token says.
type Link struct {
	// ID names the link in the database, where it can be revoked.
	ID      uuid.UUID
	Number  string // of the complaint
	Purpose Purpose
	// Subject says which of its kind: the proposal's revision, the callback's number over all
	// rounds of following up, or how often the complaint was opened again; 0 where there is one
	// only.
	Subject int
	// ExpiresAt is when the link ends, to the second.
	ExpiresAt time.Time
}

var (
	// ErrForged says that a token was not signed by us, or not whole.
	ErrForged = errors.New("the link is not one of ours")
	// ErrExpired says that the link's time is over.
	ErrExpired = errors.New("the link has expired")
)

const (
	format        = 1
	leastKey      = 32 // bytes
	signature     = 16 // bytes of the HMAC-SHA-256 that are kept: 128 bits (RFC 2104, section 5)
	longestNumber = 64
	longestToken  = 512
)

// Signer signs links and reads them again. It is safe for concurrent use.
type Signer struct {
	key []byte
}

// NewSigner takes the secret key: at least 32 bytes.
func NewSigner(key []byte) (*Signer, error) {
	if len(key) < leastKey {
		return nil, fmt.Errorf("the key that signs links has %d bytes, it needs %d", len(key), leastKey)
	}
	return &Signer{append([]byte{}, key...)}, nil
}

// Root is where customers follow their links: the token stands behind it.
const Root = "/v1/links/"

// Path is the path of a link that the database knows by an ID (a UUID).
func (s *Signer) Path(id string, l Link) (string, error) {
	var err error
	if l.ID, err = uuid.Parse(id); err != nil {
		return "", fmt.Errorf("read the ID of a link: %w", err)
	}
	token, err := s.Sign(l)
	return Root + token, err
}

// Sign makes the token of a link: URL-safe, about 75 characters. It returns an error for a link
// that no token can hold.
func (s *Signer) Sign(l Link) (string, error) {
	place := slices.Index(purposes, l.Purpose)
	if place < 0 {
		return "", fmt.Errorf("sign a link: unknown purpose %q", l.Purpose)
	}
	if l.Number == "" || len(l.Number) > longestNumber || l.Subject < 0 || l.ExpiresAt.Unix() < 0 {
		return "", fmt.Errorf("sign a link: number %q, subject %d or expiry %s is out of range", l.Number, l.Subject, l.ExpiresAt)
	}
	token := append([]byte{format}, l.ID[:]...)
	token = append(token, byte(place))
	token = binary.AppendUvarint(token, uint64(l.Subject))
	token = binary.AppendUvarint(token, uint64(l.ExpiresAt.Unix()))
	token = append(token, l.Number...)
	return base64.RawURLEncoding.EncodeToString(append(token, s.mac(token)...)), nil
}

// Open reads a token, which has exactly one spelling. Its errors wrap ErrForged or ErrExpired; of
// an expired link it returns what it says, too. Whether the link was revoked, only the database
// knows.
func (s *Signer) Open(token string, now time.Time) (Link, error) {
	if len(token) > longestToken {
		return Link{}, ErrForged
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(raw) < 1+16+1+1+1+1+signature || base64.RawURLEncoding.EncodeToString(raw) != token {
		return Link{}, ErrForged // the decoder passes over line breaks
	}
	said, signed := raw[:len(raw)-signature], raw[len(raw)-signature:]
	if !hmac.Equal(signed, s.mac(said)) || said[0] != format {
		return Link{}, ErrForged
	}
	l := Link{ID: uuid.UUID(said[1:17])}
	place, rest := int(said[17]), said[18:]
	subject, n := binary.Uvarint(rest)
	if place >= len(purposes) || n <= 0 {
		return Link{}, ErrForged
	}
	expires, m := binary.Uvarint(rest[n:])
	if m <= 0 {
		return Link{}, ErrForged
	}
	l.Purpose, l.Subject, l.Number = purposes[place], int(subject), string(rest[n+m:])
	l.ExpiresAt = time.Unix(int64(expires), 0).UTC()
	if !now.Before(l.ExpiresAt) {
		return l, fmt.Errorf("%w on %s", ErrExpired, l.ExpiresAt.Format(time.RFC3339))
	}
	return l, nil
}

func (s *Signer) mac(said []byte) []byte {
	h := hmac.New(sha256.New, s.key)
	h.Write(said)
	return h.Sum(nil)[:signature]
}
