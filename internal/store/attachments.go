package store

import (
	"context"
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/google/uuid"

	"recourse/internal/complaint"
	"recourse/internal/store/db"
)

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

// AddAttachment stores a file and returns it with its ID. Size, digest and time are filled in. How large it may be is decided
// at the edge; PostgreSQL takes less than 1 GB.
func (s *Store) AddAttachment(ctx context.Context, attachment Attachment) (Attachment, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return Attachment{}, fmt.Errorf("make the attachment's ID: %w", err)
	}
	digest := sha256.Sum256(attachment.Content)
	attachment.ID, attachment.Size, attachment.SHA256 = id.String(), len(attachment.Content), digest[:]
	at, err := s.queries.AddAttachment(ctx, db.AddAttachmentParams{
		ID: id, Number: attachment.Number, Name: attachment.Name, MediaType: attachment.MediaType, Size: int32(attachment.Size),
		Sha256: attachment.SHA256, Content: attachment.Content, AddedBy: string(attachment.AddedBy),
	})
	if err != nil {
		return Attachment{}, fmt.Errorf("store an attachment of %s: %w", attachment.Number, err)
	}
	attachment.AddedAt = at.UTC()
	return attachment, nil
}

// Attachments returns the files of a complaint without their content, oldest first.
func (s *Store) Attachments(ctx context.Context, number string) ([]Attachment, error) {
	rows, err := s.queries.AttachmentsOf(ctx, number)
	if err != nil {
		return nil, fmt.Errorf("read the attachments of %s: %w", number, err)
	}
	return decodeAll(rows, func(row db.AttachmentsOfRow) (Attachment, error) {
		return Attachment{ID: row.ID.String(), Number: row.Number, Name: row.Name, MediaType: row.MediaType, Size: int(row.Size), SHA256: row.Sha256,
			AddedBy: complaint.PersonID(row.AddedBy), AddedAt: row.AddedAt.UTC(), Erased: row.ErasedAt != nil}, nil
	})
}

// Attachment returns one file of a complaint with its content, or ErrNotFound.
func (s *Store) Attachment(ctx context.Context, number, id string) (Attachment, error) {
	row, err := s.queries.Attachment(ctx, db.AttachmentParams{ID: parseID(id), Number: number})
	if err != nil {
		return Attachment{}, orNotFound(err, "attachment %q of %s", id, number)
	}
	return Attachment{ID: row.ID.String(), Number: row.Number, Name: row.Name, MediaType: row.MediaType, Size: int(row.Size), SHA256: row.Sha256,
		Content: row.Content, AddedBy: complaint.PersonID(row.AddedBy), AddedAt: row.AddedAt.UTC(), Erased: row.ErasedAt != nil}, nil
}
