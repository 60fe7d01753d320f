package stack

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/taskqueue/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"google.golang.org/protobuf/types/known/durationpb"

	"recourse/deploy/process"
)

// dynamicSettings are the server's settings that are not in its environment.
//
//go:embed temporal.yaml
var dynamicSettings []byte

// historyShards is fixed when the database is made. A handful is right for one machine.
const historyShards = 4

// Temporal is the stack's workflow engine.
type Temporal struct {
	// Address is host:port of the frontend.
	Address string
	// Namespace is where complaints live; it exists.
	Namespace string
	// UIAddress is the URL of the pages for operators; empty without them.
	UIAddress string

	ours      bool
	directory string
	programs  programs
	database  *pgx.ConnConfig
	ports     temporalPorts
	server    *process.Process
	ui        *process.Process
}

// temporalPorts are those of its four services; all but the frontend's and the UI's are private to
// it.
type temporalPorts struct {
	frontend, frontendHTTP, history, matching, worker                           int
	frontendMembership, historyMembership, matchingMembership, workerMembership int
	ui                                                                          int
}

func newTemporal(ctx context.Context, options Options, directory string, database *PostgreSQL) (*Temporal, error) {
	if options.TemporalAddress != "" {
		return &Temporal{Address: options.TemporalAddress, Namespace: options.Namespace}, nil
	}
	t := &Temporal{ours: true, Namespace: options.Namespace, directory: filepath.Join(directory, "temporal")}
	t.ports = temporalPorts{frontend: options.Ports.Temporal, ui: options.Ports.TemporalUI}
	p := &t.ports
	if err := freePorts(&p.frontend, &p.frontendHTTP, &p.history, &p.matching, &p.worker,
		&p.frontendMembership, &p.historyMembership, &p.matchingMembership, &p.workerMembership, &p.ui); err != nil {
		return nil, err
	}
	t.Address = Address(p.frontend)
	if options.UI {
		t.UIAddress = "http://" + Address(p.ui)
	}
	if err := os.MkdirAll(filepath.Join(t.directory, "ui"), 0o700); err != nil {
		return nil, fmt.Errorf("make Temporal's directory: %w", err)
	}
	if err := os.WriteFile(filepath.Join(t.directory, "dynamic.yaml"), append(bytes.Clone(dynamicSettings), "\n"+options.TemporalSettings...), 0o600); err != nil {
		return nil, fmt.Errorf("write Temporal's settings: %w", err)
	}
	var err error
	if t.programs, err = buildTemporal(ctx, options.Say); err != nil {
		return nil, err
	}
	return t, t.prepareDatabases(ctx, database)
}

// prepareDatabases makes Temporal's two databases on the stack's PostgreSQL and brings their
// schemas to the version of its programs.
func (t *Temporal) prepareDatabases(ctx context.Context, server *PostgreSQL) error {
	serverURL := server.URL
	if server.ours {
		serverURL = server.url(temporalRole, "postgres")
	}
	for name, schema := range temporalDatabases {
		if err := createDatabase(ctx, serverURL, name); err != nil {
			return err
		}
		databaseURL, err := withDatabase(serverURL, name)
		if err != nil {
			return err
		}
		if t.database, err = pgx.ParseConfig(databaseURL); err != nil {
			return fmt.Errorf("read the address of Temporal's database %s: %w", name, err)
		}
		if filepath.IsAbs(t.database.Host) {
			return errors.New("Temporal reaches PostgreSQL by TCP only, and DATABASE_URL names a Unix socket: use host:port, or set TEMPORAL_ADDRESS")
		}
		connection, err := pgx.ConnectConfig(ctx, t.database)
		if err != nil {
			return fmt.Errorf("connect to Temporal's database %s: %w", name, err)
		}
		var versioned bool
		err = connection.QueryRow(ctx, "SELECT to_regclass('schema_version') IS NOT NULL").Scan(&versioned)
		if err := errors.Join(err, connection.Close(ctx)); err != nil {
			return fmt.Errorf("look for the schema of Temporal's database %s: %w", name, err)
		}
		if !versioned {
			if err := t.sqlTool(ctx, name, "setup-schema", "-v", "0.0"); err != nil {
				return err
			}
		}
		if err := t.sqlTool(ctx, name, "update-schema", "--schema-name", schema); err != nil {
			return err
		}
	}
	return nil
}

func (t *Temporal) sqlTool(ctx context.Context, database string, arguments ...string) error {
	environment := append(os.Environ(),
		"SQL_PLUGIN=postgres12_pgx", "SQL_HOST="+t.database.Host, "SQL_PORT="+strconv.Itoa(int(t.database.Port)),
		"SQL_USER="+t.database.User, "SQL_PASSWORD="+t.database.Password, "SQL_DATABASE="+database, "SQL_TLS="+strconv.FormatBool(t.database.TLSConfig != nil))
	// One version of a schema is many statements in no transaction; between two of them no later
	// run could go on. It takes a second or two.
	output, err := process.Run(context.WithoutCancel(ctx), process.Command{Name: "Temporal's schema tool", Path: t.programs.sqlTool, Arguments: arguments, Environment: environment})
	if err != nil {
		return fmt.Errorf("bring Temporal's database %s to its version (%s): %w: %s", database, arguments[0], err, lastLine(output))
	}
	return nil
}

