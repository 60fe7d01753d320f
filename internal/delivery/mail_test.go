package delivery_test

import (
	"context"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"

	"recourse/internal/bilingual"
	"recourse/internal/complaint"
	"recourse/internal/config"
	"recourse/internal/delivery"
	"recourse/internal/message"
)

func letter() delivery.Letter {
	due := time.Date(2026, 2, 25, 10, 0, 0, 0, time.UTC)
	return delivery.Letter{
		Message:  complaint.Message{ID: "CS-2026-000123/14/li-na", To: "li-na", Template: message.Assigned.Name(), Due: &due},
		Number:   "CS-2026-000123",
		QueuedAt: time.Date(2026, 2, 13, 9, 30, 0, 0, time.UTC),
		To:       delivery.Contact{Email: "li.na@example.org"},
		Language: bilingual.Chinese,
		Data:     message.Data{Number: "CS-2026-000123", Recipient: "李娜", Organisation: "顺程速递", Category: "工作失误", Due: &due},
	}
}

func sender(t *testing.T, address string) *delivery.Mail {
	t.Helper()
	m, err := delivery.NewMail(delivery.MailOptions{Address: address, TLS: config.SMTPTLSNone, From: "recourse@example.org", Timeout: 5 * time.Second})
	require.NoError(t, err)
	return m
}

// First review: A15.
func TestAMailArrivesInChinese(t *testing.T) {
	s := newSink(t, nil)
	require.NoError(t, sender(t, s.address).Send(t.Context(), letter()))

	require.Len(t, s.all(), 1)
	got := s.all()[0]
	require.Equal(t, "recourse@example.org", got.from)
	require.Equal(t, "li.na@example.org", got.to)
	parsed := got.parse(t)
	subject, err := new(mime.WordDecoder).DecodeHeader(parsed.Header.Get("Subject"))
	require.NoError(t, err)
	require.Equal(t, "【CS-2026-000123】已转办给您，时限2026年2月25日（周三）10:00 · 工作失误", subject)
	from, err := parsed.Header.AddressList("From")
	require.NoError(t, err)
	require.Equal(t, "顺程速递", from[0].Name)
	require.Equal(t, "zh-CN", parsed.Header.Get("Content-Language"))
	kind, params, err := mime.ParseMediaType(parsed.Header.Get("Content-Type"))
	require.NoError(t, err)
	require.Equal(t, "multipart/alternative", kind)
	var kinds []string
	for parts := multipart.NewReader(parsed.Body, params["boundary"]); ; {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		kinds = append(kinds, part.Header.Get("Content-Type"))
		body, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, part))
		require.NoError(t, err)
		require.Contains(t, string(body), "李娜，您好：")
	}
	require.Equal(t, []string{"text/plain; charset=UTF-8", "text/html; charset=UTF-8"}, kinds, "a program shows the last that it can")
	date, err := parsed.Header.Date()
	require.NoError(t, err)
	require.True(t, date.Equal(letter().QueuedAt), "the date is when it happened")
}

// First review: A15.
func TestTheMailsOfOneComplaintAreOneThread(t *testing.T) {
	s := newSink(t, nil)
	m := sender(t, s.address)
	second, other, nameless := letter(), letter(), letter()
	second.Message.ID, second.Message.Template = "CS-2026-000123/15/li-na", message.Reminder.Name()
	other.Message.ID, other.Number = "CS-2026-000124/3/li-na", "CS-2026-000124"
	nameless.Message = complaint.Message{ID: "4f", To: "li-na", Template: message.SafetyWarning.Name()}
	nameless.Number = ""
	var threads []string
	for _, one := range []delivery.Letter{letter(), second, other, nameless} {
		require.NoError(t, m.Send(t.Context(), one))
		sent := s.all()
		header := sent[len(sent)-1].parse(t).Header
		require.Equal(t, header.Get("References"), header.Get("In-Reply-To"))
		threads = append(threads, header.Get("References"))
	}
	require.Equal(t, []string{"<CS-2026-000123-thread@example.org>", "<CS-2026-000123-thread@example.org>", "<CS-2026-000124-thread@example.org>", ""}, threads,
		"and what may not tell of which complaint it is stands alone")
}

// zammad#1131, chatwoot#5131: auto-replies in a loop.
func TestAutoRepliesInALoopZammad1131Chatwoot5131(t *testing.T) {
	s := newSink(t, nil)
	require.NoError(t, sender(t, s.address).Send(t.Context(), letter()))
	header := s.all()[0].parse(t).Header
	require.Equal(t, "auto-generated", header.Get("Auto-Submitted"), "RFC 3834: no machine answers this")
	require.Equal(t, "All", header.Get("X-Auto-Response-Suppress"))
	require.Equal(t, "bulk", header.Get("Precedence"))
}

