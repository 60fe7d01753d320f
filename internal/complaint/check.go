package complaint

// Check says whether the complaint takes the step as it stands now; nil means
// yes. It decides in the order in which a person would want to know: may they
// know of it, is it still open, is it theirs, is it time, is something missing.
// It changes nothing. The validator asks it, and the main loop asks it again.
func (c *Complaint) Check(s Step) *Refusal {
	if c.Stage == "" {
		return c.checkRegistering(s)
	}
	if !c.Admits(s.Name, s.By) {
		return &Refusal{Code: CodeNotFound, Reason: ReasonSubject, Step: s.Name}
	}
	rule, known := rules[s.Name]
	if !known {
		return c.refuse(s, CodeStepNotAllowed, ReasonUnknownStep)
	}
	if s.ExpectedRevision != 0 && s.ExpectedRevision != c.Revision {
		return c.refuse(s, CodeStaleRevision, ReasonMovedOn)
	}
	if c.staleProposal(s) {
		return c.refuse(s, CodeStaleProposal, ReasonOldProposal)
	}
	if !rule.at(c.Stage) {
		if c.Stage == Closed {
			return c.refuse(s, CodeClosed, ReasonClosed)
		}
		return c.refuse(s, CodeStepNotAllowed, ReasonWrongStage)
	}
	if !rule.may(c, s.By) && !c.standsIn(s.Name, s.By.Person) {
		return c.refuse(s, CodeForbidden, ReasonNotYourStep)
	}
	if missing := rule.missing(s.Facts); len(missing) > 0 {
		r := c.refuse(s, CodeRuleViolation, ReasonMissingFacts)
		r.Missing = missing
		return r
	}
	if code, reason := rule.ready(c, s); code != "" {
		r := c.refuse(s, code, reason)
		if reason == ReasonIncomplete {
			r.Missing = c.MissingForClosing(s)
		}
		if reason == ReasonRemedyMissing {
			r.Missing = c.missingRemedies(s)
		}
		return r
	}
	if c.putsSubjectInRole(s) {
		return c.refuse(s, CodeConflictOfInterest, ReasonSubject)
	}
	return nil
}

// checkRegistering: only registering begins a complaint, and it gives no part to
// those complained about.
func (c *Complaint) checkRegistering(s Step) *Refusal {
	if s.Name != Register || s.Facts.Registration == nil {
		return c.refuse(s, CodeNotFound, ReasonNotRegistered)
	}
	subjects := Complaint{Subjects: s.Facts.Registration.Subjects}
	if subjects.putsSubjectInRole(s) {
		return c.refuse(s, CodeConflictOfInterest, ReasonSubject)
	}
	return nil
}

// Allowed lists the steps that the actor may take now, in the order of the
// specification's table. What a step carries is not judged.
func (c *Complaint) Allowed(a Actor) []StepName {
	allowed := []StepName{}
	if !c.Visible(a) {
		return allowed
	}
	for _, name := range StepNames() {
		rule := rules[name]
		if !rule.at(c.Stage) || !rule.may(c, a) && !c.standsIn(name, a.Person) {
			continue
		}
		if probe, ok := c.probe(name, a); ok {
			if code, _ := rule.ready(c, probe); code != "" {
				continue
			}
		}
		allowed = append(allowed, name)
	}
	return allowed
}

// probe is a well-filled step of a name, to learn whether its needs are met
// apart from what it carries.
func (c *Complaint) probe(name StepName, a Actor) (Step, bool) {
	s := Step{Name: name, By: a}
	switch name {
	case Screen, Explain, Accept, MarkSpecial, Find, Resume, Escalate, TakeOver, CallOutDone, Reopen, Appeal, Acknowledge:
	case Inform:
		if c.Proposal == nil {
			return s, false
		}
		s.Facts.Answer = &CustomerReply{ProposalRevision: c.Proposal.Revision}
	case CallBack:
		s.Facts.Callback = &Callback{}
		s.At = c.StageSince.AddDate(1, 0, 0)
	case Suspend:
		s.Facts.Suspension = &Suspension{Until: c.StageSince.AddDate(1, 0, 0)}
	case Reassign:
		s.Facts.Assignment = &Assignment{}
		return s, c.People.Handler != ""
	default:
		return s, false
	}
	return s, true
}

func (r rule) missing(f Facts) []string {
	if r.facts == nil {
		return nil
	}
	return r.facts(f)
}

// at: a rule without stages holds at every open stage.
func (r rule) at(stage Stage) bool {
	if r.stages == nil {
		return stage != Closed
	}
	return contains(r.stages, stage)
}

func (r rule) may(c *Complaint, a Actor) bool {
	for _, somebody := range r.by {
		if somebody(c, a) {
			return true
		}
	}
	return false
}

func (r rule) ready(c *Complaint, s Step) (Code, Reason) {
	if r.needs == nil {
		return "", ""
	}
	return r.needs(c, s)
}

// staleProposal: an answer to an older proposal is told apart from a step at
// the wrong stage, so that the sender knows what happened (glpi#24399).
func (c *Complaint) staleProposal(s Step) bool {
	revision := proposalOf(s)
	return revision != 0 && revision != c.Proposals
}

// proposalOf is the revision of the proposal that a step is about; 0 for none.
func proposalOf(s Step) int {
	switch {
	case s.Facts.Answer != nil && (s.Name == Answer || s.Name == Inform):
		return s.Facts.Answer.ProposalRevision
	case s.Facts.Decision != nil && s.Facts.Decision.Matter == MatterProposal:
		return s.Facts.Decision.ProposalRevision
	}
	return 0
}

// putsSubjectInRole: nobody takes part in a complaint about themselves.
func (c *Complaint) putsSubjectInRole(s Step) bool {
	var named []PersonID
	if a := s.Facts.Assignment; a != nil {
		named = append(named, a.Handler, a.Owner)
	}
	if o := s.Facts.Order; o != nil {
		named = append(named, o.To)
	}
	for _, person := range named {
		if person != "" && contains(c.Subjects, person) {
			return true
		}
	}
	return false
}

// MissingForClosing names what the procedure wants filled before the file
// closes and isn't, counting what the step itself brings.
func (c *Complaint) MissingForClosing(s Step) []string {
	var open []string
	for _, name := range c.Terms.CloseRequires {
		if !c.filled(name) && !contains(s.Facts.Fields, name) {
			open = append(open, name)
		}
	}
	return open
}

func (c *Complaint) filled(name string) bool {
	switch name {
	case "customer", "narrative":
		return true // registering asks for both
	case "category":
		return c.Category() != ""
	case "findings":
		return c.Findings != nil
	case "proposal":
		return c.Proposal != nil
	case "result":
		return contains(c.Fields, "result")
	case "satisfaction":
		return c.Satisfaction != "" || c.Callbacks == 0
	case "assessment":
		return c.CaseValue != nil
	}
	return contains(c.Fields, name)
}

func (c *Complaint) refuse(s Step, code Code, reason Reason) *Refusal {
	r := &Refusal{Code: code, Reason: reason, Step: s.Name, Stage: c.Stage, Allowed: c.Allowed(s.By)}
	switch code {
	case CodeStaleRevision:
		r.Revision = c.Revision
		if s.ExpectedRevision > c.Revision {
			r.Reason = ReasonNoSuchRevision
		}
	case CodeStaleProposal:
		r.Revision = c.Proposals
		if c.Proposals == 0 {
			r.Reason = ReasonNoProposal
		} else if proposalOf(s) > c.Proposals {
			r.Reason = ReasonNoSuchProposal
		}
	}
	return r
}
