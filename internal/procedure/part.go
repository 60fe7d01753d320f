package procedure

import (
	"fmt"

	"recourse/internal/complaint"
)

// A part of a procedure stands for itself: what is wrong with it, and when its conditions are
// judged, is said with its type. Parts are found by walking what was read, so that none is
// forgotten.

// part is an element that checks itself, once the whole file is read.
type part interface {
	check(p *Procedure, path string)
}

// judging is an element within which conditions are judged.
type judging interface {
	judged() judgement
}

// judgement is when the conditions within an element are judged, and its clocks begin.
type judgement struct {
	at []Moment // at one of these; none: at any time of a complaint's life
	// says what is done then ("when a complaint is routed"); empty where the file itself names the
	// moments.
	says string
	// dates is set where a clock may run to a date agreed with the customer.
	dates bool
}

// String says when it is, behind "isn't known yet".
func (j judgement) String() string {
	if j.says == "" && len(j.at) > 0 {
		return fmt.Sprintf("at %q", j.at[0])
	}
	return j.says
}

func (*RouteRule) judged() judgement {
	return judgement{at: []Moment{taken(complaint.Screen)}, says: "when a complaint is routed"}
}

func (*Alert) judged() judgement { return judgement{} }

func (*RemedyRule) judged() judgement {
	return judgement{at: []Moment{entering(complaint.Proposing)}, says: "when a fix is proposed"}
}

func (d *Deadline) judged() judgement { return judgement{at: d.From, dates: true} }

func (s *Side) judged() judgement { return judgement{at: s.From} }

func (*CallOut) judged() judgement {
	return judgement{at: []Moment{taken(complaint.Screen)}, says: "when the team is called out"}
}

func (*FollowUp) judged() judgement {
	return judgement{at: []Moment{entering(complaint.FollowingUp)}}
}

func (*Supervision) judged() judgement { return judgement{} }

func (a *Authority) judged() judgement {
	at, known := map[complaint.Matter]Moment{
		complaint.MatterProposal:    entering(complaint.Approving),
		complaint.MatterSuspension:  taken(complaint.Suspend),
		complaint.MatterVisit:       taken(complaint.Visit),
		complaint.MatterReply:       entering(complaint.Explaining),
		complaint.MatterClosingForm: entering(complaint.Closing),
	}[a.Matter]
	if !known {
		return judgement{}
	}
	return judgement{at: []Moment{at}, says: fmt.Sprintf("when a %s is decided", a.Matter)}
}
