package httpapi_test

import (
	"cmp"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/rig"
)

func TestLinkLooksAtTheComplaintThatItLeadsTo(t *testing.T) {
	r := rig.Living(t)
	older, withdrawn, number := r.Register(rig.Dispatcher, rig.Parcel()), r.Register(rig.Dispatcher, rig.Parcel()), r.Register(rig.Dispatcher, rig.Parcel())
	whispered := rig.Parcel()
	whispered["subjects"] = []string{rig.Dispatcher}
	unseen := r.Register(rig.ServiceHead, whispered)
	r.Take(withdrawn, "withdraw", rig.Dispatcher, body{"asked_by": "phone", "reason": "It came."})
	link := func(relation, other string) rig.Answer {
		return r.Post("/v1/complaints/"+number+"/steps/link", rig.Dispatcher, body{"relation": relation, "number": other})
	}
	for name, refused := range map[string]struct{ relation, number, reason string }{
		"one that doesn't exist":         {"repeats", number[:len(number)-6] + "999999", "no_such_complaint"},
		"one of nobody":                  {"repeats", "ZZ-2026-000001", "no_such_complaint"},
		"one about the caller":           {"repeats", unseen, "no_such_complaint"},
		"a duplicate of a withdrawn one": {"duplicates", withdrawn, "target_over"},
	} {
		t.Run(name, func(t *testing.T) {
			problem := link(refused.relation, refused.number).Refused(http.StatusUnprocessableEntity, "rule_violation")
			require.Equal(t, refused.reason, problem["reason"])
			require.Equal(t, []string{"/number"}, rig.Pointers(problem))
		})
	}
	again := body{"relation": "repeats", "number": older}
	first := r.Post("/v1/complaints/"+number+"/steps/link", rig.Dispatcher, again, header{"Idempotency-Key": "link"}).Is(http.StatusOK)
	require.Equal(t, first, r.Post("/v1/complaints/"+number+"/steps/link", rig.Dispatcher, again, header{"Idempotency-Key": "link"}).Is(http.StatusOK))
	require.Equal(t, "already_done", link("repeats", older).Refused(http.StatusUnprocessableEntity, "rule_violation")["reason"])
	require.Equal(t, "closed", link("duplicates", older).Is(http.StatusOK)["stage"])
}

func TestRelatedComplaintsSeeEachOther(t *testing.T) {
	r := rig.Living(t)
	leader, first, second := r.Register(rig.Dispatcher, rig.Parcel()), r.Register(rig.Dispatcher, rig.Parcel()), r.Register(rig.Dispatcher, rig.Parcel())
	about := rig.Parcel()
	about["subjects"] = []string{rig.Auditor}
	hidden := r.Register(rig.Dispatcher, about)
	link := func(number, relation, other string) {
		r.Post("/v1/complaints/"+number+"/steps/link", rig.Dispatcher, body{"relation": relation, "number": other}).Is(http.StatusOK)
	}
	link(first, "part_of_mass", leader)
	link(second, "part_of_mass", leader)
	link(second, "repeats", first)
	link(hidden, "part_of_mass", leader)
	link(leader, "repeats", hidden)
	link(second, "duplicates", leader)

	related := func(number, reader string) []any {
		shown := r.Get("/v1/complaints/"+number, reader).Is(http.StatusOK)
		of := []any{}
		if list, there := shown["related"].([]any); there {
			of = list
		}
		for _, one := range of {
			require.NotEmpty(t, shown["labels"].(map[string]any)[one.(body)["relation"].(string)])
		}
		return of
	}
	is := func(relation, number string) body { return body{"relation": relation, "number": number} }
	require.Equal(t, []any{is("leads", first), is("leads", second), is("leads", hidden), is("repeats", hidden), is("duplicated_by", second)}, related(leader, rig.Dispatcher))
	require.Equal(t, []any{is("part_of_mass", leader), is("repeated_by", second)}, related(first, rig.Dispatcher))
	require.Equal(t, []any{is("part_of_mass", leader), is("repeats", first), is("duplicates", leader)}, related(second, rig.Dispatcher))
	require.Equal(t, []any{is("part_of_mass", leader), is("repeated_by", leader)}, related(hidden, rig.Dispatcher))

	require.Equal(t, []any{is("leads", first), is("leads", second), is("duplicated_by", second)}, related(leader, rig.Auditor),
		"a complaint about its reader doesn't exist, in either direction")
}

// First review: C1. Whoever may not know of the complaint to which theirs is tied learns neither
// its number, nor what was said of it, nor who has it: a subject, and whoever it is closed to.
func TestATieToAComplaintOfWhichTheReaderMayNotKnowTellsNothingOfIt(t *testing.T) {
	r := rig.Living(t)
	about := rig.Parcel()
	about["subjects"] = []string{rig.Auditor, rig.Headquarters}
	hidden := r.Register(rig.Dispatcher, about)
	r.Take(hidden, "screen", rig.Dispatcher, body{"kind": "complaint", "valid": true, "category": "operations.mistake"})
	known := r.Register(rig.Dispatcher, rig.Parcel())
	number := r.Register(rig.Dispatcher, rig.Parcel())
	whoHas := func() string {
		c, err := r.Office.Reading.Complaint(t.Context(), hidden)
		require.NoError(t, err)
		return string(cmp.Or(c.People.Handler, c.People.Owner, c.People.Agent))
	}()
	r.Take(number, "link", rig.Dispatcher, body{"relation": "repeats", "number": known, "words": "As a wombat said."})
	r.Take(number, "link", rig.Dispatcher, body{"relation": "repeats", "number": hidden, "words": "See the quokka."})
	r.Take(number, "link", rig.Dispatcher, body{"relation": "duplicates", "number": hidden, "words": "The quokka again."})

	told := func(reader string) string {
		var all strings.Builder
		for _, page := range []string{"", "?source=workflow", "/events?limit=200", "/messages", "/deadlines", "/form"} {
			if answer := r.Get("/v1/complaints/"+number+page, reader); answer.Status == http.StatusOK {
				all.Write(answer.Raw)
			} else {
				require.Equal(t, "?source=workflow", page, "it is over: %s", answer.Raw)
			}
		}
		return all.String()
	}
	for _, reader := range []string{rig.Auditor, rig.Headquarters} {
		read := told(reader)
		require.NotContains(t, read, hidden, reader)
		require.NotContains(t, read, "quokka", reader)
		require.Contains(t, read, "wombat", reader)
		require.Contains(t, read, known, reader)
		require.NotContains(t, read, `"to":{"id":"`+whoHas, reader)
		require.Empty(t, r.Get("/v1/complaints?q=quokka", reader).Is(http.StatusOK)["complaints"], reader)
		require.Contains(t, read, "written to whoever has another complaint", reader)
	}
	read := told(rig.Dispatcher)
	require.Contains(t, read, hidden)
	require.Contains(t, read, "The quokka again.")
}
