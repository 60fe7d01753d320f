package store

import "errors"

var (
	// ErrNotFound says that there is no such complaint, procedure, message … in the database.
	ErrNotFound = errors.New("not found")
	// ErrIdempotencyMismatch refuses a key that an accepted submission with another body has used.
	ErrIdempotencyMismatch = errors.New("this idempotency key was used with another body")
	// ErrBeingAnswered says that another request with the same idempotency key is under way: ask again in a moment.
	ErrBeingAnswered = errors.New("another request with this idempotency key is being answered")
	// ErrRecordTaken says that the record already holds something at the place of a write, the same write or another: whoever
	// made it forgot it, and reads from there on what it was.
	ErrRecordTaken = errors.New("the record goes on already")
	// ErrRecordConflict refuses a write whose rows exist with other content, or would leave a gap. It is never cured by
	// trying again: after a reset of the workflow somebody has to look.
	ErrRecordConflict = errors.New("the record holds something else")
	// ErrBadCursor refuses a cursor that no list of this kind gave out.
	ErrBadCursor = errors.New("this cursor belongs to no such list")
)
