package procedures_test

import (
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
				dice := &dice{Rand: rand.New(rand.NewPCG(seed, 7)), Request: simulation.Request{Rules: rulesOf(t, id, ""), Number: "X-1",
					Start: time.Date(2026, 3, 10, 1, 0, 0, 0, time.UTC)}}
				dice.register()
				at := dice.Start
				for range 40 {
					at = at.Add(time.Duration(1+dice.IntN(300)) * time.Minute)
					dice.Until = at
					c := lived(t, dice.Request)
					if c.Ended {
						break
					}
					somebodyCanTakeEachTask(t, dice, &c, at)
					if dice.IntN(6) == 0 {
						dice.leave(&c, at)
					}
					dice.Steps = append(dice.Steps, dice.step(&c, at))
				}
				dice.Until = at.AddDate(0, 4, 0)
				timeline, err := simulation.Run(t.Context(), dice.Request)
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
func somebodyCanTakeEachTask(t *testing.T, d *dice, c *complaint.Complaint, at time.Time) {
	t.Helper()
	for _, task := range c.Tasks() {
		if task.Person == complaint.Customer {
			continue
		}
		takers := []complaint.PersonID{task.Person}
		if task.Person == "" {
			takers = slices.Sorted(maps.Keys(d.Rules.Directory.People))
		}
		require.True(t, slices.ContainsFunc(takers, func(person complaint.PersonID) bool {
			actor := d.actor(person, at)
			away := d.Rules.Directory.AwayAt(person, at) && len(c.People.SeenBy) == 0 // those who alone may see a letter can all be away
			if away || task.Person == "" && !actor.Has(task.Role) || !c.Visible(actor) {
				return false
			}
			if decision, is := task.Decides(); is && task.Kind == complaint.Approve {
				return c.Check(complaint.Step{Name: task.Kind, By: actor, At: at, Facts: complaint.Facts{Decision: &decision}}) == nil
			}
			opens := func(o complaint.Opening) bool { return o.Step == task.Kind }
			return slices.Contains(c.Allowed(actor, at), task.Kind) || slices.ContainsFunc(c.AllowedLater(actor, at), opens)
		}), "nobody can take %+v at %s: %+v, subjects %v, screened by %s, absences %v", task, c.Stage, c.People, c.Subjects, c.ScreenedBy, d.Rules.Directory.Absences)
	}
	for _, side := range c.Sides {
		if side.State != complaint.SideDone && side.Person != "" {
			require.True(t, c.Visible(d.actor(side.Person, at)), "nobody can take %+v: %+v, subjects %v", side, c.People, c.Subjects)
			require.False(t, d.Rules.Directory.AwayAt(side.Person, at) && len(c.People.SeenBy) == 0, "%+v waits for somebody away", side)
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

// dice chooses what people do in one life.
type dice struct {
	*rand.Rand
	simulation.Request
}

func (d *dice) register() {
	by := d.actor(d.person(), d.Start)
	d.Registration = complaint.Step{Name: complaint.Register, By: by, At: d.Start, Facts: complaint.Facts{Registration: &complaint.Registration{
		Procedure: d.Rules.Procedure.ID, Version: 1, Channel: "phone", Category: pick(d, d.Rules.Procedure.CategoryCodes()), Language: "en"}}}
}

func (d *dice) actor(person complaint.PersonID, at time.Time) complaint.Actor {
	if person == complaint.Customer {
		return complaint.Actor{Person: person, Roles: []complaint.Role{complaint.CustomerRole}}
	}
	return complaint.Actor{Person: person, Roles: d.Rules.Directory.RolesOf(person, at, d.Rules.Procedure.Roles), Department: d.Rules.Directory.DepartmentOf(person)}
}

func pick[T any](d *dice, from []T) T { return from[d.IntN(len(from))] }

func (d *dice) person() complaint.PersonID {
	people := []complaint.PersonID{complaint.Customer}
	for person := range d.Rules.Directory.People {
		people = append(people, person)
	}
	slices.Sort(people)
	return pick(d, people)
}

// leave lets somebody go away for a while: what they have moves on at once.
func (d *dice) leave(c *complaint.Complaint, at time.Time) {
	absence := directory.Absence{Person: d.employee(), From: at, Until: at.AddDate(0, 0, 1+d.IntN(3))}
	d.Rules.Directory.Absences = append(d.Rules.Directory.Absences, absence)
	if c.OnDuty(d.actor(absence.Person, at)) {
		d.Steps = append(d.Steps, complaint.Step{Name: complaint.Substitute, By: complaint.Actor{Person: complaint.Procedure},
			At: at, Facts: complaint.Facts{Absent: &complaint.Absent{Person: absence.Person}}})
	}
}

// onward are the steps of the main course.
var onward = []complaint.StepName{complaint.Screen, complaint.Explain, complaint.Assign, complaint.Accept, complaint.Contact, complaint.Find,
	complaint.Propose, complaint.Approve, complaint.Answer, complaint.Implement, complaint.Verify, complaint.CallBack, complaint.Assess}

// step is mostly one of the main course that somebody may take as things stand,
// now and then one beside it, and sometimes anything by anybody.
func (d *dice) step(c *complaint.Complaint, at time.Time) complaint.Step {
	step := complaint.Step{Name: pick(d, complaint.StepNames()), By: d.actor(d.present(at), at), At: at}
	if d.IntN(6) > 0 {
		ahead := d.IntN(3) > 0
		for range 200 { // until somebody is found who may do something
			actor := d.actor(d.present(at), at)
			allowed := slices.DeleteFunc(c.Allowed(actor, at), func(name complaint.StepName) bool {
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
	category := pick(d, d.Rules.Procedure.CategoryCodes())
	later := at.Add(time.Duration(1+d.IntN(200)) * time.Hour)
	switch step {
	case complaint.ResolveOnSpot:
		return complaint.Facts{OnSpot: &complaint.OnSpot{CustomerAccepts: true}}
	case complaint.Screen:
		return complaint.Facts{Screening: &complaint.Screening{Category: category, Valid: d.IntN(4) > 0,
			Kind:     pick(d, []complaint.Kind{complaint.KindComplaint, complaint.KindComplaint, complaint.KindEnquiry, complaint.KindWhistleblowing}),
			Severity: pick(d, []complaint.Severity{complaint.Normal, complaint.Major, complaint.Emergency, complaint.Mass})}}
	case complaint.Reopen:
		return complaint.Facts{Reopening: &complaint.Reopening{AskedBy: pick(d, []string{"", "phone"})}}
	case complaint.Explain:
		return complaint.Facts{Explanation: &complaint.Explanation{Contested: d.yes()}}
	case complaint.Assign, complaint.Reassign:
		return complaint.Facts{Assignment: &complaint.Assignment{Handler: d.employee(), Owner: pick(d, []complaint.PersonID{"", d.employee()})}}
	case complaint.Contact:
		return complaint.Facts{Contact: &complaint.ContactMade{Reached: d.yes()}}
	case complaint.RequestSupport:
		return complaint.Facts{Support: &complaint.Support{Department: pick(d, slices.Sorted(maps.Keys(d.Rules.Directory.Departments)))}}
	case complaint.GiveSupport:
		return complaint.Facts{Support: &complaint.Support{Request: 1 + d.IntN(2)}}
	case complaint.Find:
		found := complaint.Findings{Liability: pick(d, []complaint.Liability{complaint.LiableDepartment, complaint.LiableCustomer, complaint.Undetermined, complaint.Undetermined})}
		found.Founded = d.IntN(4) > 0
		if found.Liability == complaint.LiableDepartment {
			found.People = []complaint.PersonID{d.employee()}
		}
		return complaint.Facts{Findings: &found}
	case complaint.Propose:
		return complaint.Facts{Proposal: &complaint.Proposal{TimeLimit: &later, Remedies: []complaint.Remedy{{Kind: "refund", Currency: "CNY",
			Amount: pick(d, []string{"", "100", "5000"})}}}}
	case complaint.Approve, complaint.Refuse:
		return complaint.Facts{Decision: &complaint.Decision{ProposalRevision: revision,
			Matter: pick(d, []complaint.Matter{complaint.MatterProposal, complaint.MatterProposal, complaint.MatterSuspension, complaint.MatterReply, complaint.MatterVisit})}}
	case complaint.Inform, complaint.Answer:
		return complaint.Facts{Answer: &complaint.CustomerReply{ProposalRevision: revision, Agrees: d.yes()}}
	case complaint.Visit:
		return complaint.Facts{Visit: &complaint.VisitFacts{Report: d.yes()}}
	case complaint.Implement:
		return complaint.Facts{Work: &complaint.Work{Done: true, Impossible: d.IntN(4) == 0}}
	case complaint.Verify:
		check := complaint.Verification{Satisfied: d.yes()}
		if !check.Satisfied {
			check.BackTo = complaint.Implementing
		}
		return complaint.Facts{Check: &check}
	case complaint.CallBack:
		satisfaction := pick(d, []complaint.Satisfaction{"", complaint.Satisfied, complaint.Neutral, complaint.Dissatisfied})
		return complaint.Facts{Callback: &complaint.Callback{Reached: satisfaction != "", Satisfaction: satisfaction}}
	case complaint.Assess:
		return complaint.Facts{Assessment: &complaint.Assessment{CaseValue: d.yes()}}
	case complaint.Close:
		return complaint.Facts{Fields: []string{"result", "waybill"},
			Closing: &complaint.ClosingFacts{Outcome: pick(d, []complaint.Outcome{complaint.Resolved, complaint.Unresolved})}}
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
	return complaint.Facts{}
}

// present is somebody who isn't away.
func (d *dice) present(at time.Time) complaint.PersonID {
	for {
		if person := d.person(); !d.Rules.Directory.AwayAt(person, at) {
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
