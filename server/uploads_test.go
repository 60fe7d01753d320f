package main

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// untouched is a body that nobody may read.
type untouched struct{ t *testing.T }

func (u untouched) Read([]byte) (int, error) {
	u.t.Error("the body was read")
	return 0, io.EOF
}

func TestFilesAreReadFromThoseWhoMayAddThemAndAFewAtATime(t *testing.T) {
	r := living(t)
	number := r.register(dispatcher, parcel())
	upload := func(number, person string, content io.Reader) answer {
		return r.send(http.MethodPost, "/v1/complaints/"+number+"/attachments", person, content,
			header{"Content-Type": "multipart/form-data; boundary=frame", "Idempotency-Key": "photo"})
	}
	upload(number, secondCourier, untouched{t}).refused(http.StatusNotFound, "not_found")
	upload(number[:len(number)-6]+"999999", dispatcher, untouched{t}).refused(http.StatusNotFound, "not_found")

	var slow sync.WaitGroup
	var ends []*io.PipeWriter
	for range uploadsAtOnce {
		content, end := io.Pipe()
		ends = append(ends, end)
		slow.Go(func() { upload(number, dispatcher, content) })
		_, err := end.Write([]byte("--frame\r\n")) // returns once it is being read
		require.NoError(t, err)
	}
	busy := upload(number, dispatcher, untouched{t})
	busy.refused(http.StatusTooManyRequests, "rate_limited")
	require.NotEmpty(t, busy.header.Get("Retry-After"))
	for _, end := range ends {
		require.NoError(t, end.Close())
	}
	slow.Wait()
	upload(number, dispatcher, strings.NewReader("--frame\r\nContent-Disposition: form-data; name=\"file\"; filename=\"note.txt\"\r\n\r\nSeen.\r\n--frame--\r\n")).is(http.StatusCreated)
}

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

func TestOneRequestBringsOneFile(t *testing.T) {
	r := living(t)
	path := "/v1/complaints/" + r.register(dispatcher, parcel()) + "/attachments"
	part := func(name, content string) string {
		return "--frame\r\nContent-Disposition: form-data; name=\"" + name + "\"; filename=\"" + content + ".txt\"\r\n\r\n" + content + "\r\n"
	}
	for name, c := range map[string]struct{ sent, pointer string }{
		"two files":     {part("file", "a") + part("file", "b") + "--frame--\r\n", "/file"},
		"a field, too":  {part("file", "a") + part("title", "b") + "--frame--\r\n", "/title"},
		"half a body":   {part("file", "a") + "--fra", "/file"},
		"not even half": {part("file", "a"), "/file"},
	} {
		t.Run(name, func(t *testing.T) {
			r := r.with(t)
			problem := r.send(http.MethodPost, path, dispatcher, strings.NewReader(c.sent), header{"Content-Type": "multipart/form-data; boundary=frame"}).refused(400, "invalid_body")
			require.Equal(t, []string{c.pointer}, pointers(problem))
		})
	}
	require.Empty(t, r.get(path, dispatcher).is(http.StatusOK)["attachments"])
}
