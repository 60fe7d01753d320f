package importing

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

const (
	longestLine   = 1 << 20 // bytes; the rest of a longer one is passed over
	longestRecord = 64      // lines of one record: a quoted field may hold line breaks
)

// ErrNotText is returned for a file that isn't UTF-8 text, such as a spreadsheet or one in UTF-16.
var ErrNotText = errors.New("the file is not CSV in UTF-8; save it as CSV (UTF-8)")

// Row is one record of a file.
type Row struct {
	// Line is where it begins, from 1.
	Line int
	// Values are by column, without outer spaces. Nil for a record that couldn't be read.
	Values map[string]string
	// Dirt is what is wrong with the record itself.
	Dirt []Dirt
}

// Rows reads a CSV file record by record, whatever its size. A byte order mark, either line ending
// and quoted line breaks are understood. A broken record costs its first line and no other: a quote
// that is never closed doesn't swallow the file.
type Rows struct {
	// Header are the names of the columns.
	Header []string

	input   *bufio.Reader
	pending []line // read and not yet part of a record
	number  int    // of the last line read
	read    int64
	ended   bool
}

type line struct {
	number  int
	text    string
	tooLong bool
}

// ReadRows reads the header. It returns ErrNotText, or an error for a file without one.
func ReadRows(input io.Reader) (*Rows, error) {
	r := &Rows{input: bufio.NewReaderSize(input, 64<<10)}
	first, err := r.next()
	if errors.Is(err, io.EOF) {
		return nil, errors.New("the file is empty; its first line must name the columns")
	}
	if err != nil {
		return nil, err
	}
	text := strings.TrimPrefix(first.text, "\ufeff")
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) || first.tooLong {
		return nil, ErrNotText
	}
	if r.Header, err = csv.NewReader(strings.NewReader(text)).Read(); err != nil {
		return nil, fmt.Errorf("read the names of the columns in line 1: %w", err)
	}
	seen := map[string]bool{}
	for i, name := range r.Header {
		name = strings.TrimSpace(name)
		if name == "" || seen[name] {
			return nil, fmt.Errorf("column %d of line 1 has no name of its own (%q); give each column another name", i+1, name)
		}
		r.Header[i], seen[name] = name, true
	}
	return r, nil
}

// Next returns the next record; io.EOF after the last. Other errors are those of the input.
func (r *Rows) Next() (Row, error) {
	for {
		first, err := r.next()
		if err != nil {
			return Row{}, err
		}
		if strings.TrimSpace(first.text) == "" && !first.tooLong {
			continue
		}
		if first.tooLong {
			return broken(first, fmt.Sprintf("the line is longer than %d bytes", longestLine)), nil
		}
		return r.record(first)
	}
}

// Read is how many bytes of the input have been read, for showing how far it is.
func (r *Rows) Read() int64 { return r.read }

// record reads the record that begins with a line.
func (r *Rows) record(first line) (Row, error) {
	text, more := first.text, []line{}
	for strings.Count(text, `"`)%2 == 1 && len(more) < longestRecord {
		following, err := r.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return Row{}, err
		}
		more = append(more, following)
		if following.tooLong || len(text)+len(following.text) > longestLine {
			break
		}
		text += "\n" + following.text
	}
	fields, err := csv.NewReader(strings.NewReader(text)).Read()
	switch {
	case err != nil:
		r.pending = append(more, r.pending...)
		if syntax, ok := errors.AsType[*csv.ParseError](err); ok {
			err = syntax.Err
		}
		return broken(first, "the quotes are broken ("+err.Error()+")"), nil
	case len(fields) != len(r.Header):
		r.pending = append(more, r.pending...)
		return broken(first, fmt.Sprintf("it has %d columns instead of %d", len(fields), len(r.Header))), nil
	}
	row := Row{Line: first.number, Values: make(map[string]string, len(fields))}
	for i, value := range fields {
		if !utf8.ValidString(value) || strings.ContainsRune(value, 0) {
			value = strings.ReplaceAll(strings.ToValidUTF8(value, "�"), "\x00", "�")
			row.Dirt = append(row.Dirt, Dirt{r.Header[i] + " holds bytes that aren't UTF-8 text", "replaced them by �"})
		}
		row.Values[r.Header[i]] = strings.TrimSpace(value)
	}
	return row, nil
}

func broken(first line, reason string) Row {
	return Row{Line: first.number, Dirt: []Dirt{{reason, NotImported}}}
}

// next returns the next line without its ending.
func (r *Rows) next() (line, error) {
	if len(r.pending) > 0 {
		first := r.pending[0]
		r.pending = r.pending[1:]
		return first, nil
	}
	if r.ended {
		return line{}, io.EOF
	}
	var text bytes.Buffer
	tooLong, begun := false, false
	for {
		piece, err := r.input.ReadSlice('\n')
		r.read += int64(len(piece))
		begun = begun || len(piece) > 0
		if text.Len()+len(piece) <= longestLine {
			text.Write(piece)
		} else {
			tooLong = true
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if errors.Is(err, io.EOF) {
			r.ended = true
			if !begun {
				return line{}, io.EOF
			}
		} else if err != nil {
			return line{}, fmt.Errorf("read the file: %w", err)
		}
		r.number++
		return line{r.number, strings.TrimSuffix(strings.TrimSuffix(text.String(), "\n"), "\r"), tooLong}, nil
	}
}
