package record

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"recourse/internal/store"
	"recourse/internal/store/record/db"
	"recourse/internal/store/submission"
)

// Tampered is one place at which the database is not as it was written.
type Tampered struct {
	// Number is the complaint's; of a broken seal it is empty.
	Number string
	// Sequence is the row of the record; 0 when it is about the complaint as a whole; the seal's ID
	// when Number is empty.
	Sequence int
	Finding  Finding
	// Stands is a digest of what stands there instead; nil when nothing does.
	Stands []byte
	// Accepted is set when somebody has looked at it and what stands there is still the same. It
	// can't be mended, and is said ever after.
	Accepted *Acceptance
}

// Place is where it is, as people name it: "CS-2026-000123/4", "CS-2026-000123", "seal/17".
func (t Tampered) Place() string {
	switch {
	case t.Number == "":
		return fmt.Sprintf("seal/%d", t.Sequence)
	case t.Sequence == 0:
		return t.Number
	}
	return fmt.Sprintf("%s/%d", t.Number, t.Sequence)
}

// String says it in one line.
func (t Tampered) String() string {
	said := fmt.Sprintf("complaint %s, row %d: %s", t.Number, t.Sequence, t.Finding)
	switch {
	case t.Number == "":
		said = fmt.Sprintf("seal %d: %s", t.Sequence, t.Finding)
	case t.Sequence == 0:
		said = fmt.Sprintf("complaint %s: %s", t.Number, t.Finding)
	}
	if a := t.Accepted; a != nil {
		said += fmt.Sprintf(" (accepted by %s on %s: %s)", a.By, a.At.Format(time.DateOnly), a.Reason)
	}
	return said
}

// Finding says what is wrong at a place.
type Finding string

// The findings of a verification.
const (
	RowAltered        Finding = "the row, or the one before it, is not what was written"
	RowMissing        Finding = "the row is missing, and maybe some that follow"
	RowUnaccounted    Finding = "the row was added behind the complaint's back"
	HeadAltered       Finding = "the complaint names another last row than the record has"
	ComplaintMissing  Finding = "the complaint was given this number and is gone"
	WordsAltered      Finding = "the words are not those that were sent"
	WordsMissing      Finding = "the words are gone without an erasure"
	SealedRowMissing  Finding = "the row was there when it was sealed"
	SealedRowReplaced Finding = "the row is not the one that was sealed"
	StateDiffers      Finding = "what is shown of the complaint is not what its record tells"
	SealBroken        Finding = "the seal doesn't fit what it seals, or the seal before"
)

// Verified is how far a verification has come.
type Verified struct {
	Complaints int64
	Rows       int64
	// TotalRows is how many there are to verify, as the complaints count them.
	TotalRows int64
}

// oneSnapshot shows all that is read in it as it was at one moment.
var oneSnapshot = pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}

// verifyAtOnce is how many complaints are verified in one snapshot.
const verifyAtOnce = 200

// Verify reads the whole record and returns every place at which it, or the words behind it, is not
// what was written: rows altered, missing, exchanged or added, tails and whole complaints cut off,
// seals broken. It streams, in snapshots of a few hundred complaints, beside the running system.
// progress, which may be nil, is told after each.
//
// What it can't see by itself is a database set back as a whole to an older state, or rewritten
// from some point on with all hashes and seals worked out anew. A seal kept elsewhere shows that:
// see [Store.Seal] and [Store.HasSeal].
//
// A finding that was accepted is among them, and says so: see [Store.Accept].
func (s *Store) Verify(ctx context.Context, progress func(Verified)) ([]Tampered, error) {
	if progress == nil {
		progress = func(Verified) {}
	}
	total, err := s.queries.CountRecorded(ctx)
	if err != nil {
		return nil, fmt.Errorf("count the rows to verify: %w", err)
	}
	v := verification{done: Verified{TotalRows: total}}
	if v.accepted, err = s.acceptedFindings(ctx); err != nil {
		return nil, err
	}
	for after, more := "", true; more; {
		if after, more, err = s.verifyPage(ctx, &v, after); err != nil {
			return v.found, fmt.Errorf("verify the record: %w", err)
		}
		progress(v.done)
	}
	err = s.verifyAround(ctx, &v, 0)
	return v.found, err
}

// verifyAround verifies that no complaint is gone, and the seals after one.
func (s *Store) verifyAround(ctx context.Context, v *verification, seal int64) error {
	missing, err := s.queries.MissingNumbers(ctx)
	if err != nil {
		return fmt.Errorf("look for missing complaints: %w", err)
	}
	for _, number := range missing {
		v.find(number, 0, ComplaintMissing)
	}
	return s.verifySeals(ctx, v, seal)
}

// Shares is into how many shares VerifyGrown cuts the complaints that didn't grow: who calls it
// daily, with one share after the other, has verified each of them within four weeks.
const Shares = 28

