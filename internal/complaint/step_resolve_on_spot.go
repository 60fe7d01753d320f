package complaint

// toResolveOnSpot settles the matter at first contact (当场解决): nothing has to be proposed.
var toResolveOnSpot = act{
	label:   text("Resolve on the spot", "当场解决"),
	carries: func(f *Facts) any { f.OnSpot = &OnSpot{}; return f.OnSpot },
	lacks: func(f Facts) []string {
		return missing(lack{f.OnSpot == nil || !f.OnSpot.CustomerAccepts, "customer_accepts"})
	},
}

// OnSpot says that the matter was settled at first contact.
type OnSpot struct {
	CustomerAccepts bool `json:"customer_accepts"`
}
