package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"recourse/internal/complaint"
	"recourse/internal/config"
	"recourse/internal/delivery"
	"recourse/internal/rulebook"
)

// webhookSecret prints the secret with which the receiver of a person's webhook checks that a
// message is ours.
func webhookSecret(ctx context.Context, arguments []string, out io.Writer) error {
	if len(arguments) != 1 {
		return errors.New("say whose secret: server webhook-secret li-na")
	}
	// It is the worker that signs.
	settings, err := config.Load(config.Worker)
	if err != nil {
		return err
	}
	person := complaint.PersonID(arguments[0])
	return withDatabase(ctx, func(database *pgxpool.Pool) error {
		rules, err := rulebook.Open(ctx, database, slog.New(slog.DiscardHandler))
		if err != nil {
			return err
		}
		edition := rules.Now()
		_, organisation, err := edition.Actor(person, time.Now())
		if err != nil {
			return err
		}
		if people, known := edition.Directory(organisation); !known || people.People[person].Webhook == "" {
			return fmt.Errorf("%q has no webhook: give them one in the directory of %q first", person, organisation)
		}
		_, err = fmt.Fprintln(out, delivery.SecretFor([]byte(settings.LinkKey.Reveal()), person))
		return err
	})
}
