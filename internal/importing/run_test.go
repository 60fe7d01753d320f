package importing_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
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
// mismatch, whoever sends it. Each person sees the complaints that they registered.
type fake struct {
	*httptest.Server
	mu         sync.Mutex
	bodies     map[string]string
	numbers    map[string]string // of the complaints that keys stand for
	by         map[string]string // who registered the complaint of a number
	erased     map[string]bool   // keys whose complaints were erased
	last       int
	closed     []string        // numbers with the bodies of their closing
	proposed   map[string]bool // numbers of those that can't be taken back any more
	requests   int
	busyFirst  int                            // answer so many requests with 503
	goneAfter  int                            // and everything after so many with 503; 0: never
	answerWith func(key string) (int, string) // instead, unless the status is 0
	mapping    string                         // instead of the small one
}

func newFake(t *testing.T) *fake {
	f := &fake{bodies: map[string]string{}, numbers: map[string]string{}, by: map[string]string{}}
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
		if number, closing := strings.CutSuffix(strings.TrimPrefix(r.URL.Path, "/v1/complaints/"), "/steps/close"); closing {
			if f.proposed[number] {
				problem(http.StatusConflict, "step_not_allowed")
				return
			}
			f.closed = append(f.closed, number+" "+string(body))
			maps.DeleteFunc(f.numbers, func(_, of string) bool { return of == number })
			fmt.Fprintf(w, `{"number":"%s","stage":"closed","stage_label":"","revision":2,"tier":0,"allowed_steps":[],"deadlines":[]}`, number)
			return
		}
		by := r.Header.Get("Authorization")
		if r.Method == http.MethodGet {
			var found []string
			if number := f.numbers[r.URL.Query().Get("row")]; number != "" && f.by[number] == by {
				found = append(found, fmt.Sprintf(`{"number":"%s"}`, number))
			}
			fmt.Fprintf(w, `{"complaints":[%s]}`, strings.Join(found, ","))
			return
		}
		first, known := f.bodies[key]
		known = known && f.numbers[key] != ""
		if r.URL.Query().Get("dry_run") == "true" {
			becomes := api.ForeseenBecomesRegistered
			if f.erased[key] {
				becomes = api.ForeseenBecomesErased
			} else if known && first == string(body) {
				becomes = api.ForeseenBecomesRegisteredBefore
			} else if known {
				becomes = api.ForeseenBecomesRegisteredOtherwise
			}
			fmt.Fprintf(w, `{"becomes":"%s","number":"%s","stage":"received","stage_label":"Received","category_label":"A mistake","tier":1,"messages":2,
				"deadlines":[{"name":"forward","due_at":"2026-03-02T10:00:00Z"},{"name":"answer","due_at":"2026-03-01T10:00:00Z"}]}`, becomes, f.numbers[key])
			return
		}
		if f.answerWith != nil {
			if status, code := f.answerWith(key); status != 0 {
				problem(status, code)
				return
			}
		}
		if known && (first != string(body) || f.erased[key]) {
			problem(http.StatusUnprocessableEntity, "idempotency_mismatch")
			return
		}
		if known {
			w.Header().Set(api.ReplayedHeader, "true")
		}
		f.bodies[key] = string(body)
		if !known {
			f.last++
			f.numbers[key] = fmt.Sprintf("CS-2026-%06d", f.last)
			f.by[f.numbers[key]] = by
		}
		w.WriteHeader(http.StatusCreated)
		fmt.Fprintf(w, `{"number":"%s","stage":"received","stage_label":"","revision":1,"tier":0,"allowed_steps":[],"deadlines":[]}`, f.numbers[key])
	}))
	t.Cleanup(f.Close)
	return f
}

// bring runs an import of a file against the fake, and returns what was told.
func (f *fake) bring(t *testing.T, file string) (importing.Counts, []string, error) {
	t.Helper()
	return f.run(t, importing.Register, file)
}

