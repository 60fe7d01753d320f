package complaint

import (
	"slices"
	"time"
)

// Result is what an accepted step answers; the API renders it.
type Result struct {
	Number       string     `json:"number"`
	Stage        Stage      `json:"stage"`
	Revision     int        `json:"revision"`
	Tier         int        `json:"tier"`
	AllowedSteps []StepName `json:"allowed_steps"`
	// AllowedLater are those that open by themselves, with from when on.
	AllowedLater []Opening  `json:"allowed_later,omitempty"`
	Deadlines    []Deadline `json:"deadlines"`
	Outcome      Outcome    `json:"outcome,omitempty"`
	// ProposalRevision is that of the newest proposal, 0 before the first.
	ProposalRevision int `json:"proposal_revision,omitempty"`
}

// ResultFor is the answer to a step that the actor took at that time.
func (c *Complaint) ResultFor(actor Actor, at time.Time) Result {
	open := slices.DeleteFunc(append([]Deadline{}, c.Deadlines...), func(d Deadline) bool { return !d.Open() })
	return Result{Number: c.Number, Stage: c.Stage, Revision: c.Revision, Tier: c.Tier(),
		AllowedSteps: c.Allowed(actor, at), AllowedLater: c.AllowedLater(actor, at), Deadlines: open, Outcome: c.Outcome, ProposalRevision: c.Proposals}
}
