package complaint

import "recourse/internal/bilingual"

// toContact is one attempt to speak with the customer (联系客户). A call that nobody answers tells
// nobody anything. Where a message to the customer failed, it is taken at any stage.
var toContact = act{
	label:    text("Contact the customer", "联系客户"),
	carries:  func(f *Facts) any { f.Contact = &ContactMade{}; return f.Contact },
	lacks:    func(f Facts) []string { return missing(lack{f.Contact == nil, "reached"}) },
	whenever: (*Complaint).WaitsForCall,
	fold: func(c *Complaint, s Step) {
		if !s.Facts.Contact.Reached {
			c.Attempted = c.Attempted || c.Terms.Generation >= Remembering
			c.missed()
			return
		}
		c.Contacted = true
		c.knows()
	},
	results: []result{
		{"reached", func(f Facts) bool { return f.Contact != nil && f.Contact.Reached }},
		{"not-reached", func(f Facts) bool { return f.Contact != nil && !f.Contact.Reached }},
	},
	says: func(s Step) bilingual.Text {
		if s.Facts.Contact.Reached {
			return text("{person} spoke with the customer.", "{person}联系了客户。")
		}
		return text("{person} tried to contact the customer and didn't reach them.", "{person}联系客户，未能联系上。")
	},
}

// ContactMade is one attempt to speak with the customer.
type ContactMade struct {
	Reached bool `json:"reached"`
}
