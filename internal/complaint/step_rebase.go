package complaint

// toRebase puts the complaint on another version of its procedure.
var toRebase = act{
	label:   text("Put on another version of the procedure", "变更流程版本"),
	carries: func(f *Facts) any { f.Rebase = &RebaseFacts{}; return f.Rebase },
	lacks:   func(f Facts) []string { return missing(lack{f.Rebase == nil || f.Rebase.Version < 1, "version"}) },
}

// RebaseFacts put a running complaint on another version of its procedure.
type RebaseFacts struct {
	Version int `json:"version"`
}
