package endtoend

import (
	"os/exec"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
)

func TestATamperedRowIsFoundByVerifyWithItsNumber(t *testing.T) {
	i := install(t)
	ordinary(i, func(complaint.StepName, complaint.Result) {})
	number := ordinary(i, func(complaint.StepName, complaint.Result) {})
	verify := func() (string, int) {
		command := exec.CommandContext(t.Context(), program(t, "server"), "verify")
		command.Env = i.environment()
		output, _ := command.CombinedOutput() // its failure is its exit code
		return string(output), command.ProcessState.ExitCode()
	}
	output, code := verify()
	require.Zero(t, code, output)
	require.Contains(t, output, "The record is whole")

	owner, err := pgx.Connect(t.Context(), i.dsn)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, owner.Close(t.Context())) })
	change := `UPDATE record SET data = jsonb_set(data::jsonb, '{by}', '"ma-chao"') WHERE number = $1 AND sequence = 7`
	_, err = owner.Exec(t.Context(), change, number)
	require.Error(t, err, "the record can only grow")
	_, err = owner.Exec(t.Context(), "ALTER TABLE record DISABLE TRIGGER append_only")
	require.NoError(t, err)
	changed, err := owner.Exec(t.Context(), change, number)
	require.NoError(t, err)
	require.EqualValues(t, 1, changed.RowsAffected())

	output, code = verify()
	require.Equal(t, 1, code, output)
	require.Contains(t, output, "complaint "+number+", row 7: ")
	require.NotContains(t, output, "row 8")
}
