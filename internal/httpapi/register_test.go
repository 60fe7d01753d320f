package httpapi_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/rig"
)

// First review: E1.
func TestADryRunOfARegistrationSaysWhatWouldBeAndStoresNothing(t *testing.T) {
	r, temporal := rig.Standing(t)
	key := header{"Idempotency-Key": "row 1"}

	would := r.Post("/v1/complaints?dry_run=true", rig.Dispatcher, rig.Parcel(), key).Is(http.StatusOK)

	require.Equal(t, "registered", would["becomes"])
	require.Equal(t, "received", would["stage"])
	require.NotContains(t, would, "number")
	require.NotEmpty(t, would["deadlines"])
	require.Positive(t, would["messages"])
	require.Equal(t, rig.Dispatcher, would["people"].(map[string]any)["agent"].(map[string]any)["id"])
	require.Empty(t, temporal.Asked)
	require.Empty(t, r.Get("/v1/complaints", rig.Dispatcher).Is(http.StatusOK)["complaints"])

	wrong := rig.Parcel()
	wrong["category"] = "weather"
	r.Post("/v1/complaints?dry_run=true", rig.Dispatcher, wrong, key).Refused(http.StatusUnprocessableEntity, "rule_violation")

	number := r.Post("/v1/complaints", rig.Dispatcher, rig.Parcel(), key).Is(http.StatusCreated)["number"]
	again := r.Post("/v1/complaints?dry_run=true", rig.Dispatcher, rig.Parcel(), key).Is(http.StatusOK)
	require.Equal(t, []any{"registered_before", number}, []any{again["becomes"], again["number"]})
	other := rig.Parcel()
	other["narrative"] = "Something else."
	otherwise := r.Post("/v1/complaints?dry_run=true", rig.Dispatcher, other, key).Is(http.StatusOK)
	require.Equal(t, []any{"registered_otherwise", number}, []any{otherwise["becomes"], otherwise["number"]})
}

// First review: E1.
func TestWhatWasRegisteredInErrorIsTakenBackAndItsKeyIsFree(t *testing.T) {
	r := rig.Living(t)
	key := header{"Idempotency-Key": "row 1"}
	wrong := rig.Parcel()
	wrong["narrative"] = "����"
	number := r.Post("/v1/complaints", rig.Dispatcher, wrong, key).Is(http.StatusCreated)["number"].(string)
	r.Post("/v1/complaints", rig.Dispatcher, rig.Parcel(), key).Refused(http.StatusUnprocessableEntity, "idempotency_mismatch")

	closed := r.Take(number, "close", rig.Dispatcher, body{"outcome": "registered_in_error"})

	require.Equal(t, "closed", closed["stage"])
	require.Equal(t, "registered_in_error", closed["outcome"])
	right := r.Post("/v1/complaints", rig.Dispatcher, rig.Parcel(), key).Is(http.StatusCreated)
	require.NotEqual(t, number, right["number"])
	again := r.Post("/v1/complaints", rig.Dispatcher, rig.Parcel(), key)
	require.Equal(t, right["number"], again.Is(http.StatusCreated)["number"], "from now on the key is that of the right one")
	require.Equal(t, "true", again.Header.Get("Idempotent-Replayed"))
}

// Whoever sends a row again, and under whichever procedure, makes no second complaint of it.
func TestARowOfAFileIsOneComplaintWhoeverSendsIt(t *testing.T) {
	r := rig.Living(t)
	const clerk = "lin-xia" // of the project
	key := header{"Idempotency-Key": "import/old-system/A-1"}
	listed := func(who string) any {
		return r.Get("/v1/complaints?row=import/old-system/A-1", who).Is(http.StatusOK)["complaints"]
	}
	number := r.Post("/v1/complaints", rig.Dispatcher, rig.Parcel(), key).Is(http.StatusCreated)["number"].(string)

	same := r.Post("/v1/complaints", rig.DispatchHead, rig.Parcel(), key)
	require.Equal(t, number, same.Is(http.StatusCreated)["number"])
	require.Equal(t, "true", same.Header.Get("Idempotent-Replayed"))
	other := rig.Parcel()
	other["narrative"] = "Something else."
	house := body{"procedure": "real-estate-project", "channel": "phone", "narrative": "The wall is wet.", "category": "developer.quality",
		"customer": body{"name": "Chen", "phone": "13900000000"}}
	for who, said := range map[string]body{rig.Dispatcher: other, rig.DispatchHead: other, clerk: house} {
		r.Post("/v1/complaints", who, said, key).Refused(http.StatusUnprocessableEntity, "idempotency_mismatch")
	}
	for who, said := range map[string]body{rig.DispatchHead: other, clerk: house} {
		foreseen := r.Post("/v1/complaints?dry_run=true", who, said, key).Is(http.StatusOK)
		require.Equal(t, "registered_otherwise", foreseen["becomes"])
		require.NotContains(t, foreseen, "number", "who registered it finds it by its row, as far as they may know of it")
	}
	require.Len(t, listed(rig.Dispatcher), 1)
	require.Equal(t, number, listed(rig.Dispatcher).([]any)[0].(map[string]any)["number"])
	require.Empty(t, listed(clerk))
	require.Empty(t, r.Get("/v1/complaints?row=import/old-system/A-2", rig.Dispatcher).Is(http.StatusOK)["complaints"])

	r.Take(number, "close", rig.Dispatcher, body{"outcome": "registered_in_error"})

	require.Empty(t, listed(rig.Dispatcher))
	moved := r.Post("/v1/complaints", clerk, house, key).Is(http.StatusCreated)["number"]
	require.NotEqual(t, number, moved)
	r.Post("/v1/complaints", rig.Dispatcher, rig.Parcel(), key).Refused(http.StatusUnprocessableEntity, "idempotency_mismatch")

	own := header{"Idempotency-Key": "row 1"}
	require.NotEqual(t, r.Post("/v1/complaints", rig.Dispatcher, rig.Parcel(), own).Is(http.StatusCreated)["number"],
		r.Post("/v1/complaints", rig.DispatchHead, rig.Parcel(), own).Is(http.StatusCreated)["number"], "other keys are each person's own")
}

