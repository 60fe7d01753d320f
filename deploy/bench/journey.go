package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"recourse/internal/complaint"
)

// The example people who take the steps: the agent who hears the complaint and judges it, the
// call-centre head who names an owner and routes it, and that owner.
const (
	agent   = "lin-xia"
	head    = "he-yan"
	officer = "gao-feng"
)

// journey is what one caller does with one complaint over HTTP.
var journey = []struct {
	name   string
	person string
	method string
	path   string // behind /v1/complaints; %s is the number
	step   complaint.StepName
	body   any
	stage  complaint.Stage // where the complaint must stand afterwards
}{
	{name: "register", person: agent, method: http.MethodPost, step: complaint.Register, stage: complaint.Assigning, body: map[string]any{
		"procedure": "real-estate-project", "channel": "phone", "category": "property.facilities",
		"narrative":    "The lift in building 3 has stood still since Monday morning; my mother can't leave the ninth floor.",
		"remedy_asked": "repair it today",
		"customer":     map[string]any{"name": "Chen Jing", "phone": "13800000000", "email": "chen.jing@example.com", "language": "zh-CN"},
		"fields":       map[string]any{"project": "riverside", "unit": "3-2-901", "concerns": "property"},
		"anger":        3,
		"screen":       map[string]any{"kind": "complaint", "valid": true, "category": "property.facilities", "severity": "normal"},
	}},
	{name: "assign", person: head, method: http.MethodPost, path: "/%s/steps/assign", step: complaint.Assign, stage: complaint.Investigating, body: map[string]any{
		"department": "property-engineering", "owner": officer, "words": "Please look at it before noon.",
	}},
	{name: "resolve", person: officer, method: http.MethodPost, path: "/%s/steps/resolve-on-spot", step: complaint.ResolveOnSpot, body: map[string]any{
		"done": "The lift runs again; the customer was called and is content.", "customer_accepts": true,
	}},
	{name: "read", person: officer, method: http.MethodGet, path: "/%s"},
}

// complaint is one caller's turn on Recourse.
func (b *bench) complaint(ctx context.Context, observe observer) error {
	number := ""
	for _, leg := range journey {
		path := leg.path
		if number != "" {
			path = fmt.Sprintf(path, number)
		}
		var answer struct {
			Number string          `json:"number"`
			Stage  complaint.Stage `json:"stage"`
		}
		began := time.Now()
		if err := b.ask(ctx, leg.method, "/v1/complaints"+path, leg.person, leg.body, &answer); err != nil {
			return fmt.Errorf("%s: %w", leg.name, err)
		}
		ended := time.Now()
		if number == "" {
			number = answer.Number
		}
		if answer.Number != number || number == "" || leg.stage != "" && answer.Stage != leg.stage {
			return fmt.Errorf("%s answered number %q at stage %q; expected %q at %q", leg.name, answer.Number, answer.Stage, number, leg.stage)
		}
		observe(call{complaint: number, name: leg.name, step: leg.step != "", began: began, ended: ended})
	}
	return nil
}

// ask sends one request on a connection that is kept, and decodes the answer.
func (b *bench) ask(ctx context.Context, method, path, person string, body, into any) error {
	var content io.Reader
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			return fmt.Errorf("encode the body: %w", err)
		}
		content = bytes.NewReader(encoded)
	}
	request, err := http.NewRequestWithContext(ctx, method, b.api+path, content)
	if err != nil {
		return fmt.Errorf("ask %s: %w", path, err)
	}
	request.Header.Set("Authorization", "Bearer "+b.tokens[person])
	request.Header.Set("Content-Type", "application/json")
	response, err := b.http.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		return fmt.Errorf("read the answer of %s: %w", path, err)
	}
	if response.StatusCode == http.StatusAccepted || response.StatusCode == http.StatusServiceUnavailable {
		return fmt.Errorf("%s %s: %w", method, path, errUnanswered)
	}
	if response.StatusCode != http.StatusOK && response.StatusCode != http.StatusCreated {
		return fmt.Errorf("%s %s answered %d: %s", method, path, response.StatusCode, answer)
	}
	if err := json.Unmarshal(answer, into); err != nil {
		return fmt.Errorf("decode the answer of %s: %w", path, err)
	}
	return nil
}
