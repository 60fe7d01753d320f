package main

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"github.com/caarlos0/env/v11"

	"recourse/deploy/mailsink"
	"recourse/deploy/stack"
	"recourse/internal/config"
)

// settings are what the local stack's own environment changes, and where it keeps things.
type settings struct {
	DatabaseURL     string `env:"DATABASE_URL"`
	TemporalAddress string `env:"TEMPORAL_ADDRESS"`

	APIPort        uint16 `env:"RECOURSE_API_PORT" envDefault:"8080"`
	WorkerPort     uint16 `env:"RECOURSE_WORKER_PORT" envDefault:"9464"`
	PostgreSQLPort uint16 `env:"RECOURSE_POSTGRESQL_PORT" envDefault:"54320"`
	TemporalPort   uint16 `env:"RECOURSE_TEMPORAL_PORT" envDefault:"7233"`
	TemporalUIPort uint16 `env:"RECOURSE_TEMPORAL_UI_PORT" envDefault:"8233"`
	IssuerPort     uint16 `env:"RECOURSE_ISSUER_PORT" envDefault:"8090"`
	SMTPPort       uint16 `env:"RECOURSE_SMTP_PORT" envDefault:"1025"`
	MailPort       uint16 `env:"RECOURSE_MAIL_PORT" envDefault:"8025"`

	// Folder holds procedures, calendars and people of one's own, run beside the examples; empty
	// for none.
	Folder string `env:"RECOURSE_FOLDER"`

	// Mail is what mail the sink accepts.
	Mail mailsink.Manners `env:"RECOURSE_MAIL" envDefault:"lenient"`

	root      string
	directory string
}

func readSettings(root, directory string) (settings, error) {
	s := settings{root: root, directory: directory}
	if err := env.Parse(&s); err != nil {
		return settings{}, fmt.Errorf("read the environment: %w", config.NameVariables(s, err))
	}
	if s.Mail != mailsink.Lenient && s.Mail != mailsink.Strict {
		return settings{}, fmt.Errorf("RECOURSE_MAIL is %q: write %s or %s", s.Mail, mailsink.Lenient, mailsink.Strict)
	}
	if s.Folder != "" {
		var err error
		if s.Folder, err = filepath.Abs(s.Folder); err != nil {
			return settings{}, fmt.Errorf("find the folder of RECOURSE_FOLDER: %w", err)
		}
	}
	return s.withoutOwnAddresses(os.Getenv("RECOURSE_TOKENS_DIR")), nil
}

// withoutOwnAddresses forgets the addresses of the local stack's own servers, which a shell that
// has read .local/environment (its folder of tokens shows it) gives back to us: they are to be
// started, not looked for.
func (s settings) withoutOwnAddresses(tokens string) settings {
	if tokens != s.path("tokens") {
		return s
	}
	if given, err := url.Parse(s.DatabaseURL); err == nil && given.Host == stack.Address(int(s.PostgreSQLPort)) {
		s.DatabaseURL = ""
	}
	if s.TemporalAddress == stack.Address(int(s.TemporalPort)) {
		s.TemporalAddress = ""
	}
	return s
}

// checkPorts tells of a port that is taken before anything is started.
func (s settings) checkPorts() error {
	wanted := []struct {
		port     uint16
		purpose  string
		variable string
		given    bool
	}{
		{s.PostgreSQLPort, "PostgreSQL", "RECOURSE_POSTGRESQL_PORT", s.DatabaseURL != ""},
		{s.TemporalPort, "Temporal", "RECOURSE_TEMPORAL_PORT", s.TemporalAddress != ""},
		{s.TemporalUIPort, "Temporal's UI", "RECOURSE_TEMPORAL_UI_PORT", s.TemporalAddress != ""},
		{s.IssuerPort, "the issuer of tokens", "RECOURSE_ISSUER_PORT", false},
		{s.SMTPPort, "the mail sink", "RECOURSE_SMTP_PORT", false},
		{s.MailPort, "the mail sink's page", "RECOURSE_MAIL_PORT", false},
		{s.WorkerPort, "the worker", "RECOURSE_WORKER_PORT", false},
		{s.APIPort, "the API", "RECOURSE_API_PORT", false},
	}
	claimed := map[uint16]string{}
	for _, want := range wanted {
		if want.given {
			continue
		}
		if want.port == 0 {
			return fmt.Errorf("%s must be between 1 and 65535", want.variable)
		}
		if other := claimed[want.port]; other != "" {
			return fmt.Errorf("%s and %s are both %d: give them different ports", other, want.variable, want.port)
		}
		claimed[want.port] = want.variable
		if err := stack.CheckPort(int(want.port), want.purpose, "set "+want.variable+" to another port"); err != nil {
			return err
		}
	}
	return nil
}

func (s settings) path(elements ...string) string {
	return filepath.Join(append([]string{s.directory}, elements...)...)
}

func webAddress(port uint16) string { return "http://" + stack.Address(int(port)) }
