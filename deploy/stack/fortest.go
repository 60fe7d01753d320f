package stack

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"go.temporal.io/sdk/client"
)

// The environment in which "make test" tells every test where its shared stack is.
const (
	TestDatabaseURL     = "RECOURSE_TEST_DATABASE_URL"
	TestTemporalAddress = "RECOURSE_TEST_TEMPORAL_ADDRESS"
)

// shared is the stack of this test program, started by the first test that asks.
var shared struct {
	sync.Mutex
	stack *Stack
	err   error
}

// Main is for the TestMain of a package whose tests use ForTest: it runs the tests, then stops the
// stack that they started.
//
//	func TestMain(m *testing.M) { stack.Main(m) }
//
// Each of after is called when the tests are over. A package without it works as well; its stack
// then ends with the test program, and the next start removes its files.
func Main(m *testing.M, after ...func()) {
	code := m.Run()
	for _, tidy := range after {
		tidy()
	}
	shared.Lock()
	defer shared.Unlock()
	if shared.stack != nil {
		if err := shared.stack.Stop(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

// ForTest returns the stack that tests share: the one that TestDatabaseURL and TestTemporalAddress
// name, else one that the first test starts. Tests on it use a database and a task queue of their
// own. A test that stops servers needs Own instead.
func ForTest(t testing.TB) *Stack {
	t.Helper()
	shared.Lock()
	defer shared.Unlock()
	if shared.stack == nil && shared.err == nil {
		// Not the test's context: the stack outlives the test that started it.
		shared.stack, shared.err = Start(context.Background(), Options{
			DatabaseURL: os.Getenv(TestDatabaseURL), TemporalAddress: os.Getenv(TestTemporalAddress), Say: toStandardError,
		})
	}
	if shared.err != nil {
		t.Fatalf("start the servers that the tests need: %v", shared.err)
	}
	return shared.stack
}

// Own starts a stack for this test alone, whose servers it may stop, kill and start. It goes when
// the test ends.
func Own(t testing.TB) *Stack {
	t.Helper()
	return OwnWith(t, Options{})
}

// OwnWith is like Own, with options of the test's choice.
func OwnWith(t testing.TB, options Options) *Stack {
	t.Helper()
	options.Say = toStandardError
	s, err := Start(t.Context(), options)
	if err != nil {
		t.Fatalf("start a stack for this test: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Errorf("stop the test's stack: %v", err)
		}
	})
	return s
}

func toStandardError(format string, arguments ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", arguments...)
}

// Database makes an empty database for this test on the shared stack and returns its URL. It is
// dropped when the test ends.
func Database(t testing.TB) string {
	t.Helper()
	return ForTest(t).database(t, "template0")
}

// Database is like the function Database, on this stack.
func (s *Stack) Database(t testing.TB) string {
	t.Helper()
	return s.database(t, "template0")
}

// templates are the databases that CopyOf has prepared, by name.
var templates sync.Map

// CopyOf makes a database for this test on the shared stack that is a copy of one which prepare has
// filled, and returns its URL. prepare runs once in each test program for each name, so that a
// hundred tests migrate once and copy a hundred times, which is quick.
func CopyOf(t testing.TB, name string, prepare func(ctx context.Context, databaseURL string) error) string {
	t.Helper()
	s := ForTest(t)
	type template struct {
		name string
		err  error
	}
	made, _ := templates.LoadOrStore(name, sync.OnceValue(func() template {
		ctx := context.Background()
		name := randomName("template")
		databaseURL, err := s.create(ctx, name, "template0")
		if err == nil {
			err = prepare(ctx, databaseURL)
		}
		return template{name: name, err: err}
	}))
	from := made.(func() template)()
	if from.err != nil {
		t.Fatalf("prepare the database %q that tests copy: %v", name, from.err)
	}
	return s.database(t, from.name)
}

func (s *Stack) database(t testing.TB, template string) string {
	t.Helper()
	name := randomName("test")
	databaseURL, err := s.create(t.Context(), name, template)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		// The test's own context has ended by now.
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		if err := s.drop(ctx, name); err != nil {
			t.Errorf("drop the test's database: %v", err)
		}
	})
	return databaseURL
}

func (s *Stack) create(ctx context.Context, name, template string) (string, error) {
	if err := s.execute(ctx, fmt.Sprintf("CREATE DATABASE %s TEMPLATE %s", pgx.Identifier{name}.Sanitize(), pgx.Identifier{template}.Sanitize())); err != nil {
		return "", fmt.Errorf("make the test's database: %w", err)
	}
	return withDatabase(s.PostgreSQL.URL, name)
}

// drop drops a database and whoever is still connected to it. PostgreSQL's own cleaning
// (autovacuum) may be at work in it, which only a superuser may interrupt; it ends by itself, so
// the drop is tried again until the context ends.
func (s *Stack) drop(ctx context.Context, name string) error {
	again := time.NewTicker(200 * time.Millisecond)
	defer again.Stop()
	for {
		err := s.execute(ctx, "DROP DATABASE IF EXISTS "+pgx.Identifier{name}.Sanitize()+" WITH (FORCE)")
		var refused *pgconn.PgError
		if !errors.As(err, &refused) || refused.Code != insufficientPrivilege {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-again.C:
		}
	}
}

// insufficientPrivilege is PostgreSQL's code (SQLSTATE) for "must be a member of the role whose
// process is being terminated".
const insufficientPrivilege = "42501"

func (s *Stack) execute(ctx context.Context, statement string) error {
	connection, err := pgx.Connect(ctx, s.PostgreSQL.URL)
	if err != nil {
		return err
	}
	defer connection.Close(ctx)
	_, err = connection.Exec(ctx, statement)
	return err
}

// Namespace is the Temporal namespace that all tests of the shared stack use. Search attributes
// belong to it; what keeps tests apart is TaskQueue.
func Namespace(t testing.TB) string {
	t.Helper()
	return ForTest(t).Temporal.Namespace
}

// TaskQueue is a task queue for this test alone.
func TaskQueue(testing.TB) string { return randomName("test") }

// Client connects to the Temporal of the shared stack, in its namespace, until the test ends.
func Client(t testing.TB) client.Client {
	t.Helper()
	return ForTest(t).Client(t)
}

// Client connects to this stack's Temporal, in its namespace, until the test ends.
func (s *Stack) Client(t testing.TB) client.Client {
	t.Helper()
	connection, err := client.DialContext(t.Context(), client.Options{
		HostPort: s.Temporal.Address, Namespace: s.Temporal.Namespace, Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	if err != nil {
		t.Fatalf("connect to Temporal: %v", err)
	}
	t.Cleanup(connection.Close)
	return connection
}

func randomName(prefix string) string {
	return prefix + "_" + strings.ToLower(rand.Text()[:12])
}
