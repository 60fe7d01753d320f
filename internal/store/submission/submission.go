// Package submission keeps what people sent, with their words and personal data, before anything is
// asked of Temporal. A registration brings a complaint into being here, under the next number of
// its procedure.
package submission

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"recourse/internal/complaint"
	"recourse/internal/store"
	"recourse/internal/store/searchtext"
	"recourse/internal/store/submission/db"
)

// Store is what people sent. It is safe for concurrent use.
type Store struct {
	pool    *pgxpool.Pool
	queries *db.Queries
}

// New is the submissions in a database.
func New(pool *pgxpool.Pool) *Store { return &Store{pool: pool, queries: db.New(pool)} }

// TooMany says that an e-mail address has as many complaints on the web as it may have.
type TooMany struct {
	// Oldest is when the oldest of those that count was received.
	Oldest time.Time
}

// Error names no address.
func (*TooMany) Error() string { return "the address has too many complaints" }

// UnderWay says that a key stands for another body of which nobody knows yet whether it will be
// taken. It is a store.ErrIdempotencyMismatch.
type UnderWay struct {
	// Until is when the key is judged anew at the latest, unless that body is accepted before.
	Until time.Time
}

// Error says so.
func (*UnderWay) Error() string { return "its first submission isn't answered yet" }

// Unwrap is what it comes to for whoever may take another key.
func (*UnderWay) Unwrap() error { return store.ErrIdempotencyMismatch }

// Submission is what somebody sent: a step with its words. It is stored before anything is asked of
// Temporal.
type Submission struct {
	// Number is the complaint's; a registration gets its own from the store.
	Number string
	Step   complaint.StepName
	By     complaint.Actor
	// Key is the caller's idempotency key, remembered for each person. The customer's links share
	// one person: put the link's ID before their keys. Empty: the submission is repeated by nobody.
	Key string
	// Body is the JSON that was sent, with its words and personal data. It can be erased.
	Body json.RawMessage
	// Facts are what of it is coded; they alone go to the workflow.
	Facts complaint.Facts
	// Search is what people wrote, by which they look for the complaint once the step is taken.
	Search []string
	// ExpectedRevision is 0 when the sender expects none.
	ExpectedRevision int
	// At is when it was stored. Zero, which is right but for imports and simulations, takes the
	// database's time.
	At time.Time
}

// Registration is the submission that begins a complaint.
type Registration struct {
	Submission
	// NumberPattern is the procedure's: "CS-{year}-{sequence:6}".
	NumberPattern string
	// Year is the civil year at the place of the procedure's calendar.
	Year     int
	Customer Customer
	// ClosedTo are those who alone may know of it; empty: as roles allow.
	ClosedTo []complaint.PersonID
	// MostOnWeb is how many complaints the customer's e-mail address may have on the web since
	// WebSince, this one counted; 0 when it doesn't matter.
	MostOnWeb int
	WebSince  time.Time
	// RelayAfter is how long the caller tries by itself to start the workflow before the relay
	// does; zero means half a minute.
	RelayAfter time.Duration
}

// State says what became of a submission.
type State string

// The states of a submission.
const (
	Pending  State = "pending"  // not answered yet
	Accepted State = "accepted" // its step is on the record
	Refused  State = "refused"
)

// Stored is a submission in the database.
type Stored struct {
	Submission
	// ID is also that of the update which carries the step.
	ID    string
	State State
	// Result is the answer to an accepted step.
	Result *complaint.Result
	// Refusal is why a step was refused.
	Refusal *complaint.Refusal
	// Repeated is set when the key stood for this submission already: nothing was stored.
	Repeated bool
	// Erased is set when the words are gone.
	Erased bool
}

// AsStep is the submission as the workflow sees it: without a word of free text.
func (s Stored) AsStep() complaint.Step {
	return complaint.Step{Name: s.Step, Submission: s.ID, By: s.By, At: s.At, ExpectedRevision: s.ExpectedRevision, Facts: s.Facts}
}

// keyPatience is how often a key may change hands while we look.
const keyPatience = 10

const usualRelayAfter = 30 * time.Second

