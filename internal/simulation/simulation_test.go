package simulation_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
	"recourse/internal/simulation"
)

func TestASimulationThatWouldBeTooLongIsRefused(t *testing.T) {
	start := time.Date(2026, 3, 10, 2, 0, 0, 0, time.UTC)
	for what, request := range map[string]simulation.Request{
		"too many steps": {Start: start, Steps: make([]complaint.Step, simulation.MostSteps+1)},
		"too far ahead":  {Start: start, Until: start.Add(simulation.Longest + time.Minute)},
	} {
		_, err := simulation.Run(context.Background(), request)
		require.ErrorIs(t, err, simulation.ErrTooLong, what)
	}
}

func TestAStepBeforeTheComplaintIsRegisteredIsAnError(t *testing.T) {
	start := time.Date(2026, 3, 10, 2, 0, 0, 0, time.UTC)
	_, err := simulation.Run(context.Background(), simulation.Request{Start: start,
		Steps: []complaint.Step{{Name: complaint.Accept, At: start.Add(-time.Minute)}}})
	require.ErrorContains(t, err, "step 1 (accept) comes at 2026-03-10T01:59:00Z, before the complaint is registered at 2026-03-10T02:00:00Z")
}
