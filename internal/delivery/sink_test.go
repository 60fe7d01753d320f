package delivery_test

import (
	"bytes"
	"crypto/tls"
	"io"
	"net"
	netmail "net/mail"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"
)

// sink is a mail server that keeps what it is given, or refuses it as told.
type sink struct {
	sync.Mutex
	mails              []received
	refuseFrom         *smtp.SMTPError
	refuseRcpt         *smtp.SMTPError
	refuseData         *smtp.SMTPError
	hangUpOnceAccepted bool
	address            string
}

type received struct {
	from, to string
	raw      []byte
}

func (r received) parse(t *testing.T) *netmail.Message {
	t.Helper()
	m, err := netmail.ReadMessage(bytes.NewReader(r.raw))
	require.NoError(t, err)
	return m
}

// newSink starts a mail server on loopback that ends with the test.
func newSink(t *testing.T, protect *tls.Config) *sink {
	t.Helper()
	s := &sink{}
	server := smtp.NewServer(s)
	server.Domain = "sink.example"
	server.AllowInsecureAuth = true
	server.ReadTimeout, server.WriteTimeout = 10*time.Second, 10*time.Second
	server.TLSConfig = protect
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s.address = listener.Addr().String()
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	t.Cleanup(func() {
		_ = listener.Close() // the server doesn't know it yet when a test ends at once
		_ = server.Close()
		<-served
	})
	return s
}

func (s *sink) all() []received {
	s.Lock()
	defer s.Unlock()
	return append([]received(nil), s.mails...)
}

func (s *sink) NewSession(c *smtp.Conn) (smtp.Session, error) { return &session{sink: s, conn: c}, nil }

type session struct {
	sink     *sink
	conn     *smtp.Conn
	from, to string
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.from = from
	if s.sink.refuseFrom != nil {
		return s.sink.refuseFrom
	}
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = to
	if s.sink.refuseRcpt != nil {
		return s.sink.refuseRcpt
	}
	return nil
}

func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if s.sink.refuseData != nil {
		return s.sink.refuseData
	}
	s.sink.Lock()
	defer s.sink.Unlock()
	s.sink.mails = append(s.sink.mails, received{from: s.from, to: s.to, raw: raw})
	return nil
}

func (s *session) Reset() {
	// RSET comes after an accepted mail, too.
	s.sink.Lock()
	defer s.sink.Unlock()
	if s.sink.hangUpOnceAccepted && len(s.sink.mails) > 0 {
		_ = s.conn.Conn().Close()
	}
}

func (s *session) Logout() error { return nil }