// Submit stores a step on a complaint, in one statement. The same key with the same body gives the
// same submission, however many ask at once. A key whose submission was refused, or never answered
// and had another body, is judged anew as a new submission. It returns store.ErrIdempotencyMismatch
// when an accepted submission with another body has the key, and that as an *UnderWay when one has
// it that may still be accepted.
func (s *Store) Submit(ctx context.Context, submission Submission) (Stored, error) {
	return s.submit(ctx, submission, func(row newSubmission, replaces *uuid.UUID) (string, time.Time, error) {
		at, err := s.queries.SubmitStep(ctx, db.SubmitStepParams{
			ID: row.id, Number: submission.Number, Step: string(submission.Step),
			Actor: string(submission.By.Person), ActorRoles: store.Texts(submission.By.Roles), ActorDepartment: submission.By.Department,
			ExpectedRevision: int32(submission.ExpectedRevision), Body: submission.Body, Salt: row.salt, WordsDigest: row.wordsDigest,
			Facts: row.facts, StoredAt: orNow(submission.At), Key: row.key, BodyHash: row.bodyHash, Replaces: replaces,
			Search: searchtext.Words(submission.Search...),
		})
		return submission.Number, at, err
	})
}

// Register stores a registration and with it the complaint, under the next number of its procedure
// and year: it is kept from here on, whether Temporal is there or not. Keys are as for Submit, but
// that a registration nobody has taken up yet keeps its key as an accepted one does, for its number
// was given out; that a complaint that was registered in error leaves it to the next, unless its
// words were erased; and that the key of a row (complaint.ImportedRow) stands for what whoever sent
// first.
func (s *Store) Register(ctx context.Context, registration Registration) (stored Stored, err error) {
	if !isRow(registration.Submission) {
		return s.register(ctx, registration)
	}
	err = store.InTurn(ctx, s.pool, "row "+registration.Key, func(tx pgx.Tx) error {
		in := &Store{pool: s.pool, queries: s.queries.WithTx(tx)}
		stored, err = in.registerRow(ctx, registration)
		return err
	})
	return stored, err
}

// registerRow registers a row that nobody else has registered: in its turn.
func (s *Store) registerRow(ctx context.Context, registration Registration) (Stored, error) {
	row, err := prepareSubmission(registration.Submission)
	if err != nil {
		return Stored{}, err
	}
	switch held, same, err := s.heldByOthers(ctx, registration.Submission, row.bodyHash); {
	case errors.Is(err, store.ErrNotFound):
		return s.register(ctx, registration)
	case err != nil:
		return Stored{}, err
	case !same:
		return Stored{}, fmt.Errorf("key %q: %w", registration.Key, store.ErrIdempotencyMismatch)
	default:
		held.Repeated, held.Key = true, registration.Key
		return held, nil
	}
}

func isRow(s Submission) bool {
	return s.Step == complaint.Register && strings.HasPrefix(s.Key, complaint.ImportedRow)
}

func (s *Store) register(ctx context.Context, registration Registration) (Stored, error) {
	facts := registration.Facts.Registration
	if facts == nil {
		return Stored{}, errors.New("store a registration: its facts lack the registration")
	}
	pattern, err := parseNumberPattern(registration.NumberPattern, registration.Year)
	if err != nil {
		return Stored{}, fmt.Errorf("store a registration: %w", err)
	}
	// What lists and pages show until the workflow has taken it up.
	subjects, mentioned := facts.Subjects, facts.Mentioned
	if screened := registration.Facts.Screening; screened != nil {
		subjects, mentioned = slices.Concat(subjects, screened.Subjects), nil
	}
	state, err := json.Marshal(complaint.Complaint{
		Stage: complaint.Received, RegisteredBy: registration.By.Person, Registration: *facts, Subjects: subjects, Mentioned: mentioned,
		Terms:  complaint.Terms{Procedure: facts.Procedure, Version: facts.Version},
		People: complaint.People{SeenBy: registration.ClosedTo},
	})
	if err != nil {
		return Stored{}, fmt.Errorf("encode the complaint: %w", err)
	}
	customer := registration.Customer
	customer.Language = cmp.Or(customer.Language, facts.Language)
	return s.submit(ctx, registration.Submission, func(row newSubmission, replaces *uuid.UUID) (string, time.Time, error) {
		params := db.SubmitRegistrationParams{
			ID: row.id, Step: string(registration.Step),
			Actor: string(registration.By.Person), ActorRoles: store.Texts(registration.By.Roles), ActorDepartment: registration.By.Department,
			Body: registration.Body, Salt: row.salt, WordsDigest: row.wordsDigest, Facts: row.facts, StoredAt: orNow(registration.At),
			Key: row.key, BodyHash: row.bodyHash, Replaces: replaces, RelayAfterSeconds: cmp.Or(registration.RelayAfter, usualRelayAfter).Seconds(),
			Procedure: facts.Procedure, ProcedureVersion: int32(facts.Version), Year: int32(registration.Year),
			NumberBefore: pattern.before, NumberWidth: pattern.width, NumberAfter: pattern.after,
			Subjects: store.Texts(slices.Concat(subjects, mentioned)), SeenBy: store.Texts(registration.ClosedTo), Kind: string(facts.Kind), Category: facts.Category, Channel: facts.Channel, State: state,
			CustomerName: customer.Name, CustomerPhone: customer.Phone, CustomerEmail: customer.Email, CustomerAddress: customer.Address,
			CustomerLanguage: customer.Language,
			Search:           customer.searchWords(registration.Search...), SearchForm: searchtext.Form,
		}
		if registration.MostOnWeb == 0 || customer.Email == "" {
			stored, err := s.queries.SubmitRegistration(ctx, params)
			return stored.Number, stored.StoredAt, err
		}
		var stored db.SubmitRegistrationRow
		err := store.InTurn(ctx, s.pool, "web complaints of "+strings.ToLower(customer.Email), func(tx pgx.Tx) (err error) {
			in := &Store{queries: s.queries.WithTx(tx)}
			if stored, err = in.queries.SubmitRegistration(ctx, params); err != nil {
				return err
			}
			there, oldest, err := in.WebComplaints(ctx, customer.Email, registration.WebSince, registration.MostOnWeb+1)
			if err == nil && there > registration.MostOnWeb {
				err = &TooMany{Oldest: oldest} // and nothing was stored
			}
			return err
		})
		return stored.Number, stored.StoredAt, err
	})
}

