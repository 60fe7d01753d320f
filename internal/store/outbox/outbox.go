// Package outbox keeps the messages on their way. They are queued in the transaction of what they
// tell of, and leave apart from it.
package outbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"recourse/internal/complaint"
	"recourse/internal/store"
	"recourse/internal/store/outbox/db"
)

// channel is that of PostgreSQL's NOTIFY which wakes those who send messages.
const channel = "recourse_outbox"

// Store is the outbox. It is safe for concurrent use.
type Store struct {
	pool    *pgxpool.Pool
	queries *db.Queries

	// grew holds at most one word for the senders that there are new messages; whoever tells them
	// has telling.
	grew    chan struct{}
	telling sync.Mutex
}

// New is the outbox in a database.
func New(pool *pgxpool.Pool) *Store {
	return &Store{pool: pool, queries: db.New(pool), grew: make(chan struct{}, 1)}
}

// State says how a message stands.
type State string

// The states of a message.
const (
	Queued     State = "queued"
	Sent       State = "sent"
	HandedOver State = "handed_over" // to an activity of its own, which tries for days
	Failed     State = "failed"      // nobody tries any more
	Withheld   State = "withheld"    // nobody was to get it: they may not know, or left no address
)

// goneAfter is how long the activity of a message that was handed over may be silent before it is
// taken for gone, as after Temporal was restored from a backup: longer than its longest pause. The
// message then comes back.
const goneAfter = 2 * time.Hour

// Message is a message on its way. It holds no personal data: the address is looked up when it is
// sent.
type Message struct {
	complaint.Message
	Number   string
	State    State
	Channel  string // by which it has left, joined by "+"; also while another is still tried
	Attempts int
	// LastError is why it did not arrive, without personal data.
	LastError string
	QueuedAt  time.Time
	SentAt    *time.Time
}

func messageFrom(row db.Message) (Message, error) {
	message := Message{
		Message: complaint.Message{ID: row.ID, To: complaint.PersonID(row.Recipient), Template: row.Template},
		Number:  row.Number, State: State(row.State), Channel: row.Channel, Attempts: int(row.Attempts),
		LastError: row.LastError, QueuedAt: row.QueuedAt.UTC(), SentAt: store.UTC(row.SentAt),
	}
	err := json.Unmarshal(row.Params, &message.Message)
	return message, store.Failed(err, "decode the message %s", row.ID)
}

// listedFrom is messageFrom for lists, which show a message that can't be read by what is known of
// it.
func listedFrom(row db.Message) (Message, error) {
	message, _ := messageFrom(row)
	return message, nil
}

const (
	// unreadable is why a message doesn't leave that this version of the program can't read.
	unreadable = "cannot_read"
	// unreadableFor is how long after it was queued it is tried nevertheless: while versions are
	// exchanged, another may read it. Then it has failed.
	unreadableFor = time.Hour
)

// Claim returns queued messages, at most batch, longest waiting first, and counts an attempt at
// each. Nobody else gets them during the lease; those not marked by then are given out again.
// Beside an error that names those which can't be read it returns the others.
func (s *Store) Claim(ctx context.Context, batch int, lease time.Duration) ([]Message, error) {
	rows, err := s.queries.ClaimMessages(ctx, db.ClaimMessagesParams{Batch: int32(batch), LeaseSeconds: lease.Seconds()})
	if err != nil {
		return nil, fmt.Errorf("claim messages to send: %w", err)
	}
	var wrong []string
	claimed, err := store.Readable(rows, func(row db.Message) (Message, error) {
		message, err := messageFrom(row)
		if err != nil {
			wrong = append(wrong, row.ID)
		}
		return message, err
	})
	if err != nil {
		noted := s.queries.MessagesUnreadable(ctx, db.MessagesUnreadableParams{Ids: wrong, LastError: unreadable, ForSeconds: unreadableFor.Seconds()})
		err = errors.Join(err, marked(wrong, noted))
	}
	return claimed, err
}

// MarkSent notes that messages left by a channel ("email", "webhook").
func (s *Store) MarkSent(ctx context.Context, channel string, ids ...string) error {
	return marked(ids, s.queries.MessagesSent(ctx, db.MessagesSentParams{Ids: ids, Channel: channel}))
}

// MarkLeft notes by which channels messages have left, while others are still tried.
func (s *Store) MarkLeft(ctx context.Context, channel string, ids ...string) error {
	return marked(ids, s.queries.MessagesLeft(ctx, db.MessagesLeftParams{Ids: ids, Channel: channel}))
}

