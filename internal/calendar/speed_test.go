package calendar_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestACalendarMayBeUsedByManyAtOnce(t *testing.T) {
	c := load(t, "new-york")
	start := civil(t, c, "2026-03-06 16:00")
	want := c.Due(start, d("40wh")).At
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 50 {
				if got := c.Due(start, d("40wh")).At; !got.Equal(want) {
					t.Errorf("due %s, alone it is %s", got, want)
				}
			}
		})
	}
	all.Wait()
	require.Equal(t, "2026-03-13 12:30", shown(c, want))
}

func BenchmarkDue(b *testing.B) {
	for _, name := range []string{"cn", "new-york"} {
		c := load(b, name)
		start := civil(b, c, "2026-02-13 17:30")
		for _, text := range []string{"24h", "same-day", "3wd", "4wh", "40wh", "400wh", "250wd"} {
			within := d(text)
			b.Run(name+"/"+text, func(b *testing.B) {
				for b.Loop() {
					c.Due(start, within)
				}
			})
		}
		due := c.Due(start, d("3wd")).At
		b.Run(name+"/share", func(b *testing.B) {
			for b.Loop() {
				c.Share(start, due, 75, d("3wd"))
			}
		})
	}
}
