package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	examples "recourse/deploy/directory"
	"recourse/internal/api"
	"recourse/internal/bilingual"
	"recourse/internal/calendar"
	"recourse/internal/complaint"
	"recourse/internal/config"
	"recourse/internal/directory"
	"recourse/internal/phrase"
	"recourse/internal/plan"
	"recourse/internal/procedure"
	"recourse/internal/store"
	"recourse/procedures"
)

// loader is by whom the files that come with the software are published.
const loader = "server load"

// migrate brings the database to the newest schema, and grants the role by which the programs connect what they need of it.
func migrate(ctx context.Context, out io.Writer) error {
	settings, err := config.Load(config.Command)
	if err != nil {
		return err
	}
	if err := store.Migrate(ctx, settings.DatabaseURL.Reveal()); err != nil {
		return err
	}
	if _, err := fmt.Fprintln(out, "The database has the newest schema."); err != nil || settings.DatabaseAppRole == "" {
		return err
	}
	if err := store.Grant(ctx, settings.DatabaseURL.Reveal(), settings.DatabaseAppRole); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "The role %s has the rights that the server and the worker need.\n", settings.DatabaseAppRole)
	return err
}

// shipped are the files that come with the software, read and checked.
type shipped struct {
	procedures  map[string]*procedure.Procedure
	calendars   map[string]*calendar.Calendar
	directories map[string]*directory.Directory
	texts       map[string]string // by kind and ID: "procedure courier-station"
}

func readShipped() (shipped, error) {
	s := shipped{map[string]*procedure.Procedure{}, map[string]*calendar.Calendar{}, map[string]*directory.Directory{}, map[string]string{}}
	var wrong []error
	note := func(err error) { wrong = append(wrong, err) }
	for id, text := range yamlFiles(procedures.Files, "calendars", note) {
		read, err := calendar.Parse(id+".yaml", text)
		if err != nil {
			note(err)
			continue
		}
		s.calendars[id], s.texts["calendar "+id] = read.WithVersion(1), string(text)
	}
	for id, text := range yamlFiles(examples.Files, ".", note) {
		read, err := directory.Parse(id+".yaml", text)
		if err != nil {
			note(err)
			continue
		}
		s.directories[id], s.texts["directory "+id] = read, string(text)
	}
	for id, text := range yamlFiles(procedures.Files, ".", note) {
		read, err := procedure.Parse(id+".yaml", text)
		if err != nil {
			note(err)
			continue
		}
		read.Version = 1
		s.procedures[id], s.texts["procedure "+id] = read, string(text)
		if people, there := s.directories[id]; !there {
			note(fmt.Errorf("procedure %q has no example people: add deploy/directory/%s.yaml", id, id))
		} else if err := read.Check(s.calendars, people); err != nil {
			note(err)
		}
	}
	return s, errors.Join(wrong...)
}

func yamlFiles(files fs.FS, folder string, note func(error)) map[string][]byte {
	texts := map[string][]byte{}
	entries, err := fs.ReadDir(files, folder)
	if err != nil {
		note(err)
	}
	for _, entry := range entries {
		id, isYAML := strings.CutSuffix(entry.Name(), ".yaml")
		if !isYAML {
			continue
		}
		text, err := fs.ReadFile(files, path.Join(folder, entry.Name()))
		if err != nil {
			note(err)
			continue
		}
		texts[id] = text
	}
	return texts
}

// load publishes the files that come with the software. One that changed becomes a new version; one that didn't stays.
func load(ctx context.Context, out io.Writer) error {
	settings, err := config.Load(config.Command)
	if err != nil {
		return err
	}
	files, err := readShipped()
	if err != nil {
		return fmt.Errorf("the files that come with the software: %w", err)
	}
	database, err := store.Open(ctx, settings.DatabaseURL.Reveal())
	if err != nil {
		return err
	}
	defer database.Close()
	return files.publish(ctx, database, time.Now(), out)
}

func (files shipped) publish(ctx context.Context, database *store.Store, now time.Time, out io.Writer) error {
	publish := func(kind, id string, how func(context.Context, string, string, string) (store.Published, error)) error {
		published, err := how(ctx, id, files.texts[kind+" "+id], loader)
		if err != nil {
			return err
		}
		state := "unchanged"
		if published.New {
			state = "published"
		}
		_, err = fmt.Fprintf(out, "%s %s: version %d %s\n", kind, id, published.Version, state)
		return err
	}
	if err := files.fitsWith(ctx, database); err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(files.calendars)) { // calendars and people first: procedures need them
		if err := publish("calendar", id, database.PublishCalendar); err != nil {
			return err
		}
	}
	for _, id := range slices.Sorted(maps.Keys(files.procedures)) {
		if err := publish("directory", id, database.PublishDirectory); err != nil {
			return err
		}
		if err := publish("procedure", id, database.PublishProcedure); err != nil {
			return err
		}
		if ended := files.procedures[id].CheckCovers(files.calendars, now); ended != nil {
			if _, err := fmt.Fprintln(out, "warning:", ended); err != nil {
				return err
			}
		}
	}
	return nil
}

// fitsWith compares the files with what is in force: each number and each person belongs to one organisation.
func (files shipped) fitsWith(ctx context.Context, database *store.Store) error {
	inForce, people := map[string]*procedure.Procedure{}, map[string]*directory.Directory{}
	published, err := database.Procedures(ctx)
	if err != nil {
		return err
	}
	for _, newest := range published {
		if inForce[newest.ID], err = procedure.Parse(newest.ID+".yaml", []byte(newest.Body)); err != nil {
			return fmt.Errorf("version %d of procedure %q: %w", newest.Version, newest.ID, err)
		}
	}
	if published, err = database.Directories(ctx); err != nil {
		return err
	}
	for _, newest := range published {
		if people[newest.ID], err = directory.Parse(newest.ID+".yaml", []byte(newest.Body)); err != nil {
			return fmt.Errorf("version %d of directory %q: %w", newest.Version, newest.ID, err)
		}
	}
	var wrong []error
	for _, id := range slices.Sorted(maps.Keys(files.procedures)) {
		wrong = append(wrong, files.procedures[id].CheckNumbers(inForce))
		inForce[id], people[id] = files.procedures[id], files.directories[id]
	}
	_, err = directory.Homes(people)
	return errors.Join(append(wrong, err)...)
}

