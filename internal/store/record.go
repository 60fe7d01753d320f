package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"recourse/internal/complaint"
	"recourse/internal/store/db"
)

// Write is what happened to a complaint since its workflow last waited: rows of its record, and the read model after them.
type Write struct {
	Number string
	// Before is how many rows the record has; those of this write get the next sequences, from Before+1.
	Before int
	// Cause names why the workflow woke, as complaint.Recording says it. With Before it is the identity of the write.
	Cause string
	// Events become one row each, in their order; the messages that they queue go to the outbox.
	Events []complaint.Event
	// After is the complaint after them. What it says of its rows (Recorded) is filled in by the store.
	After complaint.Complaint
	// Tasks are all that are open after them.
	Tasks []complaint.Task
	// Submission is the one that Result answers; both empty when nobody waits for an answer.
	Submission string
	Result     *complaint.Result
}

// recordPatience is how often another write may come in between; each time there is one more row on the record.
const recordPatience = 5

// Record writes what happened in one transaction: the chained rows of the record, the read model, clocks, tasks, side
// processes, queued messages, and the answer to the submission. It costs two round trips.
//
// It may be asked any number of times. Where something stands at its place already, nothing is written: that is
// ErrRecordTaken, or ErrRecordConflict when it was written for the same cause with other content (times apart). Rows that
// would leave a gap are ErrRecordConflict too.
func (s *Store) Record(ctx context.Context, write Write) error {
	if len(write.Events) == 0 {
		return fmt.Errorf("record %s: a write without events", write.Number)
	}
	for range recordPatience {
		err := s.record(ctx, write)
		if !isTaken(err) {
			return err
		}
	}
	return fmt.Errorf("record %s: another writer is always faster; is its workflow running twice?", write.Number)
}

func (s *Store) record(ctx context.Context, write Write) error {
	rows, err := newRows(write)
	if err != nil {
		return err
	}
	head, err := s.queries.HeadOf(ctx, db.HeadOfParams{Number: write.Number, Submission: rows.firstSubmission()})
	if err != nil {
		return fmt.Errorf("read where the record of %s stands: %w", write.Number, err)
	}
	switch before := int(head.Recorded); {
	case before > write.Before:
		return s.taken(ctx, write, rows.content)
	case before < write.Before:
		return fmt.Errorf("record %s: its record ends at row %d, the next can't be row %d: %w", write.Number, before, write.Before+1, ErrRecordConflict)
	}
	digests := map[uuid.UUID][]byte{rows.firstSubmission(): head.WordsDigest}
	if len(rows.submissions) > 1 { // rare: a step, and one that was refused beside it
		more, err := s.queries.WordsDigests(ctx, rows.submissions[1:])
		if err != nil {
			return fmt.Errorf("read the digests of the words that belong to %s: %w", write.Number, err)
		}
		for _, words := range more {
			digests[words.ID] = words.WordsDigest
		}
	}
	rows.chain(head.HeadHash, digests)
	write.After.Recorded = write.Before + len(write.Events)
	if err := s.atOnce(ctx, func(q *db.Queries) error { return queueWrite(ctx, q, write, rows) }); err != nil {
		return fmt.Errorf("record %s from row %d: %w", write.Number, write.Before+1, err)
	}
	if rows.messages > 0 {
		s.outboxHasMore()
	}
	return nil
}

// taken says by what the place of a write is taken.
func (s *Store) taken(ctx context.Context, write Write, content []byte) error {
	there, err := s.queries.WriteAt(ctx, db.WriteAtParams{Number: write.Number, FirstSequence: int32(write.Before + 1)})
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return fmt.Errorf("record %s: row %d is there, but no write begins with it: %w", write.Number, write.Before+1, ErrRecordConflict)
	case err != nil:
		return fmt.Errorf("read what is on the record of %s from row %d: %w", write.Number, write.Before+1, err)
	case there.Cause == write.Cause && !bytes.Equal(there.ContentHash, content):
		return fmt.Errorf("record %s: row %d and what follows were written for the same cause (%s) with other content; was the workflow reset? %w",
			write.Number, write.Before+1, write.Cause, ErrRecordConflict)
	}
	return fmt.Errorf("record %s from row %d: %w", write.Number, write.Before+1, ErrRecordTaken)
}

// newRecordRows are the rows of one write, column by column as PostgreSQL takes them.
type newRecordRows struct {
	db.AppendRecordParams
	// submissions are the distinct ones whose words belong to the rows.
	submissions []uuid.UUID
	content     []byte
	messages    int
}

