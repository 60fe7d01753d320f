package store

import (
	"time"

	"github.com/google/uuid"
)

// texts are coded words as PostgreSQL takes them; never nil, which would be NULL.
func texts[T ~string](words []T) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = string(w)
	}
	return out
}

// as reads coded words back; nil when there are none.
func as[T ~string](words []string) []T {
	if len(words) == 0 {
		return nil
	}
	out := make([]T, len(words))
	for i, w := range words {
		out[i] = T(w)
	}
	return out
}

// decodeAll turns rows into what the domain calls them.
func decodeAll[Row, T any](rows []Row, decode func(Row) (T, error)) ([]T, error) {
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

func timeOrNil(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	return &at
}

func timeOrZero(at *time.Time) time.Time {
	if at == nil {
		return time.Time{}
	}
	return *at
}

func utc(at *time.Time) *time.Time {
	if at == nil {
		return nil
	}
	in := at.UTC()
	return &in
}

// parseID is an ID as PostgreSQL takes it; the zero UUID, which nothing has, when there is none or it is not one of ours.
func parseID(id string) uuid.UUID {
	parsed, err := uuid.Parse(id)
	if err != nil {
		return uuid.Nil
	}
	return parsed
}
