package main

import (
	"log/slog"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"

	"recourse/activities"
	"recourse/internal/config"
	"recourse/internal/delivery"
	"recourse/internal/letter"
	"recourse/internal/link"
	"recourse/internal/rulebook"
	"recourse/internal/store"
)

// newDeliverer puts the delivery of messages together from the settings.
func newDeliverer(settings config.Config, database *store.Store, rules *rulebook.Rulebook, temporalClient client.Client,
	log *slog.Logger) (*activities.Deliverer, error) {
	// One key serves both: links and webhook secrets are derived under names of their own.
	key := []byte(settings.LinkKey.Reveal())
	links, err := link.NewSigner(key)
	if err != nil {
		return nil, err
	}
	mail, err := delivery.NewMail(delivery.MailOptions{Address: settings.SMTPAddress, TLS: settings.SMTPTLS,
		Username: settings.SMTPUsername, Password: settings.SMTPPassword.Reveal(), From: settings.SMTPFrom})
	if err != nil {
		return nil, err
	}
	return &activities.Deliverer{
		Outbox: database,
		Writer: &letter.Writer{Store: database, Rulebook: rules, Links: links, PublicURL: settings.PublicURL, WebhookKey: key},
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
