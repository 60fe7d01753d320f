package complaint

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// plain is a complaint as encoding/json sees it.
type plain Complaint

// UnmarshalJSON reads a complaint, and keeps the members that this version doesn't know: while
// versions are exchanged, an older worker carries on what a newer one wrote.
func (c *Complaint) UnmarshalJSON(data []byte) error {
	var read plain
	strict := json.NewDecoder(bytes.NewReader(data))
	strict.DisallowUnknownFields()
	if strict.Decode(&read) == nil {
		*c = Complaint(read)
		return nil
	}
	read = plain{}
	if err := json.Unmarshal(data, &read); err != nil {
		return err
	}
	own, err := json.Marshal(read)
	if err != nil {
		return err
	}
	unknown, err := json.Marshal(beyond(tree(data), tree(own)))
	if err != nil {
		return err
	}
	read.Unknown = string(unknown)
	*c = Complaint(read)
	return nil
}

// MarshalJSON writes a complaint with the members that it was read with and this version doesn't
// know, each where it was.
func (c Complaint) MarshalJSON() ([]byte, error) {
	own, err := json.Marshal(plain(c))
	if err != nil || c.Unknown == "" {
		return own, err
	}
	return json.Marshal(with(tree(own), tree([]byte(c.Unknown))))
}

// tree is JSON without types; nil for what is none. Numbers stay as they were written.
func tree(data []byte) (value any) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	_ = decoder.Decode(&value) // our own: it has been read before
	return value
}

// beyond are the members of all that own lacks; nil when there are none. Of a list they are kept
// with what tells its elements apart, for elements come and go.
func beyond(all, own any) any {
	switch all := all.(type) {
	case map[string]any:
		known, _ := own.(map[string]any)
		more := map[string]any{}
		for name, value := range all {
			if there, is := known[name]; !is {
				more[name] = value
			} else if below := beyond(value, there); below != nil {
				more[name] = below
			}
		}
		if len(more) > 0 {
			return more
		}
	case []any:
		known, _ := own.([]any)
		more := map[string]any{}
		for i, value := range all[:min(len(all), len(known))] {
			if below := beyond(value, known[i]); below != nil {
				more[nameOf(known[i])] = below
			}
		}
		if len(more) > 0 {
			return more
		}
	}
	return nil
}

// with puts unknown members, as beyond says them, back to where they were. What is known counts,
// and what has gone takes its members along.
func with(own, unknown any) any {
	more, _ := unknown.(map[string]any)
	switch own := own.(type) {
	case map[string]any:
		all := maps.Clone(own)
		for name, value := range more {
			if there, is := own[name]; is {
				all[name] = with(there, value)
			} else {
				all[name] = value
			}
		}
		return all
	case []any:
		all := slices.Clone(own)
		for i := range all {
			all[i] = with(all[i], more[nameOf(all[i])])
		}
		return all
	}
	return own
}

// naming are the members that tell the elements of a complaint's lists apart.
var naming = []string{"kind", "id", "number", "name", "deadline", "round", "rung", "label", "revision", "role", "person", "department", "to", "relation"}

// nameOf tells an element of a list from the others.
func nameOf(element any) string {
	members, is := element.(map[string]any)
	if !is {
		return fmt.Sprint(element)
	}
	var name []any
	for _, member := range naming {
		name = append(name, members[member])
	}
	written, _ := json.Marshal(name) // plain data: never fails
	return string(written)
}
