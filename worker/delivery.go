package main

import (
	"log/slog"

	"github.com/jackc/pgx/v5/pgxpool"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"

	"recourse/activities"
	"recourse/internal/config"
	"recourse/internal/delivery"
	"recourse/internal/letter"
	"recourse/internal/link"
	"recourse/internal/rulebook"
	"recourse/internal/store/learning"
	"recourse/internal/store/links"
	"recourse/internal/store/outbox"
	"recourse/internal/store/reading"
	"recourse/internal/store/submission"
)

// newDeliverer puts the delivery of messages together from the settings.
func newDeliverer(settings config.Config, database *pgxpool.Pool, rules *rulebook.Rulebook, temporalClient client.Client,
	log *slog.Logger) (*activities.Deliverer, error) {
	// One key serves both: links and webhook secrets are derived under names of their own.
	key := []byte(settings.LinkKey.Reveal())
	signer, err := link.NewSigner(key)
	if err != nil {
		return nil, err
	}
	mail, err := delivery.NewMail(delivery.MailOptions{Address: settings.SMTPAddress, TLS: settings.SMTPTLS,
		Username: settings.SMTPUsername, Password: settings.SMTPPassword.Reveal(), From: settings.SMTPFrom})
	if err != nil {
		return nil, err
	}
	return &activities.Deliverer{
		Outbox: outbox.New(database),
		Writer: &letter.Writer{Reading: reading.New(database), Submissions: submission.New(database), Issued: links.New(database), Learning: learning.New(database),
			Rulebook: rules, Links: signer, PublicURL: settings.PublicURL, CaseURL: settings.CaseURL, WebhookKey: key},
		Channels: map[delivery.Channel]delivery.Sender{
			delivery.ByMail:    mail,
			delivery.ByWebhook: delivery.NewWebhook(),
		},
		Temporal:  temporalClient,
		TaskQueue: settings.TemporalTaskQueue,
		Log:       log,
	}, nil
}

// registerDelivery lets this worker try messages that didn't leave at once.
func registerDelivery(w worker.ActivityRegistry, deliverer *activities.Deliverer) {
	w.RegisterActivityWithOptions(deliverer.DeliverMessage, activity.RegisterOptions{Name: activities.DeliverMessageActivity})
}
