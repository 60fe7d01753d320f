package importing_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/api"
	"recourse/internal/client"
	"recourse/internal/complaint"
	"recourse/internal/importing"
)

// fake is an API that registers: a key with the same body is one complaint, with another body a
// mismatch.
type fake struct {
	*httptest.Server
	mu         sync.Mutex
	bodies     map[string]string
	requests   int
	busyFirst  int                            // answer so many requests with 503
	goneAfter  int                            // and everything after so many with 503; 0: never
	answerWith func(key string) (int, string) // instead, unless the status is 0
}

func newFake(t *testing.T) *fake {
	f := &fake{bodies: map[string]string{}}
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.requests++
		key := r.Header.Get("Idempotency-Key")
		var body json.RawMessage
		_ = json.NewDecoder(r.Body).Decode(&body)
		problem := func(status int, code string) {
			w.WriteHeader(status)
			fmt.Fprintf(w, `{"type":"x","title":"%s","status":%d,"code":"%s"}`, code, status, code)
		}
		if f.requests <= f.busyFirst || (f.goneAfter > 0 && f.requests > f.goneAfter) {
			problem(http.StatusServiceUnavailable, "unavailable")
			return
		}
		if f.answerWith != nil {
			if status, code := f.answerWith(key); status != 0 {
				problem(status, code)
				return
			}
		}
		if first, known := f.bodies[key]; known && first != string(body) {
			problem(http.StatusUnprocessableEntity, "idempotency_mismatch")
			return
		}
		if _, known := f.bodies[key]; known {
			w.Header().Set(api.ReplayedHeader, "true")
		}
		f.bodies[key] = string(body)
		w.WriteHeader(http.StatusCreated)
		fmt.Fprintf(w, `{"number":"CS-2026-%06d","stage":"received","stage_label":"","revision":1,"tier":0,"allowed_steps":[],"deadlines":[]}`, len(f.bodies))
	}))
	t.Cleanup(f.Close)
	return f
}

// bring runs an import of a file against the fake, and returns what was told.
func (f *fake) bring(t *testing.T, file string) (importing.Counts, []string, error) {
	t.Helper()
	var told []string
	var read int64
	counts, err := (&importing.Import{
		API:     &client.Client{Address: f.URL, Patience: time.Second, Token: func(complaint.PersonID) (string, error) { return "token", nil }},
		Mapping: parse(t, small), AtOnce: 1, Now: today, Progress: func(bytes int64) { read += bytes },
		Tell: func(line int, reason, done string) {
			told = append(told, fmt.Sprintf("%d: %s: %s", line, reason, done))
		},
	}).Run(context.Background(), strings.NewReader(file))
	if err == nil {
		require.Equal(t, int64(len(file)), read, "progress counts every byte")
	}
	return counts, told, err
}

const columns = "id,how,on,what,where,wish,name,phone,mail,type,part\r\n"

func line(id, what string) string {
	return id + ",Telephone,27.02.2026 18:30," + what + ",Hall,,Chen,139,,Parcel,\r\n"
}

func TestARepeatedImportMakesNoSecondComplaint(t *testing.T) {
	f := newFake(t)
	file := columns + line("A-1", "Lost") + line("A-2", "Torn") + "short\r\n" + line("A-3", "Wet")

	for _, before := range []int{0, 3} {
		counts, told, err := f.bring(t, file)
		require.NoError(t, err)
		require.Equal(t, importing.Counts{Rows: 4, Registered: 3, Before: before, Dirty: 1, NotImported: 1}, counts)
		require.Equal(t, []string{"4: it has 1 columns instead of 11: not imported"}, told)
		require.Len(t, f.bodies, 3)
	}
	require.Contains(t, f.bodies, "import/old-system/A-1")
}

func TestAnImportCutShortGoesOnWhereItIsStartedAgain(t *testing.T) {
	f := newFake(t)
	file := columns + line("A-1", "Lost") + line("A-2", "Torn") + line("A-3", "Wet")
	f.goneAfter = 2

	counts, _, err := f.bring(t, file)
	require.ErrorIs(t, err, client.ErrUnreachable)
	require.ErrorContains(t, err, "line 4")
	require.Equal(t, 2, counts.Registered)

	f.goneAfter = 0
	counts, _, err = f.bring(t, file)
	require.NoError(t, err)
	require.Equal(t, 3, counts.Registered)
	require.Len(t, f.bodies, 3)
}

func TestAServerThatIsBusyForAMomentCostsNothing(t *testing.T) {
	f := newFake(t)
	f.busyFirst = 2

	counts, told, err := f.bring(t, columns+line("A-1", "Lost"))

	require.NoError(t, err)
	require.Empty(t, told)
	require.Equal(t, 1, counts.Registered)
	require.Len(t, f.bodies, 1)
}

func TestTheSameIDTwiceInAFileIsTold(t *testing.T) {
	f := newFake(t)

	counts, told, err := f.bring(t, columns+line("A-1", "Lost")+line("A-1", "Lost again"))

	require.NoError(t, err)
	require.Equal(t, []string{"3: its ID A-1 stands in line 2 as well: not imported"}, told)
	require.Equal(t, importing.Counts{Rows: 2, Registered: 1, Dirty: 1, NotImported: 1}, counts)
}

func TestARowThatReadsOtherwiseThanBeforeLeavesItsComplaintAlone(t *testing.T) {
	f := newFake(t)
	_, _, err := f.bring(t, columns+line("A-1", "Lost"))
	require.NoError(t, err)

	counts, told, err := f.bring(t, columns+line("A-1", "Found"))

	require.NoError(t, err)
	require.Equal(t, []string{"2: it was imported before and reads otherwise now: left the complaint as it was"}, told)
	require.Equal(t, importing.Counts{Rows: 1, Registered: 1, Before: 1, Dirty: 1}, counts)
}

func TestARowThatTheServerRefusesIsToldAndTheOthersComeIn(t *testing.T) {
	f := newFake(t)
	f.answerWith = func(key string) (int, string) {
		if strings.HasSuffix(key, "A-1") {
			return http.StatusUnprocessableEntity, "rule_violation"
		}
		return 0, ""
	}

	counts, told, err := f.bring(t, columns+strings.Replace(line("A-1", "Lost"), "Hall", "Roof", 1)+line("A-2", "Torn"))

	require.NoError(t, err)
	require.Equal(t, []string{`2: where is "Roof": not imported`, "2: the server refuses it: 422 rule_violation: rule_violation: not imported"}, told)
	require.Equal(t, importing.Counts{Rows: 2, Registered: 1, Dirty: 1, NotImported: 1}, counts)
}

func TestAnImportByWhomTheServerLetsRegisterNothingEndsAtOnce(t *testing.T) {
	f := newFake(t)
	f.answerWith = func(string) (int, string) { return http.StatusForbidden, "forbidden" }

	_, _, err := f.bring(t, columns+line("A-1", "Lost")+line("A-2", "Torn")+line("A-3", "Wet"))

	require.ErrorContains(t, err, "li-na may not register for courier-station here")
	require.LessOrEqual(t, f.requests, 2)
}

func TestAFileWithoutTheMappingsColumnsIsRefused(t *testing.T) {
	_, _, err := newFake(t).bring(t, "id,name\n1,x\n")
	require.ErrorContains(t, err, `the file has no column`)
}
