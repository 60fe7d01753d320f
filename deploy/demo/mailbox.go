package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"time"

	"github.com/sethvargo/go-retry"

	"recourse/internal/api"
	"recourse/internal/client"
)

// errNoMail: what a customer waits for hasn't come.
var errNoMail = errors.New("no such mail has come")

const (
	mailPause    = 500 * time.Millisecond
	mailPatience = 45 * time.Second
)

// mailbox is where customers read what Recourse sent them: the local stack's mail sink.
type mailbox struct {
	address string
}

var linkPattern = regexp.MustCompile(`/v1/links/([A-Za-z0-9._~-]+)`)

// use waits for the newest mail to a customer about one complaint whose link has a purpose, and
// takes the link's step. Other complaints may be the same customer's: whatever else goes on beside
// the demo.
func (m *mailbox) use(ctx context.Context, server *client.Client, to, number string, purpose api.LinkViewPurpose, key string, body any) error {
	if m.address == "" {
		return fmt.Errorf("%w: RECOURSE_MAIL_URL doesn't say where the mail sink is", errNoMail)
	}
	seen := map[string]bool{} // links of other purposes and complaints
	return retry.Do(ctx, retry.WithMaxDuration(mailPatience, retry.NewConstant(mailPause)), func(ctx context.Context) error {
		links, err := m.links(ctx, to)
		if err != nil {
			return retry.RetryableError(err)
		}
		for _, token := range slices.Backward(links) {
			if seen[token] {
				continue
			}
			view, err := server.OpenLink(ctx, token)
			if err != nil {
				return err
			}
			if seen[token] = true; view.Number == number && view.Purpose == purpose && !view.Done {
				_, err := server.UseLink(ctx, token, key, body)
				return err
			}
		}
		return retry.RetryableError(fmt.Errorf("%w: to %s, about %s of %s", errNoMail, to, purpose, number))
	})
}

// links are the tokens in a customer's mail, the oldest first.
func (m *mailbox) links(ctx context.Context, to string) ([]string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, m.address+"/messages?to="+url.QueryEscape(to), nil)
	if err != nil {
		return nil, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, fmt.Errorf("read the mail sink: %w", err)
	}
	defer response.Body.Close()
	var inbox struct {
		Messages []struct{ Text string }
	}
	if err := json.NewDecoder(response.Body).Decode(&inbox); err != nil {
		return nil, fmt.Errorf("read the mail sink: %w", err)
	}
	var tokens []string
	for _, message := range inbox.Messages {
		if found := linkPattern.FindStringSubmatch(message.Text); found != nil {
			tokens = append(tokens, found[1])
		}
	}
	return tokens, nil
}