// simulateCommand shows what would happen to a complaint by a procedure that comes with the software, or by a file of its
// own language. The request has the form of POST /v1/procedures/{id}/simulate; without one, nobody acts.
func simulateCommand(ctx context.Context, arguments []string, in io.Reader, out io.Writer) error {
	flags := flag.NewFlagSet("simulate", flag.ContinueOnError)
	flags.SetOutput(out)
	id := flags.String("procedure", "courier-station", "which procedure")
	file := flags.String("file", "", "a procedure's file to use instead of the one that comes with the software")
	requestFile := flags.String("request", "", "a file with the request as JSON; - reads standard input")
	language := flags.String("language", bilingual.English, "en or zh-CN")
	messages := flags.Bool("messages", false, "say which message each of those who are told gets")
	if err := flags.Parse(arguments); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return nil
		}
		return err
	}
	rules, err := simulatedRules(*id, *file)
	if err != nil {
		return err
	}
	bodies, err := api.NewBodies()
	if err != nil {
		return err
	}
	var text []byte
	switch *requestFile {
	case "":
	case "-":
		text, err = io.ReadAll(io.LimitReader(in, longestBody))
	default:
		text, err = os.ReadFile(filepath.Clean(*requestFile))
	}
	if err != nil {
		return fmt.Errorf("read the request: %w", err)
	}
	var request api.Simulation
	if err := bodies.Read("Simulation", text, &request); err != nil {
		return err
	}
	timeline, err := simulate(ctx, bodies, rules, request, time.Now(), *language)
	if err != nil {
		return inPlainWords(err, *language)
	}
	return printTimeline(out, timeline, *language, *messages)
}

func simulatedRules(id, file string) (plan.Rules, error) {
	files, err := readShipped()
	if err != nil {
		return plan.Rules{}, err
	}
	rules, known := files.procedures[id]
	if !known {
		return plan.Rules{}, fmt.Errorf("no procedure %q comes with the software; those that do are %s", id, strings.Join(slices.Sorted(maps.Keys(files.procedures)), ", "))
	}
	if file != "" {
		text, err := os.ReadFile(filepath.Clean(file))
		if err != nil {
			return plan.Rules{}, fmt.Errorf("read the procedure: %w", err)
		}
		if rules, err = procedure.Parse(file, text); err != nil {
			return plan.Rules{}, err
		}
		if err := rules.Check(files.calendars, files.directories[id]); err != nil {
			return plan.Rules{}, err
		}
		rules.Version = 1
	}
	return plan.Rules{Procedure: rules, Calendar: files.calendars[rules.Calendar], Directory: files.directories[id]}, nil
}

// inPlainWords says a problem as the API would, on one line for each thing that is wrong.
func inPlainWords(err error, language string) error {
	p := problemOf(err)
	if p.status >= http.StatusInternalServerError {
		return err
	}
	said := p.inWords(language, "", "")
	lines := []string{said.Title}
	for _, one := range said.Errors {
		lines = append(lines, one.Pointer+" "+one.Detail)
	}
	return errors.New(strings.Join(lines, "\n  "))
}

// printTimeline prints a line for each thing that happens, with who is told of it.
func printTimeline(out io.Writer, timeline api.Timeline, language string, messages bool) error {
	table := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	fmt.Fprintf(table, "%s@%d · %s\n", timeline.Procedure, timeline.Version, timeline.Zone)
	told, and := toldOf(timeline.Entries, messages), ", "
	if language == bilingual.Chinese {
		and = "、"
	}
	for i, e := range timeline.Entries {
		if e.Message != "" { // stands with what it tells of
			continue
		}
		tier, rung := "", e.Rung
		if rung == "due" && language == bilingual.Chinese {
			rung = phrase.Label(phrase.Rung, rung, language)
		}
		if e.Rung != "" && e.Tier > 0 {
			tier = phrase.Sentence(phrase.Rung, "tier", language, "tier", strconv.Itoa(e.Tier))
		}
		line := strings.TrimSpace(e.Text + " " + e.Problem)
		if len(told[i]) > 0 {
			line += " → " + strings.Join(told[i], and)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", e.Local, e.Deadline, rung, tier, line)
	}
	return table.Flush()
}

// toldOf are those who get a message, by the entry that it tells of: the rung that it names, or else what its write began
// with, which is a step, a rung or the first of its instant.
func toldOf(entries []api.TimelineEntry, templates bool) map[int][]string {
	told, began := map[int][]string{}, 0
	for i, e := range entries {
		if e.Message == "" {
			if !e.At.Equal(entries[began].At) || e.What == string(complaint.StepTaken) || e.What == string(complaint.RungFired) {
				began = i
			}
			continue
		}
		of := began
		for j := i - 1; e.Rung != "" && j >= 0 && entries[j].At.Equal(e.At); j-- {
			if entries[j].Message == "" && entries[j].Deadline == e.Deadline && entries[j].Rung == e.Rung {
				of = j
				break
			}
		}
		name := e.Person.Name
		if templates {
			name += " (" + e.Message + ")"
		}
		told[of] = append(told[of], name)
	}
	return told
}
