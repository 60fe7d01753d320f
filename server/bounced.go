package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgxpool"

	"recourse/internal/store/outbox"
)

// bounced is why a message failed whose mail came back.
const bounced = "bounced"

// noteBounced notes mail that came back after a mail server had taken it, by the IDs of the
// messages or the Message-IDs of the mails. The complaints hear of it, and so does whoever has to
// call.
func noteBounced(ctx context.Context, ids []string, out io.Writer) error {
	if len(ids) == 0 {
		return errors.New("say which mail came back: server bounced MESSAGE…, by the message's ID or the mail's Message-ID")
	}
	for i, id := range ids {
		ids[i] = messageOf(id)
	}
	return withDatabase(ctx, func(database *pgxpool.Pool) error {
		noted, err := outbox.New(database).MarkBounced(ctx, bounced, ids...)
		if err != nil {
			return err
		}
		for _, id := range noted {
			if _, err := fmt.Fprintln(out, id, "is noted as failed."); err != nil {
				return err
			}
		}
		if others := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return slices.Contains(noted, id) }); len(others) > 0 {
			return fmt.Errorf("no messages that had left by mail: %s", strings.Join(others, ", "))
		}
		return nil
	})
}

// messageOf is the ID of the message that a mail carried, from the mail's Message-ID as
// delivery.MessageID writes it; an ID of ours stays as it is.
func messageOf(id string) string {
	left, _, is := strings.Cut(strings.Trim(id, "<> "), "@")
	if !is {
		return left
	}
	if read, err := url.PathUnescape(strings.ReplaceAll(strings.ReplaceAll(left, "%", "%25"), "=", "%")); err == nil {
		return read
	}
	return left
}
