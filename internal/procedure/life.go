package procedure

import (
	"slices"

	"recourse/internal/complaint"
)

// onward is where an ordinary complaint goes from a stage, ways back left out: a
// deadline that could only end by going back is a contradiction. An explanation that
// was contested is upheld by way of received.
func onward(stage complaint.Stage) []complaint.Stage {
	if stage == complaint.Explaining {
		return append([]complaint.Stage{complaint.Assigning}, stage.Onward()...)
	}
	return stage.Onward()
}

// stagesAt are the stages that a complaint can be in at a moment: for a step
// those in which it is taken, for leaving those after it.
func stagesAt(m Moment, p *Procedure) []complaint.Stage { return m.row().at(m, p) }

// takenIn is where a step is taken. Of one that may be taken at any time, closed isn't counted.
func takenIn(step complaint.StepName) []complaint.Stage {
	stages := step.Stages()
	switch {
	case step == complaint.Register:
		return []complaint.Stage{complaint.Received}
	case len(stages) == 1:
		return stages
	}
	return slices.DeleteFunc(slices.Clone(stages), func(s complaint.Stage) bool { return s == complaint.Closed })
}

// reachable are the stages that can follow from one, itself included, without
// passing through those in stop.
func reachable(from []complaint.Stage, stop map[complaint.Stage]bool) map[complaint.Stage]bool {
	// Not all are told apart: a set.
	//exhaustive:ignore
	seen := map[complaint.Stage]bool{}
	queue := slices.Clone(from)
	for len(queue) > 0 {
		stage := queue[0]
		queue = queue[1:]
		if seen[stage] || stop[stage] {
			continue
		}
		seen[stage] = true
		queue = append(queue, onward(stage)...)
	}
	return seen
}

// canFollow reports whether a moment can come after another.
func (p *Procedure) canFollow(from, until Moment) bool {
	if from == until {
		return false
	}
	after := reachable(stagesAt(from, p), nil)
	switch {
	case until.Enters() != "" && from.Enters() != "": // entering one stage until entering another
		return until.Enters() != from.Enters() && after[until.Enters()]
	case until.Enters() != "":
		return after[until.Enters()]
	case until.Leaves() != "":
		return after[until.Leaves()]
	}
	return slices.ContainsFunc(stagesAt(until, p), func(s complaint.Stage) bool { return after[s] })
}

// runsIn reports whether the clock runs in a stage as long as that lasts.
func (d Deadline) runsIn(stage complaint.Stage, p *Procedure) bool {
	if !d.When.IsZero() {
		return false
	}
	// Not all are told apart: a set.
	//exhaustive:ignore
	stop := map[complaint.Stage]bool{}
	for _, until := range d.Until {
		switch {
		case until == taken(complaint.Close):
			stop[complaint.Closed] = true
		case until.form == "":
			stop[until.Enters()] = true
		case until.form == "leaving":
			for _, next := range onward(until.Leaves()) {
				stop[next] = true
			}
		case until.Enters() == complaint.Closed: // only with some outcome; it ends with the life all the same
			stop[complaint.Closed] = true
		default:
			return false // it may come long before the stage is left
		}
	}
	begins := func(from Moment) bool {
		return from.row().ordinary && reachable(stagesAt(from, p), stop)[stage]
	}
	return !slices.ContainsFunc(d.Pauses, func(p Pause) bool { return p.Stage == stage }) && slices.ContainsFunc(d.From, begins)
}
