package httpapi

import (
	"recourse/internal/api"
	"recourse/internal/complaint"
)

// wanted are the words that a body lacks because of what else it says; a schema can't tell that.
func wanted(body any) []api.Mistake {
	missing := func(pointer string) []api.Mistake { return []api.Mistake{{Pointer: pointer, What: "required"}} }
	switch b := body.(type) {
	case *api.Screen:
		if b != nil && !b.Valid && b.Reason == "" {
			return missing("/reason")
		}
	case *api.Approve:
		if undecided(b.Matter, b.Number) {
			return missing("/number")
		}
	case *api.Refuse:
		if undecided(b.Matter, b.Number) {
			return missing("/number")
		}
	case *api.Assess:
		if b.CaseValue && b.Draft.Title == "" {
			return missing("/draft") // there would be nothing to put into the case library
		}
	case *api.Close:
		replied := b.FinalReply.Decision != ""
		switch {
		case b.Outcome == api.Unresolved && !replied:
			return missing("/final_reply")
		case (b.Outcome == api.Answered || b.Outcome == api.Referred) && !replied && b.Words == "":
			return missing("/words")
		}
	}
	return nil
}

// undecided: without its number, a decision would fall on whichever suspension, visit or reply is
// open when it comes. A proposal is named by its revision.
func undecided(matter api.Matter, number int) bool {
	return matter != "" && matter != api.Matter(complaint.MatterProposal) && number == 0
}
