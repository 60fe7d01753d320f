package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"recourse/internal/calendar"
	"recourse/internal/directory"
	"recourse/internal/procedure"
	"recourse/internal/yamlfile"
)

// schemas describe, as JSON Schema, the files that people write.
var schemas = map[string]func() []byte{"procedure": procedure.Schema, "calendar": calendar.Schema, "directory": directory.Schema}

// schema prints the schema of one kind of file, for an editor.
func schema(arguments []string, out io.Writer) error {
	if len(arguments) != 1 {
		return errors.New("say of what: server schema procedure, calendar or directory")
	}
	described, known := schemas[arguments[0]]
	if !known {
		return fmt.Errorf("there is no schema of a %q; %s", arguments[0], yamlfile.Instead(arguments[0], slices.Sorted(maps.Keys(schemas))))
	}
	_, err := out.Write(described())
	return err
}
