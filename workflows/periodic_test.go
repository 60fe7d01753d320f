package workflows_test

import (
	"context"
	"io"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"recourse/workflows"
)

func periodic(t *testing.T) *testsuite.TestWorkflowEnvironment {
	t.Helper()
	suite := testsuite.WorkflowTestSuite{}
	suite.SetLogger(log.NewStructuredLogger(slog.New(slog.NewTextHandler(io.Discard, nil))))
	env := suite.NewTestWorkflowEnvironment()
	env.SetStartTime(start)
	env.RegisterWorkflow(workflows.SealRecord)
	env.RegisterWorkflow(workflows.VerifyRecord)
	return env
}

func doing(env *testsuite.TestWorkflowEnvironment, name string, does any) {
	env.RegisterActivityWithOptions(does, activity.RegisterOptions{Name: name})
}

// sealing is a record with a seal of its own, of which verifying says found.
func sealing(env *testsuite.TestWorkflowEnvironment, asked *workflows.Verify, found ...string) {
	doing(env, workflows.SealActivity, func(context.Context) (workflows.Sealed, error) {
		return workflows.Sealed{Seal: "18:ab", ID: 18, Complaints: 3}, nil
	})
	doing(env, workflows.VerifyActivity, func(_ context.Context, what workflows.Verify) (workflows.Verified, error) {
		*asked = what
		return workflows.Verified{Complaints: 4, Rows: 40, Seal: 18, Found: found, Places: len(found)}, nil
	})
}

func TestTheRecordIsVerifiedFromTheLastRunThatFoundNothing(t *testing.T) {
	for last, runs := range map[int64]func(*testsuite.TestWorkflowEnvironment){
		0: func(*testsuite.TestWorkflowEnvironment) {},
		15: func(env *testsuite.TestWorkflowEnvironment) {
			env.SetLastCompletionResult(workflows.Verified{Seal: 15})
		},
	} {
		env := periodic(t)
		runs(env)
		var asked workflows.Verify
		sealing(env, &asked)
		env.ExecuteWorkflow(workflows.VerifyRecord)
		require.NoError(t, env.GetWorkflowError())
		var verified workflows.Verified
		require.NoError(t, env.GetWorkflowResult(&verified))
		require.Equal(t, workflows.Verified{Complaints: 4, Rows: 40, Seal: 18}, verified)
		require.Equal(t, last, asked.AfterSeal)
		require.True(t, start.Equal(asked.At))
	}
}

// First review: D6.
func TestTheRecordIsSealedWhateverVerifyingFinds(t *testing.T) {
	for when, verified := range map[string]bool{"since verifying has a schedule of its own": false, "in a run that began before": true} {
		env := periodic(t)
		if verified {
			env.OnGetVersion("verified apart", workflow.DefaultVersion, workflow.Version(1)).Return(workflow.DefaultVersion)
		}
		var asked workflows.Verify
		sealing(env, &asked, "complaint CS-2026-000002, row 7: altered")
		env.ExecuteWorkflow(workflows.SealRecord)
		if verified {
			require.Error(t, env.GetWorkflowError(), when)
			continue
		}
		require.NoError(t, env.GetWorkflowError(), when)
		var sealed workflows.Sealed
		require.NoError(t, env.GetWorkflowResult(&sealed))
		require.Equal(t, workflows.Sealed{Seal: "18:ab", ID: 18, Complaints: 3}, sealed)
		require.Zero(t, asked, when)
	}
}

func TestATamperedRecordFailsItsVerificationForGood(t *testing.T) {
	env := periodic(t)
	var asked workflows.Verify
	sealing(env, &asked, "complaint CS-2026-000002, row 7: altered")
	env.ExecuteWorkflow(workflows.VerifyRecord)
	var failure *temporal.ApplicationError
	require.ErrorAs(t, env.GetWorkflowError(), &failure)
	require.Equal(t, workflows.RecordTampered, failure.Type())
	require.True(t, failure.NonRetryable())
	require.Contains(t, failure.Message(), "CS-2026-000002, row 7")
	var details workflows.Verified
	require.NoError(t, failure.Details(&details))
	require.Equal(t, 1, details.Places)
}
