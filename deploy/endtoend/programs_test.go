package endtoend

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/deploy/issuer"
	"recourse/deploy/process"
	"recourse/deploy/stack"
	"recourse/internal/complaint"
	"recourse/internal/config"
)

// programs is the folder with the server and the worker, built once for all
// tests, with the race detector off: they are the programs that run in production.
var programs struct {
	sync.Mutex
	folder string
}

// program is the path of the server or the worker.
func program(t testing.TB, name string) string {
	t.Helper()
	programs.Lock()
	defer programs.Unlock()
	if programs.folder == "" {
		root, err := stack.Root()
		require.NoError(t, err)
		folder, err := os.MkdirTemp("", "recourse-programs-")
		require.NoError(t, err)
		build := exec.CommandContext(t.Context(), "go", "build", "-buildvcs=false", "-o", folder+string(filepath.Separator), "./server", "./worker")
		build.Dir = root
		output, err := build.CombinedOutput()
		require.NoError(t, err, string(output))
		programs.folder = folder
	}
	return filepath.Join(programs.folder, name)
}

func removePrograms() {
	if programs.folder == "" {
		return
	}
	if err := os.RemoveAll(programs.folder); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
}

const linkKey = "0123456789abcdef0123456789abcdef"

// environment is what the programs are told; pairs are more, as NAME=value.
func (i *installation) environment(pairs ...string) []string {
	var all []string
	for _, pair := range os.Environ() {
		if name, _, _ := strings.Cut(pair, "="); !isOurs(name) {
			all = append(all, pair)
		}
	}
	return append(append(all, "DATABASE_URL="+i.dsn, "TEMPORAL_ADDRESS="+i.servers.Temporal.Address,
		"TEMPORAL_NAMESPACE="+i.servers.Temporal.Namespace, "TEMPORAL_TASK_QUEUE="+i.taskQueue, "RECOURSE_LINK_KEY="+linkKey,
		"RECOURSE_SMTP_TLS=none", "RECOURSE_LOG_LEVEL=warn"), pairs...)
}

func isOurs(name string) bool {
	return slices.Contains(config.Names(), name)
}

// run runs a program until the test ends; its log is a file of the test's.
func (i *installation) run(name, logFile string, pairs ...string) *process.Process {
	i.t.Helper()
	p, err := process.Start(process.Command{Name: name, Path: program(i.t, name), Environment: i.environment(pairs...), LogFile: logFile})
	require.NoError(i.t, err)
	return p
}

func (i *installation) runWorker(pairs ...string) *process.Process {
	i.t.Helper()
	worker, _ := i.runMeasuredWorker(pairs...)
	return worker
}

// runMeasuredWorker also says where the worker tells its metrics.
func (i *installation) runMeasuredWorker(pairs ...string) (worker *process.Process, metrics string) {
	i.t.Helper()
	port, err := stack.FreePort()
	require.NoError(i.t, err)
	worker = i.run("worker", filepath.Join(i.t.TempDir(), "worker.log"), append([]string{"RECOURSE_METRICS_LISTEN=" + stack.Address(port)}, pairs...)...)
	return worker, "http://" + stack.Address(port) + "/metrics"
}

// house is Recourse as its users have it: the real server and the real worker,
// spoken to over HTTP.
type house struct {
	*installation
	issuer         *issuer.Issuer
	address        string
	server, worker *process.Process
	settings       []string // of both programs, as NAME=value
	serverLog      string
	workerLog      string
}

// open starts the programs; pairs are further settings, as NAME=value.
func (i *installation) open(pairs ...string) *house {
	i.t.Helper()
	directory := i.t.TempDir()
	h := &house{installation: i, serverLog: filepath.Join(directory, "server.log"), workerLog: filepath.Join(directory, "worker.log")}
	var err error
	h.issuer, err = issuer.Open(filepath.Join(directory, "key.json"), "http://issuer.example", "recourse")
	require.NoError(i.t, err)
	keys := httptest.NewRecorder()
	h.issuer.Handler().ServeHTTP(keys, httptest.NewRequest(http.MethodGet, "/jwks.json", nil))
	jwks := filepath.Join(directory, "jwks.json")
	require.NoError(i.t, os.WriteFile(jwks, keys.Body.Bytes(), 0o600))

	api, err := stack.FreePort()
	require.NoError(i.t, err)
	metrics, err := stack.FreePort()
	require.NoError(i.t, err)
	h.address = "http://" + stack.Address(api)
	pairs = append([]string{"RECOURSE_LISTEN=" + stack.Address(api), "RECOURSE_PUBLIC_URL=" + h.address, "RECOURSE_METRICS_LISTEN=" + stack.Address(metrics),
		"RECOURSE_JWKS_FILE=" + jwks}, pairs...)
	h.settings = pairs
	h.worker = i.run("worker", h.workerLog, pairs...)
	h.server = i.run("server", h.serverLog, pairs...)
	i.t.Cleanup(func() {
		h.server.Stop()
		h.worker.Stop()
		if i.t.Failed() {
			i.t.Logf("the server said:\n%s\nthe worker said:\n%s", h.server.Log(), h.worker.Log())
		}
	})
	h.eventually("the programs are ready", func() bool {
		return stack.Answers(i.t.Context(), h.address+"/readyz") && stack.Answers(i.t.Context(), "http://"+stack.Address(metrics)+"/readyz")
	})
	return h
}

