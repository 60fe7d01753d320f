package complaint

// toRequestSupport asks another department for professional help (请求支持), beside the main course.
var toRequestSupport = act{
	label:   text("Request support", "请求支持"),
	carries: carriesSupport,
	lacks: func(f Facts) []string {
		return missing(lack{f.Support == nil || f.Support.Department == "", "department"})
	},
	fold: func(c *Complaint, s Step) {
		c.Supports = append(c.Supports, SupportAsked{Department: s.Facts.Support.Department, By: s.By.Person})
	},
}

func carriesSupport(f *Facts) any { f.Support = &Support{}; return f.Support }

// Support asks another department for professional help, or gives it.
type Support struct {
	Request    int    `json:"request,omitempty"` // the request answered, from 1; 0 for the oldest that waits
	Department string `json:"department,omitempty"`
}
