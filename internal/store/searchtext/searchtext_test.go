package searchtext

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/growth"
)

func TestWordsAreFoundAsPeopleWriteThem(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		{"", []string{}},
		{"Wrong door, TWICE", []string{"door", "twice", "wrong"}},
		{"张伟", []string{"伟", "张伟"}},
		{"欧阳晓红", []string{"晓红", "欧阳", "红", "阳晓"}},
		{"3号楼", []string{"3", "号楼", "楼"}},
		{"O'Hara & sons \\ '':*", []string{"hara", "o", "ohara", "sons"}},
	} {
		require.Equal(t, c.want, Words(c.text), c.text)
	}
	require.Equal(t, []string{"000123", "0123", "123"}, NumberWords("CS-2026-000123"))
	require.Len(t, Words(strings.Repeat("x", 5000))[0], longestWord)
	require.Len(t, Words(strings.Repeat("ह", 5000))[0], longestWord)
}

func TestAQueryHoldsNoOperatorOfTheCaller(t *testing.T) {
	for q, want := range map[string]string{
		"door twi":       "'door':* & 'twi':*",
		"欧阳晓红":           "('欧阳' & '阳晓' & '晓红')",
		"红":              "'红':*",
		"a' | 'b:* & !c": "'a':* & 'b':* & 'c':*",
		"\\ ' & |":       "",
	} {
		require.Equal(t, want, Query(q), q)
	}
}

// finds evaluates a query as PostgreSQL does: words of an index, beginnings with :*, & before |.
func finds(t *testing.T, stored, q string) bool {
	t.Helper()
	words, query := Words(stored), Query(q)
	require.NotEmpty(t, query, q)
	var either func() bool
	skip := func(mark string) bool {
		rest, found := strings.CutPrefix(query, mark)
		query = rest
		return found
	}
	one := func() bool {
		if skip("(") {
			found := either()
			require.True(t, skip(")"), query)
			return found
		}
		require.True(t, skip("'"), query)
		word, rest, _ := strings.Cut(query, "'")
		query = rest
		begins := skip(":*")
		return slices.ContainsFunc(words, func(w string) bool { return w == word || begins && strings.HasPrefix(w, word) })
	}
	all := func() bool {
		found := one()
		for skip(" & ") {
			found = one() && found
		}
		return found
	}
	either = func() bool {
		found := all()
		for skip(" | ") {
			found = all() || found
		}
		return found
	}
	found := either()
	require.Empty(t, query, "read to its end")
	return found
}

// First review: F1.
func TestATelephoneNumberIsFoundAsPeopleTypeIt(t *testing.T) {
	mobile := []string{"13966862070", "139 6686 2070", "139-6686-2070", "+8613966862070", "+86 139 6686 2070", "008613966862070", "0086 139-6686-2070",
		"8613966862070", "(+86) 139 6686 2070", "１３９６６８６２０７０", "١٣٩٦٦٨٦٢٠٧٠"}
	landline := []string{"0512-66668888", "051266668888", "(0512) 6666 8888", "0512/66668888", "+86 512 6666 8888", "+86 (0)512 66668888", "0086512 66668888"}
	for _, number := range [][]string{mobile, landline, {"+1 212 555 0198", "0012125550198", "212-555-0198"}, {"+44 20 7946 0958", "020 7946 0958", "00442079460958"},
		{"+852 2345 6789", "23456789", "2345 6789"}} {
		for _, stored := range number {
			for _, typed := range number {
				require.True(t, finds(t, stored, typed), "%s by %s: %s", stored, typed, Query(typed))
			}
		}
	}
	for _, typed := range []string{"2070", "6862070", "66862070", "1396686", "139 6686", "+86 139 66", "张伟 139 6686 2070", "139 6686 2070 张伟"} {
		require.True(t, finds(t, "张伟 13966862070", typed), "%s: %s", typed, Query(typed))
	}
	require.True(t, finds(t, "0512-66668888", "66668888"), "as it is dialled at the place")

	several := "13900001111，0512-66668888转8012（办公室，工作日白天联系）; 139 0000 2222 139 0000 3333"
	for _, typed := range []string{"139 0000 1111", "051266668888", "66668888", "8012", "13900002222", "+8613900003333"} {
		require.True(t, finds(t, several, typed), "%s: %s", typed, Query(typed))
	}
	for _, typed := range []string{"13966862071", "139 6686 2071", "+8613966862071", "008513966862071"} {
		require.False(t, finds(t, "13966862070", typed), typed)
	}
}

