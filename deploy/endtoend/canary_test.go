package endtoend

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"go.temporal.io/api/common/v1"
	"go.temporal.io/api/sdk/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.yaml.in/yaml/v4"
	"google.golang.org/protobuf/proto"

	"recourse/deploy/stack"
	"recourse/internal/api"
	"recourse/internal/complaint"
	"recourse/internal/link"
	"recourse/internal/store"
	"recourse/internal/store/published"
	"recourse/workflows"
)

// canary begins every word that must not leave PostgreSQL. It is a code word by
// its looks, so that nothing that checks looks keeps it out.
const canary = "Zeisig"

// canaries put one of their own into every free-text field of a body, as the
// API's description has them: a field that is added tomorrow gets one too.
type canaries struct {
	t       testing.TB
	schemas map[string]any
	words   []string
}

func newCanaries(t testing.TB) *canaries {
	t.Helper()
	var description map[string]any
	require.NoError(t, yaml.Unmarshal(api.Description(), &description))
	return &canaries{t: t, schemas: description["components"].(map[string]any)["schemas"].(map[string]any)}
}

func (c *canaries) word() string {
	c.words = append(c.words, fmt.Sprintf("%s%04dx", canary, len(c.words)))
	return c.words[len(c.words)-1]
}

// in fills the free-text fields of a body that has its coded fields.
func (c *canaries) in(schema string, body said) said {
	c.t.Helper()
	object, known := c.schemas[schema].(map[string]any)
	require.True(c.t, known, schema)
	properties, _ := object["properties"].(map[string]any)
	for name, one := range properties {
		property := one.(map[string]any)
		reference, _ := property["$ref"].(string)
		if reference != "" {
			reference = reference[strings.LastIndex(reference, "/")+1:]
			property = c.schemas[reference].(map[string]any)
		}
		switch property["type"] {
		case "string":
			if text, free := c.freeText(property); free && body[name] == nil {
				body[name] = text
			}
		case "object":
			if nested, given := body[name].(said); given && property["properties"] != nil {
				c.in(reference, nested)
			}
		case "array":
			items, _ := body[name].([]said)
			if of, ok := property["items"].(map[string]any)["$ref"].(string); ok {
				for _, item := range items {
					c.in(of[strings.LastIndex(of, "/")+1:], item)
				}
			}
		}
	}
	return body
}

// freeText is a word for the field, unless it holds coded words or an instant.
func (c *canaries) freeText(property map[string]any) (string, bool) {
	pattern, _ := property["pattern"].(string)
	switch {
	case property["enum"] != nil, property["format"] != nil:
		return "", false
	case strings.Contains(pattern, "@"):
		return c.word() + "@example.org", true
	case pattern != "":
		return "", false
	}
	return c.word(), true
}

// waybill is a value for a field of the form, which has a pattern.
func (c *canaries) waybill() string { return strings.ToUpper(c.word()) }

// schemaOf names the body of a step: "mark-special" takes MarkSpecial.
func schemaOf(step string) string {
	var name strings.Builder
	for part := range strings.SplitSeq(step, "-") {
		name.WriteString(strings.ToUpper(part[:1]) + part[1:])
	}
	return name.String()
}

// grumpyMail refuses everybody, customers for good, and repeats what it was told.
type grumpyMail struct{}

func (grumpyMail) NewSession(*smtp.Conn) (smtp.Session, error) { return grumpyMail{}, nil }
func (grumpyMail) Mail(string, *smtp.MailOptions) error        { return nil }
func (grumpyMail) Reset()                                      {}
func (grumpyMail) Logout() error                               { return nil }
func (grumpyMail) Data(io.Reader) error                        { return errors.New("nobody gets this far") }
func (grumpyMail) Rcpt(to string, _ *smtp.RcptOptions) error {
	code := 450
	if strings.Contains(to, "example.org") {
		code = 550
	}
	return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{code / 100, 1, 1}, Message: canary + " says: no mailbox " + to}
}

