package complaint

import "time"

// Task says who must do what by when: one line of somebody's inbox.
type Task struct {
	// Kind is the step that is waited for.
	Kind   StepName   `json:"kind"`
	Person PersonID   `json:"person,omitempty"`
	Role   Role       `json:"role"`
	Due    *time.Time `json:"due,omitempty"` // of the deadline that waits for it, if one does
	// Detail tells like tasks apart: the matter to approve, the order to follow.
	Detail string `json:"detail,omitempty"`
}
