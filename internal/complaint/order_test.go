package complaint_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"recourse/internal/complaint"
)

// "Visit the customer" isn't done by whatever its person does next.
// First review: B4.
func TestAWrittenOrderIsAnsweredByAWordOfItsOwn(t *testing.T) {
	c := at(complaint.Verifying, ordered, ordered)
	c.Terms.Generation = complaint.Newest
	c.Orders = append(c.Orders, complaint.OrderGiven{To: c.People.Owner, By: cast["auditor"].Person, Due: now.AddDate(0, 0, 2)})
	take := func(step complaint.StepName, facts complaint.Facts) {
		taken := taken(step, cast["owner"], facts)
		require.Nil(t, c.Check(taken))
		c.Apply(complaint.Event{Kind: complaint.StepTaken, At: taken.At, By: taken.By.Person, Step: &taken})
	}
	open := func() (tasks int) {
		for _, task := range c.Tasks() {
			if task.Kind == complaint.CarriedOut {
				require.Equal(t, c.People.Owner, task.Person)
				tasks++
			}
		}
		return tasks
	}
	take(complaint.Note, complaint.Facts{})
	require.Equal(t, 2, open())
	take(complaint.CarriedOut, complaint.Facts{CarriedOut: &complaint.OrderAnswered{Order: 2}})
	require.Equal(t, 1, open())
	require.Equal(t, complaint.ReasonNothingOrdered,
		c.Check(taken(complaint.CarriedOut, cast["owner"], complaint.Facts{CarriedOut: &complaint.OrderAnswered{Order: 2}})).Reason, "that one is")
	take(complaint.CarriedOut, complaint.Facts{})
	require.Zero(t, open())
	require.NotContains(t, c.Allowed(cast["owner"], now), complaint.CarriedOut)
}

// First review: D10.
func TestNobodyIsGivenOrdersWithoutEnd(t *testing.T) {
	c := at(complaint.Investigating)
	order := taken(complaint.Instruct, cast["auditor"], complaint.Facts{Order: &complaint.Order{Due: now.AddDate(0, 0, 1)}})
	for range complaint.MostOpenOrders {
		require.Nil(t, c.Check(order))
		c.Apply(complaint.Event{Kind: complaint.StepTaken, At: now, By: order.By.Person, Step: &order})
	}
	refused := c.Check(order)
	require.Equal(t, complaint.CodeStepNotAllowed, refused.Code)
	require.Equal(t, complaint.ReasonTooManyOrders, refused.Reason)
	require.NotContains(t, c.Allowed(cast["auditor"], now), complaint.Instruct)
	c.Orders[0].Answered = true
	require.Nil(t, c.Check(order), "one was answered")
}