// newSubmission is what is worked out once, however often the insert is tried.
type newSubmission struct {
	id                                 uuid.UUID
	key                                string
	facts, salt, wordsDigest, bodyHash []byte
}

// answering is how long a submission may wait for its answer before its key counts as unanswered:
// longer than any caller is kept waiting.
const answering = 11 * time.Second

func (s *Store) submit(ctx context.Context, submission Submission, insert func(newSubmission, *uuid.UUID) (string, time.Time, error)) (Stored, error) {
	row, err := prepareSubmission(submission)
	if err != nil {
		return Stored{}, err
	}
	var replaces *uuid.UUID
	for range keyPatience {
		number, at, err := insert(row, replaces)
		if err == nil {
			submission.Number, submission.At = number, at.UTC()
			return Stored{Submission: submission, ID: row.id.String(), State: Pending}, nil
		}
		if !errors.Is(err, pgx.ErrNoRows) {
			return Stored{}, fmt.Errorf("store the submission: %w", err)
		}
		holder, err := s.queries.SubmissionOfKey(ctx, db.SubmissionOfKeyParams{Actor: string(submission.By.Person), Key: row.key, FreshSeconds: answering.Seconds()})
		if err != nil {
			return Stored{}, store.OrNotFound(err, "look up the idempotency key")
		}
		switch same, free := standing(holder, row.bodyHash); {
		case free:
		case same:
			stored, err := storedFrom(holder.Submission)
			stored.Repeated = true
			stored.Key = submission.Key
			return stored, err
		case State(holder.Submission.State) == Pending && holder.Submission.RelayAfter == nil:
			return Stored{}, fmt.Errorf("key %q: %w", submission.Key, &UnderWay{Until: holder.Submission.StoredAt.Add(answering)})
		default:
			return Stored{}, fmt.Errorf("key %q: %w", submission.Key, store.ErrIdempotencyMismatch)
		}
		replaces = &holder.Submission.ID
	}
	return Stored{}, fmt.Errorf("store the submission: its idempotency key %q changed hands %d times meanwhile; send it again", submission.Key, keyPatience)
}

func prepareSubmission(submission Submission) (row newSubmission, err error) {
	row.id = uuid.Must(uuid.NewV7())
	row.key = cmp.Or(submission.Key, "submission:"+row.id.String())
	if row.facts, err = json.Marshal(submission.Facts); err != nil {
		return row, fmt.Errorf("encode the facts: %w", err)
	}
	row.salt = make([]byte, sha256.Size)
	rand.Read(row.salt)
	row.wordsDigest = WordsDigest(row.salt, submission.Body)
	row.bodyHash = store.Digest([]byte(submission.Step), []byte(submission.Number), submission.Body)
	return row, nil
}

// WordsDigest stands for a submission's words in the record. The salt is erased with the words:
// without it nobody can try out what they were.
func WordsDigest(salt, words []byte) []byte { return store.Digest(salt, words) }