// Holds reports whether a claim of this message still holds: nobody else has claimed it since, and
// nobody can for at least half the lease from now on.
func (s *Store) Holds(ctx context.Context, claimed Message, lease time.Duration) (bool, error) {
	left, err := s.queries.MessageHeld(ctx, db.MessageHeldParams{ID: claimed.ID, Attempts: int32(claimed.Attempts)})
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("ask whether the claim of the message %s holds: %w", claimed.ID, err)
	case left > lease.Seconds()/2:
		return true, nil
	}
	held, err := s.queries.HoldMessage(ctx, db.HoldMessageParams{ID: claimed.ID, Attempts: int32(claimed.Attempts), LeaseSeconds: lease.Seconds()})
	return held > 0, store.Failed(err, "renew the claim of the message %s", claimed.ID)
}

// MarkWithheld notes that nobody was to get messages: that is no failure. reason must hold no
// personal data.
func (s *Store) MarkWithheld(ctx context.Context, reason string, ids ...string) error {
	return marked(ids, s.queries.MessagesWithheld(ctx, db.MessagesWithheldParams{Ids: ids, LastError: reason}))
}

// MarkBounced notes that mail came back which had been sent, and returns the IDs of the messages
// that had left by mail. reason must hold no personal data.
func (s *Store) MarkBounced(ctx context.Context, reason string, ids ...string) ([]string, error) {
	bounced, err := s.queries.MessagesBounced(ctx, db.MessagesBouncedParams{Ids: ids, LastError: reason})
	return bounced, marked(ids, err)
}

// ToTell returns messages to customers that failed for good and of which their complaints haven't
// been told, at most batch, longest waiting first. Nobody else gets them during the lease; those of
// which nobody has said Told by then are given out again.
func (s *Store) ToTell(ctx context.Context, batch int, lease time.Duration) ([]Message, error) {
	rows, err := s.queries.MessagesToTell(ctx, db.MessagesToTellParams{Batch: int32(batch), LeaseSeconds: lease.Seconds()})
	return store.All(rows, err, listedFrom, "find the messages that failed and weren't told")
}

// Told notes that a complaint knows of its message that failed.
func (s *Store) Told(ctx context.Context, id string) error {
	return marked([]string{id}, s.queries.MessageTold(ctx, id))
}

// MarkHandedOver notes that messages didn't leave at the first attempt and have an activity of
// their own now. reason must hold no personal data.
func (s *Store) MarkHandedOver(ctx context.Context, reason string, ids ...string) error {
	return marked(ids, s.queries.MessagesHandedOver(ctx, db.MessagesHandedOverParams{Ids: ids, LastError: reason, GoneSeconds: goneAfter.Seconds()}))
}

// MarkFailed notes that nobody tries any more to send messages. reason must hold no personal data.
func (s *Store) MarkFailed(ctx context.Context, reason string, ids ...string) error {
	return marked(ids, s.queries.MessagesFailed(ctx, db.MessagesFailedParams{Ids: ids, LastError: reason}))
}

// MarkTriedAgain notes one more attempt at messages that were handed over, and why it failed.
// reason must hold no personal data.
func (s *Store) MarkTriedAgain(ctx context.Context, reason string, ids ...string) error {
	return marked(ids, s.queries.MessagesTriedAgain(ctx, db.MessagesTriedAgainParams{Ids: ids, LastError: reason, GoneSeconds: goneAfter.Seconds()}))
}

// Requeue puts messages that failed, or whose activity is gone, back into the outbox and returns
// the IDs of those. Each goes by the channels by which it hasn't left.
func (s *Store) Requeue(ctx context.Context, ids ...string) (again []string, err error) {
	again, err = s.queries.RequeueMessages(ctx, ids)
	if err := marked(ids, err); err != nil {
		return nil, err
	}
	s.Tell()
	return again, nil
}

// marked says which messages an error concerns.
func marked(ids []string, err error) error {
	return store.Failed(err, "note what became of the messages %q", ids)
}

// TakeOver makes a queued message the caller's alone, as [Store.MarkHandedOver] does, unless a
// sender has claimed it at this moment.
func (s *Store) TakeOver(ctx context.Context, id string) (taken bool, err error) {
	rows, err := s.queries.TakeOverMessage(ctx, db.TakeOverMessageParams{ID: id, GoneSeconds: goneAfter.Seconds()})
	return rows > 0, store.Failed(err, "take the message %s over", id)
}

