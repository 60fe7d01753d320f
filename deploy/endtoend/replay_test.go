package endtoend

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/history/v1"
	"go.temporal.io/sdk/worker"
	"google.golang.org/protobuf/encoding/protojson"

	"recourse/deploy/stack"
	"recourse/internal/complaint"
	"recourse/internal/store"
	"recourse/workflows"
)

// keepHistories keeps what this test records where workflows/replay_test.go
// replays it from then on:
//
//	go test ./deploy/endtoend -run TestHistories -keep-histories
//
// Do it when there is something new to keep, under a new name; never to make a
// replay pass that fails: then running complaints would fail as well.
var keepHistories = flag.Bool("keep-histories", false, "keep the recorded histories in workflows/testdata/histories")

// Every kind of life is replayed from its history by the code that made it.
func TestHistoriesOfEveryKindOfComplaintAreReplayed(t *testing.T) {
	t.Parallel()
	servers := stack.OwnWith(t, stack.Options{TemporalSettings: suggestAfter(300)})
	require.NoError(t, store.Migrate(t.Context(), servers.PostgreSQL.URL))
	i := installOn(t, servers.PostgreSQL.URL, servers)
	i.startWorker()
	t.Cleanup(func() { i.worker.Stop() })

	number := ordinary(i, func(complaint.StepName, complaint.Result) {})
	i.keep("ordinary-courier-complaint", number, "")
	number = emergencyAtAProject(i)
	i.keep("emergency-at-a-project", number, "")
	number = longWay(i)
	i.keep("suspended-declined-twice-reopened", number, "")
	sides, err := i.store.Reading.Sides(t.Context(), number)
	require.NoError(t, err)
	require.NotEmpty(t, sides)
	i.keep("accountability", workflows.SideID(number, sides[0].Kind, sides[0].ID), "")

	number = i.investigated()
	first := i.describe(number).Execution.RunId
	i.eventually("it continues as new", func() bool {
		require.NoError(t, i.insist(i.submitted(number, complaint.Note, "li-na", complaint.Facts{})))
		return i.describe(number).Execution.RunId != first
	})
	i.step(number, complaint.Note, "li-na", complaint.Facts{})
	i.keep("continued-as-new-1", number, first)
	i.keep("continued-as-new-2", number, "")

	before := i.judged(number)
	i.signal(number, complaint.Step{Name: complaint.Reassign, Facts: complaint.Facts{Assignment: &complaint.Assignment{Handler: "huang-li"}}})
	i.signal(number, complaint.Step{Submission: i.submitted(number, complaint.Note, "li-na", complaint.Facts{}).ID})
	i.signal(number, complaint.Step{Name: complaint.Accept})
	i.eventually("the signals are on the record", func() bool { return i.judged(number) == before+3 })
	i.keep("signalled", number, "")
}

// longWay is a complaint that rests, is declined twice, and comes back.
func longWay(i *installation) string {
	number := i.investigated()
	acts := ordinaryActs()
	due := time.Now().Add(48 * time.Hour)
	until := time.Now().Add(24 * time.Hour)
	take := func(all ...act) {
		for _, a := range all {
			i.step(number, a.name, a.by, a.facts)
		}
	}
	take(act{complaint.Suspend, "li-na", complaint.Facts{Suspension: &complaint.Suspension{Kind: complaint.CustomerAway, Until: until}}},
		act{complaint.Resume, "li-na", complaint.Facts{}}, acts[1], acts[2],
		act{complaint.Find, "zhao-lei", complaint.Facts{Findings: &complaint.Findings{Founded: true, Cause: "mistake", Liability: complaint.LiableDepartment}}})
	propose := func(revision int, agrees bool) {
		take(act{complaint.Propose, "zhao-lei", complaint.Facts{Proposal: &complaint.Proposal{Remedies: []complaint.Remedy{{Kind: "apology"}}, TimeLimit: &due}}})
		if revision == 3 { // the tier that two declined proposals bring in
			take(act{complaint.Approve, "yang-fan", complaint.Facts{Decision: &complaint.Decision{Matter: complaint.MatterProposal, ProposalRevision: revision}}})
		}
		take(act{complaint.Answer, complaint.Customer, complaint.Facts{Answer: &complaint.CustomerReply{ProposalRevision: revision, Agrees: agrees}}})
	}
	propose(1, false)
	propose(2, false)
	propose(3, true)
	take(acts[8], acts[9], acts[10], acts[11])
	take(act{complaint.Reopen, "li-na", complaint.Facts{}})
	return number
}

