package httpapi

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestABodyOfAFileIsKnownAgainWhateverItsBoundary(t *testing.T) {
	known := func(boundary, body string) []byte {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "/", http.NoBody)
		require.NoError(t, err)
		request.Header.Set("Content-Type", "multipart/form-data; boundary="+boundary)
		return identifying(request, []byte(strings.ReplaceAll(body, "|", boundary)))
	}
	first := known("first", "--|\r\na\r\n--|--")
	require.Equal(t, first, known("second", "--|\r\na\r\n--|--"))
	require.False(t, bytes.Equal(first, known("first", "--|\r\nb\r\n--|--")))
}

func TestFilesOfTelephonesAndOldOfficesAreKnownByTheirContent(t *testing.T) {
	for content, want := range map[string]string{
		"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic":         "image/heic",
		"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1heic":         "image/heic",
		"\x00\x00\x00\x14ftypqt  \x00\x00\x02\x00qt  ":             "video/quicktime",
		"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom":         "video/mp4",
		"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00\x00\x00\x00\x00\x00": "application/x-ole-storage",
		"PK\x03\x04": "application/zip",
	} {
		found, taken := fileType([]byte(content))
		require.True(t, taken, want)
		require.Equal(t, want, found)
	}
	for _, content := range []string{"\x00\x00\x00\x18ftypxxxx\x00\x00\x00\x00xxxx", "\x00\x00\x00\x18ftyp", "\xd0\xcf\x11\xe0", "<html>"} {
		_, taken := fileType([]byte(content))
		require.False(t, taken, "%q", content)
	}
}
