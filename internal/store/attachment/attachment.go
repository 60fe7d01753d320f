// Package attachment keeps the files of complaints.
package attachment

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"recourse/internal/complaint"
	"recourse/internal/store"
	"recourse/internal/store/attachment/db"
)

// Store is the files of complaints. It is safe for concurrent use.
type Store struct {
	pool    *pgxpool.Pool
	queries *db.Queries
}

// New is the files of complaints in a database.
func New(pool *pgxpool.Pool) *Store { return &Store{pool: pool, queries: db.New(pool)} }

// MostFiles is how many files a complaint may have: more than any complaint that was seen, and few
// enough for one list.
const MostFiles = 100

// ErrTooMany is for a file beyond MostFiles.
var ErrTooMany = fmt.Errorf("the complaint has its files, %d at most", MostFiles)

// Attachment is a file of a complaint. Its name and content are personal data and can be erased.
type Attachment struct {
	ID        string
	Number    string
	Name      string
	MediaType string
	Size      int // bytes
	SHA256    []byte
	// Content is nil in lists, and when erased.
	Content []byte
	AddedBy complaint.PersonID
	AddedAt time.Time
	Erased  bool
}

// Add stores a file and returns it with its ID. Size, digest and time are filled in. The same file
// of the same person is one, however often and at how many places at once it is sent. How large it
// may be is decided at the edge; PostgreSQL takes less than 1 GB. Beyond MostFiles it returns
// ErrTooMany.
func (s *Store) Add(ctx context.Context, attachment Attachment) (Attachment, error) {
	digest := sha256.Sum256(attachment.Content)
	attachment.Size, attachment.SHA256 = len(attachment.Content), digest[:]
	err := store.InTurn(ctx, s.pool, "attachments of "+attachment.Number, func(tx pgx.Tx) error {
		q := s.queries.WithTx(tx)
		there, err := q.SameAttachment(ctx, db.SameAttachmentParams{Number: attachment.Number, Name: attachment.Name, Sha256: attachment.SHA256,
			AddedBy: string(attachment.AddedBy)})
		if err == nil {
			attachment.ID, attachment.MediaType, attachment.AddedAt = there.ID.String(), there.MediaType, there.AddedAt.UTC()
			return nil
		}
		if !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		count, err := q.CountAttachments(ctx, attachment.Number)
		if err != nil {
			return err
		}
		if count >= MostFiles {
			return ErrTooMany
		}
		id := uuid.Must(uuid.NewV7())
		at, err := q.AddAttachment(ctx, db.AddAttachmentParams{
			ID: id, Number: attachment.Number, Name: attachment.Name, MediaType: attachment.MediaType, Size: int32(attachment.Size),
			Sha256: attachment.SHA256, Content: attachment.Content, AddedBy: string(attachment.AddedBy),
		})
		attachment.ID, attachment.AddedAt = id.String(), at.UTC()
		return err
	})
	return attachment, store.Failed(err, "store an attachment of %s", attachment.Number)
}

// Of returns the files of a complaint without their content, oldest first.
func (s *Store) Of(ctx context.Context, number string) ([]Attachment, error) {
	rows, err := s.queries.AttachmentsOf(ctx, number)
	return store.All(rows, err, func(row db.AttachmentsOfRow) (Attachment, error) {
		return Attachment{ID: row.ID.String(), Number: row.Number, Name: row.Name, MediaType: row.MediaType, Size: int(row.Size), SHA256: row.Sha256,
			AddedBy: complaint.PersonID(row.AddedBy), AddedAt: row.AddedAt.UTC(), Erased: row.ErasedAt != nil}, nil
	}, "read the attachments of %s", number)
}

// One returns one file of a complaint with its content, or store.ErrNotFound.
func (s *Store) One(ctx context.Context, number, id string) (Attachment, error) {
	row, err := s.queries.Attachment(ctx, db.AttachmentParams{ID: store.ParseID(id), Number: number})
	return store.One(row, err, func(row db.Attachment) (Attachment, error) {
		return Attachment{ID: row.ID.String(), Number: row.Number, Name: row.Name, MediaType: row.MediaType, Size: int(row.Size), SHA256: row.Sha256,
			Content: row.Content, AddedBy: complaint.PersonID(row.AddedBy), AddedAt: row.AddedAt.UTC(), Erased: row.ErasedAt != nil}, nil
	}, "attachment %q of %s", id, number)
}