func storedFrom(row db.Submission) (Stored, error) {
	stored := Stored{
		Submission: Submission{
			Number: row.Number, Step: complaint.StepName(row.Step), Body: row.Body, ExpectedRevision: int(row.ExpectedRevision), At: row.StoredAt.UTC(),
			By: complaint.Actor{Person: complaint.PersonID(row.Actor), Roles: rolesFrom(row.ActorRoles), Department: row.ActorDepartment},
		},
		ID: row.ID.String(), State: State(row.State), Erased: row.ErasedAt != nil,
	}
	if err := json.Unmarshal(row.Facts, &stored.Facts); err != nil {
		return Stored{}, fmt.Errorf("decode the facts of submission %s: %w", stored.ID, err)
	}
	if row.Answer == nil {
		return stored, nil
	}
	into := any(&stored.Result)
	if stored.State == Refused {
		into = &stored.Refusal
	}
	err := json.Unmarshal(row.Answer, into)
	return stored, store.Failed(err, "decode the answer to submission %s", stored.ID)
}

// WithoutTie is the submission of a link for whoever may not know of the complaint to which it
// links: that it was made is left, and what it fills in of the form, and nothing else that it says.
func (s Stored) WithoutTie() (Stored, error) {
	s.Facts.Linked, s.Facts.Leading = nil, nil
	if s.Body == nil {
		return s, nil
	}
	var kept struct {
		Fields json.RawMessage `json:"fields,omitempty"`
	}
	err := json.Unmarshal(s.Body, &kept)
	if err == nil {
		s.Body, err = json.Marshal(kept)
	}
	return s, store.Failed(err, "leave out of submission %s what it links to", s.ID)
}

// One returns a stored submission with its words, or store.ErrNotFound.
func (s *Store) One(ctx context.Context, id string) (Stored, error) {
	row, err := s.queries.Submission(ctx, store.ParseID(id))
	return store.One(row, err, storedFrom, "submission %s", id)
}

// Waiting returns the registration of a complaint that no workflow has taken up yet, or
// store.ErrNotFound.
func (s *Store) Waiting(ctx context.Context, number string) (Stored, error) {
	row, err := s.queries.WaitingRegistration(ctx, number)
	return store.One(row, err, storedFrom, "registration of %s", number)
}

// WebComplaints counts the complaints that were registered on the web with an e-mail address, in
// any spelling, after an instant: at most most of them, those first that came last. Oldest is when
// the oldest of these was received; since, where there is none.
func (s *Store) WebComplaints(ctx context.Context, email string, since time.Time, most int) (known int, oldest time.Time, err error) {
	row, err := s.queries.WebComplaintsOf(ctx, db.WebComplaintsOfParams{Email: email, Since: since, Most: int32(most)})
	return int(row.Known), row.Oldest.UTC(), store.Failed(err, "count the complaints of an address")
}

// standing: does a key stand for that body, and is it free for a new submission? It is kept by what
// was accepted, by what will be (a registration), and by what may be at this moment. Of a complaint
// whose words were erased it stays kept, whatever became of that: sending them again would bring
// them back.
func standing(holder db.SubmissionOfKeyRow, bodyHash []byte) (same, free bool) {
	same = bytes.Equal(holder.BodyHash, bodyHash)
	if holder.Submission.ErasedAt != nil && complaint.StepName(holder.Submission.Step) == complaint.Register {
		return same, false
	}
	switch State(holder.Submission.State) {
	case Accepted:
		return same, holder.TakenBack
	case Pending:
		return same, !same && holder.Submission.RelayAfter == nil && !holder.Fresh
	}
	return same, true
}

// Held returns the submission for which the key of one that isn't stored stands already, and
// whether that has the same body. The key of a row may be somebody else's. It returns
// store.ErrNotFound for a key that is free.
func (s *Store) Held(ctx context.Context, submission Submission) (held Stored, same bool, err error) {
	row, err := prepareSubmission(submission)
	if err != nil {
		return Stored{}, false, err
	}
	holder, err := s.queries.SubmissionOfKey(ctx, db.SubmissionOfKeyParams{Actor: string(submission.By.Person), Key: row.key, FreshSeconds: answering.Seconds()})
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return Stored{}, false, fmt.Errorf("look up the idempotency key: %w", err)
	}
	same, free := standing(holder, row.bodyHash)
	if err != nil || free {
		return s.heldByOthers(ctx, submission, row.bodyHash)
	}
	held, err = storedFrom(holder.Submission)
	return held, same, err
}

