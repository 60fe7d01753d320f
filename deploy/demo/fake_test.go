package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/api"
	"recourse/internal/complaint"
)

// world is an API and a mail sink as far as the demo needs them: every body is checked against the
// API's description, every key stands for one act, and a complaint goes from stage to stage without
// asking who is allowed to.
type world struct {
	*httptest.Server
	t      *testing.T
	bodies *api.Bodies

	mu         sync.Mutex
	complaints map[string]*api.Complaint
	answers    map[string]string // by key: what was answered first
	sent       map[string]string // by key: what was sent first
	mail       map[string][]string
	taken      []string
	emails     map[string]string
}

func newWorld(t *testing.T) *world {
	bodies, err := api.NewBodies()
	require.NoError(t, err)
	w := &world{t: t, bodies: bodies, complaints: map[string]*api.Complaint{}, answers: map[string]string{}, sent: map[string]string{},
		mail: map[string][]string{}, emails: map[string]string{}}
	routes := http.NewServeMux()
	routes.HandleFunc("GET /readyz", func(http.ResponseWriter, *http.Request) {})
	routes.HandleFunc("GET /messages", w.listMail)
	routes.HandleFunc("POST /v1/complaints", w.keyed(func(_ *http.Request, body []byte) any {
		var b api.Register
		w.read("Register", body, &b)
		return w.register(b)
	}))
	routes.HandleFunc("POST /v1/public/complaints", w.keyed(func(_ *http.Request, body []byte) any {
		var b api.PublicRegister
		w.read("PublicRegister", body, &b)
		result := w.register(api.Register{Procedure: b.Procedure, Channel: "web", Narrative: b.Narrative, Category: b.Category, Fields: b.Fields,
			Customer: api.Customer{Name: b.Customer.Name, Phone: b.Customer.Phone, Email: b.Customer.Email, Language: b.Customer.Language}})
		return api.PublicReceipt{Number: result.Number, Stage: string(result.Stage), Status: "registered", Follow: "/v1/links/follow." + result.Number}
	}))
	routes.HandleFunc("POST /v1/complaints/{number}/steps/{step}", w.keyed(func(r *http.Request, body []byte) any {
		return w.step(r.PathValue("number"), complaint.StepName(r.PathValue("step")), body)
	}))
	routes.HandleFunc("GET /v1/links/{token}", func(rw http.ResponseWriter, r *http.Request) {
		w.mu.Lock()
		defer w.mu.Unlock()
		purpose, number, _ := strings.Cut(r.PathValue("token"), ".")
		w.write(rw, api.LinkView{Number: number, Purpose: api.LinkViewPurpose(purpose)})
	})
	routes.HandleFunc("POST /v1/links/{token}", w.keyed(func(r *http.Request, body []byte) any {
		purpose, number, _ := strings.Cut(r.PathValue("token"), ".")
		w.useLink(purpose, number, body)
		return api.LinkView{Number: number, Purpose: api.LinkViewPurpose(purpose)}
	}))
	routes.HandleFunc("GET /v1/complaints", w.list)
	routes.HandleFunc("GET /v1/complaints/{number}", w.get(func(c *api.Complaint) any { return c }))
	routes.HandleFunc("GET /v1/complaints/{number}/deadlines", w.get(func(c *api.Complaint) any {
		return api.DeadlineList{Deadlines: []api.DeadlineWithLedger{{Deadline: api.Deadline{Name: "forward", Overdue: time.Since(c.HeardAt) > time.Hour}}}}
	}))
	routes.HandleFunc("GET /v1/complaints/{number}/messages", w.get(func(*api.Complaint) any {
		return api.MessageList{Messages: []api.Message{{Id: "1", State: "sent"}}}
	}))
	w.Server = httptest.NewServer(routes)
	t.Cleanup(w.Close)
	return w
}

func (w *world) write(rw http.ResponseWriter, answer any) {
	encoded, err := json.Marshal(answer)
	if err != nil {
		w.t.Error(err)
	}
	_, _ = rw.Write(encoded)
}

