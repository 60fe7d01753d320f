package complaint

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
	fold: func(c *Complaint, s Step) { c.Links = append(c.Links, *s.Facts.Linked) },
}

// olderNumber compares numbers by length, then by text: years and padded
// sequences order that way within a procedure.
func olderNumber(a, b string) bool {
	if len(a) != len(b) {
		return len(a) < len(b)
	}
	return a < b
}

// Linked ties this complaint to another.
type Linked struct {
	Relation Relation `json:"relation"`
	Number   string   `json:"number"`
}
