package submission

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

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

// renewAtOnce is how many complaints are found anew before the next are looked for.
const renewAtOnce = 200

// RenewSearch makes the words anew by which complaints are found whose words are of an earlier form
// (searchtext.Form), and says how many. written are the texts of one submission. Nothing of what
// was erased comes back. Repeated, or done by several at once, it makes none anew twice; one that
// can't be read keeps no other waiting, and is in the error.
func (s *Store) RenewSearch(ctx context.Context, written func(Stored) ([]string, error)) (renewed int, err error) {
	var wrong []error
	for after := ""; ; {
		numbers, err := s.queries.FoundByEarlierWords(ctx, db.FoundByEarlierWordsParams{Form: searchtext.Form, After: after, Batch: renewAtOnce})
		if err != nil || len(numbers) == 0 {
			return renewed, errors.Join(append(wrong, store.Failed(err, "look for complaints with search words of an earlier form"))...)
		}
		for _, number := range numbers {
			err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
				return (&Store{pool: s.pool, queries: s.queries.WithTx(tx)}).renewSearch(ctx, number, written)
			})
			if err == nil {
				renewed++
			} else {
				wrong = append(wrong, fmt.Errorf("make the search words of %s anew: %w", number, err))
			}
		}
		after = numbers[len(numbers)-1]
	}
}

func (s *Store) renewSearch(ctx context.Context, number string, written func(Stored) ([]string, error)) error {
	customer, err := s.queries.CustomerToFind(ctx, db.CustomerToFindParams{Number: number, Form: searchtext.Form})
	if errors.Is(err, pgx.ErrNoRows) { // another program was quicker
		return nil
	}
	if err != nil {
		return err
	}
	said, err := s.Of(ctx, number)
	if err != nil {
		return err
	}
	var texts []string
	for _, one := range said {
		if one.State != Accepted && one.Step != complaint.Register { // its words come with its acceptance
			continue
		}
		more, err := written(one)
		if err != nil {
			return err
		}
		texts = append(texts, more...)
	}
	words := Customer{Name: customer.Name, Phone: customer.Phone, Email: customer.Email}.searchWords(texts...)
	return s.queries.RenewSearch(ctx, db.RenewSearchParams{Number: number, Form: searchtext.Form, Search: append(words, searchtext.NumberWords(number)...)})
}