func TestARepeatedMailCarriesTheSameMessageID(t *testing.T) {
	s := newSink(t, nil)
	m := sender(t, s.address)
	require.NoError(t, m.Send(t.Context(), letter()))
	require.NoError(t, m.Send(t.Context(), letter()))
	first, second := s.all()[0].parse(t).Header, s.all()[1].parse(t).Header
	require.Equal(t, "<CS-2026-000123=2F14=2Fli-na@example.org>", first.Get("Message-Id"))
	require.Equal(t, first.Get("Message-Id"), second.Get("Message-Id"))
}

func TestMessageIDsAreSafeAndApart(t *testing.T) {
	for id, want := range map[string]string{"a/b": "a=2Fb@d", "a=2Fb": "a=3D2Fb@d", "投": "=E6=8A=95@d", "a>\r\nBcc: x": "a=3E=0D=0ABcc=3A=20x@d"} {
		require.Equal(t, want, delivery.MessageID(id, "d"))
	}
}

func TestWhatAMailServerAnswersIsJudged(t *testing.T) {
	canary := "mailbox of canary@example.org, 王女士"
	answer := func(code int) *smtp.SMTPError { return &smtp.SMTPError{Code: code, Message: canary} }
	for name, c := range map[string]struct {
		set  func(*sink)
		want delivery.Failure
	}{
		"unknown mailbox": {func(s *sink) { s.refuseRcpt = answer(550) }, delivery.Failure{Code: "smtp_rcpt_550", Permanent: true}},
		"greylisted":      {func(s *sink) { s.refuseRcpt = answer(451) }, delivery.Failure{Code: "smtp_rcpt_451"}},
		"taken for spam":  {func(s *sink) { s.refuseData = answer(554) }, delivery.Failure{Code: "smtp_data_554", Permanent: true}},
		"disk full":       {func(s *sink) { s.refuseData = answer(452) }, delivery.Failure{Code: "smtp_data_452"}},
		"we may not send": {func(s *sink) { s.refuseFrom = answer(553) }, delivery.Failure{Code: "smtp_from_553"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSink(t, nil)
			c.set(s)
			err := sender(t, s.address).Send(t.Context(), letter())
			var failure *delivery.Failure
			require.ErrorAs(t, err, &failure)
			require.Equal(t, c.want, *failure)
			require.NotContains(t, err.Error(), "canary")
			require.NotContains(t, err.Error(), "example.org")
			require.Empty(t, s.all())
		})
	}
}

func TestAMailServerThatIsAwayIsTriedLater(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := listener.Addr().String()
	require.NoError(t, listener.Close())

	err = sender(t, address).Send(t.Context(), letter())
	var failure *delivery.Failure
	require.ErrorAs(t, err, &failure)
	require.Equal(t, delivery.Failure{Code: delivery.MailUnreachable}, *failure)
}

func TestAMailServerThatNeverSpeaksIsLeftWhenWeAreToldToStop(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	ctx, stop := context.WithCancel(t.Context())
	go func() {
		connection, err := listener.Accept()
		if err == nil {
			defer connection.Close()
		}
		stop()
		<-t.Context().Done()
	}()
	m, err := delivery.NewMail(delivery.MailOptions{Address: listener.Addr().String(), TLS: config.SMTPTLSNone, From: "a@example.org", Timeout: time.Hour})
	require.NoError(t, err)
	var failure *delivery.Failure
	require.ErrorAs(t, m.Send(ctx, letter()), &failure)
	require.False(t, failure.Permanent)
}

func TestAcceptedIsAcceptedThoughTheConnectionBreaks(t *testing.T) {
	s := newSink(t, nil)
	s.hangUpOnceAccepted = true
	require.NoError(t, sender(t, s.address).Send(t.Context(), letter()), "an error here would send it twice")
	require.Len(t, s.all(), 1)
}

func TestNothingIsSentInTheClearWhereProtectionIsRequired(t *testing.T) {
	s := newSink(t, nil) // offers no STARTTLS
	m, err := delivery.NewMail(delivery.MailOptions{Address: s.address, TLS: config.SMTPTLSRequired, From: "a@example.org"})
	require.NoError(t, err)
	var failure *delivery.Failure
	require.ErrorAs(t, m.Send(t.Context(), letter()), &failure)
	require.Equal(t, delivery.Failure{Code: delivery.MailSession}, *failure)
	require.Empty(t, s.all())
}

