package submission

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"recourse/internal/complaint"
	"recourse/internal/store"
	"recourse/internal/store/submission/db"
)

// Restore stores a step anew whose submission the database has lost, as its workflow has it: the
// coded facts, without a word. It reports whether it was lost; one without a submission never is.
func (s *Store) Restore(ctx context.Context, number string, step complaint.Step) (lost bool, err error) {
	id := store.ParseID(step.Submission)
	if id == uuid.Nil {
		return false, nil
	}
	facts, err := json.Marshal(step.Facts)
	if err != nil {
		return false, fmt.Errorf("encode the facts: %w", err)
	}
	rows, err := s.queries.RestoreSubmission(ctx, db.RestoreSubmissionParams{ID: id, Number: number, Step: string(step.Name),
		Actor: string(step.By.Person), ActorRoles: store.Texts(step.By.Roles), ActorDepartment: step.By.Department,
		ExpectedRevision: int32(step.ExpectedRevision), WordsDigest: WordsDigest(nil, nil), Facts: facts, StoredAt: step.At})
	return rows > 0, store.Failed(err, "restore the submission %s", step.Submission)
}

// RestoreRegistered is Restore for a registration: the complaint is there again, without its
// customer, under its number, which isn't given out again. Pattern and year are those of
// Registration.
func (s *Store) RestoreRegistered(ctx context.Context, number string, step complaint.Step, pattern string, year int) (lost bool, err error) {
	facts := step.Facts.Registration
	if facts == nil {
		return false, fmt.Errorf("restore %s: the step lacks the registration", number)
	}
	numbers, err := parseNumberPattern(pattern, year)
	if err != nil {
		return false, fmt.Errorf("restore %s: %w", number, err)
	}
	serial, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimPrefix(number, numbers.before), numbers.after), 10, 32)
	if err != nil {
		return false, fmt.Errorf("restore %s: the number isn't one of %q in %d", number, pattern, year)
	}
	state, err := json.Marshal(complaint.Complaint{Number: number, Stage: complaint.Received, StageSince: step.At, RegisteredAt: step.At,
		RegisteredBy: step.By.Person, Registration: *facts, Subjects: facts.Subjects,
		Terms: complaint.Terms{Procedure: facts.Procedure, Version: facts.Version}})
	if err != nil {
		return false, fmt.Errorf("encode the complaint: %w", err)
	}
	err = s.queries.RestoreRegistered(ctx, db.RestoreRegisteredParams{Number: number, Procedure: facts.Procedure, ProcedureVersion: int32(facts.Version),
		Year: int32(year), Serial: int32(serial), NumberBefore: numbers.before, NumberWidth: numbers.width, NumberAfter: numbers.after,
		Language: facts.Language, ID: store.ParseID(step.Submission), StoredAt: step.At, Actor: string(step.By.Person),
		Subjects: store.Texts(facts.Subjects), Category: facts.Category, Channel: facts.Channel, State: state})
	if err != nil {
		return false, fmt.Errorf("restore %s: %w", number, err)
	}
	return s.Restore(ctx, number, step)
}
