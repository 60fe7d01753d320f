// Package visibility makes Temporal know the search attributes by which operators
// find complaints.
package visibility

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/operatorservice/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"recourse/workflows"
)

// Ensure registers the search attributes that are missing, then
// lists and compares them: registering a name that exists with another type
// succeeds and does nothing, and a workflow that sets an attribute of another
// type, or one that isn't registered, is blocked.
func Ensure(ctx context.Context, temporalClient client.Client, namespace string) error {
	operator := temporalClient.OperatorService()
	registered, err := operator.ListSearchAttributes(ctx, &operatorservice.ListSearchAttributesRequest{Namespace: namespace})
	if err != nil {
		return fmt.Errorf("list the search attributes of namespace %q: %w", namespace, err)
	}
	missing := map[string]enums.IndexedValueType{}
	var wrong []string
	for _, key := range []temporal.SearchAttributeKey{workflows.StageAttribute, workflows.DepartmentAttribute,
		workflows.HandlerAttribute, workflows.OwnerAttribute, workflows.SeverityAttribute, workflows.ProcedureAttribute,
		workflows.TierAttribute, workflows.DueAttribute, workflows.SuspendedAttribute} {
		now, known := registered.GetCustomAttributes()[key.GetName()]
		switch {
		case !known:
			missing[key.GetName()] = key.GetValueType()
		case now != key.GetValueType():
			wrong = append(wrong, fmt.Sprintf("%s is %s and must be %s", key.GetName(), now, key.GetValueType()))
		}
	}
	if len(wrong) > 0 {
		slices.Sort(wrong)
		return fmt.Errorf("search attributes of namespace %q have another type: %s; remove them with the temporal CLI and start again",
			namespace, strings.Join(wrong, ", "))
	}
	if len(missing) > 0 {
		_, err = operator.AddSearchAttributes(ctx, &operatorservice.AddSearchAttributesRequest{Namespace: namespace, SearchAttributes: missing})
		if err != nil {
			return fmt.Errorf("register search attributes in namespace %q: %w", namespace, err)
		}
	}
	// Even when none was missing: another worker may have registered them a moment ago.
	return await(ctx, temporalClient, namespace)
}

// await waits until the attributes can be asked for: Temporal's services learn of them some seconds
// later, and a workflow that sets one before would have to be tried again.
func await(ctx context.Context, temporalClient client.Client, namespace string) error {
	query := fmt.Sprintf("%s = '-' AND %s = 0 AND %s = false", workflows.StageAttribute.GetName(),
		workflows.TierAttribute.GetName(), workflows.SuspendedAttribute.GetName())
	ticker := time.NewTicker(200 * time.Millisecond)
	defer ticker.Stop()
	for {
		_, err := temporalClient.CountWorkflow(ctx, &workflowservice.CountWorkflowExecutionsRequest{Namespace: namespace, Query: query})
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("search attributes of namespace %q are registered but can't be asked for yet: %w", namespace, err)
		case <-ticker.C:
		}
	}
}
