package reading

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"recourse/internal/complaint"
	"recourse/internal/store"
	"recourse/internal/store/reading/db"
	"recourse/internal/store/searchtext"
)

// Filter says which complaints a list shows. Zero members filter nothing.
type Filter struct {
	Stage        complaint.Stage
	Department   string
	Handler      complaint.PersonID
	Owner        complaint.PersonID
	RegisteredBy complaint.PersonID
	Procedure    string
	Version      int    // of the procedure
	Category     string // with its kinds: "operations" shows "operations.mistake" as well
	Channel      string
	Severity     complaint.Severity
	Kind         complaint.Kind
	Outcome      complaint.Outcome
	Satisfaction complaint.Satisfaction
	TierMin      int
	Overdue      *bool // against Now
	Suspended    *bool
	Closed       *bool
	ReceivedFrom time.Time // inclusive
	ReceivedTo   time.Time // exclusive
	// Query are words of number, name, telephone, form fields or what people wrote with the steps,
	// all of which must be there; the beginning of a word will do.
	Query string
	// Row is the idempotency key under which a row of a file was registered
	// (complaint.ImportedRow); what was registered in error isn't the row's any more.
	Row string
	// Sort is in which order they come.
	Sort Sort
	// Now is the instant for Overdue; zero is the database's.
	Now time.Time
}

// Sort is an order of a list.
type Sort string

const (
	// Newest shows what was received last first.
	Newest Sort = "newest"
	// ByDue shows what has something due, soonest first.
	ByDue Sort = "due"
)

// Listed is one line of the list.
type Listed struct {
	Number         string
	Procedure      string
	Standing       Standing
	Stage          complaint.Stage
	StageSince     time.Time
	Revision       int
	Department     string
	Owner          complaint.PersonID
	Handler        complaint.PersonID
	RegisteredBy   complaint.PersonID
	Kind           complaint.Kind
	Category       string
	Severity       complaint.Severity
	Channel        string
	Tier           int
	NextDue        *time.Time
	NextDeadline   string
	SuspendedUntil *time.Time
	ReceivedAt     time.Time
	ClosedAt       *time.Time
	Outcome        complaint.Outcome
	Satisfaction   complaint.Satisfaction
	// Customer is how the customer is called, and FirstWords how what they told begins; empty once
	// erased.
	Customer, FirstWords string
}

// numberLike is the beginning of a complaint's number, the sequence begun at least.
var numberLike = regexp.MustCompile(`^[A-Z][A-Z0-9]*-\d{4}-\d+$`)

// List returns complaints that viewer may know of, in the filter's order, at most limit (50 when 0,
// never more than 500).
func (s *Store) List(ctx context.Context, viewer Viewer, filter Filter, cursor store.Cursor, limit int) ([]Listed, store.Cursor, error) {
	limit = store.PageSize(limit)
	query, err := listQuery(viewer, filter, cursor, limit)
	if err != nil {
		return nil, "", err
	}
	if err := s.search(ctx, query, filter.Query); err != nil {
		return nil, "", err
	}
	rows, err := s.pool.Query(ctx, query.sql(), query.arguments...)
	if err != nil {
		return nil, "", fmt.Errorf("list complaints: %w", err)
	}
	listed, err := pgx.CollectRows(rows, scanListed)
	if err != nil {
		return nil, "", fmt.Errorf("list complaints: %w", err)
	}
	listed, next := store.Page(listed, limit, func(last Listed) store.Cursor {
		if filter.Sort == ByDue && last.NextDue != nil {
			return store.CursorAfter("complaints by due", *last.NextDue, last.Number)
		}
		return store.CursorAfter("complaints", last.ReceivedAt, last.Number)
	})
	return listed, next, nil
}

// conditions are those of a list that were asked for. A query without the others has a plan of its
// own, which no "($1 IS NULL OR …)" has; sqlc can't write it.
type conditions struct {
	where     []string
	arguments []any
	limit     int
	order     string
	with      string
}

// argument takes a value along and returns its place.
func (c *conditions) argument(value any) string {
	c.arguments = append(c.arguments, value)
	return fmt.Sprintf("$%d", len(c.arguments))
}