// eventually waits until something is so.
func (i *installation) eventually(what string, so func() bool) {
	i.t.Helper()
	require.Eventually(i.t, so, 90*time.Second, 50*time.Millisecond, what)
}

// answer is what the API said.
type answer struct {
	t      testing.TB
	status int
	header http.Header
	body   []byte
}

// is asserts the status and returns the body.
func (a answer) is(status int) said {
	a.t.Helper()
	require.Equal(a.t, status, a.status, string(a.body))
	var object said
	require.NoError(a.t, json.Unmarshal(a.body, &object), string(a.body))
	return object
}

// refused asserts a problem of a code.
func (a answer) refused(status int, code string) said {
	a.t.Helper()
	problem := a.is(status)
	require.Equal(a.t, code, problem["code"], string(a.body))
	return problem
}

// said is a JSON object.
type said = map[string]any

// clients give up after a while, as all do.
var clients = &http.Client{Timeout: 30 * time.Second}

// send sends a request once. Nobody is the empty person; headers come in pairs.
func (h *house) send(method, path string, by complaint.PersonID, body io.Reader, headers ...string) (answer, error) {
	request, err := http.NewRequestWithContext(h.t.Context(), method, h.address+path, body)
	if err != nil {
		return answer{}, err
	}
	request.Header.Set("Content-Type", "application/json")
	for k := 0; k+1 < len(headers); k += 2 {
		request.Header.Set(headers[k], headers[k+1])
	}
	if by != "" {
		token, err := h.issuer.Token(string(by), time.Now(), time.Hour)
		if err != nil {
			return answer{}, err
		}
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := clients.Do(request)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	return answer{h.t, response.StatusCode, response.Header, raw}, err
}

func (h *house) get(path string, by complaint.PersonID) answer {
	h.t.Helper()
	a, err := h.send(http.MethodGet, path, by, http.NoBody)
	require.NoError(h.t, err)
	return a
}

// post sends JSON. An empty key is none.
func (h *house) post(path string, by complaint.PersonID, key string, body any) answer {
	h.t.Helper()
	a, err := h.tryPost(path, by, key, body)
	require.NoError(h.t, err)
	return a
}

func (h *house) tryPost(path string, by complaint.PersonID, key string, body any) (answer, error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return answer{}, err
	}
	var headers []string
	if key != "" {
		headers = []string{"Idempotency-Key", key}
	}
	return h.send(http.MethodPost, path, by, bytes.NewReader(raw), headers...)
}

func stepPath(number, step string) string { return "/v1/complaints/" + number + "/steps/" + step }

// take takes a step that must be accepted.
func (h *house) take(number, step string, by complaint.PersonID, body said) said {
	h.t.Helper()
	return h.post(stepPath(number, step), by, "", body).is(http.StatusOK)
}

// registered registers an ordinary parcel complaint and returns its number, once it is taken in: on
// a busy machine that may take longer than callers wait.
func (h *house) registered() string {
	h.t.Helper()
	a := h.post("/v1/complaints", "li-na", "", parcel())
	if a.status == http.StatusCreated {
		return a.is(http.StatusCreated)["number"].(string)
	}
	number := a.is(http.StatusAccepted)["number"].(string)
	h.eventually(number+" is taken in", func() bool {
		shown := h.get("/v1/complaints/"+number, "li-na")
		return shown.status == http.StatusOK && shown.is(http.StatusOK)["source"] == "database"
	})
	return number
}

// parcel is the body of an ordinary registration.
func parcel() said {
	return said{"procedure": "courier-station", "channel": "phone", "narrative": "Parcel left at the wrong door, twice.", "category": "operations.mistake",
		"customer": said{"name": "Fang Jing", "email": "fang.jing@example.com", "language": "en"}, "fields": said{"waybill": "SF1234567890"}}
}

// screening is the body of the step that sends it to operations.
func screening() said {
	return said{"kind": "complaint", "valid": true, "category": "operations.mistake", "severity": "normal"}
}

// toCustomer takes a screened complaint to where the customer is asked.
func (h *house) toCustomer(number string) {
	h.t.Helper()
	h.take(number, "screen", "li-na", screening())
	h.take(number, "accept", "zhao-lei", said{})
	h.take(number, "contact", "zhao-lei", said{"reached": true})
	h.take(number, "find", "zhao-lei", said{"founded": true, "liability": "third_party", "cause_code": "outside"})
	h.propose(number)
}

// propose makes a proposal that nobody needs to approve.
func (h *house) propose(number string) said {
	h.t.Helper()
	return h.take(number, "propose", "zhao-lei", said{"remedies": []said{{"kind": "apology"}}, "time_limit": time.Now().Add(48 * time.Hour).UTC()})
}

// records are the rows of a complaint's record.
func (i *installation) records(number string) int {
	i.t.Helper()
	rows, err := i.store.Record.Page(i.t.Context(), number, 0, 500)
	require.NoError(i.t, err)
	return len(rows)
}

// judged is how many steps of a complaint are on its record, taken and refused.
func (i *installation) judged(number string) int {
	i.t.Helper()
	rows, err := i.store.Record.Page(i.t.Context(), number, 0, 500)
	require.NoError(i.t, err)
	steps := 0
	for _, row := range rows {
		if row.Step != nil {
			steps++
		}
	}
	return steps
}
