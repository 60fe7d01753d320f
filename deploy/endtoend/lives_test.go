package endtoend

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"recourse/deploy/process"
	"recourse/deploy/stack"
	"recourse/internal/complaint"
	"recourse/internal/store"
)

// trial is how much is lived, and through what.
type trial struct {
	lives, callers, servers, workers int
	kills                            int     // of workers, one every two seconds while there are lives
	faults                           []fault // one after the other; lives go on until all are over
}

// fault is something that is wrong for so long.
type fault struct {
	of   func(*siege, time.Duration) error
	long time.Duration
}

// trials are a little of everything in every test, and all of it by “make outages”.
func trials() map[string]trial {
	if os.Getenv("RECOURSE_OUTAGES") != "full" {
		return map[string]trial{"a little of everything": {lives: 8, callers: 4, servers: 2, workers: 2, kills: 5,
			faults: []fault{{(*siege).temporalAway, 3 * time.Second}, {(*siege).connectionsCut, 3 * time.Second}}}}
	}
	return map[string]trial{
		"workers are killed": {lives: 300, callers: 16, servers: 1, workers: 2, kills: math.MaxInt},
		"everything goes away": {lives: 1001, callers: 16, servers: 3, workers: 3, kills: math.MaxInt, faults: []fault{
			{(*siege).temporalAway, 20 * time.Second}, {(*siege).connectionsCut, 20 * time.Second},
			{(*siege).workerStopped, 20 * time.Second}, {(*siege).readOnly, 20 * time.Second},
			{(*siege).serverStopped, 20 * time.Second}, {(*siege).temporalAway, time.Minute},
			{(*siege).connectionsCut, 20 * time.Second}, {(*siege).workerStopped, 4 * time.Minute},
			{(*siege).serverStopped, 4 * time.Minute}, {(*siege).readOnly, 20 * time.Second},
		}},
	}
}

// life is what follows on a registration: with it, eleven steps.
func life() []struct {
	step string
	by   complaint.PersonID
	body said
} {
	return []struct {
		step string
		by   complaint.PersonID
		body said
	}{
		{"screen", "li-na", screening()},
		{"accept", "zhao-lei", said{}},
		{"contact", "zhao-lei", said{"reached": true, "words": "On our way."}},
		{"note", "zhao-lei", said{"words": "The neighbour isn't in."}},
		{"find", "zhao-lei", said{"founded": true, "liability": "third_party", "cause": "Wet label.", "cause_code": "outside", "evidence": "Photograph."}},
		{"note", "li-na", said{"words": "She called again."}},
		{"propose", "zhao-lei", said{"remedies": []said{{"kind": "apology", "words": "In writing."}}, "time_limit": time.Now().Add(48 * time.Hour).UTC(), "reasons": "A wet label."}},
		{"inform", "li-na", said{"proposal_revision": 1}},
		{"note", "zhao-lei", said{"words": "She thinks about it."}},
		{"withdraw", "li-na", said{"reason": "The neighbour had the parcel.", "asked_by": "phone"}},
	}
}

// First review: C8, C9, D1b.
func TestNoAnswerIsUntrueAndNoLifeIsLostThroughKillsAndOutages(t *testing.T) {
	t.Parallel()
	for name, how := range trials() {
		t.Run(name, func(t *testing.T) { beset(t, how).requireEachLived(how) })
	}
}

// siege is a house of several servers and workers that is beset while its callers live.
type siege struct {
	*house
	addresses []string
	workers   []*process.Process
	last      *process.Process // of the servers

	mu sync.Mutex
	// lived are the complaints that have come through all their steps, waiting those in each of
	// which a rung was due while something was wrong.
	lived, waiting []string
	untrue         []error
	killed         int
}

