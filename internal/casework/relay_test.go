package casework_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/serviceerror"

	"recourse/deploy/stack"
	"recourse/internal/casework"
	"recourse/internal/complaint"
	"recourse/internal/rig"
	"recourse/internal/store/submission"
)

func TestRegistrationWhileTemporalIsAwayGoesOnByItself(t *testing.T) {
	r := rig.Living(t)
	back := r.Office.Lives
	away := rig.QuietClient(t, "127.0.0.1:1", stack.Namespace(t))
	r.Office.Lives = &casework.Lives{Temporal: away, TaskQueue: back.TaskQueue, Namespace: back.Namespace, Patience: 200 * time.Millisecond}

	key := header{"Idempotency-Key": "away"}
	pending := r.Post("/v1/complaints", rig.Dispatcher, rig.Parcel(), key)
	number := pending.Is(http.StatusAccepted)["number"].(string)
	require.Equal(t, number, r.Post("/v1/complaints", rig.Dispatcher, rig.Parcel(), key).Is(http.StatusAccepted)["number"], "one number, however often it is sent")
	waiting := r.Get("/v1/complaints/"+number, rig.Dispatcher).Is(http.StatusOK)
	require.Equal(t, "submission", waiting["source"])
	require.Equal(t, "Parcel left at the wrong door, twice.", waiting["narrative"])
	require.Len(t, r.Get("/v1/complaints", rig.Dispatcher).Is(200)["complaints"], 1)
	r.Post("/v1/complaints/"+number+"/steps/note", rig.Dispatcher, body{"words": "x"}).Refused(503, "unavailable")

	r.Office.Lives = back
	stored, err := r.Office.Submissions.Of(t.Context(), number)
	require.NoError(t, err)
	var all sync.WaitGroup
	for range 3 { // several servers at once, and one after the other
		all.Go(func() {
			require.NoError(t, casework.Relay(r.Office, context.WithoutCancel(t.Context()), stored[0]))
		})
	}
	all.Wait()
	require.NoError(t, casework.RelayWaiting(r.Office, t.Context()))
	require.EqualValues(t, 1, r.Get("/v1/complaints/"+number, rig.Dispatcher).Is(200)["revision"])
	require.Equal(t, number, r.Post("/v1/complaints", rig.Dispatcher, rig.Parcel(), key).Is(http.StatusCreated)["number"])
	require.Len(t, r.Get("/v1/complaints", rig.Dispatcher).Is(200)["complaints"], 1, "none twice")
	claimed, err := r.Office.Submissions.ClaimRegistrations(t.Context(), 10, time.Second)
	require.NoError(t, err)
	require.Empty(t, claimed)
}

func TestRelayedRegistrationThatIsRefusedStops(t *testing.T) {
	r, temporal := rig.Standing(t)
	temporal.Says = func(string, complaint.Step) (complaint.Result, error) {
		return complaint.Result{}, serviceerror.NewUnavailable("away")
	}
	number := r.Post("/v1/complaints", rig.Dispatcher, rig.Parcel()).Is(202)["number"].(string)
	stored, err := r.Office.Submissions.Of(t.Context(), number)
	require.NoError(t, err)
	require.ErrorIs(t, casework.Relay(r.Office, t.Context(), stored[0]), casework.ErrUnanswered)
	temporal.Says = func(string, complaint.Step) (complaint.Result, error) {
		return complaint.Result{}, rig.Refusal(complaint.Refusal{Code: complaint.CodeRuleViolation, Reason: complaint.ReasonMissingFacts})
	}
	require.NoError(t, casework.Relay(r.Office, t.Context(), stored[0]))
	after, err := r.Office.Submissions.One(t.Context(), stored[0].ID)
	require.NoError(t, err)
	require.Equal(t, submission.Refused, after.State)
	r.Get("/v1/complaints/"+number, rig.Dispatcher).Refused(404, "not_found")
}

// First review: D5, D8.
func TestARegistrationThatCanNotBeStartedKeepsNoOtherWaiting(t *testing.T) {
	r, temporal := rig.Standing(t)
	away := func(string, complaint.Step) (complaint.Result, error) {
		return complaint.Result{}, serviceerror.NewUnavailable("away")
	}
	temporal.Says = away
	var numbers []string
	for range 20 {
		numbers = append(numbers, r.Post("/v1/complaints", rig.Dispatcher, rig.Parcel()).Is(202)["number"].(string))
	}
	r.SQL(
		`UPDATE submissions SET relay_after = stored_at`,
		// What another version of the program has stored, this one can't read.
		`UPDATE submissions SET facts = '{"register": 7}' WHERE number = '`+numbers[0]+`'`,
	)
	var lock sync.Mutex
	var started []string
	temporal.Says = func(number string, step complaint.Step) (complaint.Result, error) {
		if number == numbers[1] {
			return away(number, step)
		}
		lock.Lock()
		defer lock.Unlock()
		started = append(started, number)
		return complaint.Result{Number: number}, nil
	}
	err := casework.RelayWaiting(r.Office, t.Context())
	require.ErrorContains(t, err, "decode the facts of submission")
	require.ErrorContains(t, err, "start complaint "+numbers[1])
	require.ElementsMatch(t, numbers[2:], started)
}

func TestAComplaintThatAnEarlierVersionRegisteredIsFoundByTheWordsOfThisOne(t *testing.T) {
	r := rig.Living(t)
	said := rig.Parcel()
	said["customer"] = body{"name": "José García", "phone": "+86 139 0000 1111"}
	number := r.Register(rig.Dispatcher, said)
	r.Take(number, "note", rig.Dispatcher, body{"words": "The neighbour saw a drone."})
	for key, one := range map[string]submission.Submission{
		"link": {Step: complaint.Link, Facts: complaint.Facts{Linked: &complaint.Linked{}}, Body: json.RawMessage(`{"words": "As the zeppelin was."}`)},
		"side": {Step: "judgement", Facts: complaint.Facts{Side: &complaint.SideFacts{}}, Body: json.RawMessage(`{"words": "The courier drank absinthe."}`)},
	} {
		one.Number, one.Key, one.By = number, key, complaint.Actor{Person: rig.Dispatcher}
		stored, err := r.Office.Submissions.Submit(t.Context(), one)
		require.NoError(t, err)
		r.SQL(`UPDATE submissions SET state = 'accepted', answer = '{}' WHERE id = '` + stored.ID + `'`)
	}
	erased := r.Register(rig.Dispatcher, said)
	r.Post("/v1/complaints/"+erased+"/erasure", rig.Administrator, body{"requested_by": "customer"}).Is(http.StatusOK)
	found := func(q string) int {
		t.Helper()
		return len(r.Get("/v1/complaints?q="+url.QueryEscape(q), rig.Dispatcher).Is(http.StatusOK)["complaints"].([]any))
	}
	r.SQL(`UPDATE customers SET search = '', search_form = 0`)
	require.Zero(t, found("garcia"))

	for range 2 {
		require.NoError(t, casework.RenewSearch(r.Office, t.Context()))
		for _, q := range []string{"jose garcia", "13900001111", "wrong door", "drone", number[len(number)-4:]} {
			require.Equal(t, 1, found(q), q)
		}
		for _, q := range []string{"zeppelin", "absinthe"} {
			require.Zero(t, found(q), "not everybody who may know of it may know of that: %s", q)
		}
	}
	require.Equal(t, 1, strings.Count(r.Logged(), "search words made anew"), "once")
}
