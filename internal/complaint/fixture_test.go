package complaint_test

import (
	"time"

	"recourse/internal/complaint"
)

// now is a Tuesday morning, at which the steps of the tests are taken.
var now = time.Date(2026, 3, 10, 2, 0, 0, 0, time.UTC)

// cast are the people around the complaint of the tests, and what they are to it.
var cast = map[string]complaint.Actor{
	"agent":         {Person: "li-na", Roles: []complaint.Role{complaint.Agent}},
	"owner":         {Person: "wang-wei"},
	"handler":       {Person: "zhao-lei"},
	"registrant":    {Person: "chen-jing"},
	"head":          {Person: "yang-fan", Roles: []complaint.Role{"operations.head", complaint.DepartmentHead}},
	"manager":       {Person: "zhang-min", Roles: []complaint.Role{"dispatch.head", complaint.ServiceManager}},
	"director":      {Person: "sun-hao", Roles: []complaint.Role{"deputy-general-manager", complaint.Director}},
	"general":       {Person: "ma-chao", Roles: []complaint.Role{"general-manager", complaint.GeneralManager}},
	"auditor":       {Person: "hu-bin", Roles: []complaint.Role{complaint.Auditor}},
	"administrator": {Person: "zhou-jie", Roles: []complaint.Role{complaint.Administrator}},
	"team":          {Person: "huang-li", Roles: []complaint.Role{"operations.handler"}},
	"customer":      {Person: complaint.Customer, Roles: []complaint.Role{complaint.CustomerRole}},
	"operator":      {Person: complaint.Operator, Roles: []complaint.Role{complaint.OperatorRole}},
	"system":        {Person: complaint.Procedure},
	"supporter":     {Person: "liu-yang", Roles: []complaint.Role{"service.head"}, Department: "service"},
}

// outsider is an employee who has no part in the complaint.
var outsider = complaint.Actor{Person: "zhu-ling", Roles: []complaint.Role{complaint.AnyEmployeeRole}}

// at is the complaint of the tests at a stage: department, owner and handler are
// named, and nothing else has happened.
func at(stage complaint.Stage, given ...func(*complaint.Complaint)) *complaint.Complaint {
	c := &complaint.Complaint{
		Number: "CS-2026-000007", Stage: stage, StageSince: now.AddDate(0, 0, -5), Revision: 9,
		Terms: complaint.Terms{OwnerRole: "dispatcher", HeadDuty: "{department}.head",
			Tiers:         []complaint.Role{"{department}.head", "deputy-general-manager", "general-manager"},
			MarkSpecialBy: []complaint.Role{"dispatch.head"}, EmergencyTeam: []complaint.Role{"operations.handler"}, CallOutBy: "dispatch.head",
			ReopenTo: complaint.Investigating, AppealTo: complaint.Investigating},
		RegisteredBy: "chen-jing",
		People:       complaint.People{Department: "operations", Agent: "li-na", Owner: "wang-wei", Handler: "zhao-lei"},
		Screening:    &complaint.Screening{Kind: complaint.KindComplaint, Valid: true, Category: "operations", Severity: complaint.Normal},
		ScreenedBy:   "li-na",
	}
	for _, change := range given {
		change(c)
	}
	return c
}

func taken(name complaint.StepName, by complaint.Actor, facts complaint.Facts) complaint.Step {
	return complaint.Step{Name: name, Submission: "s-1", By: by, At: now, Facts: facts}
}

// What a complaint of the tests may have behind it.

func accepted(c *complaint.Complaint) { c.Accepted = true }

func proposed(c *complaint.Complaint) {
	c.Proposals = 2
	c.Proposal = &complaint.OpenProposal{Revision: 2, By: "zhao-lei",
		Proposal: complaint.Proposal{Remedies: []complaint.Remedy{{Kind: "apology"}, {Kind: "refund", Amount: "12.50", Currency: "CNY"}}}}
}

func declined(c *complaint.Complaint) {
	proposed(c)
	c.Proposal.Declined, c.Declined = true, 1
}

func toApprove(c *complaint.Complaint) {
	proposed(c)
	c.Approvals = []complaint.Approval{{Matter: complaint.MatterProposal, Number: 2, By: "zhao-lei",
		Levels: []complaint.Level{{Role: "dispatch.head", Person: "zhang-min"}, {Role: "deputy-general-manager", Person: "sun-hao"}}}}
}

func climbedTo(tier int) func(*complaint.Complaint) {
	return func(c *complaint.Complaint) { c.RoundsTier = tier }
}

func ordered(c *complaint.Complaint) {
	c.Orders = []complaint.OrderGiven{{To: c.People.Owner, By: cast["director"].Person, Due: now.AddDate(0, 0, 1)}}
}

func asking(c *complaint.Complaint) {
	fired := now.Add(-time.Hour)
	c.Deadlines = []complaint.Deadline{{Name: "settle", Round: 1, State: complaint.Running, DueAt: fired, StartedAt: fired.AddDate(0, 0, -1),
		Rungs: []complaint.Rung{
			{Label: "due", At: fired, FiredAt: &fired, Ask: true, Tier: 1, Lapses: true, Tell: []complaint.Role{"operations.head", complaint.Owner}},
			{Label: "+2h", At: fired.Add(2 * time.Hour), Tier: 2, Ask: true, Tell: []complaint.Role{"deputy-general-manager"}},
			{Label: "+8h", At: fired.Add(8 * time.Hour), Tier: 3, Tell: []complaint.Role{"general-manager"}},
		}}}
	c.Asked = []complaint.RungRef{{Deadline: "settle", Round: 1, Rung: 0, At: fired}}
}

// enquired is screened as an enquiry, which the procedure answers at once.
func enquired(c *complaint.Complaint) {
	c.Screening.Kind, c.Terms.AnswerAtOnce = complaint.KindEnquiry, []complaint.Kind{complaint.KindEnquiry}
}

func resting(c *complaint.Complaint) {
	c.Matters = []complaint.OpenMatter{{Number: 1, Kind: complaint.CustomerAway, Until: now.AddDate(0, 0, 9), Active: true}}
}

func calledOut(c *complaint.Complaint) { c.CallOut = complaint.CallOutOpen }

func supportAsked(c *complaint.Complaint) {
	c.Supports = []complaint.SupportAsked{{Department: "service", By: "zhao-lei"}}
}

func windowsOpen(c *complaint.Complaint) {
	c.Outcome = complaint.Resolved
	c.Deadlines = []complaint.Deadline{{Name: complaint.ReopenClock, Round: 1, State: complaint.Running,
		Rungs: []complaint.Rung{{Label: "reopen", At: now.AddDate(0, 0, 1)}, {Label: "appeal", At: now.AddDate(0, 0, 2)}, {Label: "end", At: now.AddDate(0, 0, 2)}}}}
}
