package stack

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"recourse/deploy/kept"
	"recourse/deploy/process"
)

// ErrNotOurs refuses to stop or start a server that the stack was given and didn't start.
var ErrNotOurs = errors.New("this server was given by address, not started by the stack")

// PostgreSQL is the stack's database server.
type PostgreSQL struct {
	// URL connects to the database "recourse" as its owner. When the server was given, it is the
	// URL that was given.
	URL string

	ours     bool
	port     int
	binaries string
	data     string
	log      string
	// durable makes commits wait for the disk. A temporary stack's data needn't outlive the
	// machine, only its programs.
	durable  bool
	password string
	user     *syscall.Credential
	process  *process.Process
}

// databaseRole owns the product's databases, temporalRole Temporal's; neither is a superuser.
const (
	databaseRole = "recourse"
	temporalRole = "temporal"
	superuser    = "postgres"
)

// startPatience bounds how long a server may take to answer.
const startPatience = time.Minute

func newPostgreSQL(ctx context.Context, options Options, directory string) (*PostgreSQL, error) {
	if options.DatabaseURL != "" {
		p := &PostgreSQL{URL: options.DatabaseURL}
		connection, err := pgx.Connect(ctx, p.URL)
		if err != nil {
			return nil, fmt.Errorf("the PostgreSQL of DATABASE_URL doesn't answer: %w", oneLine{err})
		}
		defer connection.Close(ctx)
		var version int
		if err := connection.QueryRow(ctx, "SELECT current_setting('server_version_num')::integer / 10000").Scan(&version); err != nil {
			return nil, fmt.Errorf("ask the PostgreSQL of DATABASE_URL for its version: %w", oneLine{err})
		}
		if version < leastPostgreSQL {
			return nil, fmt.Errorf("the PostgreSQL of DATABASE_URL is version %d: Recourse needs %d or newer", version, leastPostgreSQL)
		}
		return p, nil
	}
	p := &PostgreSQL{ours: true, port: options.Ports.PostgreSQL, durable: options.Directory != "", log: filepath.Join(directory, "postgresql.log")}
	var err error
	if p.binaries, err = findPostgreSQL(ctx, options.Say); err != nil {
		return nil, err
	}
	if p.port == 0 {
		if err := freePorts(&p.port); err != nil {
			return nil, err
		}
	}
	if p.user, err = unprivilegedUser(); err != nil {
		return nil, err
	}
	if p.data, err = p.dataDirectory(directory); err != nil {
		return nil, err
	}
	if p.password, err = keptPassword(filepath.Join(directory, "postgresql.password")); err != nil {
		return nil, err
	}
	p.URL = p.url(databaseRole, "recourse")
	made, err := os.ReadFile(filepath.Join(p.data, "PG_VERSION"))
	switch {
	case errors.Is(err, os.ErrNotExist):
		options.Say("Making a PostgreSQL database in %s", p.data)
		if err := p.initialize(ctx); err != nil {
			return nil, err
		}
	case err != nil:
		return nil, fmt.Errorf("read the version of PostgreSQL's data: %w", err)
	default:
		// Another version's programs can't read the data.
		if same := filepath.Join(debianPrograms, strings.TrimSpace(string(made)), "bin"); exists(filepath.Join(same, "postgres")) {
			p.binaries = same
		}
	}
	return p, nil
}

// elsewhere is where data goes that PostgreSQL's user couldn't reach in the stack's own directory.
const elsewhere = "/var/lib/recourse"

// dataDirectory is inside the stack's directory, unless PostgreSQL has to run as another user who
// can't reach it there: a clone in /root, for example. Then it is in /var/lib/recourse, and a link
// leads to it.
func (p *PostgreSQL) dataDirectory(directory string) (string, error) {
	data := filepath.Join(directory, "postgresql")
	if target, err := os.Readlink(data); err == nil {
		data = target
	} else if p.user != nil && !reachable(directory) {
		if err := os.MkdirAll(elsewhere, 0o755); err != nil {
			return "", fmt.Errorf("make PostgreSQL's data directory: %w", err)
		}
		target, err := os.MkdirTemp(elsewhere, "postgresql-")
		if err != nil {
			return "", fmt.Errorf("make PostgreSQL's data directory: %w", err)
		}
		if err := os.Symlink(target, data); err != nil {
			return "", fmt.Errorf("link to PostgreSQL's data directory: %w", err)
		}
		data = target
	}
	if err := os.MkdirAll(data, 0o700); err != nil {
		return "", fmt.Errorf("make PostgreSQL's data directory: %w", err)
	}
	if p.user != nil {
		if err := os.Chown(data, int(p.user.Uid), int(p.user.Gid)); err != nil {
			return "", fmt.Errorf("give PostgreSQL's data directory to its user: %w", err)
		}
	}
	return data, nil
}

