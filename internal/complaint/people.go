package complaint

import "slices"

// PersonID is a person's ID in the directory ("li-na"). People appear in
// Temporal and in the record by this ID alone, never by name.
type PersonID string

// Who acts when no employee does.
const (
	Customer  PersonID = "customer"  // the complainant, by a signed link
	Clock     PersonID = "clock"     // a rung that fired
	Procedure PersonID = "procedure" // a rule of the procedure
	Operator  PersonID = "signal"    // a signal without a stored submission: an operator's rights, no free text
)

// Role is what a person is to complaints: one of the domain's roles below, or a
// duty of the organisation as its procedure names it ("dispatch.head").
type Role string

// The domain's roles. Each procedure says which of
// its duties fill them.
const (
	Agent           Role = "agent"
	Owner           Role = "owner"
	Handler         Role = "handler"
	DepartmentHead  Role = "department_head"
	ServiceManager  Role = "service_manager"
	Director        Role = "director"
	GeneralManager  Role = "general_manager"
	Headquarters    Role = "headquarters"
	Auditor         Role = "auditor"
	Administrator   Role = "administrator"
	EmergencyTeam   Role = "emergency_team"
	CustomerRole    Role = "customer"
	OperatorRole    Role = "operator"
	AnyEmployeeRole Role = "employee"
)

// Actor is who takes a step: the person and what they are at that moment by
// the directory. It is filled at the edge and recorded with the step, so that a
// later change of the directory changes no past decision.
type Actor struct {
	Person PersonID `json:"person"`
	Roles  []Role   `json:"roles,omitempty"`
	// Department is the department the person belongs to, empty for outsiders.
	Department string `json:"department,omitempty"`
}

// LacksOwner reports whether somebody has to name the owner first: no rule does.
func (c *Complaint) LacksOwner() bool { return c.People.Owner == "" && c.Terms.NamedBy != "" }

// LacksHandler reports whether somebody has yet to name the handler.
func (c *Complaint) LacksHandler() bool {
	return c.People.Handler == "" && c.Terms.HandlerNamedBy != "" && c.People.Department != ""
}

// lacksAny reports whether the actor doesn't hold one of the roles.
func (a Actor) lacksAny(roles []Role) bool {
	return slices.ContainsFunc(roles, func(role Role) bool { return !a.Has(role) })
}

// Has reports whether the actor holds one of the roles.
func (a Actor) Has(roles ...Role) bool {
	return slices.ContainsFunc(a.Roles, func(held Role) bool { return slices.Contains(roles, held) })
}
