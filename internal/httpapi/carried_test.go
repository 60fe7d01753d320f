package httpapi_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/rig"
)

// wishing is a server whose courier station asks in its form what the customer wishes: for money
// the head of dispatch has to approve what is settled on the spot.
func wishing(t *testing.T) *rig.Rig {
	t.Helper()
	r, _ := rig.Standing(t)
	text := r.Get("/v1/procedures/courier-station", rig.Dispatcher).Is(http.StatusOK)["yaml"].(string)
	publish(r, "/v1/procedures/courier-station/versions", rig.Administrator, replaced(t, text,
		"  fields:\n    waybill:", "  fields:\n    wish: {title: {en: Wish, zh-CN: 诉求}, options: {money: {en: Money, zh-CN: 退款}, words: {en: Words, zh-CN: 道歉}}}\n    waybill:",
		"    - {when: amount == 0, approve: []}", "    - {when: 'fields.wish == \"money\"', approve: [dispatch.head]}\n    - {when: amount == 0, approve: []}",
	)).Is(http.StatusCreated)
	return r
}

// settledAtOnce is a registration that settles what it tells.
func settledAtOnce(fields, ofSettling body) body {
	said := rig.Parcel()
	said["fields"] = fields
	said["resolve_on_spot"] = body{"done": "Said sorry.", "customer_accepts": true, "remedies": []body{{"kind": "apology"}}}
	if ofSettling != nil {
		said["resolve_on_spot"].(body)["fields"] = ofSettling
	}
	return said
}

func TestWhatARegistrationChoseCountsForWhoMaySettleItAtOnce(t *testing.T) {
	r := wishing(t)
	refused := r.Post("/v1/complaints", rig.Dispatcher, settledAtOnce(body{"wish": "money"}, nil)).Refused(http.StatusUnprocessableEntity, "rule_violation")
	require.Equal(t, "approval_needed", refused["reason"])
	require.Equal(t, []string{"/resolve_on_spot/remedies"}, rig.Pointers(refused))
	r.Post("/v1/complaints", rig.Dispatcher, settledAtOnce(body{"wish": "words"}, nil)).Is(http.StatusCreated)
}

func TestFieldsFilledWithWhatARegistrationCarriesAreCheckedAndCountAndAreSearched(t *testing.T) {
	r := wishing(t)
	wrong := settledAtOnce(body{}, body{"waybill": "short"})
	require.Equal(t, []string{"/resolve_on_spot/fields/waybill"}, rig.Pointers(r.Post("/v1/complaints", rig.Dispatcher, wrong).Refused(http.StatusBadRequest, "invalid_body")))
	money := settledAtOnce(body{"wish": "words"}, body{"wish": "money"})
	require.Equal(t, "approval_needed", r.Post("/v1/complaints", rig.Dispatcher, money).Refused(http.StatusUnprocessableEntity, "rule_violation")["reason"], "what is said with the later step counts")
	r.Register(rig.Dispatcher, settledAtOnce(body{}, body{"wish": "words", "waybill": "SF7777777777"}))
	require.Len(t, r.Get("/v1/complaints?q=SF7777777777", rig.Dispatcher).Is(http.StatusOK)["complaints"], 1)
}
