package identity

import (
	"crypto/sha256"
	"sync"
	"time"

	"recourse/internal/complaint"
)

const (
	// rememberFor is how long a token that held isn't checked again: checking its signature is a
	// quarter of what the API spends on a step. A key that its issuer takes back still counts for
	// so long.
	rememberFor = time.Minute
	mostKnown   = 10_000
)

// memory knows the tokens that held lately, by their digest.
type memory struct {
	sync.Mutex
	tokens map[[sha256.Size]byte]knownToken
}

type knownToken struct {
	person complaint.PersonID
	until  time.Time
}

func (m *memory) recall(digest [sha256.Size]byte, now time.Time) (complaint.PersonID, bool) {
	m.Lock()
	defer m.Unlock()
	token, known := m.tokens[digest]
	if !known || !now.Before(token.until) {
		return "", false
	}
	return token.person, true
}

func (m *memory) keep(digest [sha256.Size]byte, person complaint.PersonID, now, expires time.Time) {
	until := now.Add(rememberFor)
	if expires.Before(until) {
		until = expires
	}
	m.Lock()
	defer m.Unlock()
	if m.tokens == nil || len(m.tokens) >= mostKnown {
		m.tokens = map[[sha256.Size]byte]knownToken{} // rarely: the next requests are checked anew
	}
	m.tokens[digest] = knownToken{person, until}
}
