package procedures_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
)

func TestRealEstateProject_EachOfTwoOpenMattersEndsOnItsOwnDate(t *testing.T) {
	r := request(t, read(t, "stories/real-estate-project/two-open-matters.yaml"))
	for at, resting := range map[time.Time]bool{r.Until.AddDate(0, 0, -1): true, r.Until: false} {
		r.Until = at
		c := lived(t, r)
		_, rests := c.Suspended()
		require.Equal(t, resting, rests, at)
	}
}

func TestRealEstateProject_WhoResumesEndsAllThatLetItRest(t *testing.T) {
	c := lived(t, request(t, read(t, "stories/real-estate-project/resuming-ends-all-that-let-it-rest.yaml")))
	_, rests := c.Suspended()
	require.False(t, rests)
	_, clock := c.Deadline(complaint.OpenMatterClock)
	require.False(t, clock)
}