func refuseMail(t testing.TB) string {
	t.Helper()
	listener, err := net.Listen("tcp", stack.Address(0))
	require.NoError(t, err)
	server := smtp.NewServer(grumpyMail{})
	go server.Serve(listener)
	t.Cleanup(func() { server.Close() })
	return listener.Addr().String()
}

// chatty is a house in which everybody writes canary words wherever they can.
type chatty struct {
	*house
	*canaries
	links   *link.Signer
	numbers []string
	took    map[complaint.StepName]bool
}

func (c *chatty) step(number, step string, by complaint.PersonID, body said) {
	c.house.t.Helper()
	c.take(number, step, by, c.in(schemaOf(step), body))
	c.took[complaint.StepName(step)] = true
}

func (c *chatty) begin(by complaint.PersonID, body said) string {
	c.house.t.Helper()
	if body["customer"] == nil {
		body["customer"] = said{"language": "en"}
	}
	c.in("Register", body)
	number := c.post("/v1/complaints", by, "", body).is(http.StatusCreated)["number"].(string)
	c.numbers = append(c.numbers, number)
	return number
}

// byLink takes the step of a customer's link.
func (c *chatty) byLink(number string, purpose link.Purpose, subject int, schema string, body said) {
	c.house.t.Helper()
	issued, err := c.store.Links.Issue(c.house.t.Context(), number, purpose, subject, time.Now().Add(time.Hour))
	require.NoError(c.house.t, err)
	token, err := c.links.Sign(link.Link{ID: uuid.MustParse(issued.ID), Number: number, Purpose: purpose, Subject: subject, ExpiresAt: issued.ExpiresAt})
	require.NoError(c.house.t, err)
	c.post("/v1/links/"+token, "", "", c.in(schema, body)).is(http.StatusOK)
	c.words = append(c.words, token)
}

func (c *chatty) attach(number string, by complaint.PersonID) {
	c.house.t.Helper()
	var sent bytes.Buffer
	parts := multipart.NewWriter(&sent)
	part, err := parts.CreateFormFile("file", c.word()+".txt")
	require.NoError(c.house.t, err)
	_, err = io.WriteString(part, "I saw it all: "+c.word())
	require.NoError(c.house.t, err)
	require.NoError(c.house.t, parts.Close())
	kept, err := c.send(http.MethodPost, "/v1/complaints/"+number+"/attachments", by, &sent, "Content-Type", parts.FormDataContentType())
	require.NoError(c.house.t, err)
	kept.is(http.StatusCreated)
}

func inDays(days int) time.Time { return time.Now().AddDate(0, 0, days).UTC() }

