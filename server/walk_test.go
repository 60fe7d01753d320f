package main

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"recourse/internal/link"
)

// take takes a step that must be accepted.
func (r *rig) take(number, step, person string, said body) map[string]any {
	r.t.Helper()
	return r.post("/v1/complaints/"+number+"/steps/"+step, person, said).is(http.StatusOK)
}

func (r *rig) register(person string, said body) string {
	r.t.Helper()
	return r.post("/v1/complaints", person, said).is(http.StatusCreated)["number"].(string)
}

// link is the path of a customer's link, as a message would carry it.
func (r *rig) link(number string, purpose link.Purpose, subject int) string {
	r.t.Helper()
	issued, err := r.server.store.IssueLink(r.t.Context(), number, string(purpose), subject, time.Now().Add(time.Hour))
	require.NoError(r.t, err)
	token, err := r.server.links.Sign(link.Link{ID: uuid.MustParse(issued.ID), Number: number, Purpose: purpose, Subject: subject, ExpiresAt: issued.ExpiresAt})
	require.NoError(r.t, err)
	return link.Root + token
}

// toAnswer takes a complaint to where the customer is asked.
func (r *rig) toAnswer(number string) {
	r.t.Helper()
	r.take(number, "screen", dispatcher, body{"kind": "complaint", "valid": true, "category": "operations.mistake"})
	r.take(number, "accept", courier, body{})
	r.take(number, "contact", courier, body{"reached": true, "words": "We are looking into it."})
	r.take(number, "find", courier, body{"founded": true, "liability": "third_party", "cause": "The label was wet.", "cause_code": "outside", "evidence": "Photograph."})
	r.take(number, "propose", courier, body{"remedies": []body{{"kind": "apology", "words": "In writing."}}, "time_limit": time.Now().Add(48 * time.Hour).UTC(), "reasons": "A wet label."})
	require.Equal(r.t, "awaiting_customer", r.get("/v1/complaints/"+number, dispatcher).is(http.StatusOK)["stage"])
}

