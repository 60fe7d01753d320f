package importing

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
	"github.com/xuri/nfp"

	"recourse/internal/yamlfile"
)

// ErrNotWorkbook is wrapped by the error for a workbook that can't be opened.
var ErrNotWorkbook = errors.New("the file can't be read as an Excel workbook (.xlsx)")

// How files begin.
const (
	zipMark       = "PK\x03\x04"       // a workbook is a ZIP file
	oldOfficeMark = "\xd0\xcf\x11\xe0" // what Excel wrote before, and writes around what is locked
)

// Bounds of a workbook, in bytes: how large it may be unpacked, and of how much of that it keeps no
// copy on disk.
const (
	largestWorkbook = 4 << 30
	keptInMemory    = 64 << 20
)

// workbook is one sheet of an Excel file. Its cells are read by what they hold, not by how they are
// shown: a telephone number that is shown as 1.39E+10 is all there, a date is a date whatever its
// format.
type workbook struct {
	file  *excelize.File
	sheet string
	size  int64
	// epoch1904: days are counted from 1904, as Excel for the Mac did.
	epoch1904 bool
	dates     map[int]bool // whether a style, by its ID, shows a number as a date
	// merged are the cells that reach over further rows, by the row in which they begin.
	merged map[int][]mergedCell
}

// mergedCell is a cell that was merged with those below it: what it holds is true of their rows.
type mergedCell struct {
	column  int // from 0
	lastRow int
	value   string
}

func openWorkbook(file io.ReadSeeker, sheet string) (*workbook, error) {
	counted := &counting{ReadSeeker: file}
	opened, err := excelize.OpenReader(counted, excelize.Options{RawCellValue: true, UnzipSizeLimit: largestWorkbook, UnzipXMLSizeLimit: keptInMemory})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotWorkbook, err)
	}
	sheets := opened.GetSheetList()
	if len(sheets) == 0 {
		return nil, fmt.Errorf("%w: it has no sheet", ErrNotWorkbook)
	}
	if sheet == "" {
		sheet = sheets[0]
	}
	if !slices.Contains(sheets, sheet) {
		return nil, fmt.Errorf("the workbook has no sheet %q; %s", sheet, yamlfile.Instead(sheet, sheets))
	}
	properties, err := opened.GetWorkbookProps()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotWorkbook, err)
	}
	merged, err := mergedCells(opened, sheet)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotWorkbook, err)
	}
	return &workbook{opened, sheet, counted.bytes, properties.Date1904 != nil && *properties.Date1904, map[int]bool{}, merged}, nil
}

// mergedCells finds the cells that reach over further rows. Of those that reach over further
// columns as well only the first column has the value: what it says is of one column.
func mergedCells(file *excelize.File, sheet string) (map[int][]mergedCell, error) {
	all, err := file.GetMergeCells(sheet, true)
	if err != nil {
		return nil, err
	}
	merged := map[int][]mergedCell{}
	for _, area := range all {
		first, last, _ := strings.Cut(area[0], ":")
		column, row, err := excelize.CellNameToCoordinates(first)
		if err != nil {
			return nil, err
		}
		if _, lastRow, err := excelize.CellNameToCoordinates(last); err == nil && lastRow > row {
			merged[row] = append(merged[row], mergedCell{column: column - 1, lastRow: lastRow})
		}
	}
	return merged, nil
}

// rows begins to read the sheet's rows.
func (w *workbook) rows() (records, error) {
	rows, err := w.file.Rows(w.sheet)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotWorkbook, err)
	}
	return &sheetRows{workbook: w, rows: rows, reaching: map[int]mergedCell{}}, nil
}

// sheetRows are the rows of a workbook's sheet.
type sheetRows struct {
	*workbook

	rows   *excelize.Rows
	number int
	width  int // of the widest row so far: empty cells at a row's end aren't stored
	done   bool
	// reaching are the merged cells above that reach to this row, by their columns.
	reaching map[int]mergedCell
}

func (s *sheetRows) kind() string { return fmt.Sprintf("sheet %q of an Excel workbook", s.sheet) }

func (s *sheetRows) read() int64 {
	if s.done {
		return s.size
	}
	return 0
}

