package workflows

import (
	"recourse/internal/complaint"
)

// The names by which the world speaks to a complaint's workflow. They are part
// of every recorded history: never rename them.
const (
	// LifeWorkflow is the workflow of one complaint. Its ID is the complaint's number.
	LifeWorkflow = "ComplaintLife"
	// StepUpdate carries a complaint.Step and answers with a complaint.Result.
	// Its update ID is the submission's ID. Registering is update-with-start.
	StepUpdate = "step"
	// StepSignal carries a complaint.Step from senders that can't wait.
	StepSignal = "step"
	// CatchUpSignal has the workflow look whether its record is ahead of it. It carries
	// nothing; with start, it begins a run anew from the record.
	CatchUpSignal = "catch_up"
	// StateQuery answers with the complaint.Complaint as the workflow knows it.
	StateQuery = "complaint"
)

// Life is what a complaint's workflow is started with.
type Life struct {
	Number string `json:"number"`
	// Carried is set by continue-as-new; starters leave it out.
	Carried *Carried `json:"carried,omitempty"`
}

// Carried is what a run hands to the next when it continues as new.
type Carried struct {
	Complaint complaint.Complaint `json:"complaint"`
	// Answered are the submissions answered last, oldest first: Temporal forgets
	// update IDs at continue-as-new, so a late repeat is answered from here, without
	// the deadlines' ladders.
	Answered []Answered `json:"answered"`
	// Signals counts those without a submission, so that each keeps an ID of its own.
	Signals int `json:"signals,omitempty"`
}

// Answered is one accepted submission and its answer.
type Answered struct {
	Submission string           `json:"submission"`
	Result     complaint.Result `json:"result"`
}
