package store

import "context"

// Customer is what is known of a complainant. It is personal data: never in Temporal, never in a log, and erased on request.
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
		Erased: row.ErasedAt != nil}, nil
}
