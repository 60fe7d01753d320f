// Package story reads and writes stories: one YAML file says who does what to one
// complaint, and when; below stands what comes of it, to the minute. Whoever owns a
// process writes what people do; the software writes the timeline, and a test tells when
// it changes.
package story

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"recourse/internal/bilingual"
	"recourse/internal/calendar"
	"recourse/internal/complaint"
	"recourse/internal/plan"
	"recourse/internal/yamlfile"
)

// Story is a story that was read.
type Story struct {
	file
	doc  *yamlfile.Document
	text string
}

// file is a story as people write it.
type file struct {
	Name bilingual.Text `yaml:"story,required"`
	// Procedure is the ID of the procedure that it goes by.
	Procedure string `yaml:"procedure,required"`
	// Calendar is the ID of a calendar to go by instead of the procedure's; empty for that.
	Calendar string `yaml:"calendar"`
	// Duties are held by other people than the directory says, each by one.
	Duties map[complaint.Role]complaint.PersonID `yaml:"duties"`
	// Absences are one for each person, besides those of the directory.
	Absences []absence `yaml:"absences"`
	Steps    []step    `yaml:"steps,required"`
	// Until ends the story; without it, it is told to the end.
	Until moment `yaml:"until"`
	// Timeline is what comes of it by the file; empty when it has none yet.
	Timeline string `yaml:"timeline"`
}

type absence struct {
	Person complaint.PersonID `yaml:",key"`
	From   moment             `yaml:"from,required"`
	Until  moment             `yaml:"until,required"`
}

// step is a line of what people do: "2026-03-11 10:20 li-na screen", alone or with its
// body as the API takes it.
type step struct {
	Said    map[string]any `yaml:",rest"` // one entry: the line as it is written, with what is said
	written string
	At      moment
	Person  complaint.PersonID
	Name    complaint.StepName
}

// UnmarshalText reads a line that has no body.
func (s *step) UnmarshalText(text []byte) error {
	s.Said = map[string]any{string(text): nil}
	return nil
}

var (
	// timelineKey is the key of the timeline; what stands below it is the software's.
	timelineKey = regexp.MustCompile(`(?m)^timeline:.*\n?`)
	// atTheMargin is a line that isn't within the key above it.
	atTheMargin = regexp.MustCompile(`(?m)^\S`)
)

// Parse reads a story. The file's name is for errors. The error is of type
// [yamlfile.Problems] and holds everything that can be told without the rules that the
// story goes by.
func Parse(name string, text []byte) (*Story, error) {
	s := &Story{text: string(text)}
	terms := yamlfile.NewTerms()
	yamlfile.Notation(terms, parseMoment)
	s.doc = yamlfile.Decode(name, text, terms, &s.file)
	for i := range s.Steps {
		s.readStep(i)
	}
	if at := timelineKey.FindStringIndex(s.text); at != nil && atTheMargin.MatchString(s.text[at[1]:]) {
		s.doc.Addf("timeline", "the timeline stands last: what is written below it would be lost; move it up")
	} else if at == nil && s.doc.Has("timeline") {
		s.doc.Addf("timeline", "the timeline is written anew each time; begin a line of its own with timeline:")
	}
	if err := s.doc.Err(); err != nil {
		return nil, err
	}
	return s, nil
}

// readStep reads who takes a step and when, and checks what they say.
func (s *Story) readStep(i int) {
	one, path := &s.Steps[i], stepPath(i)
	if s.doc.Unread(path) {
		return
	}
	if len(one.Said) != 1 {
		s.doc.Addf(path, "a step is one line, with what is said behind its colon; begin each with a dash")
		return
	}
	one.written = keys(one.Said)[0]
	words := strings.Fields(one.written)
	if len(words) < 3 {
		s.doc.Addf(path, "%q is no step; write when, who and what, such as 2026-03-11 10:20 li-na screen", one.written)
		return
	}
	when, who, what := strings.Join(words[:len(words)-2], " "), words[len(words)-2], words[len(words)-1]
	one.Person, one.Name = complaint.PersonID(who), complaint.StepName(what)
	var err error
	if one.At, err = parseMoment(when); err != nil {
		s.doc.Addf(path, "%s", err)
	} else if i > 0 && one.At.before(s.Steps[i-1].At) {
		s.doc.Addf(path, "it comes before the step above; write them in the order of their times")
	}
	if names := stepNames(); !slices.Contains(names, what) {
		s.doc.AddAfter(path, len(one.written)-len(what), "unknown step %q; %s", what, yamlfile.Instead(what, names))
		return
	}
	if first := one.Name == complaint.Register; first != (i == 0) {
		s.doc.Addf(path, "a story is that of one complaint: its first step is %s, and no other", complaint.Register)
	}
	s.body(s.doc, i, time.UTC)
}

// stepNames are the steps that people take.
func stepNames() []string {
	names := []string{string(complaint.Register)}
	for _, name := range complaint.StepNames() {
		names = append(names, string(name))
	}
	return names
}

// On puts the rules of the story's procedure on the calendar that the story names, if it
// names one. The error is of type [yamlfile.Problems].
func (s *Story) On(rules plan.Rules, calendars map[string]*calendar.Calendar) (plan.Rules, error) {
	if s.Calendar == "" {
		return rules, nil
	}
	there, known := calendars[s.Calendar]
	if !known {
		doc := s.doc.Clone()
		doc.Addf("calendar", "there is no calendar %q; %s", s.Calendar, yamlfile.Instead(s.Calendar, keys(calendars)))
		return plan.Rules{}, doc.Err()
	}
	onIt := *rules.Procedure
	onIt.Calendar = s.Calendar
	return plan.Rules{Procedure: &onIt, Calendar: there, Directory: rules.Directory}, nil
}

// With is the story's file with another timeline below. All that people wrote stays as it is.
func (s *Story) With(timeline string) []byte {
	head := s.text
	if at := timelineKey.FindStringIndex(head); at != nil {
		head = head[:at[0]]
	}
	var file strings.Builder
	file.WriteString(strings.TrimRight(head, "\n") + "\ntimeline: |\n")
	for line := range strings.Lines(timeline) {
		file.WriteString("  " + line)
	}
	return []byte(file.String())
}

// LeftAlone is the story of a complaint that somebody registers then and in which nobody
// acts. The times of the story are to the minute.
func LeftAlone(rules plan.Rules, at time.Time) (*Story, error) {
	agents := rules.Procedure.Duty(complaint.Agent, "")
	by, there := rules.Directory.Holder(agents, at)
	if !there {
		return nil, fmt.Errorf("nobody is there then to register a complaint: the duty %s is nobody's", agents)
	}
	return Parse("nobody acts", fmt.Appendf(nil, "story: {en: Nobody acts, zh-CN: 无人处理}\nprocedure: %s\nsteps:\n  - %s %s %s: {channel: %s}\n",
		rules.Procedure.ID, write(at, rules.Calendar.Zone()), by, complaint.Register, rules.Procedure.Channels[0].ID))
}
