package workflows_test

import (
	common "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/converter"
)

// decode reads the one argument of a run.
func decode(input *common.Payloads, into any) error {
	return converter.GetDefaultDataConverter().FromPayloads(input, into)
}
