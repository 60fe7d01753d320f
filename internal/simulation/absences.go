package simulation

import (
	"context"
	"slices"
	"time"

	"recourse/internal/complaint"
	"recourse/internal/directory"
)

// MoveOn adds to a request the steps by which the software moves on what somebody has who goes away
// while the complaint lives. The error is that of [Run].
func MoveOn(ctx context.Context, request Request) (Request, error) {
	rules := request.Rules
	begun := slices.SortedFunc(slices.Values(rules.Directory.Absences), func(a, b directory.Absence) int { return a.From.Compare(b.From) })
	for _, absence := range begun {
		if !absence.From.After(request.Start) || !request.Until.IsZero() && absence.From.After(request.Until) {
			continue
		}
		before := request
		before.Until = absence.From.Add(-time.Nanosecond)
		before.Steps = slices.DeleteFunc(slices.Clone(request.Steps), func(s complaint.Step) bool { return s.At.After(before.Until) })
		soFar, err := Run(ctx, before)
		if err != nil {
			return request, err
		}
		if soFar.Complaint.OnDuty(rules.Directory.Actor(absence.Person, absence.From, rules.Procedure.Roles)) {
			moves := complaint.Step{Name: complaint.Substitute, By: complaint.Actor{Person: complaint.Procedure}, At: absence.From,
				Facts: complaint.Facts{Absent: &complaint.Absent{Person: absence.Person}}}
			request.Steps = slices.Insert(slices.Clone(request.Steps), 0, moves) // before what others do in the same minute
		}
	}
	return request, nil
}
