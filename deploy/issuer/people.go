package issuer

import (
	"slices"

	"recourse/internal/rulebook"
)

// People are the IDs of everybody in an edition's directories, sorted.
func People(edition *rulebook.Edition) []string {
	var people []string
	for _, organisation := range edition.Directories() {
		for id := range organisation.People {
			people = append(people, string(id))
		}
	}
	slices.Sort(people)
	return people
}