// VerifyGrown is like [Store.Verify], in bounded time: it looks at the complaints that were sealed
// after a seal, the seals after that one, and one share (from 0, below Shares) of all other
// complaints. after is the number from which an earlier call goes on that was broken off; progress,
// which may be nil, is told the last number of each page, and what this call has found and done so
// far.
func (s *Store) VerifyGrown(ctx context.Context, seal int64, share int, after string, progress func(last string, found []Tampered, done Verified)) ([]Tampered, Verified, error) {
	accepted, err := s.acceptedFindings(ctx)
	if err != nil {
		return nil, Verified{}, err
	}
	v := verification{accepted: accepted}
	for {
		numbers, err := s.queries.NumbersToVerify(ctx, db.NumbersToVerifyParams{AfterSeal: seal, After: after, Shares: Shares, Share: int32(share), PageSize: verifyAtOnce})
		if err != nil {
			return v.found, v.done, fmt.Errorf("find what to verify: %w", err)
		}
		if len(numbers) == 0 {
			break
		}
		if err := s.verifyThese(ctx, &v, numbers); err != nil {
			return v.found, v.done, fmt.Errorf("verify the record: %w", err)
		}
		after = numbers[len(numbers)-1]
		if progress != nil {
			progress(after, v.found, v.done)
		}
	}
	err = s.verifyAround(ctx, &v, seal)
	return v.found, v.done, err
}

// HasSeal reports whether a seal that was kept elsewhere is still what the database holds.
func (s *Store) HasSeal(ctx context.Context, kept Seal) (bool, error) {
	rows, err := s.queries.Seals(ctx, db.SealsParams{After: kept.ID - 1, PageSize: 1})
	there := len(rows) == 1 && rows[0].ID == kept.ID && bytes.Equal(rows[0].Hash, kept.Hash)
	return there, store.Failed(err, "read seal %d", kept.ID)
}

// verification walks along the chains, one after the other.
type verification struct {
	done  Verified
	found []Tampered
	// accepted are those findings that somebody has looked at.
	accepted map[string]Acceptance

	heads    []db.ChainHeadsRow // of this page, those not reached yet
	number   string             // whose chain we are in; empty before the first
	sequence int                // of the row before
	hash     []byte             // of the row before, as it is stored
	head     *db.ChainHeadsRow  // of this chain; nil when there is no such complaint
}

func (v *verification) find(number string, sequence int, finding Finding) {
	v.findInstead(number, sequence, finding, nil)
}

// findInstead is find with a digest of what stands there instead.
func (v *verification) findInstead(number string, sequence int, finding Finding, stands []byte) {
	found := Tampered{Number: number, Sequence: sequence, Finding: finding, Stands: stands}
	if by, accepted := v.accepted[found.key()]; accepted {
		found.Accepted = &by
	}
	v.found = append(v.found, found)
}

// What is verified is read by hand and not by sqlc, which would collect all rows in memory before
// we see the first.
const (
	recordToVerify = `
SELECT r.number, r.sequence, r.at, r.by, r.kind, coalesce(r.deadline, ''), coalesce(r.round, 0), r.submission, r.words_digest, r.data, r.hash,
       s.id IS NOT NULL, s.erased_at IS NOT NULL, s.salt, s.body
FROM record r LEFT JOIN submissions s ON s.id = r.submission
WHERE `
	inOrder     = " ORDER BY r.number, r.sequence"
	recordsFrom = recordToVerify + "r.number > $1 AND ($2 = '' OR r.number <= $2)" + inOrder
	recordsOf   = recordToVerify + "r.number = ANY ($1::text[])" + inOrder
)

// verifyPage verifies the next chains after a number. It returns the last of them, and whether
// there are more.
func (s *Store) verifyPage(ctx context.Context, v *verification, after string) (last string, more bool, err error) {
	err = pgx.BeginTxFunc(ctx, s.pool, oneSnapshot, func(tx pgx.Tx) error {
		q := s.queries.WithTx(tx)
		v.heads, err = q.ChainHeads(ctx, db.ChainHeadsParams{After: after, PageSize: verifyAtOnce})
		if err != nil {
			return err
		}
		v.done.Complaints += int64(len(v.heads))
		if more = len(v.heads) == verifyAtOnce; more {
			last = v.heads[len(v.heads)-1].Number
		}
		rows, err := tx.Query(ctx, recordsFrom, after, last)
		if err != nil {
			return err
		}
		return v.walk(rows)
	})
	return last, more, err
}

// verifyThese verifies the chains of some numbers, which are in their order.
func (s *Store) verifyThese(ctx context.Context, v *verification, numbers []string) error {
	return pgx.BeginTxFunc(ctx, s.pool, oneSnapshot, func(tx pgx.Tx) error {
		q := s.queries.WithTx(tx)
		heads, err := q.ChainHeadsOf(ctx, numbers)
		if err != nil {
			return err
		}
		v.heads = v.heads[:0]
		for _, head := range heads {
			v.heads = append(v.heads, db.ChainHeadsRow(head))
		}
		v.done.Complaints += int64(len(v.heads))
		rows, err := tx.Query(ctx, recordsOf, numbers)
		if err != nil {
			return err
		}
		return v.walk(rows)
	})
}

