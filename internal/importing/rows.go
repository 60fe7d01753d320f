package importing

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"recourse/internal/yamlfile"
)

// titleRows is how many records may stand above the names of the columns: titles, who made it.
const titleRows = 20

// Layout is what a mapping knows of a file before it is opened.
type Layout struct {
	// Columns are the columns that are read.
	Columns []string
	// Encoding is how a CSV writes its characters; empty: its bytes tell.
	Encoding string
	// Sheet is the sheet of a workbook; empty: its first.
	Sheet string
}

// Row is one record of a file.
type Row struct {
	// Line is where it begins, from 1.
	Line int
	// Values are by column, without outer spaces. Nil for a record that couldn't be read.
	Values map[string]string
	// Dirt is what is wrong with the record itself.
	Dirt []Dirt
}

// Rows are the records of a file below the names of its columns, whatever stands above those.
type Rows struct {
	// Header are the names of the columns, to the last that has one; empty where one has none.
	Header []string
	// Told says how the file is read: as what, and where its columns are named.
	Told string

	records records
}

// records are what a kind of file holds, from its beginning.
type records interface {
	// next returns io.EOF after the last.
	next() (record, error)
	// read is how many bytes of the file have been read.
	read() int64
	// kind says what is read, and how.
	kind() string
}

// record is one line of cells, or what is wrong with it.
type record struct {
	line   int
	cells  []string
	broken string
}

// ReadRows finds out what a file is, and where in it the columns are named. It returns ErrNotText,
// ErrNotWorkbook, or an error that says what to change in the file or in the mapping.
func ReadRows(file io.ReadSeeker, want Layout) (*Rows, error) {
	start := make([]byte, 8)
	n, err := io.ReadFull(file, start)
	if n == 0 && errors.Is(err, io.EOF) {
		return nil, errors.New("the file is empty; a line of it must name the columns")
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, fmt.Errorf("read the file from its beginning: %w", err)
	}
	var readings []func() (records, error)
	switch {
	case bytes.HasPrefix(start, []byte(zipMark)):
		book, err := openWorkbook(file, want.Sheet)
		if err != nil {
			return nil, err
		}
		readings = append(readings, book.rows)
	case bytes.HasPrefix(start, []byte(oldOfficeMark)):
		return nil, fmt.Errorf("%w: it is of Excel 97–2003 (.xls), or locked by a password; save it as .xlsx, without one", ErrNotWorkbook)
	default:
		in, err := charsetFor(file, want.Encoding)
		if err != nil {
			return nil, err
		}
		for _, separator := range separators {
			readings = append(readings, func() (records, error) { return readText(file, in, separator) })
		}
	}
	return header(readings, want)
}

func charsetFor(file io.ReadSeeker, named string) (charset, error) {
	if named == "" {
		return charsetOfBytes(file)
	}
	in, err := charsetNamed(named)
	if err != nil {
		return charset{}, err
	}
	return in, isText(file, in)
}

// header finds the line that names the columns: by each way of reading the file, the one among the
// first that has most of those that are asked for.
func header(readings []func() (records, error), want Layout) (*Rows, error) {
	var best struct {
		how    func() (records, error)
		line   int
		cells  []string
		having int
	}
	for _, how := range readings {
		all, err := how()
		if err != nil {
			return nil, err
		}
		for range titleRows {
			one, err := all.next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return nil, err
			}
			cells, having := names(one.cells), 0
			for _, column := range want.Columns {
				if slices.Contains(cells, column) {
					having++
				}
			}
			if best.how == nil || having > best.having || having == 0 && best.having == 0 && len(cells) > len(best.cells) {
				best.how, best.line, best.cells, best.having = how, one.line, cells, having
			}
		}
	}
	if best.how == nil {
		return nil, errors.New("the file has no record; a line of it must name the columns")
	}
	if err := check(best.cells, want.Columns, best.line); err != nil {
		return nil, err
	}
	all, err := best.how()
	if err != nil {
		return nil, err
	}
	for {
		one, err := all.next()
		if err != nil {
			return nil, err
		}
		if one.line == best.line {
			return &Rows{Header: best.cells, records: all, Told: fmt.Sprintf("%s; line %d names the columns", all.kind(), best.line)}, nil
		}
	}
}

