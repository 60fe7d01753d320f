package delivery

import (
	"context"
	"errors"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"
)

const (
	// idleSession is how long a connection to the mail server is kept for the next letter.
	idleSession = 2 * time.Second
	// lettersPerSession is how many letters go over one connection; mail servers bound it, too.
	lettersPerSession = 50
	// serviceNotAvailable is the answer of a mail server that closes the connection (RFC 5321,
	// 3.8).
	serviceNotAvailable = 421
)

// session is a connection to the mail server, on which letters go one after the
// other: greeting, protection and login cost more than a letter does.
type session struct {
	client     *mail.Client
	smtp       *smtp.Client
	connection net.Conn
	sent       int
	expiry     *time.Timer
}

// dial opens a session. The context bounds the greeting, not the session.
func (m *Mail) dial(ctx context.Context) (*session, *Failure) {
	s := &session{}
	// Told to stop, we don't wait for the mail server's next word.
	leave := func() bool { return true }
	connect := func(dialing context.Context, network, address string) (net.Conn, error) {
		connection, err := (&net.Dialer{}).DialContext(dialing, network, address)
		if err != nil {
			return nil, err
		}
		s.connection = connection
		leave = context.AfterFunc(ctx, func() { connection.Close() })
		return connection, nil
	}
	var err error
	s.client, err = mail.NewClient(m.host, append(slices.Clip(m.setup), mail.WithDialContextFunc(connect))...)
	if err != nil {
		return nil, passing(NotConfigured)
	}
	s.smtp, err = s.client.DialToSMTPClientWithContext(ctx)
	leave()
	if err != nil {
		if s.connection != nil {
			s.connection.Close() // the library leaves it open when the greeting fails
		}
		return nil, unreached(err, s.connection != nil)
	}
	return s, nil
}

// send sends one letter.
func (s *session) send(ctx context.Context, envelope *mail.Msg) error {
	leave := context.AfterFunc(ctx, func() { s.connection.Close() })
	defer leave()
	s.sent++
	return s.client.SendWithSMTPClient(s.smtp, envelope)
}

// hangUp ends a session after which nothing is known of the connection.
func (s *session) hangUp() { s.connection.Close() }

// hungUp reports whether the mail server had closed the session before anything of the
// letter was offered to it, so that another session may try.
func hungUp(err error) bool {
	answer, answered := errors.AsType[*mail.SendError](err)
	return answered && (answer.Reason == mail.ErrConnCheck ||
		answer.Reason == mail.ErrSMTPMailFrom && (answer.ErrorCode() == 0 || answer.ErrorCode() == serviceNotAvailable))
}

// sessions are those that wait for the next letter.
type sessions struct {
	sync.Mutex
	idle []*session
}

// take returns the session used last, or nil.
func (s *sessions) take() *session {
	s.Lock()
	defer s.Unlock()
	for len(s.idle) > 0 {
		last := s.idle[len(s.idle)-1]
		s.idle = s.idle[:len(s.idle)-1]
		if last.expiry.Stop() {
			return last
		}
	}
	return nil
}

// keep keeps a session for a while, and then ends it in good order.
func (s *sessions) keep(kept *session) {
	if kept.sent >= lettersPerSession {
		go kept.quit()
		return
	}
	s.Lock()
	defer s.Unlock()
	s.idle = append(s.idle, kept)
	kept.expiry = time.AfterFunc(idleSession, func() {
		s.forget(kept)
		kept.quit()
	})
}

func (s *sessions) forget(expired *session) {
	s.Lock()
	defer s.Unlock()
	s.idle = slices.DeleteFunc(s.idle, func(one *session) bool { return one == expired })
}

// quit says goodbye.
func (s *session) quit() {
	_ = s.client.CloseWithSMTPClient(s.smtp) // all letters were accepted; there is nothing left to lose
	s.connection.Close()
}
