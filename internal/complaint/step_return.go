package complaint

// toReturn gives back what was wrongly routed (退回): the rules don't send it to this department
// again.
var toReturn = act{
	label: text("Return", "退回"),
	fold: func(c *Complaint, _ Step) {
		c.ReturnedFrom = c.People.Department
		c.People.Department, c.People.Handler = "", ""
	},
}
