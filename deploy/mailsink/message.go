package mailsink

import (
	"bytes"
	"mime"
	"net/mail"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// Message is what arrived, as far as a person wants to read it.
type Message struct {
	// ID names the message in the sink; its file is <ID>.eml.
	ID         string    `json:"id"`
	ReceivedAt time.Time `json:"received_at"`
	From       string    `json:"from"`
	// To are the recipients that the sender named in SMTP; of an earlier run's message, those in
	// its header.
	To      []string `json:"to"`
	Subject string   `json:"subject"`
	// MessageID is the sender's own, the same when one message is delivered twice.
	MessageID string `json:"message_id"`
	// Text is the plain part; of a message without one, the HTML source.
	Text string `json:"text"`
}

// read takes a message apart. One that is no proper mail is shown as it came.
func read(id string, at time.Time, recipients []string, raw []byte) Message {
	m := Message{ID: id, ReceivedAt: at.UTC(), To: recipients}
	header, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		m.Text = strings.ToValidUTF8(string(raw), "�")
		return m
	}
	m.From = decode(header.Header.Get("From"))
	m.Subject = decode(header.Header.Get("Subject"))
	m.MessageID = strings.Trim(header.Header.Get("Message-Id"), "<>")
	if m.To == nil {
		if listed, err := header.Header.AddressList("To"); err == nil {
			for _, address := range listed {
				m.To = append(m.To, address.Address)
			}
		}
	}
	m.Text = strings.ToValidUTF8(text(raw), "�")
	return m
}

func text(raw []byte) string {
	parsed, err := gomail.EMLToMsgFromReader(bytes.NewReader(raw))
	if err != nil {
		return string(raw)
	}
	other := ""
	for _, part := range parsed.GetParts() {
		content, err := part.GetContent()
		if err != nil {
			continue
		}
		if part.GetContentType() == gomail.TypeTextPlain {
			return string(content)
		}
		other = string(content)
	}
	return other
}

func decode(header string) string {
	decoded, err := new(mime.WordDecoder).DecodeHeader(header)
	if err != nil {
		return header
	}
	return decoded
}