// parcelWithEverything goes through nearly every step that there is.
func (c *chatty) parcelWithEverything() string {
	number := c.begin("li-na", said{"procedure": "courier-station", "channel": "phone", "category": "operations.mistake",
		"heard_at": time.Now().Add(-40 * time.Second).UTC(), "fields": said{"waybill": c.waybill()}})
	c.attach(number, "li-na")
	c.eventually("the lapsed clock asks the head of dispatch", func() bool { return len(c.rungs(number)) >= 2 })
	c.step(number, "acknowledge", "zhang-min", said{})
	c.step(number, "note", "li-na", said{})
	c.step(number, "suspend", "li-na", said{"kind": "agreed-date", "until": inDays(2)})
	c.step(number, "resume", "li-na", said{})
	screen := func() said {
		return said{"kind": "complaint", "valid": true, "category": "operations.mistake", "severity": "normal"}
	}
	c.step(number, "screen", "li-na", screen())
	c.step(number, "return", "zhao-lei", said{})
	c.step(number, "screen", "li-na", screen())
	c.step(number, "assign", "li-na", said{"department": "operations", "handler": "zhao-lei"})
	// Refused with all its words: not the agent's step.
	c.post(stepPath(number, "accept"), "li-na", "", c.in("Accept", said{})).is(http.StatusForbidden)
	c.step(number, "accept", "zhao-lei", said{})
	c.step(number, "mark-special", "zhang-min", said{})
	c.step(number, "request-support", "zhao-lei", said{"department": "it"})
	c.step(number, "give-support", "wu-gang", said{"request": 1})
	c.step(number, "contact", "zhao-lei", said{"reached": true})
	c.step(number, "visit", "zhao-lei", said{"report": false, "at": inDays(1)})
	c.step(number, "extend", "zhang-min", said{"deadline": "settle", "due": inDays(9)})
	c.step(number, "escalate", "li-na", said{})
	c.step(number, "instruct", "yang-fan", said{"due": inDays(1)})
	c.step(number, "carried-out", "li-na", said{})
	c.step(number, "take-over", "yang-fan", said{})
	c.step(number, "reassign", "yang-fan", said{"handler": "huang-li"})
	c.step(number, "accept", "huang-li", said{})
	c.step(number, "find", "huang-li", said{"founded": true, "liability": "department", "cause_code": "coordination"})
	propose := func() {
		c.step(number, "propose", "huang-li", said{"remedies": []said{{"kind": "compensation", "amount": "50.00", "currency": "CNY"}}, "time_limit": inDays(2)})
	}
	approve := func(revision int) {
		c.step(number, "approve", "zhang-min", said{"matter": "proposal", "proposal_revision": revision})
	}
	propose()
	c.step(number, "refuse", "zhang-min", said{"matter": "proposal", "proposal_revision": 1})
	propose()
	approve(2)
	c.step(number, "inform", "li-na", said{"proposal_revision": 2})
	c.step(number, "answer", "li-na", said{"proposal_revision": 2, "agrees": false, "asked_by": "phone"})
	propose()
	approve(3)
	c.byLink(number, link.Answer, 3, "LinkAnswer", said{"agrees": true})
	c.step(number, "implement", "huang-li", said{"done": true})
	c.step(number, "verify", "li-na", said{"satisfied": false, "back_to": "implementing"})
	c.step(number, "implement", "huang-li", said{"done": true})
	c.step(number, "verify", "li-na", said{"satisfied": true})
	c.step(number, "call-back", "li-na", said{"reached": false})
	c.step(number, "correct", "li-na", said{"customer": said{}})
	c.step(number, "assess", "li-na", said{"case_value": true, "draft": said{}})
	c.byLink(number, link.Rate, 1, "LinkRating", said{"satisfaction": "satisfied"})
	c.step(number, "close", "li-na", said{"outcome": "resolved"})
	c.step(number, "reopen", "li-na", said{})
	c.sideSteps(number)
	c.step(number, "withdraw", "li-na", said{"asked_by": "phone"})
	return number
}

// sideSteps takes the first step of each process beside the complaint.
func (c *chatty) sideSteps(number string) {
	c.house.t.Helper()
	sides, err := c.store.Reading.Sides(c.house.t.Context(), number)
	require.NoError(c.house.t, err)
	require.Len(c.house.t, sides, 2, "accountability, and a look at the coordination between departments")
	for _, side := range sides {
		path := "/v1/complaints/" + number + "/" + side.Kind + "/" + side.ID + "/steps/" + side.State
		c.post(path, side.Person, "", c.in("SideStep", said{"agrees": true})).is(http.StatusOK)
	}
}

