package procedures_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
	"recourse/internal/directory"
	"recourse/internal/simulation"
)

// Whatever people do, and in whatever order, some things always hold.
func TestWhateverPeopleDo(t *testing.T) {
	for _, id := range []string{"courier-station", "real-estate-project"} {
		for seed := range uint64(6) {
			t.Run(fmt.Sprintf("%s %d", id, seed), func(t *testing.T) {
				w := walking(t, id)
				dice := &dice{rand.New(rand.NewPCG(seed, 7)), w}
				w.register("10 Mar 09:00", dice.person(), registered(pick(dice, w.rules.Procedure.CategoryCodes()), "phone"))
				at := w.request.Start
				for range 40 {
					at = at.Add(time.Duration(1+dice.IntN(300)) * time.Minute)
					w.request.Until = at
					soFar, err := simulation.Run(context.Background(), w.request)
					require.NoError(t, err)
					if soFar.Complaint.Ended {
						break
					}
					somebodyCanTakeEachTask(t, w, &soFar.Complaint, at)
					if dice.IntN(6) == 0 {
						dice.leave(&soFar.Complaint, at)
					}
					w.request.Steps = append(w.request.Steps, dice.step(&soFar.Complaint, at))
				}
				w.request.Until = at.AddDate(0, 4, 0)
				timeline, err := simulation.Run(context.Background(), w.request)
				require.NoError(t, err)
				alwaysHolds(t, timeline)
			})
		}
	}
}

func alwaysHolds(t *testing.T, timeline simulation.Timeline) {
	t.Helper()
	rungs, messages := map[complaint.RungRef]bool{}, map[string]bool{}
	open := map[string]int{}
	var subjects, seenBy []complaint.PersonID
	steps := 0
	for _, e := range timeline.Entries {
		switch e.Kind {
		case complaint.StepTaken:
			steps++
			require.NotContains(t, subjects, e.By, "a subject took %s", e.Step.Name)
			if f := e.Step.Facts.Findings; f != nil {
				subjects = append(subjects, f.People...)
			}
		case complaint.PeopleNamed:
			seenBy = e.People.SeenBy
			for _, person := range []complaint.PersonID{e.People.Agent, e.People.Owner, e.People.Handler} {
				require.NotContains(t, subjects, person, "a subject was named")
			}
		case complaint.RungFired:
			ref := complaint.RungRef{Deadline: e.Rung.Deadline, Round: e.Rung.Round, Rung: e.Rung.Rung}
			require.False(t, rungs[ref], "%v fired twice", ref)
			rungs[ref] = true
		case complaint.MessageQueued:
			require.False(t, messages[e.Message.ID], "message %s twice", e.Message.ID)
			messages[e.Message.ID] = true
			require.NotContains(t, subjects, e.Message.To, "a subject was told %s", e.Message.Template)
			if len(seenBy) > 0 && e.Message.To != complaint.Customer {
				require.Contains(t, seenBy, e.Message.To, "%s", e.Message.Template)
			}
		case complaint.DeadlineStarted:
			open[e.Deadline.Name]++
			if e.Deadline.Name != complaint.InstructionClock {
				require.Equal(t, 1, open[e.Deadline.Name], "%s runs twice at once", e.Deadline.Name)
			}
		case complaint.DeadlineEnded:
			open[e.Deadline.Name]--
			require.NotNil(t, e.Deadline.EndedAt)
		case complaint.DeadlineChanged:
			require.True(t, slices.IsSortedFunc(e.Deadline.Pauses, func(a, b complaint.Interval) int { return a.From.Compare(b.From) }))
			for i := 1; i < len(e.Deadline.Pauses); i++ {
				require.False(t, e.Deadline.Pauses[i].From.Before(e.Deadline.Pauses[i-1].To), "%s: pauses overlap", e.Deadline.Name)
			}
		}
	}
	require.Equal(t, steps, timeline.Complaint.Revision)
	require.LessOrEqual(t, timeline.Complaint.Tier(), timeline.Complaint.Terms.TopTier())
	require.Equal(t, timeline.Complaint.Stage == complaint.Closed, timeline.Complaint.Outcome != "")
}

