package procedure

import (
	"recourse/internal/bilingual"
	"recourse/internal/calendar"
	"recourse/internal/complaint"
	"recourse/internal/yamlfile"
)

// domainRoles are the roles of the domain that a procedure's roles fill.
var domainRoles = []complaint.Role{complaint.Agent, complaint.Owner, complaint.Handler, complaint.DepartmentHead,
	complaint.ServiceManager, complaint.Director, complaint.GeneralManager, complaint.Headquarters,
	complaint.Auditor, complaint.Administrator, complaint.EmergencyTeam}

// requiredRoles must be filled in every procedure: the life of a complaint asks for them.
var requiredRoles = []complaint.Role{complaint.Agent, complaint.Owner, complaint.Handler, complaint.DepartmentHead,
	complaint.ServiceManager, complaint.Director, complaint.GeneralManager, complaint.Auditor, complaint.Administrator}

// Schema describes procedures as a JSON Schema, for editors.
func Schema() []byte {
	return yamlfile.Schema("A procedure by which complaints are handled", terms(), Procedure{})
}

// terms are the words and notations of a procedure's file.
func terms() *yamlfile.Terms {
	t := yamlfile.NewTerms()
	yamlfile.Words(t, "stage", complaint.Stages()...)
	guided := []GuidedStage{EveryStage}
	for _, stage := range complaint.Stages() {
		guided = append(guided, GuidedStage(stage))
	}
	yamlfile.Words(t, "stage", guided...)
	yamlfile.Words(t, "outcome", complaint.Outcomes()...)
	yamlfile.Words(t, "kind", kinds()...)
	yamlfile.Words(t, "matter", complaint.MatterProposal, complaint.MatterSuspension, complaint.MatterVisit,
		complaint.MatterReply, complaint.MatterClosingForm, complaint.MatterReport)
	yamlfile.Words(t, "remedy", remedyKinds()...)
	yamlfile.Words(t, "time to tell", AnyTime, WorkingHours)
	yamlfile.Words(t, "way to come back", NewRound, Continues)
	yamlfile.Words(t, "thing to ask", Acknowledge)
	yamlfile.Words(t, "thing to hand over", HandOverDecision, HandOverTask)
	yamlfile.Words(t, "answer of the step before", Disputed, Unsolved)
	yamlfile.Words(t, "step whose people can be chosen", settable()...)
	yamlfile.Words(t, "part of the main course", partsOf(complaint.Passable())...)
	yamlfile.Words(t, "stage or step", befores()...)
	yamlfile.Words(t, "period", EveryWeek, EveryMonth, EveryQuarter, EveryHalfYear, EveryYear)
	yamlfile.Meant(t, map[string]Period{"7 days": EveryWeek, "7d": EveryWeek, "weekly": EveryWeek, "1 month": EveryMonth, "monthly": EveryMonth,
		"3 months": EveryQuarter, "three months": EveryQuarter, "quarterly": EveryQuarter, "6 months": EveryHalfYear, "six months": EveryHalfYear,
		"half a year": EveryHalfYear, "12 months": EveryYear, "1 year": EveryYear, "1y": EveryYear, "yearly": EveryYear, "annually": EveryYear,
		"周": EveryWeek, "月": EveryMonth, "季度": EveryQuarter, "半年": EveryHalfYear, "年": EveryYear})
	yamlfile.Notation(t, calendar.ParseDuration)
	return t
}

func kinds() []complaint.Kind {
	return []complaint.Kind{complaint.KindComplaint, complaint.KindSuggestion, complaint.KindEnquiry, complaint.KindWhistleblowing}
}

func suspensions() []complaint.SuspensionKind {
	return []complaint.SuspensionKind{complaint.CustomerAway, complaint.PartsOnOrder, complaint.AgreedDate}
}

func remedyKinds() []RemedyKind {
	var list []RemedyKind
	for _, kind := range complaint.RemedyKinds() {
		list = append(list, RemedyKind(kind))
	}
	return list
}

// languages are those that a procedure may name.
func languages() []string { return bilingual.Languages() }

func stepWords() []string {
	return append([]string{string(complaint.Register)}, wordsOf(complaint.StepNames())...)
}

func wordsOf[T ~string](list []T) []string {
	var words []string
	for _, word := range list {
		words = append(words, string(word))
	}
	return words
}

// eachOf is one word of each.
func eachOf[T any](list []T, word func(T) string) []string {
	words := make([]string, len(list))
	for i, one := range list {
		words[i] = word(one)
	}
	return words
}
