package identity_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
	"recourse/internal/identity"
)

// issuer is somebody who signs tokens.
type issuer struct {
	key *ecdsa.PrivateKey
}

func newIssuer(t *testing.T) issuer {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	return issuer{key}
}

func (i issuer) keys(t *testing.T) []byte {
	set, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{
		{Key: i.key.Public(), KeyID: "one", Algorithm: string(jose.ES256), Use: "sig"},
	}})
	require.NoError(t, err)
	return set
}

func (i issuer) file(t *testing.T) string {
	path := filepath.Join(t.TempDir(), "keys.json")
	require.NoError(t, os.WriteFile(path, i.keys(t), 0o600))
	return path
}

func sign(t *testing.T, algorithm jose.SignatureAlgorithm, key crypto.PrivateKey, claims jwt.Claims) string {
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: jose.JSONWebKey{Key: key, KeyID: "one"}}, nil)
	require.NoError(t, err)
	token, err := jwt.Signed(signer).Claims(claims).Serialize()
	require.NoError(t, err)
	return token
}

func claims(subject string, valid time.Duration) jwt.Claims {
	return jwt.Claims{Subject: subject, Audience: jwt.Audience{"recourse"}, Expiry: jwt.NewNumericDate(time.Now().Add(valid))}
}

func TestTokenNamesThePerson(t *testing.T) {
	us := newIssuer(t)
	verifier, err := identity.FromFile(us.file(t), "recourse", "sub")
	require.NoError(t, err)

	person, err := verifier.Person(t.Context(), "Bearer "+sign(t, jose.ES256, us.key, claims("li-na", time.Hour)))
	require.NoError(t, err)
	require.Equal(t, complaint.PersonID("li-na"), person)
}

func TestAnotherClaimCanNameThePerson(t *testing.T) {
	us := newIssuer(t)
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: us.key}, nil)
	require.NoError(t, err)
	verifier, err := identity.FromFile(us.file(t), "recourse", "preferred_username")
	require.NoError(t, err)
	for name, c := range map[string]struct {
		says   any
		person complaint.PersonID
	}{
		"names them":                       {map[string]any{"preferred_username": "li-na"}, "li-na"},
		"isn't there":                      {map[string]any{}, ""},
		"is no text":                       {map[string]any{"preferred_username": []string{"li-na"}}, ""},
		"is a name that no employee bears": {map[string]any{"preferred_username": "clock"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			token, err := jwt.Signed(signer).Claims(claims("0f3a6c1e-7d2b-4e5f", time.Hour)).Claims(c.says).Serialize()
			require.NoError(t, err)
			person, err := verifier.Person(t.Context(), "Bearer "+token)
			require.Equal(t, c.person, person)
			if c.person == "" {
				require.ErrorIs(t, err, identity.ErrUnauthenticated)
			}
		})
	}
}

func TestTokenThatHeldEndsOnTime(t *testing.T) {
	us := newIssuer(t)
	synctest.Test(t, func(t *testing.T) {
		verifier, err := identity.FromFile(us.file(t), "recourse", "sub")
		require.NoError(t, err)
		header := "Bearer " + sign(t, jose.ES256, us.key, claims("li-na", 30*time.Second))
		for range 2 {
			_, err = verifier.Person(t.Context(), header)
			require.NoError(t, err)
		}
		<-time.After(31 * time.Second) // of the test's own time
		_, err = verifier.Person(t.Context(), header)
		require.ErrorIs(t, err, identity.ErrUnauthenticated)
	})
}

func TestTokenThatDoesNotHoldIsRefused(t *testing.T) {
	us, stranger := newIssuer(t), newIssuer(t)
	verifier, err := identity.FromFile(us.file(t), "recourse", "sub")
	require.NoError(t, err)
	good := sign(t, jose.ES256, us.key, claims("li-na", time.Hour))
	otherAudience := claims("li-na", time.Hour)
	otherAudience.Audience = jwt.Audience{"somebody-else"}
	notYet := claims("li-na", 2*time.Hour)
	notYet.NotBefore = jwt.NewNumericDate(time.Now().Add(time.Hour))

	for what, header := range map[string]string{
		"none":                      "",
		"another scheme":            "Basic bGktbmE6c2VjcmV0",
		"no token":                  "Bearer ",
		"not a token":               "Bearer li-na",
		"expired":                   "Bearer " + sign(t, jose.ES256, us.key, claims("li-na", -time.Hour)),
		"not valid yet":             "Bearer " + sign(t, jose.ES256, us.key, notYet),
		"forged":                    "Bearer " + sign(t, jose.ES256, stranger.key, claims("li-na", time.Hour)),
		"signed by a shared secret": "Bearer " + sign(t, jose.HS256, []byte(strings.Repeat("x", 32)), claims("li-na", time.Hour)),
		"without signature":         "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJsaS1uYSIsImF1ZCI6InJlY291cnNlIn0.",
		"for another audience":      "Bearer " + sign(t, jose.ES256, us.key, otherAudience),
		"nobody":                    "Bearer " + sign(t, jose.ES256, us.key, claims("", time.Hour)),
		"the customer":              "Bearer " + sign(t, jose.ES256, us.key, claims("customer", time.Hour)),
		"the procedure":             "Bearer " + sign(t, jose.ES256, us.key, claims("procedure", time.Hour)),
		"endless":                   "Bearer " + strings.Repeat("a", 10<<10),
		"changed":                   "Bearer " + good[:len(good)-4] + "AAAA",
	} {
		t.Run(what, func(t *testing.T) {
			_, err := verifier.Person(t.Context(), header)
			require.ErrorIs(t, err, identity.ErrUnauthenticated)
		})
	}
}

