package importing_test

import (
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/importing"
)

// read makes registrations of all rows, and returns them with what is told of any: "line: what is
// wrong: what was done".
func read(t *testing.T, m *importing.Mapping, rows *importing.Rows) (registrations []importing.Registration, told []string) {
	t.Helper()
	for {
		row, err := rows.Next()
		if errors.Is(err, io.EOF) {
			return registrations, told
		}
		require.NoError(t, err)
		r, can := m.Registration(row, time.Date(2026, 11, 29, 0, 0, 0, 0, time.UTC))
		for _, d := range r.Dirt {
			told = append(told, fmt.Sprintf("%d: %s: %s", row.Line, d.Reason, d.Done))
		}
		if can {
			registrations = append(registrations, r)
		}
	}
}

// The files of testdata are as offices save them.
//
// First review: E1, E2, E3.
func TestFilesAreReadAsOfficesSaveThem(t *testing.T) {
	for name, dates := range map[string][]string{
		"dates.csv":  {"2026-11-02T01:05:00Z", "2026-11-12T02:05:00Z", "2026-11-11T16:00:00Z"},
		"dates2.csv": {"2026-11-02T01:05:00Z", "2026-11-12T02:05:00Z", "2026-11-11T16:00:00Z"},
	} {
		registrations, told := office(t, name)
		require.Empty(t, told, name)
		require.Len(t, registrations, len(dates))
		for i, want := range dates {
			require.Equal(t, want, registrations[i].Body.HeardAt.Format(time.RFC3339), name)
		}
	}
	for name, narrative := range map[string]string{"title.csv": "标题行", "trail.csv": "尾部空列"} {
		registrations, told := office(t, name)
		require.Empty(t, told, name)
		require.Len(t, registrations, 1)
		require.Equal(t, narrative, registrations[0].Body.Narrative)
	}

	registrations, told := office(t, "mixed.csv")
	require.Equal(t, []string{`4: phone is "1.39E+10", which a spreadsheet rounded; make the column text or a number without decimals, and save it again: left it out`}, told)
	var ids, phones, waybills []string
	for _, r := range registrations {
		ids, phones = append(ids, r.ID), append(phones, r.Body.Customer.Phone)
		waybills = append(waybills, fmt.Sprint(r.Body.Fields["waybill"]))
	}
	require.Equal(t, []string{"M-1", "M-2", "M-3", "苏投〔2026〕12号", "TS 2026 005", "M-6", "M-7", "M-8", "M-9"}, ids)
	require.Equal(t, []string{"13900001111，0512-66668888转8012（办公室，工作日白天联系）", "", "051266668888", "13900001114", "13900001115",
		"13900001116", "13900001117", "13900001118", "13900001119"}, phones)
	require.Equal(t, "0001234567", waybills[2], "zeros before a number stay")
	require.Equal(t, "第一行\n第二行，含\"引号\"", registrations[0].Body.Narrative)
	require.Equal(t, "wj@example.com", registrations[6].Body.Customer.Email)
}
