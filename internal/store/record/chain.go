package record

import (
	"strconv"
	"time"

	"github.com/google/uuid"

	"recourse/internal/store"
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

// hashAfter chains the row to the one before: a digest of all its columns and of the hash of the
// row before (empty for the first). The words themselves stay outside, behind their salted digest,
// so that they can be erased.
func (r chainRow) hashAfter(previous []byte) []byte {
	return store.Digest([]byte(chainVersion), []byte(r.number), []byte(strconv.Itoa(r.sequence)), []byte(strconv.FormatInt(r.at.UnixMicro(), 10)),
		[]byte(r.by), []byte(r.kind), []byte(r.deadline), []byte(strconv.Itoa(r.round)), r.submission[:], r.wordsDigest, r.data, previous)
}
