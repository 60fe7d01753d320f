package complaint

import "recourse/internal/bilingual"

// toInform notes that the customer was told the proposal (告知客户), or says by their link that they
// have read it. That the link was opened says nothing: programs open links, too.
var toInform = act{
	label:   text("Tell the customer", "告知客户"),
	carries: carriesReply,
	lacks:   lacksRevision,
	open: func(c *Complaint, _ Actor) (Code, Reason) {
		switch {
		case c.Proposal == nil:
			return CodeStepNotAllowed, ReasonNoProposal
		case c.Proposal.Informed:
			return CodeStepNotAllowed, ReasonAlreadyDone
		}
		return "", ""
	},
	needs: newestProposal,
	fold: func(c *Complaint, _ Step) {
		c.Proposal.Informed = true
		c.knows()
	},
	says: func(s Step) bilingual.Text {
		if s.By.Person == Customer {
			return text("The customer says that they have read proposal {number}.", "客户表示已阅处理方案（第{number}版）。")
		}
		return text("{person} told the customer proposal {number}.", "{person}向客户告知了处理方案（第{number}版）。")
	},
}
