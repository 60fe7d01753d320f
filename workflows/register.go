package workflows

import (
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
)

// Register makes a worker run the workflows of complaints under their names.
func Register(w worker.WorkflowRegistry) {
	w.RegisterWorkflowWithOptions(ComplaintLife, workflow.RegisterOptions{Name: LifeWorkflow})
	w.RegisterWorkflowWithOptions(SideProcess, workflow.RegisterOptions{Name: SideWorkflow})
}
