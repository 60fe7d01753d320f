package main

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"time"

	"recourse/internal/importing"
)

//go:embed data/nyc-complaints.csv
var rows []byte

// columns says which column of the rows is what.
//
//go:embed data/nyc-complaints.yaml
var columns []byte

// dirty is a row that isn't as it should be.
type dirty struct {
	line int
	importing.Dirt
}

// readScripts reads the rows and writes each its part. What is wrong with rows comes beside.
func readScripts(content []byte) ([]*script, []dirty, error) {
	mapping, err := importing.Parse("nyc-complaints.yaml", columns)
	if err != nil {
		return nil, nil, fmt.Errorf("read the mapping: %w", err)
	}
	file, err := mapping.Open(bytes.NewReader(content))
	if err != nil {
		return nil, nil, fmt.Errorf("read the complaints: %w", err)
	}
	var scripts []*script
	var found []dirty
	for {
		row, err := file.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, nil, err
		}
		registration, can := mapping.Registration(row, time.Now())
		for _, dirt := range registration.Dirt {
			found = append(found, dirty{row.Line, dirt})
		}
		if can {
			scripts = append(scripts, write(registration, row.Values))
		}
	}
	return scripts, found, nil
}
