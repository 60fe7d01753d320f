package complaint

// toWithdraw takes the complaint back (撤诉): the customer, or the agent or the owner on their
// behalf.
var toWithdraw = act{
	label: text("Withdraw", "撤诉"),
	open:  judgedBySomebodyElse,
	says:  byTheCustomer(text("The customer withdrew the complaint.", "客户撤回了投诉。")),
}