func newRows(write Write) (newRecordRows, error) {
	n := len(write.Events)
	rows := newRecordRows{AppendRecordParams: db.AppendRecordParams{
		Number: write.Number, Sequences: make([]int32, n), Ats: make([]time.Time, n), Bys: make([]string, n), Kinds: make([]string, n),
		Deadlines: make([]string, n), Rounds: make([]int32, n), Submissions: make([]uuid.UUID, n), WordsDigests: make([][]byte, n),
		Data: make([][]byte, n), Hashes: make([][]byte, n),
	}}
	content := sha256.New()
	for i, event := range write.Events {
		data, err := json.Marshal(event)
		if err != nil {
			return rows, fmt.Errorf("encode row %d of the record of %s: %w", write.Before+1+i, write.Number, err)
		}
		rows.Sequences[i], rows.Data[i] = int32(write.Before+1+i), data
		rows.Ats[i], rows.Bys[i], rows.Kinds[i] = event.At.UTC().Truncate(time.Microsecond), string(event.By), string(event.Kind)
		rows.Deadlines[i], rows.Rounds[i] = ledgerOf(event)
		if event.Step != nil {
			rows.Submissions[i] = submissionOf(*event.Step)
			if id := rows.Submissions[i]; id != uuid.Nil && !slices.Contains(rows.submissions, id) {
				rows.submissions = append(rows.submissions, id)
			}
		}
		if event.Message != nil {
			rows.messages++
		}
		writeField(content, timeless(data))
	}
	rows.content = content.Sum(nil)
	return rows, nil
}

// submissionOf is the submission with the words of a step. A process beside the complaint has no submission for its report:
// the words are those of the step that was taken there.
func submissionOf(step complaint.Step) uuid.UUID {
	if report := step.Facts.Report; report != nil {
		return parseID(report.Submission)
	}
	return parseID(step.Submission)
}

// firstSubmission is the one whose words belong to the rows, mostly the only one; the zero UUID when there is none.
func (r *newRecordRows) firstSubmission() uuid.UUID {
	if len(r.submissions) == 0 {
		return uuid.Nil
	}
	return r.submissions[0]
}

