package delivery

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"recourse/internal/complaint"
	"recourse/internal/directory"
)

// WebhookTimeout bounds one call of a webhook from the first byte to the last.
const WebhookTimeout = 15 * time.Second

// longestAnswer is how much of an answer is read, so that the connection can be
// used again; the rest is dropped.
const longestAnswer = 16 << 10

// Endpoint is where somebody takes webhooks.
type Endpoint struct {
	// URL begins with https, or with http on the same machine.
	URL string
	// Secret is as Standard Webhooks writes it: "whsec_" and base64.
	Secret string
}

// WebhookBody is what a webhook carries: the coded message, no words and no
// personal data. Whoever needs more asks the API with their own rights.
type WebhookBody struct {
	Type      string    `json:"type"` // "message." and the template
	Timestamp time.Time `json:"timestamp"`
	Data      struct {
		Number  string            `json:"number"`
		Message complaint.Message `json:"message"`
	} `json:"data"`
}

// Webhook sends letters as HTTP POST by the Standard Webhooks specification
// (standardwebhooks.com): the message's ID is the webhook-id, so that a receiver
// knows a repeat.
type Webhook struct {
	client *http.Client
	now    func() time.Time
}

// NewWebhook makes a sender. Redirects are never followed: the endpoint is the
// one that was entered.
func NewWebhook() *Webhook {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 4
	return &Webhook{
		client: &http.Client{
			Transport:     transport,
			Timeout:       WebhookTimeout,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		now: time.Now,
	}
}

// Send posts the letter's coded message. A *Failure is permanent for an endpoint
// that is gone (410) or wrong in itself; any other answer but 2xx may change.
func (w *Webhook) Send(ctx context.Context, letter Letter) error {
	endpoint := letter.To.Webhook
	if directory.CheckWebhook(endpoint.URL) != nil {
		return lasting(BadEndpoint)
	}
	signer, err := standardwebhooks.NewWebhook(endpoint.Secret)
	if err != nil || endpoint.Secret == "" {
		return lasting(BadSecret)
	}
	body := WebhookBody{Type: "message." + letter.Message.Template, Timestamp: letter.QueuedAt.UTC()}
	body.Data.Number, body.Data.Message = letter.Number, letter.Message
	payload, err := json.Marshal(body)
	if err != nil {
		return lasting(CannotRender)
	}
	at := w.now()
	signature, err := signer.Sign(letter.Message.ID, at, payload)
	if err != nil {
		return lasting(BadSecret)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, endpoint.URL, bytes.NewReader(payload))
	if err != nil {
		return lasting(BadEndpoint)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", "recourse")
	request.Header.Set(standardwebhooks.HeaderWebhookID, letter.Message.ID)
	request.Header.Set(standardwebhooks.HeaderWebhookTimestamp, strconv.FormatInt(at.Unix(), 10))
	request.Header.Set(standardwebhooks.HeaderWebhookSignature, signature)

	response, err := w.client.Do(request)
	if err != nil {
		return passing(WebhookUnreached)
	}
	defer response.Body.Close()
	_, _ = io.CopyN(io.Discard, response.Body, longestAnswer) // only to use the connection again
	if response.StatusCode >= 200 && response.StatusCode < 300 {
		return nil
	}
	return &Failure{Code: fmt.Sprintf("webhook_%d", response.StatusCode), Permanent: response.StatusCode == http.StatusGone}
}

// SecretFor is the secret of a person's endpoint, made from the installation's
// key: each receiver has a secret of their own, and none has to be stored. It is
// written as Standard Webhooks writes secrets.
func SecretFor(key []byte, person complaint.PersonID) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("recourse webhook secret\x00" + person))
	return "whsec_" + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
