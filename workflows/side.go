package workflows

import (
	"slices"
	"time"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"recourse/internal/complaint"
)

const (
	// SideWorkflow is the workflow of a process beside a complaint:
	// accountability, a supplier's claim, a corrective action. Its ID is SideID.
	SideWorkflow = "SideProcess"
	// SideActivity answers a complaint.SideQuestion with a complaint.SideTask.
	SideActivity = "SideStep"
	// TellActivity tells the complaint of a number a complaint.SideReport. It fails while no
	// workflow of it runs.
	TellActivity = "TellComplaint"
)

// SideQuery asks the workflow of a process beside a complaint what its complaint knows from it, or
// is being told: []complaint.SideReport, oldest first.
const SideQuery = "side"

// toldUntilHeard is when a process beside a complaint came to tell it again and again. What was
// told in vain before stays so: whoever looks after the complaint asks for it.
const toldUntilHeard = "told until heard"

// SideID is the workflow ID of a side process.
func SideID(number, kind, id string) string { return number + "/" + kind + "/" + id }

// Side is what a side process is started with.
type Side struct {
	Number     string               `json:"number"`
	Kind       string               `json:"kind"`
	ID         string               `json:"id"`
	Procedure  string               `json:"procedure"`
	Version    int                  `json:"version"`
	Steps      []string             `json:"steps"` // those that the case needs, in order
	Department string               `json:"department,omitempty"`
	Subjects   []complaint.PersonID `json:"subjects,omitempty"`
	SeenBy     []complaint.PersonID `json:"seen_by,omitempty"` // of a letter closed to people named
	// Resumed is set where it goes on from what the complaint's record knows of it, because the
	// workflow that had begun it is lost.
	Resumed *Resumed `json:"resumed,omitempty"`
}

// Resumed is how far a side process had come.
type Resumed struct {
	Step   int       `json:"step"`             // that it waits for, from 0
	At     time.Time `json:"at"`               // when the step before was taken
	Agreed bool      `json:"agreed,omitempty"` // the step before did
	Fired  []string  `json:"fired,omitempty"`  // the labels of the rungs that have fired since
}

// startSides starts the side processes that the procedure has just set going.
// They live on their own: they outlast this run and report by signal, and no
// stage waits for them.
func (l *life) startSides(ctx workflow.Context, events []complaint.Event) {
	for _, e := range events {
		if e.Kind != complaint.SideStarted || l.hasReported(*e.Side) {
			continue
		}
		side := Side{Number: l.complaint.Number, Kind: e.Side.Kind, ID: e.Side.ID, Steps: e.Side.Steps, Procedure: l.complaint.Terms.Procedure,
			Version: l.complaint.Terms.Version, Department: l.complaint.People.Department, Subjects: l.complaint.KeptOut(), SeenBy: l.complaint.People.SeenBy}
		child := workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
			WorkflowID:            SideID(side.Number, side.Kind, side.ID),
			ParentClosePolicy:     enums.PARENT_CLOSE_POLICY_ABANDON,
			WorkflowIDReusePolicy: enums.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE,
			StaticSummary:         cut(side.Kind + " of " + side.Number),
		})
		started := workflow.ExecuteChildWorkflow(child, SideProcess, side).GetChildWorkflowExecution()
		l.starting++
		workflow.Go(ctx, func(ctx workflow.Context) {
			// It has started when this returns; that it had started before (a reset) is as good.
			if err := started.Get(ctx, nil); err != nil {
				l.log.Warn("side process not started anew", "number", side.Number, "kind", side.Kind, "error", err)
			}
			l.starting--
		})
	}
}

// hasReported reports whether a side process has said anything since it was to
// start: after a reset the record has its start and what came of it.
func (l *life) hasReported(started complaint.Side) bool {
	return slices.ContainsFunc(l.complaint.Sides, func(side complaint.Side) bool {
		return side.Kind == started.Kind && side.ID == started.ID && side.State != started.State
	})
}

// SideProcess takes the steps of one process beside a complaint in their order,
// each by the person and the time that the procedure says.
func SideProcess(ctx workflow.Context, in Side) error {
	s := &side{in: in, at: workflow.Now(ctx)}
	err := workflow.SetUpdateHandlerWithOptions(ctx, StepUpdate, s.take, workflow.UpdateHandlerOptions{Validator: s.validate})
	if err != nil {
		return err
	}
	if err := workflow.SetQueryHandler(ctx, SideQuery, func() ([]complaint.SideReport, error) { return s.reports, nil }); err != nil {
		return err
	}
	begun := Resumed{At: s.at}
	if in.Resumed != nil {
		begun = *in.Resumed
	}
	s.at, s.agreed, s.fired = begun.At, begun.Agreed, begun.Fired
	for step := begun.Step; !s.task.Done; step++ {
		if err := s.ask(ctx, step); err != nil {
			return s.giveUp(ctx, err)
		}
		if in.Resumed == nil || step > begun.Step || s.task.Done {
			s.report(ctx, complaint.Rung{})
		} else { // the complaint knows
			s.reports = append(s.reports, s.task.Report(in.Kind, in.ID, complaint.Rung{}))
		}
		step += s.task.Skipped
		if err := s.awaitStep(ctx); err != nil {
			return s.giveUp(ctx, err)
		}
	}
	return workflow.Await(ctx, func() bool { return workflow.AllHandlersFinished(ctx) })
}

type side struct {
	in    Side
	task  complaint.SideTask
	at    time.Time
	taken *complaint.Step // the step taken last
	told  bool            // the complaint is told of it
	// reports are what the complaint knows from this process, or is being told.
	reports []complaint.SideReport
	// agreed says that it did, and fired which rungs of the step waited for have fired.
	agreed bool
	fired  []string
	// asked and steps count the steps asked for and those taken: the process
	// waits for one while the first is ahead.
	asked, steps int
}

