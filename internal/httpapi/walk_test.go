package httpapi_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"recourse/internal/httpapi"
	"recourse/internal/link"
	"recourse/internal/rig"
)

func TestComplaintIsWalkedFromRegisterToClosed(t *testing.T) {
	r := rig.Living(t)
	said := rig.Parcel()
	delete(said, "fields")
	registered := r.Post("/v1/complaints", rig.Dispatcher, said).Is(http.StatusCreated)
	number := registered["number"].(string)
	require.Equal(t, "received", registered["stage"])
	require.EqualValues(t, 1, registered["revision"])
	require.Contains(t, rig.Strings(registered["allowed_steps"]), "screen")
	require.NotEmpty(t, registered["deadlines"])
	r.ToAnswer(number)

	// The customer opens the link, says that they have read the proposal, and agrees.
	answer := r.Link(number, link.Answer, 1)
	seen := r.Get(answer, "").Is(http.StatusOK)
	require.Equal(t, "zh-CN", seen["language"], "the customer's language, whatever the browser says")
	require.Equal(t, "您是否同意该处理方案？", seen["question"])
	require.Equal(t, false, seen["done"])
	require.Equal(t, "A wet label.", seen["proposal"].(map[string]any)["reasons"])
	require.Equal(t, "In writing.", seen["proposal"].(map[string]any)["remedies"].([]any)[0].(map[string]any)["words"])
	r.Post(answer, "", body{"read": true}).Is(http.StatusOK)
	agreed := r.Post(answer, "", body{"agrees": true, "words": "Fine."}).Is(http.StatusOK)
	require.Equal(t, true, agreed["done"])
	require.Equal(t, "implementing", agreed["stage"])
	r.Post(answer, "", body{"agrees": true, "words": "Fine."}).Is(http.StatusOK)
	used := r.Post(answer, "", body{"agrees": false}).Refused(http.StatusConflict, "step_not_allowed")
	require.Equal(t, "已收到您的答复", used["title"])
	require.Equal(t, []any{}, used["allowed_steps"], "a list, also when there is none")

	r.Take(number, "implement", rig.Courier, body{"result": "Delivered."})
	r.Take(number, "verify", rig.Dispatcher, body{"satisfied": true})
	rated := r.Post(r.Link(number, link.Rate, 1), "", body{"satisfaction": "satisfied"})
	require.Contains(t, []int{http.StatusOK, http.StatusConflict}, rated.Status, "the procedure says how early a callback may be")
	if rated.Status == http.StatusConflict {
		r.Take(number, "call-back", rig.Dispatcher, body{"reached": true, "satisfaction": "satisfied"})
	}
	for language, want := range map[string]string{"en": "Before the file closes, this must be filled: Waybill number.", "zh-CN": "结案前须填写：运单号。"} {
		early := r.Post("/v1/complaints/"+number+"/steps/close", rig.Dispatcher, body{"outcome": "resolved"}, header{"Accept-Language": language})
		require.Equal(t, want, early.Refused(http.StatusUnprocessableEntity, "rule_violation")["detail"])
	}
	form := r.Get("/v1/complaints/"+number+"/form", rig.Dispatcher).Is(http.StatusOK)
	require.Equal(t, false, form["complete"])
	require.ElementsMatch(t, []string{"waybill"}, rig.Strings(form["missing"]))
	closed := r.Take(number, "close", rig.Dispatcher, body{"outcome": "resolved", "fields": body{"waybill": "SF1234567890"}})
	require.Equal(t, "closed", closed["stage"])
	require.Equal(t, "resolved", closed["outcome"])

	t.Run("the record tells it, oldest first", func(t *testing.T) {
		r := r.With(t)
		events := r.Get("/v1/complaints/"+number+"/events?limit=200", rig.Dispatcher, header{"Accept-Language": "zh-CN"}).Is(http.StatusOK)["events"].([]any)
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
		page := r.Get("/v1/complaints/"+number+"/events?limit=2", rig.Dispatcher).Is(http.StatusOK)
		require.Len(t, page["events"], 2)
		next := r.Get("/v1/complaints/"+number+"/events?limit=2&cursor="+page["next_cursor"].(string), rig.Dispatcher).Is(http.StatusOK)
		require.EqualValues(t, 3, next["events"].([]any)[0].(map[string]any)["sequence"])
	})
	t.Run("every clock has its ledger", func(t *testing.T) {
		r := r.With(t)
		list := r.Get("/v1/complaints/"+number+"/deadlines", rig.Dispatcher).Is(http.StatusOK)["deadlines"].([]any)
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
		r := r.With(t)
		messages := r.Get("/v1/complaints/"+number+"/messages", rig.Dispatcher).Is(http.StatusOK)["messages"].([]any)
		require.NotEmpty(t, messages)
		require.Equal(t, "queued", messages[0].(map[string]any)["state"])
	})
	t.Run("the workflow says the same as the database", func(t *testing.T) {
		r := r.With(t)
		stored := r.Get("/v1/complaints/"+number, rig.Dispatcher).Is(http.StatusOK)
		asked := r.Get("/v1/complaints/"+number+"?source=workflow", rig.Dispatcher).Is(http.StatusOK)
		require.Equal(t, "workflow", asked["source"])
		asked["source"] = stored["source"]
		require.Equal(t, stored, asked)
	})
	t.Run("no words of people were logged", func(t *testing.T) {
		r := r.With(t)
		for _, word := range []string{"wrong door", "Fang Jing", "13800000000", "Fine.", strings.TrimPrefix(answer, link.Root)} {
			require.NotContains(t, r.Logged(), word)
		}
	})
	t.Run("personal data goes, the record stays", func(t *testing.T) {
		r := r.With(t)
		r.Post("/v1/complaints/"+number+"/erasure", rig.Dispatcher, body{}).Refused(http.StatusForbidden, "forbidden")
		r.Post("/v1/complaints/"+number+"/erasure", rig.Administrator, body{}).Is(http.StatusOK)
		erased := r.Get("/v1/complaints/"+number, rig.Dispatcher)
		require.NotContains(t, string(erased.Raw), "Fang Jing")
		require.NotContains(t, string(erased.Raw), "wrong door")
		require.Equal(t, "closed", erased.Is(http.StatusOK)["stage"])
		found, err := r.Office.Record.Verify(t.Context(), nil)
		require.NoError(t, err)
		require.Empty(t, found)
		ended := r.Get(answer, "")
		require.Equal(t, "链接已失效", ended.Refused(http.StatusUnauthorized, "unauthenticated")["title"])
		require.Equal(t, "zh-CN", ended.Header.Get("Content-Language"), "a browser that names no language is the customer's")
		inEnglish := r.Get(answer, "", header{"Accept-Language": "en"})
		require.Equal(t, "This link has ended", inEnglish.Refused(http.StatusUnauthorized, "unauthenticated")["title"])
		require.Equal(t, "en", inEnglish.Header.Get("Content-Language"))
	})
}

