package workflows_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
	"recourse/workflows"
)

var errAway = errors.New("PostgreSQL is away")

func TestWhenTheFastWriteFailsTheDurableOneDoesTheSame(t *testing.T) {
	s := staged(t)
	s.registers()
	s.sends(minutes(5), "accepted", "zhao-lei", complaint.Accept, none)
	s.answer = func(context.Context, complaint.Write) (*complaint.Written, error) {
		if s.local[len(s.local)-1] {
			return nil, errAway
		}
		return nil, nil
	}
	s.lives(minutes(10))
	require.NoError(t, s.reply("accepted").err)
	require.Equal(t, []bool{true, false, true, false}, s.local)
	require.Equal(t, s.writes[2].Cause, s.writes[3].Cause, "the same write")
	require.Equal(t, s.writes[2].Happened, s.writes[3].Happened)
	require.Equal(t, []string{"li-na register", "zhao-lei accept"}, s.told(complaint.StepTaken))
}

// Only the first rung fired; missed rungs never made up.
func TestElsewhere_glpi5319_5805_TheLadderGoesOnAfterAnOutage(t *testing.T) {
	s := staged(t)
	s.registers() // contact and settle are due at 10:00 tomorrow
	s.sends(20*time.Hour, "noted", "zhao-lei", complaint.Note, none)
	tries := 0
	s.answer = func(_ context.Context, r complaint.Write) (*complaint.Written, error) {
		if r.Submission == "noted" && tries < 8000 { // a day and a half, tried every fifteen seconds
			tries++
			return nil, errAway
		}
		return nil, nil
	}
	s.lives(5 * 24 * time.Hour)
	require.NoError(t, s.reply("noted").err)
	require.Equal(t, words(`
rung:contact/1/0
rung:settle/1/0
rung:contact/1/1
rung:settle/1/1
rung:contact/1/2
rung:settle/1/2
rung:contact/1/3
rung:settle/1/3`), s.told(complaint.RungFired), "every rung once, in its order")
}

func TestTheRecordIsTakenOverWhereItIsAhead(t *testing.T) {
	s := staged(t)
	s.registers()
	s.sends(minutes(5), "accepted", "zhao-lei", complaint.Accept, none)
	s.sends(minutes(6), "twice", "zhao-lei", complaint.Accept, none)
	// The worker was killed after the database had taken the step that is now repeated.
	s.answer = func(_ context.Context, r complaint.Write) (*complaint.Written, error) {
		if r.Submission != "accepted" {
			return nil, nil
		}
		followed := s.rules.Follow(r)
		events := append(append([]complaint.Event{}, r.Happened...), followed.Decided...)
		s.recorded = append(s.recorded, events...)
		return &complaint.Written{Events: events, Rows: followed.Complaint.Recorded, Found: []string{r.Cause}}, nil
	}
	s.lives(minutes(10))
	require.NoError(t, s.reply("accepted").err)
	require.Equal(t, 2, s.reply("accepted").result.Revision, "taken once")
	require.Equal(t, complaint.ReasonAlreadyDone, s.refusal("twice").Reason)
}

func TestAStepIsJudgedAgainByARecordThatIsAhead(t *testing.T) {
	for _, row := range []struct {
		what    string
		ahead   complaint.StepName
		refused bool
	}{
		{"another step is there already, and the step still fits", complaint.Note, false},
		{"the complaint was accepted meanwhile, so it can't be again", complaint.Accept, true},
	} {
		s := staged(t)
		s.registers()
		s.sends(minutes(5), "accepted", "zhao-lei", complaint.Accept, none)
		found := false
		s.answer = func(_ context.Context, r complaint.Write) (*complaint.Written, error) {
			if r.Submission != "accepted" || found {
				return nil, nil
			}
			found = true
			step := complaint.Step{Name: row.ahead, Submission: "ahead", By: s.person("zhao-lei"), At: start.Add(minutes(3))}
			events := []complaint.Event{{Kind: complaint.StepTaken, At: step.At, By: step.By.Person, Step: &step}}
			s.recorded = append(s.recorded, events...)
			return &complaint.Written{Events: events, Rows: r.Before + 1, Found: []string{"step:ahead"}}, nil
		}
		s.sendsAs("late", minutes(7), "ahead", "zhao-lei", row.ahead, none)
		s.lives(minutes(10))

		require.Equal(t, 2, s.reply("ahead").result.Revision, "%s: its late sender gets the answer", row.what)
		if row.refused {
			require.Equal(t, complaint.ReasonAlreadyDone, s.refusal("accepted").Reason, row.what)
		} else {
			require.Equal(t, 3, s.reply("accepted").result.Revision, row.what)
		}
	}
}

