package searchtext

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWordsAreFoundAsPeopleWriteThem(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		{"", nil},
		{"Wrong door, TWICE", []string{"door", "twice", "wrong"}},
		{"张伟", []string{"伟", "张伟"}},
		{"欧阳晓红", []string{"晓红", "欧阳", "红", "阳晓"}},
		{"3号楼", []string{"3", "号楼", "楼"}},
		{"+86 138-0013-8000", []string{"0013", "138", "13800138000", "8000", "86", "8613800138000"}},
		{"O'Hara & sons \\ '':*", []string{"hara", "o", "sons"}},
	} {
		require.Equal(t, c.want, Words(c.text), c.text)
	}
	require.Equal(t, []string{"000123", "0123", "123"}, NumberWords("CS-2026-000123"))
}

func TestAQueryHoldsNoOperatorOfTheCaller(t *testing.T) {
	for q, want := range map[string]string{
		"door twi":       "'door':* & 'twi':*",
		"欧阳晓红":           "'欧阳' & '阳晓' & '晓红'",
		"红":              "'红':*",
		"a' | 'b:* & !c": "'a':* & 'b':* & 'c':*",
		"\\ ' & |":       "",
	} {
		require.Equal(t, want, Query(q), q)
	}
}
