package complaint

import (
	"encoding/json"
	"maps"
	"slices"

	"recourse/internal/bilingual"
)

// toCorrect puts the customer's name, addresses or language right (更正). The words stay with the
// submission; what failed for a wrong address is sent again.
var toCorrect = act{
	label:   text("Put the customer's details right", "更正客户信息"),
	carries: func(f *Facts) any { f.Correction = &Correction{}; return f.Correction },
	lacks: func(f Facts) []string {
		return missing(lack{f.Correction == nil || len(f.Correction.Corrected) == 0, "customer"})
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
	},
	says: func(Step) bilingual.Text {
		return text("{person} put the customer's details right.", "{person}更正了客户信息。")
	},
}

// Correction says which of the customer's details were put right, without what they are.
type Correction struct {
	Corrected Details `json:"customer"`
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
