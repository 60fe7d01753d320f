package procedure

import (
	"slices"

	"recourse/internal/complaint"
)

// onward is where an ordinary complaint goes from each stage, ways back left
// out: a deadline that could only end by going back is a contradiction.
var onward = map[complaint.Stage][]complaint.Stage{
	complaint.Received:         {complaint.Assigning, complaint.Explaining, complaint.Closed},
	complaint.Explaining:       {complaint.Assigning, complaint.Closed},
	complaint.Assigning:        {complaint.Investigating, complaint.Closed},
	complaint.Investigating:    {complaint.Proposing, complaint.Explaining, complaint.Closed},
	complaint.Proposing:        {complaint.Approving, complaint.AwaitingCustomer, complaint.Closed},
	complaint.Approving:        {complaint.AwaitingCustomer, complaint.Closed},
	complaint.AwaitingCustomer: {complaint.Implementing, complaint.Closed},
	complaint.Implementing:     {complaint.Verifying, complaint.Closed},
	complaint.Verifying:        {complaint.FollowingUp, complaint.Closed},
	complaint.FollowingUp:      {complaint.Closing, complaint.Closed},
	complaint.Closing:          {complaint.Closed},
}

// takenIn is where steps are taken that belong to certain stages; the others
// may be taken in every open stage.
var takenIn = map[complaint.StepName][]complaint.Stage{
	complaint.Register:      {complaint.Received},
	complaint.Screen:        {complaint.Received},
	complaint.Explain:       {complaint.Explaining},
	complaint.ResolveOnSpot: {complaint.Received, complaint.Assigning, complaint.Investigating},
	complaint.Assign:        {complaint.Assigning},
	complaint.Accept:        {complaint.Investigating},
	complaint.Return:        {complaint.Investigating},
	complaint.Find:          {complaint.Investigating},
	complaint.Propose:       {complaint.Proposing},
	complaint.Inform:        {complaint.AwaitingCustomer},
	complaint.Answer:        {complaint.AwaitingCustomer},
	complaint.Implement:     {complaint.Implementing},
	complaint.Verify:        {complaint.Verifying},
	complaint.CallBack:      {complaint.FollowingUp},
	complaint.Reopen:        {complaint.Closed},
	complaint.Appeal:        {complaint.Closed},
}

// canReturnTo are the stages into which a complaint can be taken back.
var canReturnTo = []complaint.Stage{complaint.Received, complaint.Assigning, complaint.Investigating, complaint.Proposing, complaint.Implementing}

// stagesAt are the stages that a complaint can be in at a moment: for a step
// those in which it is taken, for leaving those after it.
func stagesAt(m Moment) []complaint.Stage {
	switch {
	case m.Step != "":
		if stages, limited := takenIn[m.Step]; limited {
			return stages
		}
		return slices.DeleteFunc(complaint.Stages(), func(s complaint.Stage) bool { return s == complaint.Closed })
	case m.Leaving:
		return onward[m.Stage]
	default:
		return []complaint.Stage{m.Stage}
	}
}

// reachable are the stages that can follow from one, itself included, without
// passing through those in stop.
func reachable(from []complaint.Stage, stop map[complaint.Stage]bool) map[complaint.Stage]bool {
	seen := map[complaint.Stage]bool{}
	queue := slices.Clone(from)
	for len(queue) > 0 {
		stage := queue[0]
		queue = queue[1:]
		if seen[stage] || stop[stage] {
			continue
		}
		seen[stage] = true
		queue = append(queue, onward[stage]...)
	}
	return seen
}

// canFollow reports whether a moment can come after another.
func canFollow(from, until Moment) bool {
	if from == until {
		return false
	}
	begin := stagesAt(from)
	after := reachable(begin, nil)
	switch {
	case until.Step != "":
		return slices.ContainsFunc(stagesAt(until), func(s complaint.Stage) bool { return after[s] })
	case until.Leaving:
		return after[until.Stage]
	case from.Step != "" || from.Leaving:
		return after[until.Stage]
	default: // entering one stage until entering another
		return until.Stage != from.Stage && after[until.Stage]
	}
}

// runsIn reports whether the clock runs in a stage as long as that lasts.
func (d Deadline) runsIn(stage complaint.Stage) bool {
	if !d.When.IsZero() {
		return false
	}
	stop := map[complaint.Stage]bool{}
	for _, until := range d.Until {
		switch {
		case until.Step != "":
			return false // the step may be taken long before the stage is left
		case until.Leaving:
			for _, next := range onward[until.Stage] {
				stop[next] = true
			}
		default:
			stop[until.Stage] = true
		}
	}
	for _, pause := range d.Pauses {
		if pause.Stage == stage {
			return false
		}
	}
	for _, from := range d.From {
		if reachable(stagesAt(from), stop)[stage] {
			return true
		}
	}
	return false
}
