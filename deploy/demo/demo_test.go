package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/deploy/issuer"
	"recourse/internal/api"
	"recourse/internal/importing"
	"recourse/internal/procedure"
	"recourse/internal/rulebook"
	"recourse/internal/rulebook/rulebooktest"
	"recourse/procedures"
)

// tokens writes a token file for everybody in the example organisations.
func tokens(t *testing.T) string {
	t.Helper()
	shipped, err := rulebook.Read(procedures.Files)
	require.NoError(t, err)
	directory := t.TempDir()
	for _, person := range issuer.People(shipped) {
		require.NoError(t, os.WriteFile(filepath.Join(directory, person), []byte("token"), 0o600))
	}
	return directory
}

// First review: G4.
func TestTheDemoPlaysEveryRowAndASecondRunMakesNothingTwice(t *testing.T) {
	w := newWorld(t)
	arguments := []string{"-api", w.URL, "-mail", w.URL, "-tokens", tokens(t)}

	require.NoError(t, run(context.Background(), arguments))
	require.Len(t, w.complaints, 302)
	acts := len(w.taken)
	outcomes, stages := map[string]int{}, map[api.Stage]int{}
	for _, c := range w.complaints {
		outcomes[c.Outcome]++
		stages[c.Stage]++
	}
	for _, outcome := range []api.Outcome{api.Resolved, api.ResolvedOnSpot, api.Answered, api.RejectedInvalid, api.Referred, api.Withdrawn, api.Merged} {
		require.NotZero(t, outcomes[string(outcome)], outcome)
	}
	for _, stage := range []api.Stage{api.StageReceived, api.StageInvestigating, api.StageProposing, api.StageApproving, api.StageAwaitingCustomer,
		api.StageImplementing, api.StageVerifying, api.StageFollowingUp} {
		require.NotZero(t, stages[stage], stage)
	}

	require.NoError(t, run(context.Background(), arguments))
	require.Len(t, w.complaints, 302)
	require.Len(t, w.taken, acts, "the second run takes no step")
}

func TestADemoOfFewRowsGoesOnAsTheWholeDemo(t *testing.T) {
	w := newWorld(t)
	arguments := []string{"-api", w.URL, "-mail", w.URL, "-tokens", tokens(t)}

	require.NoError(t, run(context.Background(), append(arguments, "-rows", "20")))
	require.Len(t, w.complaints, 20)

	require.NoError(t, run(context.Background(), arguments))
	require.Len(t, w.complaints, 302)
}

func TestWithoutARunningStackTheDemoSaysWhatToDo(t *testing.T) {
	require.ErrorContains(t, run(context.Background(), []string{"-api", "http://127.0.0.1:1", "-tokens", t.TempDir()}), "make run")
	t.Setenv("RECOURSE_API_URL", "")
	require.ErrorContains(t, run(context.Background(), nil), "make demo")
}

func TestTheSameRowsMakeTheSameDemo(t *testing.T) {
	began := time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC)
	tell := func() []api.Register {
		scripts, _, err := readScripts(rows)
		require.NoError(t, err)
		require.NotNil(t, cast(scripts))
		var all []api.Register
		for _, s := range scripts {
			all = append(all, s.registration(began))
		}
		return all
	}
	require.Equal(t, tell(), tell())
}

func TestHowLongRowsReallyTookDecidesWhatBecomesOfThem(t *testing.T) {
	scripts, dirt, err := readScripts(rows)
	require.NoError(t, err)
	require.NotEmpty(t, dirt)
	cast(scripts)
	counts, late := map[fate]int{}, 0
	for _, s := range scripts {
		counts[s.fate]++
		if s.late {
			late++
		}
		if s.days < 0 {
			require.Equal(t, untouched, s.fate, "what was never closed is never touched")
		}
	}
	for _, once := range []fate{emergency, whistle, merged, contested, returned} {
		require.Equal(t, 1, counts[once], once)
	}
	for _, often := range []fate{settledAtOnce, answered, referred, unfounded, withdrawn, whole, waiting, underway, declinedTwice, suspended, untouched} {
		require.GreaterOrEqual(t, counts[often], 5, often)
	}
	require.Greater(t, late, 30)
}

// What the scripts fill in is what the procedures' forms, channels and categories take.
func TestRegistrationsFitTheirProcedures(t *testing.T) {
	rules := map[string]*procedure.Procedure{}
	for id := range officesOf {
		rules[id] = rulebooktest.Rules(t, id).Procedure
	}
	scripts, _, err := readScripts(rows)
	require.NoError(t, err)
	cast(scripts)
	for _, s := range scripts {
		b, p := s.registration(time.Now()), rules[s.procedure()]
		require.NoError(t, p.ValidateFields(b.Fields), "line %d", s.row.Line)
		require.True(t, p.HasChannel(b.Channel), b.Channel)
		_, known := p.Category(s.category())
		require.True(t, known, s.category())
		if b.Screen != nil {
			_, known := p.Category(b.Screen.Category)
			require.True(t, known, b.Screen.Category)
		}
	}
}

// The table of the example mapping covers every type in the data that comes with the software, and
// names only what the procedures know.
func TestTheExampleMappingCoversTheDataAndFitsTheProcedures(t *testing.T) {
	m, err := importing.Parse("nyc-complaints.yaml", columns)
	require.NoError(t, err)
	records, err := csv.NewReader(bytes.NewReader(rows)).ReadAll()
	require.NoError(t, err)
	_, err = m.Open(bytes.NewReader(rows))
	require.NoError(t, err)
	types := map[string]bool{}
	for _, row := range records[1:] {
		_, known := m.Categories.Target(row[3], row[4])
		require.True(t, known, row[3])
		types[row[3]] = true
	}
	require.Len(t, types, 34, "all types of the whole data are in the part that comes with the software")

	for _, line := range m.Categories.Table {
		targets := []importing.Target{line.Target}
		for _, finer := range line.Target.Refined {
			target, _ := m.Categories.Target(line.Value, finer.Value)
			targets = append(targets, target)
		}
		for _, target := range targets {
			_, known := rulebooktest.Rules(t, target.Procedure).Procedure.Category(target.Category)
			require.True(t, known || target.Category == "", "%s: %s has no category %s", line.Value, target.Procedure, target.Category)
		}
	}
}
