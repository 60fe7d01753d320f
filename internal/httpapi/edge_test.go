package httpapi

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"recourse/internal/api"
	"recourse/internal/casework"
	"recourse/internal/identity"
)

func TestDatabaseThatIsAwayIsUnavailable(t *testing.T) {
	for what, err := range map[string]error{
		"refuses connections": &net.OpError{Op: "dial", Err: errors.New("connection refused")},
		"shuts down":          &pgconn.PgError{Code: "57P01"},
		"has no more room":    &pgconn.PgError{Code: "53300"},
		"cut the connection":  io.ErrUnexpectedEOF,
		"is too slow":         context.DeadlineExceeded,
	} {
		t.Run(what, func(t *testing.T) {
			p := problemOf(fmt.Errorf("store the submission: %w", err))
			require.Equal(t, http.StatusServiceUnavailable, p.status())
			require.Equal(t, api.ProblemCodeUnavailable, p.code)
		})
	}
	require.Equal(t, http.StatusInternalServerError, problemOf(&pgconn.PgError{Code: "23505"}).status(), "a mistake of ours isn't cured by waiting")
}

func TestIssuerThatIsAwayIsUnavailable(t *testing.T) {
	require.Equal(t, http.StatusServiceUnavailable, problemOf(fmt.Errorf("%w: 502", identity.ErrUnavailable)).status())
	require.Equal(t, http.StatusUnauthorized, problemOf(fmt.Errorf("%w: forged", identity.ErrUnauthenticated)).status())
}

func TestSenderIsCountedByWhereTheRequestReallyComesFrom(t *testing.T) {
	for name, c := range map[string]struct {
		proxies   string
		remote    string
		forwarded string
		sender    string
	}{
		"nobody is trusted":                        {"", "10.1.2.3:1234", "203.0.113.9", "10.1.2.3"},
		"by the proxy":                             {"10.0.0.0/8", "10.1.2.3:1234", "203.0.113.9", "203.0.113.9"},
		"by a proxy with a public address":         {"198.51.100.7/32", "198.51.100.7:1234", "203.0.113.9", "203.0.113.9"},
		"by somebody who says to be one":           {"10.0.0.0/8", "192.168.1.1:1234", "203.0.113.9", "192.168.1.1"},
		"what the sender wrote before the proxy":   {"10.0.0.0/8", "10.1.2.3:1234", "192.0.2.1, 203.0.113.9", "203.0.113.9"},
		"IPv6 counts as a network":                 {"", "[2001:db8:1:2:3:4:5:6]:1234", "", "2001:db8:1:2::/64"},
		"IPv6 behind a proxy":                      {"fd00::/8", "[fd00::1]:1234", "2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"},
		"IPv4 in the clothes of IPv6 stays itself": {"", "[::ffff:203.0.113.9]:1234", "", "203.0.113.9"},
	} {
		t.Run(name, func(t *testing.T) {
			var proxies []netip.Prefix
			if c.proxies != "" {
				proxies = append(proxies, netip.MustParsePrefix(c.proxies))
			}
			request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/v1/public/complaints", http.NoBody)
			request.RemoteAddr = c.remote
			if c.forwarded != "" {
				request.Header.Set("X-Forwarded-For", c.forwarded)
			}
			require.Equal(t, c.sender, senderOf(extractIP(proxies)(request)))
		})
	}
}

func TestServedPathsAreThoseOfTheDescription(t *testing.T) {
	handler, err := (&Server{Office: &casework.Office{}}).Handler()
	require.NoError(t, err)
	var served []string
	for _, route := range handler.Routes() {
		served = append(served, route.Method+" "+regexp.MustCompile(`:(\w+)`).ReplaceAllString(route.Path, "{$1}"))
	}
	document, err := api.Document()
	require.NoError(t, err)
	var described, open []string
	node{document}.at("paths").each(func(path string, methods node) {
		methods.each(func(method string, operation node) {
			described = append(described, strings.ToUpper(method)+" "+path)
			if operation.at("security").Node != nil {
				open = append(open, regexp.MustCompile(`\{(\w+)\}`).ReplaceAllString(path, ":$1"))
			}
		})
	})
	require.ElementsMatch(t, described, served)
	for route := range public {
		require.Contains(t, open, route)
	}
	require.Len(t, slices.Compact(slices.Sorted(slices.Values(open))), len(public))
}
