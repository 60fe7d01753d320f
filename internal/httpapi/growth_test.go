package httpapi_test

import (
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"recourse/internal/growth"
	"recourse/internal/httpapi"
)

// First review: C2.
func TestALongerAttachmentTakesNoMoreThanItsShare(t *testing.T) {
	const boundary = "limit"
	sent := func(name, content string) string {
		return "--" + boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name + "\"\r\n\r\n" + content + "\r\n--" + boundary + "--\r\n"
	}
	of := func(piece string) func(size int) string {
		return func(size int) string { return sent("a.txt", strings.Repeat(piece, size/len(piece))) }
	}
	for shape, body := range map[string]func(size int) string{
		"content":            of("a wrong door, "),
		"line breaks":        of("\r\n"),
		"nearly boundaries":  of("\r\n--limi"),
		"boundaries":         of("\r\n--limit\r\n\r\n"),
		"a name":             func(size int) string { return sent(strings.Repeat("é", size/2)+".txt", "x") },
		"a name of controls": func(size int) string { return sent(strings.Repeat("\u200e", size/3)+".txt", "x") },
		"a name of folders":  func(size int) string { return sent(strings.Repeat("a/", size/2)+".txt", "x") },
	} {
		t.Run(shape, func(t *testing.T) {
			growth.Linear(t, 32<<10, func(size int) func() {
				written := body(size)
				request, err := http.NewRequest(http.MethodPost, "/", nil)
				if err != nil {
					t.Fatal(err)
				}
				request.Header.Set("Content-Type", "multipart/form-data; boundary="+boundary)
				return func() {
					httpapi.ReadFile(multipart.NewReader(strings.NewReader(written), boundary)) //nolint:errcheck // some are refused
					httpapi.Identifying(request, []byte(written))
				}
			})
		})
	}
}
