package procedures_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/api"
	"recourse/internal/bilingual"
	"recourse/internal/complaint"
	"recourse/internal/letter"
	"recourse/internal/link"
	"recourse/internal/message"
	"recourse/internal/simulation"
	"recourse/internal/store/outbox"
	"recourse/internal/store/reading"
	"recourse/internal/store/record"
	"recourse/internal/store/submission"
	"recourse/internal/view"
)

var (
	lives = flag.Int("lives", 8, "how many random lives TestLettersTellWhatHappened and TestEverybodyWhoIsCalledCanAct live, and TestAllowedMeansTaken a quarter of them")
	pages = flag.String("pages", "", "the folder into which TestLettersTellWhatHappened puts the mails of its first lives, to look at")
)

// In random lives, with connections that drop, repeats, refusals and two people at once, no letter,
// link, page or sentence of the record says anything that isn't in an accepted step.
//
// First review: A1, A2, A4.
func TestLettersTellWhatHappened(t *testing.T) {
	sentences := map[string]bool{}
	for seed := range uint64(*lives) {
		id := []string{"courier-station", "real-estate-project"}[seed%2]
		d := &dice{Rand: rand.New(rand.NewPCG(seed, 11)), Request: simulation.Request{Rules: rulesOf(t, id, ""), Start: time.Date(2026, 3, 10, 1, 0, 0, 0, time.UTC)}}
		l := &written{TB: t, dice: d, stored: map[string]submission.Stored{}, amounts: map[string]string{}, sentences: sentences, c: complaint.Complaint{Number: fmt.Sprintf("X-%d", seed)}}
		l.live()
		if t.Failed() {
			t.Fatalf("the life of seed %d in %s", seed, id)
		}
	}
	if *pages != "" {
		all := strings.Join(slices.Sorted(maps.Keys(sentences)), "\n") + "\n"
		require.NoError(t, os.WriteFile(filepath.Join(*pages, "sentences.txt"), []byte(all), 0o600))
	}
}

// written is a life whose every letter is written and read.
type written struct {
	testing.TB
	*dice
	c         complaint.Complaint
	rows      []record.Row
	stored    map[string]submission.Stored // by ID
	said      []submission.Stored          // oldest first
	amounts   map[string]string            // of each proposal, by submission
	proposals []string                     // the submissions of those that were made, by revision
	mails     int                          // rows whose message was read
	sentences map[string]bool              // of all records, without numbers and names
}

func (l *written) live() {
	at := l.Start
	l.register()
	l.judge(l.submit(l.Registration))
	for range 40 {
		at = at.Add(time.Duration(1+l.IntN(600)) * time.Minute)
		l.until(at)
		if l.c.Ended {
			break
		}
		if l.IntN(8) == 0 {
			before := len(l.Steps)
			l.leave(&l.c, at)
			for _, moves := range l.Steps[before:] {
				l.take(moves)
			}
		}
		submitted := l.submit(l.step(&l.c, at))
		switch l.IntN(6) {
		case 0: // the sender hangs up: it is stored, and never judged
		case 1: // another takes the same step at the same moment
			other := l.submit(l.step(&l.c, at))
			l.judge(other)
			l.judge(submitted)
		case 2: // it is sent twice
			l.judge(submitted)
			l.judge(submitted)
		default:
			l.judge(submitted)
		}
	}
	l.until(at.AddDate(0, 3, 0))
	l.readRecord()
}

// token is a word that nothing but one submission says.
func token(id string) string { return "said" + id + "said" }

var tokens, sums = regexp.MustCompile(`said(\d+)said`), regexp.MustCompile(`[0-9][0-9,]*\.[0-9]{2}`)

// submit stores what somebody sends.
func (l *written) submit(s complaint.Step) submission.Stored {
	id := strconv.Itoa(len(l.said) + 1)
	s.Submission = id
	say := token(id)
	body := map[string]any{"narrative": say, "words": say, "reason": say, "reasons": say, "order": say, "report": say, "done": say, "cause": say, "result": say,
		"remedies": []any{map[string]any{"words": say}}, "fields": map[string]any{"waybill": say, "unit": say}}
	if s.Name == complaint.Close {
		delete(body, "words")
		body["final_reply"] = map[string]any{"decision": say, "reasons": say, "appeal_route": say}
	}
	if s.Name == complaint.Visit || s.Name == complaint.CallOutDone { // whose reports are a word, and no text
		delete(body, "report")
	}
	if p := s.Facts.Proposal; p != nil {
		p.Remedies[0].Amount = fmt.Sprintf("%d.%02d", []int{7, 107, 5007}[l.IntN(3)], len(l.said)%100)
		l.amounts[id] = p.Remedies[0].Amount
	}
	encoded, err := json.Marshal(body)
	require.NoError(l, err)
	one := submission.Stored{ID: id, State: submission.Pending, Submission: submission.Submission{Number: l.c.Number, Step: s.Name, By: s.By, At: s.At, Facts: s.Facts, Body: encoded}}
	l.stored[id], l.said = one, append(l.said, one)
	return one
}

