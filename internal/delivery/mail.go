package delivery

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail"
	"golang.org/x/net/idna"

	"recourse/internal/bilingual"
	"recourse/internal/config"
	"recourse/internal/message"
)

// MailTimeout bounds the connection, and each exchange with a mail server after it.
const MailTimeout = 15 * time.Second

// MailOptions say how mail leaves.
type MailOptions struct {
	Address  string         // host:port; empty sends nothing
	TLS      config.SMTPTLS // how the connection is protected
	Username string         // empty: no login
	Password string
	From     string        // the sender's address; replies to it are not read
	Timeout  time.Duration // MailTimeout when 0
	// TLSConfig is for tests; nil verifies by the machine's authorities.
	TLSConfig *tls.Config
}

// Mail sends letters by SMTP (RFC 5321). It reads no mail, so it answers no
// auto-reply; and its mail asks other machines not to answer (RFC 3834).
type Mail struct {
	options MailOptions
	host    string
	setup   []mail.Option
	domain  string // of Message-IDs

	sessions sessions
}

// NewMail checks the options. It returns an error that says which is wrong; no
// connection is made.
func NewMail(options MailOptions) (*Mail, error) {
	options.Timeout = cmp.Or(options.Timeout, MailTimeout)
	sender, proper := inASCII(options.From)
	if !proper {
		return nil, fmt.Errorf("the sender %q is not a mail address", options.From)
	}
	options.From = sender
	m := &Mail{options: options, domain: options.From[strings.LastIndex(options.From, "@")+1:]}
	if options.Address == "" {
		return m, nil
	}
	host, port, err := net.SplitHostPort(options.Address)
	if err != nil {
		return nil, fmt.Errorf("the mail server's address %q is not host:port", options.Address)
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		return nil, fmt.Errorf("the mail server's port %q is not a number", port)
	}
	policies := map[config.SMTPTLS]mail.TLSPolicy{config.SMTPTLSRequired: mail.TLSMandatory,
		config.SMTPTLSOpportunistic: mail.TLSOpportunistic, config.SMTPTLSNone: mail.NoTLS}
	policy, known := policies[options.TLS]
	if !known {
		return nil, fmt.Errorf("protection of mail %q is not one of required, opportunistic, none", options.TLS)
	}
	m.host = host
	m.setup = []mail.Option{mail.WithPort(number), mail.WithTLSPolicy(policy), mail.WithTimeout(options.Timeout), mail.WithoutNoop()}
	if options.TLSConfig != nil {
		m.setup = append(m.setup, mail.WithTLSConfig(options.TLSConfig))
	}
	if options.Username != "" {
		m.setup = append(m.setup, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover),
			mail.WithUsername(options.Username), mail.WithPassword(options.Password))
	}
	if _, err := mail.NewClient(m.host, m.setup...); err != nil {
		return nil, fmt.Errorf("set up mail by %s: %w", options.Address, err)
	}
	return m, nil
}

// Send sends a letter by mail. It returns nil as soon as the mail server has
// accepted it, whatever happens to the connection after that. A *Failure is
// permanent when the address or the mail itself was refused with a 5xx answer,
// and passing when the server is away, busy (4xx), or refuses us as a sender,
// which somebody can put right.
func (m *Mail) Send(ctx context.Context, letter Letter) error {
	if m.host == "" {
		return passing(NotConfigured)
	}
	envelope, err := m.write(letter)
	if err != nil {
		return err
	}
	if kept := m.sessions.take(); kept != nil {
		err := kept.send(ctx, envelope)
		if !hungUp(err) {
			return m.judge(kept, envelope, err)
		}
		kept.hangUp() // meanwhile the mail server had enough; nothing was offered to it
	}
	opened, failure := m.dial(ctx)
	if failure != nil {
		return failure
	}
	return m.judge(opened, envelope, opened.send(ctx, envelope))
}

// judge says what became of a letter, and keeps the session for the next one
// when all went well.
func (m *Mail) judge(s *session, envelope *mail.Msg, err error) error {
	if err == nil {
		m.sessions.keep(s)
		return nil
	}
	s.hangUp()
	if envelope.IsDelivered() {
		return nil // accepted is accepted
	}
	return refused(err)
}

