package monitor_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
	"recourse/internal/monitor"
	"recourse/internal/rulebook"
	"recourse/internal/store/outbox"
	"recourse/internal/store/reading"
	"recourse/procedures"
)

type standing struct {
	waiting []outbox.Waiting
	err     error
}

type late int

func (l late) Overdue(context.Context) (int, error) { return int(l), nil }

// First review: D1.
func TestPrometheusReadsHowManyRungsAreLate(t *testing.T) {
	registry := monitor.NewRegistry()
	registry.MustRegister(monitor.Rungs{Of: late(3), Log: slog.New(slog.DiscardHandler)})
	answer := httptest.NewRecorder()
	monitor.Page(registry).ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), "GET", "/metrics", nil))
	require.Contains(t, answer.Body.String(), "recourse_rungs_late 3\n")
}

func (s standing) Waiting(context.Context) ([]outbox.Waiting, error) { return s.waiting, s.err }

// First review: B8.
func TestPrometheusReadsWhichCalendarLacksTheNextYear(t *testing.T) {
	edition, err := rulebook.Read(procedures.Files)
	require.NoError(t, err)
	now := time.Date(2026, 9, 30, 12, 0, 0, 0, time.UTC)
	registry := monitor.NewRegistry()
	registry.MustRegister(monitor.Rules{InForce: func() *rulebook.Edition { return edition }, Now: func() time.Time { return now }})
	page := func() string {
		answer := httptest.NewRecorder()
		monitor.Page(registry).ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), "GET", "/metrics", nil))
		return answer.Body.String()
	}
	require.Contains(t, page(), `recourse_calendar_lacks_year{calendar="cn"} 0`)
	require.Contains(t, page(), "recourse_documents_unreadable 0")
	now = now.AddDate(0, 0, 1)
	require.Contains(t, page(), `recourse_calendar_lacks_year{calendar="cn"} 2027`)
}

type unseenBy func([]reading.Viewer) []reading.Unseen

func (u unseenBy) Unseen(_ context.Context, everybody []reading.Viewer) ([]reading.Unseen, error) {
	return u(everybody), nil
}

func TestPrometheusReadsHowManyComplaintsNobodyMaySee(t *testing.T) {
	edition, err := rulebook.Read(procedures.Files)
	require.NoError(t, err)
	registry := monitor.NewRegistry()
	registry.MustRegister(monitor.Unseen{InForce: func() *rulebook.Edition { return edition }, Now: time.Now, Log: slog.New(slog.DiscardHandler),
		Of: unseenBy(func(everybody []reading.Viewer) []reading.Unseen {
			require.True(t, slices.ContainsFunc(everybody, func(v reading.Viewer) bool { return v.Person == "li-na" && v.Procedure == "courier-station" && v.All }))
			return []reading.Unseen{{Number: "CS-2026-000309"}}
		})})
	answer := httptest.NewRecorder()
	monitor.Page(registry).ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), "GET", "/metrics", nil))
	require.Contains(t, answer.Body.String(), "recourse_complaints_unseen 1\n")
}

type opened []reading.Open

func (o opened) Open(context.Context) ([]reading.Open, error) { return o, nil }

func TestPrometheusReadsHowTheComplaintsStand(t *testing.T) {
	registry := monitor.NewRegistry()
	registry.MustRegister(monitor.Complaints{Of: opened{{Stage: complaint.Investigating, Tier: 2, Count: 3, Late: 1, Oldest: time.Hour}}, Log: slog.New(slog.DiscardHandler)})
	answer := httptest.NewRecorder()
	monitor.Page(registry).ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), "GET", "/metrics", nil))
	for _, line := range []string{
		`recourse_complaints_open{stage="investigating",tier="2"} 3`, `recourse_complaints_late{stage="investigating",tier="2"} 1`,
		`recourse_complaints_oldest_seconds{stage="investigating",tier="2"} 3600`, `recourse_complaints_open{stage="received",tier="0"} 0`,
	} {
		require.Contains(t, answer.Body.String(), line)
	}
}

func TestPrometheusReadsWhatTheSDKMeasuresAndHowTheOutboxStands(t *testing.T) {
	for name, given := range map[string]struct {
		outbox standing
		shown  []string
		hidden []string
	}{
		"two messages wait since half a minute": {
			outbox: standing{waiting: []outbox.Waiting{
				{State: outbox.Queued, Count: 2, Oldest: 30 * time.Second}, {State: outbox.Failed},
			}},
			shown: []string{
				`recourse_messages_waiting{state="queued"} 2`, `recourse_messages_waiting_seconds{state="queued"} 30`,
				`recourse_messages_waiting{state="failed"} 0`,
			},
		},
		"the database is away": {
			outbox: standing{err: errors.New("connection refused")},
			hidden: []string{"recourse_messages_waiting"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			quiet := slog.New(slog.DiscardHandler)
			registry := monitor.NewRegistry()
			registry.MustRegister(monitor.Outbox{Of: given.outbox, Log: quiet})
			measured, err := monitor.Temporal(registry, quiet)
			require.NoError(t, err)
			measured.WithTags(map[string]string{"workflow_type": "ComplaintLife"}).Counter("temporal_workflow_completed").Inc(3)
			measured.Timer("temporal_workflow_task_execution_latency").Record(40 * time.Millisecond)

			answer := httptest.NewRecorder()
			monitor.Page(registry).ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), "GET", "/metrics", nil))
			require.Equal(t, 200, answer.Code)
			for _, line := range append(given.shown,
				`temporal_workflow_completed_total{workflow_type="ComplaintLife"} 3`,
				`temporal_workflow_task_execution_latency_seconds_bucket{le="0.05"} 1`,
				`temporal_workflow_task_execution_latency_seconds_bucket{le="0.025"} 0`,
				"go_goroutines", "process_cpu_seconds_total") {
				require.Contains(t, answer.Body.String(), line)
			}
			for _, line := range given.hidden {
				require.NotContains(t, answer.Body.String(), line)
			}
		})
	}
}