// reachable tells whether everybody may pass through all directories above and including this one.
func reachable(directory string) bool {
	for ; ; directory = filepath.Dir(directory) {
		info, err := os.Stat(directory)
		if err != nil || info.Mode().Perm()&0o001 == 0 {
			return false
		}
		if directory == filepath.Dir(directory) {
			return true
		}
	}
}

// unprivilegedUser is whom PostgreSQL runs as when we are root, which it refuses to be; nil when we
// aren't.
func unprivilegedUser() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		found, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, errUID := strconv.ParseUint(found.Uid, 10, 32)
		gid, errGID := strconv.ParseUint(found.Gid, 10, 32)
		if err := errors.Join(errUID, errGID); err != nil {
			return nil, fmt.Errorf("read the IDs of user %s: %w", name, err)
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, errors.New("PostgreSQL refuses to run as root and there is no user postgres or nobody: run as an ordinary user")
}

func keptPassword(path string) (string, error) {
	if before, err := os.ReadFile(path); err == nil {
		return strings.TrimSpace(string(before)), nil
	} else if !errors.Is(err, os.ErrNotExist) {
		return "", fmt.Errorf("read PostgreSQL's password: %w", err)
	}
	password := rand.Text()
	if err := kept.Write(path, []byte(password+"\n")); err != nil {
		return "", fmt.Errorf("keep PostgreSQL's password: %w", err)
	}
	return password, nil
}

// initialize makes the cluster in a fresh directory and moves it into place, so that an interrupted
// start leaves none half made.
func (p *PostgreSQL) initialize(ctx context.Context) error {
	making := p.data + ".new"
	if err := os.RemoveAll(making); err != nil {
		return fmt.Errorf("clear PostgreSQL's data directory: %w", err)
	}
	if err := os.Rename(p.data, making); err != nil {
		return fmt.Errorf("make PostgreSQL's data directory: %w", err)
	}
	password, err := os.CreateTemp("", "recourse-password-")
	if err != nil {
		return fmt.Errorf("hand PostgreSQL its password: %w", err)
	}
	defer os.Remove(password.Name())
	if p.user != nil {
		if err := password.Chown(int(p.user.Uid), int(p.user.Gid)); err != nil {
			return fmt.Errorf("hand PostgreSQL its password: %w", err)
		}
	}
	_, err = password.WriteString(p.password + "\n")
	if err := errors.Join(err, password.Close()); err != nil {
		return fmt.Errorf("hand PostgreSQL its password: %w", err)
	}
	arguments := []string{"-D", making, "-U", superuser, "--pwfile=" + password.Name(), "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8"}
	if !p.durable {
		arguments = append(arguments, "--no-sync")
	}
	output, err := p.run(ctx, "initdb", arguments...)
	if err != nil {
		return fmt.Errorf("make a PostgreSQL database in %s: %w: %s", making, err, lastLine(output))
	}
	if err := os.Rename(making, p.data); err != nil {
		return fmt.Errorf("put PostgreSQL's data in place: %w", err)
	}
	return nil
}

func (p *PostgreSQL) run(ctx context.Context, program string, arguments ...string) ([]byte, error) {
	return process.Run(ctx, process.Command{
		Name: program, Path: filepath.Join(p.binaries, program), Arguments: arguments, Environment: p.environment(), Directory: "/", User: p.user,
	})
}

func (p *PostgreSQL) environment() []string {
	return []string{"PATH=" + p.binaries + ":/usr/bin:/bin", "LC_ALL=C.UTF-8", "TZ=UTC"}
}

// Start starts the server on its data and port and returns when it answers. It is also how a test
// brings a stopped or killed one back.
func (p *PostgreSQL) Start(ctx context.Context) error {
	if !p.ours {
		return ErrNotOurs
	}
	if p.process != nil && p.process.Running() {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	for {
		err := p.startOnce(ctx)
		if err == nil {
			break
		}
		// The backends of a killed server need a moment to notice; until then they hold its shared
		// memory.
		if p.process == nil || !bytes.Contains(p.process.Log(), []byte("pre-existing shared memory block")) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(200 * time.Millisecond):
		}
	}
	return p.ensureRoles(ctx)
}

