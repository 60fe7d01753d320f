package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
	"recourse/internal/store"
)

var zhaoLei = store.Viewer{Person: "zhao-lei"}

var everybody = store.Viewer{Person: "auditor", All: true}

// numbersOf walks through all pages of a list.
func numbersOf(t *testing.T, s *store.Store, viewer store.Viewer, filter store.Filter) []string {
	t.Helper()
	numbers := []string{}
	cursor := store.Cursor("")
	for {
		listed, next, err := s.List(t.Context(), viewer, filter, cursor, 3)
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
	s, _ := database(t)
	want := []string{}
	for i := range 10 {
		stored := register(t, s, func(r *store.Registration) { r.At = friday.Add(time.Duration(i/3) * time.Hour) })
		want = append([]string{stored.Number}, want...)
	}
	require.Equal(t, want, numbersOf(t, s, everybody, store.Filter{}))

	_, _, err := s.List(t.Context(), everybody, store.Filter{}, "bm9uc2Vuc2U", 3)
	require.ErrorIs(t, err, store.ErrBadCursor)
	_, inbox, err := s.Inbox(t.Context(), zhaoLei, "zhao-lei", nil, "", 3)
	require.NoError(t, err)
	require.Empty(t, inbox)
	_, next, err := s.List(t.Context(), everybody, store.Filter{}, "", 3)
	require.NoError(t, err)
	_, _, err = s.Inbox(t.Context(), zhaoLei, "zhao-lei", nil, next, 3)
	require.ErrorIs(t, err, store.ErrBadCursor, "a cursor belongs to its list")
}

func TestEachFilterShowsWhatItSays(t *testing.T) {
	s, _ := database(t)
	// One ordinary complaint, and one that differs in everything a filter asks for.
	ordinary, _ := recorded(t, s)
	stored := register(t, s, func(r *store.Registration) {
		r.By.Person, r.At = "ma-jun", friday.Add(time.Hour)
		r.Facts.Registration = &complaint.Registration{Procedure: "real-estate-project", Version: 1, Channel: "letter", Category: "building.lift_1"}
		r.NumberPattern, r.Customer = "RE-{year}-{sequence:4}", store.Customer{Name: "欧阳晓红", Phone: "13911112222"}
		r.Search = []string{"Tower 7"}
	})
	l, w := begun(stored)
	l.Terms.Procedure = "real-estate-project"
	l.People = complaint.People{Department: "engineering", Owner: "sun-li", Handler: "qian-qi"}
	l.Screening = &complaint.Screening{Kind: complaint.KindComplaint, Valid: true, Category: "building.lift_1", Severity: complaint.Major}
	l.RoundsTier = 2
	l.Deadlines[0].DueAt = friday.Add(48 * time.Hour)
	l.Matters = []complaint.OpenMatter{{Number: 1, Kind: complaint.CustomerAway, Until: friday.Add(72 * time.Hour), By: "sun-li", Active: true}}
	w.After = l.Complaint
	err := s.Record(t.Context(), w)
	require.NoError(t, err)
	closed, _ := recorded(t, s, func(r *store.Registration) { r.At = friday.Add(-time.Hour) })
	over := closed.write("rung:x/1/0", complaint.Event{Kind: complaint.StageEntered, At: friday, By: complaint.Clock, Stage: complaint.Closed})
	at := friday
	over.After.ClosedAt, over.After.Outcome, over.After.Deadlines = &at, complaint.Withdrawn, nil
	err = s.Record(t.Context(), over)
	require.NoError(t, err)
	this, other, third := ordinary.Number, stored.Number, closed.Number
	yes, no := true, false

	for name, c := range map[string]struct {
		filter store.Filter
		want   []string
	}{
		"stage":                       {store.Filter{Stage: complaint.Closed}, []string{third}},
		"department":                  {store.Filter{Department: "engineering"}, []string{other}},
		"handler":                     {store.Filter{Handler: "qian-qi"}, []string{other}},
		"owner":                       {store.Filter{Owner: "sun-li"}, []string{other}},
		"registered by":               {store.Filter{RegisteredBy: "ma-jun"}, []string{other}},
		"procedure":                   {store.Filter{Procedure: "real-estate-project"}, []string{other}},
		"category":                    {store.Filter{Category: "building.lift_1"}, []string{other}},
		"category with its kinds":     {store.Filter{Category: "building"}, []string{other}},
		"a category is no pattern":    {store.Filter{Category: "%"}, []string{}},
		"channel":                     {store.Filter{Channel: "letter"}, []string{other}},
		"severity":                    {store.Filter{Severity: complaint.Major}, []string{other}},
		"normal severity":             {store.Filter{Severity: complaint.Normal}, []string{this, third}},
		"outcome":                     {store.Filter{Outcome: complaint.Withdrawn}, []string{third}},
		"tier":                        {store.Filter{TierMin: 2}, []string{other}},
		"tier not reached":            {store.Filter{TierMin: 3}, []string{}},
		"overdue":                     {store.Filter{Overdue: &yes, Now: friday.Add(30 * time.Hour)}, []string{this}},
		"not overdue":                 {store.Filter{Overdue: &no, Now: friday.Add(30 * time.Hour)}, []string{other, third}},
		"suspended":                   {store.Filter{Suspended: &yes}, []string{other}},
		"not suspended":               {store.Filter{Suspended: &no}, []string{this, third}},
		"closed":                      {store.Filter{Closed: &yes}, []string{third}},
		"open":                        {store.Filter{Closed: &no}, []string{other, this}},
		"received from, to exclusive": {store.Filter{ReceivedFrom: friday, ReceivedTo: friday.Add(time.Hour)}, []string{this}},
		"all of them":                 {store.Filter{Department: "engineering", Stage: complaint.Investigating, Handler: "qian-qi", Query: "晓红"}, []string{other}},
		"by number":                   {store.Filter{Query: "re-2026-0001"}, []string{other}},
		"by the beginning of one":     {store.Filter{Query: "CS-2026-0000"}, []string{this, third}},
		"by sequence alone":           {store.Filter{Query: "000001"}, []string{this}},
		"by part of a Chinese name":   {store.Filter{Query: "阳晓"}, []string{other}},
		"by one character":            {store.Filter{Query: "红"}, []string{other}},
		"by telephone":                {store.Filter{Query: "138-0013-8000"}, []string{this, third}},
		"by telephone in one piece":   {store.Filter{Query: "13800138000"}, []string{this, third}},
		"by its last digits":          {store.Filter{Query: "2222"}, []string{other}},
		"by a field of the form":      {store.Filter{Query: "ab1234"}, []string{this, third}},
		"by several words":            {store.Filter{Query: "tower 欧阳"}, []string{other}},
		"by words no one has":         {store.Filter{Query: "tower 张伟"}, []string{}},
		"by quotes and operators":     {store.Filter{Query: "'; | & !"}, []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			require.ElementsMatch(t, c.want, numbersOf(t, s, everybody, c.filter))
		})
	}
}