func (w *world) read(schema string, body []byte, into any) {
	if err := w.bodies.Read(schema, body, into); err != nil {
		w.t.Errorf("%s: %v: %s", schema, err, body)
	}
}

// keyed answers a key as it was answered first; another body under it is a mistake of the demo.
func (w *world) keyed(act func(*http.Request, []byte) any) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		w.mu.Lock()
		defer w.mu.Unlock()
		body, _ := io.ReadAll(r.Body)
		key := r.Header.Get("Idempotency-Key") + " " + r.URL.Path
		if answered, known := w.answers[key]; known {
			if w.sent[key] != string(body) {
				w.t.Errorf("%s was sent with another body:\n%s\n%s", key, w.sent[key], body)
			}
			_, _ = io.WriteString(rw, answered)
			return
		}
		encoded, err := json.Marshal(act(r, body))
		if err != nil {
			w.t.Error(err)
		}
		w.answers[key], w.sent[key] = string(encoded), string(body)
		w.taken = append(w.taken, key)
		_, _ = rw.Write(encoded)
	}
}

func (w *world) register(b api.Register) api.StepResult {
	c := &api.Complaint{Number: fmt.Sprintf("%s-2026-%06d", strings.ToUpper(b.Procedure[:2]), len(w.complaints)+1), Procedure: b.Procedure, Stage: api.StageReceived,
		Revision: 1, HeardAt: b.HeardAt, Fields: b.Fields, Severity: "normal", Category: b.Category,
		People: api.People{Department: "operations", Handler: api.PersonRef{Id: "zhao-lei"}, Owner: api.PersonRef{Id: "li-na"}}}
	if c.HeardAt.IsZero() {
		c.HeardAt = time.Now()
	}
	w.complaints[c.Number], w.emails[c.Number] = c, b.Customer.Email
	switch {
	case b.ResolveOnSpot != nil:
		c.Stage, c.Outcome = api.StageClosed, string(api.ResolvedOnSpot)
	case b.Screen != nil:
		w.screened(c, *b.Screen)
	}
	return w.result(c)
}

func (w *world) screened(c *api.Complaint, s api.Screen) {
	c.Severity = string(s.Severity)
	switch {
	case !s.Valid:
		c.Stage = api.StageExplaining
	case c.Procedure == realEstate:
		c.Stage = api.StageAssigning
	default:
		c.Stage = api.StageInvestigating
	}
}

// step takes a step: where it leads, and what it leaves behind.
func (w *world) step(number string, step complaint.StepName, body []byte) any {
	c := w.complaints[number]
	var b struct {
		api.Screen
		Contested, Agrees bool
		Outcome           string
		Matter            string
		Remedies          []api.Remedy
	}
	schema := ""
	for word := range strings.SplitSeq(string(step), "-") {
		schema += strings.ToUpper(word[:1]) + word[1:]
	}
	var checked map[string]any
	w.read(schema, body, &checked)
	_ = json.Unmarshal(body, &b)
	switch step {
	case complaint.Screen:
		w.screened(c, b.Screen)
	case complaint.ResolveOnSpot:
		c.Stage, c.Outcome = api.StageClosed, string(api.ResolvedOnSpot)
	case complaint.Explain:
		if c.Stage, c.Outcome = api.StageClosed, string(api.RejectedInvalid); b.Contested {
			c.Stage, c.Outcome = api.StageReceived, ""
		}
	case complaint.Assign:
		c.Stage = api.StageInvestigating
	case complaint.Return:
		c.Stage = api.StageReceived
	case complaint.Accept:
		c.Accepted = true
	case complaint.Contact:
		c.Contacted = true
	case complaint.Find:
		c.Stage, c.Findings = api.StageProposing, &complaint.Findings{Founded: true}
	case complaint.Propose:
		c.ProposalRevision++
		c.Proposal = &complaint.OpenProposal{}
		if c.Stage = api.StageApproving; len(b.Remedies) > 1 {
			c.Approvals = approvalOf(complaint.MatterProposal, c.ProposalRevision)
			break
		}
		w.offered(c)
	case complaint.Approve:
		c.Approvals = nil
		if b.Matter == string(complaint.MatterSuspension) {
			c.Suspended = true
			break
		}
		w.offered(c)
	case complaint.Inform:
		c.Proposal.Informed = true
	case complaint.Answer:
		w.answered(c, b.Agrees)
	case complaint.Implement:
		c.Stage = api.StageVerifying
	case complaint.Verify:
		c.Stage = api.StageFollowingUp
		w.post(c, "rate")
	case complaint.Assess:
		no := false
		c.CaseValue = &no
	case complaint.Close:
		c.Stage, c.Outcome = api.StageClosed, b.Outcome
	case complaint.Withdraw:
		c.Stage, c.Outcome = api.StageClosed, string(api.Withdrawn)
	case complaint.Link:
		c.Stage, c.Outcome = api.StageClosed, string(api.Merged)
	case complaint.Suspend:
		c.OpenMatters = []complaint.OpenMatter{{Number: 1}}
		if c.Suspended = c.Procedure == courier; !c.Suspended {
			c.Approvals = approvalOf(complaint.MatterSuspension, 1)
		}
	}
	c.Words = append(c.Words, api.Submitted{Step: string(step)})
	c.Revision++
	return w.result(c)
}