// Start starts the server, and its UI when the stack has one, and returns when complaints can be
// started. It is also how a test brings a stopped or killed one back.
func (t *Temporal) Start(ctx context.Context) error {
	if !t.ours {
		return ErrNotOurs
	}
	ctx, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	if t.server == nil || !t.server.Running() {
		if err := t.forgetMembers(ctx); err != nil {
			return err
		}
		if err := t.startServer(); err != nil {
			return err
		}
	}
	// Nobody waits for a server that has ended.
	go func() {
		select {
		case <-t.server.Done():
			cancel()
		case <-ctx.Done():
		}
	}()
	if err := t.prepare(ctx); err != nil {
		if !t.server.Running() {
			return t.server.Err()
		}
		return fmt.Errorf("%w; its log is %s", err, filepath.Join(t.directory, "server.log"))
	}
	if t.UIAddress != "" && (t.ui == nil || !t.ui.Running()) {
		return t.startUI(ctx)
	}
	return nil
}

// forgetMembers removes the addresses at which the services of an earlier run were. Their private
// ports differ from start to start, and a new server would wait most of a minute for the old ones
// to answer.
func (t *Temporal) forgetMembers(ctx context.Context) error {
	database := t.database.Copy()
	database.Database = "temporal"
	connection, err := pgx.ConnectConfig(ctx, database)
	if err != nil {
		return fmt.Errorf("connect to Temporal's database: %w", err)
	}
	_, err = connection.Exec(ctx, "DELETE FROM cluster_membership")
	if err := errors.Join(err, connection.Close(ctx)); err != nil {
		return fmt.Errorf("forget the earlier run of Temporal: %w", err)
	}
	return nil
}

func (t *Temporal) startServer() (err error) {
	for _, port := range []int{t.ports.frontend, t.ports.frontendHTTP, t.ports.history, t.ports.matching, t.ports.worker,
		t.ports.frontendMembership, t.ports.historyMembership, t.ports.matchingMembership, t.ports.workerMembership} {
		if err := CheckPort(port, "Temporal", "choose another port"); err != nil {
			return err
		}
	}
	environment := map[string]string{
		"DB":                         "postgres12_pgx",
		"POSTGRES_SEEDS":             t.database.Host,
		"DB_PORT":                    strconv.Itoa(int(t.database.Port)),
		"POSTGRES_USER":              t.database.User,
		"POSTGRES_PWD":               t.database.Password,
		"SQL_TLS_ENABLED":            strconv.FormatBool(t.database.TLSConfig != nil),
		"DBNAME":                     "temporal",
		"VISIBILITY_DBNAME":          "temporal_visibility",
		"NUM_HISTORY_SHARDS":         strconv.Itoa(historyShards),
		"BIND_ON_IP":                 Host,
		"TEMPORAL_BROADCAST_ADDRESS": Host,
		"LOG_LEVEL":                  "warn",
		"DYNAMIC_CONFIG_FILE_PATH":   filepath.Join(t.directory, "dynamic.yaml"),
		"FRONTEND_GRPC_PORT":         strconv.Itoa(t.ports.frontend),
		"FRONTEND_HTTP_PORT":         strconv.Itoa(t.ports.frontendHTTP),
		"FRONTEND_MEMBERSHIP_PORT":   strconv.Itoa(t.ports.frontendMembership),
		"HISTORY_GRPC_PORT":          strconv.Itoa(t.ports.history),
		"HISTORY_MEMBERSHIP_PORT":    strconv.Itoa(t.ports.historyMembership),
		"MATCHING_GRPC_PORT":         strconv.Itoa(t.ports.matching),
		"MATCHING_MEMBERSHIP_PORT":   strconv.Itoa(t.ports.matchingMembership),
		"WORKER_GRPC_PORT":           strconv.Itoa(t.ports.worker),
		"WORKER_MEMBERSHIP_PORT":     strconv.Itoa(t.ports.workerMembership),
		"HOME":                       os.Getenv("HOME"),
		"PATH":                       os.Getenv("PATH"),
		"TMPDIR":                     os.TempDir(),
	}
	var list []string
	for name, value := range environment {
		list = append(list, name+"="+value)
	}
	t.server, err = process.Start(process.Command{
		Name: "Temporal", Path: t.programs.server, Arguments: []string{"--allow-no-auth", "start"}, Environment: list,
		Directory: t.directory, LogFile: filepath.Join(t.directory, "server.log"), Grace: 20 * time.Second,
	})
	return err
}