func TestWhoMayNotKnowOfAComplaintSeesItOnNoList(t *testing.T) {
	s, _ := database(t)
	ordinary, first := begun(register(t, s))
	about, second := begun(register(t, s))
	about.Subjects = []complaint.PersonID{"wang-fang", "auditor"}
	second.After = about.Complaint
	named, third := begun(register(t, s))
	named.People.SeenBy = []complaint.PersonID{"director"}
	third.After = named.Complaint
	until := friday.Add(time.Hour)
	for _, w := range []store.Write{first, second, third} {
		w.After.Matters = []complaint.OpenMatter{{Number: 1, Kind: complaint.AgreedDate, Until: until, By: "wang-fang", Active: true}}
		err := s.Record(t.Context(), w)
		require.NoError(t, err)
	}
	for name, c := range map[string]struct {
		viewer store.Viewer
		want   []*life
	}{
		"one who sees all, but not what is closed":    {store.Viewer{Person: "manager", All: true}, []*life{ordinary, about}},
		"the auditor, who is a subject of one":        {store.Viewer{Person: "auditor", All: true}, []*life{ordinary}},
		"the owner, who is a subject of one":          {store.Viewer{Person: "wang-fang"}, []*life{ordinary}},
		"the handler":                                 {store.Viewer{Person: "zhao-lei"}, []*life{ordinary, about}},
		"who registered them, one was closed to them": {store.Viewer{Person: "li-na"}, []*life{ordinary, about}},
		"the head of the department":                  {store.Viewer{Person: "head", Duties: []complaint.Role{"operations.head"}}, []*life{ordinary, about}},
		"the head of another":                         {store.Viewer{Person: "head", Duties: []complaint.Role{"it.head"}}, nil},
		"who is named":                                {store.Viewer{Person: "director"}, []*life{named}},
		"a stranger":                                  {store.Viewer{Person: "somebody"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			want := []string{}
			for _, l := range c.want {
				want = append(want, l.Number)
			}
			require.ElementsMatch(t, want, numbersOf(t, s, c.viewer, store.Filter{}))
			matters, _, err := s.OpenMatters(t.Context(), c.viewer, "", 0)
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
	s, _ := database(t)
	for i := range 4 {
		_, w := begun(register(t, s))
		due := friday.Add(time.Duration(10-i) * time.Hour)
		w.Tasks = []complaint.Task{{Kind: complaint.Find, Person: "zhao-lei", Role: complaint.Handler, Due: &due},
			{Kind: complaint.Note, Person: "zhao-lei", Role: complaint.Owner}, {Kind: complaint.Assign, Role: "dispatch.head"}}
		err := s.Record(t.Context(), w)
		require.NoError(t, err)
	}
	var seen []string
	for cursor := store.Cursor(""); ; {
		tasks, next, err := s.Inbox(t.Context(), zhaoLei, "zhao-lei", nil, cursor, 3)
		require.NoError(t, err)
		for _, task := range tasks {
			seen = append(seen, fmt.Sprintf("%s %s %v", task.Number, task.Kind, task.Due != nil))
		}
		if cursor = next; cursor == "" {
			break
		}
	}
	require.Equal(t, []string{
		"CS-2026-000004 find true", "CS-2026-000003 find true", "CS-2026-000002 find true", "CS-2026-000001 find true",
		"CS-2026-000001 note false", "CS-2026-000002 note false", "CS-2026-000003 note false", "CS-2026-000004 note false",
	}, seen)
	open, next, err := s.Inbox(t.Context(), store.Viewer{Person: "chen-bo"}, "chen-bo", []complaint.Role{"dispatch.head"}, "", 3)
	require.NoError(t, err)
	require.Len(t, open, 3)
	rest, _, err := s.Inbox(t.Context(), store.Viewer{Person: "chen-bo"}, "chen-bo", []complaint.Role{"dispatch.head"}, next, 3)
	require.NoError(t, err)
	require.Len(t, rest, 1)
}

func TestTheInboxShowsWhatWaitsBesideTheMainCourseInItsPlace(t *testing.T) {
	s, _ := database(t)
	l, w := begun(register(t, s))
	early, late := friday.Add(time.Hour), friday.Add(48*time.Hour)
	w.After.Sides = []complaint.Side{
		{Kind: "accountability", ID: "1", State: "decide", Person: "zhao-lei", Due: &late}, {Kind: "supplier-claims", ID: "1", State: "claim", Person: "zhao-lei", Due: &early},
		{Kind: "accountability", ID: "2", State: complaint.SideDone, Person: "zhao-lei"}, {Kind: "accountability", ID: "3", State: "decide", Person: "somebody"},
	}
	err := s.Record(t.Context(), w)
	require.NoError(t, err)
	seen := func(viewer store.Viewer, roles ...complaint.Role) (steps []string) {
		t.Helper()
		for cursor := store.Cursor(""); ; {
			tasks, next, err := s.Inbox(t.Context(), viewer, "zhao-lei", roles, cursor, 1)
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
		viewer store.Viewer
		want   []string
	}{
		"their head looks in":               {store.Viewer{Person: "head", Duties: []complaint.Role{"operations.head"}}, all},
		"another department's head":         {store.Viewer{Person: "head", Duties: []complaint.Role{"it.head"}}, nil},
		"a manager of this organisation":    {store.Viewer{Person: "manager", All: true, Procedure: "courier-station"}, all},
		"a manager of another organisation": {store.Viewer{Person: "manager", All: true, Procedure: "real-estate-project"}, nil},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, seen(c.viewer)) })
	}
}
