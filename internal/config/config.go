// Package config reads what the server and the worker are told by their environment.
// docs/configuration.md says the same for operators, and a test holds the two together.
package config

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"
)

// Config is the whole configuration. The server and the worker share it, so that one file of
// settings serves both.
type Config struct {
	// DatabaseURL connects to PostgreSQL: postgres://user:password@host:port/database. Settings of
	// pgx's pool, such as pool_max_conns, may follow as query parameters.
	DatabaseURL Secret `env:"DATABASE_URL"`

	// DatabaseAppRole is the role by which the server and the worker connect, where another one
	// owns the tables: "server migrate" grants it what they need and no more. Empty grants nothing.
	DatabaseAppRole string `env:"RECOURSE_DATABASE_APP_ROLE"`

	// TemporalAddress is host:port of Temporal's frontend.
	TemporalAddress string `env:"TEMPORAL_ADDRESS" envDefault:"127.0.0.1:7233"`
	// TemporalNamespace is where complaints live. It must exist.
	TemporalNamespace string `env:"TEMPORAL_NAMESPACE" envDefault:"recourse"`
	// TemporalTaskQueue is where workers look for work. The server and its workers must agree on
	// it.
	TemporalTaskQueue string `env:"TEMPORAL_TASK_QUEUE" envDefault:"recourse"`
	// TemporalCAFile verifies the frontend's certificate. Any of the three files turns TLS on.
	TemporalCAFile string `env:"TEMPORAL_TLS_CA_FILE"`
	// TemporalCertificateFile and TemporalKeyFile show who we are, for mutual TLS.
	TemporalCertificateFile string `env:"TEMPORAL_TLS_CERTIFICATE_FILE"`
	TemporalKeyFile         string `env:"TEMPORAL_TLS_KEY_FILE"`

	// Listen is host:port of the HTTP API.
	Listen string `env:"RECOURSE_LISTEN" envDefault:"127.0.0.1:8080"`
	// TrustedProxies are the networks of the proxies before the server, which say in
	// X-Forwarded-For from where a request comes. Of everybody else that header isn't believed.
	TrustedProxies []netip.Prefix `env:"RECOURSE_TRUSTED_PROXIES"`
	// PublicURL is how customers reach the server; their links begin with it. No slash at its end.
	PublicURL string `env:"RECOURSE_PUBLIC_URL" envDefault:"http://127.0.0.1:8080"`
	// CaseURL is where people of the house open a complaint, with {number} in the place of its
	// number: letters to them lead there. Empty: they lead nowhere.
	CaseURL string `env:"RECOURSE_CASE_URL"`
	// MetricsListen is host:port of the worker's /healthz, /readyz and /metrics. The server has
	// these beside its API.
	MetricsListen string `env:"RECOURSE_METRICS_LISTEN" envDefault:"127.0.0.1:9464"`

	// OIDCIssuer is the URL of the OpenID Connect issuer whose tokens people bring.
	OIDCIssuer string `env:"RECOURSE_OIDC_ISSUER"`
	// JWKSFile holds the issuer's public keys where the issuer itself can't be reached. Exactly one
	// of the two is set.
	JWKSFile string `env:"RECOURSE_JWKS_FILE"`
	// OIDCAudience must be among a token's audiences.
	OIDCAudience string `env:"RECOURSE_OIDC_AUDIENCE" envDefault:"recourse"`
	// OIDCClaim is the claim of a token that holds the person's ID in the directory. Its holder
	// must not be able to change it.
	OIDCClaim string `env:"RECOURSE_OIDC_CLAIM" envDefault:"sub"`

	// LinkKey signs customers' links (HMAC-SHA-256), at least 32 characters. Whoever has it can
	// answer for a customer; changing it ends all links.
	LinkKey Secret `env:"RECOURSE_LINK_KEY"`

	// StepCounts is how long a step that nobody answered keeps the time at which it was first sent:
	// as long as an outage may last. Repeated later, it is refused as stale.
	StepCounts time.Duration `env:"RECOURSE_STEP_COUNTS" envDefault:"4h"`

	// SMTPAddress is host:port of the mail server. Empty keeps messages undelivered, where
	// /messages shows them.
	SMTPAddress string `env:"RECOURSE_SMTP_ADDRESS"`
	// SMTPTLS says how the connection to the mail server is protected.
	SMTPTLS SMTPTLS `env:"RECOURSE_SMTP_TLS" envDefault:"required"`
	// SMTPUsername and SMTPPassword log in at the mail server; both empty: no login.
	SMTPUsername string `env:"RECOURSE_SMTP_USERNAME"`
	SMTPPassword Secret `env:"RECOURSE_SMTP_PASSWORD"`
	// SMTPFrom is the sender's address.
	SMTPFrom string `env:"RECOURSE_SMTP_FROM" envDefault:"recourse@localhost"`

	// LogLevel is the least that is logged: debug, info, warn or error.
	LogLevel slog.Level `env:"RECOURSE_LOG_LEVEL" envDefault:"info"`
}

