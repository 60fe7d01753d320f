package importing

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
)

const (
	longestLine   = 1 << 20 // bytes; the rest of a longer one is passed over
	longestRecord = 64      // lines of one record: a quoted field may hold line breaks
)

// separators are what stands between columns, as spreadsheets of different countries write it. The
// names of the columns tell which it is.
var separators = []separator{separatedBy(',', "commas"), separatedBy(';', "semicolons"), separatedBy('\t', "tabs"), separatedBy('|', "bars")}

type separator struct {
	mark rune
	name string
	// formula is a cell such as ="0139", by which systems keep a spreadsheet from making a number
	// of it. Its quotes aren't those of a CSV.
	formula *regexp.Regexp
}

func separatedBy(mark rune, name string) separator {
	at := regexp.QuoteMeta(string(mark))
	return separator{mark, name, regexp.MustCompile(`(^|` + at + `)="([^"` + at + `]*)"`)}
}

// textFile reads a CSV record by record, whatever its size. A byte order mark, either line ending
// and quoted line breaks are understood. A broken record costs its first line and no other: a quote
// that is never closed doesn't swallow the file.
type textFile struct {
	charset   charset
	separator separator
	counted   *counting
	input     *bufio.Reader
	record    *bufio.Reader // of one record at a time
	pending   []line        // read and not yet part of a record
	number    int           // of the last line read
	ended     bool
}

type line struct {
	number  int
	text    string
	tooLong bool
}

// counting counts the bytes that are read through it.
type counting struct {
	io.ReadSeeker

	bytes int64
}

// Read reads, and counts.
func (c *counting) Read(into []byte) (int, error) {
	n, err := c.ReadSeeker.Read(into)
	c.bytes += int64(n)
	return n, err
}

func readText(file io.ReadSeeker, in charset, between separator) (records, error) {
	counted := &counting{ReadSeeker: file}
	decoded, err := decoding(counted, in)
	if err != nil {
		return nil, err
	}
	return &textFile{charset: in, separator: between, counted: counted, input: bufio.NewReaderSize(decoded, 64<<10),
		record: bufio.NewReader(nil)}, nil
}

func (f *textFile) kind() string {
	return fmt.Sprintf("CSV in %s, separated by %s", f.charset.name, f.separator.name)
}

func (f *textFile) read() int64 { return f.counted.bytes }

func (f *textFile) next() (record, error) {
	first, err := f.line()
	if err != nil {
		return record{}, err
	}
	if first.tooLong {
		return record{line: first.number, broken: fmt.Sprintf("the line is longer than %d bytes", longestLine)}, nil
	}
	if strings.TrimSpace(first.text) == "" {
		return record{line: first.number}, nil
	}
	lines, more := []string{first.text}, []line{}
	for open, length := strings.Count(first.text, `"`)%2 == 1, len(first.text); open && len(more) < longestRecord; {
		following, err := f.line()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return record{}, err
		}
		more = append(more, following)
		if length += len(following.text); following.tooLong || length > longestLine {
			break
		}
		lines = append(lines, following.text)
		open = open != (strings.Count(following.text, `"`)%2 == 1)
	}
	written := strings.Join(lines, "\n")
	cells, err := f.cells(written)
	if err != nil {
		cells, err = f.cells(f.separator.formula.ReplaceAllString(written, `$1"$2"`))
	}
	if err != nil {
		f.pending = append(more, f.pending...)
		if syntax, ok := errors.AsType[*csv.ParseError](err); ok {
			err = syntax.Err
		}
		return record{line: first.number, broken: "the quotes are broken (" + err.Error() + ")"}, nil
	}
	return record{line: first.number, cells: cells}, nil
}

func (f *textFile) cells(written string) ([]string, error) {
	f.record.Reset(strings.NewReader(written))
	reader := csv.NewReader(f.record)
	reader.Comma = f.separator.mark
	return reader.Read()
}

// line returns the next line without its ending, and the first without the byte order mark.
func (f *textFile) line() (line, error) {
	if len(f.pending) > 0 {
		first := f.pending[0]
		f.pending = f.pending[1:]
		return first, nil
	}
	if f.ended {
		return line{}, io.EOF
	}
	var text bytes.Buffer
	tooLong, begun := false, false
	for {
		piece, err := f.input.ReadSlice('\n')
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
			f.ended = true
			if !begun {
				return line{}, io.EOF
			}
		} else if err != nil {
			return line{}, fmt.Errorf("read the file: %w", err)
		}
		f.number++
		written := strings.TrimSuffix(strings.TrimSuffix(text.String(), "\n"), "\r")
		if f.number == 1 {
			written = strings.TrimPrefix(written, byteOrderMark)
		}
		return line{f.number, written, tooLong}, nil
	}
}
