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

// Lost is a step that came to a complaint's workflow, and that the database may have lost.
type Lost struct {
	complaint.Step
	// Place is its place among those that came.
	Place int
	// Beside is set for a step of a process beside the complaint, which tells of it by itself.
	Beside bool
}

// Restore stores a step anew whose submission the database has lost, as its workflow has it: the
// coded facts, without a word. What isn't decided is BroughtBack from now on. One without a
// submission isn't lost.
func (s *Store) Restore(ctx context.Context, number string, lost Lost) error {
	step, id := lost.Step, store.ParseID(lost.Submission)
	if id == uuid.Nil {
		return nil
	}
	facts, err := json.Marshal(step.Facts)
	if err != nil {
		return fmt.Errorf("encode the facts: %w", err)
	}
	err = s.queries.RestoreSubmission(ctx, db.RestoreSubmissionParams{ID: id, Number: number, Step: string(step.Name),
		Actor: string(step.By.Person), ActorRoles: store.Texts(step.By.Roles), ActorDepartment: step.By.Department,
		ExpectedRevision: int32(step.ExpectedRevision), WordsDigest: WordsDigest(nil, nil), Facts: facts, StoredAt: step.At})
	if err == nil {
		err = s.queries.NoteBroughtBack(ctx, db.NoteBroughtBackParams{Number: number, Submission: id, Place: int32(lost.Place), Beside: lost.Beside})
	}
	return store.Failed(err, "restore the submission %s", step.Submission)
}

// BroughtBack is a submission that was brought back and that nobody was told of yet.
type BroughtBack struct {
	Stored
	// Beside is set for a step of a process beside the complaint.
	Beside bool
}

// BroughtBack returns what of a complaint was brought back, in the order in which it came, until
// that is forgotten.
func (s *Store) BroughtBack(ctx context.Context, number string) ([]BroughtBack, error) {
	rows, err := s.queries.BroughtBack(ctx, number)
	return store.All(rows, err, func(row db.BroughtBackRow) (BroughtBack, error) {
		stored, err := storedFrom(row.Submission)
		return BroughtBack{Stored: stored, Beside: row.Beside}, err
	}, "read what was brought back of %s", number)
}

// NumbersBroughtBack are those of the complaints that have something BroughtBack.
func (s *Store) NumbersBroughtBack(ctx context.Context) ([]string, error) {
	numbers, err := s.queries.NumbersBroughtBack(ctx)
	return numbers, store.Failed(err, "read what was brought back")
}

// ForgetBroughtBack notes that all of a complaint that was BroughtBack is taken again, and told of.
func (s *Store) ForgetBroughtBack(ctx context.Context, number string) error {
	return store.Failed(s.queries.ForgetBroughtBack(ctx, number), "forget what was brought back of %s", number)
}

// RestoreRegistered is Restore for a registration: the complaint is there again, without its
// customer, under its number, which isn't given out again. Pattern and year are those of
// Registration.
func (s *Store) RestoreRegistered(ctx context.Context, number string, lost Lost, pattern string, year int) error {
	step := lost.Step
	facts := step.Facts.Registration
	if facts == nil {
		return fmt.Errorf("restore %s: the step lacks the registration", number)
	}
	numbers, err := parseNumberPattern(pattern, year)
	if err != nil {
		return fmt.Errorf("restore %s: %w", number, err)
	}
	serial, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimPrefix(number, numbers.before), numbers.after), 10, 32)
	if err != nil {
		return fmt.Errorf("restore %s: the number isn't one of %q in %d", number, pattern, year)
	}
	state, err := json.Marshal(complaint.Complaint{Number: number, Stage: complaint.Received, StageSince: step.At, RegisteredAt: step.At,
		RegisteredBy: step.By.Person, Registration: *facts, Subjects: facts.Subjects,
		Terms: complaint.Terms{Procedure: facts.Procedure, Version: facts.Version}})
	if err != nil {
		return fmt.Errorf("encode the complaint: %w", err)
	}
	err = s.queries.RestoreRegistered(ctx, db.RestoreRegisteredParams{Number: number, Procedure: facts.Procedure, ProcedureVersion: int32(facts.Version),
		Year: int32(year), Serial: int32(serial), NumberBefore: numbers.before, NumberWidth: numbers.width, NumberAfter: numbers.after,
		Language: facts.Language, ID: store.ParseID(step.Submission), StoredAt: step.At, Actor: string(step.By.Person),
		Subjects: store.Texts(facts.Subjects), Category: facts.Category, Channel: facts.Channel, State: state})
	if err != nil {
		return fmt.Errorf("restore %s: %w", number, err)
	}
	return s.Restore(ctx, number, lost)
}
