package httpapi_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/rig"
	"recourse/internal/store/attachment"
)

// First review: C7.
func TestAnAddressIsOneToWhichMailCanBeSent(t *testing.T) {
	r, _ := rig.Standing(t)
	said := rig.Parcel()
	for _, address := range []string{"a@x.example>", "<a@x.example", "a..b@x.example", ".a@x.example", "a.@x.example", "a@x..example", "a@x.example.",
		"a@b@x.example", "a b@x.example", "a@x.example,b@x.example", "a", "@x.example"} {
		said["customer"] = body{"name": "Wang Fang", "email": address}
		problem := r.Post("/v1/complaints", rig.Dispatcher, said).Refused(http.StatusBadRequest, "invalid_body")
		require.Equal(t, "/customer/email", problem["errors"].([]any)[0].(body)["pointer"], address)
	}
	for _, address := range []string{"a@x.example", "a.b+c@x.example", "o'brien@x-y.example", "王芳@例子.测试", "a_b@sub.x.example"} {
		said["customer"] = body{"name": "Wang Fang", "email": address}
		r.Post("/v1/complaints", rig.Dispatcher, said).Is(http.StatusCreated)
	}
}

// First review: C7.
func TestAComplaintHasNoMoreFilesThanAListShows(t *testing.T) {
	r, _ := rig.Standing(t)
	number := r.Post("/v1/complaints", rig.Dispatcher, rig.Parcel()).Is(http.StatusCreated)["number"].(string)
	for i := range attachment.MostFiles {
		_, err := r.Office.Attachments.Add(t.Context(), attachment.Attachment{Number: number, Name: fmt.Sprintf("%d.txt", i), Content: []byte{byte(i)}, AddedBy: rig.Dispatcher})
		require.NoError(t, err)
	}
	_, err := r.Office.Attachments.Add(t.Context(), attachment.Attachment{Number: number, Name: "0.txt", Content: []byte{0}, AddedBy: rig.Dispatcher})
	require.NoError(t, err, "the same file again is none more")
	_, err = r.Office.Attachments.Add(t.Context(), attachment.Attachment{Number: number, Name: "one more.txt", Content: []byte("one more"), AddedBy: rig.Dispatcher})
	require.ErrorIs(t, err, attachment.ErrTooMany)
}
