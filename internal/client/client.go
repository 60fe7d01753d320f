// Package client speaks Recourse's HTTP API as people do: each request is somebody's, with their
// token. Whatever can be repeated safely is, with the same key, until the server has answered.
package client

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/sethvargo/go-retry"

	"recourse/internal/api"
	"recourse/internal/complaint"
)

const (
	longestAnswer = 16 << 20
	oneTry        = 60 * time.Second
	firstPause    = 200 * time.Millisecond
	longestPause  = 5 * time.Second
	usualPatience = 60 * time.Second
)

// ErrUnreachable is wrapped by the error of a request that nobody answered, or only with
// “unavailable”, for as long as Patience lasts. The request may or may not have been carried out:
// repeat it with the same key.
var ErrUnreachable = errors.New("the server can't be reached")

// Client sends requests to one server. It is safe for concurrent use. Errors of its methods are a
// *Problem where the server refused, and wrap ErrUnreachable where it didn't answer.
type Client struct {
	// Address is where the API is: "http://127.0.0.1:8080".
	Address string
	// Token is the bearer token of a person.
	Token func(person complaint.PersonID) (string, error)
	// HTTP sends the requests; http.DefaultClient when nil.
	HTTP *http.Client
	// Patience is how long a request is repeated while the server is away or busy; a minute when
	// zero.
	Patience time.Duration
}

// TokensIn reads tokens from files named for people, as the local stack writes them. Each is read
// once.
func TokensIn(directory string) func(complaint.PersonID) (string, error) {
	var known sync.Map
	return func(person complaint.PersonID) (string, error) {
		if token, there := known.Load(person); there {
			return token.(string), nil
		}
		content, err := os.ReadFile(filepath.Join(directory, filepath.Base(string(person))))
		if err != nil {
			return "", fmt.Errorf("read the token of %s: %w", person, err)
		}
		token := strings.TrimSpace(string(content))
		known.Store(person, token)
		return token, nil
	}
}

// Problem is the server's refusal of a request.
type Problem struct {
	api.Problem
}

// Error says what the server said.
func (p *Problem) Error() string {
	said := []string{fmt.Sprintf("%d %s", p.Status, p.Code)}
	if p.Detail != "" {
		said = append(said, p.Detail)
	} else if p.Title != "" {
		said = append(said, p.Title)
	}
	for _, e := range p.Errors {
		said = append(said, strings.TrimSpace(e.Pointer+e.Parameter+" "+e.Detail))
	}
	return strings.Join(said, ": ")
}

// Registered is what became of a registration.
type Registered struct {
	api.StepResult
	// Pending is set when it was stored while Temporal is away: only the number is known then.
	Pending bool
	// Before is set when the key had registered it already.
	Before bool
}

// Register registers a complaint for a person. The key stands for this registration, however often
// it is sent.
func (c *Client) Register(ctx context.Context, by complaint.PersonID, key string, body api.Register) (Registered, error) {
	var answer registration
	status, err := c.send(ctx, by, http.MethodPost, "/v1/complaints", key, body, &answer)
	return Registered{answer.StepResult, status == http.StatusAccepted, answer.replayed}, err
}

// Foresee says what would come of a registration, and whether its key stands for a complaint
// already. Nothing is stored.
func (c *Client) Foresee(ctx context.Context, by complaint.PersonID, key string, body api.Register) (foreseen api.Foreseen, err error) {
	_, err = c.send(ctx, by, http.MethodPost, "/v1/complaints?dry_run=true", key, body, &foreseen)
	return foreseen, err
}

// registration is the answer to one, with what its header says.
type registration struct {
	api.StepResult
	Status string `json:"status"`

	replayed bool
}

// RegisterPublicly registers a complaint as the customer does on the web.
func (c *Client) RegisterPublicly(ctx context.Context, key string, body api.PublicRegister) (api.PublicReceipt, error) {
	return post[api.PublicReceipt](ctx, c, "", "/v1/public/complaints", key, body)
}

// Take takes a step; the body is that of the step's name in the API's description (api.Screen,
// api.Find …).
func (c *Client) Take(ctx context.Context, by complaint.PersonID, number string, step complaint.StepName, key string, body any) (api.StepResult, error) {
	return post[api.StepResult](ctx, c, by, pathOf(number)+"/steps/"+string(step), key, body)
}

// Complaint reads a complaint as a person sees it.
func (c *Client) Complaint(ctx context.Context, by complaint.PersonID, number string) (api.Complaint, error) {
	return get[api.Complaint](ctx, c, by, pathOf(number))
}

// Complaints reads one page of the list that a person sees; the filter's names are those of the
// API's description.
func (c *Client) Complaints(ctx context.Context, by complaint.PersonID, filter url.Values) (api.ComplaintList, error) {
	return get[api.ComplaintList](ctx, c, by, "/v1/complaints?"+filter.Encode())
}

// Deadlines reads every clock of a complaint with its ledger.
func (c *Client) Deadlines(ctx context.Context, by complaint.PersonID, number string) ([]api.DeadlineWithLedger, error) {
	list, err := get[api.DeadlineList](ctx, c, by, pathOf(number)+"/deadlines")
	return list.Deadlines, err
}

