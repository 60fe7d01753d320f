// Package api is the HTTP API as its description says it: openapi.yaml is the source, the types and
// the strict server in api.gen.go are generated from it ("make generate"), and bodies are checked
// against its schemas.
package api

import (
	_ "embed"
	"fmt"

	"go.yaml.in/yaml/v4"
)

// ReplayedHeader is "true" in the answer to a registration whose key had registered it already.
const ReplayedHeader = "Idempotent-Replayed"

//go:embed openapi.yaml
var description []byte

// Description is openapi.yaml.
func Description() []byte { return description }

// Document is openapi.yaml as a tree, in the order in which it is written.
func Document() (*yaml.Node, error) {
	var document yaml.Node
	if err := yaml.Load(description, &document); err != nil {
		return nil, fmt.Errorf("read openapi.yaml: %w", err)
	}
	return document.Content[0], nil
}
