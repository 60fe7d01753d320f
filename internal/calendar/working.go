package calendar

import "time"

// NextWorking is the first working instant at or after t: t itself while people work, else the next
// opening.
func (c *Calendar) NextWorking(t time.Time) time.Time {
	return c.walk().next(plain(t))
}
