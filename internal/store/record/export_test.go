package record

import (
	"context"
	"time"
)

// SealOlderThan seals writes that a test has just made.
func (s *Store) SealOlderThan(ctx context.Context, age time.Duration) (Seal, error) {
	return s.sealOlderThan(ctx, age)
}
