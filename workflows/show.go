package workflows

import (
	"fmt"
	"strings"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"recourse/internal/complaint"
)

// The search attributes by which operators find complaints. On SQL visibility
// there is room for ten keywords and three of each other type.
var (
	StageAttribute      = temporal.NewSearchAttributeKeyKeyword("ComplaintStage")
	DepartmentAttribute = temporal.NewSearchAttributeKeyKeyword("ComplaintDepartment")
	HandlerAttribute    = temporal.NewSearchAttributeKeyKeyword("ComplaintHandler")
	OwnerAttribute      = temporal.NewSearchAttributeKeyKeyword("ComplaintOwner")
	SeverityAttribute   = temporal.NewSearchAttributeKeyKeyword("ComplaintSeverity")
	ProcedureAttribute  = temporal.NewSearchAttributeKeyKeyword("ComplaintProcedure")
	TierAttribute       = temporal.NewSearchAttributeKeyInt64("ComplaintTier")
	DueAttribute        = temporal.NewSearchAttributeKeyTime("ComplaintDue")
	SuspendedAttribute  = temporal.NewSearchAttributeKeyBool("ComplaintSuspended")
)

// longest is how many bytes a keyword, a summary or a note for the Temporal UI
// may have. A keyword of more than 255 characters is accepted and then blocks
// the row of visibility for ever.
const longest = 200

// cut is the one place where text for Temporal is kept short.
func cut(s string) string {
	if len(s) <= longest {
		return s
	}
	return strings.ToValidUTF8(s[:longest], "")
}

// shown is what the operator sees now, so that only what changed is sent.
type shown struct {
	stage, department, handler, owner, severity, procedure string
	tier                                                   int
	due                                                    time.Time
	suspended                                              bool
	started                                                bool
}

// show tells the Temporal UI where the complaint stands: the search attributes
// that changed, in one command, and the current details, which cost no event.
func (l *life) show(ctx workflow.Context) {
	c := &l.complaint
	now := shown{stage: string(c.Stage), department: c.People.Department, handler: string(c.People.Handler),
		owner: string(c.People.Owner), severity: string(c.Severity()), procedure: c.Terms.Procedure, tier: c.Tier(), started: true}
	if d, there := c.NextDue(); there {
		now.due = d.DueAt
	}
	_, now.suspended = c.Suspended()

	var changed []temporal.SearchAttributeUpdate
	word := func(key temporal.SearchAttributeKeyKeyword, before, after string) {
		switch {
		case before == after:
		case after == "":
			changed = append(changed, key.ValueUnset())
		default:
			changed = append(changed, key.ValueSet(cut(after)))
		}
	}
	word(StageAttribute, l.shown.stage, now.stage)
	word(DepartmentAttribute, l.shown.department, now.department)
	word(HandlerAttribute, l.shown.handler, now.handler)
	word(OwnerAttribute, l.shown.owner, now.owner)
	word(SeverityAttribute, l.shown.severity, now.severity)
	word(ProcedureAttribute, l.shown.procedure, now.procedure)
	if !l.shown.started || now.tier != l.shown.tier {
		changed = append(changed, TierAttribute.ValueSet(int64(now.tier)))
	}
	if !l.shown.started || now.suspended != l.shown.suspended {
		changed = append(changed, SuspendedAttribute.ValueSet(now.suspended))
	}
	if !now.due.Equal(l.shown.due) {
		if now.due.IsZero() {
			changed = append(changed, DueAttribute.ValueUnset())
		} else {
			changed = append(changed, DueAttribute.ValueSet(now.due))
		}
	}
	if len(changed) > 0 {
		if err := workflow.UpsertTypedSearchAttributes(ctx, changed...); err != nil {
			l.log.Error("search attributes weren't changed", "number", c.Number, "error", err)
		}
	}
	l.shown = now
	workflow.SetCurrentDetails(ctx, l.details())
}

// details say in Markdown what an operator asks first: where it stands, who has
// it, what is due, what fires next, and what it waits for.
func (l *life) details() string {
	c := &l.complaint
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n\n", args...) }
	line("**%s** · %s · %s", c.Number, c.Terms.Procedure, c.Category())
	line("Stage **%s** since %s, tier %d", c.Stage, stamp(c.StageSince), c.Tier())
	line("Department %s · owner %s · handler %s", orNobody(c.People.Department),
		orNobody(string(c.People.Owner)), orNobody(string(c.People.Handler)))
	if matter, resting := c.Suspended(); resting {
		line("Suspended (%s) until %s", matter.Kind, stamp(matter.Until))
	}
	if c.Threat != nil && c.Stage != complaint.Closed {
		line("Threat announced")
	}
	for i, task := range c.Tasks() {
		if i == 5 {
			line("…")
			break
		}
		who := string(task.Person)
		if who == "" {
			who = string(task.Role)
		}
		switch task.Detail {
		case "":
			line("Waits for **%s** by %s", task.Kind, orNobody(who))
		case complaint.WatchTask:
			line("Watch is kept by %s", orNobody(who))
		default:
			line("Waits for **%s** (%s) by %s", task.Kind, task.Detail, orNobody(who))
		}
	}
	if d, there := c.NextDue(); there {
		line("Due next: %s at %s", d.Name, stamp(d.DueAt))
	}
	if ref, there := c.NextRung(); there {
		line("Fires next: %s at %s", l.rungSummary(ref), stamp(ref.At))
	}
	if c.Outcome != "" {
		line("Outcome: %s", c.Outcome)
	}
	return limited(b.String())
}

// limited keeps the details within what the UI shows well.
func limited(s string) string {
	const most = 4000
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "")
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

func orNobody(s string) string {
	if s == "" {
		return "nobody yet"
	}
	return s
}

// SummaryOf is the static summary under which a complaint's workflow starts.
func SummaryOf(number, procedure, category string) string {
	return cut(strings.Trim(number+" · "+procedure+" · "+category, " ·"))
}

// MemoOf is the memo of a complaint's workflow: it survives continue-as-new,
// which loses the static summary.
func MemoOf(number, procedure, category string) map[string]any {
	return map[string]any{"number": cut(number), "procedure": cut(procedure), "category": cut(category)}
}
