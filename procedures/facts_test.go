package procedures_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v4"

	"recourse/internal/bilingual"
	"recourse/internal/rulebook"
	"recourse/internal/rulebook/rulebooktest"
	"recourse/internal/story"
	"recourse/internal/yamlfile"
)

// factsDocument is written by these tests: go test ./procedures -run Facts -update
const factsDocument = "../docs/procedures.md"

// sourceFacts is a file of facts/: what the written rules of an organisation say, phrase by phrase.
type sourceFacts struct {
	Procedure string       `yaml:"procedure,required"`
	Facts     []sourceFact `yaml:"facts,required"`
}

// sourceFact is one thing that the written rules say, and what of the procedure holds it.
type sourceFact struct {
	Number int            `yaml:",key"` // from 1, without gaps
	Says   bilingual.Text `yaml:"says,required"`
	// HeldBy is the element of the procedure without which a story tells otherwise; with Instead
	// (as YAML) in its place, where the procedure can't be without it.
	HeldBy  string `yaml:"held_by"`
	Instead string `yaml:"instead"`
	// ShownBy is a test outside the stories, as “package.TestName”: of reports and samples, say.
	ShownBy string `yaml:"shown_by"`
	// GuidedBy is the text that carries a fact which nothing but people's conduct can hold.
	GuidedBy string `yaml:"guided_by"`
}

// Every fact of the written rules is held by a line of its procedure, and by a story that tells
// otherwise without it.
func TestTheFactsOfTheSourcesAreHeldByTheProcedures(t *testing.T) {
	files, err := filepath.Glob("facts/*.yaml")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	before, err := os.ReadFile(factsDocument)
	if !os.IsNotExist(err) {
		require.NoError(t, err)
	}
	parts := make([]string, len(files))
	t.Run("procedures", func(t *testing.T) {
		for i, file := range files {
			t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
				t.Parallel()
				parts[i] = heldFacts(t, file, string(before))
			})
		}
	})
	if t.Failed() {
		return
	}
	text := factsIntroduction + strings.Join(parts, "")
	if *update {
		require.NoError(t, os.WriteFile(factsDocument, []byte(text), 0o644))
		return
	}
	require.Equal(t, string(before), text, "write it anew: go test ./procedures -run Facts -update")
}

const factsIntroduction = `# What the written rules say, and what holds it

The facts of the organisations' written rules, phrase by phrase, as far as they have been gone through; the line of the procedure (` + "`procedures/`" + `) that holds it; and what fails without that line:
a story of ` + "`procedures/stories/`" + ` that tells otherwise, or a test. Where nothing but people's conduct can hold a fact, the guidance shown at that stage carries it: *guidance*.

Written from ` + "`procedures/facts/*.yaml`" + ` by ` + "`go test ./procedures -run Facts -update`" + `, which takes each line away and tells the stories again.
`

// heldFacts checks the facts of one file, and is their part of the document.
func heldFacts(t *testing.T, file, before string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	var facts sourceFacts
	require.NoError(t, yamlfile.Decode(file, text, yamlfile.NewTerms(), &facts).Err())
	require.Equal(t, facts.Procedure+".yaml", filepath.Base(file))
	name := facts.Procedure + ".yaml"
	written, err := os.ReadFile(name)
	require.NoError(t, err)
	rules := rulesOf(t, facts.Procedure, "")

	var out strings.Builder
	fmt.Fprintf(&out, "\n## %s %s\n\n`%s`\n\n| | says | 内容 | held by | without it |\n|---|---|---|---|---|\n", rules.Procedure.Name.English, rules.Procedure.Name.Chinese, facts.Procedure)
	for i, fact := range facts.Facts {
		require.Equal(t, i+1, fact.Number, "facts are numbered without gaps")
		require.NotEmpty(t, fact.Says.English, "fact %d", fact.Number)
		require.NotEmpty(t, fact.Says.Chinese, "fact %d", fact.Number)
		by, fails := fact.heldIn(t, facts.Procedure, string(written), before)
		fmt.Fprintf(&out, "| %d | %s | %s | %s | %s |\n", fact.Number, cell(fact.Says.English), cell(fact.Says.Chinese), by, fails)
	}
	return out.String()
}

func cell(text string) string { return strings.ReplaceAll(strings.TrimSpace(text), "|", "\\|") }

