package message

// What a Task asks, as its Reason, where the name of the step (complaint.Assign)
// doesn't say what is missing.
const (
	NameOwner           = "name_owner"
	NameOwnerAndHandler = "name_owner_and_handler"
)