// beset lets complaints live through a trial.
func beset(t *testing.T, how trial) *siege {
	t.Helper()
	servers := stack.Own(t)
	require.NoError(t, store.Migrate(t.Context(), servers.PostgreSQL.URL))
	s := &siege{house: installOn(t, servers.PostgreSQL.URL, servers, "within: 1h                                 # forwarded", "within: 1m #").open()}
	s.addresses, s.workers = []string{s.address}, []*process.Process{s.worker}
	for range how.servers - 1 {
		s.addAddress()
	}
	for range how.workers - 1 {
		s.workers = append(s.workers, s.runWorker())
	}
	t.Cleanup(func() {
		for _, one := range s.workers {
			one.Stop()
		}
	})

	var besieging, living sync.WaitGroup
	over := make(chan struct{})
	ctx, end := context.WithCancel(t.Context())
	defer end()
	living.Go(func() {
		defer close(over)
		for n, one := range how.faults {
			if err := s.waitThrough(n, one.long); err != nil {
				s.isUntrue(fmt.Errorf("before fault %d: %w", n, err))
				return
			}
			if err := one.of(s, one.long); err != nil {
				s.isUntrue(fmt.Errorf("fault %d: %w", n, err))
				return
			}
		}
	})
	besieging.Go(func() {
		for s.killed < how.kills && passes(ctx, 2*time.Second) {
			n := s.killed % len(s.workers)
			s.workers[n].Kill()
			s.workers[n] = s.runWorker()
			s.killed++
		}
	})
	var begun atomic.Int64
	for range how.callers {
		living.Go(func() {
			for n := int(begun.Add(1)); n <= how.lives || isOpen(over); n = int(begun.Add(1)) {
				number, err := s.register(n, fmt.Sprintf("life %d", n), parcel())
				if err == nil {
					err = s.live(n, number)
				}
				if err != nil {
					s.isUntrue(fmt.Errorf("life %d, %s: %w", n, number, err))
					return
				}
			}
		})
	}
	living.Wait()
	end()
	besieging.Wait()
	require.NoError(t, errors.Join(s.untrue...))
	s.store.Pool.Reset()
	return s
}

// isUntrue keeps what a caller was told that wasn't so, or that it was told nothing.
func (s *siege) isUntrue(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.untrue = append(s.untrue, err)
}

// waitThrough registers a complaint whose rungs are due, 45 and 60 seconds after it was heard, in
// the middle of what comes now and lasts so long; where that is longer, at its beginning.
func (s *siege) waitThrough(n int, long time.Duration) error {
	late := parcel()
	late["heard_at"] = time.Now().Add(min(0, long/2-45*time.Second)).UTC()
	number, err := s.register(n, fmt.Sprintf("waiting %d", n), late)
	s.waiting = append(s.waiting, number)
	return err
}

// register registers, and looks: whoever was answered may know of the complaint from then on.
func (s *siege) register(first int, key string, body said) (string, error) {
	a, err := s.insist(first, func(at *house) (answer, error) { return at.tryPost("/v1/complaints", "li-na", key, body) })
	if err != nil {
		return "", err
	}
	var registered struct{ Number string }
	if err := json.Unmarshal(a.body, &registered); err != nil {
		return "", err
	}
	_, err = s.insist(first+1, func(at *house) (answer, error) {
		return at.send(http.MethodGet, "/v1/complaints/"+registered.Number, "li-na", http.NoBody)
	})
	return registered.Number, err
}

