// Command server is the HTTP API of Recourse, and what an operator does to its database. “server
// help” lists its commands.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5/pgxpool"

	"recourse/internal/config"
	"recourse/internal/store"
)

const usage = `server [serve]      answers HTTP until it is told to stop
server migrate      brings the database to the newest schema, and grants the programs' role its rights
server check        says what is wrong with procedures, calendars and people in a folder of your own; needs no database
server load         publishes those of a folder of your own, or the examples that come with the software
server verify       finds what was tampered with in the record; exits with 1 when there is something that nobody accepted
server seal         seals the record and prints a line to be kept elsewhere, for server verify -seal
server requeue      lists the messages that failed, or tries those again that it is told
server bounced      notes mail to a customer that came back, so that somebody calls them
server revive       holds the workflows of complaints to their records, of those named or of --all; needs Temporal, too
server reconcile    after the database was restored: sets workflows that know more than their record back to it, and names
                    whose words are gone; needs Temporal and the workers, too
server webhook-secret
                    prints the secret by which a person's webhook knows our messages
server simulate     tells what would come of a story, or of a complaint in which nobody acts; needs no database
server schema       prints the JSON Schema of procedures, calendars or directories for an editor; needs no database
server import       registers the rows of a CSV or a workbook through the API of a running server; needs no database

All are configured from the environment: see docs/configuration.md.
`

var (
	helpFlags = []string{"-h", "-help", "--help"}
	// withFlags are the commands that explain their flags themselves.
	withFlags        = []string{"check", "import", "load", "revive", "simulate", "verify"}
	withoutArguments = []string{"serve", "migrate", "seal", "reconcile"}
)

// usageOf are the lines that say what a command does; empty where there is no such command.
func usageOf(command string) string {
	var lines strings.Builder
	for line := range strings.Lines(usage) {
		words := strings.Fields(line)
		switch begins := strings.HasPrefix(line, "server "); {
		case begins && strings.Trim(words[1], "[]") == command, !begins && lines.Len() > 0 && strings.HasPrefix(line, "   "):
			lines.WriteString(line)
		case lines.Len() > 0:
			return lines.String()
		}
	}
	return ""
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdin, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "server:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, arguments []string, in io.Reader, out io.Writer) error {
	command := "serve"
	if len(arguments) > 0 {
		command, arguments = arguments[0], arguments[1:]
	}
	if !slices.Contains(withFlags, command) && len(arguments) > 0 && slices.Contains(helpFlags, arguments[0]) {
		if lines := usageOf(command); lines != "" {
			_, err := fmt.Fprint(out, lines)
			return err
		}
	}
	if slices.Contains(withoutArguments, command) && len(arguments) > 0 {
		return fmt.Errorf("server %s takes no argument; leave %q out", command, arguments[0])
	}
	switch command {
	case "serve":
		return serve(ctx)
	case "migrate":
		return migrate(ctx, out)
	case "load":
		return load(ctx, arguments, out)
	case "check":
		return check(arguments, out)
	case "verify":
		return verify(ctx, arguments, in, out)
	case "seal":
		return seal(ctx, out)
	case "requeue":
		return requeue(ctx, arguments, out)
	case "bounced":
		return noteBounced(ctx, arguments, out)
	case "reconcile":
		return reconcile(ctx, out)
	case "revive":
		return revive(ctx, arguments, out)
	case "webhook-secret":
		return webhookSecret(ctx, arguments, out)
	case "simulate":
		return simulate(ctx, arguments, in, out)
	case "schema":
		return schema(arguments, out)
	case "import":
		return importFile(ctx, arguments, out)
	case "help", helpFlags[0], helpFlags[1], helpFlags[2]:
		_, err := fmt.Fprint(out, usage)
		return err
	}
	return fmt.Errorf("there is no command %q; “server help” lists those there are", command)
}

// withDatabase runs a command that needs the database only.
func withDatabase(ctx context.Context, command func(*pgxpool.Pool) error) error {
	settings, err := config.Load(config.Command)
	if err != nil {
		return err
	}
	database, err := store.Open(ctx, settings.DatabaseURL.Reveal())
	if err != nil {
		return err
	}
	defer database.Close()
	return command(database)
}
