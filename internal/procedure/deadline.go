package procedure

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"recourse/internal/calendar"
	"recourse/internal/complaint"
)

// Deadline is a clock that runs from one moment of a complaint to another.
type Deadline struct {
	ID   string    `yaml:",key"`
	Name Text      `yaml:"name,required"`
	When Condition `yaml:"when"` // empty: always; judged at From
	// By is who must act in time; shown with the clock.
	By   complaint.Role `yaml:"by,required"`
	From []Moment       `yaml:"from,required"` // the first to come starts it
	// Until ends it; leaving the complaint's life ends it as well.
	Until  []Moment          `yaml:"until,required"`
	Within calendar.Duration `yaml:"within,required"`
	// RunsTo are the dates that the clock runs to, in place of its time, once one is told: of a
	// field of the form or of a step. The newest counts.
	RunsTo []DateSource `yaml:"runs_to"`
	// WithinIf are other times by the case; the first that fits counts.
	WithinIf []WithinIf `yaml:"within_if"`
	// Special is the other time of a case marked special; nil where there is none.
	Special *Special `yaml:"within_if_special"`
	// Pauses are what stops the clock.
	Pauses    []Pause   `yaml:"pauses"`
	OnReentry OnReentry `yaml:"on_reentry"` // NewRound unless written
	TellIn    TellIn    `yaml:"tell_in"`    // AnyTime unless written
	Ladder    Ladder    `yaml:"ladder,required"`
	Source    []string  `yaml:"source"`
}

// Special is the time of a case that somebody marked special.
type Special struct {
	Mark   []complaint.Role  `yaml:"mark,required"` // who may mark it
	Within calendar.Duration `yaml:"within,required"`
	Source []string          `yaml:"source"`
}

// OnReentry says what coming back into a deadline's start does.
type OnReentry string

// What coming back into the start does.
const (
	NewRound  OnReentry = "new-round" // a new numbered round with full time
	Continues OnReentry = "continue"  // it goes on with what was left
)

// TellIn says when people are told.
type TellIn string

// When people are told.
const (
	AnyTime      TellIn = "any-time"
	WorkingHours TellIn = "working-hours" // held back to the first working minute
)

// Pause is what stops a clock: an open matter of a kind ("customer-away"), a
// stage ("stage awaiting_customer"), or a call-out that isn't over ("call-out").
type Pause struct {
	Suspension complaint.SuspensionKind
	Stage      complaint.Stage
	CallOut    bool
}

// UnmarshalText reads a pause as a procedure writes it.
func (p *Pause) UnmarshalText(text []byte) error {
	word := string(text)
	suspensions := wordsOf(suspensions())
	stage, isStage := strings.CutPrefix(word, "stage ")
	switch {
	case isStage:
		if stages := wordsOf(complaint.Stages()); !slices.Contains(stages, stage) {
			return fmt.Errorf("unknown stage %q; %s", stage, instead(stage, stages))
		}
		*p = Pause{Stage: complaint.Stage(stage)}
	case word == "call-out":
		*p = Pause{CallOut: true}
	case slices.Contains(suspensions, word):
		*p = Pause{Suspension: complaint.SuspensionKind(word)}
	default:
		return fmt.Errorf("nothing pauses as %q; %s", word, instead(word, append(suspensions, "call-out", "stage awaiting_customer")))
	}
	return nil
}

// String writes the pause as a procedure does.
func (p Pause) String() string {
	switch {
	case p.CallOut:
		return "call-out"
	case p.Stage != "":
		return "stage " + string(p.Stage)
	default:
		return string(p.Suspension)
	}
}

// Ladder is what happens before and after a deadline's due time, in order. In
// a file it is a list of rungs, or the name of one of the procedure's ladders.
type Ladder struct {
	Named string
	Rungs []Rung `yaml:",items"`
}

// UnmarshalText takes the name of a ladder.
func (l *Ladder) UnmarshalText(text []byte) error {
	l.Named = string(text)
	return nil
}

