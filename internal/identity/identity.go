// Package identity tells who is calling: the person whom a bearer token names.
// What that person may do is never the token's to say; the directory says it.
package identity

import (
	"context"
	"crypto"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"

	"recourse/internal/complaint"
)

// ErrUnauthenticated says that the caller showed no token, or one that doesn't hold.
var ErrUnauthenticated = errors.New("not authenticated")

// algorithms are those by which a token may be signed: asymmetric ones only, so that whoever
// verifies can't sign.
var algorithms = []string{oidc.RS256, oidc.PS256, oidc.ES256, oidc.EdDSA}

const (
	longestToken    = 8 << 10
	longestPersonID = 100
)

// Verifier checks tokens against one source of keys. It is safe for concurrent use.
type Verifier struct {
	tokens *oidc.IDTokenVerifier
	claim  string
	known  memory
}

// FromIssuer asks an OpenID Connect issuer where its keys are and follows their rotation, asking
// for them now and then. The audience must be among a token's audiences, and the claim holds the
// person's ID in the directory. It returns an error when the issuer can't be reached or isn't who
// it says.
func FromIssuer(ctx context.Context, issuer, audience, claim string) (*Verifier, error) {
	provider, err := oidc.NewProvider(ctx, issuer)
	if err != nil {
		return nil, fmt.Errorf("discover the OpenID Connect issuer %s (is it up, and is this its exact URL?): %w", issuer, err)
	}
	var said struct {
		Keys string `json:"jwks_uri"`
	}
	if err := provider.Claims(&said); err != nil {
		return nil, fmt.Errorf("read where the OpenID Connect issuer %s has its keys: %w", issuer, err)
	}
	return &Verifier{claim: claim, tokens: oidc.NewVerifier(issuer, keysOf(ctx, said.Keys), &oidc.Config{ClientID: audience, SupportedSigningAlgs: algorithms})}, nil
}

// FromFile takes the keys from a file with a JSON Web Key Set (RFC 7517). It is read once; restart
// to change keys. Who issued a token isn't asked: whoever holds a key of the file may.
func FromFile(path, audience, claim string) (*Verifier, error) {
	content, err := os.ReadFile(filepath.Clean(path))
	if err != nil {
		return nil, fmt.Errorf("read the key set: %w", err)
	}
	var set jose.JSONWebKeySet
	if err := json.Unmarshal(content, &set); err != nil {
		return nil, fmt.Errorf("read the key set %s: it must be a JSON Web Key Set (RFC 7517): %w", path, err)
	}
	keys := &oidc.StaticKeySet{}
	for _, key := range set.Keys {
		public := key.Public()
		if !public.Valid() {
			return nil, fmt.Errorf("the key set %s holds a key %q that is no public key of RSA, ECDSA or Ed25519", path, key.KeyID)
		}
		keys.PublicKeys = append(keys.PublicKeys, crypto.PublicKey(public.Key))
	}
	if len(keys.PublicKeys) == 0 {
		return nil, fmt.Errorf("the key set %s holds no key: nobody could log in", path)
	}
	return &Verifier{claim: claim, tokens: oidc.NewVerifier("", keys, &oidc.Config{
		ClientID: audience, SupportedSigningAlgs: algorithms, SkipIssuerCheck: true,
	})}, nil
}

// Person returns whom the value of an Authorization header names, "Bearer <token>". Its errors wrap
// ErrUnauthenticated or ErrUnavailable and never hold the token.
func (v *Verifier) Person(ctx context.Context, authorization string) (complaint.PersonID, error) {
	scheme, raw, found := strings.Cut(authorization, " ")
	if !found || !strings.EqualFold(scheme, "Bearer") || raw == "" || len(raw) > longestToken {
		return "", fmt.Errorf("%w: no bearer token", ErrUnauthenticated)
	}
	digest, now := sha256.Sum256([]byte(raw)), time.Now()
	if person, known := v.known.recall(digest, now); known {
		return person, nil
	}
	var failure error
	token, err := v.tokens.Verify(context.WithValue(ctx, failureKey{}, &failure), raw)
	if failure != nil {
		return "", failure
	}
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrUnauthenticated, err)
	}
	var said map[string]any
	if err := token.Claims(&said); err != nil {
		return "", fmt.Errorf("%w: %w", ErrUnauthenticated, err)
	}
	name, _ := said[v.claim].(string)
	person := complaint.PersonID(name)
	if name == "" || len(name) > longestPersonID || reserved(person) {
		return "", fmt.Errorf("%w: the token's %q names nobody who could be in a directory", ErrUnauthenticated, v.claim)
	}
	v.known.keep(digest, person, now, token.Expiry)
	return person, nil
}

// reserved are the names under which no employee acts.
func reserved(person complaint.PersonID) bool {
	switch person {
	case complaint.Customer, complaint.Clock, complaint.Procedure, complaint.Operator:
		return true
	}
	return false
}
