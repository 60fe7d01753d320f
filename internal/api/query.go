package api

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v4"
)

// described are the parts of openapi.yaml that say which parameters a request has.
type described struct {
	Paths map[string]map[string]struct {
		Parameters []parameter `yaml:"parameters"`
	} `yaml:"paths"`
	Components struct {
		Parameters map[string]parameter `yaml:"parameters"`
	} `yaml:"components"`
}

type parameter struct {
	Ref  string `yaml:"$ref"`
	Name string `yaml:"name"`
	In   string `yaml:"in"`
}

// QueryParameters are the names that the query of each operation may have, by method and path as in
// "GET /v1/complaints/{number}".
func QueryParameters() (map[string][]string, error) {
	var read described
	if err := yaml.Load(description, &read); err != nil {
		return nil, fmt.Errorf("read openapi.yaml: %w", err)
	}
	names := map[string][]string{}
	for path, operations := range read.Paths {
		for method, operation := range operations {
			at := strings.ToUpper(method) + " " + path
			names[at] = []string{}
			for _, p := range operation.Parameters {
				if p.Ref != "" {
					p = read.Components.Parameters[p.Ref[strings.LastIndexByte(p.Ref, '/')+1:]]
				}
				if p.In == "query" {
					names[at] = append(names[at], p.Name)
				}
			}
		}
	}
	return names, nil
}