// site is an issuer's web site.
type site struct {
	*httptest.Server
	asked atomic.Int32 // for its keys
	away  atomic.Bool
}

func (i issuer) serve(t *testing.T) *site {
	s := &site{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.away.Load() {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Path == "/keys" {
			s.asked.Add(1)
			_, _ = w.Write(i.keys(t))
			return
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"issuer": s.URL, "jwks_uri": s.URL + "/keys",
			"authorization_endpoint": s.URL + "/authorize", "token_endpoint": s.URL + "/token",
			"id_token_signing_alg_values_supported": []string{"ES256"}})
	}))
	t.Cleanup(s.Close)
	return s
}

// token is one of this site, signed by somebody.
func (s *site) token(t *testing.T, by issuer, valid time.Duration) string {
	of := claims("li-na", valid)
	of.Issuer = s.URL
	return "Bearer " + sign(t, jose.ES256, by.key, of)
}

func TestIssuerIsDiscovered(t *testing.T) {
	us := newIssuer(t)
	there := us.serve(t)
	verifier, err := identity.FromIssuer(t.Context(), there.URL, "recourse", "sub")
	require.NoError(t, err)
	person, err := verifier.Person(t.Context(), there.token(t, us, time.Hour))
	require.NoError(t, err)
	require.Equal(t, complaint.PersonID("li-na"), person)

	foreign := claims("li-na", time.Hour)
	foreign.Issuer = "https://elsewhere.example"
	_, err = verifier.Person(t.Context(), "Bearer "+sign(t, jose.ES256, us.key, foreign))
	require.ErrorIs(t, err, identity.ErrUnauthenticated)
}

func TestForgedTokensDoNotHammerTheIssuer(t *testing.T) {
	us, stranger := newIssuer(t), newIssuer(t)
	there := us.serve(t)
	verifier, err := identity.FromIssuer(t.Context(), there.URL, "recourse", "sub")
	require.NoError(t, err)
	for valid := range 20 {
		_, err := verifier.Person(t.Context(), there.token(t, stranger, time.Hour+time.Duration(valid)*time.Second))
		require.ErrorIs(t, err, identity.ErrUnauthenticated)
	}
	_, err = verifier.Person(t.Context(), there.token(t, us, time.Hour))
	require.NoError(t, err)
	require.EqualValues(t, 1, there.asked.Load())
}

func TestIssuerThatIsAwayIsNoReasonToCallATokenWrong(t *testing.T) {
	us := newIssuer(t)
	there := us.serve(t)
	verifier, err := identity.FromIssuer(t.Context(), there.URL, "recourse", "sub")
	require.NoError(t, err)
	there.away.Store(true)
	for _, at := range []time.Duration{time.Hour, 2 * time.Hour} {
		_, err = verifier.Person(t.Context(), there.token(t, us, at))
		require.ErrorIs(t, err, identity.ErrUnavailable)
		require.NotErrorIs(t, err, identity.ErrUnauthenticated)
	}
	_, err = verifier.Person(t.Context(), "Bearer li-na")
	require.ErrorIs(t, err, identity.ErrUnauthenticated, "needs no keys to be wrong")
}

func TestKeySetThatLetsNobodyInIsAnError(t *testing.T) {
	for what, content := range map[string]string{
		"empty":    `{"keys":[]}`,
		"not JSON": `-----BEGIN PUBLIC KEY-----`,
		"shared":   `{"keys":[{"kty":"oct","k":"c2VjcmV0","kid":"one"}]}`,
	} {
		t.Run(what, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "keys.json")
			require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
			_, err := identity.FromFile(path, "recourse", "sub")
			require.Error(t, err)
		})
	}
	_, err := identity.FromFile("nowhere.json", "recourse", "sub")
	require.ErrorIs(t, err, os.ErrNotExist)
}