func (m *Mail) write(letter Letter) (*mail.Msg, error) {
	template, err := message.Named(letter.Message.Template)
	if err != nil {
		return nil, lasting(CannotRender)
	}
	subject, body, err := template.Render(letter.Language, letter.Data)
	if err != nil {
		return nil, lasting(CannotRender)
	}
	page, err := template.HTML(letter.Language, letter.Data)
	if err != nil {
		return nil, lasting(CannotRender)
	}
	encoding := mail.EncodingQP
	if letter.Language == bilingual.Chinese {
		encoding = mail.EncodingB64 // a Chinese text in quoted-printable is three times as long
	}
	msg := mail.NewMsg(mail.WithEncoding(encoding), mail.WithCharset(mail.CharsetUTF8), mail.WithNoDefaultUserAgent())
	from := netmail.Address{Name: letter.Data.Organisation, Address: m.options.From}
	if err := msg.From(from.String()); err != nil { // String encodes whatever the name holds
		return nil, lasting(CannotRender)
	}
	to, proper := inASCII(strings.TrimSpace(letter.To.Email))
	if !proper {
		return nil, lasting(BadAddress)
	}
	if err := msg.To(to); err != nil {
		return nil, lasting(BadAddress)
	}
	msg.Subject(subject)
	msg.SetDateWithValue(letter.QueuedAt)
	msg.SetMessageIDWithValue(MessageID(letter.Message.ID, m.domain))
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834, 5
	msg.SetBulk()                                        // Precedence: bulk, X-Auto-Response-Suppress: All
	msg.SetGenHeader("Content-Language", letter.Language)
	if letter.Number != "" { // a letter that may not tell of which complaint it is stands alone
		thread := "<" + MessageID(letter.Number+"-thread", m.domain) + ">"
		msg.SetGenHeader(mail.HeaderInReplyTo, thread) // RFC 5322, 3.6.4
		msg.SetGenHeader(mail.HeaderReferences, thread)
	}
	msg.SetBodyString(mail.TypeTextPlain, body)
	msg.AddAlternativeString(mail.TypeTextHTML, page)
	return msg, nil
}

// inASCII is a mail address with its domain as every mail server takes it (RFC 5891: "例え.jp" is
// "xn--r8jz45g.jp"), and whether it is one address at all. What stands before the @ has no other
// spelling: only servers with SMTPUTF8 (RFC 6531) take what isn't ASCII there.
func inASCII(address string) (string, bool) {
	parsed, err := netmail.ParseAddress(address)
	if err != nil || parsed.Address != address {
		return "", false
	}
	at := strings.LastIndexByte(address, '@')
	domain, err := idna.Lookup.ToASCII(address[at+1:])
	return address[:at+1] + domain, err == nil
}

// MessageID is the Message-ID of the mail that carries a message, without angle
// brackets: the same each time, so that a mailbox folds a repeat. Characters
// that may not stand there (RFC 5322, 3.6.4) are written as their code.
func MessageID(id, domain string) string {
	var left strings.Builder
	for _, b := range []byte(id) {
		if b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b == '-' || b == '_' {
			left.WriteByte(b)
		} else {
			fmt.Fprintf(&left, "=%02X", b)
		}
	}
	return left.String() + "@" + domain
}

// unreached judges what went wrong before the letter itself was offered: it is
// never the letter's fault.
func unreached(err error, connected bool) *Failure {
	switch _, untrusted := errors.AsType[*tls.CertificateVerificationError](err); {
	case untrusted:
		return passing(MailUntrusted)
	case connected:
		return passing(MailSession)
	}
	return passing(MailUnreachable)
}

// refused judges the mail server's answer to the letter.
func refused(err error) *Failure {
	answer, answered := errors.AsType[*mail.SendError](err)
	if !answered || answer.ErrorCode() == 0 {
		return passing(MailUnreachable)
	}
	stage := map[mail.SendErrReason]string{mail.ErrSMTPMailFrom: "from", mail.ErrSMTPRcptTo: "rcpt",
		mail.ErrSMTPData: "data", mail.ErrSMTPDataClose: "data"}[answer.Reason]
	if stage == "" {
		return passing(MailUnreachable)
	}
	// A refused sender is our own set-up, not this letter.
	permanent := answer.ErrorCode() >= 500 && answer.Reason != mail.ErrSMTPMailFrom
	return &Failure{Code: fmt.Sprintf("smtp_%s_%d", stage, answer.ErrorCode()), Permanent: permanent}
}