// heldByOthers is Held for the key of a row that somebody else has sent.
func (s *Store) heldByOthers(ctx context.Context, submission Submission, bodyHash []byte) (held Stored, same bool, err error) {
	if !isRow(submission) {
		return Stored{}, false, store.ErrNotFound
	}
	rows, err := s.queries.SubmissionsOfRow(ctx, db.SubmissionsOfRowParams{Actor: string(submission.By.Person), Key: submission.Key, FreshSeconds: answering.Seconds()})
	if err != nil {
		return Stored{}, false, fmt.Errorf("look up the row's key: %w", err)
	}
	for _, row := range rows {
		if same, free := standing(db.SubmissionOfKeyRow(row), bodyHash); !free {
			held, err := storedFrom(row.Submission)
			return held, same, err
		}
	}
	return Stored{}, false, store.ErrNotFound
}

// ByKey returns the submission for which a person's idempotency key stands, or store.ErrNotFound.
func (s *Store) ByKey(ctx context.Context, actor complaint.PersonID, key string) (Stored, error) {
	row, err := s.queries.SubmissionOfKey(ctx, db.SubmissionOfKeyParams{Actor: string(actor), Key: key, FreshSeconds: answering.Seconds()})
	return store.One(row.Submission, err, storedFrom, "submission of the key %q", key)
}

// Of returns all submissions to a complaint with their words, oldest first: what people said, for
// those who read the record.
func (s *Store) Of(ctx context.Context, number string) ([]Stored, error) {
	rows, err := s.queries.SubmissionsOf(ctx, number)
	return store.All(rows, err, storedFrom, "read the submissions to %s", number)
}

// Refuse notes that a submission's step was refused, so that its key is judged anew. One that was
// accepted meanwhile stays so. The number of a refused registration stays given out; lists don't
// show it.
func (s *Store) Refuse(ctx context.Context, id string, refusal complaint.Refusal) error {
	stored, err := s.One(ctx, id)
	if err != nil {
		return err
	}
	encoded, err := json.Marshal(refusal)
	if err != nil {
		return fmt.Errorf("encode the refusal: %w", err)
	}
	err = s.queries.RefuseSubmission(ctx, db.RefuseSubmissionParams{ID: uuid.MustParse(id), Number: stored.Number, Refusal: encoded})
	return store.Failed(err, "refuse the submission %s", id)
}

// ClaimRegistrations returns registrations that no workflow has taken up, at most batch, longest
// waiting first. Nobody else gets them during the lease; one that is then still not recorded is
// given out again. Beside an error that names those which can't be read it returns the others:
// another version of the program may read what this one can't, after the lease.
func (s *Store) ClaimRegistrations(ctx context.Context, batch int, lease time.Duration) ([]Stored, error) {
	rows, err := s.queries.ClaimRegistrations(ctx, db.ClaimRegistrationsParams{LeaseSeconds: lease.Seconds(), Batch: int32(batch)})
	if err != nil {
		return nil, fmt.Errorf("claim registrations to relay: %w", err)
	}
	return store.Readable(rows, storedFrom)
}

// Answer notes what became of the submissions of a write, as part of its transaction: accepted with
// its answer, or refused.
func Answer(ctx context.Context, tx db.DBTX, write complaint.Write) error {
	q, c := db.New(tx), &write.Complaint
	for _, event := range write.Rows() {
		if event.Kind != complaint.StepRefused || event.Step == nil || store.ParseID(event.Step.Submission) == uuid.Nil {
			continue
		}
		refusal, err := json.Marshal(complaint.Refusal{Code: complaint.Code(event.Code), Reason: event.Reason, Step: event.Step.Name, Stage: c.Stage})
		if err != nil {
			return fmt.Errorf("encode the refusal: %w", err)
		}
		err = q.RefuseSubmission(ctx, db.RefuseSubmissionParams{ID: store.ParseID(event.Step.Submission), Number: c.Number, Refusal: refusal})
		if err != nil {
			return err
		}
	}
	id := store.ParseID(write.Submission)
	if id == uuid.Nil || !write.Answers() {
		return nil
	}
	answer, err := json.Marshal(c.ResultFor(write.By, write.Happened[0].At))
	if err != nil {
		return fmt.Errorf("encode the answer: %w", err)
	}
	return q.AcceptSubmission(ctx, db.AcceptSubmissionParams{ID: id, Answer: answer})
}

// orNow is when something was sent; nil for the database's time.
func orNow(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	return &at
}

// rolesFrom reads coded roles back; nil when there are none.
func rolesFrom(words []string) []complaint.Role {
	if len(words) == 0 {
		return nil
	}
	roles := make([]complaint.Role, len(words))
	for i, word := range words {
		roles[i] = complaint.Role(word)
	}
	return roles
}
