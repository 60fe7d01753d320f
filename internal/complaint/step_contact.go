package complaint

import "recourse/internal/bilingual"

// toContact is one attempt to speak with the customer (联系客户). A call that nobody answers tells
// nobody anything. Where a message to the customer failed, it is taken at any stage. Where only
// post reaches them, it is the letter that somebody wrote.
var toContact = act{
	label:    text("Contact the customer", "联系客户"),
	carries:  func(f *Facts) any { f.Contact = &ContactMade{}; return f.Contact },
	lacks:    func(f Facts) []string { return missing(lack{f.Contact == nil, "reached"}) },
	whenever: func(c *Complaint) bool { return c.WaitsForCall() || c.WaitsForPost() },
	fold: func(c *Complaint, s Step) {
		if !s.Facts.Contact.Tells() {
			c.Attempted = c.Attempted || c.Terms.Generation >= Remembering
			c.missed()
			return
		}
		c.Contacted = c.Contacted || s.Facts.Contact.Reached
		c.knows()
	},
	results: []result{
		{"reached", func(f Facts) bool { return f.Contact != nil && f.Contact.Reached }},
		{"not-reached", func(f Facts) bool { return f.Contact != nil && !f.Contact.Tells() }},
	},
	says: func(s Step) bilingual.Text {
		switch {
		case s.Facts.Contact.Reached:
			return text("{person} spoke with the customer.", "{person}联系了客户。")
		case s.Facts.Contact.Written:
			return text("{person} wrote to the customer by post.", "{person}以邮寄信函方式告知了客户。")
		}
		return text("{person} tried to contact the customer and didn't reach them.", "{person}联系客户，未能联系上。")
	},
}

// ContactMade is one attempt to speak with the customer, or a letter to them by post.
type ContactMade struct {
	Reached bool `json:"reached"`
	Written bool `json:"written,omitempty"`
}

// Tells reports whether the customer learnt by it what there was to say, as far as anybody knows.
func (c ContactMade) Tells() bool { return c.Reached || c.Written }
