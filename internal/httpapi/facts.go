package httpapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"recourse/internal/api"
	"recourse/internal/casework"
	"recourse/internal/complaint"
)

// reader reads the body of one step.
type reader func(bodies *api.Bodies, step complaint.StepName, raw []byte) (casework.Act, error)

// readers has one for each step that people may send; its schema in openapi.yaml is named as the
// step is.
var readers = map[complaint.StepName]reader{
	complaint.ResolveOnSpot: reads(func(b *api.ResolveOnSpot) complaint.Facts { return complaint.Facts{OnSpot: onSpot(b)} }),
	complaint.Screen:        reads(func(b *api.Screen) complaint.Facts { return complaint.Facts{Screening: screening(b)} }),
	complaint.Explain: reads(func(b *api.Explain) complaint.Facts {
		return complaint.Facts{Explanation: &complaint.Explanation{Contested: b.Contested}}
	}),
	complaint.Assign: reads(func(b *api.Assign) complaint.Facts { return complaint.Facts{Assignment: assignment(b)} }),
	complaint.Accept: reads(func(*api.Accept) complaint.Facts { return complaint.Facts{} }),
	complaint.Return: reads(func(*api.Return) complaint.Facts { return complaint.Facts{} }),
	complaint.Contact: reads(func(b *api.Contact) complaint.Facts {
		return complaint.Facts{Contact: &complaint.ContactMade{Reached: b.Reached}}
	}),
	complaint.MarkSpecial: reads(func(*api.MarkSpecial) complaint.Facts { return complaint.Facts{} }),
	complaint.RequestSupport: reads(func(b *api.RequestSupport) complaint.Facts {
		return complaint.Facts{Support: &complaint.Support{Department: b.Department}}
	}),
	complaint.GiveSupport: reads(func(b *api.GiveSupport) complaint.Facts {
		return complaint.Facts{Support: &complaint.Support{Request: b.Request}}
	}),
	complaint.Find: reads(func(b *api.Find) complaint.Facts {
		return complaint.Facts{Findings: &complaint.Findings{Founded: b.Founded, Cause: b.CauseCode,
			Liability: complaint.Liability(b.Liability), People: personIDs(b.People)}}
	}),
	complaint.Propose: reads(func(b *api.Propose) complaint.Facts { return complaint.Facts{Proposal: proposal(b)} }),
	complaint.Approve: reads(func(b *api.Approve) complaint.Facts {
		return complaint.Facts{Decision: decision(b.Matter, b.ProposalRevision, b.Number)}
	}),
	complaint.Refuse: reads(func(b *api.Refuse) complaint.Facts {
		return complaint.Facts{Decision: decision(b.Matter, b.ProposalRevision, b.Number)}
	}),
	complaint.Inform: reads(func(b *api.Inform) complaint.Facts {
		return complaint.Facts{Answer: &complaint.CustomerReply{ProposalRevision: b.ProposalRevision}}
	}),
	complaint.Answer: reads(func(b *api.Answer) complaint.Facts {
		return complaint.Facts{Answer: &complaint.CustomerReply{ProposalRevision: b.ProposalRevision, Agrees: b.Agrees, AskedBy: string(b.AskedBy)}}
	}),
	complaint.Visit: reads(func(b *api.Visit) complaint.Facts {
		return complaint.Facts{Visit: &complaint.VisitFacts{Report: b.Report, At: instant(b.At)}}
	}),
	complaint.Implement: reads(work),
	complaint.Verify: reads(func(b *api.Verify) complaint.Facts {
		return complaint.Facts{Check: &complaint.Verification{Satisfied: b.Satisfied, BackTo: complaint.Stage(b.BackTo)}}
	}),
	complaint.CallBack: reads(func(b *api.CallBack) complaint.Facts {
		return complaint.Facts{Callback: &complaint.Callback{Number: b.Number, Reached: b.Reached, Satisfaction: complaint.Satisfaction(b.Satisfaction)}}
	}),
	complaint.Assess: reads(func(b *api.Assess) complaint.Facts {
		return complaint.Facts{Assessment: &complaint.Assessment{CaseValue: b.CaseValue}}
	}),
	complaint.Close: reads(func(b *api.Close) complaint.Facts {
		return complaint.Facts{Closing: &complaint.ClosingFacts{Outcome: complaint.Outcome(b.Outcome)}}
	}),
	complaint.Suspend: reads(func(b *api.Suspend) complaint.Facts {
		return complaint.Facts{Suspension: &complaint.Suspension{Kind: complaint.SuspensionKind(b.Kind), Until: b.Until.UTC()}}
	}),
	complaint.Resume: reads(func(*api.Resume) complaint.Facts { return complaint.Facts{} }),
	complaint.Extend: reads(func(b *api.Extend) complaint.Facts {
		return complaint.Facts{Extension: &complaint.Extension{Deadline: b.Deadline, Due: b.Due.UTC()}}
	}),
	complaint.Escalate: reads(func(*api.Escalate) complaint.Facts { return complaint.Facts{} }),
	complaint.Acknowledge: reads(func(b *api.Acknowledge) complaint.Facts {
		return complaint.Facts{Acknowledged: &complaint.Acknowledged{Deadline: b.Deadline}}
	}),
	complaint.Reassign: reads(func(b *api.Reassign) complaint.Facts {
		return complaint.Facts{Assignment: &complaint.Assignment{Department: b.Department, Handler: complaint.PersonID(b.Handler)}}
	}),
	complaint.TakeOver: reads(func(*api.TakeOver) complaint.Facts { return complaint.Facts{} }),
	complaint.Instruct: reads(func(b *api.Instruct) complaint.Facts {
		return complaint.Facts{Order: &complaint.Order{To: complaint.PersonID(b.To), Due: b.Due.UTC()}}
	}),
	complaint.CallOutDone: reads(func(*api.CallOutDone) complaint.Facts { return complaint.Facts{} }),
	complaint.Note:        reads(func(*api.Note) complaint.Facts { return complaint.Facts{} }),
	complaint.Link: reads(func(b *api.Link) complaint.Facts {
		return complaint.Facts{Linked: &complaint.Linked{Relation: complaint.Relation(b.Relation), Number: b.Number}}
	}),
	complaint.Withdraw: reads(func(*api.Withdraw) complaint.Facts { return complaint.Facts{} }),
	complaint.Reopen:   reads(func(*api.Reopen) complaint.Facts { return complaint.Facts{} }),
	complaint.Appeal:   reads(func(*api.Appeal) complaint.Facts { return complaint.Facts{} }),
}

