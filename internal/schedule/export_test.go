package schedule

import (
	"recourse/internal/rulebook"
	"recourse/workflows"
)

const FingerprintKey = fingerprintKey

var Wanted = wanted

func (j Job) PeriodOf(edition *rulebook.Edition, on workflows.Occasion) (Period, error) {
	return j.period(edition, on)
}