// SentToCustomer counts the messages about a complaint that reached its customer after an instant.
func (s *Store) SentToCustomer(ctx context.Context, number string, since time.Time) (int, error) {
	sent, err := s.queries.MessagesToCustomer(ctx, db.MessagesToCustomerParams{Number: number, Since: since})
	return int(sent), store.Failed(err, "count the messages to the customer of %s", number)
}

// One returns a message, or store.ErrNotFound.
func (s *Store) One(ctx context.Context, id string) (Message, error) {
	row, err := s.queries.Message(ctx, id)
	return store.One(row, err, messageFrom, "message %q", id)
}

// Of returns the messages of a complaint, oldest first.
func (s *Store) Of(ctx context.Context, number string) ([]Message, error) {
	rows, err := s.queries.MessagesOf(ctx, number)
	return store.All(rows, err, listedFrom, "read the messages of %s", number)
}

// Failed returns messages that nobody tries any more to send, longest waiting first: those that
// Requeue takes.
func (s *Store) Failed(ctx context.Context, limit int) ([]Message, error) {
	rows, err := s.queries.FailedMessages(ctx, int32(limit))
	return store.All(rows, err, listedFrom, "read the messages that failed")
}

// Waiting are those of one state that haven't left.
type Waiting struct {
	State  State
	Count  int
	Oldest time.Duration // how long the oldest of them has been waiting
}

// Waiting counts the messages that haven't left, by state: queued, handed over, failed. There is an
// entry for each of the three, so that none is missing where it matters that it is zero.
func (s *Store) Waiting(ctx context.Context) ([]Waiting, error) {
	rows, err := s.queries.WaitingMessages(ctx)
	if err != nil {
		return nil, fmt.Errorf("count the messages that wait: %w", err)
	}
	waiting := []Waiting{{State: Queued}, {State: HandedOver}, {State: Failed}}
	for _, row := range rows {
		for i := range waiting {
			if string(waiting[i].State) == row.State {
				waiting[i].Count, waiting[i].Oldest = int(row.Waiting), time.Duration(row.OldestSeconds*float64(time.Second))
			}
		}
	}
	return waiting, nil
}

// Wait returns when there are messages to claim, or after patience: messages whose word got lost,
// and those whose lease has run out, are found then. It errs when the database is away or ctx ends.
func (s *Store) Wait(ctx context.Context, patience time.Duration) (err error) {
	connection, err := s.pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("listen for messages: %w", err)
	}
	defer connection.Release()
	if _, err := connection.Exec(ctx, "LISTEN "+channel); err != nil {
		return fmt.Errorf("listen for messages: %w", err)
	}
	defer func() {
		// The connection goes back to the pool, where nobody takes notifications.
		if _, unlistened := connection.Exec(ctx, "UNLISTEN *"); err == nil && unlistened != nil {
			err = fmt.Errorf("stop listening for messages: %w", unlistened)
		}
	}()
	// Those queued before we listened are told to nobody.
	if waiting, err := db.New(connection).MessagesWait(ctx); err != nil || waiting {
		return err
	}
	listening, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if _, err := connection.Conn().WaitForNotification(listening); err != nil {
		if ctx.Err() == nil && errors.Is(listening.Err(), context.DeadlineExceeded) {
			return nil
		}
		return fmt.Errorf("listen for messages: %w", err)
	}
	return nil
}

const (
	// betweenWords is the least time between two words to the senders, who look for more by
	// themselves when they had some.
	betweenWords = 200 * time.Millisecond
	// wordPatience is how long a word may take. One that gets lost is made up for by the patience
	// of Wait.
	wordPatience = 2 * time.Second
)

// Tell has the senders woken soon. The word is not part of the transaction that queued the
// messages: PostgreSQL lets transactions with a NOTIFY commit only one after the other, all of them
// together, which would make every step wait.
func (s *Store) Tell() {
	select {
	case s.grew <- struct{}{}:
	default: // a word is on its way already, and the senders look after it has come
		return
	}
	go func() {
		s.telling.Lock() // one word is enough for all that is queued in the moment after the one before
		defer s.telling.Unlock()
		<-s.grew
		ctx, cancel := context.WithTimeout(context.Background(), wordPatience)
		defer cancel()
		_ = s.queries.NotifyOutbox(ctx)
		time.Sleep(betweenWords)
	}()
}