// walk goes along the rows of some chains, whose heads are known.
func (v *verification) walk(rows pgx.Rows) error {
	defer rows.Close()
	for rows.Next() {
		if err := v.row(rows); err != nil {
			return err
		}
	}
	v.endChain()
	v.beforeChain("")
	return rows.Err()
}

func (v *verification) row(rows pgx.Rows) error {
	var (
		row           chainRow
		spoken        *uuid.UUID
		hash          []byte
		known, erased bool
		salt, words   []byte
	)
	err := rows.Scan(&row.number, &row.sequence, &row.at, &row.by, &row.kind, &row.deadline, &row.round, &spoken, &row.wordsDigest, &row.data, &hash,
		&known, &erased, &salt, &words)
	if err != nil {
		return err
	}
	if spoken != nil {
		row.submission = *spoken
	}
	if row.number != v.number {
		v.endChain()
		v.beginChain(row.number)
	}
	if row.sequence != v.sequence+1 {
		// The hash of the row before is not known: only the gap shows.
		v.find(row.number, v.sequence+1, RowMissing)
	} else if stands := row.hashAfter(v.hash); !bytes.Equal(stands, hash) {
		v.findInstead(row.number, row.sequence, RowAltered, stands)
	}
	if v.head != nil && row.sequence > int(v.head.Recorded) {
		v.findInstead(row.number, row.sequence, RowUnaccounted, hash)
	}
	switch {
	case row.wordsDigest == nil || erased:
	case !known || words == nil:
		v.find(row.number, row.sequence, WordsMissing)
	default:
		if stands := submission.WordsDigest(salt, words); !bytes.Equal(stands, row.wordsDigest) {
			v.findInstead(row.number, row.sequence, WordsAltered, stands)
		}
	}
	v.sequence, v.hash = row.sequence, hash
	v.done.Rows++
	return nil
}

// beforeChain passes the complaints that should have a record before number, or at all, and have
// none.
func (v *verification) beforeChain(number string) {
	for len(v.heads) > 0 && (number == "" || v.heads[0].Number < number) {
		head := v.heads[0]
		v.heads = v.heads[1:]
		if head.Recorded > 0 {
			v.find(head.Number, 1, RowMissing)
		}
	}
}

func (v *verification) beginChain(number string) {
	v.beforeChain(number)
	v.number, v.sequence, v.hash, v.head = number, 0, nil, nil
	if len(v.heads) > 0 && v.heads[0].Number == number {
		v.head, v.heads = &v.heads[0], v.heads[1:]
		return
	}
	v.find(number, 0, ComplaintMissing)
}

func (v *verification) endChain() {
	if v.number != "" && v.head != nil {
		if v.sequence < int(v.head.Recorded) {
			v.find(v.number, v.sequence+1, RowMissing)
		}
		if v.sequence == int(v.head.Recorded) && !bytes.Equal(v.hash, v.head.HeadHash) {
			v.findInstead(v.number, v.sequence, HeadAltered, v.head.HeadHash)
		}
	}
	v.number, v.head = "", nil
}

// verifySeals verifies the seals after one, which it takes as it is; 0 verifies all.
func (s *Store) verifySeals(ctx context.Context, v *verification, last int64) error {
	var previous []byte
	var through time.Time
	if last > 0 {
		before, err := s.queries.Seals(ctx, db.SealsParams{After: last - 1, PageSize: 1})
		if err != nil {
			return fmt.Errorf("read seal %d: %w", last, err)
		}
		if len(before) == 0 || before[0].ID != last {
			v.find("", int(last), SealBroken)
			return nil
		}
		previous, through = before[0].Hash, before[0].Through
	}
	for {
		seals, err := s.queries.Seals(ctx, db.SealsParams{After: last, PageSize: 100})
		if err != nil {
			return fmt.Errorf("read the seals: %w", err)
		}
		if len(seals) == 0 {
			return nil
		}
		for _, seal := range seals {
			rows, err := s.queries.SealedHeads(ctx, seal.ID)
			if err != nil {
				return fmt.Errorf("read what is sealed by seal %d: %w", seal.ID, err)
			}
			heads := make([]sealedHead, len(rows))
			for i, row := range rows {
				heads[i] = sealedHead{number: row.Number, recorded: int(row.Recorded), hash: row.HeadHash}
				switch {
				case row.HashNow == nil:
					v.find(row.Number, int(row.Recorded), SealedRowMissing)
				case !bytes.Equal(row.HashNow, row.HeadHash):
					v.findInstead(row.Number, int(row.Recorded), SealedRowReplaced, row.HashNow)
				}
			}
			stands := sealOver(seal.ID, heads, previous)
			if seal.ID != last+1 || seal.Through.Before(through) || !bytes.Equal(stands, seal.Hash) {
				v.findInstead("", int(seal.ID), SealBroken, stands)
			}
			last, previous, through = seal.ID, seal.Hash, seal.Through
		}
	}
}
