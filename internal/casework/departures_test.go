package casework_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/casework"
	"recourse/internal/rig"
	"recourse/internal/store/published"
)

func TestWhatSomebodyHasWhoLeavesGoesOnWithThePublicationOfTheDirectory(t *testing.T) {
	r := rig.Living(t)
	var numbers []string
	for range 2 {
		number := r.Register(rig.Dispatcher, rig.Parcel())
		r.Take(number, "screen", rig.Dispatcher, body{"kind": "complaint", "valid": true, "category": "operations.mistake"})
		r.Take(number, "accept", rig.Courier, body{})
		numbers = append(numbers, number)
	}
	untouched := r.Register(rig.Dispatcher, rig.Parcel())
	newest, err := r.Office.Published.Newest(t.Context(), published.Directory, "courier-station")
	require.NoError(t, err)
	var without strings.Builder
	for line := range strings.Lines(newest.Body) {
		switch {
		case strings.HasPrefix(line, "  "+rig.Courier+": {"):
		case strings.HasPrefix(line, "  operations.head: {"):
			without.WriteString("  operations.head: {primary: yang-fan, secondary: huang-li}\n")
		case strings.HasPrefix(line, "  operations.handler: {"):
			without.WriteString("  operations.handler: {primary: huang-li, secondary: yang-fan}\n")
		default:
			without.WriteString(line)
		}
	}
	publish := func(path string) rig.Answer {
		return r.Send(http.MethodPost, "/v1/directories/courier-station/versions"+path, rig.Administrator, strings.NewReader(without.String()),
			header{"Content-Type": "application/yaml"})
	}
	var previewed []string
	for _, one := range publish("?preview=true").Is(http.StatusOK)["complaints"].([]any) {
		one := one.(body)
		previewed = append(previewed, one["number"].(string))
		require.Equal(t, rig.Courier, one["from"].([]any)[0].(body)["id"])
	}
	require.ElementsMatch(t, numbers, previewed)
	handler := func(number string) any {
		return r.Get("/v1/complaints/"+number, rig.Dispatcher).Is(200)["people"].(body)["handler"].(body)["id"]
	}
	require.Equal(t, rig.Courier, handler(numbers[0]), "a preview moves nothing")

	done := publish("").Is(http.StatusCreated)
	require.ElementsMatch(t, numbers, rig.Strings(done["moved"]))
	require.NotContains(t, done, "more")
	for _, number := range numbers {
		require.Equal(t, rig.SecondCourier, handler(number))
		for _, waits := range r.Get("/v1/complaints/"+number, rig.Dispatcher).Is(200)["waits_for"].([]any) {
			person, named := waits.(body)["person"].(body)
			require.False(t, named && person["id"] == rig.Courier, "it waits for nobody who isn't there")
		}
		r.Take(number, "contact", rig.SecondCourier, body{"reached": true, "words": "We are looking into it."})
	}
	revision := r.Get("/v1/complaints/"+numbers[0], rig.Dispatcher).Is(200)["revision"]
	require.EqualValues(t, 1, r.Get("/v1/complaints/"+untouched, rig.Dispatcher).Is(200)["revision"])

	now := time.Now().Add(time.Minute)
	r.Office.Now = func() time.Time { return now }
	require.NoError(t, casework.FollowDirectories(r.Office, t.Context()))
	unfollowed, err := r.Office.Published.Unfollowed(t.Context())
	require.NoError(t, err)
	require.Empty(t, unfollowed)
	require.Equal(t, revision, r.Get("/v1/complaints/"+numbers[0], rig.Dispatcher).Is(200)["revision"], "it moved once")
}
