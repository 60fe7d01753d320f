package rulebook_test

import (
	"testing"

	"recourse/deploy/stack"
)

func TestMain(m *testing.M) { stack.Main(m) }
