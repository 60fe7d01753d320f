package importing_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/importing"
)

// records reads a whole file: "line: values" of each record, or "line! what is wrong".
func records(t *testing.T, file string) []string {
	t.Helper()
	rows, err := importing.ReadRows(strings.NewReader(file))
	require.NoError(t, err)
	var all []string
	for {
		row, err := rows.Next()
		if errors.Is(err, io.EOF) {
			return all
		}
		require.NoError(t, err)
		if row.Values == nil {
			require.Len(t, row.Dirt, 1)
			require.Equal(t, importing.NotImported, row.Dirt[0].Done)
			all = append(all, fmt.Sprintf("%d! %s", row.Line, row.Dirt[0].Reason))
			continue
		}
		var values []string
		for _, column := range rows.Header {
			values = append(values, row.Values[column])
		}
		for _, d := range row.Dirt {
			values = append(values, "("+d.Reason+")")
		}
		all = append(all, fmt.Sprintf("%d: %s", row.Line, strings.Join(values, "|")))
	}
}

func TestEveryRecordIsReadOrToldWithItsLine(t *testing.T) {
	for name, c := range map[string]struct {
		file string
		want []string
	}{
		"plain":                              {"id,what\n1,a\n2,b\n", []string{"2: 1|a", "3: 2|b"}},
		"byte order mark and CRLF":           {"\ufeffid,what\r\n1,a\r\n", []string{"2: 1|a"}},
		"no line ending at the end":          {"id,what\n1,a", []string{"2: 1|a"}},
		"empty lines count and say nothing":  {"id,what\n\n1,a\n\n\n2,b\n", []string{"3: 1|a", "6: 2|b"}},
		"outer spaces go":                    {"id , what\n 1 , a \n", []string{"2: 1|a"}},
		"quotes, commas and line breaks":     {"id,what\n1,\"a, \"\"b\"\"\nand c\"\n2,d\n", []string{"2: 1|a, \"b\"\nand c", "4: 2|d"}},
		"too few and too many columns":       {"id,what\n1\n1,a,x\n2,b\n", []string{"2! it has 1 columns instead of 2", "3! it has 3 columns instead of 2", "4: 2|b"}},
		"an open quote costs its own line":   {"id,what\n1,\"a\n2,b\n3,c\n", []string{`2! the quotes are broken (extraneous or missing " in quoted-field)`, "3: 2|b", "4: 3|c"}},
		"a quote in the midst of a field":    {"id,what\n1,5\" pipe\n2,b\n", []string{`2! the quotes are broken (bare " in non-quoted-field)`, "3: 2|b"}},
		"an open quote and a later good one": {"id,what\n1,\"a\n2,\"b\"\n", []string{`2! the quotes are broken (extraneous or missing " in quoted-field)`, "3: 2|b"}},
		"bytes that are no text":             {"id,what\n1,a\xff\x00b\n", []string{"2: 1|a��b|(what holds bytes that aren't UTF-8 text)"}},
		"a line that is far too long":        {"id,what\n1," + strings.Repeat("x", 2<<20) + "\n2,b\n", []string{"2! the line is longer than 1048576 bytes", "3: 2|b"}},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, records(t, c.file)) })
	}
}

func TestAFileWithoutUsableColumnsIsRefused(t *testing.T) {
	for name, c := range map[string]struct{ file, want string }{
		"empty":                 {"", "the file is empty"},
		"UTF-16":                {"\xff\xfei\x00d\x00\n\x00", "not CSV in UTF-8"},
		"two columns of a name": {"id,id\n", "has no name of its own"},
		"a column without name": {"id,,x\n", "has no name of its own"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := importing.ReadRows(strings.NewReader(c.file))
			require.ErrorContains(t, err, c.want)
		})
	}
}

func FuzzNoFileBreaksTheReader(f *testing.F) {
	f.Add("id,what\n1,\"a\n2,b\n")
	f.Add("\ufeffa\r\n\"\"\"\r\n")
	f.Fuzz(func(t *testing.T, file string) {
		rows, err := importing.ReadRows(strings.NewReader(file))
		if err != nil {
			return
		}
		last := 1
		for {
			row, err := rows.Next()
			if errors.Is(err, io.EOF) {
				return
			}
			require.NoError(t, err)
			require.Greater(t, row.Line, last, "every record has a line of its own, in order")
			last = row.Line
			require.True(t, row.Values != nil || len(row.Dirt) > 0, "what can't be read is told")
		}
	})
}
