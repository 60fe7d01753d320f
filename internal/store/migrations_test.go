package store

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// forRunningSystem is the first migration that may meet a running system: those before belong to
// the first release.
const forRunningSystem = "00012"

// stopping are what makes everybody wait while it looks at, or rewrites, a whole table, and what to
// write instead.
var stopping = []struct {
	form    *regexp.Regexp
	instead string
}{
	{regexp.MustCompile(`(?i)\bCREATE\s+(?:UNIQUE\s+)?INDEX\s+(?:IF NOT EXISTS\s+)?[a-z_]+\s+ON\s+([a-z_]+)`), "CREATE INDEX CONCURRENTLY IF NOT EXISTS, in a file with -- +goose NO TRANSACTION, which can be run again from its beginning"},
	{regexp.MustCompile(`(?i)\bALTER\s+TABLE\s+([a-z_]+)\s[^;]*\bALTER\s+COLUMN\s+[a-z_]+\s+(?:SET\s+DATA\s+)?TYPE\b`), "a new column, which both versions fill"},
	{regexp.MustCompile(`(?i)\bALTER\s+TABLE\s+([a-z_]+)\s[^;]*\bSET\s+NOT\s+NULL\b`), "a CHECK (… IS NOT NULL) NOT VALID, and VALIDATE CONSTRAINT in the next file"},
	{regexp.MustCompile(`(?i)\bALTER\s+TABLE\s+([a-z_]+)\s[^;]*\bADD\s+COLUMN\s+[^;,]*\bDEFAULT\s+[a-z_]+\(`), "ADD COLUMN, and SET DEFAULT after it: a default that is worked out rewrites the table"},
	{regexp.MustCompile(`(?i)\bALTER\s+TABLE\s+([a-z_]+)\s[^;]*\b(?:RENAME|DROP\s+COLUMN)\b`), "leave it until no program of the version before runs, and say so with -- contract"},
	{regexp.MustCompile(`(?i)\b(?:LOCK\s+TABLE|UPDATE|DELETE\s+FROM)\s+([a-z_]+)(?:\s+(?:SET|WHERE|IN|USING)\b|\s*;)`), "batches, by the programs, after the new version is everywhere; of rows that are few, say so with -- few rows"},
	{regexp.MustCompile(`(?i)\bALTER\s+TABLE\s+([a-z_]+)\s[^;]*\bADD\s+CONSTRAINT\b[^;]*`), "NOT VALID, and VALIDATE CONSTRAINT in the next file"},
}

var (
	created    = regexp.MustCompile(`(?i)\bCREATE\s+TABLE\s+([a-z_]+)`)
	comment    = regexp.MustCompile(`--[^\n]*`)
	concurrent = regexp.MustCompile(`(?i)CREATE\s+(?:UNIQUE\s+)?INDEX\s+CONCURRENTLY`)
	patient    = regexp.MustCompile(`(?is)SET lock_timeout = 0;.*CONCURRENTLY[^;]*;\s*RESET lock_timeout;`)
)

// stops says what of a migration would stop a running system. What it does to tables of its own
// stops nobody.
func stops(migration string) (found []string) {
	up, _, _ := strings.Cut(migration, "-- +goose Down")
	said := func(word string) bool { return strings.Contains(up, word) }
	statements := comment.ReplaceAllString(up, "")
	own := map[string]bool{}
	for _, table := range created.FindAllStringSubmatch(statements, -1) {
		own[table[1]] = true
	}
	for _, what := range stopping {
		for _, hit := range what.form.FindAllStringSubmatch(statements, -1) {
			switch {
			case own[hit[1]]:
			case slices.ContainsFunc([]string{"-- contract", "-- few rows"}, func(word string) bool { return said(word) && strings.Contains(what.instead, word) }):
			case strings.Contains(what.instead, "NOT VALID, and") && strings.Contains(strings.ToUpper(hit[0]), "NOT VALID"):
			default:
				found = append(found, strings.Join(strings.Fields(hit[0]), " ")+": write "+what.instead)
			}
		}
	}
	if concurrent.MatchString(statements) && !patient.MatchString(statements) {
		found = append(found, "CREATE INDEX CONCURRENTLY: write SET lock_timeout = 0 before and RESET lock_timeout after it: a backup would make it fail, and it lets nobody wait")
	}
	return found
}

// First review: D9.
func TestMigrationsAreWrittenForARunningSystem(t *testing.T) {
	files, err := fs.Glob(migrations, "migrations/*.sql")
	require.NoError(t, err)
	for _, file := range files {
		if strings.TrimPrefix(file, "migrations/") < forRunningSystem {
			continue
		}
		text, err := fs.ReadFile(migrations, file)
		require.NoError(t, err)
		require.Empty(t, stops(string(text)), file)
	}

	for _, wrong := range []string{
		"CREATE INDEX by_x ON complaints (x);",
		"CREATE UNIQUE INDEX by_x ON links (x);",
		"CREATE INDEX CONCURRENTLY IF NOT EXISTS by_x ON complaints (x);",
		"ALTER TABLE complaints ALTER COLUMN stage TYPE varchar;",
		"ALTER TABLE complaints ALTER COLUMN year SET NOT NULL;",
		"ALTER TABLE writes ADD COLUMN id uuid DEFAULT gen_random_uuid();",
		"ALTER TABLE complaints DROP COLUMN agent;",
		"UPDATE complaints SET tier = 0;",
		"ALTER TABLE messages ADD CONSTRAINT c CHECK (state <> '');",
	} {
		require.NotEmpty(t, stops("-- +goose Up\n"+wrong), wrong)
	}
	for _, right := range []string{
		"SET lock_timeout = 0; CREATE INDEX CONCURRENTLY IF NOT EXISTS by_x ON complaints (x); RESET lock_timeout;",
		"CREATE TABLE news (id uuid); CREATE INDEX news_by_id ON news (id); UPDATE news SET id = NULL;",
		"ALTER TABLE writes ADD COLUMN id bigint; ALTER TABLE writes ALTER COLUMN id SET DEFAULT pg_backend_pid();",
		"-- few rows: none is older than a minute\nUPDATE messages SET state = '';",
		"-- contract: nothing reads it since the version before\nALTER TABLE complaints DROP COLUMN agent;",
		"ALTER TABLE messages ADD CONSTRAINT c CHECK (state <> '') NOT VALID;",
		"CREATE TABLE a (b int);\n-- +goose Down\nUPDATE complaints SET tier = 0;",
	} {
		require.Empty(t, stops("-- +goose Up\n"+right), right)
	}
}
