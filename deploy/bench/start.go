package main

import (
	"context"
	"crypto/rand"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/jackc/pgx/v5/pgxpool"
	"go.temporal.io/sdk/client"

	"recourse/deploy/issuer"
	"recourse/deploy/process"
	"recourse/deploy/stack"
	"recourse/internal/config"
)

// bench is everything that runs while it measures.
type bench struct {
	directory string
	root      string
	program   string // ourselves, for the roles

	servers  *stack.Stack
	temporal client.Client
	database *pgxpool.Pool // only to count
	api      string
	http     *http.Client
	tokens   map[string]string
	pids     map[string]int
	profiles map[string]string // where programs answer with their profiles
	serial   atomic.Int64      // of the floor's workflows
	stops    []func() error
}

// roles are what this program is when it is a child of itself.
var roles = map[string]func(context.Context, []string) error{
	"floor-worker": runFloorWorker,
	"mail-sink":    runMailSink,
}

// readyPatience bounds how long a program of ours may take to get ready.
const readyPatience = time.Minute

// start brings up a stack, Recourse and the floor's worker, or leaves nothing running. With
// profiling, the server and the worker are built with one more file each that lets them be asked
// for CPU profiles.
func start(ctx context.Context, profiling bool) (_ *bench, err error) {
	b := &bench{tokens: map[string]string{}, pids: map[string]int{}, profiles: map[string]string{}}
	defer func() {
		if err != nil {
			err = errors.Join(err, b.stop())
		}
	}()
	if b.root, err = stack.Root(); err != nil {
		return nil, err
	}
	if b.program, err = os.Executable(); err != nil {
		return nil, fmt.Errorf("find this program: %w", err)
	}
	// Under this name the next temporary stack removes what a killed bench leaves behind.
	if b.directory, err = os.MkdirTemp("", "recourse-stack-bench-"); err != nil {
		return nil, fmt.Errorf("make a directory for the bench: %w", err)
	}
	b.later(func() error { return stack.Forget(b.directory) })
	if err := b.build(ctx, profiling); err != nil {
		return nil, err
	}
	// A stack with a directory is a durable one: its commits wait for the disk.
	if b.servers, err = stack.Start(ctx, stack.Options{Directory: b.directory, Say: say}); err != nil {
		return nil, err
	}
	b.later(b.servers.Stop)
	if b.temporal, err = dial(ctx, b.servers.Temporal.Address, b.servers.Temporal.Namespace); err != nil {
		return nil, err
	}
	b.later(func() error { b.temporal.Close(); return nil })
	if b.database, err = pgxpool.New(ctx, b.servers.PostgreSQL.URL); err != nil {
		return nil, fmt.Errorf("connect to the database: %w", err)
	}
	b.later(func() error { b.database.Close(); return nil })
	if err := b.startRecourse(ctx, profiling); err != nil {
		return nil, err
	}
	return b, b.startFloor()
}

// startFloor starts the floor's worker. The warm-up waits for it.
func (b *bench) startFloor() error {
	return b.startRole(floorWorker, "floor-worker", b.servers.Temporal.Address, b.servers.Temporal.Namespace)
}

// build builds the server and the worker as they are in the tree.
func (b *bench) build(ctx context.Context, profiling bool) error {
	say("Building the server and the worker")
	arguments := []string{"build", "-buildvcs=false", "-o", b.path("bin") + string(filepath.Separator)}
	if err := os.MkdirAll(b.path("bin"), 0o755); err != nil {
		return fmt.Errorf("make the directory for programs: %w", err)
	}
	if profiling {
		overlay, err := b.profilingOverlay()
		if err != nil {
			return err
		}
		arguments = append(arguments, "-overlay", overlay)
	}
	cmd := exec.CommandContext(ctx, "go", append(arguments, "./server", "./worker")...)
	cmd.Dir = b.root
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if output, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build the server and the worker: %w\n%s", err, strings.TrimSpace(string(output)))
	}
	return nil
}

