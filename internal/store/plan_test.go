package store_test

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
	"recourse/internal/store"
	"recourse/internal/store/reading"
	"recourse/internal/store/record"
	"recourse/internal/store/storetest"
	"recourse/internal/store/submission"
)

// heard collects the queries that a store sends.
type heard struct {
	sync.Mutex
	queries []query
}

type query struct {
	sql       string
	arguments []any
}

func (h *heard) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	h.add(data.SQL, data.Args)
	return ctx
}
func (h *heard) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}
func (h *heard) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	return ctx
}
func (h *heard) TraceBatchQuery(_ context.Context, _ *pgx.Conn, data pgx.TraceBatchQueryData) {
	h.add(data.SQL, data.Args)
}
func (h *heard) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}

func (h *heard) add(sql string, arguments []any) {
	h.Lock()
	defer h.Unlock()
	h.queries = append(h.queries, query{sql, arguments})
}

// many fills the tables as years of work do.
var many = []string{
	`INSERT INTO complaints (number, procedure, procedure_version, year, serial, registration, standing, stage, stage_since, revision, recorded, department, agent, owner,
		handler, registered_by, participants, subjects, seen_by, kind, category, severity, channel, tier, next_due, next_deadline, suspended_until, open_matters,
		received_at, closed_at, outcome, satisfaction, state, updated_at)
	SELECT 'ZZ-2020-' || lpad(i::text, 6, '0'), 'old-' || i % 5, 1, 2020, i, gen_random_uuid(), 'live', CASE WHEN i % 50 = 0 THEN 'investigating' ELSE 'closed' END, now(), 1, 1,
		'department-' || i % 40, 'agent', 'owner-' || i % 300, 'handler-' || i % 300, 'agent-' || i % 100,
		ARRAY['agent-' || i % 100, 'owner-' || i % 300, 'handler-' || i % 300, 'duty:department-' || i % 40 || '.head'], '{}', '{}', 'complaint', 'category-' || i % 60, CASE WHEN i % 100 = 0 THEN 'major' ELSE 'normal' END,
		'phone', CASE WHEN i % 200 = 0 THEN 1 ELSE 0 END, CASE WHEN i % 50 = 0 THEN now() + i * interval '1 minute' END, '', CASE WHEN i % 500 = 0 THEN now() END, CASE WHEN i % 500 = 0 THEN 1 ELSE 0 END,
		timestamptz '2020-01-01' + i * interval '10 minutes', CASE WHEN i % 50 = 0 THEN NULL ELSE now() END, '', '', '{"matters": []}', timestamptz '2020-01-01' + i * interval '10 minutes'
	FROM generate_series(1, 20000) i`,
	`INSERT INTO customers SELECT number, 'a name', 'a number', 'an address', repeat('a street ', 40), 'en', '', array_to_tsvector(ARRAY['name' || serial, lpad(serial::text, 6, '0')]) FROM complaints WHERE year = 2020`,
	`INSERT INTO record SELECT number, s, now(), 'x', 'note', CASE WHEN s = 1 THEN 'contact' END, 1, NULL, NULL, '{}', '\x00' FROM complaints, generate_series(1, 3) s WHERE year = 2020`,
	`INSERT INTO writes SELECT number, 1, 3, 'x', '\x00', NULL, '\x00', received_at FROM complaints WHERE year = 2020`,
	`INSERT INTO clocks SELECT number, 'contact', 1, '24h', 'cn@1', received_at, received_at, 'met', NULL, NULL, NULL, 0, '', '' FROM complaints WHERE year = 2020`,
	`INSERT INTO tasks SELECT number, 'find', handler, 'handler', '', now() + serial * interval '1 minute', now() FROM complaints WHERE year = 2020`,
	`INSERT INTO tasks SELECT number, 'assign', '', 'role-' || serial % 50, '', now() + serial * interval '1 minute', now() FROM complaints WHERE year = 2020`,
	`INSERT INTO messages SELECT number || '/1/x', number, 'x', 'assigned', '{}', '', 'sent', 1, '', received_at, now(), NULL FROM complaints WHERE year = 2020`,
	`INSERT INTO submissions SELECT registration, number, 'register', 'x', '{}', '', 0, '{}', '\x00', '\x00', '{}', received_at, 'accepted', NULL, NULL, NULL FROM complaints WHERE year = 2020`,
	`INSERT INTO idempotency_keys SELECT 'x', number, registration, '\x00' FROM complaints WHERE year = 2020`,
	`INSERT INTO idempotency_keys SELECT 'y', 'import/old/' || number, registration, '\x00' FROM complaints WHERE year = 2020`,
	`INSERT INTO links SELECT registration, number, 'follow', 0, now(), now(), NULL, '' FROM complaints WHERE year = 2020`,
	`INSERT INTO attachments SELECT registration, number, '', '', 0, '', NULL, '', now(), NULL FROM complaints WHERE year = 2020`,
	`INSERT INTO sides SELECT number, 'accountability', '1', 'done', 'x', NULL, now() FROM complaints WHERE year = 2020`,
	`INSERT INTO relations SELECT number, 'ZZ-2020-' || lpad((serial / 10)::text, 6, '0'), 'repeats', received_at FROM complaints WHERE year = 2020`,
	`ANALYZE`,
}

