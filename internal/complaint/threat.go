package complaint

import "slices"

// ThreatHeard are the coded facts of a step by which somebody heard the customer
// announce drastic acts. What was said stands in the step's own words, which stay
// with the submission.
type ThreatHeard struct {
	AtRisk []PersonID `json:"at_risk,omitempty"` // people of the directory; a subject may be one
}

// Threat says who guards against the drastic acts that the customer announced. It
// lasts as long as the complaint; the watch rests while that is closed.
type Threat struct {
	AtRisk []PersonID `json:"at_risk,omitempty"` // by all announcements so far
	Watch  []Watcher  `json:"watch,omitempty"`
	// Warned are the duties whose holders were warned.
	Warned []Role `json:"warned,omitempty"`
	// Submission is that of the step that heard the newest announcement.
	Submission string `json:"submission,omitempty"`
}

// Watcher is a duty of the organisation that keeps watch, and who holds it. One
// person may watch by several.
type Watcher struct {
	Duty   Role     `json:"duty"`
	Person PersonID `json:"person"`
}

// WatchTask is the detail of the task of those who keep watch: a Note of what happens.
const WatchTask = "watch"

// watchers names each person who keeps watch once, by the first duty that asks it of them.
func (t *Threat) watchers() []Watcher {
	if t == nil {
		return nil
	}
	var each []Watcher
	for i, w := range t.Watch {
		if t.watchedBy(w.Person) == i {
			each = append(each, w)
		}
	}
	return each
}

// watchedBy is the place of the first duty by which a person keeps watch, or -1.
func (t *Threat) watchedBy(person PersonID) int {
	if t == nil {
		return -1
	}
	return slices.IndexFunc(t.Watch, func(w Watcher) bool { return w.Person == person })
}

// Watchers are the people who keep watch, each once; none where nothing was announced.
func (t *Threat) Watchers() []PersonID {
	var people []PersonID
	for _, w := range t.watchers() {
		people = append(people, w.Person)
	}
	return people
}
