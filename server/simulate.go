package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"recourse/internal/bilingual"
	"recourse/internal/plan"
	"recourse/internal/rulebook"
	"recourse/internal/store/published"
	"recourse/internal/story"
	"recourse/internal/view"
	"recourse/internal/yamlfile"
)

const (
	longestStory   = 1 << 20 // bytes; a story has fewer
	usualProcedure = "courier-station"
)

// simulate prints a story with what comes of it, or that of a complaint in which nobody acts. It
// goes by a procedure that comes with the software, or of folders of one's own.
func simulate(ctx context.Context, arguments []string, in io.Reader, out io.Writer) error {
	flags := flag.NewFlagSet("simulate", flag.ContinueOnError)
	flags.SetOutput(out)
	flags.Usage = func() {
		fmt.Fprintln(out, "server simulate [flags] [story.yaml]   prints the story with what comes of it; - reads standard input")
		fmt.Fprintln(out, "Without a story, nobody acts.")
		flags.PrintDefaults()
	}
	id := flags.String("procedure", "", "by which procedure nobody acts; left out, the one of the folder, or courier-station")
	start := flags.String("start", "", "when that complaint is registered, such as \"2026-03-13 17:30\"; now when left out")
	var own ownFolders
	flags.Var(&own, "folder", "a folder of your own with procedures, calendars and people, beside what comes with the software; may be given again")
	language := flags.String("language", "", "en or zh-CN: tell what comes of it in sentences")
	messages := flags.Bool("messages", false, "say which message each of those who are told gets; with -language")
	if err := flags.Parse(arguments); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return nil
		}
		return err
	}
	if *language != "" && !slices.Contains(bilingual.Languages(), *language) {
		return fmt.Errorf("the software doesn't speak %q; %s", *language, yamlfile.Instead(*language, bilingual.Languages()))
	}
	if *messages && *language == "" {
		return errors.New("a story names each message already; -messages goes with -language")
	}
	edition, files, err := own.beside()
	if err != nil {
		return err
	}
	var told *story.Story
	var rules plan.Rules
	switch flags.NArg() {
	case 0:
		told, rules, err = leftAlone(edition, ownProcedure(*id, files), *start)
	case 1:
		flags.Visit(func(f *flag.Flag) {
			if f.Name == "procedure" || f.Name == "start" {
				err = fmt.Errorf("a story says its procedure and its times; leave -%s out", f.Name)
			}
		})
		if err == nil {
			told, rules, err = given(edition, flags.Arg(0), in)
		}
	default:
		err = fmt.Errorf("one story at a time; %s is one too many", flags.Arg(1))
	}
	if err != nil {
		return err
	}
	timeline, err := told.Run(ctx, rules)
	if err != nil {
		return err
	}
	if *language != "" {
		return view.PrintTimeline(out, view.Timeline(rules, timeline, *language), *language, *messages)
	}
	_, err = out.Write(told.With(story.Tell(rules.Calendar.Zone(), timeline)))
	return err
}

// ownProcedure is the procedure by which nobody acts: the one that was asked for, else the only one
// of one's own.
func ownProcedure(id string, files []rulebook.File) string {
	if id != "" {
		return id
	}
	own := ""
	for _, file := range files {
		if file.Kind == published.Procedure {
			if own != "" {
				return usualProcedure
			}
			own = file.ID
		}
	}
	return cmp.Or(own, usualProcedure)
}

// leftAlone is the story in which nobody acts.
func leftAlone(edition *rulebook.Edition, id, start string) (*story.Story, plan.Rules, error) {
	rules, err := simulatedRules(edition, id)
	if err != nil {
		return nil, rules, err
	}
	at := time.Now()
	if start != "" {
		if at, err = story.Time(start, rules.Calendar.Zone()); err != nil {
			return nil, rules, fmt.Errorf("-start: %w", err)
		}
	}
	told, err := story.LeftAlone(rules, at)
	return told, rules, err
}

// given is the story of a file, and the rules that it goes by.
func given(edition *rulebook.Edition, name string, in io.Reader) (*story.Story, plan.Rules, error) {
	var text []byte
	var err error
	if name == "-" {
		name = "standard input"
		text, err = io.ReadAll(io.LimitReader(in, longestStory))
	} else {
		text, err = os.ReadFile(filepath.Clean(name))
	}
	if err != nil {
		return nil, plan.Rules{}, fmt.Errorf("read the story: %w", err)
	}
	told, err := story.Parse(name, text)
	if err != nil {
		return nil, plan.Rules{}, err
	}
	rules, err := simulatedRules(edition, told.Procedure)
	if err != nil {
		return nil, plan.Rules{}, fmt.Errorf("%s: %w", name, err)
	}
	rules, err = told.On(rules, edition.Calendars())
	return told, rules, err
}

func simulatedRules(edition *rulebook.Edition, id string) (plan.Rules, error) {
	p, known := edition.Procedure(id)
	if !known {
		return plan.Rules{}, fmt.Errorf("there is no procedure %q; those that there are: %s (one of your own is found with -folder)",
			id, strings.Join(slices.Sorted(maps.Keys(edition.Procedures())), ", "))
	}
	return edition.Rules(p)
}