// Messages reads what was sent about a complaint.
func (c *Client) Messages(ctx context.Context, by complaint.PersonID, number string) ([]api.Message, error) {
	list, err := get[api.MessageList](ctx, c, by, pathOf(number)+"/messages")
	return list.Messages, err
}

// OpenLink opens a customer's link.
func (c *Client) OpenLink(ctx context.Context, token string) (api.LinkView, error) {
	return get[api.LinkView](ctx, c, "", "/v1/links/"+url.PathEscape(token))
}

// UseLink takes the step that a customer's link is for: api.LinkAnswer, api.LinkRating or
// api.LinkWords.
func (c *Client) UseLink(ctx context.Context, token, key string, body any) (api.LinkView, error) {
	return post[api.LinkView](ctx, c, "", "/v1/links/"+url.PathEscape(token), key, body)
}

func pathOf(number string) string { return "/v1/complaints/" + url.PathEscape(number) }

func get[Answer any](ctx context.Context, c *Client, by complaint.PersonID, path string) (answer Answer, err error) {
	_, err = c.send(ctx, by, http.MethodGet, path, "", nil, &answer)
	return answer, err
}

func post[Answer any](ctx context.Context, c *Client, by complaint.PersonID, path, key string, body any) (answer Answer, err error) {
	_, err = c.send(ctx, by, http.MethodPost, path, key, body, &answer)
	return answer, err
}

// Ready returns an error that wraps ErrUnreachable unless the server is ready to serve. It asks
// once.
func (c *Client) Ready(ctx context.Context) error {
	_, err := c.once(ctx, "", http.MethodGet, "/readyz", "", nil, nil)
	if err == nil {
		return nil
	}
	return fmt.Errorf("%w at %s: %w", ErrUnreachable, c.Address, err)
}

// send sends a request until it is answered. A POST without a key is sent once: it couldn't be
// repeated safely.
func (c *Client) send(ctx context.Context, by complaint.PersonID, method, path, key string, body, into any) (int, error) {
	var content []byte
	if body != nil {
		var err error
		if content, err = json.Marshal(body); err != nil {
			return 0, fmt.Errorf("write the body of %s %s: %w", method, path, err)
		}
	}
	pauses := retry.WithMaxDuration(cmp.Or(c.Patience, usualPatience), retry.WithJitterPercent(20, retry.WithCappedDuration(longestPause, retry.NewExponential(firstPause))))
	var status int
	err := retry.Do(ctx, pauses, func(ctx context.Context) error {
		var err error
		status, err = c.once(ctx, by, method, path, key, content, into)
		away, is := errors.AsType[*away](err)
		if !is || method == http.MethodPost && key == "" {
			return err
		}
		if wait := time.NewTimer(away.after); away.after > 0 {
			select {
			case <-wait.C:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return retry.RetryableError(err)
	})
	if gone, ok := errors.AsType[*away](err); ok {
		return status, fmt.Errorf("%w: %s %s: %w", ErrUnreachable, method, c.Address, gone)
	}
	return status, err
}

// away is an answer, or the lack of one, after which the same request may succeed.
type away struct {
	cause error
	after time.Duration // the server's wish
}

func (a *away) Error() string { return a.cause.Error() }
func (a *away) Unwrap() error { return a.cause }

// once sends a request and reads the answer.
func (c *Client) once(ctx context.Context, by complaint.PersonID, method, path, key string, content []byte, into any) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, oneTry)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, c.Address+path, bytes.NewReader(content))
	if err != nil {
		return 0, fmt.Errorf("make the request %s %s: %w", method, path, err)
	}
	if content != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if key != "" {
		request.Header.Set("Idempotency-Key", key)
	}
	request.Header.Set("Accept-Language", "en")
	if by != "" {
		token, err := c.Token(by)
		if err != nil {
			return 0, err
		}
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := cmp.Or(c.HTTP, http.DefaultClient).Do(request)
	if err != nil {
		return 0, &away{cause: err}
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, longestAnswer))
	if err != nil {
		return 0, &away{cause: fmt.Errorf("read the answer: %w", err)}
	}
	if response.StatusCode >= http.StatusBadRequest {
		return response.StatusCode, refused(response, answer)
	}
	if into == nil {
		return response.StatusCode, nil
	}
	if err := json.Unmarshal(answer, into); err != nil {
		return response.StatusCode, fmt.Errorf("read the answer to %s %s: %w", method, path, err)
	}
	if made, is := into.(*registration); is {
		made.replayed = response.Header.Get(api.ReplayedHeader) == "true"
	}
	return response.StatusCode, nil
}

func refused(response *http.Response, answer []byte) error {
	problem := &Problem{}
	if err := json.Unmarshal(answer, &problem.Problem); err != nil || problem.Code == "" {
		problem.Code, problem.Title = api.ProblemCodeInternal, strings.TrimSpace(string(answer[:min(len(answer), 200)]))
	}
	problem.Status = response.StatusCode
	switch response.StatusCode {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable, http.StatusBadGateway, http.StatusGatewayTimeout:
		seconds, _ := strconv.Atoi(response.Header.Get("Retry-After"))
		return &away{cause: problem, after: min(time.Duration(max(seconds, 0))*time.Second, longestPause)}
	}
	return problem
}