// run is bring in another mode. What is said of rows is told too.
func (f *fake) run(t *testing.T, mode importing.Mode, file string) (importing.Counts, []string, error) {
	t.Helper()
	var told []string
	var read int64
	counts, err := (&importing.Import{
		API:     &client.Client{Address: f.URL, Patience: time.Second, Token: func(who complaint.PersonID) (string, error) { return string(who), nil }},
		Mapping: parse(t, cmp.Or(f.mapping, small)), Mode: mode, AtOnce: 1, Now: today, Progress: func(bytes int64) { read += bytes },
		Tell: func(line int, reason, done string) {
			told = append(told, fmt.Sprintf("%d: %s: %s", line, reason, done))
		},
		Say: func(line int, what string) { told = append(told, fmt.Sprintf("%d: %s", line, what)) },
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
	require.Equal(t, []string{"2: it was imported before and reads otherwise now: left the complaint CS-2026-000001 as it was"}, told)
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

// First review: E1.
func TestADryRunSaysWhatWouldComeOfEachRowAndRegistersNone(t *testing.T) {
	f := newFake(t)
	_, _, err := f.bring(t, columns+line("A-1", "Lost")+line("A-2", "Torn"))
	require.NoError(t, err)

	counts, told, err := f.run(t, importing.DryRun, columns+line("A-1", "Lost")+line("A-2", "Wet")+line("A-3", "Late")+"short\r\n")

	require.NoError(t, err)
	require.Len(t, f.bodies, 2)
	require.Empty(t, f.closed)
	require.Equal(t, []string{
		"5: it has 1 columns instead of 11: not imported",
		"2: A-1: is there already, as CS-2026-000001",
		"3: A-2: reads otherwise than when it was imported as CS-2026-000002: an import would leave that as it is, a correction would take it back and register the row anew",
		"4: A-3: would be registered: Chen: “Late in Hall.”, courier-station, A mistake, Received, late already, first due 2026-03-01 10:00 UTC, escalated at once to tier 1, 2 messages at once",
	}, sorted(told))
	require.Equal(t, importing.Counts{Rows: 4, Registered: 3, Before: 2, Dirty: 1, NotImported: 1}, counts)
}

// sorted is what was told of single rows after what was told of broken ones, whichever came first.
func sorted(told []string) []string {
	slices.SortStableFunc(told, func(a, b string) int {
		return cmp.Compare(strings.Count(b, "columns instead"), strings.Count(a, "columns instead"))
	})
	return told
}

// First review: E1.
func TestACorrectedFileCorrectsWhatWasImportedWrongly(t *testing.T) {
	f := newFake(t)
	_, _, err := f.bring(t, columns+line("A-1", "L�st")+line("A-2", "Torn")+line("A-3", "D�y"))
	require.NoError(t, err)
	f.proposed = map[string]bool{"CS-2026-000003": true}
	corrected := columns + line("A-1", "Lost") + line("A-2", "Torn") + line("A-3", "Dry") + line("A-4", "Late")

	counts, told, err := f.run(t, importing.Correct, corrected)

	require.NoError(t, err)
	require.Equal(t, []string{
		"2: A-1: CS-2026-000001 taken back, and registered anew as CS-2026-000004",
		"4: CS-2026-000003 can't be taken back: 409 step_not_allowed: step_not_allowed: left it as it was",
	}, told)
	require.Equal(t, []string{`CS-2026-000001 {"outcome":"registered_in_error"}`}, f.closed)
	require.Equal(t, importing.Counts{Rows: 4, Registered: 4, Before: 2, TakenBack: 1, Dirty: 1}, counts)

	_, told, err = f.bring(t, corrected)
	require.NoError(t, err)
	require.Equal(t, []string{"4: it was imported before and reads otherwise now: left the complaint CS-2026-000003 as it was"}, told, "corrected once")
}

// First review: E1.
func TestAnImportIsTakenBack(t *testing.T) {
	f := newFake(t)
	file := columns + line("A-1", "Lost") + line("A-2", "Torn")
	_, _, err := f.bring(t, file)
	require.NoError(t, err)

	counts, told, err := f.run(t, importing.TakeBack, file+line("A-3", "Late"))

	require.NoError(t, err)
	require.Equal(t, []string{"2: A-1: CS-2026-000001 taken back", "3: A-2: CS-2026-000002 taken back", "4: A-3: isn't there, as far as those who register may know"}, told)
	require.Equal(t, importing.Counts{Rows: 3, TakenBack: 2}, counts)

	counts, _, err = f.bring(t, file)
	require.NoError(t, err)
	require.Equal(t, importing.Counts{Rows: 2, Registered: 2}, counts, "what was taken back can come in again")
}

// another is line with some of its cells written otherwise.
func another(old, now string) string { return strings.Replace(line("A-1", "Lost"), old, now, 1) }

// A row is the row of its ID, whatever else it says.
func TestASecondDeliveryNeverRegistersARowASecondTimeWhateverCellChanged(t *testing.T) {
	for what, corrected := range map[string]string{
		"another procedure": another("Parcel", "House"), "another category": another("Parcel,", "Parcel,Manners"), "another kind": another("Parcel,", "Parcel,Question"),
		"another day": another("27.02", "26.02"), "another hour": another("18:30", "18:31"), "another channel": another("Telephone", "Mail"),
		"another name": another("Chen", "Cheng"), "another telephone number": another("139", "138"), "an address": another(",,Parcel", ",chen@example.com,Parcel"),
		"another place": another("Hall", "Yard"), "a wish": another("Hall,", "Hall,Find it"), "other words": another("Lost", "Found"),
	} {
		t.Run(what, func(t *testing.T) {
			f := newFake(t)
			_, _, err := f.bring(t, columns+line("A-1", "Lost"))
			require.NoError(t, err)

			counts, told, err := f.bring(t, columns+corrected)

			require.NoError(t, err)
			require.Contains(t, told, "2: it was imported before and reads otherwise now: left the complaint CS-2026-000001 as it was")
			require.Equal(t, 1, f.last, "complaints")
			require.Equal(t, []int{1, 1}, []int{counts.Registered, counts.Before})

			_, told, err = f.run(t, importing.DryRun, columns+corrected)
			require.NoError(t, err)
			require.Contains(t, told, "2: A-1: reads otherwise than when it was imported as CS-2026-000001: an import would leave that as it is, a correction would take it back and register the row anew")

			_, told, err = f.run(t, importing.Correct, columns+corrected)
			require.NoError(t, err)
			require.Contains(t, told, "2: A-1: CS-2026-000001 taken back, and registered anew as CS-2026-000002")
			require.Equal(t, []string{`CS-2026-000001 {"outcome":"registered_in_error"}`}, f.closed)
			require.Equal(t, 2, f.last)
		})
	}
}

func TestARowWhoseComplaintNobodyOfTheMappingMayKnowOfIsNotRegisteredAgain(t *testing.T) {
	f := newFake(t)
	_, _, err := f.bring(t, columns+line("A-1", "Lost"))
	require.NoError(t, err)
	f.mapping = strings.Replace(small, "courier-station: li-na", "courier-station: zhou-min", 1)

	for _, mode := range []importing.Mode{importing.Register, importing.Correct} {
		counts, told, err := f.run(t, mode, columns+line("A-1", "Found"))
		require.NoError(t, err)
		require.Equal(t, []string{"2: it was imported before as a complaint of which zhou-min may not know: under another procedure, or by somebody else: left its complaint as it was; " +
			"to register it anew, close that as registered in error first: with the file and the mapping as they were then (-take-back), or as whoever may see it"}, told)
		require.Equal(t, importing.Counts{Rows: 1, Registered: 1, Before: 1, Dirty: 1}, counts)
	}
	_, told, err := f.run(t, importing.TakeBack, columns+line("A-1", "Found"))
	require.NoError(t, err)
	require.Equal(t, []string{"2: A-1: isn't there, as far as those who register may know"}, told)
	require.Equal(t, 1, f.last)
	require.Empty(t, f.closed)
}

func TestARowWhoseComplaintWasErasedBringsNothingBack(t *testing.T) {
	f := newFake(t)
	_, _, err := f.bring(t, columns+line("A-1", "Lost"))
	require.NoError(t, err)
	f.erased = map[string]bool{"import/old-system/A-1": true}

	for _, mode := range []importing.Mode{importing.Register, importing.Correct} {
		counts, told, err := f.run(t, mode, columns+line("A-1", "Lost"))
		require.NoError(t, err)
		require.Equal(t, []string{"2: it was imported before, and its complaint's personal data were erased: left it erased"}, told)
		require.Equal(t, importing.Counts{Rows: 1, Registered: 1, Before: 1, Dirty: 1}, counts)
	}
	_, told, err := f.run(t, importing.DryRun, columns+line("A-1", "Lost"))
	require.NoError(t, err)
	require.Equal(t, []string{"2: A-1: was imported before, and its complaint's personal data were erased: it stays erased"}, told)
	require.Equal(t, 1, f.last)
	require.Empty(t, f.closed)
}

func TestAnImportIsTakenBackWhateverItsRowsSayNow(t *testing.T) {
	f := newFake(t)
	_, _, err := f.bring(t, columns+line("A-1", "Lost"))
	require.NoError(t, err)

	_, told, err := f.run(t, importing.TakeBack, columns+"A-1,,,,,,,,,House,\r\n")

	require.NoError(t, err)
	require.Equal(t, []string{"2: A-1: CS-2026-000001 taken back"}, told)
}

func TestAnIDIsTheSameHoweverADeliveryWritesIt(t *testing.T) {
	for _, spelt := range [][]string{
		{"TS-001", "ＴＳ－００１", "TS-001\u200b", "\ufeffTS-001"}, {"17", "17.0", "１７"}, {"No 5", "No\u00a05", "No  5"}, {"é1", "e\u03011"},
	} {
		f := newFake(t)
		for _, id := range spelt {
			_, _, err := f.bring(t, columns+line(id, "Lost"))
			require.NoError(t, err)
		}
		require.Equal(t, 1, f.last, "%q", spelt)
	}
	f := newFake(t)
	_, told, err := f.bring(t, columns+line("a0B", "Lost")+line("a0b", "Torn"))
	require.NoError(t, err)
	require.Empty(t, told, "offices' IDs may differ by nothing else")
	require.Equal(t, 2, f.last)
}