// Whoever is complained about has the same file, and sends its row: they learn no number, no stage
// and no clock, and not from a dry run either.
func TestWhoeverARowIsAboutLearnsNothingByRegisteringIt(t *testing.T) {
	r := rig.Living(t)
	key := header{"Idempotency-Key": "import/old-system/A-1"}
	about := rig.Parcel()
	about["narrative"] = "Li Na was rude to me at the counter."
	number := r.Post("/v1/complaints", "wang-wei", about, key).Is(http.StatusCreated)["number"].(string)
	r.Get("/v1/complaints/"+number, rig.Dispatcher).Refused(http.StatusNotFound, "not_found")

	refused := r.Post("/v1/complaints", rig.Dispatcher, about, key).Refused(http.StatusUnprocessableEntity, "idempotency_mismatch")
	require.NotContains(t, fmt.Sprint(refused), number)
	foreseen := r.Post("/v1/complaints?dry_run=true", rig.Dispatcher, about, key).Is(http.StatusOK)
	require.Equal(t, "registered_otherwise", foreseen["becomes"], "as for any other row that they may not know of")
	require.NotContains(t, foreseen, "number")

	erased := header{"Idempotency-Key": "import/old-system/A-2"}
	gone := r.Post("/v1/complaints", "wang-wei", about, erased).Is(http.StatusCreated)["number"].(string)
	r.Post("/v1/complaints/"+gone+"/erasure", rig.Administrator, body{"requested_by": "customer"}).Is(http.StatusOK)
	foreseen = r.Post("/v1/complaints?dry_run=true", rig.Dispatcher, about, erased).Is(http.StatusOK)
	require.Equal(t, "registered_otherwise", foreseen["becomes"])

	again := r.Post("/v1/complaints", rig.DispatchHead, about, key).Is(http.StatusCreated)
	require.Equal(t, number, again["number"])
	require.ElementsMatch(t, r.Get("/v1/complaints/"+number, rig.DispatchHead).Is(http.StatusOK)["allowed_steps"], again["allowed_steps"], "theirs, not the registrar's")
}

func TestARowWhosePersonalDataWereErasedIsNotRegisteredAgain(t *testing.T) {
	r := rig.Living(t)
	key := header{"Idempotency-Key": "import/old-system/A-1"}
	for _, takenBack := range []bool{false, true} {
		key["Idempotency-Key"] += "0"
		number := r.Post("/v1/complaints", rig.Dispatcher, rig.Parcel(), key).Is(http.StatusCreated)["number"].(string)
		if takenBack {
			r.Take(number, "close", rig.Dispatcher, body{"outcome": "registered_in_error"})
		}
		r.Post("/v1/complaints/"+number+"/erasure", rig.Administrator, body{"requested_by": "customer"}).Is(http.StatusOK)

		for _, who := range []string{rig.Dispatcher, rig.DispatchHead} {
			r.Post("/v1/complaints", who, rig.Parcel(), key).Refused(http.StatusUnprocessableEntity, "idempotency_mismatch")
			require.Equal(t, "erased", r.Post("/v1/complaints?dry_run=true", who, rig.Parcel(), key).Is(http.StatusOK)["becomes"])
		}
	}
}

// An answer that was lost is asked for again whatever has changed meanwhile.
func TestWhatWasRegisteredIsThereAlsoWhenItCouldNotBeRegisteredAnyMore(t *testing.T) {
	r, _ := rig.Standing(t)
	key := header{"Idempotency-Key": "row 1"}
	heard := rig.Parcel()
	heard["heard_at"] = r.Office.Now().AddDate(0, -11, 0)
	number := r.Post("/v1/complaints", rig.Dispatcher, heard, key).Is(http.StatusCreated)["number"]

	now := r.Office.Now
	r.Office.Now = func() time.Time { return now().AddDate(0, 2, 0) }

	again := r.Post("/v1/complaints", rig.Dispatcher, heard, key)
	require.Equal(t, number, again.Is(http.StatusCreated)["number"])
	require.Equal(t, "true", again.Header.Get("Idempotent-Replayed"))
	r.Post("/v1/complaints", rig.Dispatcher, heard, header{"Idempotency-Key": "row 2"}).Refused(http.StatusUnprocessableEntity, "rule_violation")
}