func TestComplaintIsWalkedFromRegisterToClosed(t *testing.T) {
	r := living(t)
	said := parcel()
	delete(said, "fields")
	registered := r.post("/v1/complaints", dispatcher, said).is(http.StatusCreated)
	number := registered["number"].(string)
	require.Equal(t, "received", registered["stage"])
	require.EqualValues(t, 1, registered["revision"])
	require.Contains(t, strs(registered["allowed_steps"]), "screen")
	require.NotEmpty(t, registered["deadlines"])
	r.toAnswer(number)

	// The customer opens the link, which tells them the proposal, and agrees.
	answer := r.link(number, link.Answer, 1)
	seen := r.get(answer, "").is(http.StatusOK)
	require.Equal(t, "zh-CN", seen["language"], "the customer's language, whatever the browser says")
	require.Equal(t, "您是否同意该处理方案？", seen["question"])
	require.Equal(t, false, seen["done"])
	require.Equal(t, "A wet label.", seen["proposal"].(map[string]any)["reasons"])
	require.Equal(t, "In writing.", seen["proposal"].(map[string]any)["remedies"].([]any)[0].(map[string]any)["words"])
	shown := r.get("/v1/complaints/"+number, dispatcher).is(http.StatusOK)
	require.Equal(t, true, shown["proposal"].(map[string]any)["informed"])
	r.get(answer, "").is(http.StatusOK)
	require.Equal(t, shown["revision"], r.get("/v1/complaints/"+number, dispatcher).is(http.StatusOK)["revision"], "opened twice, told once")
	agreed := r.post(answer, "", body{"agrees": true, "words": "Fine."}).is(http.StatusOK)
	require.Equal(t, true, agreed["done"])
	require.Equal(t, "implementing", agreed["stage"])
	r.post(answer, "", body{"agrees": true, "words": "Fine."}).is(http.StatusOK)
	used := r.post(answer, "", body{"agrees": false}).refused(http.StatusConflict, "step_not_allowed")
	require.Equal(t, "已收到您的答复", used["title"])
	require.Equal(t, []any{}, used["allowed_steps"], "a list, also when there is none")

	r.take(number, "implement", courier, body{"result": "Delivered."})
	r.take(number, "verify", dispatcher, body{"satisfied": true})
	rated := r.post(r.link(number, link.Rate, 1), "", body{"satisfaction": "satisfied"})
	require.Contains(t, []int{http.StatusOK, http.StatusConflict}, rated.status, "the procedure says how early a callback may be")
	if rated.status == http.StatusConflict {
		r.take(number, "call-back", dispatcher, body{"reached": true, "satisfaction": "satisfied"})
	}
	for language, want := range map[string]string{"en": "Before the file closes, this must be filled: Waybill number.", "zh-CN": "结案前须填写：运单号。"} {
		early := r.post("/v1/complaints/"+number+"/steps/close", dispatcher, body{"outcome": "resolved"}, header{"Accept-Language": language})
		require.Equal(t, want, early.refused(http.StatusUnprocessableEntity, "rule_violation")["detail"])
	}
	form := r.get("/v1/complaints/"+number+"/form", dispatcher).is(http.StatusOK)
	require.Equal(t, false, form["complete"])
	require.ElementsMatch(t, []string{"waybill"}, strs(form["missing"]))
	closed := r.take(number, "close", dispatcher, body{"outcome": "resolved", "fields": body{"waybill": "SF1234567890"}})
	require.Equal(t, "closed", closed["stage"])
	require.Equal(t, "resolved", closed["outcome"])

	t.Run("the record tells it, oldest first", func(t *testing.T) {
		r := r.with(t)
		events := r.get("/v1/complaints/"+number+"/events?limit=200", dispatcher, header{"Accept-Language": "zh-CN"}).is(http.StatusOK)["events"].([]any)
		first := events[0].(map[string]any)
		require.EqualValues(t, 1, first["sequence"])
		require.Equal(t, "register", first["step"])
		require.Equal(t, "李娜执行了“登记”。", first["text"])
		require.Len(t, first["hash"], 64)
		require.Equal(t, "Parcel left at the wrong door, twice.", first["words"].(map[string]any)["narrative"])
		for i, event := range events {
			require.EqualValues(t, i+1, event.(map[string]any)["sequence"])
			require.NotContains(t, event.(map[string]any)["text"], "{", "every sentence is filled")
		}
		page := r.get("/v1/complaints/"+number+"/events?limit=2", dispatcher).is(http.StatusOK)
		require.Len(t, page["events"], 2)
		next := r.get("/v1/complaints/"+number+"/events?limit=2&cursor="+page["next_cursor"].(string), dispatcher).is(http.StatusOK)
		require.EqualValues(t, 3, next["events"].([]any)[0].(map[string]any)["sequence"])
	})
	t.Run("every clock has its ledger", func(t *testing.T) {
		r := r.with(t)
		list := r.get("/v1/complaints/"+number+"/deadlines", dispatcher).is(http.StatusOK)["deadlines"].([]any)
		require.NotEmpty(t, list)
		for _, one := range list {
			ledger := one.(map[string]any)["ledger"].([]any)
			require.Equal(t, "started", ledger[0].(map[string]any)["what"])
			require.NotEmpty(t, ledger[0].(map[string]any)["text"])
		}
		forward := list[0].(map[string]any)["deadline"].(map[string]any)
		require.Equal(t, "forward", forward["name"])
		require.Equal(t, "met", forward["state"])
		require.Equal(t, "Forwarded to the department", forward["label"])
	})
	t.Run("the messages are there", func(t *testing.T) {
		r := r.with(t)
		messages := r.get("/v1/complaints/"+number+"/messages", dispatcher).is(http.StatusOK)["messages"].([]any)
		require.NotEmpty(t, messages)
		require.Equal(t, "queued", messages[0].(map[string]any)["state"])
	})
	t.Run("the workflow says the same as the database", func(t *testing.T) {
		r := r.with(t)
		stored := r.get("/v1/complaints/"+number, dispatcher).is(http.StatusOK)
		asked := r.get("/v1/complaints/"+number+"?source=workflow", dispatcher).is(http.StatusOK)
		require.Equal(t, "workflow", asked["source"])
		asked["source"] = stored["source"]
		require.Equal(t, stored, asked)
	})
	t.Run("no words of people were logged", func(t *testing.T) {
		r := r.with(t)
		for _, word := range []string{"wrong door", "Fang Jing", "13800000000", "Fine.", strings.TrimPrefix(answer, link.Root)} {
			require.NotContains(t, r.logged.text(), word)
		}
	})
	t.Run("personal data goes, the record stays", func(t *testing.T) {
		r := r.with(t)
		r.post("/v1/complaints/"+number+"/erasure", dispatcher, body{}).refused(http.StatusForbidden, "forbidden")
		r.post("/v1/complaints/"+number+"/erasure", administrator, body{}).is(http.StatusOK)
		erased := r.get("/v1/complaints/"+number, dispatcher)
		require.NotContains(t, string(erased.raw), "Fang Jing")
		require.NotContains(t, string(erased.raw), "wrong door")
		require.Equal(t, "closed", erased.is(http.StatusOK)["stage"])
		found, err := r.server.store.Verify(t.Context(), nil)
		require.NoError(t, err)
		require.Empty(t, found)
		ended := r.get(answer, "")
		require.Equal(t, "链接已失效", ended.refused(http.StatusUnauthorized, "unauthenticated")["title"])
		require.Equal(t, "zh-CN", ended.header.Get("Content-Language"), "a browser that names no language is the customer's")
		inEnglish := r.get(answer, "", header{"Accept-Language": "en"})
		require.Equal(t, "This link has ended", inEnglish.refused(http.StatusUnauthorized, "unauthenticated")["title"])
		require.Equal(t, "en", inEnglish.header.Get("Content-Language"))
	})
}

