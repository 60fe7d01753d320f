// Package issuer is the OpenID Connect issuer of the local stack: it publishes its key as any
// issuer does, and writes a token file for each example person. It has no login page and vouches
// for whoever reads its files; production uses a real issuer.
package issuer

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"recourse/deploy/kept"
)

// Issuer signs tokens with one key.
type Issuer struct {
	// URL is what tokens say in "iss", and where Handler must be reachable.
	URL string
	// Audience is what tokens say in "aud".
	Audience string

	key jose.JSONWebKey
}

// Open returns the issuer whose private key is in the file, making one the first time, so that
// tokens stay good from run to run.
func Open(keyFile, url, audience string) (*Issuer, error) {
	i := &Issuer{URL: url, Audience: audience}
	kept, err := os.ReadFile(filepath.Clean(keyFile))
	if errors.Is(err, os.ErrNotExist) {
		return i, i.makeKey(keyFile)
	}
	if err != nil {
		return nil, fmt.Errorf("read the issuer's key: %w", err)
	}
	if err := json.Unmarshal(kept, &i.key); err != nil {
		return nil, fmt.Errorf("the issuer's key in %s is damaged; remove the file to make another: %w", keyFile, err)
	}
	if !i.key.Valid() || i.key.IsPublic() {
		return nil, fmt.Errorf("the issuer's key in %s is no private key; remove the file to make another", keyFile)
	}
	return i, nil
}

func (i *Issuer) makeKey(keyFile string) error {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return fmt.Errorf("make the issuer's key: %w", err)
	}
	i.key = jose.JSONWebKey{Key: private, KeyID: rand.Text()[:12], Algorithm: string(jose.ES256), Use: "sig"}
	encoded, err := json.Marshal(i.key)
	if err != nil {
		return fmt.Errorf("encode the issuer's key: %w", err)
	}
	if err := kept.Write(keyFile, encoded); err != nil {
		return fmt.Errorf("keep the issuer's key: %w", err)
	}
	return nil
}

// Handler answers the discovery document and the public key.
func (i *Issuer) Handler() http.Handler {
	routes := http.NewServeMux()
	routes.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, map[string]any{
			"issuer":                                i.URL,
			"jwks_uri":                              i.URL + "/jwks.json",
			"authorization_endpoint":                i.URL + "/authorize",
			"token_endpoint":                        i.URL + "/token",
			"response_types_supported":              []string{"code"},
			"subject_types_supported":               []string{"public"},
			"id_token_signing_alg_values_supported": []string{string(jose.ES256)},
		})
	})
	routes.HandleFunc("GET /jwks.json", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{i.key.Public()}})
	})
	return routes
}

func answer(w http.ResponseWriter, document any) {
	w.Header().Set("Content-Type", "application/json")
	// A client that went away is no concern of ours.
	_ = json.NewEncoder(w).Encode(document)
}

// Token vouches for a person from now on for so long.
func (i *Issuer) Token(person string, now time.Time, lifetime time.Duration) (string, error) {
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: i.key}, (&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		return "", fmt.Errorf("sign a token: %w", err)
	}
	token, err := jwt.Signed(signer).Claims(jwt.Claims{
		Issuer: i.URL, Audience: jwt.Audience{i.Audience}, Subject: person,
		IssuedAt: jwt.NewNumericDate(now), NotBefore: jwt.NewNumericDate(now.Add(-time.Minute)), Expiry: jwt.NewNumericDate(now.Add(lifetime)),
	}).Serialize()
	if err != nil {
		return "", fmt.Errorf("sign a token for %s: %w", person, err)
	}
	return token, nil
}

// asFileName is what a person's ID may look like to become the name of a file.
var asFileName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

// WriteTokens writes a token for each person to directory/<person's ID>, readable by the owner
// only, and removes those of people who are gone.
func (i *Issuer) WriteTokens(directory string, people []string, now time.Time, lifetime time.Duration) error {
	if err := os.MkdirAll(directory, 0o700); err != nil {
		return fmt.Errorf("make the directory for tokens: %w", err)
	}
	old, err := os.ReadDir(directory)
	if err != nil {
		return fmt.Errorf("look into the directory for tokens: %w", err)
	}
	for _, entry := range old {
		if err := os.RemoveAll(filepath.Join(directory, entry.Name())); err != nil {
			return fmt.Errorf("remove an old token: %w", err)
		}
	}
	for _, person := range people {
		if !asFileName.MatchString(person) {
			return fmt.Errorf("the person's ID %q can't be the name of a token file: use letters, digits, dots, dashes", person)
		}
		token, err := i.Token(person, now, lifetime)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(directory, person), []byte(token+"\n"), 0o600); err != nil {
			return fmt.Errorf("write the token of %s: %w", person, err)
		}
	}
	return nil
}
