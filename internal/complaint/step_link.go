package complaint

import (
	"cmp"
	"slices"
	"strings"
)

// toLink ties this complaint to another (关联). The older number wins: of two merges that cross, one
// is refused (zammad#1216).
var toLink = act{
	label:   text("Link", "关联"),
	carries: func(f *Facts) any { f.Linked = &Linked{}; return f.Linked },
	lacks: func(f Facts) []string {
		l := f.Linked
		return missing(lack{l == nil || l.Number == "", "number"}, lack{l == nil || l.Relation == "", "relation"})
	},
	needs: func(c *Complaint, s Step) (Code, Reason) {
		l := s.Facts.Linked
		switch {
		case l.Number == c.Number:
			return CodeRuleViolation, ReasonLinkToItself
		case l.Relation == Duplicates && !olderNumber(l.Number, c.Number):
			return CodeRuleViolation, ReasonOlderNumberWins
		}
		return "", ""
	},
	fold: func(c *Complaint, s Step) {
		c.Links = append(c.Links, *s.Facts.Linked)
		if leads := s.Facts.Leading; leads != nil && leads.By != "" && !slices.Contains(c.LedBy, leads.By) {
			c.LedBy = append(c.LedBy, leads.By)
		}
	},
}

// olderNumber compares the digits of two numbers as numbers, one after the other, and what stands
// between them as text: of CS-2027-000001 and CS-2026-1000000 the latter is older, for the year
// comes first.
func olderNumber(a, b string) bool {
	for a != "" && b != "" {
		partA, restA := leadingPart(a)
		partB, restB := leadingPart(b)
		if c := comparedParts(partA, partB); c != 0 {
			return c < 0
		}
		a, b = restA, restB
	}
	return len(a) < len(b)
}

// leadingPart cuts off the digits, or the other characters, with which a number begins.
func leadingPart(number string) (part, rest string) {
	digits := isDigit(rune(number[0]))
	if end := strings.IndexFunc(number, func(r rune) bool { return isDigit(r) != digits }); end > 0 {
		return number[:end], number[end:]
	}
	return number, ""
}

func comparedParts(a, b string) int {
	if isDigit(rune(a[0])) && isDigit(rune(b[0])) {
		a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
		return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
	}
	return cmp.Compare(a, b)
}

func isDigit(r rune) bool { return '0' <= r && r <= '9' }

// Linked ties this complaint to another.
type Linked struct {
	Relation Relation `json:"relation"`
	Number   string   `json:"number"`
}

// Leading is what the other complaint says of a tie, and no sender can.
type Leading struct {
	// By has the other complaint, where that leads this one on: a duplicate, or a part of a mass
	// complaint.
	By PersonID `json:"by,omitempty"`
	// OtherCustomer says that a duplicate came from somebody else.
	OtherCustomer bool `json:"other_customer,omitempty"`
}

// LedBy is what another complaint says of the tie to it; sameCustomer is whether both are of one.
func (l Linked) LedBy(other *Complaint, sameCustomer bool) Leading {
	if l.Relation == Repeats {
		return Leading{}
	}
	return Leading{By: cmp.Or(other.People.Handler, other.People.Owner, other.People.Agent), OtherCustomer: l.Relation == Duplicates && !sameCustomer}
}