func TestFileIsKeptAndGivenBack(t *testing.T) {
	r := rig.Living(t)
	number := r.Register(rig.Dispatcher, rig.Parcel())
	upload := func(name string, content []byte) rig.Answer {
		var sent bytes.Buffer
		parts := multipart.NewWriter(&sent)
		part, err := parts.CreateFormFile("file", name)
		require.NoError(t, err)
		_, err = part.Write(content)
		require.NoError(t, err)
		require.NoError(t, parts.Close())
		return r.Send(http.MethodPost, "/v1/complaints/"+number+"/attachments", rig.Dispatcher, &sent, header{"Content-Type": parts.FormDataContentType()})
	}
	picture := []byte("\x89PNG\r\n\x1a\n and so on")
	kept := upload(`..\..\门口<照片>.png`, picture).Is(http.StatusCreated)
	require.Equal(t, "门口照片.png", kept["name"])
	require.Equal(t, "image/png", kept["content_type"])
	require.Equal(t, kept, upload(`..\..\门口<照片>.png`, picture).Is(http.StatusCreated), "sent twice, kept once")

	back := r.Get("/v1/complaints/"+number+"/attachments/"+kept["id"].(string), rig.Dispatcher)
	require.Equal(t, http.StatusOK, back.Status)
	require.Equal(t, picture, back.Raw)
	require.Equal(t, "application/octet-stream", back.Header.Get("Content-Type"))
	require.Contains(t, back.Header.Get("Content-Disposition"), "attachment; filename*=utf-8''")
	require.Equal(t, "nosniff", back.Header.Get("X-Content-Type-Options"))
	require.Len(t, r.Get("/v1/complaints/"+number+"/attachments", rig.Dispatcher).Is(http.StatusOK)["attachments"], 1)

	upload("page.png", []byte("<html><script>alert(1)</script>")).Refused(http.StatusUnsupportedMediaType, "unsupported_media_type")
	upload("program.pdf", []byte("MZ\x90\x00\x03\x00\x00\x00\xff\xff")).Refused(http.StatusUnsupportedMediaType, "unsupported_media_type")
	upload("empty.png", nil).Refused(http.StatusBadRequest, "invalid_body")
	upload("large.png", append(picture, make([]byte, httpapi.LongestAttachment)...)).Refused(http.StatusRequestEntityTooLarge, "too_large")
	r.Post("/v1/complaints/"+number+"/attachments", rig.Dispatcher, body{}).Refused(http.StatusUnsupportedMediaType, "unsupported_media_type")
	r.Get("/v1/complaints/"+number+"/attachments/"+uuid.NewString(), rig.Dispatcher).Refused(http.StatusNotFound, "not_found")
	r.Get("/v1/complaints/"+number+"/attachments/"+kept["id"].(string), rig.ServiceHead).Refused(http.StatusNotFound, "not_found")
}
