package httpapi_test

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/httpapi"
	"recourse/internal/rig"
)

// untouched is a body that nobody may read.
type untouched struct{ t *testing.T }

func (u untouched) Read([]byte) (int, error) {
	u.t.Error("the body was read")
	return 0, io.EOF
}

func TestFilesAreReadFromThoseWhoMayAddThemAndAFewAtATime(t *testing.T) {
	r := rig.Living(t)
	number := r.Register(rig.Dispatcher, rig.Parcel())
	upload := func(number, person string, content io.Reader) rig.Answer {
		return r.Send(http.MethodPost, "/v1/complaints/"+number+"/attachments", person, content,
			header{"Content-Type": "multipart/form-data; boundary=frame", "Idempotency-Key": "photo"})
	}
	upload(number, rig.SecondCourier, untouched{t}).Refused(http.StatusNotFound, "not_found")
	upload(number[:len(number)-6]+"999999", rig.Dispatcher, untouched{t}).Refused(http.StatusNotFound, "not_found")

	var slow sync.WaitGroup
	var ends []*io.PipeWriter
	for range httpapi.UploadsAtOnce {
		content, end := io.Pipe()
		ends = append(ends, end)
		slow.Go(func() { upload(number, rig.Dispatcher, content) })
		_, err := end.Write([]byte("--frame\r\n")) // returns once it is being read
		require.NoError(t, err)
	}
	busy := upload(number, rig.Dispatcher, untouched{t})
	busy.Refused(http.StatusTooManyRequests, "rate_limited")
	require.NotEmpty(t, busy.Header.Get("Retry-After"))
	for _, end := range ends {
		require.NoError(t, end.Close())
	}
	slow.Wait()
	upload(number, rig.Dispatcher, strings.NewReader("--frame\r\nContent-Disposition: form-data; name=\"file\"; filename=\"note.txt\"\r\n\r\nSeen.\r\n--frame--\r\n")).Is(http.StatusCreated)
}

func TestOneRequestBringsOneFile(t *testing.T) {
	r := rig.Living(t)
	path := "/v1/complaints/" + r.Register(rig.Dispatcher, rig.Parcel()) + "/attachments"
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
			r := r.With(t)
			problem := r.Send(http.MethodPost, path, rig.Dispatcher, strings.NewReader(c.sent), header{"Content-Type": "multipart/form-data; boundary=frame"}).Refused(400, "invalid_body")
			require.Equal(t, []string{c.pointer}, rig.Pointers(problem))
		})
	}
	require.Empty(t, r.Get(path, rig.Dispatcher).Is(http.StatusOK)["attachments"])
}