// readStep reads the body of a step. The error is an *api.BodyError for a body that isn't right,
// and errUnknownStep for a step that nobody may send.
func readStep(bodies *api.Bodies, step complaint.StepName, raw []byte) (casework.Act, error) {
	read, known := readers[step]
	if !known {
		return casework.Act{}, fmt.Errorf("%w: %q", errUnknownStep, step)
	}
	return read(bodies, step, raw)
}

var errUnknownStep = errors.New("no such step")

// reads makes the reader of a schema from what its facts are.
func reads[Body any](facts func(*Body) complaint.Facts) reader {
	schema := schemaOf(new(Body))
	return func(bodies *api.Bodies, step complaint.StepName, raw []byte) (casework.Act, error) {
		var body Body
		if err := bodies.Read(schema, raw, &body); err != nil {
			return casework.Act{}, err
		}
		if lacks := wanted(&body); lacks != nil {
			return casework.Act{}, &api.BodyError{Mistakes: lacks}
		}
		var common struct {
			ExpectedRevision int            `json:"expected_revision"`
			Fields           map[string]any `json:"fields"`
			Threat           *api.Threat    `json:"threat"`
		}
		written, err := json.Marshal(body)
		if err == nil {
			err = json.Unmarshal(written, &common)
		}
		if err != nil {
			return casework.Act{}, fmt.Errorf("write the body of %s anew: %w", schema, err)
		}
		a := casework.Act{Step: step, Facts: facts(&body), ExpectedRevision: common.ExpectedRevision, Fields: common.Fields, Body: written}
		a.Facts.Fields = append(a.Facts.Fields, fieldNames(common.Fields)...)
		a.Facts.Threat = threat(common.Threat)
		return a, nil
	}
}

// fieldNames are the names of the fields that are filled, sorted; the workflow gets these and no
// values.
func fieldNames(fields map[string]any) []string {
	names := make([]string, 0, len(fields))
	for name, value := range fields {
		if value != nil && value != "" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// threat is what somebody heard of drastic acts; the schemas say which steps may carry it.
func threat(b *api.Threat) *complaint.ThreatHeard {
	if b == nil {
		return nil
	}
	return &complaint.ThreatHeard{AtRisk: personIDs(b.AtRisk)}
}

func onSpot(b *api.ResolveOnSpot) *complaint.OnSpot {
	if b == nil {
		return nil
	}
	return &complaint.OnSpot{CustomerAccepts: b.CustomerAccepts}
}

func screening(b *api.Screen) *complaint.Screening {
	if b == nil {
		return nil
	}
	s := &complaint.Screening{Kind: complaint.Kind(b.Kind), Valid: b.Valid, Category: b.Category, Severity: complaint.Severity(b.Severity)}
	if s.Severity == "" {
		s.Severity = complaint.Normal
	}
	return s
}

func assignment(b *api.Assign) *complaint.Assignment {
	if b == nil {
		return nil
	}
	return &complaint.Assignment{Department: b.Department, Handler: complaint.PersonID(b.Handler), Owner: complaint.PersonID(b.Owner)}
}

func proposal(b *api.Propose) *complaint.Proposal {
	p := &complaint.Proposal{TimeLimit: instant(b.TimeLimit)}
	for _, r := range b.Remedies {
		p.Remedies = append(p.Remedies, complaint.Remedy{Kind: string(r.Kind), Amount: r.Amount, Currency: r.Currency})
	}
	return p
}

func decision(matter api.Matter, proposalRevision, number int) *complaint.Decision {
	if matter == "" {
		matter = api.Matter(complaint.MatterProposal)
	}
	return &complaint.Decision{Matter: complaint.Matter(matter), ProposalRevision: proposalRevision, Number: number}
}

// work: what is reported is done, unless it says otherwise; its result fills the form's field of
// that name.
func work(b *api.Implement) complaint.Facts {
	w := &complaint.Work{Done: !b.Impossible, Impossible: b.Impossible, Part: b.Part}
	if b.Done != nil && !b.Impossible {
		w.Done = *b.Done
	}
	facts := complaint.Facts{Work: w}
	if b.Result != "" && !b.Impossible {
		facts.Fields = []string{"result"}
	}
	return facts
}

func personIDs(ids []api.PersonID) []complaint.PersonID {
	var out []complaint.PersonID
	for _, id := range ids {
		out = append(out, complaint.PersonID(id))
	}
	return out
}

func instant(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	at = at.UTC()
	return &at
}

// decided is what a step beside the main course decides; its words stay with the submission.
func decided(b *api.SideStep) complaint.SideFacts {
	return complaint.SideFacts{Agrees: b.Agrees, People: personIDs(b.People), Amount: string(b.Amount), Currency: string(b.Currency),
		Due: instant(b.Due), Code: string(b.Code)}
}
