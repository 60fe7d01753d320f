package httpapi_test

import (
	"testing"

	"recourse/deploy/stack"
)

func TestMain(m *testing.M) { stack.Main(m) }

// What is sent: bodies, and headers of requests.
type (
	body   = map[string]any
	header = map[string]string
)
