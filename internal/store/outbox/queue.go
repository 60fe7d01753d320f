package outbox

import (
	"context"
	"encoding/json"
	"fmt"

	"recourse/internal/complaint"
	"recourse/internal/store/outbox/db"
)

// Queue queues the messages of a write, as part of its transaction, and reports whether there were
// any: then Tell the senders when it is committed.
func Queue(ctx context.Context, tx db.DBTX, write complaint.Write) (some bool, err error) {
	queued := db.QueueMessagesParams{Number: write.Complaint.Number}
	for _, event := range write.Rows() {
		if event.Message == nil {
			continue
		}
		params, err := json.Marshal(event.Message)
		if err != nil {
			return false, fmt.Errorf("encode the message %s: %w", event.Message.ID, err)
		}
		queued.Ids, queued.Recipients = append(queued.Ids, event.Message.ID), append(queued.Recipients, string(event.Message.To))
		queued.Templates, queued.Params = append(queued.Templates, event.Message.Template), append(queued.Params, params)
		queued.QueuedAt = append(queued.QueuedAt, event.At)
	}
	if len(queued.Ids) == 0 {
		return false, nil
	}
	return true, db.New(tx).QueueMessages(ctx, queued)
}

// QueueToCustomers queues messages of one template to the customers of the complaints that they
// number, as part of a transaction. Tell the senders when it is committed.
func QueueToCustomers(ctx context.Context, tx db.DBTX, template string, messages []Message) error {
	queued := db.QueueToCustomersParams{Template: template}
	for _, message := range messages {
		params, err := json.Marshal(message.Message)
		if err != nil {
			return fmt.Errorf("encode the message %s: %w", message.ID, err)
		}
		queued.Ids, queued.Numbers, queued.Params = append(queued.Ids, message.ID), append(queued.Numbers, message.Number), append(queued.Params, params)
	}
	return db.New(tx).QueueToCustomers(ctx, queued)
}