func (p *PostgreSQL) startOnce(ctx context.Context) error {
	if err := CheckPort(p.port, "PostgreSQL", "choose another port"); err != nil {
		return err
	}
	settings := map[string]string{
		"listen_addresses":        Host,
		"unix_socket_directories": "",
		"port":                    strconv.Itoa(p.port),
		"max_connections":         "300",
		"shared_buffers":          "256MB",
		"max_wal_size":            "2GB",
		"timezone":                "UTC",
		"log_timezone":            "UTC",
		"log_min_messages":        "warning",
		// Statements hold what people wrote; they don't belong into a log.
		"log_min_error_statement":         "panic",
		"log_parameter_max_length":        "0",
		"log_min_duration_statement":      "-1",
		"idle_session_timeout":            "0",
		"log_checkpoints":                 "off",
		"max_parallel_workers_per_gather": "1",
	}
	if !p.durable {
		settings["fsync"], settings["full_page_writes"] = "off", "off"
	}
	arguments := []string{"-D", p.data}
	for name, value := range settings {
		arguments = append(arguments, "-c", name+"="+value)
	}
	var err error
	p.process, err = process.Start(process.Command{
		Name: "PostgreSQL", Path: filepath.Join(p.binaries, "postgres"), Arguments: arguments, Environment: p.environment(), Directory: "/",
		LogFile: p.log, User: p.user,
		// SIGINT is PostgreSQL's fast shutdown: it ends sessions instead of waiting for them.
		StopSignal: syscall.SIGINT, DeathSignal: syscall.SIGINT, Grace: 30 * time.Second,
	})
	if err != nil {
		return err
	}
	for {
		connection, err := pgx.Connect(ctx, p.url(superuser, "postgres"))
		if err == nil {
			return connection.Close(ctx)
		}
		select {
		case <-p.process.Done():
			return p.process.Err()
		case <-ctx.Done():
			p.process.Kill()
			return fmt.Errorf("PostgreSQL doesn't answer on port %d: %w", p.port, err)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// ensureRoles makes the owners of the databases, and the product's database, when they aren't
// there.
func (p *PostgreSQL) ensureRoles(ctx context.Context) error {
	connection, err := pgx.Connect(ctx, p.url(superuser, "postgres"))
	if err != nil {
		return fmt.Errorf("connect to PostgreSQL: %w", err)
	}
	defer connection.Close(ctx)
	for _, role := range []string{databaseRole, temporalRole} {
		var exists bool
		if err := connection.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)", role).Scan(&exists); err != nil {
			return fmt.Errorf("look for the role %s: %w", role, err)
		}
		if exists {
			continue
		}
		// The password is of our own making, letters and digits only. Tests make a database each,
		// hence CREATEDB.
		if _, err := connection.Exec(ctx, fmt.Sprintf("CREATE ROLE %s LOGIN CREATEDB PASSWORD '%s'", role, p.password)); err != nil {
			return fmt.Errorf("make the role %s: %w", role, err)
		}
	}
	return createDatabase(ctx, p.url(databaseRole, "postgres"), "recourse")
}

// createDatabase makes an empty database when it isn't there.
func createDatabase(ctx context.Context, serverURL, name string) error {
	connection, err := pgx.Connect(ctx, serverURL)
	if err != nil {
		return fmt.Errorf("connect to PostgreSQL to make the database %s: %w", name, err)
	}
	defer connection.Close(ctx)
	var exists bool
	if err := connection.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name).Scan(&exists); err != nil {
		return fmt.Errorf("look for the database %s: %w", name, err)
	}
	if exists {
		return nil
	}
	if _, err := connection.Exec(ctx, "CREATE DATABASE "+pgx.Identifier{name}.Sanitize()+" TEMPLATE template0"); err != nil {
		return fmt.Errorf("make the database %s (its user needs the right CREATEDB, or make it beforehand): %w", name, err)
	}
	return nil
}

// Stop ends the server in good order, as an operator would for maintenance. Start brings it back
// with its data.
func (p *PostgreSQL) Stop() error {
	if !p.ours {
		return ErrNotOurs
	}
	p.stop()
	return nil
}

func (p *PostgreSQL) stop() {
	if p.process != nil {
		p.process.Stop()
	}
}

// Kill ends the server without warning, as kill -9 would. Start brings it back with everything that
// was committed.
func (p *PostgreSQL) Kill() error {
	if !p.ours {
		return ErrNotOurs
	}
	if p.process != nil {
		p.process.Kill()
	}
	return nil
}

func (p *PostgreSQL) url(role, database string) string {
	to := url.URL{Scheme: "postgres", User: url.UserPassword(role, p.password), Host: Address(p.port), Path: "/" + database, RawQuery: "sslmode=disable"}
	return to.String()
}

// withDatabase is the same connection to another database of the same server.
func withDatabase(databaseURL, database string) (string, error) {
	to, err := url.Parse(databaseURL)
	if err != nil || to.Host == "" {
		// The cause is left out: it would repeat the password.
		return "", errors.New("the database's address must be a URL: postgres://user:password@host:port/database")
	}
	to.Path = "/" + database
	return to.String(), nil
}

// oneLine is an error whose message, of several lines, is told in one.
type oneLine struct{ error }

func (e oneLine) Error() string { return strings.Join(strings.Fields(e.error.Error()), " ") }
func (e oneLine) Unwrap() error { return e.error }

func lastLine(output []byte) string {
	lines := strings.Split(strings.TrimSpace(string(output)), "\n")
	return strings.TrimSpace(lines[len(lines)-1])
}
