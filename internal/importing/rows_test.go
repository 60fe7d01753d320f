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
	rows, err := importing.ReadRows(strings.NewReader(file), importing.Layout{Columns: []string{"id", "what"}})
	require.NoError(t, err)
	return recordsOf(t, rows)
}

func recordsOf(t *testing.T, rows *importing.Rows) []string {
	t.Helper()
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
			if column != "" {
				values = append(values, row.Values[column])
			}
		}
		for _, d := range row.Dirt {
			values = append(values, "("+d.Reason+")")
		}
		all = append(all, fmt.Sprintf("%d: %s", row.Line, strings.Join(values, "|")))
	}
}

// First review: E3.
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
		"too few and too many columns":       {"id,what\n1\n1,a,x\n2,b\n", []string{"2! it has 1 columns instead of 2", "3! it has something in column 3, but only 2 columns have names", "4: 2|b"}},
		"an open quote costs its own line":   {"id,what\n1,\"a\n2,b\n3,c\n", []string{`2! the quotes are broken (extraneous or missing " in quoted-field)`, "3: 2|b", "4: 3|c"}},
		"a quote in the midst of a field":    {"id,what\n1,5\" pipe\n2,b\n", []string{`2! the quotes are broken (bare " in non-quoted-field)`, "3: 2|b"}},
		"an open quote and a later good one": {"id,what\n1,\"a\n2,\"b\"\n", []string{`2! the quotes are broken (extraneous or missing " in quoted-field)`, "3: 2|b"}},
		"a character that was lost before":   {"id,what\n1,a�b\n", []string{"2: 1|a�b|(what holds �, where a character was lost before)"}},
		"semicolons":                         {"id;what\n1;a, b\n", []string{"2: 1|a, b"}},
		"semicolons that the file announces": {"sep=;\r\nid;what\r\n1;a\r\n", []string{"3: 1|a"}},
		"tabs":                               {"id\twhat\n1\ta; b, c\n", []string{"2: 1|a; b, c"}},
		"bars":                               {"id|what\n1|a\n", []string{"2: 1|a"}},
		"quoted semicolons":                  {"id;what\n1;\"a;b\"\n", []string{"2: 1|a;b"}},
		"a line that is far too long":        {"id,what\n1," + strings.Repeat("x", 2<<20) + "\n2,b\n", []string{"2! the line is longer than 1048576 bytes", "3: 2|b"}},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, records(t, c.file)) })
	}
}

// Above the names of the columns stand titles, beside them columns that nobody named.
//
// First review: E3.
func TestTitlesAndEmptyColumnsDoNotStopAFile(t *testing.T) {
	for name, c := range map[string]struct {
		file string
		want []string
	}{
		"a title":                              {"Complaints of November,\nid,what\n1,a\n", []string{"3: 1|a"}},
		"a title in a row of its own":          {"Complaints of November\nid,what\n1,a\n", []string{"3: 1|a"}},
		"titles with commas and an empty line": {"By: Li Na, Suzhou, 3\n\n,,\nid,what\n1,a\n", []string{"5: 1|a"}},
		"names on two lines":                   {"\"id\",\"wh\nat\"\nid,what\n1,a\n", []string{"4: 1|a"}},
		"empty columns at the end":             {"id,what,,\n1,a,,\n2,b\n", []string{"2: 1|a", "3: 2|b"}},
		"an empty column in the midst":         {"id,,what\n1,,a\n", []string{"2: 1|a"}},
		"something in a column without a name": {"id,what,\n1,a,oh\n", []string{"2! it has something in column 3, but only 2 columns have names"}},
		"two columns of a name nobody asks":    {"id,x,x,what\n1,,,a\n", []string{"2: 1|||a"}},
		"a name with a line break":             {"id,\"  what \"\n1,a\n", []string{"2: 1|a"}},
		"empty rows at the end":                {"id,what\n1,a\n,\n,\n", []string{"2: 1|a"}},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, records(t, c.file)) })
	}
}

func TestAFileWithoutUsableColumnsIsRefused(t *testing.T) {
	for name, c := range map[string]struct{ file, want string }{
		"empty":                 {"", "the file is empty"},
		"line breaks alone":     {"\n\n", "the file has no column"},
		"two columns of a name": {"id,what,id\n", `columns 1 and 3 are both called "id"`},
		"another name":          {"Title\nid,where\n", `line 2, which is read as the names of the columns: the file has no column "what" (write one of id, where)`},
		"none of them":          {"a,b\n1,2\n", `line 1, which is read as the names of the columns: the file has no column "id"`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := importing.ReadRows(strings.NewReader(c.file), importing.Layout{Columns: []string{"id", "what"}})
			require.ErrorContains(t, err, c.want)
		})
	}
}

func FuzzNoFileBreaksTheReader(f *testing.F) {
	f.Add("id,what\n1,\"a\n2,b\n")
	f.Add("\ufeffa\r\n\"\"\"\r\n")
	f.Fuzz(func(t *testing.T, file string) {
		rows, err := importing.ReadRows(strings.NewReader(file), importing.Layout{Columns: []string{"id", "what"}})
		if err != nil {
			return
		}
		last := 0
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

// What stands around a value is for the spreadsheet, or by it.
func TestAValueIsReadWithoutWhatIsWrittenAroundItForSpreadsheets(t *testing.T) {
	for written, want := range map[string]string{
		`="013900001111"`: "013900001111", `"=""013900001111"""`: "013900001111", `'+8613900001111`: "+8613900001111", "13900001111.0": "13900001111",
		"'t Hart": "'t Hart", "O'Hara": "O'Hara", "12.0": "12.0", `"says ""no"""`: `says "no"`, `"a,=""b"""`: `a,="b"`,
	} {
		rows, err := importing.ReadRows(strings.NewReader("id,phone,last\n1,"+written+",=\"007\"\n"), importing.Layout{Columns: []string{"id", "phone", "last"}})
		require.NoError(t, err)
		row, err := rows.Next()
		require.NoError(t, err)
		if strings.HasPrefix(written, `"`) { // a line whose quotes are in order is read as it is
			rows, err = importing.ReadRows(strings.NewReader("id,phone\n1,"+written+"\n"), importing.Layout{Columns: []string{"id", "phone"}})
			require.NoError(t, err)
			row, err = rows.Next()
			require.NoError(t, err)
		} else {
			require.Equal(t, "007", row.Values["last"])
		}
		require.Empty(t, row.Dirt, written)
		require.Equal(t, want, row.Values["phone"], written)
	}
}

func TestColumnsThatAreNamedAgainAreNoComplaint(t *testing.T) {
	f := newFake(t)

	_, told, err := f.bring(t, columns+line("A-1", "Lost")+columns+line("A-2", "Torn"))

	require.NoError(t, err)
	require.Equal(t, []string{"3: it names the columns again: not imported"}, told)
	require.Equal(t, 2, f.last)
}