// SMTPTLS is how mail leaves.
type SMTPTLS string

// The ways in which mail leaves.
const (
	// SMTPTLSRequired sends nothing unless STARTTLS succeeds.
	SMTPTLSRequired SMTPTLS = "required"
	// SMTPTLSOpportunistic uses STARTTLS where the mail server offers it.
	SMTPTLSOpportunistic SMTPTLS = "opportunistic"
	// SMTPTLSNone is for a mail server on the same machine.
	SMTPTLSNone SMTPTLS = "none"
)

// UnmarshalText accepts the constants only.
func (s *SMTPTLS) UnmarshalText(text []byte) error {
	switch value := SMTPTLS(text); value {
	case SMTPTLSRequired, SMTPTLSOpportunistic, SMTPTLSNone:
		*s = value
		return nil
	default:
		return fmt.Errorf("%q is not one of required, opportunistic, none", value)
	}
}

// Secret is a value that never shows in a log or an error message. Each variable NAME that holds
// one can be given as NAME_FILE instead: the path of a file, as container platforms mount secrets,
// whose last line break is dropped.
type Secret string

// String hides the value.
func (s Secret) String() string {
	if s == "" {
		return "(not set)"
	}
	return "(hidden)"
}

// GoString hides the value from %#v.
func (s Secret) GoString() string { return s.String() }

// LogValue hides the value from slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText hides the value from JSON.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Reveal is the value itself.
func (s Secret) Reveal() string { return string(s) }

// Program says who reads the configuration, and so what may not be missing.
type Program int

const (
	// Command is a subcommand that needs the database only, for example "server migrate".
	Command Program = iota
	// Worker runs workflows and delivers messages.
	Worker
	// Server answers HTTP.
	Server
)

// Load reads the environment for a program. Its error names every variable that is missing or
// wrong, one a line, and never a secret's value.
func Load(program Program) (Config, error) { return load(program, env.ToMap(os.Environ())) }

func load(program Program, environment map[string]string) (Config, error) {
	complete, unread := withFiles(environment)
	var c Config
	unparsed := env.ParseWithOptions(&c, env.Options{Environment: complete})
	if unparsed != nil {
		unparsed = fmt.Errorf("read the environment: %w", NameVariables(c, unparsed))
	}
	if unread != nil || unparsed != nil {
		// What couldn't be read isn't judged as if it were missing.
		return Config{}, errors.Join(unread, unparsed, without(c.check(program), environment, unread, unparsed))
	}
	return c, c.check(program)
}

// without are the mistakes of a check that don't only follow from a variable that couldn't be read.
func without(wrong error, environment map[string]string, unread ...error) error {
	each, are := wrong.(interface{ Unwrap() []error })
	if !are {
		return wrong
	}
	said := fmt.Sprint(unread)
	return errors.Join(slices.DeleteFunc(slices.Clone(each.Unwrap()), func(one error) bool {
		return slices.ContainsFunc(Names(), func(name string) bool {
			named := strings.Contains(one.Error(), name+" ") && strings.Contains(said, name)
			return named && (environment[name] != "" || environment[name+"_FILE"] != "")
		})
	})...)
}

// withFiles adds what NAME_FILE variables lead to.
func withFiles(environment map[string]string) (map[string]string, error) {
	complete := make(map[string]string, len(environment))
	maps.Copy(complete, environment)
	var wrong []error
	for _, name := range secrets() {
		path := environment[name+"_FILE"]
		if path == "" {
			continue
		}
		if environment[name] != "" {
			wrong = append(wrong, fmt.Errorf("set %s or %s_FILE, not both", name, name))
			continue
		}
		content, err := os.ReadFile(filepath.Clean(path))
		if err != nil {
			wrong = append(wrong, fmt.Errorf("read %s_FILE: %w", name, err))
			continue
		}
		complete[name] = strings.TrimRight(string(content), "\r\n")
	}
	return complete, errors.Join(wrong...)
}