// names are the cells of a header as names, to the last that isn't empty.
func names(cells []string) []string {
	var all []string
	for _, cell := range cells {
		all = append(all, strings.Join(strings.Fields(cell), " "))
	}
	for len(all) > 0 && all[len(all)-1] == "" {
		all = all[:len(all)-1]
	}
	return all
}

// check returns an error that names every column that is asked for and isn't there, or is there
// twice.
func check(header, asked []string, line int) error {
	var wrong []string
	for _, column := range asked {
		first := slices.Index(header, column)
		if first < 0 {
			wrong = append(wrong, fmt.Sprintf("the file has no column %q (%s)", column, yamlfile.Instead(column, header)))
		} else if second := slices.Index(header[first+1:], column); second >= 0 {
			wrong = append(wrong, fmt.Sprintf("columns %d and %d are both called %q; give each another name", first+1, first+second+2, column))
		}
	}
	if len(wrong) > 0 {
		return fmt.Errorf("line %d, which is read as the names of the columns: %s", line, strings.Join(wrong, ", "))
	}
	return nil
}

// Next returns the next record that isn't empty; io.EOF after the last. Other errors are those of
// the input.
func (r *Rows) Next() (Row, error) {
	for {
		one, err := r.records.next()
		if err != nil {
			return Row{}, err
		}
		if one.broken == "" && strings.TrimSpace(strings.Join(one.cells, "")) == "" {
			continue
		}
		return r.row(one), nil
	}
}

// Read is how many bytes of the input have been read, for showing how far it is.
func (r *Rows) Read() int64 { return r.records.read() }

func (r *Rows) row(one record) Row {
	row := Row{Line: one.line}
	if one.broken == "" {
		one.broken = r.misfit(one.cells)
	}
	if one.broken == "" && slices.Equal(names(one.cells), r.Header) {
		one.broken = "it names the columns again"
	}
	if one.broken != "" {
		row.Dirt = []Dirt{{one.broken, NotImported}}
		return row
	}
	row.Values = make(map[string]string, len(r.Header))
	for i, name := range r.Header {
		if name == "" {
			continue
		}
		value := typed(one.cells[i])
		if strings.ContainsRune(value, utf8.RuneError) {
			row.Dirt = append(row.Dirt, Dirt{name + " holds �, where a character was lost before", "kept it as it is"})
		}
		row.Values[name] = value
	}
	return row
}

var (
	// asFormula is how systems write a number into a CSV that a spreadsheet is to leave alone.
	asFormula = regexp.MustCompile(`^="([^"]*)"$`)
	// asText is a number with the mark that makes it text when it is typed into a cell.
	asText = regexp.MustCompile(`^'(\+?[0-9])`)
	// asFloat is what programs make of a whole number, a telephone number too, in a column with
	// empty cells.
	asFloat = regexp.MustCompile(`^([0-9]{7,})\.0$`)
)

// typed is what a cell holds, without outer spaces and what is written around a value for
// spreadsheets or by them.
func typed(cell string) string {
	value := strings.TrimSpace(cell)
	value = strings.TrimSpace(asFormula.ReplaceAllString(value, "$1"))
	return asFloat.ReplaceAllString(asText.ReplaceAllString(value, "$1"), "$1")
}

// misfit says why cells aren't those of the columns; empty when they are.
func (r *Rows) misfit(cells []string) string {
	if len(cells) < len(r.Header) {
		return fmt.Sprintf("it has %d columns instead of %d", len(cells), len(r.Header))
	}
	for i, cell := range cells[len(r.Header):] {
		if strings.TrimSpace(cell) != "" {
			return fmt.Sprintf("it has something in column %d, but only %d columns have names", len(r.Header)+i+1, len(r.Header))
		}
	}
	return ""
}
