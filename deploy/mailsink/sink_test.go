package mailsink_test

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/smtp"
	"net/textproto"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	gomail "github.com/wneessen/go-mail"

	"recourse/deploy/mailsink"
)

// start runs a sink on free ports and returns it with its two addresses.
func start(t *testing.T, directory string, manners ...mailsink.Manners) (sink *mailsink.Sink, mailAddress, pagesAddress string) {
	t.Helper()
	mail, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	pages, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	sink, err = mailsink.Start(directory, append(manners, mailsink.Lenient)[0], mail, pages)
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

// First review: A14.
func TestAStrictSinkTakesWhatEveryMailServerTakes(t *testing.T) {
	strict, address, _ := start(t, t.TempDir(), mailsink.Strict)
	defer strict.Close()
	lenient, obliging, _ := start(t, t.TempDir())
	defer lenient.Close()
	refused := func(to, message string) int {
		err := smtp.SendMail(address, nil, "recourse@example.com", []string{to}, []byte(message))
		var answer *textproto.Error
		if err == nil {
			return 250
		}
		require.ErrorAs(t, err, &answer)
		return answer.Code
	}
	const proper = "From: recourse@example.com\r\nSubject: =?utf-8?q?=E6=82=A8?=\r\n\r\nHello.\r\n"
	require.Equal(t, 250, refused("fang@xn--r8jz45g.jp", proper))
	require.Equal(t, 553, refused("fang@例え.jp", proper))
	require.Equal(t, 554, refused("fang@example.com", "From: recourse@example.com\r\nSubject: 您\r\n\r\nHello.\r\n"))
	require.Equal(t, 554, refused("fang@example.com", proper+strings.Repeat("a", 999)+"\r\n"))
	require.Len(t, strict.Messages(), 1)
	require.NoError(t, smtp.SendMail(obliging, nil, "recourse@example.com", []string{"fang@例え.jp"}, []byte(proper)))
	send(t, address, "zhang@example.com", "您有新的投诉 CS-1", strings.Repeat("请在一小时内受理。", 200))
	require.Len(t, strict.Messages(), 2, "what we send suits everybody")
}
