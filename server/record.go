package main

import (
	"context"
	"encoding/hex"
	"strconv"
	"strings"

	"recourse/internal/api"
	"recourse/internal/complaint"
	"recourse/internal/phrase"
	"recourse/internal/store"
)

const usualPage = 50

// ListEvents shows the record, oldest first.
func (s *server) ListEvents(ctx context.Context, request api.ListEventsRequestObject) (api.ListEventsResponseObject, error) {
	if err := checkPage(request.Params.Limit); err != nil {
		return nil, err
	}
	after := 0
	if cursor := request.Params.Cursor; cursor != "" {
		row, err := strconv.ParseInt(cursor, 10, 32) // rows are numbered so
		if err != nil || row < 0 {
			return nil, malformed("cursor")
		}
		after = int(row)
	}
	o, err := s.open(ctx, request.Number)
	if err != nil {
		return nil, err
	}
	limit := request.Params.Limit
	if limit == 0 {
		limit = usualPage
	}
	rows, err := s.store.RecordPage(ctx, request.Number, after, limit+1)
	if err != nil {
		return nil, err
	}
	said, err := s.store.Submissions(ctx, request.Number)
	if err != nil {
		return nil, err
	}
	words := map[string]map[string]any{}
	for _, one := range said {
		words[one.ID] = wordsOf(one)
	}
	page := api.ListEvents200JSONResponse{Events: []api.Event{}}
	if len(rows) > limit {
		rows = rows[:limit]
		page.NextCursor = strconv.Itoa(rows[limit-1].Sequence)
	}
	ladders := laddersOf(o.Deadlines)
	for _, row := range rows {
		ladders.learn(row.Event)
		page.Events = append(page.Events, o.event(row, words, ladders))
	}
	return page, nil
}

func (o opened) event(row store.RecordRow, words map[string]map[string]any, known ladders) api.Event {
	facts := plain(&row.Event)
	for _, shownElsewhere := range []string{"kind", "at", "by"} {
		delete(facts, shownElsewhere)
	}
	shown := api.Event{Sequence: row.Sequence, Time: row.At, At: row.At, Actor: o.names.of(row.By), What: string(row.Kind),
		Text: o.sentence(row.Event, known), Facts: facts, Hash: hex.EncodeToString(row.Hash)}
	if row.Step != nil {
		shown.Step = string(row.Step.Name)
		shown.Words = words[row.Step.Submission]
	}
	return shown
}

// ladders are the rungs of clocks, by name and round; events name a rung by its place.
type ladders map[string][]complaint.Rung

func laddersOf(open []complaint.Deadline) ladders {
	known := ladders{}
	for _, d := range open {
		known[clockKey(d.Name, d.Round)] = d.Rungs
	}
	return known
}

func (l ladders) learn(e complaint.Event) {
	if e.Deadline != nil {
		l[clockKey(e.Deadline.Name, e.Deadline.Round)] = e.Deadline.Rungs
	}
}

// rung is what an event's reference means; only its place in the ladder is known of a clock that ended long ago.
func (l ladders) rung(ref complaint.RungRef) complaint.Rung {
	if ladder := l[clockKey(ref.Deadline, ref.Round)]; ref.Rung < len(ladder) {
		return ladder[ref.Rung]
	}
	return complaint.Rung{Label: strconv.Itoa(ref.Rung + 1)}
}

func clockKey(name string, round int) string { return name + "/" + strconv.Itoa(round) }

// ListDeadlines shows every clock with why it is due when it is.
func (s *server) ListDeadlines(ctx context.Context, request api.ListDeadlinesRequestObject) (api.ListDeadlinesResponseObject, error) {
	o, err := s.open(ctx, request.Number)
	if err != nil {
		return nil, err
	}
	clocks, err := s.store.Clocks(ctx, request.Number)
	if err != nil {
		return nil, err
	}
	said, err := s.store.Submissions(ctx, request.Number)
	if err != nil {
		return nil, err
	}
	steps, err := s.stepsBehind(ctx, request.Number, clocks)
	if err != nil {
		return nil, err
	}
	reasons := map[string]string{}
	for _, one := range said {
		reasons[one.ID], _ = wordsOf(one)["reason"].(string)
	}
	list := api.ListDeadlines200JSONResponse{Deadlines: []api.DeadlineWithLedger{}}
	for _, clock := range clocks {
		list.Deadlines = append(list.Deadlines, api.DeadlineWithLedger{Deadline: o.clock(clock), Ledger: o.ledger(clock, steps, reasons)})
	}
	return list, nil
}

// clock is a round of a deadline; while it is open, with its ladder.
func (o opened) clock(clock store.Clock) api.Deadline {
	for _, d := range o.Deadlines {
		if d.Name == clock.Name && d.Round == clock.Round {
			return deadline(o.rules, d, o.names.language)
		}
	}
	d := complaint.Deadline{Name: clock.Name, Round: clock.Round, Within: clock.Within, Calendar: clock.Calendar, StartedAt: clock.StartedAt,
		DueAt: clock.DueAt, State: clock.State, EndedAt: clock.EndedAt, LapsedAt: clock.LapsedAt, PausedAt: clock.PausedAt}
	if last := len(clock.Ledger) - 1; last >= 0 && clock.Ledger[last].Deadline != nil {
		d.Rungs, d.Fixed, d.BeyondCovers = clock.Ledger[last].Deadline.Rungs, clock.Ledger[last].Deadline.Fixed, clock.Ledger[last].Deadline.BeyondCovers
	}
	shown := deadline(o.rules, d, o.names.language)
	shown.Tier = clock.Tier
	return shown
}