// waits reports whether the process waits for a step, or for none any more. In
// between, a step was taken and what follows is still being asked.
func (s *side) waits() bool { return s.steps < s.asked || s.task.Done }

// ask asks the procedure for the next step.
func (s *side) ask(ctx workflow.Context, step int) error {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: 10 * time.Second,
		RetryPolicy: &temporal.RetryPolicy{InitialInterval: time.Second, MaximumInterval: 15 * time.Second}})
	question := complaint.SideQuestion{Number: s.in.Number, Procedure: s.in.Procedure, Version: s.in.Version, Kind: s.in.Kind,
		Steps: s.in.Steps, Step: step, At: s.at, Department: s.in.Department, Subjects: s.in.Subjects, SeenBy: s.in.SeenBy,
		Agreed: s.agreed}
	var task complaint.SideTask
	if err := workflow.ExecuteActivity(ctx, SideActivity, question).Get(ctx, &task); err != nil {
		return err
	}
	s.task = task
	s.asked++
	workflow.SetCurrentDetails(ctx, cut(s.in.Kind+" of "+s.in.Number+" waits for "+string(task.Step)+" by "+string(task.Person)))
	return nil
}

// giveUp ends a process that an operator has cancelled: the complaint needn't
// wait for it any more.
func (s *side) giveUp(ctx workflow.Context, cancelled error) error {
	s.task = complaint.SideTask{Done: true}
	s.report(ctx, complaint.Rung{})
	return cancelled
}

// awaitStep waits for the step, and lets the rungs of its clock fire meanwhile.
// Its only error is that the process was cancelled.
func (s *side) awaitStep(ctx workflow.Context) error {
	if s.task.Done {
		return nil
	}
	came := func() bool { return s.steps == s.asked } // it may have come while the complaint was told
	for _, rung := range s.task.Rungs {
		if slices.Contains(s.fired, rung.Label) {
			continue
		}
		timerCtx, cancel := workflow.WithCancel(ctx)
		timer := workflow.NewTimerWithOptions(timerCtx, rung.At.Sub(workflow.Now(ctx)),
			workflow.TimerOptions{Summary: cut(s.in.Kind + " " + string(s.task.Step) + " " + rung.Label)})
		err := workflow.Await(ctx, func() bool { return came() || timer.IsReady() })
		cancel()
		if err != nil || came() {
			return err
		}
		s.report(ctx, rung)
	}
	return workflow.Await(ctx, came)
}

// report tells the complaint where the process stands; the complaint records it
// and tells people. It is told even while the process is being cancelled, and again and again while
// its workflow isn't there: it begins anew from the record, which knows nothing of this.
func (s *side) report(ctx workflow.Context, rung complaint.Rung) {
	ctx, _ = workflow.NewDisconnectedContext(ctx)
	report := s.task.Report(s.in.Kind, s.in.ID, rung)
	if s.taken != nil && !s.told {
		s.told = true
		report.TakenBy, report.Taken, report.Submission, report.Said = s.taken.By.Person, s.taken.Name, s.taken.Submission, s.taken.Facts.Side
	}
	s.reports = append(s.reports, report)
	err := workflow.SignalExternalWorkflow(ctx, s.in.Number, "", StepSignal, ReportStep(report)).Get(ctx, nil)
	if err == nil || workflow.GetVersion(ctx, toldUntilHeard, workflow.DefaultVersion, 1) == workflow.DefaultVersion {
		return
	}
	// Not a timer and the signal again: a worker of the version before would take them for a rung.
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: 10 * time.Second, Summary: cut("tell " + s.in.Number),
		RetryPolicy: &temporal.RetryPolicy{InitialInterval: time.Second, MaximumInterval: longestRetelling}})
	if err := workflow.ExecuteActivity(ctx, TellActivity, s.in.Number, report).Get(ctx, nil); err != nil { // somebody has ended it
		workflow.GetLogger(ctx).Error("the complaint can't be told", "number", s.in.Number, "side", s.in.Kind, "error", err)
	}
}

// longestRetelling is the longest pause between two attempts to tell a complaint whose workflow
// isn't there: so long after it is back, the complaint knows at the latest.
const longestRetelling = 10 * time.Minute

// ReportStep is the signal by which a process beside a complaint tells it something. Repeated, it
// is known by what it says.
func ReportStep(report complaint.SideReport) complaint.Step {
	return complaint.Step{Name: complaint.Report, Facts: complaint.Facts{Report: &report}}
}

func (s *side) validate(_ workflow.Context, step complaint.Step) error {
	if !s.waits() {
		return nil // judged when its turn comes
	}
	if refusal := s.task.CheckSide(step, s.in.Subjects); refusal != nil {
		return refused(refusal)
	}
	return nil
}

// take takes the step, once it is waited for, and answers with what the process
// waits for next.
func (s *side) take(ctx workflow.Context, step complaint.Step) (complaint.SideTask, error) {
	if err := workflow.Await(ctx, s.waits); err != nil {
		return complaint.SideTask{}, err
	}
	if refusal := s.task.CheckSide(step, s.in.Subjects); refusal != nil {
		return complaint.SideTask{}, refused(refusal)
	}
	if said := step.Facts.Side; said != nil { // who is judged takes no further part in it
		s.in.Subjects = append(slices.Clone(s.in.Subjects), said.People...)
	}
	s.taken, s.told, s.at, s.agreed, s.fired = &step, false, step.At, step.Facts.Side.Agreed(), nil
	s.steps++
	err := workflow.Await(ctx, s.waits)
	return s.task, err
}
