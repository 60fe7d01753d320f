package importing

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// ErrNotText is wrapped by the error for a file that isn't text to its end, or of which the bytes
// don't tell how it writes its characters.
var ErrNotText = errors.New("the file can't be read as text")

// charset is how a file writes its characters as bytes.
type charset struct {
	name string // as it is said
	// decoder makes UTF-8 of the bytes. What is no character is an error in UTF-8, and becomes
	// utf8.RuneError from any other.
	decoder func() transform.Transformer
}

func charsetOf(name string, of encoding.Encoding) charset {
	return charset{name, func() transform.Transformer { return of.NewDecoder() }}
}

var (
	inUTF8        = charset{"UTF-8", func() transform.Transformer { return encoding.UTF8Validator }}
	inGB18030     = charsetOf("GB18030 (GBK)", simplifiedchinese.GB18030)
	inUTF16Little = charsetOf("UTF-16 (little-endian)", unicode.UTF16(unicode.LittleEndian, unicode.UseBOM))
	inUTF16Big    = charsetOf("UTF-16 (big-endian)", unicode.UTF16(unicode.BigEndian, unicode.UseBOM))
)

const (
	byteOrderMark = "\ufeff"
	sampled       = 4096 // characters by which it is judged whether a text is Chinese
)

// charsetNamed finds an encoding by the names that the web has for it (WHATWG Encoding Standard):
// "gbk", "big5", "windows-1252".
func charsetNamed(name string) (charset, error) {
	of, err := htmlindex.Get(name)
	if err != nil {
		return charset{}, err
	}
	if canonical, err := htmlindex.Name(of); err == nil && canonical == "utf-8" {
		return inUTF8, nil
	}
	return charsetOf(name, of), nil
}

// charsetOfBytes tells by a file's bytes how it writes its characters: by its byte order mark, by
// the zeros that UTF-16 has in every Latin letter, and else by what all of it can be.
func charsetOfBytes(file io.ReadSeeker) (charset, error) {
	start := make([]byte, 4<<10)
	n, err := io.ReadFull(file, start)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return charset{}, fmt.Errorf("read the file: %w", err)
	}
	even, odd := zeros(start[:n])
	switch {
	case bytes.HasPrefix(start, []byte{0xff, 0xfe}), odd > n/8 && even < odd/4:
		return inUTF16Little, isText(file, inUTF16Little)
	case bytes.HasPrefix(start, []byte{0xfe, 0xff}), even > n/8 && odd < even/4:
		return inUTF16Big, isText(file, inUTF16Big)
	}
	notUTF8 := isText(file, inUTF8)
	if notUTF8 == nil || bytes.HasPrefix(start, []byte(byteOrderMark)) {
		return inUTF8, notUTF8
	}
	if notGB := isText(file, inGB18030); notGB != nil {
		return charset{}, errors.Join(notUTF8, notGB)
	}
	chinese, err := likelyChinese(file)
	if err == nil && !chinese {
		err = fmt.Errorf("%w: it isn't UTF-8, and read as GB18030 (GBK) it makes no likely Chinese; save it as UTF-8, "+
			"or say in the mapping how it is written, such as encoding: big5 or encoding: windows-1252", ErrNotText)
	}
	return inGB18030, err
}

// zeros counts the bytes of zero in even and in odd places.
func zeros(content []byte) (even, odd int) {
	for i, b := range content {
		switch {
		case b == 0 && i%2 == 0:
			even++
		case b == 0:
			odd++
		}
	}
	return even, odd
}

// decoding reads a file from its beginning as UTF-8.
func decoding(file io.ReadSeeker, in charset) (io.Reader, error) {
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, fmt.Errorf("read the file from its beginning: %w", err)
	}
	return transform.NewReader(file, in.decoder()), nil
}

// isText returns an error that wraps ErrNotText, with the line of the first bytes that are no
// character, unless a file is text to its end.
func isText(file io.ReadSeeker, in charset) error {
	decoded, err := decoding(file, in)
	if err != nil {
		return err
	}
	characters, line := bufio.NewReader(decoded), 1
	for {
		switch r, _, err := characters.ReadRune(); {
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, encoding.ErrInvalidUTF8), err == nil && r == utf8.RuneError && in.name != inUTF8.name:
			return fmt.Errorf("%w: line %d has bytes that are no character in %s", ErrNotText, line, in.name)
		case err != nil:
			return fmt.Errorf("read the file: %w", err)
		case r == 0:
			return fmt.Errorf("%w: line %d has a byte of zero, which no text has", ErrNotText, line)
		case r == '\n':
			line++
		}
	}
}

// likelyChinese: are nearly all characters beyond ASCII those of GB 2312, in which simplified
// Chinese is written? What other encodings write makes rare ones when it is read as GB18030.
func likelyChinese(file io.ReadSeeker) (bool, error) {
	decoded, err := decoding(file, inGB18030)
	if err != nil {
		return false, err
	}
	characters, usual, all := bufio.NewReader(decoded), 0, 0
	for all < sampled {
		r, _, err := characters.ReadRune()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return false, fmt.Errorf("read the file: %w", err)
		}
		if r < utf8.RuneSelf {
			continue
		}
		all++
		written, err := simplifiedchinese.GBK.NewEncoder().Bytes([]byte(string(r)))
		if err == nil && len(written) == 2 && written[1] >= 0xa1 && (written[0] <= 0xa3 || written[0] >= 0xb0) && written[0] >= 0xa1 {
			usual++
		}
	}
	return 4*usual >= 3*all, nil
}
