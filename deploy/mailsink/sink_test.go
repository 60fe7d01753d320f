package mailsink_test

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/smtp"
	"testing"

	"github.com/stretchr/testify/require"
	gomail "github.com/wneessen/go-mail"

	"recourse/deploy/mailsink"
)

// start runs a sink on free ports and returns it with its two addresses.
func start(t *testing.T, directory string) (sink *mailsink.Sink, mailAddress, pagesAddress string) {
	t.Helper()
	mail, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	pages, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	sink, err = mailsink.Start(directory, mail, pages)
	require.NoError(t, err)
	return sink, mail.Addr().String(), "http://" + pages.Addr().String()
}

func send(t *testing.T, address, to, subject, body string) {
	t.Helper()
	message := gomail.NewMsg()
	require.NoError(t, message.From("recourse@example.com"))
	require.NoError(t, message.To(to))
	message.Subject(subject)
	message.SetBodyString(gomail.TypeTextPlain, body)
	message.AddAlternativeString(gomail.TypeTextHTML, "<b>"+body+"</b>")
	_, port, err := net.SplitHostPort(address)
	require.NoError(t, err)
	number, err := net.LookupPort("tcp", port)
	require.NoError(t, err)
	client, err := gomail.NewClient("127.0.0.1", gomail.WithPort(number), gomail.WithTLSPolicy(gomail.NoTLS))
	require.NoError(t, err)
	require.NoError(t, client.DialAndSend(message))
}

func get(t *testing.T, address string) (status int, body string) {
	t.Helper()
	response, err := http.Get(address)
	require.NoError(t, err)
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, string(content)
}

func TestMailCanBeReadOnThePageAsJSONAndAsItCame(t *testing.T) {
	sink, mail, pages := start(t, t.TempDir())
	defer sink.Close()
	send(t, mail, "zhang@example.com", "您有新的投诉 CS-1", "请在一小时内受理。<script>")
	send(t, mail, "li@example.com", "Reminder", "Due in ten minutes.")

	_, list := get(t, pages+"/messages?to=Zhang@example.com")
	var listed struct{ Messages []mailsink.Message }
	require.NoError(t, json.Unmarshal([]byte(list), &listed))
	require.Len(t, listed.Messages, 1)
	message := listed.Messages[0]
	require.Equal(t, "您有新的投诉 CS-1", message.Subject)
	require.Equal(t, "请在一小时内受理。<script>", message.Text)
	require.Equal(t, []string{"zhang@example.com"}, message.To)
	require.Contains(t, message.From, "recourse@example.com")
	require.NotEmpty(t, message.MessageID)

	_, page := get(t, pages+"/")
	require.Contains(t, page, "您有新的投诉 CS-1")
	require.Contains(t, page, "请在一小时内受理。&lt;script&gt;")
	require.Contains(t, page, "2 messages")

	_, raw := get(t, pages+"/messages/"+message.ID)
	require.Contains(t, raw, "multipart/alternative")
	status, _ := get(t, pages+"/messages/..%2f..%2fetc%2fpasswd")
	require.Equal(t, http.StatusNotFound, status)
}

func TestMailIsKeptFromRunToRun(t *testing.T) {
	directory := t.TempDir()
	sink, mail, _ := start(t, directory)
	send(t, mail, "zhang@example.com", "First", "one")
	require.NoError(t, sink.Close())
	_, err := net.Dial("tcp", mail)
	require.Error(t, err)

	sink, mail, _ = start(t, directory)
	defer sink.Close()
	send(t, mail, "zhang@example.com", "Second", "two")
	messages := sink.Messages()
	require.Len(t, messages, 2)
	require.Equal(t, "First", messages[0].Subject)
	require.Equal(t, []string{"zhang@example.com"}, messages[0].To)
	require.Equal(t, "Second", messages[1].Subject)
}

func TestWhatIsNoProperMailIsShownAsItCame(t *testing.T) {
	sink, mail, _ := start(t, t.TempDir())
	defer sink.Close()
	require.NoError(t, smtp.SendMail(mail, nil, "a@example.com", []string{"b@example.com"}, []byte("no header at all\xff")))
	require.Contains(t, sink.Messages()[0].Text, "no header at all")
}
