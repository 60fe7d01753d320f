package identity

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
)

// ErrUnavailable says that the issuer's keys couldn't be asked for, so that nobody knows whether a
// token holds.
var ErrUnavailable = errors.New("the issuer's keys can't be had")

const (
	// askAgainAfter is how long the issuer isn't asked for its keys again: each token of an unknown
	// key would make us ask, and anybody can write such tokens. A key that the issuer changes to
	// without notice counts after so long.
	askAgainAfter = 10 * time.Second
	issuerWithin  = 5 * time.Second
	largestKeySet = 1 << 20
)

// issuerKeys are the keys of an issuer. Verify keeps the text of an error only, so that one of the
// issuer's is left in the context.
type issuerKeys struct{ *oidc.RemoteKeySet }

func keysOf(ctx context.Context, address string) issuerKeys {
	return issuerKeys{oidc.NewRemoteKeySet(oidc.ClientContext(ctx, &http.Client{Transport: &sparing{}, Timeout: issuerWithin}), address)}
}

type failureKey struct{}

// VerifySignature is for go-oidc, which calls it with the context of Verify.
func (k issuerKeys) VerifySignature(ctx context.Context, token string) ([]byte, error) {
	payload, err := k.RemoteKeySet.VerifySignature(ctx, token)
	if failure, asked := ctx.Value(failureKey{}).(*error); asked && errors.Is(err, ErrUnavailable) {
		*failure = err
	}
	return payload, err
}

// sparing asks the issuer for its keys, and answers from memory whoever asks soon again: the same
// keys, or the same failure.
type sparing struct {
	sync.Mutex
	asked time.Time
	keys  []byte
	err   error
}

// RoundTrip is for http.Client.
func (s *sparing) RoundTrip(request *http.Request) (*http.Response, error) {
	s.Lock()
	defer s.Unlock()
	if time.Since(s.asked) >= askAgainAfter {
		s.keys, s.err = fetchKeys(request)
		s.asked = time.Now()
	}
	if s.err != nil {
		return nil, s.err
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(bytes.NewReader(s.keys)), ContentLength: int64(len(s.keys)), Request: request}, nil
}

func fetchKeys(request *http.Request) ([]byte, error) {
	answer, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%w: %s answers %s", ErrUnavailable, request.URL.Host, answer.Status)
	}
	keys, err := io.ReadAll(io.LimitReader(answer.Body, largestKeySet))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return keys, nil
}