// wholeTable is a plan that reads a table which grows with the years from end to end. Tables of a
// few hundred rows may be read so.
var wholeTable = regexp.MustCompile(`Seq Scan on (complaints|customers|record|writes|clocks|tasks|messages|submissions|idempotency_keys|links|attachments|sides|relations)\b`)

// First review: F3.
func TestNoQueryReadsAWholeTable(t *testing.T) {
	untraced := storetest.New(t)
	untraced.SQL(t, many...)
	var tracer heard
	pool, err := store.OpenTraced(t.Context(), untraced.URL, &tracer)
	require.NoError(t, err)
	defer pool.Close()
	s := storetest.On(pool, untraced.URL)

	ctx := t.Context()
	yes := true
	must := func(_ any, err error) { t.Helper(); require.NoError(t, err) }
	list := func(viewer reading.Viewer, filter reading.Filter) {
		t.Helper()
		_, next, err := s.Reading.List(ctx, viewer, filter, "", 20)
		require.NoError(t, err)
		if next != "" {
			_, _, err = s.Reading.List(ctx, viewer, filter, next, 20)
			require.NoError(t, err)
		}
	}
	// What the server asks.
	for _, filter := range []reading.Filter{
		{}, {Stage: complaint.Investigating}, {Department: "department-7"}, {Handler: "handler-7"}, {Owner: "owner-7"}, {Procedure: "old-1"}, {Category: "category-7"},
		{Severity: complaint.Major}, {TierMin: 1, Closed: new(bool)}, {Overdue: &yes}, {Suspended: &yes}, {ReceivedFrom: storetest.Friday.AddDate(-6, 0, 0), ReceivedTo: storetest.Friday.AddDate(-6, 0, 1)},
		{Channel: "fax"}, {Kind: complaint.KindEnquiry}, {Outcome: complaint.Withdrawn}, {Satisfaction: complaint.Dissatisfied}, {Sort: reading.ByDue},
		{Sort: reading.ByDue, Handler: "handler-7"}, {Query: "name777"}, {Query: "ZZ-2020-0007"}, {Query: "name777 000777"}, {Row: "import/old/ZZ-2020-000777"},
	} {
		list(storetest.Everybody, filter)
	}
	for _, viewer := range []reading.Viewer{{Person: "handler-7"}, {Person: "head", Duties: []complaint.Role{"department-7.head", "department-8.head"}, Department: "department-7"}} {
		list(viewer, reading.Filter{})
		list(viewer, reading.Filter{Stage: complaint.Investigating})
		_, _, err := s.Reading.OpenMatters(ctx, viewer, "", 20)
		require.NoError(t, err)
	}
	for _, viewer := range []reading.Viewer{{Person: "handler-7", Procedure: "old-1"}, {Person: "head", Duties: []complaint.Role{"department-7.head"}}} {
		_, next, err := s.Reading.Inbox(ctx, viewer, "handler-7", []complaint.Role{"role-7", "role-8"}, "", 20)
		require.NoError(t, err)
		_, _, err = s.Reading.Inbox(ctx, viewer, "handler-7", []complaint.Role{"role-7", "role-8"}, next, 20)
		require.NoError(t, err)
	}
	_, _, err = s.Learning.Cases(ctx, "headquarters", "old-1", "", 20)
	require.NoError(t, err)
	_, _, err = s.Learning.SpotChecks(ctx, "headquarters", "old-1", "", 20)
	require.NoError(t, err)
	_, _, err = s.Learning.Campaigns(ctx, "reader", "old-1", "", 20)
	require.NoError(t, err)
	number := "ZZ-2020-000777"
	must(s.Reading.Complaint(ctx, number))
	must(s.Reading.Unseen(ctx, []reading.Viewer{{Person: "li-na", Procedure: "courier-station", All: true}}))
	must(s.Record.Page(ctx, number, 1, 20))
	must(s.Reading.Clocks(ctx, number))
	must(s.Reading.Tasks(ctx, number))
	must(s.Reading.Sides(ctx, number))
	must(s.Outbox.Of(ctx, number))
	must(s.Submissions.Of(ctx, number))
	must(s.Links.Of(ctx, number))
	must(s.Attachments.Of(ctx, number))
	must(s.Reading.OpenComplaintsOf(ctx, complaint.Actor{Person: "handler-7", Roles: []complaint.Role{"role-7", "role-8"}}))
	for _, viewer := range []reading.Viewer{storetest.Everybody, {Person: "handler-7", Procedure: "old-1"}, {Person: "head", Duties: []complaint.Role{"department-7.head"}}} {
		must(s.Reading.Relations(ctx, viewer, number))
	}
	// What a step costs.
	l, stored := s.Recorded(t)
	said, err := s.Submissions.Submit(ctx, storetest.Said(l.Number, "k", "words"))
	require.NoError(t, err)
	must(s.Submissions.Submit(ctx, storetest.Said(l.Number, "k", "words")))
	w := l.Note(said)
	w.Complaint.Sides = []complaint.Side{{Kind: "accountability", ID: "1", State: "open"}}
	require.NoError(t, s.Writes.Commit(ctx, w))
	require.ErrorIs(t, s.Writes.Commit(ctx, w), record.ErrTaken)
	require.NoError(t, s.Writes.Commit(ctx, l.Repeats(number)))
	must(s.Submissions.One(ctx, stored.ID))
	row := storetest.Registration()
	row.Key = "import/old/ZZ-2020-000777"
	_, err = s.Submissions.Register(ctx, row)
	require.ErrorIs(t, err, store.ErrIdempotencyMismatch)
	// What the worker asks beside it.
	must(s.Submissions.ClaimRegistrations(ctx, 20, time.Minute))
	claimed, err := s.Outbox.Claim(ctx, 20, time.Minute)
	require.NoError(t, err)
	require.NoError(t, s.Outbox.MarkSent(ctx, "email", claimed[0].ID))
	must(s.Outbox.Failed(ctx, 20))
	must(s.Outbox.Waiting(ctx))
	must(s.Outbox.TakeOver(ctx, "none"))
	untraced.SQL(t, `UPDATE customers SET search_form = 1000 WHERE number <> 'ZZ-2020-000777'`, `ANALYZE customers`)
	must(s.Submissions.RenewSearch(ctx, func(submission.Stored) ([]string, error) { return nil, nil }))
	must(s.Outbox.SentToCustomer(ctx, number, storetest.Friday))
	_, _, err = s.Submissions.WebComplaints(ctx, "name@example.com", storetest.Friday, 10)
	require.NoError(t, err)
	require.NoError(t, s.Outbox.Wait(ctx, time.Millisecond))
	must(s.Record.Seal(ctx))
	require.NoError(t, s.Erasure.Erase(ctx, l.Number, "admin"))

	connection, err := pgx.Connect(ctx, s.URL)
	require.NoError(t, err)
	defer connection.Close(context.Background())
	tracer.Lock()
	defer tracer.Unlock()
	explained := 0
	for _, asked := range tracer.queries {
		word, _, _ := strings.Cut(strings.ToUpper(strings.TrimLeft(withoutComments(asked.sql), " \n")), " ")
		if !slices.Contains([]string{"SELECT", "WITH", "INSERT", "UPDATE", "DELETE"}, word) || strings.Contains(asked.sql, "-- name: HeadsToSeal") { // the first seal seals everything
			continue
		}
		rows, err := connection.Query(ctx, "EXPLAIN "+asked.sql, asked.arguments...)
		require.NoError(t, err, asked.sql)
		plan, err := pgx.CollectRows(rows, pgx.RowTo[string])
		require.NoError(t, err, asked.sql)
		require.NotRegexp(t, wholeTable, strings.Join(plan, "\n"), "%s\nwith %v", asked.sql, asked.arguments)
		explained++
	}
	require.Greater(t, explained, 60)
}

func withoutComments(sql string) string {
	lines := strings.Split(sql, "\n")
	return strings.Join(slices.DeleteFunc(lines, func(line string) bool { return strings.HasPrefix(line, "--") }), "\n")
}

func TestAWordThatManyHaveShowsTheNewest(t *testing.T) {
	s := storetest.New(t)
	s.SQL(t, many...)
	newest, _, err := s.Reading.List(t.Context(), storetest.Everybody, reading.Filter{}, "", 20)
	require.NoError(t, err)
	named, next, err := s.Reading.List(t.Context(), storetest.Everybody, reading.Filter{Query: "name"}, "", 20)
	require.NoError(t, err)
	require.Equal(t, newest, named)
	require.NotEmpty(t, next)
}
