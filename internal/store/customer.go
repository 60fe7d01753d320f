package store

import (
	"context"
	"fmt"

	"recourse/internal/store/db"
)

// Customer is what is known of a complainant. It is personal data: never in Temporal, never in a log, and erased on request.
type Customer struct {
	Name    string
	Phone   string
	Email   string
	Address string
	// Language is that of their messages, "zh-CN" or "en".
	Language string
	// ReplyTo is another way to reach them, as they said it.
	ReplyTo string
	// Erased is set when all but the language is gone.
	Erased bool
}

func (c Customer) searchWords(more ...string) []string {
	return wordsOf(append([]string{c.Name, c.Phone, c.Email}, more...)...)
}

// Customer returns what is known of the complainant, or ErrNotFound.
func (s *Store) Customer(ctx context.Context, number string) (Customer, error) {
	row, err := s.queries.Customer(ctx, number)
	if err != nil {
		return Customer{}, orNotFound(err, "the customer of complaint %s", number)
	}
	return Customer{Name: row.Name, Phone: row.Phone, Email: row.Email, Address: row.Address, Language: row.Language,
		ReplyTo: row.ReplyTo, Erased: row.ErasedAt != nil}, nil
}

// SaveCustomer corrects what is known of the complainant. search are the further words by which people look for the
// complaint. It returns ErrNotFound where there is none, or their data was erased.
func (s *Store) SaveCustomer(ctx context.Context, number string, customer Customer, search ...string) error {
	saved, err := s.queries.SaveCustomer(ctx, db.SaveCustomerParams{
		Number: number, Name: customer.Name, Phone: customer.Phone, Email: customer.Email, Address: customer.Address,
		Language: customer.Language, ReplyTo: customer.ReplyTo, Search: append(customer.searchWords(search...), numberWords(number)...),
	})
	if err != nil {
		return fmt.Errorf("save the customer of complaint %s: %w", number, err)
	}
	if saved == 0 {
		return fmt.Errorf("the customer of complaint %s: %w", number, ErrNotFound)
	}
	return nil
}
