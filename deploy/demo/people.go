package main

import (
	"fmt"
	"time"

	"recourse/internal/complaint"
	"recourse/internal/directory"
	"recourse/internal/rulebook"
	"recourse/procedures"
)

// Procedures that the demo goes by.
const (
	courier    = "courier-station"
	realEstate = "real-estate-project"
)

// offices are the duties that act in a procedure, as its file names them.
type offices struct {
	agent, serviceManager, director, emergencyTeam, ownerNamer, officer complaint.Role
}

var officesOf = map[string]offices{
	courier:    {agent: "dispatcher", serviceManager: "dispatch.head", director: "deputy-general-manager", emergencyTeam: "operations.handler"},
	realEstate: {agent: "call-centre.agent", serviceManager: "call-centre.head", director: "deputy-general-manager", emergencyTeam: "emergency-repair", ownerNamer: "call-centre.head", officer: "call-centre.officer"},
}

// people are the example people, by procedure.
type people map[string]*directory.Directory

func examplePeople() (people, error) {
	shipped, err := rulebook.Read(procedures.Files)
	if err != nil {
		return nil, err
	}
	for procedure := range officesOf {
		if _, known := shipped.Directory(procedure); !known {
			return nil, fmt.Errorf("the example people have nobody for the procedure %s", procedure)
		}
	}
	return shipped.Directories(), nil
}

// holder is who holds a duty, passing over the people complained about.
func (p people) holder(procedure string, role complaint.Role, except ...complaint.PersonID) complaint.PersonID {
	person, _ := p[procedure].Holder(role, time.Now(), except...)
	return person
}

// other is the second person of a department's handlers: somebody who may be at fault and isn't in
// charge.
func (p people) other(procedure, department string, inCharge ...complaint.PersonID) (complaint.PersonID, bool) {
	duty, known := p[procedure].Duties[complaint.Role(department+".handler")]
	if !known {
		return "", false
	}
	for _, person := range []complaint.PersonID{duty.Secondary, duty.Primary} {
		taken := false
		for _, one := range inCharge {
			taken = taken || one == person
		}
		if !taken {
			return person, true
		}
	}
	return "", false
}
