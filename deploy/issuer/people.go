package issuer

import (
	"fmt"
	"io/fs"
	"slices"

	"recourse/internal/directory"
)

// Organisations reads the example organisations: every YAML file in the root of files.
func Organisations(files fs.FS) ([]*directory.Directory, error) {
	names, err := fs.Glob(files, "*.yaml")
	if err != nil {
		return nil, fmt.Errorf("look for the example organisations: %w", err)
	}
	var organisations []*directory.Directory
	for _, name := range names {
		content, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("read an example organisation: %w", err)
		}
		organisation, err := directory.Parse(name, content)
		if err != nil {
			return nil, fmt.Errorf("read the example organisation %s: %w", name, err)
		}
		organisations = append(organisations, organisation)
	}
	return organisations, nil
}

// People are the IDs of everybody in these organisations, sorted.
func People(organisations []*directory.Directory) []string {
	var people []string
	for _, organisation := range organisations {
		for id := range organisation.People {
			people = append(people, string(id))
		}
	}
	slices.Sort(people)
	return slices.Compact(people)
}