// startRecourse starts all that Recourse consists of: an issuer of tokens, a mail server that keeps
// what it gets, the database's tables with the example procedures and people in them, the worker
// and the server.
func (b *bench) startRecourse(ctx context.Context, profiling bool) error {
	var apiPort, workerPort, issuerPort, mailPort, serverProfile, workerProfile int
	for _, port := range []*int{&apiPort, &workerPort, &issuerPort, &mailPort, &serverProfile, &workerProfile} {
		var err error
		if *port, err = stack.FreePort(); err != nil {
			return err
		}
	}
	issuerURL := "http://" + stack.Address(issuerPort)
	if err := b.startIssuer(issuerURL, issuerPort); err != nil {
		return err
	}
	if err := b.startRole(mailSink, "mail-sink", stack.Address(mailPort)); err != nil {
		return err
	}
	b.api = "http://" + stack.Address(apiPort)
	environment := b.environment(map[string]string{
		"DATABASE_URL":            b.servers.PostgreSQL.URL,
		"TEMPORAL_ADDRESS":        b.servers.Temporal.Address,
		"TEMPORAL_NAMESPACE":      b.servers.Temporal.Namespace,
		"RECOURSE_LISTEN":         stack.Address(apiPort),
		"RECOURSE_PUBLIC_URL":     b.api,
		"RECOURSE_METRICS_LISTEN": stack.Address(workerPort),
		"RECOURSE_OIDC_ISSUER":    issuerURL,
		"RECOURSE_LINK_KEY":       rand.Text() + rand.Text(),
		"RECOURSE_SMTP_ADDRESS":   stack.Address(mailPort),
		"RECOURSE_SMTP_TLS":       string(config.SMTPTLSNone),
		"RECOURSE_SMTP_FROM":      "recourse@example.com",
	})
	for _, command := range []string{"migrate", "load"} {
		cmd := exec.CommandContext(ctx, b.path("bin", "server"), command)
		cmd.Dir, cmd.Env = b.root, environment
		if output, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("server %s: %w: %s", command, err, strings.TrimSpace(string(output)))
		}
	}
	for _, program := range []struct {
		name, file, ready string
		profile           int
	}{
		{ourWorker, "worker", "http://" + stack.Address(workerPort), workerProfile},
		{ourServer, "server", b.api, serverProfile},
	} {
		its := environment
		if profiling {
			b.profiles[program.file] = stack.Address(program.profile)
			its = append(slices.Clone(its), "BENCH_PROFILE_LISTEN="+b.profiles[program.file])
		}
		running, err := b.startProcess(process.Command{
			Name: program.name, Path: b.path("bin", program.file), Directory: b.root, Environment: its, LogFile: b.path(program.file + ".log"),
		})
		if err != nil {
			return err
		}
		if err := ready(ctx, running, program.ready+"/readyz"); err != nil {
			return err
		}
	}
	b.http = &http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: 1024, MaxIdleConns: 1024}}
	return nil
}

func (b *bench) startIssuer(url string, port int) error {
	vouching, err := issuer.Open(b.path("issuer-key.json"), url, "recourse")
	if err != nil {
		return err
	}
	for _, person := range []string{agent, head, officer} {
		if b.tokens[person], err = vouching.Token(person, time.Now(), 24*time.Hour); err != nil {
			return err
		}
	}
	listener, err := net.Listen("tcp", stack.Address(port))
	if err != nil {
		return fmt.Errorf("start the issuer of tokens: %w", err)
	}
	server := &http.Server{Handler: vouching.Handler(), ReadHeaderTimeout: 5 * time.Second}
	go server.Serve(listener)
	b.later(server.Close)
	return nil
}