// add takes a condition with %s for its argument.
func (c *conditions) add(condition string, value any) {
	c.where = append(c.where, strings.ReplaceAll(condition, "%s", c.argument(value)))
}

func (c *conditions) sql() string {
	return c.with + `SELECT c.*, coalesce(k.name, ''), coalesce(left(r.body->>'narrative', ` + strconv.Itoa(firstWords) + `), '')
FROM (SELECT number, procedure, standing, stage, stage_since, revision, department, owner, handler, registered_by, kind, category, severity,
	channel, tier, next_due, next_deadline, suspended_until, received_at, closed_at, outcome, satisfaction, registration
FROM complaints c
WHERE ` + strings.Join(c.where, "\n  AND ") + fmt.Sprintf(`
ORDER BY `+c.order+` LIMIT %d) c
LEFT JOIN customers k ON k.number = c.number LEFT JOIN submissions r ON r.id = c.registration
ORDER BY `+strings.NewReplacer("received_at", "c.received_at", "next_due", "c.next_due", "number", "c.number").Replace(c.order), c.limit+1)
}

func listQuery(viewer Viewer, filter Filter, cursor store.Cursor, limit int) (*conditions, error) {
	c := &conditions{limit: limit, order: "received_at DESC, number DESC", where: []string{"standing <> 'refused'"}}
	me := c.argument(string(viewer.Person))
	c.where = append(c.where, "NOT subjects @> ARRAY["+me+"::text]")
	named := "seen_by @> ARRAY[" + me + "::text]"
	if viewer.All {
		c.where = append(c.where, "(seen_by = '{}' OR "+named+")")
	} else {
		c.where = append(c.where, "(seen_by = '{}' AND participants && "+c.argument(viewer.keys())+"::text[] OR "+named+")")
	}
	for _, equal := range []struct{ column, value string }{
		{"procedure", viewer.Procedure}, {"stage", string(filter.Stage)}, {"department", filter.Department}, {"handler", string(filter.Handler)}, {"owner", string(filter.Owner)},
		{"registered_by", string(filter.RegisteredBy)}, {"procedure", filter.Procedure}, {"channel", filter.Channel},
		{"severity", string(filter.Severity)}, {"outcome", string(filter.Outcome)}, {"kind", string(filter.Kind)}, {"satisfaction", string(filter.Satisfaction)},
	} {
		if equal.value != "" {
			c.add(equal.column+" = %s", equal.value)
		}
	}
	// The planner has to see why a partial index will do.
	for _, partial := range []struct {
		asked     bool
		condition string
	}{
		{filter.Handler != "", "handler <> ''"}, {filter.Owner != "", "owner <> ''"},
		{filter.Severity != "" && filter.Severity != complaint.Normal, "severity <> 'normal'"},
		{filter.Kind != "" && filter.Kind != complaint.KindComplaint, "kind <> 'complaint'"},
		{filter.Outcome != "", "outcome <> ''"}, {filter.Satisfaction != "", "satisfaction <> ''"},
	} {
		if partial.asked {
			c.where = append(c.where, partial.condition)
		}
	}
	if filter.Category != "" {
		c.add("(category = %s OR category LIKE replace(replace(%s, '\\', '\\\\'), '%', '\\%') || '.%')", filter.Category)
	}
	if filter.Row != "" {
		c.add("number IN (SELECT s.number FROM idempotency_keys k JOIN submissions s ON s.id = k.submission WHERE k.key = %s AND k.key LIKE 'import/%' AND s.step = 'register')", filter.Row)
		c.where = append(c.where, "outcome <> 'registered_in_error'")
	}
	if filter.Version > 0 {
		c.add("procedure_version = %s", filter.Version)
	}
	if filter.TierMin > 0 {
		c.add("tier > 0 AND tier >= %s", filter.TierMin)
	}
	if filter.Overdue != nil {
		now := any(filter.Now)
		if filter.Now.IsZero() {
			now = nil
		}
		if *filter.Overdue {
			c.add("next_due < coalesce(%s::timestamptz, now())", now)
		} else {
			c.add("(next_due IS NULL OR next_due >= coalesce(%s::timestamptz, now()))", now)
		}
	}
	if filter.Suspended != nil {
		c.where = append(c.where, isNull("suspended_until", !*filter.Suspended))
	}
	if filter.Closed != nil {
		c.where = append(c.where, isNull("closed_at", !*filter.Closed))
	}
	if !filter.ReceivedFrom.IsZero() {
		c.add("received_at >= %s", filter.ReceivedFrom)
	}
	if !filter.ReceivedTo.IsZero() {
		c.add("received_at < %s", filter.ReceivedTo)
	}
	if filter.Sort == ByDue {
		c.order = "next_due, number"
		c.where = append(c.where, "next_due IS NOT NULL")
		return c, afterDue(c, cursor)
	}
	if cursor != "" {
		var receivedAt time.Time
		var number string
		if err := cursor.Read("complaints", &receivedAt, &number); err != nil {
			return nil, err
		}
		c.where = append(c.where, "(received_at, number) < ("+c.argument(receivedAt)+", "+c.argument(number)+")")
	}
	return c, nil
}

