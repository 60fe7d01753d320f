package complaint

import (
	"encoding/json"
	"slices"
	"time"

	"recourse/internal/bilingual"
)

// ImportedRow is how the idempotency key of a registration begins that stands for a row of a file:
// "import/", where the file is from, and the row's ID. Such a key stands for its row whoever sends
// it and under whichever procedure; others are each sender's own.
const ImportedRow = "import/"

// toRegister begins a complaint (登记): what happened, by which channel, who is complained about. It
// may carry what screening, assigning and settling on the spot carry; then it is one act.
var toRegister = act{
	label:   text("Register", "登记"),
	carries: func(f *Facts) any { f.Registration = &Registration{}; return f.Registration },
	settles: settleCustomer,
	also:    []StepName{Screen, Assign, ResolveOnSpot},
	fills:   func(Facts) string { return "remedy_asked" },
	lacks: func(f Facts) []string {
		var lacks []string
		if f.OnSpot != nil {
			for _, name := range toResolveOnSpot.lacks(f) {
				lacks = append(lacks, partName(ResolveOnSpot)+"/"+name)
			}
		}
		return lacks
	},
	fold: func(c *Complaint, s Step) {
		r := *s.Facts.Registration
		c.Registration = r
		c.RegisteredAt, c.RegisteredBy = s.At, s.By.Person
		c.HeardAt = s.At
		if r.HeardAt != nil {
			c.HeardAt = *r.HeardAt
		}
		c.Subjects = append(c.Subjects, r.Subjects...)
		c.Mentioned = append(c.Mentioned, r.Mentioned...)
		c.Stage, c.StageSince = Received, c.HeardAt
		if s.Facts.Screening != nil {
			toScreen.fold(c, s)
		}
		if s.Facts.Assignment != nil {
			toAssign.fold(c, s)
		}
		if s.Facts.OnSpot != nil {
			toResolveOnSpot.fold(c, s)
		}
	},
	says: byTheCustomer(text("The customer registered the complaint.", "客户提交了投诉。")),
}

// settleCustomer takes over of the customer what is coded: how they are reached and
// spoken to. Their name and addresses stay with the submission.
func settleCustomer(f *Facts, said body) error {
	raw := said["customer"]
	if raw == nil {
		return nil
	}
	var customer struct{ Language, Class, Email, Phone, Address string }
	if err := json.Unmarshal(raw, &customer); err != nil {
		return err
	}
	r := f.Registration
	r.Language, r.CustomerClass = customer.Language, customer.Class
	if customer.Email != "" {
		r.Reachable = append(r.Reachable, "email")
	}
	if customer.Phone != "" {
		r.Reachable = append(r.Reachable, "phone")
	}
	if customer.Address != "" {
		r.Reachable = append(r.Reachable, "post")
	}
	return nil
}

// ReachedBy reports whether the customer is reached by one of the ways.
func (r Registration) ReachedBy(ways ...string) bool {
	return slices.ContainsFunc(ways, func(way string) bool { return slices.Contains(r.Reachable, way) })
}

// byTheCustomer is a sentence for what the customer does; what others do in their name has none of
// its own.
func byTheCustomer(says bilingual.Text) func(Step) bilingual.Text {
	return func(s Step) bilingual.Text {
		if s.By.Person == Customer {
			return says
		}
		return bilingual.Text{}
	}
}

// Registration is what is known when a complaint is taken in.
type Registration struct {
	Procedure string `json:"procedure"`
	Version   int    `json:"version"`
	Channel   string `json:"channel"`
	// Kind and Category are as whoever brought it in sees them; screening decides.
	Kind     Kind       `json:"kind,omitempty"`
	Category string     `json:"category,omitempty"`
	Subjects []PersonID `json:"subjects,omitempty"` // the people complained about
	// Mentioned are those whom the words name, found in the directory.
	Mentioned []PersonID `json:"mentioned,omitempty"`
	// HeardAt is when an employee first heard the complaint; the clocks of
	// received run from it. Never after the submission was stored.
	HeardAt  *time.Time `json:"heard_at,omitempty"`
	Anger    int        `json:"anger,omitempty"` // 1–5, 0 when not rated
	Language string     `json:"language"`        // the customer's, "zh-CN" or "en"
	// Reachable says by which ways the customer is reached ("email", "phone", "post"); the
	// addresses stay with the submission.
	Reachable []string `json:"reachable,omitempty"`
	// CustomerClass is A–D where the organisation rates its customers.
	CustomerClass string `json:"customer_class,omitempty"`
}