// chain fills in the digests of the words, and the hashes.
func (r *newRecordRows) chain(previous []byte, digests map[uuid.UUID][]byte) {
	for i := range r.Sequences {
		r.WordsDigests[i] = digests[r.Submissions[i]]
		previous = chainRow{
			number: r.Number, sequence: int(r.Sequences[i]), at: r.Ats[i], by: r.Bys[i], kind: r.Kinds[i],
			deadline: r.Deadlines[i], round: int(r.Rounds[i]), submission: r.Submissions[i], wordsDigest: r.WordsDigests[i], data: r.Data[i],
		}.hashAfter(previous)
		r.Hashes[i] = previous
	}
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

// timeless is an encoded event without its times: a worker that repeats what it did before does so later.
func timeless(data []byte) []byte { return times.ReplaceAllLiteral(data, nil) }

// queueWrite puts everything that belongs to a write into the pipeline. The record comes first: when its place is taken, that
// is what fails.
func queueWrite(ctx context.Context, q *db.Queries, write Write, rows newRecordRows) error {
	head := rows.Hashes[len(rows.Hashes)-1]
	if err := q.AppendRecord(ctx, rows.AppendRecordParams); err != nil {
		return err
	}
	appended := db.AppendWriteParams{
		Number: write.Number, FirstSequence: int32(write.Before + 1), LastSequence: int32(write.After.Recorded),
		Cause: write.Cause, ContentHash: rows.content, HeadHash: head,
	}
	if id := parseID(write.Submission); id != uuid.Nil {
		appended.Submission = &id
	}
	if err := q.AppendWrite(ctx, appended); err != nil {
		return err
	}
	complaintRow, err := readModelOf(write, head)
	if err != nil {
		return err
	}
	if err := q.SaveComplaint(ctx, complaintRow); err != nil {
		return err
	}
	if clocks := clocksOf(write); len(clocks.Names) > 0 {
		if err := q.SaveClocks(ctx, clocks); err != nil {
			return err
		}
	}
	if err := queueTasks(ctx, q, write); err != nil {
		return err
	}
	if err := queueSides(ctx, q, write); err != nil {
		return err
	}
	if err := queueRelations(ctx, q, write); err != nil {
		return err
	}
	if rows.messages > 0 {
		if err := queueMessages(ctx, q, write); err != nil {
			return err
		}
	}
	return queueAnswers(ctx, q, write)
}

func queueTasks(ctx context.Context, q *db.Queries, write Write) error {
	saved := db.SaveTasksParams{Number: write.Number, Since: write.Events[0].At,
		Kinds: []string{}, Persons: []string{}, Roles: []string{}, Details: []string{}, Dues: []time.Time{}}
	for i, task := range write.Tasks {
		if slices.ContainsFunc(write.Tasks[:i], func(other complaint.Task) bool { return sameTask(task, other) }) {
			continue
		}
		due := noDue
		if task.Due != nil {
			due = *task.Due
		}
		saved.Kinds, saved.Persons = append(saved.Kinds, string(task.Kind)), append(saved.Persons, string(task.Person))
		saved.Roles, saved.Details = append(saved.Roles, string(task.Role)), append(saved.Details, task.Detail)
		saved.Dues = append(saved.Dues, due)
	}
	if err := q.DropTasks(ctx, db.DropTasksParams{Number: write.Number, Kinds: saved.Kinds, Persons: saved.Persons, Roles: saved.Roles, Details: saved.Details}); err != nil {
		return err
	}
	if len(saved.Kinds) == 0 {
		return nil
	}
	return q.SaveTasks(ctx, saved)
}

func sameTask(a, b complaint.Task) bool {
	return a.Kind == b.Kind && a.Person == b.Person && a.Role == b.Role && a.Detail == b.Detail
}

func queueSides(ctx context.Context, q *db.Queries, write Write) error {
	if len(write.After.Sides) == 0 {
		return nil
	}
	sides := db.SaveSidesParams{Number: write.Number, OpenedAt: write.Events[0].At}
	for _, side := range write.After.Sides {
		sides.Kinds, sides.Ids, sides.States = append(sides.Kinds, side.Kind), append(sides.Ids, side.ID), append(sides.States, side.State)
		sides.Persons, sides.Dues = append(sides.Persons, string(side.Person)), append(sides.Dues, timeOrZero(side.Due))
	}
	return q.SaveSides(ctx, sides)
}

// queueRelations lets the complaint to which a step linked this one know.
func queueRelations(ctx context.Context, q *db.Queries, write Write) error {
	for _, event := range write.Events {
		if event.Kind != complaint.StepTaken || event.Step == nil || event.Step.Name != complaint.Link || event.Step.Facts.Linked == nil {
			continue
		}
		linked := event.Step.Facts.Linked
		if err := q.SaveRelation(ctx, db.SaveRelationParams{Number: write.Number, Target: linked.Number, Relation: string(linked.Relation), Since: event.At}); err != nil {
			return err
		}
	}
	return nil
}

func queueMessages(ctx context.Context, q *db.Queries, write Write) error {
	queued := db.QueueMessagesParams{Number: write.Number}
	for _, event := range write.Events {
		if event.Message == nil {
			continue
		}
		params, err := json.Marshal(event.Message)
		if err != nil {
			return fmt.Errorf("encode the message %s: %w", event.Message.ID, err)
		}
		queued.Ids, queued.Recipients = append(queued.Ids, event.Message.ID), append(queued.Recipients, string(event.Message.To))
		queued.Templates, queued.Params = append(queued.Templates, event.Message.Template), append(queued.Params, params)
		queued.QueuedAt = append(queued.QueuedAt, event.At)
	}
	return q.QueueMessages(ctx, queued)
}

// queueAnswers marks what became of the submissions: accepted with its answer, or refused.
func queueAnswers(ctx context.Context, q *db.Queries, write Write) error {
	for _, event := range write.Events {
		if event.Kind != complaint.StepRefused || event.Step == nil || parseID(event.Step.Submission) == uuid.Nil {
			continue
		}
		refusal, err := json.Marshal(complaint.Refusal{Code: complaint.Code(event.Code), Reason: event.Reason, Step: event.Step.Name, Stage: write.After.Stage})
		if err != nil {
			return fmt.Errorf("encode the refusal: %w", err)
		}
		err = q.RefuseSubmission(ctx, db.RefuseSubmissionParams{ID: parseID(event.Step.Submission), Number: write.Number, Refusal: refusal})
		if err != nil {
			return err
		}
	}
	id := parseID(write.Submission)
	if id == uuid.Nil || write.Result == nil {
		return nil
	}
	answer, err := json.Marshal(write.Result)
	if err != nil {
		return fmt.Errorf("encode the answer: %w", err)
	}
	return q.AcceptSubmission(ctx, db.AcceptSubmissionParams{ID: id, Answer: answer})
}