// stepsBehind are the steps that changed clocks, by the places in the record of those changes: what the procedure decides
// upon a step follows it in the record, at the same time.
func (s *server) stepsBehind(ctx context.Context, number string, clocks []store.Clock) (map[int]complaint.Event, error) {
	steps := map[int]complaint.Event{}
	var before []store.RecordRow
	for _, clock := range clocks {
		for _, changed := range clock.Ledger {
			if changed.Kind != complaint.DeadlineChanged {
				continue
			}
			if len(before) == 0 || changed.Sequence <= before[0].Sequence || changed.Sequence > before[len(before)-1].Sequence {
				var err error
				if before, err = s.store.RecordPage(ctx, number, max(0, changed.Sequence-rowsOfAStep), rowsOfAStep); err != nil {
					return nil, err
				}
			}
			for _, row := range before {
				if row.Sequence < changed.Sequence && row.Kind == complaint.StepTaken && row.At.Equal(changed.At) {
					steps[changed.Sequence] = row.Event
				}
			}
		}
	}
	return steps, nil
}

// rowsOfAStep is how far back the step of a change is looked for.
const rowsOfAStep = 100

// ledger is what happened to a clock. Each entry says when the clock was due after it, and who wanted it so and why.
func (o opened) ledger(clock store.Clock, steps map[int]complaint.Event, reasons map[string]string) []api.LedgerEntry {
	entries := []api.LedgerEntry{}
	due, known := clock.StartedAt, ladders{}
	for _, row := range clock.Ledger {
		if row.Deadline != nil {
			due = row.Deadline.DueAt
		}
		known.learn(row.Event)
		entry := api.LedgerEntry{Sequence: row.Sequence, At: row.At, By: o.names.of(row.By), What: change(row.Event), DueAt: due}
		if row.Rung != nil {
			entry.Rung = known.rung(*row.Rung).Label
		}
		entry.Text = phrase.Sentence(phrase.Change, entry.What, o.names.language, "rung", rungName(entry.Rung, o.names.language))
		if taken, there := steps[row.Sequence]; there {
			entry.By, entry.Reason = o.names.of(taken.By), reasons[taken.Step.Submission]
		}
		entries = append(entries, entry)
	}
	return entries
}

// changes are the codes of phrase.Change for what the procedure says of a change.
var changes = strings.NewReplacer("re-based", "rebased", " ", "_")

// change is what an event did to a clock, as a code of phrase.Change.
func change(e complaint.Event) string {
	switch code := changes.Replace(e.Code); {
	case e.Kind == complaint.DeadlineStarted:
		return "started"
	case e.Kind == complaint.DeadlineEnded && e.Deadline != nil:
		return string(e.Deadline.State)
	case e.Kind == complaint.RungFired:
		return "rung_fired"
	case e.Kind == complaint.RungSkipped:
		return "rung_skipped"
	case phrase.Has(phrase.Change, code):
		return code
	}
	return "changed"
}

// ListMessages shows what was sent to whom, and whether it arrived.
func (s *server) ListMessages(ctx context.Context, request api.ListMessagesRequestObject) (api.ListMessagesResponseObject, error) {
	o, err := s.open(ctx, request.Number)
	if err != nil {
		return nil, err
	}
	sent, err := s.store.Messages(ctx, request.Number)
	if err != nil {
		return nil, err
	}
	list := api.ListMessages200JSONResponse{Messages: []api.Message{}}
	for _, m := range sent {
		list.Messages = append(list.Messages, api.Message{
			Id: m.ID, To: o.names.of(m.To), Template: m.Template, Channel: m.Channel, Reason: m.Reason,
			State: string(m.State), StateLabel: phrase.Label(phrase.MessageState, string(m.State), o.names.language),
			Attempts: m.Attempts, Error: m.LastError, QueuedAt: m.QueuedAt, SentAt: orZero(m.SentAt),
		})
	}
	return list, nil
}

// GetForm shows the procedure's form as far as it is filled.
func (s *server) GetForm(ctx context.Context, request api.GetFormRequestObject) (api.GetFormResponseObject, error) {
	o, err := s.open(ctx, request.Number)
	if err != nil {
		return nil, err
	}
	said, err := s.store.Submissions(ctx, request.Number)
	if err != nil {
		return nil, err
	}
	missing := o.MissingForClosing(complaint.Step{})
	required := map[string]bool{}
	for _, name := range o.rules.CompleteBeforeClosing() {
		required[name] = true
	}
	values, language := fieldValues(said), o.names.language
	form := api.GetForm200JSONResponse{Number: request.Number, Name: in(o.rules.Form.Name, language), Complete: len(missing) == 0,
		Missing: missing, Fields: []api.FormField{}}
	for _, field := range o.rules.Form.Fields {
		form.Fields = append(form.Fields, api.FormField{Name: field.ID, Title: in(field.Title, language), Required: required[field.ID], Value: values[field.ID]})
	}
	return form, nil
}