func (w *world) offered(c *api.Complaint) {
	c.Stage = api.StageAwaitingCustomer
	w.post(c, "answer")
}

func (w *world) answered(c *api.Complaint, agrees bool) {
	if c.Stage = api.StageImplementing; !agrees {
		c.Stage = api.StageProposing
		c.Declined++
	}
}

func (w *world) post(c *api.Complaint, purpose string) {
	to := w.emails[c.Number]
	for _, number := range []string{c.Number, "of-another-life"} { // whatever happens beside the demo is newer
		w.mail[to] = append(w.mail[to], "You can answer here:\nhttp://127.0.0.1:8080/v1/links/"+purpose+"."+number+"\n")
	}
}

func (w *world) useLink(purpose, number string, body []byte) {
	c := w.complaints[number]
	switch purpose {
	case "answer":
		var b api.LinkAnswer
		w.read("LinkAnswer", body, &b)
		w.answered(c, b.Agrees)
	case "rate":
		var b api.LinkRating
		w.read("LinkRating", body, &b)
		c.Satisfaction = string(b.Satisfaction)
		if c.Stage = api.StageClosing; b.Satisfaction == api.Dissatisfied {
			c.Stage, c.Accepted, c.Contacted, c.Findings = api.StageInvestigating, false, false, nil
		}
	}
	c.Revision++
}

func (w *world) result(c *api.Complaint) api.StepResult {
	return api.StepResult{Number: c.Number, Stage: c.Stage, Revision: c.Revision, AllowedSteps: []string{}, Deadlines: []api.Deadline{}}
}

func (w *world) get(show func(*api.Complaint) any) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.write(rw, show(w.complaints[r.PathValue("number")]))
	}
}

// list finds complaints by the waybill.
func (w *world) list(rw http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var page api.ComplaintList
	for number, c := range w.complaints {
		if c.Fields["waybill"] == r.URL.Query().Get("q") {
			page.Complaints = append(page.Complaints, api.ComplaintSummary{Number: number})
		}
	}
	w.write(rw, page)
}

func (w *world) listMail(rw http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	defer w.mu.Unlock()
	messages := []map[string]string{}
	for _, text := range w.mail[r.URL.Query().Get("to")] {
		messages = append(messages, map[string]string{"text": text})
	}
	w.write(rw, map[string]any{"messages": messages})
}

func approvalOf(matter complaint.Matter, number int) []complaint.Approval {
	return []complaint.Approval{{Matter: matter, Number: number, Levels: []complaint.Level{{Role: "head", Person: "zhang-min"}}}}
}
