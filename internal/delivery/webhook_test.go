package delivery_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stretchr/testify/require"

	"recourse/internal/delivery"
	"recourse/internal/directory"
)

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

func hookLetter(url string) delivery.Letter {
	l := letter()
	l.To = delivery.Contact{Webhook: delivery.Endpoint{URL: url, Secret: secret}}
	l.Data.Customer, l.Data.Words = "王女士", "canary words"
	return l
}

func TestAWebhookIsSignedAsStandardWebhooksAsks(t *testing.T) {
	var bodies [][]byte
	var ids []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, "", http.StatusBadRequest)
			return
		}
		verifier, err := standardwebhooks.NewWebhook(secret)
		if err != nil || verifier.Verify(body, r.Header) != nil {
			http.Error(w, "", http.StatusUnauthorized)
			return
		}
		bodies, ids = append(bodies, body), append(ids, r.Header.Get("webhook-id"))
	}))
	defer server.Close()

	hook := delivery.NewWebhook()
	require.NoError(t, hook.Send(t.Context(), hookLetter(server.URL)))
	require.NoError(t, hook.Send(t.Context(), hookLetter(server.URL)))

	require.Equal(t, []string{"CS-2026-000123/14/li-na", "CS-2026-000123/14/li-na"}, ids)
	var body delivery.WebhookBody
	require.NoError(t, json.Unmarshal(bodies[0], &body))
	require.Equal(t, "message.assigned", body.Type)
	require.Equal(t, "CS-2026-000123", body.Data.Number)
	require.Equal(t, letter().Message, body.Data.Message)
	require.NotContains(t, string(bodies[0]), "王女士")
	require.NotContains(t, string(bodies[0]), "canary")
}

// zammad#5841: webhook delivered twice, and nobody could tell.
func TestWebhookDeliveredTwiceZammad5841(t *testing.T) {
	seen := map[string]int{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { seen[r.Header.Get("webhook-id")]++ }))
	defer server.Close()
	hook := delivery.NewWebhook()
	for range 2 {
		require.NoError(t, hook.Send(t.Context(), hookLetter(server.URL)))
	}
	require.Equal(t, map[string]int{"CS-2026-000123/14/li-na": 2}, seen, "a repeat names itself as one")
}

func TestWhatAnEndpointAnswersIsJudged(t *testing.T) {
	for status, want := range map[int]*delivery.Failure{
		200: nil, 204: nil,
		302: {Code: "webhook_302"}, // a redirect is not followed
		401: {Code: "webhook_401"}, 404: {Code: "webhook_404"}, 410: {Code: "webhook_410", Permanent: true},
		429: {Code: "webhook_429"}, 500: {Code: "webhook_500"},
	} {
		calls := 0
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			calls++
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(status)
			if status != http.StatusNoContent {
				_, _ = io.WriteString(w, strings.Repeat("canary@example.org ", 10_000)) // bounded reading
			}
		}))
		err := delivery.NewWebhook().Send(t.Context(), hookLetter(server.URL))
		server.Close()
		require.Equal(t, 1, calls, "%d", status)
		if want == nil {
			require.NoError(t, err)
			continue
		}
		var failure *delivery.Failure
		require.ErrorAs(t, err, &failure)
		require.Equal(t, want, failure)
		require.NotContains(t, err.Error(), "canary")
	}
}

func TestWebhooksGoByHTTPSOrStayOnTheMachine(t *testing.T) {
	for url, fine := range map[string]bool{
		"https://hooks.example.org/a": true, "http://127.0.0.1:8080/a": true, "http://[::1]:8080/a": true, "http://localhost/a": true,
		"http://hooks.example.org/a": false, "http://10.0.0.1/a": false, "ftp://example.org/a": false, "": false, "file:///etc/passwd": false,
		"https://user:password@example.org/": false, "http://localhost.example.org/": false, "://": false,
	} {
		err := directory.CheckWebhook(url)
		if fine {
			require.NoError(t, err, url)
			continue
		}
		require.Error(t, err, url)
		var failure *delivery.Failure
		require.ErrorAs(t, delivery.NewWebhook().Send(t.Context(), hookLetter(url)), &failure)
		require.Equal(t, delivery.Failure{Code: delivery.BadEndpoint, Permanent: true}, *failure)
	}
}

func TestAnEndpointThatIsAwayIsTriedLater(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	var failure *delivery.Failure
	require.ErrorAs(t, delivery.NewWebhook().Send(t.Context(), hookLetter(server.URL)), &failure)
	require.Equal(t, delivery.Failure{Code: delivery.WebhookUnreached}, *failure)
}

func TestEveryReceiverHasASecretOfTheirOwn(t *testing.T) {
	key := []byte(strings.Repeat("k", 32))
	li, zhang := delivery.SecretFor(key, "li-na"), delivery.SecretFor(key, "zhang-wei")
	require.NotEqual(t, li, zhang)
	require.Equal(t, li, delivery.SecretFor(key, "li-na"))
	require.NotEqual(t, li, delivery.SecretFor([]byte(strings.Repeat("x", 32)), "li-na"))
	_, err := standardwebhooks.NewWebhook(li)
	require.NoError(t, err)
}
