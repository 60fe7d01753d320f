package store

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"time"

	"github.com/google/uuid"
)

// Texts are coded words as PostgreSQL takes them; never nil, which would be NULL.
func Texts[T ~string](words []T) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = string(w)
	}
	return out
}

// One turns a row that was read into what the domain calls it. When the query failed it says what
// was looked for, as OrNotFound does.
func One[Row, T any](row Row, err error, decode func(Row) (T, error), format string, arguments ...any) (T, error) {
	if err != nil {
		return *new(T), OrNotFound(err, format, arguments...)
	}
	return decode(row)
}

// All turns rows that were read into what the domain calls them. When the query failed it says what
// for.
func All[Row, T any](rows []Row, err error, decode func(Row) (T, error), format string, arguments ...any) ([]T, error) {
	if err != nil {
		return nil, Failed(err, format, arguments...)
	}
	out := make([]T, 0, len(rows))
	for _, row := range rows {
		one, err := decode(row)
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, nil
}

// Readable is [All] for queues, of which no row may keep the others waiting: it returns what can be
// decoded, and beside it an error that says which rows can't.
func Readable[Row, T any](rows []Row, decode func(Row) (T, error)) (readable []T, unreadable error) {
	for _, row := range rows {
		one, err := decode(row)
		if err != nil {
			unreadable = errors.Join(unreadable, err)
			continue
		}
		readable = append(readable, one)
	}
	return readable, unreadable
}

// UTC is a time that may be missing, as everything outside the database has it.
func UTC(at *time.Time) *time.Time {
	if at == nil {
		return nil
	}
	in := at.UTC()
	return &in
}

// ParseID is an ID as PostgreSQL takes it; the zero UUID, which nothing has, when there is none or
// it is not spelled as ours are.
func ParseID(id string) uuid.UUID {
	parsed, err := uuid.Parse(id)
	if err != nil || parsed.String() != id {
		return uuid.Nil
	}
	return parsed
}

// Digest is SHA-256 over fields, each with its length in front so that none can lend bytes to the
// next.
func Digest(fields ...[]byte) []byte {
	h := sha256.New()
	for _, field := range fields {
		var length [8]byte
		binary.BigEndian.PutUint64(length[:], uint64(len(field)))
		h.Write(length[:])
		h.Write(field)
	}
	return h.Sum(nil)
}
