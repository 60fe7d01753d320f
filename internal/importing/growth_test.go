package importing_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/simplifiedchinese"

	"recourse/internal/growth"
	"recourse/internal/importing"
)

// First review: E3.
func TestALongerFileTakesNoMoreThanItsShareOfTimeAndMemory(t *testing.T) {
	lines := func(line string) func(size int) string {
		return func(size int) string { return "id,what\n" + strings.Repeat(line, size/len(line)) }
	}
	for name, file := range map[string]func(size int) string{
		"rows":                  lines("1,a wrong door\n"),
		"GBK":                   lines(encoded(t, simplifiedchinese.GBK, "1,包裹送错门\n")),
		"quotes that stay open": lines("1,\"a\n"),
		"quoted line breaks":    lines("1,\"a\nb\nc\nd\"\n"),
		"empty lines":           lines("\n"),
		"columns without a name": func(size int) string {
			return "id,what" + strings.Repeat(",", size) + "\n1,a" + strings.Repeat(",", size) + "\n"
		},
		"columns of one name": func(size int) string { return "id,what" + strings.Repeat(",x", size/2) + "\n" },
		"one line":            func(size int) string { return "id,what\n1," + strings.Repeat("a", 64*size) },
	} {
		t.Run(name, func(t *testing.T) {
			growth.Linear(t, 32<<10, func(size int) func() {
				written := file(size)
				return func() {
					rows, err := importing.ReadRows(strings.NewReader(written), importing.Layout{Columns: []string{"id", "what"}})
					require.NoError(t, err)
					readAll(t, rows)
				}
			})
		})
	}
	t.Run("workbook", func(t *testing.T) {
		growth.Linear(t, 500, func(size int) func() {
			w := newWorkbook(t)
			stream, err := w.NewStreamWriter("Sheet1")
			require.NoError(t, err)
			require.NoError(t, stream.SetRow("A1", []any{"id", "what"}))
			for i := range size {
				require.NoError(t, stream.SetRow(fmt.Sprintf("A%d", i+2), []any{i, "a wrong door"}))
			}
			require.NoError(t, stream.Flush())
			file := w.bytes()
			return func() {
				_, err := file.Seek(0, io.SeekStart)
				require.NoError(t, err)
				rows, err := importing.ReadRows(file, importing.Layout{Columns: []string{"id", "what"}})
				require.NoError(t, err)
				readAll(t, rows)
			}
		})
	})
}

func readAll(t *testing.T, rows *importing.Rows) {
	t.Helper()
	for {
		if _, err := rows.Next(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatal(err)
		}
	}
}
