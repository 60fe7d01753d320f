package procedure

import (
	"errors"
	"slices"

	"recourse/internal/complaint"
	"recourse/internal/directory"
	"recourse/internal/yamlfile"
)

// Lint finds what is allowed and probably isn't meant: a warning when a version is checked or
// published. Without a directory it passes over what depends on the people.
func (p *Procedure) Lint(dir *directory.Directory) yamlfile.Problems {
	doc := p.doc.Clone()
	p.lintKeys(doc)
	if dir != nil {
		p.lintNarrowed(doc, dir)
	}
	problems, _ := errors.AsType[yamlfile.Problems](doc.Err())
	return problems
}

// lintKeys finds the keys that are read and of which nothing is made yet, so that nobody takes them
// for a promise.
func (p *Procedure) lintKeys(doc *yamlfile.Document) {
	for _, key := range []struct{ path, says string }{
		{"reports", "no report is made by itself yet"},
		{"authority.report", "no report is made by itself yet, so that nobody approves one"},
		{"keep", "nothing is erased by itself yet; an administrator erases by number"},
	} {
		if doc.Has(key.path) {
			doc.AddAtKey(key.path, "%s has no effect: %s", key.path, key.says)
		}
	}
}

// lintNarrowed finds the routes by which one person alone may see a case: each rung of its ladders
// calls them, whomever it names, and nobody stands above them. The first review told of it (I2).
func (p *Procedure) lintNarrowed(doc *yamlfile.Document, dir *directory.Directory) {
	yamlfile.Each(doc, func(path string, rule *RouteRule) {
		var named []complaint.PersonID
		for _, role := range rule.SeenBy {
			if person := dir.Duties[p.Duty(role, string(rule.Department))].Primary; person != "" && !slices.Contains(named, person) {
				named = append(named, person)
			}
		}
		if len(named) == 1 {
			doc.Addf(path+".seen_by", "each rung of every ladder calls %s alone, for nobody else may see such a case; name somebody above them, too", named[0])
		}
	})
}
