package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"recourse/internal/rig"
)

// command runs a command of the server as an operator does.
func command(t *testing.T, arguments ...string) (string, error) {
	t.Helper()
	var said bytes.Buffer
	err := run(t.Context(), arguments, strings.NewReader(""), &said)
	return said.String(), err
}

func TestASealKeptElsewhereShowsThatTheDatabaseWasRewritten(t *testing.T) {
	r := rig.Living(t)
	owner, err := pgx.Connect(t.Context(), r.DatabaseURL)
	require.NoError(t, err)
	t.Cleanup(func() { _ = owner.Close(t.Context()) })
	execute := func(statement string) {
		t.Helper()
		_, err := owner.Exec(t.Context(), statement)
		require.NoError(t, err)
	}
	t.Setenv("DATABASE_URL", r.DatabaseURL)
	said, err := command(t, "seal")
	require.NoError(t, err)
	require.Equal(t, "# Nothing to seal yet: the record is empty.\n", said)
	kept := filepath.Join(t.TempDir(), "seals.txt")
	require.NoError(t, os.WriteFile(kept, []byte(said), 0o600))
	said, err = command(t, "verify", "-seal", kept)
	require.NoError(t, err)
	require.Contains(t, said, "holds none yet")
	require.NoError(t, os.WriteFile(kept, nil, 0o600))
	_, err = command(t, "verify", "-seal", kept)
	require.ErrorContains(t, err, "the file of kept seals is empty")

	r.Register(rig.Dispatcher, rig.Parcel())
	line, err := command(t, "seal")
	require.NoError(t, err)
	require.Regexp(t, `^1:[0-9a-f]{64}  \S+Z  1 complaint\n$`, line)
	require.NoError(t, os.WriteFile(kept, []byte("# of November\n\n"+line), 0o600))
	said, err = command(t, "verify", "-seal", kept)
	require.NoError(t, err)
	require.Contains(t, said, "The record is whole")
	require.Contains(t, said, "holds what was kept: 1 seal.")

	execute(`ALTER TABLE seals DISABLE TRIGGER append_only`)
	execute(`ALTER TABLE sealed_heads DISABLE TRIGGER append_only`)
	execute(`DELETE FROM sealed_heads`)
	execute(`DELETE FROM seals`)
	_, err = command(t, "verify")
	require.NoError(t, err, "by itself it is whole")
	said, err = command(t, "verify", "-seal", kept)
	require.ErrorIs(t, err, errTampered)
	require.ErrorContains(t, err, "the database doesn't hold 1 of what was kept (1 seal); what it holds now")
	require.NotContains(t, err.Error(), "0 places")
	require.Contains(t, said, "seal 1: the database holds another one, or none")

	require.NoError(t, os.WriteFile(kept, []byte("17:abc\n"), 0o600))
	_, err = command(t, "verify", "-seal", kept)
	require.ErrorContains(t, err, "line 1 of the kept seals")
}

// First review: D6.
func TestAFindingIsAcceptedByPlaceAndSaidEverAfter(t *testing.T) {
	r := rig.Living(t)
	number := r.Register(rig.Dispatcher, rig.Parcel())
	r.SQL(`ALTER TABLE record DISABLE TRIGGER append_only`, `UPDATE record SET by = 'ma-chao' WHERE sequence = 1`)
	t.Setenv("DATABASE_URL", r.DatabaseURL)
	said, err := command(t, "verify")
	require.ErrorIs(t, err, errTampered)
	place := number + "/1"
	require.Contains(t, said, place+"  complaint "+number+", row 1: the row, or the one before it, is not what was written\n")

	_, err = command(t, "verify", "-accept", place)
	require.ErrorContains(t, err, "takes all three")
	_, err = command(t, "verify", "-accept", number+"/2", "-by", "Zhou Jie", "-reason", "no such")
	require.ErrorContains(t, err, "accept what was found at "+number+"/2: nothing was")
	said, err = command(t, "verify", "-accept", place, "-by", "Zhou Jie", "-reason", "a disk failed, the backup has the same")
	require.NoError(t, err)
	require.Contains(t, said, "accepted: "+place)
	for range 2 {
		said, err = command(t, "verify")
		require.NoError(t, err)
		require.Contains(t, said, "(accepted by Zhou Jie on ")
		require.Contains(t, said, ": a disk failed, the backup has the same)")
		require.Contains(t, said, "The record is whole but for what was accepted (1): ")
	}
}

func TestHelpListsTheCommands(t *testing.T) {
	for _, asked := range []string{"help", "-h", "--help"} {
		said, err := command(t, asked)
		require.NoError(t, err)
		require.Contains(t, said, "server simulate")
	}
	_, err := command(t, "vrify")
	require.EqualError(t, err, "there is no command \"vrify\"; “server help” lists those there are")
}

func TestTheProgramsRoleMayAppendToTheRecordAndNeverChangeIt(t *testing.T) {
	r := rig.Living(t)
	owner, err := pgx.Connect(t.Context(), r.DatabaseURL)
	require.NoError(t, err)
	t.Cleanup(func() { _ = owner.Close(t.Context()) })
	t.Setenv("DATABASE_URL", r.DatabaseURL)
	t.Setenv("RECOURSE_DATABASE_APP_ROLE", "no_such_role")
	_, err = command(t, "migrate")
	require.ErrorContains(t, err, "no_such_role", "it has to exist")

	const role = "pg_signal_backend" // there is one in every PostgreSQL; a test may not make roles
	t.Setenv("RECOURSE_DATABASE_APP_ROLE", role)
	for range 2 {
		said, err := command(t, "migrate")
		require.NoError(t, err)
		require.Contains(t, said, "The role "+role+" has the rights")
	}
	tables := func(condition string) (names []string) {
		t.Helper()
		require.NoError(t, owner.QueryRow(t.Context(), `SELECT coalesce(array_agg(c.relname::text ORDER BY 1), '{}') FROM pg_class c
			WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v') AND `+condition, role).Scan(&names))
		return names
	}
	require.Empty(t, tables(`NOT has_table_privilege($1, c.oid, 'SELECT')`), "nothing was forgotten")
	require.ElementsMatch(t, []string{"record", "writes", "seals", "sealed_heads", "accepted_findings", "spot_check_draws", "procedures", "calendars", "directories"},
		tables(`has_table_privilege($1, c.oid, 'INSERT') AND NOT has_table_privilege($1, c.oid, 'UPDATE')`), "what only grows")
	require.ElementsMatch(t, []string{"tasks", "remembered_answers", "cases", "confirmations", "brought_back"}, tables(`has_table_privilege($1, c.oid, 'DELETE')`))
	require.Empty(t, tables(`has_table_privilege($1, c.oid, 'TRUNCATE, TRIGGER, REFERENCES')`))
}