// NamedLadder is a ladder that several deadlines share.
type NamedLadder struct {
	ID    string `yaml:",key"`
	Rungs []Rung `yaml:",value"`
}

// Rung is one step of a ladder; it fires once.
type Rung struct {
	At   At               `yaml:"at,required"`
	Tell []complaint.Role `yaml:"tell,required"`
	// Tier is the tier that the complaint has reached with it; 0 for a reminder.
	Tier int `yaml:"tier"`
	// Ask asks those told for something: Acknowledge, or nothing.
	Ask      Ask      `yaml:"ask"`
	HandOver HandOver `yaml:"hand_over"`
}

// Ask is what a rung asks of those it tells.
type Ask string

// Acknowledge asks for "I have it", which skips the next rung.
const Acknowledge Ask = "acknowledge"

// HandOver is what a rung moves to those it tells.
type HandOver string

// What a rung can hand over.
const (
	HandOverDecision HandOver = "decision" // the right to decide
	HandOverTask     HandOver = "task"     // the handling itself
)

// At is where a rung stands: at a share of the time ("75%"), at due ("due"),
// or so long before or after it ("-2h", "+4wh"). The zero value is due.
type At struct {
	Share  int // percent of the time used up, 1–99; 0 when it isn't a share
	Before bool
	Offset calendar.Duration // zero at due and for a share
}

// IsDue reports whether the rung stands at due: from it on the deadline is lapsed.
func (a At) IsDue() bool { return a.Share == 0 && a.Offset.IsZero() }

// IsBefore reports whether the rung comes before due.
func (a At) IsBefore() bool { return a.Share > 0 || a.Before }

// UnmarshalText reads a rung's place as a procedure writes it.
func (a *At) UnmarshalText(text []byte) error {
	word := string(text)
	share, isShare := strings.CutSuffix(word, "%")
	switch {
	case word == "due":
		*a = At{}
	case isShare:
		percent, err := strconv.Atoi(share)
		if err != nil || percent < 1 || percent > 99 {
			return fmt.Errorf("%q is no share of the time; write 1%% to 99%%, or due", word)
		}
		*a = At{Share: percent}
	case strings.HasPrefix(word, "+") || strings.HasPrefix(word, "-"):
		offset, err := calendar.ParseDuration(word[1:])
		if err != nil {
			return err
		}
		if m := offset.Measure(); m == calendar.SameDay || m == calendar.Agreed {
			return fmt.Errorf("%q is no distance from due; write +1h, +4wh or +1wd", word)
		}
		if offset.OrNextWorkingDay() {
			return fmt.Errorf("a rung stands at a distance from due, be it a day off; write %c%s, and tell_in: working-hours where it is to be told on a working day", word[0], offset.Exact())
		}
		*a = At{Before: word[0] == '-', Offset: offset}
	default:
		return fmt.Errorf("unknown place of a rung %q; write 75%%, due, -2h, +1h, +4wh or +1wd", word)
	}
	return nil
}

// String writes the place as a procedure does.
func (a At) String() string {
	switch {
	case a.Share > 0:
		return strconv.Itoa(a.Share) + "%"
	case a.Offset.IsZero():
		return "due"
	case a.Before:
		return "-" + a.Offset.String()
	default:
		return "+" + a.Offset.String()
	}
}

// Silence is what is done when the customer has not answered: "remind",
// "proceed", {suspend: 30d} or {close: unresolved}.
type Silence struct {
	Remind  bool
	Proceed bool              // the fix is carried out all the same
	Suspend calendar.Duration `yaml:"suspend"` // zero: no
	Close   complaint.Outcome `yaml:"close"`   // empty: no
}

// UnmarshalText reads the forms that are one word.
func (s *Silence) UnmarshalText(text []byte) error {
	switch word := string(text); word {
	case "remind":
		s.Remind = true
	case "proceed":
		s.Proceed = true
	default:
		return fmt.Errorf("unknown answer to silence %q; write remind, proceed, {suspend: 30d} or {close: unresolved}", word)
	}
	return nil
}