// somebodyCanTakeEachTask: whoever is away, or excluded as a subject, as the first
// screener or as a party to the case, no complaint waits for nobody.
func somebodyCanTakeEachTask(t *testing.T, w *walk, c *complaint.Complaint, at time.Time) {
	t.Helper()
	for _, task := range c.Tasks() {
		if task.Person == complaint.Customer {
			continue
		}
		takers := []complaint.PersonID{task.Person}
		if task.Person == "" {
			takers = slices.Sorted(maps.Keys(w.rules.Directory.People))
		}
		require.True(t, slices.ContainsFunc(takers, func(person complaint.PersonID) bool {
			actor := w.actor(person, at)
			away := w.rules.Directory.AwayAt(person, at) && len(c.People.SeenBy) == 0 // those who alone may see a letter can all be away
			if away || task.Person == "" && !actor.Has(task.Role) || !c.Visible(actor) {
				return false
			}
			if task.Kind == complaint.Approve {
				facts := complaint.Facts{Decision: &complaint.Decision{Matter: complaint.Matter(task.Detail), ProposalRevision: c.Proposals, Number: openNumber(c, complaint.Matter(task.Detail))}}
				return c.Check(complaint.Step{Name: task.Kind, By: actor, At: at, Facts: facts}) == nil
			}
			return slices.Contains(c.Allowed(actor), task.Kind)
		}), "nobody can take %+v at %s: %+v, subjects %v, screened by %s, absences %v", task, c.Stage, c.People, c.Subjects, c.ScreenedBy, w.rules.Directory.Absences)
	}
	for _, side := range c.Sides {
		if side.State != complaint.SideDone && side.Person != "" {
			require.True(t, c.Visible(w.actor(side.Person, at)), "nobody can take %+v: %+v, subjects %v", side, c.People, c.Subjects)
			require.False(t, w.rules.Directory.AwayAt(side.Person, at) && len(c.People.SeenBy) == 0, "%+v waits for somebody away", side)
		}
	}
}

// openNumber is that of the matter that is open for decision, 0 when none is.
func openNumber(c *complaint.Complaint, matter complaint.Matter) int {
	for _, m := range c.Approvals {
		if m.Matter == matter && m.Open() {
			return m.Number
		}
	}
	return 0
}

// dice chooses what people do.
type dice struct {
	*rand.Rand
	w *walk
}

func pick[T any](d *dice, from []T) T { return from[d.IntN(len(from))] }

func (d *dice) person() complaint.PersonID {
	people := []complaint.PersonID{complaint.Customer}
	for person := range d.w.rules.Directory.People {
		people = append(people, person)
	}
	slices.Sort(people)
	return pick(d, people)
}

// leave lets somebody go away for a while: what they have moves on at once.
func (d *dice) leave(c *complaint.Complaint, at time.Time) {
	absence := directory.Absence{Person: d.employee(), From: at, Until: at.AddDate(0, 0, 1+d.IntN(3))}
	d.w.rules.Directory.Absences = append(d.w.rules.Directory.Absences, absence)
	if c.OnDuty(d.w.actor(absence.Person, at)) {
		d.w.request.Steps = append(d.w.request.Steps, complaint.Step{Name: complaint.Substitute, By: complaint.Actor{Person: complaint.Procedure},
			At: at, Facts: complaint.Facts{Absent: &complaint.Absent{Person: absence.Person}}})
	}
}

// onward are the steps of the main course.
var onward = []complaint.StepName{complaint.Screen, complaint.Explain, complaint.Assign, complaint.Accept, complaint.Contact, complaint.Find,
	complaint.Propose, complaint.Approve, complaint.Answer, complaint.Implement, complaint.Verify, complaint.CallBack, complaint.Assess}

// step is mostly one of the main course that somebody may take as things stand,
// now and then one beside it, and sometimes anything by anybody.
func (d *dice) step(c *complaint.Complaint, at time.Time) complaint.Step {
	step := complaint.Step{Name: pick(d, complaint.StepNames()), By: d.w.actor(d.present(at), at), At: at}
	if d.IntN(6) > 0 {
		ahead := d.IntN(3) > 0
		for range 200 { // until somebody is found who may do something
			actor := d.w.actor(d.present(at), at)
			allowed := slices.DeleteFunc(c.Allowed(actor), func(name complaint.StepName) bool {
				return ahead && !slices.Contains(onward, name) || name == complaint.Contact && c.Contacted ||
					name == complaint.Withdraw || name == complaint.Link || name == complaint.ResolveOnSpot && d.IntN(4) > 0
			})
			if len(allowed) > 0 {
				step.Name, step.By = pick(d, allowed), actor
				break
			}
		}
	}
	step.Facts = d.facts(step.Name, at, c.Proposals)
	if decision := step.Facts.Decision; decision != nil {
		decision.Number = openNumber(c, decision.Matter)
	}
	return step
}

func (d *dice) yes() bool { return d.IntN(2) == 0 }

