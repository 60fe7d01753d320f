package store

import "errors"

// What callers of more than one concern decide by.
var (
	// ErrNotFound says that there is no such complaint, procedure, message … in the database.
	ErrNotFound = errors.New("not found")
	// ErrIdempotencyMismatch refuses a key that stands for another body.
	ErrIdempotencyMismatch = errors.New("this idempotency key was used with another body")
	// ErrBadCursor refuses a cursor that no list of this kind gave out.
	ErrBadCursor = errors.New("this cursor belongs to no such list")
)
