package importing_test

import (
	"bytes"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"recourse/internal/importing"
)

// workbook writes an Excel file: sheets of rows, with the style of every cell.
type workbook struct {
	*excelize.File

	t *testing.T
}

func newWorkbook(t *testing.T) workbook {
	t.Helper()
	return workbook{excelize.NewFile(), t}
}

// put writes a cell, shown by a number format.
func (w workbook) put(sheet, cell string, value any, format string) {
	w.t.Helper()
	require.NoError(w.t, w.SetCellValue(sheet, cell, value))
	if format == "" {
		return
	}
	style, err := w.NewStyle(&excelize.Style{CustomNumFmt: &format})
	require.NoError(w.t, err)
	require.NoError(w.t, w.SetCellStyle(sheet, cell, cell, style))
}

func (w workbook) bytes() *bytes.Reader {
	w.t.Helper()
	written, err := w.WriteToBuffer()
	require.NoError(w.t, err)
	return bytes.NewReader(written.Bytes())
}

// First review: E3.
func TestAWorkbookIsReadByWhatItsCellsHold(t *testing.T) {
	w := newWorkbook(t)
	w.put("Sheet1", "A1", "2026年11月投诉登记表", "")
	require.NoError(t, w.MergeCell("Sheet1", "A1", "E1"))
	require.NoError(t, w.SetSheetRow("Sheet1", "A2", &[]any{"id", "what", "on", "phone", "sum"}))
	w.put("Sheet1", "A3", "0001", "")
	w.put("Sheet1", "B3", "第一行\n第二行", "")
	w.put("Sheet1", "C3", 46328.3784722222, "yyyy/m/d h:mm")
	w.put("Sheet1", "D3", 13900001111, "0.00E+00")
	w.put("Sheet1", "E3", 0.1+0.2, "0.00")
	w.put("Sheet1", "A4", 12, "0000")
	w.put("Sheet1", "B4", "1.10", "")
	w.put("Sheet1", "C4", time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC), `[$-804]yyyy"年"m"月"d"日"`)
	w.put("Sheet1", "D4", "13900001112", "@")
	w.put("Sheet1", "A7", "last", "")
	w.put("Sheet1", "C7", 46338, "")

	rows, err := importing.ReadRows(w.bytes(), importing.Layout{Columns: []string{"id", "what", "on", "phone"}})

	require.NoError(t, err)
	require.Equal(t, `sheet "Sheet1" of an Excel workbook; line 2 names the columns`, rows.Told)
	require.Equal(t, []string{
		"3: 0001|第一行\n第二行|2026-11-02 09:05:00|13900001111|0.3",
		"4: 12|1.10|2026-11-02|13900001112|",
		"7: last||46338||",
	}, recordsOf(t, rows))
}

// First review: E3.
func TestADayOfAWorkbookThatCountsFrom1904IsThatDay(t *testing.T) {
	w := newWorkbook(t)
	yes := true
	require.NoError(t, w.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes}))
	require.NoError(t, w.SetSheetRow("Sheet1", "A1", &[]any{"id", "what"}))
	w.put("Sheet1", "A2", "1", "")
	w.put("Sheet1", "B2", 44866, "yyyy-mm-dd")

	rows, err := importing.ReadRows(w.bytes(), importing.Layout{Columns: []string{"id", "what"}})
	require.NoError(t, err)
	require.Equal(t, []string{"2: 1|2026-11-02"}, recordsOf(t, rows))
}

// First review: E3.
func TestOfAWorkbookTheSheetThatTheMappingNamesIsRead(t *testing.T) {
	w := newWorkbook(t)
	_, err := w.NewSheet("投诉")
	require.NoError(t, err)
	for sheet, word := range map[string]string{"Sheet1": "first", "投诉": "second"} {
		require.NoError(t, w.SetSheetRow(sheet, "A1", &[]any{"id", "how", "on", "what", "where", "wish", "name", "phone", "mail", "type", "part"}))
		require.NoError(t, w.SetSheetRow(sheet, "A2", &[]any{"A-1", "Mail", "", word, "", "", "Chen", "", "", "Parcel"}))
	}
	for named, want := range map[string]string{"": "first.", "sheet: 投诉": "second."} {
		m := parse(t, small+named)
		rows, err := m.Open(w.bytes())
		require.NoError(t, err)
		registrations, _ := read(t, m, rows)
		require.Len(t, registrations, 1)
		require.Equal(t, want, registrations[0].Body.Narrative)
	}
	_, err = parse(t, small+"sheet: 投訴").Open(w.bytes())
	require.ErrorContains(t, err, `the workbook has no sheet "投訴"`)
	require.ErrorContains(t, err, "投诉", "it says which there are")
}

// Offices write what several rows have in common once, over all of them, and name columns in two
// lines.
func TestWhatACellSaysThatWasMergedOverSeveralRowsIsTrueOfEach(t *testing.T) {
	w := newWorkbook(t)
	require.NoError(t, w.SetSheetRow("Sheet1", "A1", &[]any{"id", "kind", "customer"}))
	require.NoError(t, w.SetSheetRow("Sheet1", "A2", &[]any{nil, nil, "name", "phone"}))
	require.NoError(t, w.SetSheetRow("Sheet1", "A3", &[]any{"1", "parcel", "Chen", "139"}))
	require.NoError(t, w.SetSheetRow("Sheet1", "A4", &[]any{"2", nil, "Wang", "138"}))
	require.NoError(t, w.SetSheetRow("Sheet1", "A6", &[]any{"3", nil, "Li"}))
	require.NoError(t, w.SetSheetRow("Sheet1", "A7", &[]any{"4", nil, "Zhou"}))
	for _, area := range [][2]string{{"A1", "A2"}, {"B1", "B2"}, {"C1", "D1"}, {"B3", "B6"}} {
		require.NoError(t, w.MergeCell("Sheet1", area[0], area[1]))
	}

	rows, err := importing.ReadRows(w.bytes(), importing.Layout{Columns: []string{"id", "kind", "name", "phone"}})

	require.NoError(t, err)
	for line, want := range []map[string]string{
		{"id": "1", "kind": "parcel", "name": "Chen", "phone": "139"}, {"id": "2", "kind": "parcel", "name": "Wang", "phone": "138"},
		{"id": "3", "kind": "parcel", "name": "Li", "phone": ""}, {"id": "4", "kind": "", "name": "Zhou", "phone": ""},
	} {
		row, err := rows.Next()
		require.NoError(t, err)
		require.Equal(t, want, row.Values, line)
	}
	_, err = rows.Next()
	require.ErrorIs(t, err, io.EOF)
}