// afterDue begins a list by due times behind a cursor.
func afterDue(c *conditions, cursor store.Cursor) error {
	if cursor == "" {
		return nil
	}
	var due time.Time
	var number string
	if err := cursor.Read("complaints by due", &due, &number); err != nil {
		return err
	}
	c.where = append(c.where, "(next_due, number) > ("+c.argument(due)+", "+c.argument(number)+")")
	return nil
}

// firstWords is how much of what a customer told a list shows, in characters.
const firstWords = 100

// commonFrom is from how many complaints on a word is common.
const commonFrom = 5000

// search adds the words that were asked for. Complaints with a rare word are found first and then
// filtered: walking along the newest until enough of them have it would take seconds. With a common
// one it is the other way round. PostgreSQL can't tell them apart: it guesses how often the
// beginning of a word occurs.
func (s *Store) search(ctx context.Context, c *conditions, query string) error {
	query = strings.TrimSpace(query)
	if query == "" {
		return nil
	}
	if number := strings.ToUpper(query); numberLike.MatchString(number) {
		c.add("number LIKE %s || '%'", number)
		return nil
	}
	words := searchtext.Query(query)
	if words == "" { // nothing but punctuation: nothing has it
		c.where = append(c.where, "false")
		return nil
	}
	count, err := s.queries.CountWithWords(ctx, db.CountWithWordsParams{Words: words, Enough: commonFrom})
	if err != nil {
		return fmt.Errorf("look for words: %w", err)
	}
	if count == commonFrom {
		c.add("EXISTS (SELECT 1 FROM customers k WHERE k.number = c.number AND k.search @@ %s::tsquery)", words)
		return nil
	}
	c.with = "WITH found AS MATERIALIZED (SELECT k.number FROM customers k WHERE k.search @@ " + c.argument(words) + "::tsquery)\n"
	c.where = append(c.where, "number IN (SELECT found.number FROM found)")
	return nil
}

func isNull(column string, null bool) string {
	if null {
		return column + " IS NULL"
	}
	return column + " IS NOT NULL"
}

func scanListed(row pgx.CollectableRow) (Listed, error) {
	var l Listed
	var registration *uuid.UUID
	err := row.Scan(&l.Number, &l.Procedure, &l.Standing, &l.Stage, &l.StageSince, &l.Revision, &l.Department, &l.Owner, &l.Handler,
		&l.RegisteredBy, &l.Kind, &l.Category, &l.Severity, &l.Channel, &l.Tier, &l.NextDue, &l.NextDeadline, &l.SuspendedUntil,
		&l.ReceivedAt, &l.ClosedAt, &l.Outcome, &l.Satisfaction, &registration, &l.Customer, &l.FirstWords)
	l.StageSince, l.ReceivedAt = l.StageSince.UTC(), l.ReceivedAt.UTC()
	l.NextDue, l.SuspendedUntil, l.ClosedAt = store.UTC(l.NextDue), store.UTC(l.SuspendedUntil), store.UTC(l.ClosedAt)
	return l, err
}
