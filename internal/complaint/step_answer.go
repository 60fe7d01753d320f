package complaint

import "recourse/internal/bilingual"

// toAnswer is the customer's yes or no to one revision of the proposal (客户答复), by their link, or
// recorded by the owner or the agent, who say how they asked.
var toAnswer = act{
	label:   text("Record the customer's answer", "记录客户答复"),
	carries: carriesReply,
	lacks:   lacksRevision,
	needs:   newestProposal,
	fold: func(c *Complaint, s Step) {
		c.Proposal.Informed = true
		c.knows()
		if s.Facts.Answer.Agrees {
			c.Proposal.Agreed = true
		} else {
			c.Proposal.Declined = true
			c.Declined++
		}
	},
	results: []result{
		{"agreed", func(f Facts) bool { return f.Answer != nil && f.Answer.Agrees }},
		{"declined", func(f Facts) bool { return f.Answer != nil && !f.Answer.Agrees }},
	},
	says: func(s Step) bilingual.Text {
		switch byCustomer, agrees := s.By.Person == Customer, s.Facts.Answer.Agrees; {
		case byCustomer && agrees:
			return text("The customer agreed to proposal {number}.", "客户同意处理方案（第{number}版）。")
		case byCustomer:
			return text("The customer declined proposal {number}.", "客户不同意处理方案（第{number}版）。")
		case agrees:
			return text("{person} recorded that the customer agrees to proposal {number}.", "{person}记录了客户同意处理方案（第{number}版）。")
		}
		return text("{person} recorded that the customer declines proposal {number}.", "{person}记录了客户不同意处理方案（第{number}版）。")
	},
}

func carriesReply(f *Facts) any { f.Answer = &CustomerReply{}; return f.Answer }

func lacksRevision(f Facts) []string {
	return missing(lack{f.Answer == nil || f.Answer.ProposalRevision == 0, "proposal_revision"})
}

func newestProposal(c *Complaint, s Step) (Code, Reason) {
	switch {
	case c.Proposal == nil:
		return CodeStepNotAllowed, ReasonNoProposal
	case s.Facts.Answer.ProposalRevision != c.Proposal.Revision:
		return CodeStaleProposal, ReasonOldProposal
	}
	return "", ""
}

// CustomerReply is the customer's yes or no to one revision of the proposal.
type CustomerReply struct {
	ProposalRevision int  `json:"proposal_revision"`
	Agrees           bool `json:"agrees"`
	// AskedBy says how the customer was asked when somebody answers on their
	// behalf: "phone", "visit", "letter", "email"; empty by link.
	AskedBy string `json:"asked_by,omitempty"`
}