// runMailSink is a mail server that accepts everything and throws it away: the real one is another
// machine's burden.
func runMailSink(ctx context.Context, arguments []string) error {
	if len(arguments) != 1 {
		return errors.New("the mail sink is told where it listens")
	}
	listener, err := net.Listen("tcp", arguments[0])
	if err != nil {
		return fmt.Errorf("start the mail sink: %w", err)
	}
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return nowhere{}, nil }))
	server.Domain = "localhost"
	context.AfterFunc(ctx, func() { server.Close() })
	if err := server.Serve(listener); ctx.Err() == nil {
		return fmt.Errorf("serve mail: %w", err)
	}
	return nil
}

// nowhere is where the mail goes.
type nowhere struct{}

func (nowhere) Mail(string, *smtp.MailOptions) error { return nil }
func (nowhere) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (nowhere) Reset()                               {}
func (nowhere) Logout() error                        { return nil }
func (nowhere) Data(content io.Reader) error {
	_, err := io.Copy(io.Discard, content)
	return err
}

// startRole starts this program again as something else.
func (b *bench) startRole(name, role string, arguments ...string) error {
	_, err := b.startProcess(process.Command{
		Name: name, Path: b.program, Arguments: append([]string{role}, arguments...), Directory: b.directory, LogFile: b.path(role + ".log"),
	})
	return err
}

func (b *bench) startProcess(command process.Command) (*process.Process, error) {
	running, err := process.Start(command)
	if err != nil {
		return nil, err
	}
	b.pids[command.Name] = running.PID()
	b.later(func() error { running.Stop(); return nil })
	return running, nil
}

// ready waits until a program says that it is.
func ready(ctx context.Context, program *process.Process, address string) error {
	ctx, cancel := context.WithTimeout(ctx, readyPatience)
	defer cancel()
	look := time.NewTicker(50 * time.Millisecond)
	defer look.Stop()
	for !stack.Answers(ctx, address) {
		select {
		case <-look.C:
		case <-program.Done():
			return program.Err()
		case <-ctx.Done():
			return fmt.Errorf("%s isn't ready after %s; its log ends: %s", program.Name(), readyPatience, program.LastWords())
		}
	}
	return nil
}

// environment is that of a program of ours: everything from outside but the product's own
// variables, which are set here.
func (b *bench) environment(ours map[string]string) []string {
	all := slices.DeleteFunc(os.Environ(), func(entry string) bool {
		name, _, _ := strings.Cut(entry, "=")
		return slices.Contains(config.Names(), name)
	})
	for name, value := range ours {
		all = append(all, name+"="+value)
	}
	return all
}

func (b *bench) path(parts ...string) string {
	return filepath.Join(append([]string{b.directory}, parts...)...)
}

// later keeps what is to be done at the end, in the opposite order.
func (b *bench) later(stop func() error) { b.stops = append(b.stops, stop) }

func (b *bench) stop() error {
	var all error
	for _, stop := range slices.Backward(b.stops) {
		all = errors.Join(all, stop())
	}
	b.stops = nil
	return all
}

// profiled is a file that is built into a program's main package when it is to be profiled, and
// never otherwise.
//
//go:embed profiled.go.txt
var profiled []byte

// profilingOverlay adds that file to both programs, for this build alone.
func (b *bench) profilingOverlay() (string, error) {
	source := b.path("profiled.go")
	if err := os.WriteFile(source, profiled, 0o600); err != nil {
		return "", fmt.Errorf("write the profiling file: %w", err)
	}
	overlay, err := json.Marshal(map[string]map[string]string{"Replace": {
		filepath.Join(b.root, "server", "bench_profiled.go"): source,
		filepath.Join(b.root, "worker", "bench_profiled.go"): source,
	}})
	if err != nil {
		return "", fmt.Errorf("describe the profiling build: %w", err)
	}
	path := b.path("overlay.json")
	if err := os.WriteFile(path, overlay, 0o600); err != nil {
		return "", fmt.Errorf("describe the profiling build: %w", err)
	}
	return path, nil
}
