package importing_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"

	"recourse/internal/api"
	"recourse/internal/importing"
)

func encoded(t *testing.T, in encoding.Encoding, text string) string {
	t.Helper()
	written, err := in.NewEncoder().String(text)
	require.NoError(t, err)
	return written
}

// open opens a file whose columns are id and what.
func open(file, encoding string) (*importing.Rows, error) {
	return importing.ReadRows(strings.NewReader(file), importing.Layout{Columns: []string{"id", "what"}, Encoding: encoding})
}

const wrongDoor = "id,what\r\n1,包裹送错门，客户要求当天送达\r\n2,\"Müller\r\n喆\"\r\n"

// First review: E1.
func TestAFileIsReadInTheEncodingThatItsBytesTell(t *testing.T) {
	chinese := strings.Replace(wrongDoor, "Müller", "Mueller", 1)
	for told, file := range map[string]string{
		"UTF-8":                    wrongDoor,
		"UTF-8, ":                  "\ufeff" + wrongDoor,
		"UTF-16 (little-endian)":   encoded(t, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), wrongDoor),
		"UTF-16 (little-endian), ": encoded(t, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), "id,what and where\r\n"+wrongDoor),
		"UTF-16 (big-endian)":      encoded(t, unicode.UTF16(unicode.BigEndian, unicode.UseBOM), wrongDoor),
		"GB18030 (GBK)":            encoded(t, simplifiedchinese.GBK, chinese),
		"GB18030 (GBK), ":          encoded(t, simplifiedchinese.GB18030, chinese+"3,𠮷\r\n"),
	} {
		rows, err := open(file, "")
		require.NoError(t, err, told)
		require.Contains(t, rows.Told, "CSV in "+strings.TrimSuffix(told, ", "))
		first, err := rows.Next()
		require.NoError(t, err)
		require.Equal(t, "包裹送错门，客户要求当天送达", first.Values["what"], told)
		second, err := rows.Next()
		require.NoError(t, err)
		require.Contains(t, second.Values["what"], "ller\n喆", told)
	}
}

// First review: E1.
func TestAFileThatIsNoTextToItsEndIsRefusedBeforeItsFirstRow(t *testing.T) {
	long := "id,what\n" + strings.Repeat("1,包裹送错门\n", 20000)
	for name, c := range map[string]struct{ file, want string }{
		"a stray byte at the end":        {long + "2,\xff\n", "line 20002 has bytes that are no character in UTF-8"},
		"GBK among UTF-8":                {long + "2," + encoded(t, simplifiedchinese.GBK, "错") + "\n", "line 20002 has bytes that are no character in UTF-8"},
		"a broken character at the end":  {long + "2,\xe5\x8c", "line 20002 has bytes that are no character in UTF-8"},
		"UTF-8 among GBK":                {encoded(t, simplifiedchinese.GBK, long) + "\xff\xff\n", "line 20002 has bytes that are no character in GB18030"},
		"zeros":                          {"id,what\n1,a\x00b\n", "line 2 has a byte of zero"},
		"half a character of UTF-16":     {encoded(t, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), long) + "x", "is no character in UTF-16"},
		"a photograph":                   {"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01", "the file can't be read as text"},
		"an old workbook":                {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "save it as .xlsx"},
		"a ZIP file that is no workbook": {"PK\x03\x04 and so on", "can't be read as an Excel workbook"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := open(c.file, "")
			require.ErrorContains(t, err, strings.Replace(c.want, "is no character in UTF-16", "are no character in UTF-16", 1))
		})
	}
}

// First review: E1.
func TestTheMappingSaysWhatTheBytesDoNotTell(t *testing.T) {
	for named, c := range map[string]struct {
		in   encoding.Encoding
		text string
	}{
		"big5":         {traditionalchinese.Big5, "包裹送錯門,客戶要求當天送達"},
		"windows-1252": {charmap.Windows1252, "Café für Müller: naïve Façade"},
		"shift_jis":    {japanese.ShiftJIS, "荷物が違う家に届きました"},
	} {
		file := "id;what\n1;" + encoded(t, c.in, c.text) + "\n"

		_, err := open(file, "")
		require.ErrorIs(t, err, importing.ErrNotText, "%s isn't taken for Chinese", named)

		rows, err := open(file, named)
		require.NoError(t, err)
		first, err := rows.Next()
		require.NoError(t, err)
		require.Equal(t, c.text, first.Values["what"])
	}
	_, err := open("id,what\n1,\xff\n", "gbk")
	require.ErrorIs(t, err, importing.ErrNotText, "what the mapping says is held against the bytes")
}

// First review: E1.
func TestAFileInGBKIsReadAsItWasWritten(t *testing.T) {
	registrations, dirt := office(t, "gbk.csv")

	require.Empty(t, dirt)
	require.Len(t, registrations, 2)
	require.Equal(t, "包裹送错门，客户要求当天送达", registrations[0].Body.Narrative)
	require.Equal(t, api.Customer{Name: "张三", Phone: "13900001111", Email: "zs@example.com", Language: "zh-CN"}, registrations[0].Body.Customer)
	require.Equal(t, "快递员态度恶劣", registrations[1].Body.Narrative)
}

// office reads a file of testdata by the mapping beside it, and returns what would be registered
// and what is told: "line: what is wrong: what was done".
func office(t *testing.T, name string) (registrations []importing.Registration, told []string) {
	t.Helper()
	written, err := os.ReadFile("testdata/" + strings.TrimSuffix(name, ".csv") + ".yaml")
	require.NoError(t, err)
	file, err := os.ReadFile("testdata/" + name)
	require.NoError(t, err)
	m, err := importing.Parse(name, written)
	require.NoError(t, err)
	rows, err := m.Open(bytes.NewReader(file))
	require.NoError(t, err)
	return read(t, m, rows)
}