// live takes a complaint through its steps, each at another server.
func (s *siege) live(first int, number string) error {
	for k, act := range life() {
		_, err := s.insist(first+k, func(at *house) (answer, error) {
			return at.tryPost(stepPath(number, act.step), act.by, fmt.Sprintf("%s %d", number, k), act.body)
		})
		if err != nil {
			return err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lived = append(s.lived, number)
	return nil
}

// insist repeats a request, with its key, at one server after the other while it isn't answered.
// Whatever else but success comes back is untrue: the request was right.
func (s *siege) insist(first int, request func(*house) (answer, error)) (answer, error) {
	deadline := time.Now().Add(8 * time.Minute)
	for n := first; ; n++ {
		at := *s.house
		at.address = s.addresses[n%len(s.addresses)]
		a, err := request(&at)
		switch {
		case err == nil && a.status < http.StatusBadRequest:
			return a, nil
		case err == nil && a.status != http.StatusServiceUnavailable:
			return a, fmt.Errorf("untrue: %d %s", a.status, a.body)
		case time.Now().After(deadline):
			return a, fmt.Errorf("not answered: %d %s %w", a.status, a.body, err)
		}
		time.Sleep(200 * time.Millisecond) // as a client does that is told to come again
	}
}

// requireEachLived: all lives have come to their end, in each of which workflow, read model and the
// record folded again are one, and no step, rung or letter is lost or doubled.
func (s *siege) requireEachLived(how trial) {
	s.t.Helper()
	require.GreaterOrEqual(s.t, len(s.lived), how.lives)
	for n, number := range s.waiting {
		s.eventually("the rungs have fired that were due while something was wrong", func() bool { return len(s.rungs(number)) >= 2 })
		require.Equal(s.t, []string{"forward 75%", "forward due"}, s.rungs(number), number)
		require.NoError(s.t, s.live(n, number))
	}
	require.ElementsMatch(s.t, slices.Compact(slices.Sorted(slices.Values(s.lived))), s.lived, "each has a number of its own")
	for _, number := range s.lived {
		s.eventually("it is closed, and its workflow has what its record has", func() bool {
			recorded, err := s.store.Reading.Complaint(s.t.Context(), number)
			if err != nil || recorded.Stage != complaint.Closed || s.get("/v1/complaints/"+number, "li-na").status != http.StatusOK {
				return false
			}
			value, err := s.temporal.QueryWorkflow(s.t.Context(), number, "", "complaint")
			var running complaint.Complaint
			return err == nil && value.Get(&running) == nil && running.Recorded == recorded.Recorded
		})
		s.requireOneTruth(number)
		s.requireMessagesOnce(number)
		taken := s.taken(number)
		require.Equal(s.t, 3, taken[complaint.Note], number)
		delete(taken, complaint.Note)
		for step, times := range taken {
			require.Equal(s.t, 1, times, "%s: %s", number, step)
		}
		rungs := s.rungs(number)
		require.ElementsMatch(s.t, slices.Compact(slices.Sorted(slices.Values(rungs))), rungs, number)
	}
	s.t.Logf("%d lives, %d of which waited; %d kills, %d faults", len(s.lived), len(s.waiting), s.killed, len(how.faults))
}

func (s *siege) temporalAway(long time.Duration) error {
	if err := s.servers.Temporal.Stop(); err != nil {
		return err
	}
	time.Sleep(long)
	return s.servers.Temporal.Start(s.t.Context())
}

func (s *siege) connectionsCut(long time.Duration) error {
	for range long / time.Second {
		if err := s.execute(cut); err != nil {
			return err
		}
		time.Sleep(time.Second)
	}
	return nil
}

// readOnly is PostgreSQL as it is where it has become a replica.
func (s *siege) readOnly(long time.Duration) error {
	if err := s.execute(`DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on', current_database()); END $$`, cut); err != nil {
		return err
	}
	time.Sleep(long)
	return s.execute("SET default_transaction_read_only = off",
		`DO $$ BEGIN EXECUTE format('ALTER DATABASE %I RESET default_transaction_read_only', current_database()); END $$`, cut)
}

// cut ends all other connections to Recourse's database. PostgreSQL's own processes there, which
// clean up, are nobody's but a superuser's to end.
const cut = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
	WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()`

// execute runs statements on a connection of their own.
func (s *siege) execute(statements ...string) error {
	connection, err := pgx.Connect(s.t.Context(), s.dsn)
	if err != nil {
		return err
	}
	defer func() { _ = connection.Close(s.t.Context()) }()
	for _, statement := range statements {
		if _, err := connection.Exec(s.t.Context(), statement); err != nil {
			return err
		}
	}
	return nil
}

// serverStopped stops a server as a machine stops that hangs: it says nothing, and comes back.
func (s *siege) serverStopped(long time.Duration) error { return hang(s.last, long) }

// workerStopped does so to a worker, one that isn't killed meanwhile.
func (s *siege) workerStopped(long time.Duration) error {
	hanging, metrics := s.runMeasuredWorker()
	defer hanging.Stop()
	again, nothing := time.Tick(10*time.Millisecond), time.After(10*time.Second)
	for !hasWorked(metrics) {
		select {
		case <-again:
		case <-nothing: // no complaint lives any more of which it could take work up
			return nil
		}
	}
	return hang(hanging, long)
}

// work is what a worker's metrics say once it has answered a task of a workflow.
var work = regexp.MustCompile(`(?m)^temporal_workflow_task_execution_latency_seconds_count\S* [1-9]`)

// hasWorked reports whether a worker has taken some work up.
func hasWorked(metrics string) bool {
	response, err := http.Get(metrics)
	if err != nil {
		return false
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	return err == nil && work.Match(text)
}

func hang(program *process.Process, long time.Duration) error {
	if err := syscall.Kill(program.PID(), syscall.SIGSTOP); err != nil {
		return err
	}
	time.Sleep(long)
	return syscall.Kill(program.PID(), syscall.SIGCONT)
}

func isOpen(channel <-chan struct{}) bool {
	select {
	case <-channel:
		return false
	default:
		return true
	}
}

// passes waits so long, and reports whether the context still holds.
func passes(ctx context.Context, long time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(long):
		return true
	}
}

// addAddress runs a further server beside the others.
func (s *siege) addAddress() {
	s.t.Helper()
	port, err := stack.FreePort()
	require.NoError(s.t, err)
	address := "http://" + stack.Address(port)
	s.last = s.run("server", filepath.Join(s.t.TempDir(), "server.log"), append(slices.Clone(s.settings), "RECOURSE_LISTEN="+stack.Address(port))...)
	s.t.Cleanup(s.last.Stop)
	s.eventually("another server is ready", func() bool { return stack.Answers(s.t.Context(), address+"/readyz") })
	s.addresses = append(s.addresses, address)
}
