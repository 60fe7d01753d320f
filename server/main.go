// Command server is the HTTP API of Recourse, and what an operator does to its database. “server
// help” lists its commands.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/jackc/pgx/v5/pgxpool"

	"recourse/internal/config"
	"recourse/internal/store"
)

const usage = `server [serve]      answers HTTP until it is told to stop
server migrate      brings the database to the newest schema, and grants the programs' role its rights
server load         publishes the procedures, calendars and example people that come with the software
server verify       finds what was tampered with in the record; exits with 1 when there is something
server seal         seals the record and prints a line to be kept elsewhere, for server verify -seal
server requeue      lists the messages that failed, or tries those again that it is told
server webhook-secret
                    prints the secret by which a person's webhook knows our messages
server simulate     tells what would come of a story, or of a complaint in which nobody acts; needs no database
server schema       prints the JSON Schema of procedures, calendars or directories for an editor; needs no database
server import       registers the rows of a CSV or a workbook through the API of a running server; needs no database

All are configured from the environment: see docs/configuration.md.
`

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
	switch command {
	case "serve":
		return serve(ctx)
	case "migrate":
		return migrate(ctx, out)
	case "load":
		return load(ctx, out)
	case "verify":
		return verify(ctx, arguments, in, out)
	case "seal":
		return seal(ctx, out)
	case "requeue":
		return requeue(ctx, arguments, out)
	case "webhook-secret":
		return webhookSecret(ctx, arguments, out)
	case "simulate":
		return simulate(ctx, arguments, in, out)
	case "schema":
		return schema(arguments, out)
	case "import":
		return importFile(ctx, arguments, out)
	case "help", "-h", "-help", "--help":
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
