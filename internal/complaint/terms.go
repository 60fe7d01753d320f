package complaint

// Terms are what a complaint was promised by its procedure: the few rules that
// its workflow branches on. They are answered once, recorded, and stay until an
// administrator re-bases the complaint; so a changed procedure changes no
// running complaint and breaks no replay.
type Terms struct {
	Procedure string `json:"procedure"`
	Version   int    `json:"version"`
	// OwnerRole is whose task the complaint is until an owner is named.
	OwnerRole Role `json:"owner_role"`
	// NamedBy is the role that names the owner; empty when the rule does.
	NamedBy Role `json:"named_by,omitempty"`
	// Tiers are the roles of the tiers 1, 2, 3 for rounds that climb.
	Tiers []Role `json:"tiers"`
	// DeclinedClimbAfter and DissatisfiedClimbAfter are after how many declined
	// proposals or dissatisfied callbacks the complaint goes one tier up; 0 never.
	DeclinedClimbAfter     int `json:"declined_climb_after,omitempty"`
	DissatisfiedClimbAfter int `json:"dissatisfied_climb_after,omitempty"`
	// DissatisfiedReopens is the stage to which a dissatisfied callback leads back.
	DissatisfiedReopens Stage `json:"dissatisfied_reopens"`
	ReopenTo            Stage `json:"reopen_to,omitempty"` // empty: no reopening
	AppealTo            Stage `json:"appeal_to,omitempty"`
	// CallbackAttempts is after how many attempts a callback counts as unreached.
	CallbackAttempts int    `json:"callback_attempts,omitempty"`
	MarkSpecialBy    []Role `json:"mark_special_by,omitempty"`
	// CloseRequires names what must be filled before the file closes.
	CloseRequires []string `json:"close_requires,omitempty"`
	// EmergencyTeam is who contains an emergency.
	EmergencyTeam []Role `json:"emergency_team,omitempty"`
	// AssessmentNeeded is set where the procedure asks for a judgement of case value before closing.
	AssessmentNeeded bool `json:"assessment_needed,omitempty"`
}

// TopTier is the highest tier of the procedure.
func (t Terms) TopTier() int { return len(t.Tiers) }

// TierRole is the role of a tier from 1, or empty beyond the top.
func (t Terms) TierRole(tier int) Role {
	if tier < 1 || tier > len(t.Tiers) {
		return ""
	}
	return t.Tiers[tier-1]
}
