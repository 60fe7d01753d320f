package delivery

import "fmt"

// Failure says why a letter didn't go. It deliberately wraps nothing: what a
// mail server answers can quote addresses and words, and a Failure is shown in
// the Temporal UI, in logs, and to whoever may read /messages.
type Failure struct {
	// Code is one coded word, as it is kept with the message ("smtp_rcpt_550").
	Code string
	// Permanent says that trying again can't help.
	Permanent bool
	// Withheld says that nobody was to get it, so that nothing went wrong.
	Withheld bool
}

// Nobody says why nobody is to get a letter: it is kept back for good, and nothing has failed.
func Nobody(code string) *Failure { return &Failure{Code: code, Permanent: true, Withheld: true} }

// The codes of failures that have no number of the other side in them.
const (
	NoAddress        = "no_address"          // the recipient left none: tell them by phone
	BadAddress       = "bad_address"         // not an address of mail
	CannotRender     = "cannot_render"       // the message's template is unknown or broken
	NotConfigured    = "smtp_not_configured" // no mail server is set
	MailUnreachable  = "smtp_unreachable"    // no connection, or it broke
	MailSession      = "smtp_session"        // connected, but greeting, STARTTLS or login failed
	MailUntrusted    = "smtp_untrusted"      // the mail server's certificate is not valid
	BadEndpoint      = "webhook_bad_url"     // neither https nor loopback
	BadSecret        = "webhook_bad_secret"  // not a Standard Webhooks secret
	WebhookUnreached = "webhook_unreachable" // no connection, or it broke
	OverBudget       = "over_budget"         // the complaint's customer had enough messages today
	GivenUp          = "given_up"            // days of trying are over
)

// Error says it in one English line, without personal data.
func (f *Failure) Error() string {
	if f.Permanent {
		return fmt.Sprintf("message not delivered, trying again can't help: %s", f.Code)
	}
	return fmt.Sprintf("message not delivered yet: %s", f.Code)
}

func lasting(code string) *Failure { return &Failure{Code: code, Permanent: true} }

func passing(code string) *Failure { return &Failure{Code: code} }
