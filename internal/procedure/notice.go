package procedure

import "recourse/internal/complaint"

// Notice tells people, in the procedure's own words, each time that a moment comes and its
// condition holds; an Alert tells them once.
type Notice struct {
	ID     string           `yaml:",key"`
	Name   Text             `yaml:"name,required"`
	On     []Moment         `yaml:"on,required"`
	When   Condition        `yaml:"when"` // empty: always
	Tell   []complaint.Role `yaml:"tell,required"`
	Say    Text             `yaml:"say,required"`
	Source []string         `yaml:"source"`
}

func (n *Notice) check(p *Procedure, path string) {
	p.checkID(path, n.ID)
	if len(n.Tell) == 0 && !p.doc.Unread(path) {
		p.doc.Addf(path+".tell", "this notice tells nobody; write whom, such as tell: owner")
	}
	if len(n.On) == 0 && !p.doc.Unread(path) {
		p.doc.Addf(path+".on", "this notice is never told; write a moment, such as on: step implement impossible")
	}
}

func (n *Notice) judged() judgement { return judgement{at: n.On} }

// Notice finds a notice by its ID.
func (p *Procedure) Notice(id string) (Notice, bool) {
	return first(p.Notices, func(n Notice) bool { return n.ID == id })
}