// facts are well-formed, and often not what the moment asks for.
func (d *dice) facts(step complaint.StepName, at time.Time, proposals int) complaint.Facts {
	revision := max(1, proposals-d.IntN(8)/7) // now and then an older one
	category := pick(d, d.w.rules.Procedure.CategoryCodes())
	later := at.Add(time.Duration(1+d.IntN(200)) * time.Hour)
	switch step {
	case complaint.ResolveOnSpot:
		return complaint.Facts{OnSpot: &complaint.OnSpot{CustomerAccepts: true}}
	case complaint.Screen:
		return complaint.Facts{Screening: &complaint.Screening{Category: category, Valid: d.IntN(4) > 0,
			Kind:     pick(d, []complaint.Kind{complaint.KindComplaint, complaint.KindComplaint, complaint.KindEnquiry, complaint.KindWhistleblowing}),
			Severity: pick(d, []complaint.Severity{complaint.Normal, complaint.Major, complaint.Emergency, complaint.Mass})}}
	case complaint.Explain:
		return explained(d.yes())
	case complaint.Assign, complaint.Reassign:
		return assigned("", d.employee(), pick(d, []complaint.PersonID{"", d.employee()}))
	case complaint.Contact:
		return reached(d.yes())
	case complaint.RequestSupport:
		return complaint.Facts{Support: &complaint.Support{Department: pick(d, slices.Sorted(maps.Keys(d.w.rules.Directory.Departments)))}}
	case complaint.GiveSupport:
		return complaint.Facts{Support: &complaint.Support{Request: 1 + d.IntN(2)}}
	case complaint.Find:
		facts := found("", pick(d, []complaint.Liability{complaint.LiableDepartment, complaint.LiableCustomer, complaint.Undetermined, complaint.Undetermined}))
		facts.Findings.Founded = d.IntN(4) > 0
		if facts.Findings.Liability == complaint.LiableDepartment {
			facts.Findings.People = []complaint.PersonID{d.employee()}
		}
		return facts
	case complaint.Propose:
		return complaint.Facts{Proposal: &complaint.Proposal{Due: &later, Remedies: []complaint.Remedy{{Kind: "refund", Currency: "CNY",
			Amount: pick(d, []string{"", "100", "5000"})}}}}
	case complaint.Approve, complaint.Refuse:
		return complaint.Facts{Decision: &complaint.Decision{ProposalRevision: revision,
			Matter: pick(d, []complaint.Matter{complaint.MatterProposal, complaint.MatterProposal, complaint.MatterSuspension, complaint.MatterReply, complaint.MatterVisit})}}
	case complaint.Inform, complaint.Answer:
		return answered(revision, d.yes())
	case complaint.Visit:
		return complaint.Facts{Visit: &complaint.VisitFacts{Report: d.yes()}}
	case complaint.Implement:
		return complaint.Facts{Work: &complaint.Work{Done: true, Impossible: d.IntN(4) == 0}}
	case complaint.Verify:
		return checked(d.yes())
	case complaint.CallBack:
		return called(pick(d, []complaint.Satisfaction{"", complaint.Satisfied, complaint.Neutral, complaint.Dissatisfied}))
	case complaint.Assess:
		return complaint.Facts{Assessment: &complaint.Assessment{CaseValue: d.yes()}}
	case complaint.Close:
		return closedAs(pick(d, []complaint.Outcome{complaint.Resolved, complaint.Unresolved}), "result", "waybill")
	case complaint.Suspend:
		return complaint.Facts{Suspension: &complaint.Suspension{Until: later,
			Kind: pick(d, []complaint.SuspensionKind{complaint.CustomerAway, complaint.PartsOnOrder, complaint.AgreedDate})}}
	case complaint.Extend:
		return complaint.Facts{Extension: &complaint.Extension{Due: later, Deadline: pick(d, []string{"forward", "contact", "settle", "investigate",
			complaint.CustomerAnswerClock, complaint.CallbackClock, complaint.OpenMatterClock})}}
	case complaint.Instruct:
		return complaint.Facts{Order: &complaint.Order{To: d.employee(), Due: later}}
	case complaint.Link:
		return complaint.Facts{Linked: &complaint.Linked{Relation: complaint.Repeats, Number: "A-1"}}
	}
	return nothing
}

// present is somebody who isn't away.
func (d *dice) present(at time.Time) complaint.PersonID {
	for {
		if person := d.person(); !d.w.rules.Directory.AwayAt(person, at) {
			return person
		}
	}
}

func (d *dice) employee() complaint.PersonID {
	for {
		if person := d.person(); person != complaint.Customer {
			return person
		}
	}
}
