package complaint

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
	says: byTheCustomer(text("The customer says that they have read the proposal.", "客户表示已阅处理方案。")),
}