// First review: A14.
func TestAnInternationalDomainGoesInASCII(t *testing.T) {
	s := newSink(t, nil) // offers no SMTPUTF8
	for address, want := range map[string]string{"fang@例え.jp": "fang@xn--r8jz45g.jp", "fang@bücher.example": "fang@xn--bcher-kva.example",
		"fang@BÜCHER.example": "fang@xn--bcher-kva.example", "fang@快递。中国": "fang@xn--66tv58h.xn--fiqs8s", "fang@example.com": "fang@example.com"} {
		international := letter()
		international.To.Email = address
		require.NoError(t, sender(t, s.address).Send(t.Context(), international), address)
		got := s.all()[len(s.all())-1]
		require.Equal(t, want, got.to)
		require.Equal(t, "<"+want+">", got.parse(t).Header.Get("To"))
	}
	from, err := delivery.NewMail(delivery.MailOptions{Address: s.address, TLS: config.SMTPTLSNone, From: "recourse@例え.jp", Timeout: 5 * time.Second})
	require.NoError(t, err)
	require.NoError(t, from.Send(t.Context(), letter()))
	got := s.all()[len(s.all())-1]
	require.Equal(t, "recourse@xn--r8jz45g.jp", got.from)
	require.Contains(t, got.parse(t).Header.Get("Message-Id"), "@xn--r8jz45g.jp>")
	for _, b := range got.raw {
		require.Less(t, b, byte(0x80))
	}
}

func TestNobodyAddsAHeaderOrARecipient(t *testing.T) {
	s := newSink(t, nil)
	evil := letter()
	evil.Data.Recipient = "Eve\r\nBcc: all@example.org"
	evil.Data.Organisation = "Firm\r\nBcc: all@example.org"
	evil.Data.Number = "CS-1\r\nX-Evil: yes"
	evil.Message.ID = "CS-1\r\nX-Evil: yes"
	require.NoError(t, sender(t, s.address).Send(t.Context(), evil))
	require.Len(t, s.all(), 1)
	header := s.all()[0].parse(t).Header
	require.Empty(t, header.Get("Bcc"))
	require.Empty(t, header.Get("X-Evil"))

	for _, address := range []string{"a@example.org, b@example.org", "Eve <eve@example.org>", "a@example.org\r\nBcc: b@example.org", "no address", ""} {
		evil.To.Email = address
		var failure *delivery.Failure
		require.ErrorAs(t, sender(t, s.address).Send(t.Context(), evil), &failure, address)
		require.Equal(t, delivery.Failure{Code: delivery.BadAddress, Permanent: true}, *failure, address)
	}
	require.Len(t, s.all(), 1)
}

func TestAWrongSetUpIsToldAtStart(t *testing.T) {
	for name, options := range map[string]delivery.MailOptions{
		"no sender":       {Address: "127.0.0.1:25", TLS: config.SMTPTLSNone},
		"two senders":     {Address: "127.0.0.1:25", TLS: config.SMTPTLSNone, From: "a@example.org, b@example.org"},
		"no port":         {Address: "127.0.0.1", TLS: config.SMTPTLSNone, From: "a@example.org"},
		"unknown policy":  {Address: "127.0.0.1:25", TLS: "sometimes", From: "a@example.org"},
		"impossible port": {Address: "127.0.0.1:99999", TLS: config.SMTPTLSNone, From: "a@example.org"},
	} {
		_, err := delivery.NewMail(options)
		require.Error(t, err, name)
	}
}

func TestWithoutAMailServerMessagesWait(t *testing.T) {
	m, err := delivery.NewMail(delivery.MailOptions{From: "a@example.org"})
	require.NoError(t, err)
	var failure *delivery.Failure
	require.ErrorAs(t, m.Send(t.Context(), letter()), &failure)
	require.Equal(t, delivery.Failure{Code: delivery.NotConfigured}, *failure)
}

func TestAnUnknownTemplateIsNotTriedForDays(t *testing.T) {
	s := newSink(t, nil)
	unknown := letter()
	unknown.Message.Template = "nonsense"
	var failure *delivery.Failure
	require.ErrorAs(t, sender(t, s.address).Send(t.Context(), unknown), &failure)
	require.Equal(t, delivery.Failure{Code: delivery.CannotRender, Permanent: true}, *failure)
}

func TestAnEnglishMailIsReadableAsItIs(t *testing.T) {
	s := newSink(t, nil)
	english := letter()
	english.Language = bilingual.English
	require.NoError(t, sender(t, s.address).Send(t.Context(), english))
	require.Contains(t, string(s.all()[0].raw), "Please take it in charge")
}