func (t *Temporal) startUI(ctx context.Context) error {
	if err := CheckPort(t.ports.ui, "Temporal's UI", "choose another port"); err != nil {
		return err
	}
	settings := fmt.Sprintf("temporalGrpcAddress: %s\nhost: %s\nport: %d\nenableUi: true\ndefaultNamespace: %s\ndisableNewsFetch: true\nhideLogs: true\n"+
		"cors:\n  cookieInsecure: true\n  allowOrigins:\n    - %s\n", t.Address, Host, t.ports.ui, t.Namespace, t.UIAddress)
	if err := os.WriteFile(filepath.Join(t.directory, "ui", "recourse.yaml"), []byte(settings), 0o600); err != nil {
		return fmt.Errorf("write the settings of Temporal's UI: %w", err)
	}
	var err error
	t.ui, err = process.Start(process.Command{
		Name: "Temporal's UI", Path: t.programs.ui, Arguments: []string{"--root", t.directory, "--config", "ui", "--env", "recourse", "start"},
		Directory: t.directory, LogFile: filepath.Join(t.directory, "ui.log"), Grace: 3 * time.Second,
	})
	if err != nil {
		return err
	}
	for {
		if Answers(ctx, t.UIAddress+"/api/v1/settings") {
			return nil
		}
		select {
		case <-t.ui.Done():
			return t.ui.Err()
		case <-ctx.Done():
			return fmt.Errorf("the UI of Temporal doesn't answer on %s: %w", t.UIAddress, ctx.Err())
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// Answers tells whether an HTTP server answers the address with success (2xx).
func Answers(ctx context.Context, address string) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return false
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	response.Body.Close()
	return response.StatusCode/100 == 2
}

// prepare waits for the server, makes the namespace when it isn't there, and waits until the
// server's parts have all noticed it.
func (t *Temporal) prepare(ctx context.Context) error {
	quiet := slog.New(slog.NewTextHandler(io.Discard, nil))
	connection, err := client.NewLazyClient(client.Options{HostPort: t.Address, Namespace: t.Namespace, Logger: quiet})
	if err != nil {
		return fmt.Errorf("connect to Temporal at %s: %w", t.Address, err)
	}
	defer connection.Close()
	err = t.eventually(ctx, func(ctx context.Context) error {
		if _, err := connection.CheckHealth(ctx, &client.CheckHealthRequest{}); err != nil {
			return err
		}
		_, err := connection.WorkflowService().RegisterNamespace(ctx, &workflowservice.RegisterNamespaceRequest{
			Namespace: t.Namespace, Description: "Complaints, each a workflow", WorkflowExecutionRetentionPeriod: durationpb.New(Retention),
		})
		if exists := new(serviceerror.NamespaceAlreadyExists); errors.As(err, &exists) {
			return nil
		}
		return err
	})
	if err != nil {
		return err
	}
	return t.eventually(ctx, func(ctx context.Context) error { return t.probe(ctx, connection) })
}

// probe asks each of the server's parts for something about the namespace: visibility for a list,
// matching for a task queue, history for workflows that don't exist, enough of them to reach every
// shard.
func (t *Temporal) probe(ctx context.Context, connection client.Client) error {
	service := connection.WorkflowService()
	if _, err := service.ListWorkflowExecutions(ctx, &workflowservice.ListWorkflowExecutionsRequest{Namespace: t.Namespace, PageSize: 1}); err != nil {
		return err
	}
	if _, err := service.DescribeTaskQueue(ctx, &workflowservice.DescribeTaskQueueRequest{
		Namespace: t.Namespace, TaskQueue: &taskqueue.TaskQueue{Name: "recourse"}, TaskQueueType: enums.TASK_QUEUE_TYPE_WORKFLOW,
	}); err != nil {
		return err
	}
	for i := range 4 * historyShards {
		_, err := connection.DescribeWorkflowExecution(ctx, "readiness-"+strconv.Itoa(i), "")
		if missing := new(serviceerror.NotFound); err != nil && !errors.As(err, &missing) {
			return err
		}
	}
	return nil
}

// eventually repeats what fails while a server starts, each time with a bounded patience, until ctx
// ends.
func (t *Temporal) eventually(ctx context.Context, attempt func(context.Context) error) error {
	for {
		bounded, cancel := context.WithTimeout(ctx, 2*time.Second)
		err := attempt(bounded)
		cancel()
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("Temporal at %s doesn't get ready: %w", t.Address, err)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// Stop ends the server in good order. Start brings it back with its workflows.
func (t *Temporal) Stop() error {
	if !t.ours {
		return ErrNotOurs
	}
	if t.server != nil {
		t.server.Stop()
	}
	return nil
}

// Kill ends the server without warning, as kill -9 would. Start brings it back with its workflows.
func (t *Temporal) Kill() error {
	if !t.ours {
		return ErrNotOurs
	}
	if t.server != nil {
		t.server.Kill()
	}
	return nil
}

func (t *Temporal) stopAll() {
	if t.ui != nil {
		t.ui.Stop()
	}
	if t.server != nil {
		t.server.Stop()
	}
}
