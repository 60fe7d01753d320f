// Package mailsink is the mail server of the local stack: it accepts every message, delivers none,
// keeps each as a file, and shows them on a page and as JSON.
package mailsink

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/emersion/go-smtp"
)

const (
	// largestMessage bounds a message, in bytes.
	largestMessage = 4 << 20
	// mostRecipients bounds a message's recipients.
	mostRecipients = 100
)

// Manners say what mail a sink accepts.
type Manners string

// The manners of a sink.
const (
	// Lenient takes everything, as the most obliging mail server does.
	Lenient Manners = "lenient"
	// Strict takes only what every mail server takes: no SMTPUTF8 (RFC 6531), so that addresses and
	// headers are ASCII, and no line is longer than RFC 5322 allows.
	Strict Manners = "strict"
)

// longestLine is how many octets a line of a message may have without its end (RFC 5322, 2.1.1).
const longestLine = 998

// Sink accepts mail.
type Sink struct {
	directory string
	manners   Manners
	mail      *smtp.Server
	pages     *http.Server

	mu       sync.Mutex
	messages []Message
	serial   int
}

// Start accepts mail on one listener and shows it on the other, both of which it closes in Close.
// Messages are files in the directory, those of earlier runs included.
func Start(directory string, manners Manners, mail, pages net.Listener) (*Sink, error) {
	s := &Sink{directory: directory, manners: manners}
	if err := os.MkdirAll(directory, 0o700); err != nil {
		return nil, fmt.Errorf("make the directory for mail: %w", err)
	}
	if err := s.readKept(); err != nil {
		return nil, err
	}
	s.mail = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{sink: s}, nil }))
	s.mail.Domain = "localhost"
	s.mail.MaxMessageBytes = largestMessage
	s.mail.MaxRecipients = mostRecipients
	s.mail.ReadTimeout, s.mail.WriteTimeout = 10*time.Second, 10*time.Second
	s.mail.EnableSMTPUTF8 = manners != Strict
	s.pages = &http.Server{Handler: s.Handler(), ReadHeaderTimeout: 5 * time.Second}
	go s.mail.Serve(mail)
	go s.pages.Serve(pages)
	return s, nil
}

// Close stops accepting and showing mail. What has arrived stays in the directory.
func (s *Sink) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	err := s.mail.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		err = s.mail.Close()
	}
	return errors.Join(err, s.pages.Close())
}

// Messages are all that arrived, the oldest first.
func (s *Sink) Messages() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Message(nil), s.messages...)
}

func (s *Sink) readKept() error {
	files, err := filepath.Glob(filepath.Join(s.directory, "*.eml"))
	if err != nil {
		return fmt.Errorf("look into the directory for mail: %w", err)
	}
	sort.Strings(files)
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			return fmt.Errorf("read kept mail: %w", err)
		}
		info, err := os.Stat(file)
		if err != nil {
			return fmt.Errorf("read kept mail: %w", err)
		}
		s.messages = append(s.messages, read(strings.TrimSuffix(filepath.Base(file), ".eml"), info.ModTime(), nil, raw))
	}
	s.serial = len(files)
	return nil
}

func (s *Sink) keep(recipients []string, raw []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	s.serial++
	// Names sort as the messages arrived.
	id := fmt.Sprintf("%s-%06d", now.UTC().Format("20060102T150405.000000"), s.serial)
	if err := os.WriteFile(s.path(id), raw, 0o600); err != nil {
		return fmt.Errorf("keep a message: %w", err)
	}
	s.messages = append(s.messages, read(id, now, recipients, raw))
	return nil
}

func (s *Sink) path(id string) string { return filepath.Join(s.directory, id+".eml") }

// session is one mail client's conversation.
type session struct {
	sink       *Sink
	recipients []string
}

func (s *session) Reset()        { s.recipients = nil }
func (s *session) Logout() error { return nil }

func (s *session) Mail(from string, _ *smtp.MailOptions) error { return s.sink.takesAddress(from) }

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if err := s.sink.takesAddress(to); err != nil {
		return err
	}
	s.recipients = append(s.recipients, to)
	return nil
}

func (s *session) Data(message io.Reader) error {
	raw, err := io.ReadAll(message)
	if err != nil {
		return err
	}
	if err := s.sink.takesMessage(raw); err != nil {
		return err
	}
	return s.sink.keep(s.recipients, raw)
}

// takesAddress refuses what a server without SMTPUTF8 doesn't take (RFC 6531, 3.5).
func (s *Sink) takesAddress(address string) error {
	if s.manners == Strict && !ascii([]byte(address)) {
		return &smtp.SMTPError{Code: 553, EnhancedCode: smtp.EnhancedCode{5, 6, 7}, Message: "non-ASCII addresses are not permitted"}
	}
	return nil
}

func (s *Sink) takesMessage(raw []byte) error {
	if s.manners != Strict {
		return nil
	}
	header, _, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
	if !ascii(header) {
		return &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 6, 7}, Message: "non-ASCII headers are not permitted"}
	}
	for line := range bytes.Lines(raw) {
		if len(bytes.TrimRight(line, "\r\n")) > longestLine {
			return &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 6, 0}, Message: "a line is too long"}
		}
	}
	return nil
}

func ascii(text []byte) bool {
	return !slices.ContainsFunc(text, func(b byte) bool { return b > unicode.MaxASCII })
}
