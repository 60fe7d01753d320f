package main

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"recourse/deploy/kept"
	"recourse/deploy/stack"
	"recourse/internal/config"
)

// environment is what the server, the worker and programs beside them are told.
func (s settings) environment(servers *stack.Stack) map[string]string {
	return map[string]string{
		"DATABASE_URL":            servers.PostgreSQL.URL,
		"TEMPORAL_ADDRESS":        servers.Temporal.Address,
		"TEMPORAL_NAMESPACE":      servers.Temporal.Namespace,
		"RECOURSE_LISTEN":         stack.Address(int(s.APIPort)),
		"RECOURSE_PUBLIC_URL":     webAddress(s.APIPort),
		"RECOURSE_METRICS_LISTEN": stack.Address(int(s.WorkerPort)),
		"RECOURSE_OIDC_ISSUER":    webAddress(s.IssuerPort),
		"RECOURSE_LINK_KEY_FILE":  s.path("link-key"),
		"RECOURSE_SMTP_ADDRESS":   stack.Address(int(s.SMTPPort)),
		"RECOURSE_SMTP_TLS":       string(config.SMTPTLSNone),
		"RECOURSE_SMTP_FROM":      "recourse@example.com",
	}
}

// forChild is the environment of a program of ours: everything from outside except the product's
// own variables, which we set.
func forChild(ours map[string]string) []string {
	theirs := slices.DeleteFunc(os.Environ(), func(entry string) bool {
		name, _, _ := strings.Cut(entry, "=")
		return slices.Contains(config.Names(), name)
	})
	for name, value := range ours {
		theirs = append(theirs, name+"="+value)
	}
	return theirs
}

// writeEnvironment leaves the environment for "make verify", "make demo" and the like, as a file
// that a shell reads.
func (s settings) writeEnvironment(ours map[string]string, temporalUI string) error {
	lines := []string{
		"export RECOURSE_API_URL=" + quote(webAddress(s.APIPort)),
		"export RECOURSE_TOKENS_DIR=" + quote(s.path("tokens")),
		"export RECOURSE_MAIL_URL=" + quote(webAddress(s.MailPort)),
		"export RECOURSE_TEMPORAL_UI_URL=" + quote(temporalUI),
	}
	for name, value := range ours {
		lines = append(lines, "export "+name+"="+quote(value))
	}
	slices.Sort(lines)
	if err := os.WriteFile(s.path("environment"), []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		return fmt.Errorf("write down the local stack's addresses: %w", err)
	}
	return nil
}

// quote makes one word of it for a POSIX shell.
func quote(value string) string { return "'" + strings.ReplaceAll(value, "'", `'\''`) + "'" }

// keepLinkKey makes the key of customers' links the first time, so that links stay good from run to
// run.
func (s settings) keepLinkKey() error {
	if _, err := os.Stat(s.path("link-key")); err == nil {
		return nil
	} else if !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("look for the key of customers' links: %w", err)
	}
	key := make([]byte, 32)
	// It never fails; the program ends if the system has no randomness.
	_, _ = rand.Read(key)
	if err := kept.Write(s.path("link-key"), []byte(hex.EncodeToString(key)+"\n")); err != nil {
		return fmt.Errorf("keep the key of customers' links: %w", err)
	}
	return nil
}