func TestNoWordOfAnybodyIsInTemporalOrInALog(t *testing.T) {
	t.Parallel()
	h := installOn(t, stack.CopyOf(t, "migrated", store.Migrate), stack.ForTest(t), "{not_before: 1wd, within: 3wd", "{within: 3wd", "    within: 1h ", "    within: 1m ").open("RECOURSE_SMTP_ADDRESS="+refuseMail(t), "RECOURSE_LOG_LEVEL=debug")
	links, err := link.NewSigner([]byte(linkKey))
	require.NoError(t, err)
	c := &chatty{house: h, canaries: newCanaries(t), links: links, took: map[complaint.StepName]bool{}}
	waybill := said{"waybill": c.waybill()}

	number := c.parcelWithEverything()
	unfounded := c.begin("li-na", said{"procedure": "courier-station", "channel": "letter", "fields": waybill})
	c.step(unfounded, "screen", "li-na", said{"kind": "complaint", "valid": false, "category": "operations.mistake"})
	c.step(unfounded, "explain", "li-na", said{"contested": true})
	c.step(unfounded, "screen", "zhang-min", said{"kind": "complaint", "valid": false, "category": "operations.mistake"})
	c.byLink(unfounded, link.Appeal, 0, "LinkWords", said{})
	c.took[complaint.Appeal] = true
	c.step(unfounded, "close", "wang-wei", said{"outcome": "referred", "final_reply": said{}})
	c.step(c.begin("li-na", said{"procedure": "courier-station", "channel": "phone", "fields": waybill}), "resolve-on-spot", "li-na", said{"customer_accepts": true})
	c.step(c.begin("li-na", said{"procedure": "courier-station", "channel": "phone", "fields": waybill}), "link", "li-na", said{"relation": "repeats", "number": number})
	c.begin("li-na", said{"procedure": "courier-station", "channel": "phone", "fields": waybill, "resolve_on_spot": said{"customer_accepts": true}})
	emergency := c.begin("lin-xia", said{"procedure": "real-estate-project", "channel": "phone", "category": "property.facilities"})
	c.step(emergency, "screen", "lin-xia", said{"kind": "complaint", "valid": true, "category": "property.facilities", "severity": "emergency"})
	c.step(emergency, "call-out-done", "cheng-yu", said{})
	c.step(emergency, "assign", "he-yan", said{"owner": "gao-feng"})
	public := h.post("/v1/public/complaints", "", "", c.in("PublicRegister", said{"procedure": "courier-station", "customer": said{"language": "en"}})).is(http.StatusCreated)
	c.numbers = append(c.numbers, public["number"].(string))
	for _, name := range complaint.StepNames() {
		require.True(t, c.took[name], "%s was taken by nobody: let somebody take it, with words", name)
	}

	// Reasons are words, too, where steps are taken for many complaints at once.
	rules, err := h.store.Published.Newest(t.Context(), published.Procedure, "courier-station")
	require.NoError(t, err)
	_, err = h.store.Published.Publish(t.Context(), published.Procedure, "courier-station", rules.Body+"\n# The same rules again.\n", "test")
	require.NoError(t, err)
	rebased := h.post("/v1/rebase", "zhou-jie", "", c.in("Rebase", said{"query": said{"procedure": "courier-station"}, "target_version": 2})).is(http.StatusOK)
	require.NotZero(t, rebased["matched"])
	away := h.post("/v1/people/li-na/absences", "zhang-min", "", c.in("Absence", said{"from": time.Now().UTC(), "until": inDays(2)})).is(http.StatusCreated)
	require.NotEmpty(t, away["moved"])

	// A write that the database refuses for a while, with the row in its words.
	owner, err := pgx.Connect(t.Context(), h.dsn)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, owner.Close(t.Context())) })
	_, err = owner.Exec(t.Context(), "ALTER TABLE record ADD CONSTRAINT disk_full CHECK (kind <> 'step_taken') NOT VALID")
	require.NoError(t, err)
	go h.tryPost(stepPath(emergency, "note"), "he-yan", "fails for a while", c.in("Note", said{}))
	h.eventually("the write fails", func() bool {
		pending := h.pending(emergency)
		return len(pending) == 1 && pending[0].LastFailure != nil
	})
	seen := c.everythingInTemporal()
	_, err = owner.Exec(t.Context(), "ALTER TABLE record DROP CONSTRAINT disk_full")
	require.NoError(t, err)
	h.eventually("the write succeeds", func() bool { return h.taken(emergency)[complaint.Note] == 1 })

	failed, handedOver := h.deliveries(c.numbers)
	require.NotEmpty(t, failed, "the mail server refused customers for good")
	require.NotEmpty(t, handedOver, "and others for now: standalone activities try again")
	for what, raw := range c.everythingInTemporal() {
		seen[what+", at the end"] = raw
	}
	for _, id := range handedOver {
		described, err := h.temporal.WorkflowService().DescribeActivityExecution(t.Context(), &workflowservice.DescribeActivityExecutionRequest{
			Namespace: h.servers.Temporal.Namespace, ActivityId: id, IncludeInput: true, IncludeOutcome: true, IncludeHeartbeatDetails: true, IncludeLastFailure: true})
		require.NoError(t, err)
		seen["activity "+id] = c.bytes(described)
	}
	// They are where they belong: with the submission.
	kept := h.get("/v1/complaints/"+number+"/events?limit=200", "li-na")
	require.Contains(t, string(kept.body), canary)
	h.server.Stop()
	h.worker.Stop()
	for _, log := range []string{h.serverLog, h.workerLog} {
		seen[log], err = os.ReadFile(log)
		require.NoError(t, err)
		require.NotEmpty(t, seen[log])
	}
	require.Contains(t, string(seen["history of "+number]), "operations.mistake", "codes are there")
	require.Greater(t, len(c.words), 80)
	require.Greater(t, len(seen), 20)
	for what, raw := range seen {
		if at := bytes.Index(bytes.ToLower(raw), []byte(strings.ToLower(canary))); at >= 0 {
			t.Errorf("%s holds words of people: …%s…", what, raw[max(0, at-80):min(len(raw), at+40)])
		}
		for _, word := range c.words {
			if bytes.Contains(raw, []byte(word)) {
				t.Errorf("%s holds %s", what, word)
			}
		}
	}
}

