package submission

import "recourse/internal/store/searchtext"

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

func (c Customer) searchWords(more ...string) []string {
	return searchtext.Words(append([]string{c.Name, c.Phone, c.Email}, more...)...)
}