// emergencyAtAProject is a property complaint with a call-out and an approval.
func emergencyAtAProject(i *installation) string {
	due := time.Now().Add(48 * time.Hour)
	number := i.register("lin-xia", complaint.Facts{Registration: &complaint.Registration{Procedure: "real-estate-project", Channel: "phone", Reachable: []string{"email"},
		Category: "property.facilities", Language: "en"}}, map[string]any{"narrative": "Water comes through the ceiling."}).Number
	for _, a := range []act{
		{complaint.Screen, "lin-xia", complaint.Facts{Screening: &complaint.Screening{Kind: complaint.KindComplaint, Valid: true, Category: "property.facilities", Severity: complaint.Emergency}}},
		{complaint.CallOutDone, "cheng-yu", complaint.Facts{}},
		{complaint.Assign, "he-yan", complaint.Facts{Assignment: &complaint.Assignment{Owner: "gao-feng"}}},
		{complaint.Accept, "cheng-yu", complaint.Facts{}},
		{complaint.Contact, "cheng-yu", complaint.Facts{Contact: &complaint.ContactMade{Reached: true}}},
		{complaint.Find, "cheng-yu", complaint.Facts{Findings: &complaint.Findings{Founded: true, Cause: "supplier", Liability: complaint.LiableSupplier}}},
		{complaint.Propose, "cheng-yu", complaint.Facts{Proposal: &complaint.Proposal{Remedies: []complaint.Remedy{{Kind: "repair", Amount: "5000.00", Currency: "CNY"}}, TimeLimit: &due}}},
		{complaint.Approve, "he-yan", complaint.Facts{Decision: &complaint.Decision{Matter: complaint.MatterProposal, ProposalRevision: 1}}},
		{complaint.Approve, "yuan-hong", complaint.Facts{Decision: &complaint.Decision{Matter: complaint.MatterProposal, ProposalRevision: 1}}},
		{complaint.Inform, "gao-feng", complaint.Facts{Answer: &complaint.CustomerReply{ProposalRevision: 1}}},
		{complaint.Answer, complaint.Customer, complaint.Facts{Answer: &complaint.CustomerReply{ProposalRevision: 1, Agrees: true}}},
		{complaint.Implement, "cheng-yu", complaint.Facts{Work: &complaint.Work{Done: true}, Fields: []string{"result"}}},
		{complaint.Verify, "gao-feng", complaint.Facts{Check: &complaint.Verification{Satisfied: true}}},
	} {
		i.step(number, a.name, a.by, a.facts)
	}
	return number
}

// machine are the names by which a machine could be known: of the workers that
// polled, and of the queue that one of them had for itself.
var machine = regexp.MustCompile(`"(identity|name)":\s*"[0-9]+@[^"]*"|"name":\s*"[^"]*:[0-9a-f]{8}-[0-9a-f-]{27}"`)

// keep replays the history of a run and, when asked, keeps it.
func (i *installation) keep(name, workflowID, runID string) {
	i.t.Helper()
	recorded := &history.History{}
	events := i.temporal.GetWorkflowHistory(i.t.Context(), workflowID, runID, false, enums.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for events.HasNext() {
		event, err := events.Next()
		require.NoError(i.t, err)
		recorded.Events = append(recorded.Events, event)
	}
	replayer := worker.NewWorkflowReplayer()
	workflows.Register(replayer)
	require.NoError(i.t, replayer.ReplayWorkflowHistory(nil, recorded), name)
	if !*keepHistories {
		return
	}
	root, err := stack.Root()
	require.NoError(i.t, err)
	raw, err := protojson.Marshal(recorded)
	require.NoError(i.t, err)
	raw = machine.ReplaceAllFunc(raw, func(found []byte) []byte {
		field, _, _ := bytes.Cut(found, []byte(":"))
		return append(append([]byte{}, field...), `:"worker"`...)
	})
	host, err := os.Hostname()
	require.NoError(i.t, err)
	require.NotContains(i.t, string(raw), host)
	var compact bytes.Buffer // the same bytes from every version of protojson, which varies its blanks
	require.NoError(i.t, json.Compact(&compact, raw))
	require.NoError(i.t, os.WriteFile(filepath.Join(root, "workflows", "testdata", "histories", name+".json"), compact.Bytes(), 0o644))
}