const leastLinkKey = 32

func (c Config) check(program Program) error {
	var wrong []error
	need := func(ok bool, message string) {
		if !ok {
			wrong = append(wrong, errors.New(message))
		}
	}
	database, err := url.Parse(string(c.DatabaseURL))
	need(err == nil && (database.Scheme == "postgres" || database.Scheme == "postgresql"),
		"DATABASE_URL must be postgres://user:password@host:port/database")
	if program == Command {
		return errors.Join(wrong...)
	}
	need(isHostPort(c.TemporalAddress), "TEMPORAL_ADDRESS must be host:port")
	need(c.TemporalNamespace != "", "TEMPORAL_NAMESPACE must not be empty")
	need(c.TemporalTaskQueue != "", "TEMPORAL_TASK_QUEUE must not be empty")
	need((c.TemporalCertificateFile == "") == (c.TemporalKeyFile == ""), "TEMPORAL_TLS_CERTIFICATE_FILE and TEMPORAL_TLS_KEY_FILE go together")
	need(len(c.LinkKey) >= leastLinkKey, fmt.Sprintf("RECOURSE_LINK_KEY must have at least %d characters: make one with “openssl rand -hex 32”", leastLinkKey))
	need(isWebURL(c.PublicURL) && !strings.HasSuffix(c.PublicURL, "/"), "RECOURSE_PUBLIC_URL must be http(s)://host without a slash at its end")
	if program == Server {
		need(isHostPort(c.Listen), "RECOURSE_LISTEN must be host:port")
		need((c.OIDCIssuer == "") != (c.JWKSFile == ""), "set RECOURSE_OIDC_ISSUER or RECOURSE_JWKS_FILE, and only one: without it nobody can log in")
		need(c.OIDCIssuer == "" || isWebURL(c.OIDCIssuer), "RECOURSE_OIDC_ISSUER must be an http(s) URL")
		need(c.StepCounts > 0, "RECOURSE_STEP_COUNTS must be a duration, such as 4h")
		need(c.OIDCAudience != "", "RECOURSE_OIDC_AUDIENCE must not be empty")
	}
	if program == Worker {
		need(c.CaseURL == "" || isWebURL(c.CaseURL) && strings.Contains(c.CaseURL, "{number}"),
			"RECOURSE_CASE_URL must be an http(s) URL with {number} in the place of a complaint's number")
		need(isHostPort(c.MetricsListen), "RECOURSE_METRICS_LISTEN must be host:port")
		need(c.SMTPAddress == "" || isHostPort(c.SMTPAddress), "RECOURSE_SMTP_ADDRESS must be host:port")
		need((c.SMTPUsername == "") == (c.SMTPPassword == ""), "RECOURSE_SMTP_USERNAME and RECOURSE_SMTP_PASSWORD go together")
	}
	return errors.Join(wrong...)
}

func isHostPort(address string) bool {
	_, port, err := net.SplitHostPort(address)
	return err == nil && port != ""
}

func isWebURL(address string) bool {
	parsed, err := url.Parse(address)
	return err == nil && (parsed.Scheme == "http" || parsed.Scheme == "https") && parsed.Host != ""
}

// TemporalTLS is how the connection to Temporal is protected; nil without TLS. It returns an error
// when a file can't be read or isn't a certificate.
func (c Config) TemporalTLS() (*tls.Config, error) {
	if c.TemporalCAFile == "" && c.TemporalCertificateFile == "" {
		return nil, nil
	}
	protect := &tls.Config{MinVersion: tls.VersionTLS12}
	if c.TemporalCAFile != "" {
		authority, err := os.ReadFile(c.TemporalCAFile)
		if err != nil {
			return nil, fmt.Errorf("read TEMPORAL_TLS_CA_FILE: %w", err)
		}
		protect.RootCAs = x509.NewCertPool()
		if !protect.RootCAs.AppendCertsFromPEM(authority) {
			return nil, fmt.Errorf("TEMPORAL_TLS_CA_FILE %s holds no certificate in PEM form", c.TemporalCAFile)
		}
	}
	if c.TemporalCertificateFile != "" {
		pair, err := tls.LoadX509KeyPair(c.TemporalCertificateFile, c.TemporalKeyFile)
		if err != nil {
			return nil, fmt.Errorf("read TEMPORAL_TLS_CERTIFICATE_FILE and TEMPORAL_TLS_KEY_FILE: %w", err)
		}
		protect.Certificates = []tls.Certificate{pair}
	}
	return protect, nil
}
