package main

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/rig"
)

// keeps makes a copy of all that a database holds, and returns what sets it back to that.
func keeps(t *testing.T, r *rig.Rig) (restore func()) {
	t.Helper()
	var tables []string
	rows, err := r.Server.Database.Query(t.Context(), `SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE '%migrations%' ORDER BY 1`)
	require.NoError(t, err)
	for rows.Next() {
		var table string
		require.NoError(t, rows.Scan(&table))
		tables = append(tables, table)
	}
	require.NoError(t, rows.Err())
	r.SQL("CREATE SCHEMA kept")
	for _, table := range tables {
		r.SQL(fmt.Sprintf("CREATE TABLE kept.%[1]s AS TABLE %[1]s", table))
	}
	return func() {
		all := "BEGIN;"
		for _, table := range tables { // the record can't be changed otherwise
			all += fmt.Sprintf("ALTER TABLE %[1]s DISABLE TRIGGER USER; DELETE FROM %[1]s; INSERT INTO %[1]s SELECT * FROM kept.%[1]s; ALTER TABLE %[1]s ENABLE TRIGGER USER;", table)
		}
		_, err := r.Server.Database.Exec(t.Context(), all+"COMMIT")
		require.NoError(t, err)
	}
}

// First review: D2.
func TestADatabaseThatLostItsLastCommitsIsFollowedByItsWorkflowsAndWhatIsLostIsNamed(t *testing.T) {
	r := rig.Living(t)
	besideTemporal(t, r)
	screening := rig.Body{"kind": "complaint", "valid": true, "category": "operations.mistake"}
	untouched, ahead := r.Register(rig.Dispatcher, rig.Parcel()), r.Register(rig.Dispatcher, rig.Parcel())
	r.Take(ahead, "screen", rig.Dispatcher, screening)
	restore := keeps(t, r)
	r.Take(ahead, "accept", rig.Courier, rig.Body{})
	r.Take(ahead, "contact", rig.Courier, rig.Body{"reached": true, "words": "On our way."})
	lost := r.Register(rig.Dispatcher, rig.Parcel())
	r.Take(lost, "screen", rig.Dispatcher, screening)

	restore()
	r.Get("/v1/complaints/"+lost, rig.Dispatcher).Refused(http.StatusNotFound, "not_found")
	require.EqualValues(t, 2, r.Get("/v1/complaints/"+ahead, rig.Dispatcher).Is(http.StatusOK)["revision"])
	said, err := command(t, "reconcile")
	require.NoError(t, err)
	require.Regexp(t, ahead+`: rows that its workflow knew: \d+; that its record has: \d+\. It goes on from there\. The words are gone of: accept by zhao-lei at \S+, contact by zhao-lei at \S+\.`, said)
	require.Regexp(t, lost+`: rows that its workflow knew: \d+; that its record has: 0\. .* The words are gone of: register by li-na at \S+, screen by li-na at \S+\.`, said)
	require.NotContains(t, said, untouched)
	require.Contains(t, said, "Set back: 2. Nothing lost: ")

	for number, revision := range map[string]int{ahead: 4, lost: 2} {
		require.Eventually(t, func() bool {
			shown := r.Get("/v1/complaints/"+number, rig.Dispatcher)
			return shown.Status == http.StatusOK && shown.JSON()["revision"] == float64(revision)
		}, 30*time.Second, 100*time.Millisecond, "%s: what the workflow knows is recorded again", number)
		eventuallyOneTruth(t, r, number)
	}
	said, err = command(t, "reconcile")
	require.NoError(t, err)
	require.Contains(t, said, "Set back: 0.")
	_, err = command(t, "verify")
	require.NoError(t, err)

	// And all go on; no number is given out twice.
	r.Take(ahead, "find", rig.Courier, rig.Body{"founded": true, "liability": "third_party", "cause": "The label was wet.", "cause_code": "outside", "evidence": "Photograph."})
	r.Take(lost, "accept", rig.Courier, rig.Body{})
	next := r.Register(rig.Dispatcher, rig.Parcel())
	require.Greater(t, next, lost)
	r.Take(untouched, "screen", rig.Dispatcher, screening)
}
