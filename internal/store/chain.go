package store

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"strconv"
	"time"

	"github.com/google/uuid"
)

// chainVersion begins every hash, so that another way to hash can't be mistaken for this one.
const chainVersion = "recourse-record-1"

// chainRow is one row of the record, as it is hashed.
type chainRow struct {
	number      string
	sequence    int
	at          time.Time // in microseconds, as PostgreSQL keeps it
	by          string
	kind        string
	deadline    string
	round       int
	submission  uuid.UUID
	wordsDigest []byte
	data        []byte
}

// hashAfter chains the row to the one before: SHA-256 over all its columns, each with its length in front so that none can
// lend bytes to the next, and the hash of the row before (empty for the first). The words themselves stay outside, behind
// their salted digest, so that they can be erased.
func (r chainRow) hashAfter(previous []byte) []byte {
	h := sha256.New()
	for _, field := range []string{
		chainVersion, r.number, strconv.Itoa(r.sequence), strconv.FormatInt(r.at.UnixMicro(), 10),
		r.by, r.kind, r.deadline, strconv.Itoa(r.round),
	} {
		writeField(h, []byte(field))
	}
	for _, field := range [][]byte{r.submission[:], r.wordsDigest, r.data, previous} {
		writeField(h, field)
	}
	return h.Sum(nil)
}

func writeField(h hash.Hash, field []byte) {
	var length [8]byte
	binary.BigEndian.PutUint64(length[:], uint64(len(field)))
	h.Write(length[:])
	h.Write(field)
}

// digestWords stands for a submission's words in the record. The salt is erased with the words: without it nobody can try
// out what they were.
func digestWords(salt, words []byte) []byte {
	h := sha256.New()
	writeField(h, salt)
	writeField(h, words)
	return h.Sum(nil)
}