func (s *sheetRows) next() (record, error) {
	if !s.rows.Next() {
		s.done = true
		if err := errors.Join(s.rows.Error(), s.rows.Close()); err != nil {
			return record{}, fmt.Errorf("%w: %w", ErrNotWorkbook, err)
		}
		return record{}, io.EOF
	}
	s.number++
	cells, err := s.rows.Columns()
	if err != nil {
		return record{}, fmt.Errorf("%w: row %d: %w", ErrNotWorkbook, s.number, err)
	}
	for i, held := range cells {
		if cells[i], err = s.value(i+1, held); err != nil {
			return record{}, fmt.Errorf("%w: row %d: %w", ErrNotWorkbook, s.number, err)
		}
	}
	s.width = max(s.width, len(cells))
	cells = append(cells, make([]string, s.width-len(cells))...)
	s.fill(cells)
	return record{line: s.number, cells: cells}, nil
}

// fill gives a row that has something of its own what merged cells above it hold.
func (s *sheetRows) fill(cells []string) {
	empty := strings.TrimSpace(strings.Join(cells, "")) == ""
	for column, above := range s.reaching {
		if above.lastRow < s.number {
			delete(s.reaching, column)
		} else if !empty && column < len(cells) && cells[column] == "" {
			cells[column] = above.value
		}
	}
	for _, begins := range s.merged[s.number] {
		if begins.column < len(cells) {
			begins.value = cells[begins.column]
			s.reaching[begins.column] = begins
		}
	}
}

// value is what a cell holds, as it is written in words: dates as 2006-01-02 15:04:05, numbers with
// all their digits.
func (s *sheetRows) value(column int, held string) (string, error) {
	number, err := strconv.ParseFloat(held, 64)
	if err != nil || math.IsInf(number, 0) || math.IsNaN(number) {
		return held, nil
	}
	cell, err := excelize.CoordinatesToCellName(column, s.number)
	if err != nil {
		return "", err
	}
	style, err := s.file.GetCellStyle(s.sheet, cell)
	if err != nil {
		return "", err
	}
	isDate, err := s.showsDates(style)
	if err != nil {
		return "", err
	}
	if !isDate && !strings.ContainsAny(held, ".eE") {
		return held, nil
	}
	kind, err := s.file.GetCellType(s.sheet, cell)
	switch {
	case err != nil:
		return "", err
	case kind == excelize.CellTypeSharedString, kind == excelize.CellTypeInlineString, kind == excelize.CellTypeFormula:
		return held, nil
	case isDate:
		if at, err := excelize.ExcelDateToTime(number, s.epoch1904); err == nil {
			return writtenDate(at.Round(time.Second), number), nil
		}
	}
	// Excel keeps 15 digits; what binary fractions add to them nobody typed.
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(number, 'g', 15, 64), 64)
	if err != nil {
		return "", err
	}
	return strconv.FormatFloat(rounded, 'f', -1, 64), nil
}

func writtenDate(at time.Time, number float64) string {
	switch {
	case number < 1:
		return at.Format(time.TimeOnly)
	case at.Equal(at.Truncate(24 * time.Hour)):
		return at.Format(time.DateOnly)
	}
	return at.Format(time.DateTime)
}

// showsDates: does a style show a number as a date or a time?
func (w *workbook) showsDates(style int) (bool, error) {
	if known, there := w.dates[style]; there {
		return known, nil
	}
	of, err := w.file.GetStyle(style)
	if err != nil {
		return false, err
	}
	is := isDateFormat(of)
	w.dates[style] = is
	return is, nil
}

// isDateFormat: the formats that come with Excel are known by their number (ECMA-376 part 1,
// 18.8.30), those of 27 to 36 and 50 to 58 being the dates of East Asia.
func isDateFormat(of *excelize.Style) bool {
	if of.CustomNumFmt == nil {
		n := of.NumFmt
		return n >= 14 && n <= 22 || n >= 27 && n <= 36 || n >= 45 && n <= 47 || n >= 50 && n <= 58
	}
	parser := nfp.NumberFormatParser()
	for _, section := range parser.Parse(*of.CustomNumFmt) {
		for _, token := range section.Items {
			if token.TType == nfp.TokenTypeDateTimes || token.TType == nfp.TokenTypeElapsedDateTimes {
				return true
			}
		}
	}
	return false
}
