package submission

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"recourse/internal/complaint"
	"recourse/internal/store"
	"recourse/internal/store/searchtext"
	"recourse/internal/store/submission/db"
)

// Customer is what is known of a complainant. It is personal data: never in Temporal, never in a
// log, and erased on request.
type Customer struct {
	Name    string
	Phone   string
	Email   string
	Address string
	// Language is that of their messages, "zh-CN" or "en".
	Language string
	// Erased is set when all but the language is gone.
	Erased bool
}

// SameAs reports whether two complaints are of one customer, by the address or the telephone number
// that they left. A name alone says nothing.
func (c Customer) SameAs(other Customer) bool {
	return c.Email != "" && strings.EqualFold(c.Email, other.Email) || searchtext.SameTelephone(c.Phone, other.Phone)
}

func (c Customer) searchWords(more ...string) []string {
	return searchtext.Words(append([]string{c.Name, c.Phone, c.Email}, more...)...)
}

// PutRight puts the customer's details right as the steps of a write say, as part of its
// transaction. What they say is read before.
func (s *Store) PutRight(ctx context.Context, tx db.DBTX, write complaint.Write) error {
	for _, event := range write.Rows() {
		if event.Kind != complaint.StepTaken || event.Step.Facts.Correction == nil || store.ParseID(event.Step.Submission) == uuid.Nil {
			continue
		}
		stored, err := s.One(ctx, event.Step.Submission)
		if err != nil {
			return err
		}
		if stored.Erased {
			continue
		}
		var said struct {
			Customer struct{ Name, Phone, Email, Address, Language *string }
		}
		if err := json.Unmarshal(stored.Body, &said); err != nil {
			return fmt.Errorf("read the details of submission %s: %w", stored.ID, err)
		}
		is, known := said.Customer, func(detail *string) string {
			if detail == nil {
				return ""
			}
			return *detail
		}
		err = db.New(tx).CorrectCustomer(ctx, db.CorrectCustomerParams{Number: write.Complaint.Number,
			Name: is.Name, Phone: is.Phone, Email: is.Email, Address: is.Address, Language: is.Language,
			Search: Customer{Name: known(is.Name), Phone: known(is.Phone), Email: known(is.Email)}.searchWords()})
		if err != nil {
			return err
		}
	}
	return nil
}
