package phrase_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"

	"recourse/internal/bilingual"
	"recourse/internal/complaint"
	"recourse/internal/phrase"
)

// codes are the constants of a type of the domain, read from its source so that a new one can't be
// forgotten here.
func codes(t *testing.T, typeName string) []string {
	t.Helper()
	paths, err := filepath.Glob("../complaint/*.go")
	require.NoError(t, err)
	var found []string
	for _, path := range paths {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		require.NoError(t, err)
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok {
				return true
			}
			if named, ok := spec.Type.(*ast.Ident); !ok || named.Name != typeName {
				return true
			}
			for _, value := range spec.Values {
				code, err := strconv.Unquote(value.(*ast.BasicLit).Value)
				require.NoError(t, err)
				found = append(found, code)
			}
			return true
		})
	}
	require.NotEmpty(t, found, "the domain has constants of type %s", typeName)
	return found
}

func TestEveryCodeOfTheDomainHasWordsInBothLanguages(t *testing.T) {
	for typeName, group := range map[string]phrase.Group{
		"Outcome": phrase.Outcome, "Kind": phrase.Kind,
		"Severity": phrase.Severity, "Liability": "liability", "Satisfaction": phrase.Satisfaction,
		"Matter": phrase.Matter, "Consequence": phrase.Consequence, "SuspensionKind": phrase.Suspension, "Relation": phrase.Relation,
		"DeadlineState": phrase.ClockState, "EventKind": phrase.Event, "Reason": phrase.Reason,
	} {
		for _, code := range codes(t, typeName) {
			require.True(t, phrase.Has(group, code), "%s %q has no words", typeName, code)
			require.NotEqual(t, phrase.Label(group, code, bilingual.English), phrase.Label(group, code, bilingual.Chinese))
			require.True(t, strings.ContainsFunc(phrase.Label(group, code, bilingual.Chinese), func(r rune) bool { return unicode.Is(unicode.Han, r) }))
		}
	}
}

func TestEveryWordOfALetterIsThere(t *testing.T) {
	for _, remedy := range complaint.RemedyKinds() {
		require.True(t, phrase.Has(phrase.Remedy, remedy), remedy)
	}
	for _, kind := range codes(t, "SuspensionKind") {
		require.True(t, phrase.Has(phrase.Rests, kind), kind)
	}
}

func TestALetterHasALabelWithASmallLetterOrInAFormOfItsOwn(t *testing.T) {
	for _, row := range []struct {
		group                phrase.Group
		code, label          string
		inEnglish, inChinese string
	}{
		{phrase.Remedy, "repair", "Repair", "repair", "维修"},
		{phrase.Remedy, "apology", "Apology", "an apology", "道歉"},
		{phrase.Severity, "major", "Major", "a major complaint", "重大投诉"},
		{phrase.Matter, "closing_form", "Closing form", "the closing form", "结案表单"},
		{phrase.Side, "night-patrol", "night-patrol", "night-patrol", "night-patrol"},
	} {
		require.Equal(t, row.label, phrase.Label(row.group, row.code, bilingual.English))
		require.Equal(t, row.inEnglish, phrase.InLetter(row.group, row.code, bilingual.English))
		require.Equal(t, row.inChinese, phrase.InLetter(row.group, row.code, bilingual.Chinese))
	}
}

func TestReaderGetsTheirLanguage(t *testing.T) {
	for header, want := range map[string]string{
		"":                        bilingual.English,
		"en":                      bilingual.English,
		"zh-CN":                   bilingual.Chinese,
		"zh":                      bilingual.Chinese,
		"zh-Hans-SG;q=0.9, fr":    bilingual.Chinese,
		"fr-FR, en;q=0.5":         bilingual.English,
		"de":                      bilingual.English,
		"en-GB,zh-CN;q=0.8":       bilingual.English,
		"not a language header §": bilingual.English,
	} {
		require.Equal(t, want, phrase.Language(header), header)
	}
}

func TestSentenceIsFilled(t *testing.T) {
	require.Equal(t, "The complaint climbed to tier 2.", phrase.Sentence(phrase.Event, "tier_reached", "en", "tier", "2"))
	require.Equal(t, "投诉升至第2级。", phrase.Sentence(phrase.Event, "tier_reached", "zh-CN", "tier", "2"))
	require.Equal(t, "stairs", phrase.Label(phrase.Outcome, "stairs", "en"), "a code without words is shown as it is")
}
