package issuer

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"recourse/internal/directory"
)

// Directories reads the example organisations: every YAML file of a folder.
func Directories(folder string) ([]*directory.Directory, error) {
	files, err := filepath.Glob(filepath.Join(folder, "*.yaml"))
	if err != nil {
		return nil, fmt.Errorf("look for the example organisations: %w", err)
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("there is no example organisation in %s", folder)
	}
	var organisations []*directory.Directory
	for _, file := range files {
		content, err := os.ReadFile(filepath.Clean(file))
		if err != nil {
			return nil, fmt.Errorf("read an example organisation: %w", err)
		}
		organisation, err := directory.Parse(filepath.Base(file), content)
		if err != nil {
			return nil, fmt.Errorf("read the example organisation %s: %w", file, err)
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
