package complaint

// Relation says how two complaints hang together.
type Relation string

// What a complaint is to the one to which a step linked it. The older number wins a merge.
const (
	Duplicates Relation = "duplicates"
	Repeats    Relation = "repeats"
	PartOfMass Relation = "part_of_mass"
)

// The same, seen from that other one. No step carries these.
const (
	DuplicatedBy Relation = "duplicated_by"
	RepeatedBy   Relation = "repeated_by"
	Leads        Relation = "leads"
)

// Reverse is the relation seen from the other complaint.
func (r Relation) Reverse() Relation {
	switch r {
	case Duplicates:
		return DuplicatedBy
	case Repeats:
		return RepeatedBy
	case PartOfMass:
		return Leads
	}
	return r
}
