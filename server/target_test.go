package main

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestLinkLooksAtTheComplaintThatItLeadsTo(t *testing.T) {
	r := living(t)
	older, withdrawn, number := r.register(dispatcher, parcel()), r.register(dispatcher, parcel()), r.register(dispatcher, parcel())
	whispered := parcel()
	whispered["subjects"] = []string{dispatcher}
	unseen := r.register(serviceHead, whispered)
	r.take(withdrawn, "withdraw", dispatcher, body{"asked_by": "phone", "reason": "It came."})
	link := func(relation, other string) answer {
		return r.post("/v1/complaints/"+number+"/steps/link", dispatcher, body{"relation": relation, "number": other})
	}
	for name, refused := range map[string]struct{ relation, number, reason string }{
		"one that doesn't exist":         {"repeats", number[:len(number)-6] + "999999", "no_such_complaint"},
		"one of nobody":                  {"repeats", "ZZ-2026-000001", "no_such_complaint"},
		"one about the caller":           {"repeats", unseen, "no_such_complaint"},
		"a duplicate of a withdrawn one": {"duplicates", withdrawn, "target_over"},
	} {
		t.Run(name, func(t *testing.T) {
			problem := link(refused.relation, refused.number).refused(http.StatusUnprocessableEntity, "rule_violation")
			require.Equal(t, refused.reason, problem["reason"])
			require.Equal(t, []string{"/number"}, pointers(problem))
		})
	}
	again := body{"relation": "repeats", "number": older}
	first := r.post("/v1/complaints/"+number+"/steps/link", dispatcher, again, header{"Idempotency-Key": "link"}).is(http.StatusOK)
	require.Equal(t, first, r.post("/v1/complaints/"+number+"/steps/link", dispatcher, again, header{"Idempotency-Key": "link"}).is(http.StatusOK))
	require.Equal(t, "already_done", link("repeats", older).refused(http.StatusUnprocessableEntity, "rule_violation")["reason"])
	require.Equal(t, "closed", link("duplicates", older).is(http.StatusOK)["stage"])
}

func TestRelatedComplaintsSeeEachOther(t *testing.T) {
	r := living(t)
	leader, first, second := r.register(dispatcher, parcel()), r.register(dispatcher, parcel()), r.register(dispatcher, parcel())
	about := parcel()
	about["subjects"] = []string{auditorPerson}
	hidden := r.register(dispatcher, about)
	link := func(number, relation, other string) {
		r.post("/v1/complaints/"+number+"/steps/link", dispatcher, body{"relation": relation, "number": other}).is(http.StatusOK)
	}
	link(first, "part_of_mass", leader)
	link(second, "part_of_mass", leader)
	link(second, "repeats", first)
	link(hidden, "part_of_mass", leader)
	link(leader, "repeats", hidden)
	link(second, "duplicates", leader)

	related := func(number, reader string) []any {
		shown := r.get("/v1/complaints/"+number, reader).is(http.StatusOK)
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
	require.Equal(t, []any{is("leads", first), is("leads", second), is("leads", hidden), is("repeats", hidden), is("duplicated_by", second)}, related(leader, dispatcher))
	require.Equal(t, []any{is("part_of_mass", leader), is("repeated_by", second)}, related(first, dispatcher))
	require.Equal(t, []any{is("part_of_mass", leader), is("repeats", first), is("duplicates", leader)}, related(second, dispatcher))
	require.Equal(t, []any{is("part_of_mass", leader), is("repeated_by", leader)}, related(hidden, dispatcher))

	require.Equal(t, []any{is("leads", first), is("leads", second), is("duplicated_by", second)}, related(leader, auditorPerson),
		"a complaint about its reader doesn't exist, in either direction")
}