// deliveries are the messages that failed for good, and those handed over to activities.
func (i *installation) deliveries(numbers []string) (failed, handedOver []string) {
	i.t.Helper()
	i.eventually("every message was tried", func() bool {
		failed, handedOver = nil, nil
		for _, number := range numbers {
			messages, err := i.store.Outbox.Of(i.t.Context(), number)
			require.NoError(i.t, err)
			for _, message := range messages {
				switch message.State {
				case "failed":
					failed = append(failed, message.ID)
				case "queued":
					return false
				default:
					handedOver = append(handedOver, message.ID)
				}
			}
		}
		return true
	})
	return failed, handedOver
}

// everythingInTemporal is all that Temporal has of the complaints and of what
// runs beside them, byte for byte, by what it is.
func (c *chatty) everythingInTemporal() map[string][]byte {
	t := c.house.t
	t.Helper()
	all := map[string][]byte{}
	ids := append([]string{}, c.numbers...)
	for _, number := range c.numbers {
		sides, err := c.store.Reading.Sides(t.Context(), number)
		require.NoError(t, err)
		for _, side := range sides {
			ids = append(ids, workflows.SideID(number, side.Kind, side.ID))
		}
	}
	service, namespace := c.temporal.WorkflowService(), c.servers.Temporal.Namespace
	for _, id := range ids {
		var events [][]byte
		for _, event := range c.history(id) {
			events = append(events, c.bytes(event))
		}
		all["history of "+id] = bytes.Join(events, nil)
		described, err := service.DescribeWorkflowExecution(t.Context(), &workflowservice.DescribeWorkflowExecutionRequest{
			Namespace: namespace, Execution: &common.WorkflowExecution{WorkflowId: id}})
		require.NoError(t, err)
		all["description of "+id] = c.bytes(described)
		details, err := c.temporal.QueryWorkflow(t.Context(), id, "", "__temporal_workflow_metadata")
		require.NoError(t, err)
		metadata := &sdk.WorkflowMetadata{}
		require.NoError(t, details.Get(metadata))
		require.NotEmpty(t, metadata.CurrentDetails)
		all["details of "+id] = c.bytes(metadata)
	}
	return all
}

func (c *chatty) bytes(message proto.Message) []byte {
	raw, err := proto.Marshal(message)
	require.NoError(c.house.t, err)
	return raw
}
