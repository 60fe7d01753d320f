package reading

import (
	"context"

	"recourse/internal/complaint"
	"recourse/internal/store"
	"recourse/internal/store/reading/db"
)

// Left is a merged complaint that was left alone by the one into which it was merged.
type Left struct{ Number, By string }

// LeftAlone returns merged complaints whose leading one was withdrawn or registered in error, for
// as long as they can be opened again, by their numbers; at most 500.
func (s *Store) LeftAlone(ctx context.Context) ([]Left, error) {
	rows, err := s.queries.LeftAlone(ctx, mostRelations)
	return store.All(rows, err, func(row db.LeftAloneRow) (Left, error) {
		return Left{Number: row.Number, By: row.Target}, nil
	}, "look for merged complaints that were left alone")
}

// mostRelations bounds what is shown beside one complaint, or looked at in one go.
const mostRelations = 500

// Relations returns the complaints that hang together with one and of which viewer may know, with
// what the one is to each: those to which it was linked, and those that were linked to it; in the
// order in which that happened, at most 500.
func (s *Store) Relations(ctx context.Context, viewer Viewer, number string) ([]complaint.Linked, error) {
	rows, err := s.queries.RelationsOf(ctx, db.RelationsOfParams{Number: number, Procedure: viewer.Procedure, Viewer: string(viewer.Person),
		SeesAll: viewer.All, Known: viewer.keys(), Most: mostRelations})
	return store.All(rows, err, func(row db.RelationsOfRow) (complaint.Linked, error) {
		relation := complaint.Relation(row.Relation)
		if row.Reverse {
			relation = relation.Reverse()
		}
		return complaint.Linked{Relation: relation, Number: row.Number}, nil
	}, "read what hangs together with %s", number)
}
