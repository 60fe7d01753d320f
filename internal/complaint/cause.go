package complaint

import "fmt"

// CauseOfStep names the write that a taken step causes, the same at every attempt.
func CauseOfStep(submission string) string { return "step:" + submission }

// CauseOfRefusal names the write that a refused step causes.
func CauseOfRefusal(submission string) string { return "refused:" + submission }

// CauseOfRung names the write that a fired rung causes.
func CauseOfRung(ref RungRef) string {
	return fmt.Sprintf("rung:%s/%d/%d", ref.Deadline, ref.Round, ref.Rung)
}

// CausesOf are the causes of recorded events, oldest first.
func CausesOf(events []Event) []string {
	var causes []string
	for _, e := range events {
		switch e.Kind {
		case StepTaken:
			causes = append(causes, CauseOfStep(e.Step.Submission))
		case StepRefused:
			causes = append(causes, CauseOfRefusal(e.Step.Submission))
		case RungFired:
			causes = append(causes, CauseOfRung(*e.Rung))
		}
	}
	return causes
}
