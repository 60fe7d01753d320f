package record

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"recourse/internal/complaint"
	"recourse/internal/store"
	"recourse/internal/store/record/db"
)

// Rows are those of one write, chained to the record of its complaint, before they are appended.
type Rows struct {
	rows  db.AppendRecordParams
	write db.AppendWriteParams
	// submissions are the distinct ones whose words belong to the rows.
	submissions []uuid.UUID
}

// Next chains the rows of a write to the record, behind the rows that the write knows of. It
// costs a round trip.
//
// Where something stands at its place already, that is ErrTaken, or ErrConflict when it was written
// for the same cause with other content (times apart). Rows that would leave a gap are ErrConflict
// too.
func (s *Store) Next(ctx context.Context, write complaint.Write) (*Rows, error) {
	number := write.Complaint.Number
	next, err := newRows(write)
	if err != nil {
		return nil, err
	}
	head, err := s.queries.HeadOf(ctx, db.HeadOfParams{Number: number, Submission: next.firstSubmission()})
	if err != nil {
		return nil, fmt.Errorf("read where the record of %s stands: %w", number, err)
	}
	switch before := int(head.Recorded); {
	case before > write.Before:
		return nil, s.taken(ctx, next.write)
	case before < write.Before:
		return nil, fmt.Errorf("record %s: its record ends at row %d, the next can't be row %d: %w", number, before, write.Before+1, ErrConflict)
	}
	digests := map[uuid.UUID][]byte{next.firstSubmission(): head.WordsDigest}
	if len(next.submissions) > 1 { // rare: a step, and one that was refused beside it
		more, err := s.queries.WordsDigests(ctx, next.submissions[1:])
		if err != nil {
			return nil, fmt.Errorf("read the digests of the words that belong to %s: %w", number, err)
		}
		for _, words := range more {
			digests[words.ID] = words.WordsDigest
		}
	}
	next.chain(head.HeadHash, digests)
	return next, nil
}

// Append appends the rows, as part of a transaction. When somebody else was faster, the transaction
// fails with what store.IsTaken knows.
func (r *Rows) Append(ctx context.Context, tx db.DBTX) error {
	q := db.New(tx)
	if err := q.AppendRecord(ctx, r.rows); err != nil {
		return err
	}
	return q.AppendWrite(ctx, r.write)
}

// Head is the hash of the last row.
func (r *Rows) Head() []byte { return r.write.HeadHash }

// taken says by what the place of a write is taken.
func (s *Store) taken(ctx context.Context, write db.AppendWriteParams) error {
	there, err := s.queries.WriteAt(ctx, db.WriteAtParams{Number: write.Number, FirstSequence: write.FirstSequence})
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return fmt.Errorf("record %s: row %d is there, but no write begins with it: %w", write.Number, write.FirstSequence, ErrConflict)
	case err != nil:
		return fmt.Errorf("read what is on the record of %s from row %d: %w", write.Number, write.FirstSequence, err)
	case there.Cause == write.Cause && !bytes.Equal(there.ContentHash, write.ContentHash):
		return fmt.Errorf("record %s: row %d and what follows were written for the same cause (%s) with other content; was the workflow reset? %w",
			write.Number, write.FirstSequence, write.Cause, ErrConflict)
	}
	return fmt.Errorf("record %s from row %d: %w", write.Number, write.FirstSequence, ErrTaken)
}

// newRows are the rows of a write, column by column as PostgreSQL takes them.
func newRows(write complaint.Write) (*Rows, error) {
	events, number := write.Rows(), write.Complaint.Number
	n := len(events)
	r := &Rows{rows: db.AppendRecordParams{
		Number: number, Sequences: make([]int32, n), Ats: make([]time.Time, n), Bys: make([]string, n), Kinds: make([]string, n),
		Deadlines: make([]string, n), Rounds: make([]int32, n), Submissions: make([]uuid.UUID, n), WordsDigests: make([][]byte, n),
		Data: make([][]byte, n), Hashes: make([][]byte, n),
	}}
	content := make([][]byte, n)
	for i, event := range events {
		data, err := json.Marshal(event)
		if err != nil {
			return nil, fmt.Errorf("encode row %d of the record of %s: %w", write.Before+1+i, number, err)
		}
		r.rows.Sequences[i], r.rows.Data[i] = int32(write.Before+1+i), data
		r.rows.Ats[i], r.rows.Bys[i], r.rows.Kinds[i] = event.At.UTC().Truncate(time.Microsecond), string(event.By), string(event.Kind)
		r.rows.Deadlines[i], r.rows.Rounds[i] = ledgerOf(event)
		if event.Step != nil {
			r.rows.Submissions[i] = submissionOf(*event.Step)
			if id := r.rows.Submissions[i]; id != uuid.Nil && !slices.Contains(r.submissions, id) {
				r.submissions = append(r.submissions, id)
			}
		}
		content[i] = timeless(data)
	}
	r.write = db.AppendWriteParams{Number: number, FirstSequence: int32(write.Before + 1), LastSequence: int32(write.Before + n),
		Cause: write.Cause, ContentHash: store.Digest(content...)}
	if id := store.ParseID(write.Submission); write.Answers() && id != uuid.Nil {
		r.write.Submission = &id
	}
	return r, nil
}

// submissionOf is the submission with the words of a step. A process beside the complaint has no
// submission for its report: the words are those of the step that was taken there.
func submissionOf(step complaint.Step) uuid.UUID {
	if report := step.Facts.Report; report != nil {
		return store.ParseID(report.Submission)
	}
	return store.ParseID(step.Submission)
}

// firstSubmission is the one whose words belong to the rows, mostly the only one; the zero UUID
// when there is none.
func (r *Rows) firstSubmission() uuid.UUID {
	if len(r.submissions) == 0 {
		return uuid.Nil
	}
	return r.submissions[0]
}

// chain fills in the digests of the words, and the hashes.
func (r *Rows) chain(previous []byte, digests map[uuid.UUID][]byte) {
	rows := &r.rows
	for i := range rows.Sequences {
		rows.WordsDigests[i] = digests[rows.Submissions[i]]
		previous = chainRow{
			number: rows.Number, sequence: int(rows.Sequences[i]), at: rows.Ats[i], by: rows.Bys[i], kind: rows.Kinds[i],
			deadline: rows.Deadlines[i], round: int(rows.Rounds[i]), submission: rows.Submissions[i], wordsDigest: rows.WordsDigests[i], data: rows.Data[i],
		}.hashAfter(previous)
		rows.Hashes[i] = previous
	}
	r.write.HeadHash = previous
}

// ledgerOf names the deadline round to whose ledger an event belongs.
func ledgerOf(event complaint.Event) (string, int32) {
	switch {
	case event.Deadline != nil:
		return event.Deadline.Name, int32(event.Deadline.Round)
	case event.Rung != nil:
		return event.Rung.Deadline, int32(event.Rung.Round)
	}
	return "", 0
}

// times are those of an encoded event.
var times = regexp.MustCompile(`"\d{4}-\d\d-\d\dT[^"]{8,18}(?:Z|[+-]\d\d:\d\d)"`)

// timeless is an encoded event without its times: a worker that repeats what it did before does so
// later.
func timeless(data []byte) []byte { return times.ReplaceAllLiteral(data, nil) }