// judge lets the workflow take a submission, once.
func (l *written) judge(one submission.Stored) {
	if l.stored[one.ID].State != submission.Pending {
		return
	}
	one.State = submission.Refused
	if step := one.AsStep(); l.take(step) {
		one.State = submission.Accepted
	}
	l.stored[one.ID] = one
	for i := range l.said {
		l.said[i].State = l.stored[l.said[i].ID].State
	}
	l.readMessages(one.At)
	l.readLink()
}

// take is the workflow's judgement of a step.
func (l *written) take(s complaint.Step) bool {
	refusal := l.c.Check(s)
	if s.Name == complaint.Register && len(l.rows) == 0 {
		refusal = nil
	}
	if refusal != nil || l.c.Over() {
		return false
	}
	if s.Name == complaint.Propose {
		l.proposals = append(l.proposals, s.Submission)
	}
	l.write(complaint.Event{Kind: complaint.StepTaken, At: s.At, By: s.By.Person, Step: &s})
	return true
}

func (l *written) write(cause complaint.Event) {
	w := complaint.Write{Before: l.c.Recorded, PeopleBefore: l.c.Clone().People}
	w.Happened = l.c.Unfold(cause)
	w.Complaint = l.c
	followed := l.Rules.Follow(w)
	l.c = followed.Complaint
	for _, e := range followed.Rows() {
		l.rows = append(l.rows, record.Row{Sequence: len(l.rows) + 1, Event: e})
	}
	l.asksNobodyTwice(followed.Messages)
}

// until lets the rungs fire that come before a time.
func (l *written) until(at time.Time) {
	for range 500 {
		ref, armed := l.c.NextRung()
		if !armed || ref.At.After(at) || l.c.Ended {
			return
		}
		_, fires, _ := l.c.Rung(ref)
		l.write(complaint.Event{Kind: complaint.RungFired, At: ref.At, By: complaint.Clock, Rung: &ref, Tier: fires.Tier})
		l.readMessages(ref.At)
	}
	l.Fatal("its rungs never end")
}

func (l *written) asksNobodyTwice(messages []complaint.Event) {
	for i, one := range messages {
		for _, other := range messages[:i] {
			a, b := *one.Message, *other.Message
			a.ID, b.ID = "", ""
			require.NotEqual(l, a, b, "told twice in one moment")
		}
	}
}

// readMessages reads the letters that were queued since.
func (l *written) readMessages(now time.Time) {
	accepted := func(id string) bool { return l.stored[id].State == submission.Accepted }
	file := reading.File{Complaint: l.c, Words: l.said[0].Body, Customer: submission.Customer{Name: "Wang", Phone: "139 6686 2070"}}
	for ; l.mails < len(l.rows); l.mails++ {
		m := l.rows[l.mails].Message
		if m == nil {
			continue
		}
		template, err := message.Named(m.Template)
		require.NoError(l, err)
		if m.Tells != "" && !strings.HasPrefix(m.Tells, "report-") {
			require.True(l, accepted(m.Tells), "%s tells of submission %s, which was %s", m.Template, m.Tells, l.stored[m.Tells].State)
			require.True(l, template.Tells(l.stored[m.Tells].Step), "%s tells of %s", m.Template, l.stored[m.Tells].Step)
		}
		switch m.Template {
		case message.CustomerProposal.Name(), message.CustomerProposalReminder.Name():
			require.Equal(l, l.proposals[m.ProposalRevision-1], m.Tells, "the words of the revision that it names")
		case message.ApprovalAsked.Name():
			if m.ProposalRevision > 0 {
				require.Equal(l, l.proposals[m.ProposalRevision-1], m.Tells)
			}
		}
		for _, language := range bilingual.Languages() {
			scene := letter.Scene{File: file, Rules: l.Rules.Procedure, People: l.Rules.Directory, Told: l.stored[m.Tells], Template: template, Language: language, Now: now,
				Queued: outbox.Message{Message: *m, Number: l.c.Number, QueuedAt: l.rows[l.mails].At}}
			data, err := scene.Data()
			require.NoError(l, err)
			data.Zone = l.Rules.Calendar.Zone()
			data.Recipient = "Li Na"
			if m.Link != "" || m.To != complaint.Customer {
				data.Link = "https://desk.example/" + l.c.Number
			}
			subject, body, err := template.Render(language, data)
			require.NoError(l, err)
			page, err := template.HTML(language, data)
			require.NoError(l, err)
			l.tellsOnly(subject+"\n"+body, *m)
			l.tellsOnly(page, *m)
			l.keep(page, *m, language)
		}
	}
}

