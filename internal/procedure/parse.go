package procedure

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"recourse/internal/calendar"
	"recourse/internal/complaint"
	"recourse/internal/directory"
	"recourse/internal/yamlfile"
)

// Parse reads a procedure. File names it in errors. The error is of type
// [yamlfile.Problems] and holds everything that is wrong with the file by itself; what
// depends on calendars and people is for [Procedure.Check].
func Parse(file string, data []byte) (*Procedure, error) {
	p := read(file, data)
	if err := p.doc.Err(); err != nil {
		return nil, err
	}
	return p, nil
}

// ParseBeside reads a procedure as [Parse] does and checks it beside its calendars and its people
// as [Procedure.Check] does, so that all that is wrong is told at once. People that aren't known
// are nil: then nothing is said of them. A calendar that is there and couldn't be read is nil.
func ParseBeside(file string, data []byte, calendars map[string]*calendar.Calendar, dir *directory.Directory) (*Procedure, error) {
	p := read(file, data)
	if p.isOne() {
		p.check(p.doc, calendars, dir)
	}
	if err := p.doc.Err(); err != nil {
		return nil, err
	}
	return p, nil
}

// isOne reports whether the file is a procedure at all. Of another, what follows would only repeat
// that it is none.
func (p *Procedure) isOne() bool {
	return len(p.Categories) > 0 || len(p.Deadlines) > 0 || p.doc.Err() == nil
}

// read reads a procedure; its mistakes are its document's.
func read(file string, data []byte) *Procedure {
	sum := sha256.Sum256(data)
	p := &Procedure{Hash: hex.EncodeToString(sum[:]), byCode: map[string]Category{}, bySource: map[string][]string{}}
	p.doc = yamlfile.Decode(file, data, terms(), p)
	if !p.isOne() {
		return p
	}
	p.collectSources()
	p.checkNames()
	p.flatten("categories", p.Categories, Category{})
	p.compileForm()
	p.compileConditions()
	p.checkRoles()
	p.resolveLadders()
	p.checkTiers()
	if p.AskAgain.IsZero() {
		p.AskAgain = calendar.MustParseDuration("1wd")
	}
	yamlfile.EachOf(p.doc, func(path string, one part) { one.check(p, path) })
	p.checkKnown()
	p.checkWaiting()
	p.checkPassed()
	p.checkMatters()
	p.checkFollowUps()
	p.checkReturns()
	return p
}

var (
	idPattern       = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	currencyPattern = regexp.MustCompile(`^[A-Z]{3}$`)
	rolePattern     = regexp.MustCompile(`^(\{department\}\.)?[a-z][a-z0-9_]*([-.][a-z0-9]+)*$`)
)

// collectSources remembers which passage of the source stands behind which element.
func (p *Procedure) collectSources() {
	yamlfile.Each(p.doc, func(path string, s *string) {
		if at := strings.LastIndex(path, "source["); at >= 0 && (at == 0 || path[at-1] == '.') {
			p.bySource[*s] = append(p.bySource[*s], strings.TrimSuffix(path[:at], "."))
		}
	})
}

// checkNames checks what is only a name.
func (p *Procedure) checkNames() {
	p.checkID("procedure", p.ID)
	if p.Currency != "" && !currencyPattern.MatchString(p.Currency) {
		p.doc.Addf("currency", "%q is no currency; write its three capital letters, such as CNY", p.Currency)
	}
	for i, language := range p.Languages {
		if !slices.Contains(languages(), language) {
			p.doc.Addf(pathItem("languages", i), "the software doesn't speak %q; %s", language, instead(language, languages()))
		}
	}
}

func (p *Procedure) checkID(path, id string) {
	if id != "" && !idPattern.MatchString(id) {
		p.doc.Addf(path, "%q can't be a name; write small letters, digits and hyphens, such as courier-station", id)
	}
}

// flatten gives each category its code, and what it takes from the one around it.
func (p *Procedure) flatten(path string, categories []Category, around Category) {
	for i := range categories {
		c := &categories[i]
		here := path + "." + c.ID
		p.checkID(here, c.ID)
		c.Code = c.ID
		if around.Code != "" {
			c.Code = around.Code + "." + c.ID
		}
		c.Department, c.UsualOutcome = cmp.Or(c.Department, around.Department), cmp.Or(c.UsualOutcome, around.UsualOutcome)
		if len(c.With) == 0 {
			c.With = around.With
		}
		if c.Department == "" && len(c.Kinds) == 0 {
			p.doc.Addf(here, "category %q has no department to go to; add department: …", c.Code)
		}
		p.codes = append(p.codes, c.Code)
		p.flatten(here+".kinds", c.Kinds, *c)
		if c.Department != "" { // a mere heading can't be chosen
			p.byCode[c.Code] = *c
		}
	}
}