// heldIn says which line holds a fact, and what fails without it.
func (f sourceFact) heldIn(t *testing.T, procedure, written, before string) (by, fails string) {
	t.Helper()
	path := f.HeldBy + f.GuidedBy
	line := ""
	if path != "" {
		line = fmt.Sprintf("`%s` (line %d)", path, lineOf(t, written, path))
	}
	switch {
	case f.GuidedBy != "":
		return line, "*guidance*"
	case f.ShownBy != "":
		require.Contains(t, everyTest(t), f.ShownBy, "fact %d is shown by a test that isn't there", f.Number)
		return line, "`" + f.ShownBy + "`"
	}
	require.NotEmpty(t, f.HeldBy, "fact %d: write held_by, shown_by or guided_by", f.Number)
	files := rulebooktest.Files(t)
	files[procedure+".yaml"].Data = []byte(without(t, written, f.HeldBy, f.Instead))
	changed, err := rulebook.ReadRules(files, procedure)
	if err != nil {
		return line, "the procedure isn't right"
	}
	names, err := filepath.Glob("stories/" + procedure + "/*.yaml")
	require.NoError(t, err)
	// What failed last time is told first.
	slices.SortStableFunc(names, func(a, b string) int {
		return strings.Count(before, storyName(b)) - strings.Count(before, storyName(a))
	})
	hint := regexp.MustCompile(`\| ` + strconv.Itoa(f.Number) + ` \|.*` + regexp.QuoteMeta("`"+f.HeldBy+"`") + `.*\| “(.+)” \|`).FindStringSubmatch(before)
	slices.SortStableFunc(names, func(a, b string) int { return first(hint, b) - first(hint, a) })
	for _, name := range names {
		s := read(t, name)
		if s.Calendar != "" { // it goes by another calendar than the procedure's own
			continue
		}
		timeline, err := s.Run(t.Context(), changed)
		if err != nil || strings.TrimSpace(story.Tell(changed.Calendar.Zone(), timeline)) != strings.TrimSpace(s.Timeline) {
			return line, "“" + storyName(name) + "”"
		}
	}
	require.Fail(t, "nothing fails", "fact %d: without %s every story of %s is told as before", f.Number, f.HeldBy, procedure)
	return "", ""
}

func first(hint []string, name string) int {
	if hint != nil && hint[1] == storyName(name) {
		return 1
	}
	return 0
}

func storyName(file string) string {
	return strings.ReplaceAll(strings.TrimSuffix(filepath.Base(file), ".yaml"), "-", " ")
}

// without is a YAML text without one element, or with another value in its place.
func without(t *testing.T, text, path, instead string) string {
	t.Helper()
	var document yaml.Node
	require.NoError(t, yaml.Load([]byte(text), &document))
	parent, at := findIn(t, &document, path)
	if instead != "" {
		var value yaml.Node
		require.NoError(t, yaml.Load([]byte(instead), &value))
		parent.Content[at] = value.Content[0]
	} else if parent.Kind == yaml.MappingNode {
		parent.Content = slices.Delete(parent.Content, at-1, at+1)
	} else {
		parent.Content = slices.Delete(parent.Content, at, at+1)
	}
	raw, err := yaml.Dump(&document)
	require.NoError(t, err)
	return string(raw)
}

func lineOf(t *testing.T, text, path string) int {
	t.Helper()
	var document yaml.Node
	require.NoError(t, yaml.Load([]byte(text), &document))
	parent, at := findIn(t, &document, path)
	if parent.Kind == yaml.MappingNode {
		return parent.Content[at-1].Line
	}
	return parent.Content[at].Line
}

// findIn finds an element by its path (“deadlines.forward.ladder[1].tell”): the mapping or the list
// that holds it, and where its value stands there.
func findIn(t *testing.T, document *yaml.Node, path string) (parent *yaml.Node, at int) {
	t.Helper()
	node := document.Content[0]
	for part := range strings.SplitSeq(strings.ReplaceAll(path, "[", ".["), ".") {
		if number, is := strings.CutPrefix(part, "["); is {
			n, err := strconv.Atoi(strings.TrimSuffix(number, "]"))
			require.NoError(t, err, path)
			require.True(t, node.Kind == yaml.SequenceNode && n < len(node.Content), "%s: there is no %s", path, part)
			parent, at = node, n
		} else {
			require.Equal(t, yaml.MappingNode, node.Kind, "%s: %s", path, part)
			at = -1
			for i := 0; i+1 < len(node.Content); i += 2 {
				if node.Content[i].Value == part {
					parent, at = node, i+1
				}
			}
			require.GreaterOrEqual(t, at, 0, "%s: there is no %s", path, part)
		}
		node = parent.Content[at]
	}
	return parent, at
}

// everyTest are all tests, as “package.TestName”.
func everyTest(t *testing.T) []string {
	t.Helper()
	var tests []string
	found := regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	for _, pattern := range []string{"*_test.go", "../*/*_test.go", "../*/*/*_test.go", "../*/*/*/*_test.go"} {
		files, err := filepath.Glob(pattern)
		require.NoError(t, err)
		for _, file := range files {
			source, err := os.ReadFile(file)
			require.NoError(t, err)
			full, err := filepath.Abs(file)
			require.NoError(t, err)
			for _, name := range found.FindAllStringSubmatch(string(source), -1) {
				tests = append(tests, filepath.Base(filepath.Dir(full))+"."+name[1])
			}
		}
	}
	return tests
}
