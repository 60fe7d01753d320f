package complaint

import (
	"encoding/json"
	"maps"
	"slices"

	"recourse/internal/bilingual"
)

// toCorrect puts right what somebody entered wrongly (更正): the customer's name, addresses or
// language, or the category. The words stay with the submission; what failed for a wrong address is
// sent again, and nothing else is.
var toCorrect = act{
	label:   text("Put an entry right", "更正信息"),
	carries: func(f *Facts) any { f.Correction = &Correction{}; return f.Correction },
	lacks: func(f Facts) []string {
		return missing(lack{f.Correction == nil || len(f.Correction.Corrected) == 0 && f.Correction.Category == "", "customer"})
	},
	fold: func(c *Complaint, s Step) {
		put := s.Facts.Correction
		reaches := func(way string) {
			if !c.Registration.ReachedBy(way) {
				c.Registration.Reachable = append(slices.Clone(c.Registration.Reachable), way)
			}
		}
		for _, way := range []string{"email", "phone"} {
			if put.Has(way) {
				reaches(way)
			}
		}
		if put.Has("address") && c.Terms.Generation >= Handled {
			reaches("post")
		}
		if put.Has("email") {
			c.Undelivered = c.Lost() // what was sent again before has arrived, as far as anybody knows
			for i := range c.Undelivered {
				c.Undelivered[i].Again = true
			}
		}
		if put.Category != "" {
			c.recategorise(put.Category)
		}
	},
	says: func(s Step) bilingual.Text {
		switch put := s.Facts.Correction; {
		case put.Category == "":
			return text("{person} put the customer's details right.", "{person}更正了客户信息。")
		case len(put.Corrected) == 0:
			return text("{person} put the category right: {category}.", "{person}将类别更正为：{category}。")
		}
		return text("{person} put the customer's details and the category right: {category}.", "{person}更正了客户信息，并将类别更正为：{category}。")
	},
}

// recategorise puts the category right where it was said: in the screening, and before there is one
// in the registration. The record keeps what it was.
func (c *Complaint) recategorise(category string) {
	if c.Screening == nil {
		c.Registration.Category = category
		return
	}
	c.Screening = cloneOf(c.Screening)
	c.Screening.Category = category
}

// Correction says which of the customer's details were put right, without what they are, and the
// category that is right.
type Correction struct {
	Corrected Details `json:"customer,omitempty"`
	// Category is the one that the complaint has from now on; empty where it stays. Nothing is
	// routed anew by it: what came to the wrong place is returned or reassigned.
	Category string `json:"category,omitempty"`
}

// Has reports whether a detail was put right.
func (c Correction) Has(detail string) bool { return slices.Contains(c.Corrected, detail) }

// Details are which of a customer's details are meant, sorted: "address", "email", "language",
// "name", "phone". Their values stay with the submission.
type Details []string

// UnmarshalJSON reads the names, also out of a body that gives their values.
func (d *Details) UnmarshalJSON(raw []byte) error {
	var given map[string]json.RawMessage
	if json.Unmarshal(raw, &given) == nil {
		*d = slices.Sorted(maps.Keys(given))
		return nil
	}
	return json.Unmarshal(raw, (*[]string)(d))
}
