package reading_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/deploy/stack"
	"recourse/internal/complaint"
	"recourse/internal/store"
	"recourse/internal/store/reading"
	"recourse/internal/store/storetest"
	"recourse/internal/store/submission"
)

func TestMain(m *testing.M) { stack.Main(m) }

var zhaoLei = reading.Viewer{Person: "zhao-lei"}

// numbersOf walks through all pages of a list.
func numbersOf(t *testing.T, s *storetest.Database, viewer reading.Viewer, filter reading.Filter) []string {
	t.Helper()
	numbers := []string{}
	cursor := store.Cursor("")
	for {
		listed, next, err := s.Reading.List(t.Context(), viewer, filter, cursor, 3)
		require.NoError(t, err)
		require.LessOrEqual(t, len(listed), 3)
		for _, l := range listed {
			numbers = append(numbers, l.Number)
		}
		if cursor = next; cursor == "" {
			return numbers
		}
	}
}

func TestPagesOfTheListShowEachComplaintOnce(t *testing.T) {
	s := storetest.New(t)
	want := []string{}
	for i := range 10 {
		stored := s.Register(t, func(r *submission.Registration) { r.At = storetest.Friday.Add(time.Duration(i/3) * time.Hour) })
		want = append([]string{stored.Number}, want...)
	}
	require.Equal(t, want, numbersOf(t, s, storetest.Everybody, reading.Filter{}))

	_, _, err := s.Reading.List(t.Context(), storetest.Everybody, reading.Filter{}, "bm9uc2Vuc2U", 3)
	require.ErrorIs(t, err, store.ErrBadCursor)
	_, inbox, err := s.Reading.Inbox(t.Context(), zhaoLei, "zhao-lei", nil, "", 3)
	require.NoError(t, err)
	require.Empty(t, inbox)
	_, next, err := s.Reading.List(t.Context(), storetest.Everybody, reading.Filter{}, "", 3)
	require.NoError(t, err)
	_, _, err = s.Reading.Inbox(t.Context(), zhaoLei, "zhao-lei", nil, next, 3)
	require.ErrorIs(t, err, store.ErrBadCursor, "a cursor belongs to its list")
}

