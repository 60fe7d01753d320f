package record

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"recourse/internal/store"
	"recourse/internal/store/record/db"
)

// Seal is a hash over the heads of all chains that grew since the seal before, and over that one.
// Who keeps it somewhere else (a log, a mail to the auditor, the history of the schedule that made
// it) can show later that nothing was cut off.
type Seal struct {
	ID         int64
	SealedAt   time.Time
	Complaints int // whose chains grew
	Hash       []byte
}

// String is the seal as people keep it: "17:9f86d0…".
func (s Seal) String() string { return strconv.FormatInt(s.ID, 10) + ":" + hex.EncodeToString(s.Hash) }

// ParseSeal reads a seal as String writes it: its ID and its hash.
func ParseSeal(text string) (Seal, error) {
	id, hash, found := strings.Cut(text, ":")
	number, err := strconv.ParseInt(id, 10, 64)
	if !found || err != nil || number < 1 {
		return Seal{}, fmt.Errorf("%q is no seal; one is written as 17:9f86d0… with 64 hexadecimal digits", text)
	}
	decoded, err := hex.DecodeString(hash)
	if err != nil || len(decoded) != sha256.Size {
		return Seal{}, fmt.Errorf("%q is no seal: its hash must have 64 hexadecimal digits", text)
	}
	return Seal{ID: number, Hash: decoded}, nil
}

// sealVersion begins every seal's hash.
const sealVersion = "recourse-seal-1"

type sealedHead struct {
	number   string
	recorded int
	hash     []byte
}

// sealOver is the hash of a seal. Heads are in the order of their numbers.
func sealOver(id int64, heads []sealedHead, previous []byte) []byte {
	fields := [][]byte{[]byte(sealVersion), []byte(strconv.FormatInt(id, 10))}
	for _, head := range heads {
		fields = append(fields, []byte(head.number), []byte(strconv.Itoa(head.recorded)), head.hash)
	}
	return store.Digest(append(fields, previous)...)
}

// LastSeal is the newest seal; the zero Seal before the first.
func (s *Store) LastSeal(ctx context.Context) (Seal, error) {
	last, err := s.queries.LastSeal(ctx)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return Seal{}, fmt.Errorf("read the last seal: %w", err)
	}
	return sealFrom(last), nil
}

func sealFrom(row db.Seal) Seal {
	return Seal{ID: row.ID, SealedAt: row.SealedAt.UTC(), Complaints: int(row.Complaints), Hash: row.Hash}
}

// Seal seals all chains that grew since the last seal. What a transaction writes that hasn't ended
// is in a later one, however long it takes. It is cheap: one row for each complaint that grew. Call
// it every hour or so. When nothing grew it returns the last seal again, and store.ErrNotFound when
// there never was anything.
func (s *Store) Seal(ctx context.Context) (seal Seal, err error) {
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		q := s.queries.WithTx(tx)
		if err := q.LockSeals(ctx); err != nil { // one at a time
			return fmt.Errorf("lock the seals: %w", err)
		}
		last, err := q.LastSeal(ctx)
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return fmt.Errorf("read the last seal: %w", err)
		}
		// Asked before the heads are read: those see all that was ended by now.
		now, err := q.OldestRunning(ctx)
		if err != nil {
			return fmt.Errorf("ask which transactions are running: %w", err)
		}
		rows, err := q.HeadsToSeal(ctx, sealedSince(last, now.OldestRunning))
		if err != nil {
			return fmt.Errorf("find what grew since seal %d: %w", last.ID, err)
		}
		if len(rows) == 0 {
			if last.ID == 0 {
				return fmt.Errorf("nothing to seal: %w", store.ErrNotFound)
			}
			seal = sealFrom(last)
			return nil
		}
		heads := make([]sealedHead, len(rows))
		appended := db.AppendSealedHeadsParams{Seal: last.ID + 1}
		for i, row := range rows {
			heads[i] = sealedHead{number: row.Number, recorded: int(row.Recorded), hash: row.HeadHash}
			appended.Numbers, appended.Recorded = append(appended.Numbers, row.Number), append(appended.Recorded, row.Recorded)
			appended.HeadHashes = append(appended.HeadHashes, row.HeadHash)
		}
		seal = Seal{ID: last.ID + 1, SealedAt: now.At.UTC(), Complaints: len(rows), Hash: sealOver(last.ID+1, heads, last.Hash)}
		if err := q.AppendSeal(ctx, db.AppendSealParams{ID: seal.ID, Complaints: int32(len(rows)), Hash: seal.Hash, OldestRunning: &now.OldestRunning}); err != nil {
			return fmt.Errorf("append seal %d: %w", seal.ID, err)
		}
		if err := q.AppendSealedHeads(ctx, appended); err != nil {
			return fmt.Errorf("append what is sealed by seal %d: %w", seal.ID, err)
		}
		return nil
	})
	return seal, err
}

// sealedSince says where to look for what grew since a seal: from the oldest transaction on that
// ran then. Everywhere, where no transaction is known: before the first seal, after one by an
// earlier version, which went by the clock, and where the server counts anew, since the database
// was restored.
func sealedSince(last db.Seal, oldestRunning int64) db.HeadsToSealParams {
	if last.OldestRunning == nil || *last.OldestRunning > oldestRunning {
		return db.HeadsToSealParams{Since: math.MaxInt64, WrittenSince: time.Time{}}
	}
	return db.HeadsToSealParams{Since: *last.OldestRunning, WrittenSince: last.Through}
}