func TestFileIsKeptAndGivenBack(t *testing.T) {
	r := living(t)
	number := r.register(dispatcher, parcel())
	upload := func(name string, content []byte) answer {
		var sent bytes.Buffer
		parts := multipart.NewWriter(&sent)
		part, err := parts.CreateFormFile("file", name)
		require.NoError(t, err)
		_, err = part.Write(content)
		require.NoError(t, err)
		require.NoError(t, parts.Close())
		return r.send(http.MethodPost, "/v1/complaints/"+number+"/attachments", dispatcher, &sent, header{"Content-Type": parts.FormDataContentType()})
	}
	picture := []byte("\x89PNG\r\n\x1a\n and so on")
	kept := upload(`..\..\门口<照片>.png`, picture).is(http.StatusCreated)
	require.Equal(t, "门口照片.png", kept["name"])
	require.Equal(t, "image/png", kept["content_type"])
	require.Equal(t, kept, upload(`..\..\门口<照片>.png`, picture).is(http.StatusCreated), "sent twice, kept once")

	back := r.get("/v1/complaints/"+number+"/attachments/"+kept["id"].(string), dispatcher)
	require.Equal(t, http.StatusOK, back.status)
	require.Equal(t, picture, back.raw)
	require.Equal(t, "application/octet-stream", back.header.Get("Content-Type"))
	require.Contains(t, back.header.Get("Content-Disposition"), "attachment; filename*=utf-8''")
	require.Equal(t, "nosniff", back.header.Get("X-Content-Type-Options"))
	require.Len(t, r.get("/v1/complaints/"+number+"/attachments", dispatcher).is(http.StatusOK)["attachments"], 1)

	upload("page.png", []byte("<html><script>alert(1)</script>")).refused(http.StatusUnsupportedMediaType, "unsupported_media_type")
	upload("program.pdf", []byte("MZ\x90\x00\x03\x00\x00\x00\xff\xff")).refused(http.StatusUnsupportedMediaType, "unsupported_media_type")
	upload("empty.png", nil).refused(http.StatusBadRequest, "invalid_body")
	upload("large.png", append(picture, make([]byte, longestAttachment)...)).refused(http.StatusRequestEntityTooLarge, "too_large")
	r.post("/v1/complaints/"+number+"/attachments", dispatcher, body{}).refused(http.StatusUnsupportedMediaType, "unsupported_media_type")
	r.get("/v1/complaints/"+number+"/attachments/"+uuid.NewString(), dispatcher).refused(http.StatusNotFound, "not_found")
	r.get("/v1/complaints/"+number+"/attachments/"+kept["id"].(string), serviceHead).refused(http.StatusNotFound, "not_found")
}
