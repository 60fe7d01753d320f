package view

import (
	"encoding/hex"
	"encoding/json"
	"time"

	"recourse/internal/api"
	"recourse/internal/complaint"
	"recourse/internal/phrase"
	"recourse/internal/store/outbox"
	"recourse/internal/store/record"
	"recourse/internal/store/submission"
)

// Events are rows of a complaint's record, oldest first, each with its sentence. Open are the
// complaint's clocks, by which rungs are named, and said its submissions, whose words stand with
// their steps.
func (r Reader) Events(rows []record.Row, open []complaint.Deadline, said []submission.Stored) []api.Event {
	words := map[string]json.RawMessage{}
	for _, one := range said {
		words[one.ID] = one.Body
	}
	events, known := []api.Event{}, laddersOf(open)
	for _, row := range rows {
		known.learn(row.Event)
		events = append(events, r.event(row, words, known))
	}
	return events
}

func (r Reader) event(row record.Row, words map[string]json.RawMessage, known ladders) api.Event {
	facts := row.Event
	facts.Kind, facts.At, facts.By = "", time.Time{}, "" // shown beside them
	shown := api.Event{Sequence: row.Sequence, Time: row.At, At: row.At, Actor: r.Person(row.By), What: string(row.Kind),
		Text: r.sentence(row.Event, known), Facts: facts, Hash: hex.EncodeToString(row.Hash)}
	if row.Step != nil {
		shown.Step = string(row.Step.Name)
		shown.Words = words[row.Step.Submission]
	}
	return shown
}

// Messages are what was sent to whom, and whether it arrived.
func (r Reader) Messages(sent []outbox.Message) api.MessageList {
	list := api.MessageList{Messages: []api.Message{}}
	for _, m := range sent {
		list.Messages = append(list.Messages, api.Message{
			Id: m.ID, To: r.Person(m.To), Template: m.Template, Channel: m.Channel, Reason: m.Reason,
			State: string(m.State), StateLabel: phrase.Label(phrase.MessageState, string(m.State), r.Language),
			Attempts: m.Attempts, Error: m.LastError, QueuedAt: m.QueuedAt, SentAt: orZero(m.SentAt),
		})
	}
	return list
}

// Form is the procedure's form as far as a complaint's submissions fill it.
func (r Reader) Form(c *complaint.Complaint, said []submission.Stored) api.Form {
	missing := c.MissingForClosing(complaint.Step{})
	values := fieldValues(said)
	form := api.Form{Number: c.Number, Name: r.Rules.Form.Name.In(r.Language), Complete: len(missing) == 0, Missing: missing, Fields: r.fields()}
	for i, field := range form.Fields {
		form.Fields[i].Value = values[field.Name]
	}
	return form
}
