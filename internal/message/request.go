package message

// What a Task asks, as its Reason, where the name of the step (complaint.Assign)
// doesn't say what is missing.
const (
	NameOwner           = "name_owner"
	NameOwnerAndHandler = "name_owner_and_handler"
)

// InPlaceOfEarlier is the Reason of a CustomerProposal when the customer was
// shown another before. One that was refused in the house they know nothing of.
const InPlaceOfEarlier = "in_place_of_earlier"