func TestEachFilterShowsWhatItSays(t *testing.T) {
	s := storetest.New(t)
	// One ordinary complaint, and one that differs in everything a filter asks for.
	ordinary, _ := s.Recorded(t)
	stored := s.Register(t, func(r *submission.Registration) {
		r.By.Person, r.At = "ma-jun", storetest.Friday.Add(time.Hour)
		r.Facts.Registration = &complaint.Registration{Procedure: "real-estate-project", Version: 1, Channel: "letter", Category: "building.lift_1"}
		r.NumberPattern, r.Customer = "RE-{year}-{sequence:4}", submission.Customer{Name: "欧阳晓红", Phone: "13911112222"}
		r.Search = []string{"Tower 7"}
	})
	l, w := storetest.Begun(stored)
	l.Terms.Procedure = "real-estate-project"
	l.People = complaint.People{Department: "engineering", Owner: "sun-li", Handler: "qian-qi"}
	l.Screening = &complaint.Screening{Kind: complaint.KindComplaint, Valid: true, Category: "building.lift_1", Severity: complaint.Major}
	l.RoundsTier = 2
	l.Deadlines[0].DueAt = storetest.Friday.Add(48 * time.Hour)
	l.Matters = []complaint.OpenMatter{{Number: 1, Kind: complaint.CustomerAway, Until: storetest.Friday.Add(72 * time.Hour), By: "sun-li", Active: true}}
	w.Complaint = l.Complaint
	err := s.Writes.Commit(t.Context(), w)
	require.NoError(t, err)
	closed, _ := s.Recorded(t, func(r *submission.Registration) { r.At = storetest.Friday.Add(-time.Hour) })
	over := closed.Write("rung:x/1/0", complaint.Event{Kind: complaint.StageEntered, At: storetest.Friday, By: complaint.Clock, Stage: complaint.Closed})
	at := storetest.Friday
	over.Complaint.ClosedAt, over.Complaint.Outcome, over.Complaint.Deadlines = &at, complaint.Withdrawn, nil
	err = s.Writes.Commit(t.Context(), over)
	require.NoError(t, err)
	this, other, third := ordinary.Number, stored.Number, closed.Number
	yes, no := true, false

	for name, c := range map[string]struct {
		filter reading.Filter
		want   []string
	}{
		"stage":                       {reading.Filter{Stage: complaint.Closed}, []string{third}},
		"department":                  {reading.Filter{Department: "engineering"}, []string{other}},
		"handler":                     {reading.Filter{Handler: "qian-qi"}, []string{other}},
		"owner":                       {reading.Filter{Owner: "sun-li"}, []string{other}},
		"registered by":               {reading.Filter{RegisteredBy: "ma-jun"}, []string{other}},
		"procedure":                   {reading.Filter{Procedure: "real-estate-project"}, []string{other}},
		"category":                    {reading.Filter{Category: "building.lift_1"}, []string{other}},
		"category with its kinds":     {reading.Filter{Category: "building"}, []string{other}},
		"a category is no pattern":    {reading.Filter{Category: "%"}, []string{}},
		"channel":                     {reading.Filter{Channel: "letter"}, []string{other}},
		"severity":                    {reading.Filter{Severity: complaint.Major}, []string{other}},
		"normal severity":             {reading.Filter{Severity: complaint.Normal}, []string{this, third}},
		"outcome":                     {reading.Filter{Outcome: complaint.Withdrawn}, []string{third}},
		"tier":                        {reading.Filter{TierMin: 2}, []string{other}},
		"tier not reached":            {reading.Filter{TierMin: 3}, []string{}},
		"overdue":                     {reading.Filter{Overdue: &yes, Now: storetest.Friday.Add(30 * time.Hour)}, []string{this}},
		"not overdue":                 {reading.Filter{Overdue: &no, Now: storetest.Friday.Add(30 * time.Hour)}, []string{other, third}},
		"suspended":                   {reading.Filter{Suspended: &yes}, []string{other}},
		"not suspended":               {reading.Filter{Suspended: &no}, []string{this, third}},
		"closed":                      {reading.Filter{Closed: &yes}, []string{third}},
		"open":                        {reading.Filter{Closed: &no}, []string{other, this}},
		"received from, to exclusive": {reading.Filter{ReceivedFrom: storetest.Friday, ReceivedTo: storetest.Friday.Add(time.Hour)}, []string{this}},
		"all of them":                 {reading.Filter{Department: "engineering", Stage: complaint.Investigating, Handler: "qian-qi", Query: "晓红"}, []string{other}},
		"by number":                   {reading.Filter{Query: "re-2026-0001"}, []string{other}},
		"by the beginning of one":     {reading.Filter{Query: "CS-2026-0000"}, []string{this, third}},
		"by sequence alone":           {reading.Filter{Query: "000001"}, []string{this}},
		"by part of a Chinese name":   {reading.Filter{Query: "阳晓"}, []string{other}},
		"by one character":            {reading.Filter{Query: "红"}, []string{other}},
		"by telephone":                {reading.Filter{Query: "138-0013-8000"}, []string{this, third}},
		"by telephone in one piece":   {reading.Filter{Query: "13800138000"}, []string{this, third}},
		"by its last digits":          {reading.Filter{Query: "2222"}, []string{other}},
		"by a field of the form":      {reading.Filter{Query: "ab1234"}, []string{this, third}},
		"by several words":            {reading.Filter{Query: "tower 欧阳"}, []string{other}},
		"by words no one has":         {reading.Filter{Query: "tower 张伟"}, []string{}},
		"by quotes and operators":     {reading.Filter{Query: "'; | & !"}, []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			require.ElementsMatch(t, c.want, numbersOf(t, s, storetest.Everybody, c.filter))
		})
	}
}

func TestWhoMayNotKnowOfAComplaintSeesItOnNoList(t *testing.T) {
	s := storetest.New(t)
	ordinary, first := storetest.Begun(s.Register(t))
	about, second := storetest.Begun(s.Register(t))
	about.Subjects = []complaint.PersonID{"wang-fang", "auditor"}
	second.Complaint = about.Complaint
	named, third := storetest.Begun(s.Register(t))
	named.People.SeenBy = []complaint.PersonID{"director"}
	third.Complaint = named.Complaint
	until := storetest.Friday.Add(time.Hour)
	for _, w := range []complaint.Write{first, second, third} {
		w.Complaint.Matters = []complaint.OpenMatter{{Number: 1, Kind: complaint.AgreedDate, Until: until, By: "wang-fang", Active: true}}
		err := s.Writes.Commit(t.Context(), w)
		require.NoError(t, err)
	}
	for name, c := range map[string]struct {
		viewer reading.Viewer
		want   []*storetest.Life
	}{
		"one who sees all, but not what is closed":    {reading.Viewer{Person: "manager", All: true}, []*storetest.Life{ordinary, about}},
		"the auditor, who is a subject of one":        {reading.Viewer{Person: "auditor", All: true}, []*storetest.Life{ordinary}},
		"the owner, who is a subject of one":          {reading.Viewer{Person: "wang-fang"}, []*storetest.Life{ordinary}},
		"the handler":                                 {reading.Viewer{Person: "zhao-lei"}, []*storetest.Life{ordinary, about}},
		"who registered them, one was closed to them": {reading.Viewer{Person: "li-na"}, []*storetest.Life{ordinary, about}},
		"the head of the department":                  {reading.Viewer{Person: "head", Duties: []complaint.Role{"operations.head"}}, []*storetest.Life{ordinary, about}},
		"the head of another":                         {reading.Viewer{Person: "head", Duties: []complaint.Role{"it.head"}}, nil},
		"who is named":                                {reading.Viewer{Person: "director"}, []*storetest.Life{named}},
		"a stranger":                                  {reading.Viewer{Person: "somebody"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			want := []string{}
			for _, l := range c.want {
				want = append(want, l.Number)
			}
			require.ElementsMatch(t, want, numbersOf(t, s, c.viewer, reading.Filter{}))
			matters, _, err := s.Reading.OpenMatters(t.Context(), c.viewer, "", 0)
			require.NoError(t, err)
			listed := []string{}
			for _, m := range matters {
				listed = append(listed, m.Complaint)
				require.Equal(t, until, m.Until)
			}
			require.ElementsMatch(t, want, listed, "nor in the ledger of open matters")
		})
	}
}

