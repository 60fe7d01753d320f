package complaint

import "encoding/json"

// Clone copies the complaint with everything below it: the copy and the
// original change apart.
func (c *Complaint) Clone() Complaint {
	var copied Complaint
	raw, err := json.Marshal(c)
	if err == nil {
		err = json.Unmarshal(raw, &copied)
	}
	if err != nil {
		panic("complaint: state can't be copied: " + err.Error()) // only a programming mistake makes it so
	}
	return copied
}