// tellsOnly reads a text: it says nothing but what its step said, and the registration.
func (l *written) tellsOnly(text string, m complaint.Message) {
	for _, found := range tokens.FindAllStringSubmatch(text, -1) {
		if id := found[1]; id != m.Tells && (id != "1" || m.To == complaint.Customer) {
			l.Fatalf("%s of %s says what submission %s said, which was %s:\n%s", m.ID, m.Template, id, l.stored[id].State, text)
		}
	}
	for _, sum := range sums.FindAllString(text, -1) {
		told := l.amounts[m.Tells]
		if told == "" && m.ProposalRevision > 0 {
			told = l.amounts[l.proposals[m.ProposalRevision-1]]
		}
		require.Equal(l, told, strings.ReplaceAll(sum, ",", ""), "%s of %s", m.ID, m.Template)
	}
	for _, left := range []string{"{{", "<no value>", "<nil>", "%!"} {
		require.NotContains(l, text, left, m.Template)
	}
}

// keep puts a mail into the folder of those to look at.
func (l *written) keep(page string, m complaint.Message, language string) {
	if *pages == "" || len(l.c.People.SeenBy) > 0 {
		return
	}
	folder := filepath.Join(*pages, l.Rules.Procedure.ID, language)
	require.NoError(l, os.MkdirAll(folder, 0o755))
	require.NoError(l, os.WriteFile(filepath.Join(folder, m.Template+".html"), []byte(page), 0o600))
}

// readLink reads what the customer sees by the link of the newest proposal.
func (l *written) readLink() {
	p := l.c.Proposal
	if p == nil {
		return
	}
	for _, language := range bilingual.Languages() {
		shown := l.reader(language).Link(link.Link{Purpose: link.Answer, Subject: p.Revision}, reading.File{Complaint: l.c}, false, l.stored[p.Submission])
		require.Equal(l, token(l.proposals[p.Revision-1]), shown.Proposal.Reasons)
		require.Equal(l, l.amounts[l.proposals[p.Revision-1]], shown.Proposal.Remedies[0].Amount)
	}
}

func (l *written) reader(language string) view.Reader {
	return view.Reader{Language: language, People: l.Rules.Directory, Rules: l.Rules.Procedure}
}

var numbers = regexp.MustCompile(`[0-9]+`)

// shape is a sentence without its numbers and names.
func (l *written) shape(sentence string) string {
	for _, person := range l.Rules.Directory.People {
		for _, language := range bilingual.Languages() {
			sentence = strings.ReplaceAll(sentence, person.Name.In(language), "N")
		}
	}
	return numbers.ReplaceAllString(sentence, "#")
}

// readRecord reads the whole record, and the complaint, in both languages.
func (l *written) readRecord() {
	taken := map[string]bool{}
	for _, row := range l.rows {
		if row.Kind == complaint.StepTaken {
			taken[row.Step.Submission] = true
		}
	}
	for _, language := range bilingual.Languages() {
		for _, e := range l.reader(language).Events(l.rows, l.c.Deadlines, l.said) {
			require.NotRegexp(l, tokens, e.Text, "no sentence holds somebody's words")
			require.NotEmpty(l, e.Text)
			require.NotRegexp(l, `[{}]|%!|<no value>|  `, e.Text)
			if e.Step == "" {
				require.Empty(l, e.Words)
			}
			l.sentences[l.shape(e.Text)] = true
		}
		shown := l.reader(language).Complaint(reading.File{Complaint: l.c, Words: l.said[0].Body}, api.ComplaintSource("record"), nil, nil, l.said, nil, nil)
		for _, words := range shown.Words {
			require.True(l, taken[words.Id], "the words of a step that wasn't taken stand among the complaint's")
		}
		for _, value := range shown.Fields {
			require.True(l, taken[tokens.FindStringSubmatch(value.(string))[1]])
		}
	}
}
