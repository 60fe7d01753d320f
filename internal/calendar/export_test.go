package calendar

import "time"

// IsWorking tells whether people work at that instant: from the minute of opening, no longer at the
// minute of closing.
func (c *Calendar) IsWorking(t time.Time) bool {
	return c.NextWorking(t).Equal(t)
}

// WorkingBetween is how much working time passes from a to b; nothing when b isn't after a. Of a
// span longer than 250 years it counts the first 250.
func (c *Calendar) WorkingBetween(a, b time.Time) time.Duration {
	return c.walk().between(plain(a), plain(b))
}
