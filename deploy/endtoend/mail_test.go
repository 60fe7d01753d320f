package endtoend

import (
	"net"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/workflowservice/v1"

	"recourse/activities"
	"recourse/deploy/mailsink"
	"recourse/deploy/stack"
	"recourse/internal/store"
)

func TestAMailServerThatIsDownDelaysNoStepAndEachMessageLeavesOnceWhenItIsBack(t *testing.T) {
	t.Parallel()
	port, err := stack.FreePort()
	require.NoError(t, err)
	h := installOn(t, stack.CopyOf(t, "migrated", store.Migrate), stack.ForTest(t)).open("RECOURSE_SMTP_ADDRESS=" + stack.Address(port))
	number := h.registered()
	h.toCustomer(number)
	require.Equal(t, "awaiting_customer", h.get("/v1/complaints/"+number, "li-na").is(http.StatusOK)["stage"])

	// They show in the API and, as activities of their own, in Temporal.
	state := func() map[string]string {
		states := map[string]string{}
		for _, one := range h.get("/v1/complaints/"+number+"/messages", "li-na").is(http.StatusOK)["messages"].([]any) {
			message := one.(said)
			states[message["id"].(string)] = message["state"].(string)
		}
		return states
	}
	all := func(want string) bool {
		states := state()
		for _, one := range states {
			if one != want {
				return false
			}
		}
		return len(states) > 0
	}
	h.eventually("all are tried again", func() bool { return all("handed_over") })
	for id := range state() {
		described, err := h.temporal.WorkflowService().DescribeActivityExecution(t.Context(), &workflowservice.DescribeActivityExecutionRequest{
			Namespace: h.servers.Temporal.Namespace, ActivityId: id})
		require.NoError(t, err)
		require.Equal(t, activities.DeliverMessageActivity, described.Info.ActivityType.Name)
	}

	sink := openSink(t, port)
	h.eventually("all have left", func() bool { return all("sent") })
	arrived := map[string]int{}
	for _, message := range sink.Messages() {
		arrived[message.MessageID]++
	}
	require.Len(t, arrived, len(state()))
	for id, times := range arrived {
		require.Equal(t, 1, times, id)
	}
}

// openSink is a mail server that keeps what arrives, until the test ends.
func openSink(t *testing.T, port int) *mailsink.Sink {
	t.Helper()
	mail, err := net.Listen("tcp", stack.Address(port))
	require.NoError(t, err)
	pages, err := net.Listen("tcp", stack.Address(0))
	require.NoError(t, err)
	sink, err := mailsink.Start(t.TempDir(), mailsink.Strict, mail, pages)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, sink.Close()) })
	return sink
}
