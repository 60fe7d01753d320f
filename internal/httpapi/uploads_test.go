package httpapi_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
	"recourse/internal/httpapi"
	"recourse/internal/rig"
	"recourse/internal/store/attachment"
)

// untouched is a body that nobody may read.
type untouched struct{ t *testing.T }

func (u untouched) Read([]byte) (int, error) {
	u.t.Error("the body was read")
	return 0, io.EOF
}

// First review: C3.
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
	for range httpapi.UploadsOfOnePerson {
		content, end := io.Pipe()
		ends = append(ends, end)
		slow.Go(func() { upload(number, rig.Dispatcher, content) })
		_, err := end.Write([]byte("--frame\r\n")) // returns once it is being read
		require.NoError(t, err)
	}
	busy := upload(number, rig.Dispatcher, untouched{t})
	busy.Refused(http.StatusTooManyRequests, "rate_limited")
	require.NotEmpty(t, busy.Header.Get("Retry-After"))
	upload(number, rig.Auditor, strings.NewReader("--frame--\r\n")).Refused(http.StatusBadRequest, "invalid_body") // there is room for others
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

// First review: C3.
func TestABodyThatStopsComingLosesItsPlace(t *testing.T) {
	slow := echo.New()
	slow.Use(httpapi.Flowing(50 * time.Millisecond))
	slow.POST("/", func(c echo.Context) error {
		_, err := io.ReadAll(c.Request().Body)
		if errors.Is(err, httpapi.ErrStalled) {
			return c.NoContent(http.StatusRequestTimeout)
		}
		return c.NoContent(http.StatusOK)
	})
	served := httptest.NewServer(slow)
	t.Cleanup(served.Close)
	send := func(pieces int, pause time.Duration) int {
		content, end := io.Pipe()
		go func() {
			for range pieces {
				_, _ = end.Write(bytes.Repeat([]byte("x"), 1000))
				time.Sleep(pause)
			}
			_ = end.Close()
		}()
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, served.URL, content)
		require.NoError(t, err)
		answer, err := served.Client().Do(request)
		require.NoError(t, err)
		require.NoError(t, answer.Body.Close())
		return answer.StatusCode
	}
	require.Equal(t, http.StatusOK, send(20, 5*time.Millisecond), "a slow one that keeps coming is taken")
	require.Equal(t, http.StatusRequestTimeout, send(2, time.Second))
}

// First review: C6.
func TestWhatComesAtOnceIsStoredOnce(t *testing.T) {
	r, _ := rig.Standing(t)
	number := r.Post("/v1/complaints", rig.Dispatcher, rig.Parcel()).Is(http.StatusCreated)["number"].(string)
	atOnce := func(do func() rig.Answer) {
		t.Helper()
		answers := make([][]byte, 4)
		var all sync.WaitGroup
		for i := range answers {
			all.Go(func() { answers[i] = do().Raw })
		}
		all.Wait()
		for _, answer := range answers {
			require.Contains(t, string(answer), "\"", string(answer))
		}
	}
	count := func(query string) (n int) {
		t.Helper()
		require.NoError(t, r.Server.Database.QueryRow(t.Context(), query).Scan(&n))
		return n
	}
	until := time.Now().Add(time.Hour).UTC()
	absence := body{"from": time.Now().Add(30 * time.Minute).UTC(), "until": until, "reason": "ill"}
	atOnce(func() rig.Answer {
		return r.Post("/v1/people/"+rig.OperationsHead+"/absences", rig.OperationsHead, absence)
	})
	require.Equal(t, 1, count(`SELECT count(*) FROM absences`))

	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			_, err := r.Office.Attachments.Add(t.Context(), attachment.Attachment{Number: number, Name: "door.jpg", Content: []byte("red"), AddedBy: "li-na"})
			require.NoError(t, err)
		})
		all.Go(func() {
			_, err := r.Office.Issued.For(t.Context(), number, "follow", 0, time.Now(), 0, time.Hour)
			require.NoError(t, err)
		})
	}
	all.Wait()
	require.Equal(t, 1, count(`SELECT count(*) FROM attachments`))
	require.Equal(t, 1, count(`SELECT count(*) FROM links WHERE purpose = 'follow'`))
}

// First review: D10.
func TestACallerWhoHangsUpIsNoFailureOfOurs(t *testing.T) {
	r, temporal := rig.Standing(t)
	number := r.Post("/v1/complaints", rig.Dispatcher, rig.Parcel()).Is(http.StatusCreated)["number"].(string)
	ctx, hangUp := context.WithCancel(t.Context())
	temporal.Says = func(string, complaint.Step) (complaint.Result, error) {
		hangUp()
		return complaint.Result{}, ctx.Err()
	}
	request := httptest.NewRequestWithContext(ctx, http.MethodPost, "/v1/complaints/"+number+"/steps/note", strings.NewReader(`{"words": "x"}`))
	request.Header.Set("Authorization", "Bearer "+r.Token(rig.Dispatcher))
	request.Header.Set("Content-Type", "application/json")
	r.Handler.ServeHTTP(httptest.NewRecorder(), request)
	require.NotContains(t, r.Logged(), "request failed")
	require.Contains(t, r.Logged(), `"status":499`)
	require.NotContains(t, string(r.Get("/metrics", "").Raw), `status="503"`)
}

// First review: D10.
func TestAKeyMeansTheSameHoweverItsBodyIsSpaced(t *testing.T) {
	same := func(a, b string) bool {
		of := func(body string) string {
			request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", nil)
			request.Header.Set("Content-Type", "application/json; charset=utf-8")
			return string(httpapi.Identifying(request, []byte(body)))
		}
		return of(a) == of(b)
	}
	require.True(t, same(`{"size": 1, "from": "x"}`, "{\n\"from\":\"x\",\"size\":1}"))
	require.False(t, same(`{"size": 1}`, `{"size": 10}`))
	require.False(t, same(`{"size": 9007199254740993}`, `{"size": 9007199254740992}`))
	require.False(t, same(`{"size": 1`, `{"size": 1}`))
}
