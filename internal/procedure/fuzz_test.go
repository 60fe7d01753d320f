package procedure_test

import (
	"os"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
	"recourse/internal/procedure"
	"recourse/internal/yamlfile"
)

// Whatever a file holds, Parse gives a procedure that answers, or problems that
// each have a place.
func FuzzParse(f *testing.F) {
	for _, seed := range seeds(f) {
		f.Add(seed)
	}
	people := people(f)
	calendars := calendars(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := procedure.Parse("fuzz.yaml", data)
		if err != nil {
			var problems yamlfile.Problems
			require.ErrorAs(t, err, &problems, "the error is a %T", err)
			require.NotEmpty(t, problems)
			for _, problem := range problems {
				require.Positive(t, problem.Line)
				require.Positive(t, problem.Column)
				require.NotEmpty(t, problem.Message)
			}
			return
		}
		c := proposed("12.50")
		c.Screening = &complaint.Screening{Kind: complaint.KindComplaint, Category: p.CategoryCodes()[0]}
		p.Route(c)
		p.FollowUp(c)
		p.Approvers(complaint.MatterProposal, c)
		_ = p.Check(calendars, people)
	})
}

// section is one key at the margin of a procedure, with all below it.
var section = regexp.MustCompile(`(?m)^([a-z_]+):.*\n(?:[ \t#].*\n|\n)*`)

// seeds are small procedures: testdata/small.yaml, and the same with one section of
// testdata/every-key.yaml in place of its own or added, of those that make a procedure. The fuzzer
// changes and minimises what it is given, which takes time that grows faster than the text.
func seeds(t testing.TB) [][]byte {
	t.Helper()
	whole, err := os.ReadFile("testdata/every-key.yaml")
	require.NoError(t, err)
	base := small(t)
	all := [][]byte{base}
	for _, found := range section.FindAllSubmatch(whole, -1) {
		own := regexp.MustCompile(`(?m)^` + string(found[1]) + `:.*\n(?:[ \t#].*\n|\n)*`)
		seed := append(own.ReplaceAll(base, nil), found[0]...)
		if _, err := procedure.Parse("seed.yaml", seed); err == nil {
			all = append(all, seed)
		}
	}
	return all
}

// First review: C12.
func TestTheSeedsOfTheFuzzTargetAreProcedures(t *testing.T) {
	all := seeds(t)
	require.Greater(t, len(all), 15, "most keys stand in one")
	for _, seed := range all {
		require.Less(t, len(seed), 6000, "a longer one is minimised for a minute")
		p, err := procedure.Parse("seed.yaml", seed)
		require.NoError(t, err)
		require.NotEmpty(t, p.CategoryCodes())
	}
}