func TestTheInboxShowsTheSoonestDueFirst(t *testing.T) {
	s := storetest.New(t)
	for i := range 4 {
		_, w := storetest.Begun(s.Register(t))
		w.Complaint.Deadlines[0].DueAt = storetest.Friday.Add(time.Duration(10-i) * time.Hour)
		w.Complaint.Supports = []complaint.SupportAsked{{Department: "dispatch"}}
		err := s.Writes.Commit(t.Context(), w)
		require.NoError(t, err)
	}
	var seen []string
	for cursor := store.Cursor(""); ; {
		tasks, next, err := s.Reading.Inbox(t.Context(), zhaoLei, "zhao-lei", nil, cursor, 3)
		require.NoError(t, err)
		for _, task := range tasks {
			seen = append(seen, fmt.Sprintf("%s %s %v", task.Number, task.Kind, task.Due != nil))
		}
		if cursor = next; cursor == "" {
			break
		}
	}
	require.Equal(t, []string{
		"CS-2026-000004 contact true", "CS-2026-000003 contact true", "CS-2026-000002 contact true", "CS-2026-000001 contact true",
		"CS-2026-000001 find false", "CS-2026-000002 find false", "CS-2026-000003 find false", "CS-2026-000004 find false",
	}, seen)
	open, next, err := s.Reading.Inbox(t.Context(), reading.Viewer{Person: "chen-bo"}, "chen-bo", []complaint.Role{"dispatch.head"}, "", 3)
	require.NoError(t, err)
	require.Len(t, open, 3)
	rest, _, err := s.Reading.Inbox(t.Context(), reading.Viewer{Person: "chen-bo"}, "chen-bo", []complaint.Role{"dispatch.head"}, next, 3)
	require.NoError(t, err)
	require.Len(t, rest, 1)
}

func TestTheInboxShowsWhatWaitsBesideTheMainCourseInItsPlace(t *testing.T) {
	s := storetest.New(t)
	l, w := storetest.Begun(s.Register(t))
	early, late := storetest.Friday.Add(time.Hour), storetest.Friday.Add(48*time.Hour)
	w.Complaint.Sides = []complaint.Side{
		{Kind: "accountability", ID: "1", State: "decide", Person: "zhao-lei", Due: &late}, {Kind: "supplier-claims", ID: "1", State: "claim", Person: "zhao-lei", Due: &early},
		{Kind: "accountability", ID: "2", State: complaint.SideDone, Person: "zhao-lei"}, {Kind: "accountability", ID: "3", State: "decide", Person: "somebody"},
	}
	err := s.Writes.Commit(t.Context(), w)
	require.NoError(t, err)
	seen := func(viewer reading.Viewer, roles ...complaint.Role) (steps []string) {
		t.Helper()
		for cursor := store.Cursor(""); ; {
			tasks, next, err := s.Reading.Inbox(t.Context(), viewer, "zhao-lei", roles, cursor, 1)
			require.NoError(t, err)
			for _, task := range tasks {
				require.Equal(t, l.Number, task.Number)
				steps = append(steps, string(task.Kind)+task.Side+task.Detail)
			}
			if cursor = next; cursor == "" {
				return steps
			}
		}
	}
	all := []string{"claimsupplier-claims1", "contact", "decideaccountability1", "find"}
	require.Equal(t, all, seen(zhaoLei))
	for name, c := range map[string]struct {
		viewer reading.Viewer
		want   []string
	}{
		"their head looks in":               {reading.Viewer{Person: "head", Duties: []complaint.Role{"operations.head"}}, all},
		"another department's head":         {reading.Viewer{Person: "head", Duties: []complaint.Role{"it.head"}}, nil},
		"a manager of this organisation":    {reading.Viewer{Person: "manager", All: true, Procedure: "courier-station"}, all},
		"a manager of another organisation": {reading.Viewer{Person: "manager", All: true, Procedure: "real-estate-project"}, nil},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, seen(c.viewer)) })
	}
}