func TestARungThatTheRecordHasAlreadyFiredDoesNotFireAgain(t *testing.T) {
	s := staged(t)
	s.registers()
	var repeated []complaint.Event
	s.answer = func(_ context.Context, r complaint.Write) (*complaint.Written, error) {
		if r.Cause != "rung:contact/1/0" {
			return nil, nil
		}
		followed := s.rules.Follow(r)
		repeated = followed.Rows()
		s.recorded = append(s.recorded, repeated...)
		return &complaint.Written{Events: repeated, Rows: followed.Complaint.Recorded, Found: []string{r.Cause}}, nil
	}
	s.lives(20 * time.Hour)
	require.Equal(t, []string{"rung:contact/1/0", "rung:settle/1/0"}, s.told(complaint.RungFired))
	require.NotEmpty(t, repeated)
}

func TestSignalsAfterAResetAreToldApartFromThoseThatTheRecordHas(t *testing.T) {
	extension := complaint.Facts{Extension: &complaint.Extension{Deadline: "settle", Due: start.AddDate(0, 0, 9)}}
	extend := complaint.Step{Name: complaint.Extend, Facts: extension}
	for _, row := range []struct {
		what  string
		comes []complaint.Step
		taken []string
	}{
		{"Temporal brought nothing again, and new ones come",
			[]complaint.Step{{Name: complaint.Note}, {Name: complaint.Escalate}},
			[]string{"li-na register", "signal extend", "signal escalate", "signal note", "signal escalate"}},
		{"Temporal brought all of them again",
			[]complaint.Step{extend, {Name: complaint.Escalate}},
			[]string{"li-na register", "signal extend", "signal escalate"}},
		{"Temporal brought them again, and a new one comes",
			[]complaint.Step{extend, {Name: complaint.Escalate}, {Name: complaint.Note}},
			[]string{"li-na register", "signal extend", "signal escalate", "signal note"}},
	} {
		s := staged(t)
		s.registers()
		s.signals(minutes(5), row.comes[0])
		found := false
		s.answer = func(_ context.Context, r complaint.Write) (*complaint.Written, error) {
			if r.Cause == "step:registered" || found {
				return nil, nil
			}
			found = true
			for _, step := range row.comes[1:] { // while the first is being written
				s.SignalWorkflow(workflows.StepSignal, step)
			}
			ahead := complaint.Written{Rows: r.Before + 2, Found: []string{"step:signal-1", "step:signal-2"}}
			for i, step := range []complaint.Step{extend, {Name: complaint.Escalate}} {
				step.Submission, step.At = "signal-"+string(rune('1'+i)), start.Add(minutes(3))
				step.By = complaint.Actor{Person: complaint.Operator, Roles: []complaint.Role{complaint.OperatorRole}}
				ahead.Events = append(ahead.Events, complaint.Event{Kind: complaint.StepTaken, At: step.At, By: step.By.Person, Step: &step})
			}
			s.recorded = append(s.recorded, ahead.Events...)
			return &ahead, nil
		}
		s.lives(minutes(10))
		require.Equal(t, row.taken, s.told(complaint.StepTaken), row.what)
	}
}
