package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"recourse/internal/store/outbox"
)

// failedAtOnce bounds how many failed messages are listed.
const failedAtOnce = 200

// requeue puts messages that failed back into the outbox, from where the workers send them as if
// they had just been queued. Without a message's ID it lists those that failed, longest waiting
// first.
func requeue(ctx context.Context, ids []string, out io.Writer) error {
	return withDatabase(ctx, func(database *pgxpool.Pool) error {
		messages := outbox.New(database)
		if len(ids) == 0 {
			return listFailed(ctx, messages, out)
		}
		again, err := messages.Requeue(ctx, ids...)
		if err != nil {
			return err
		}
		for _, id := range again {
			if _, err := fmt.Fprintln(out, id, "is tried again."); err != nil {
				return err
			}
		}
		if others := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return slices.Contains(again, id) }); len(others) > 0 {
			return fmt.Errorf("no messages that failed: %s; server requeue lists them", strings.Join(others, ", "))
		}
		return nil
	})
}

func listFailed(ctx context.Context, messages *outbox.Store, out io.Writer) error {
	failed, err := messages.Failed(ctx, failedAtOnce+1)
	if err != nil {
		return err
	}
	more := len(failed) > failedAtOnce
	failed = failed[:min(len(failed), failedAtOnce)]
	if len(failed) == 0 {
		_, err := fmt.Fprintln(out, "No message failed.")
		return err
	}
	for _, message := range failed {
		if _, err := fmt.Fprintf(out, "%s  %s  %s to %s: %s\n", message.ID, message.QueuedAt.Format(time.RFC3339), message.Template, message.To, message.LastError); err != nil {
			return err
		}
	}
	if more {
		_, err = fmt.Fprintf(out, "There are more than these %d: list again once they are tried.\n", failedAtOnce)
	}
	return err
}