// First review: F2.
func TestANameIsFoundHoweverItIsSpelt(t *testing.T) {
	for _, spelt := range [][]string{
		{"José García", "Jose\u0301 Garci\u0301a", "jose garcia", "JOSÉ GARCÍA", "Ｊｏｓé garcia"},
		{"阿卜杜拉·买买提", "阿卜杜拉•买买提", "阿卜杜拉・买买提", "阿卜杜拉买买提", "阿卜杜拉 买买提"},
		{"O'Brien", "O’Brien", "obrien", "OBRIEN", "OʼBrien"},
		{"Jean-Luc", "jeanluc", "Jean‐Luc"},
		{"Nguyễn Văn Đạt", "nguyen van dat", "Nguye\u0302\u0303n Va\u0306n Đa\u0323t"},
		{"Straße", "strasse", "STRASSE"},
		{"Łódź", "lodz"},
		{"Ⅻ号楼", "xii号楼"},
		{"Москва", "МОСКВА"},
		{"김철수", "김철수"},
		{"J. R. Smith", "J.R. Smith", "JR Smith", "jr. smith", "J.R.Smith"},
		{"张伟", "张 伟", "张  伟", "张　　伟", "张\t伟", "张\u00a0伟"},
		{"Ὀδυσσεύς", "ΟΔΥΣΣΕΥΣ", "οδυσσευσ"},
	} {
		for _, stored := range spelt {
			for _, typed := range spelt {
				require.True(t, finds(t, stored, typed), "%s by %s: %s", stored, typed, Query(typed))
			}
		}
	}
	require.True(t, finds(t, "O'Brien", "brien"), "a part by itself")
	require.True(t, finds(t, "阿卜杜拉·买买提", "买买提"))
	require.True(t, finds(t, "苏投〔2026〕二〇号", "二〇号"))
	require.True(t, finds(t, "张〇", "〇"))
	require.True(t, finds(t, "J. R. Smith", "smith"))
	require.True(t, finds(t, "Room A. Parcel B. Next", "parcel"))
	require.False(t, finds(t, "O'Brien", "bryan"))
}

// First review: F1.
func TestALongerTextTakesNoMoreThanItsShare(t *testing.T) {
	for name, piece := range map[string]string{
		"words": "wrong door ", "Han": "包裹送错门，", "digits": "1", "numbers": "139 6686 2070 ", "pieces of numbers": "1 ", "accents": "e\u0301\u0302",
		"joints": "a-", "dots": "·", "brackets": "(", "plus signs": "+",
	} {
		t.Run(name, func(t *testing.T) {
			growth.Linear(t, 16<<10, func(size int) func() {
				text := strings.Repeat(piece, size/len(piece))
				return func() { Words(text); Query(text) }
			})
		})
	}
}

// First review: A11.
func TestTwoFieldsHaveATelephoneNumberInCommonHoweverTheyWriteIt(t *testing.T) {
	for _, row := range []struct {
		a, b string
		same bool
	}{
		{"13966862070", "+86 139 6686 2070", true},
		{"139-6686-2070", "008613966862070", true},
		{"１３９６６８６２０７０", "0551 6234567, 13966862070", true},
		{"13966862070", "13966862071", false},
		{"139", "139", false},
		{"", "", false},
	} {
		require.Equal(t, row.same, SameTelephone(row.a, row.b), "%q, %q", row.a, row.b)
	}
}
