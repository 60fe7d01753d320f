// Package delivery sends messages: mail by SMTP, and webhooks signed as the
// Standard Webhooks specification asks. What went wrong comes back as a
// *Failure, which says whether trying again helps and holds no word of the
// message, no address, and nothing that another server said.
package delivery

import (
	"context"
	"time"

	"recourse/internal/complaint"
	"recourse/internal/message"
)

// Letter is one message ready to go. It holds personal data and is never kept.
type Letter struct {
	// Message is the coded message. Its ID is stable: each channel carries it, so
	// that a receiver can tell a repeat from a new message.
	Message  complaint.Message
	Number   string    // of the complaint
	QueuedAt time.Time // when the step was recorded, UTC
	To       Contact
	// Language is the recipient's: "zh-CN" or "en".
	Language string
	Data     message.Data
}

// Contact is how somebody is reached; both members may be empty.
type Contact struct {
	Email   string
	Webhook Endpoint
}

// Channel is a way by which messages go out.
type Channel string

// The channels.
const (
	ByMail    Channel = "email"
	ByWebhook Channel = "webhook"
)

// Channels lists the ways in which the recipient is to get the letter: all they
// have.
func (l Letter) Channels() []Channel {
	var by []Channel
	if l.To.Email != "" {
		by = append(by, ByMail)
	}
	if l.To.Webhook.URL != "" {
		by = append(by, ByWebhook)
	}
	return by
}

// ToCustomer reports whether the letter goes to the complainant.
func (l Letter) ToCustomer() bool { return l.Message.To == complaint.Customer }

// Sender sends letters by one channel. Its errors are of type *Failure.
type Sender interface {
	Send(ctx context.Context, letter Letter) error
}
