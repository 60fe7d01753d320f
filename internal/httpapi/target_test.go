package httpapi_test

import (
	"net/http"
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