// roleUse is a role that the file names, and where.
type roleUse struct {
	path string
	role complaint.Role
}

// checkRoles checks that roles of the domain are filled.
func (p *Procedure) checkRoles() {
	meant := map[complaint.Role]bool{}
	for _, role := range slices.Sorted(maps.Keys(p.Roles)) {
		if !slices.Contains(domainRoles, role) {
			meant[complaint.Role(yamlfile.Nearest(string(role), wordsOf(domainRoles)))] = true
			p.doc.Addf("roles."+string(role), "unknown role %q; %s", role, instead(string(role), wordsOf(domainRoles)))
		}
	}
	for _, role := range requiredRoles {
		if _, filled := p.Roles[role]; !filled && !meant[role] && p.doc.Has("roles") {
			p.doc.Addf("roles", "the role %q is filled by nobody; add %s: … with the duty that fills it", role, role)
		}
	}
	yamlfile.Each(p.doc, func(path string, role *complaint.Role) {
		if path == "owner.named_by" && *role == ByRule || strings.HasPrefix(path, "may[") && *role == complaint.AnyEmployee {
			return
		}
		_, filled := p.Roles[*role]
		switch {
		case !rolePattern.MatchString(string(*role)):
			p.doc.Addf(path, "%q can't be a role; write one such as owner, dispatch.head or {department}.head", *role)
		case strings.HasPrefix(path, "roles.") && slices.Contains(domainRoles, *role) && complaint.Role(strings.TrimPrefix(path, "roles.")) != *role:
			p.doc.Addf(path, "a role is filled by a duty of the organisation, not by the role %q; write a duty such as dispatch.head", *role)
		case slices.Contains(domainRoles, *role) && !filled:
			p.doc.Addf(path, "the role %q is filled by nobody; add it under roles", *role)
		default:
			p.roleUses = append(p.roleUses, roleUse{path: path, role: *role})
		}
	})
}

// resolveLadders puts the named ladders where they are named.
func (p *Procedure) resolveLadders() {
	var known []string
	for _, l := range p.Ladders {
		known = append(known, l.ID)
		p.checkLadder("ladders."+l.ID, l.Rungs, nil)
	}
	used := map[string]bool{}
	yamlfile.Each(p.doc, func(path string, l *Ladder) {
		if l.Named == "" {
			return
		}
		used[l.Named] = true
		for _, named := range p.Ladders {
			if named.ID == l.Named {
				l.Rungs = named.Rungs
				return
			}
		}
		p.doc.Addf(path, "no ladder is called %q; %s", l.Named, instead(l.Named, known))
	})
	for _, id := range known {
		if !used[id] {
			p.doc.Addf("ladders."+id, "the ladder %q is used nowhere; name it in a deadline, or take it out", id)
		}
	}
}

// checkTiers checks that tiers count up from 1 and that each can be reached.
func (p *Procedure) checkTiers() {
	for i, tier := range p.Tiers {
		if tier.Number != i+1 {
			p.doc.Addf(fmt.Sprintf("tiers.%d", tier.Number), "tier %d can't be reached: tiers count 1, 2, 3 without gaps and lowest first; write %d here", tier.Number, i+1)
			return
		}
	}
	reached := map[int]bool{}
	yamlfile.Each(p.doc, func(path string, r *Rung) {
		reached[r.Tier] = true
		if r.Tier < 0 || r.Tier > len(p.Tiers) {
			p.doc.Addf(path+".tier", "there is no tier %d; the tiers are 1 to %d", r.Tier, len(p.Tiers))
		}
	})
	climbs := p.CustomerAnswer.Declined.ClimbAfter > 0 ||
		slices.ContainsFunc(p.FollowUps, func(plan FollowUp) bool { return plan.Dissatisfied.ClimbAfter > 0 })
	for _, tier := range p.Tiers {
		if !climbs && !reached[tier.Number] {
			p.doc.Addf(fmt.Sprintf("tiers.%d", tier.Number), "nobody ever reaches tier %d: no rung has tier: %d and no round climbs; add such a rung, or climb_after", tier.Number, tier.Number)
		}
	}
}
