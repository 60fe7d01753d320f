package casework

// What tests see of the work that goes on by itself.
var (
	Matching   = (*Office).matching
	Changed    = changed
	MoveDuties = (*Office).moveDuties
	MoveBegun  = (*Office).moveBegun

	FollowDirectories = (*Office).followDirectories

	Relay        = (*Office).relay
	RelayWaiting = (*Office).relayWaiting
	AnyNumber    = anyNumber
	TellFailures = (*Office).tellFailures
	RenewSearch  = (*Office).renewSearch

	ReopenLeftAlone = (*Office).reopenLeftAlone
)

// What tests see of how workflows are held to their records.
var (
	ConfirmWaiting = (*Office).confirmWaiting
	Wake           = (*Lives).wake
)
