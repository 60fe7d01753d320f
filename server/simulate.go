package main

import (
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
	"recourse/internal/story"
	"recourse/internal/view"
	"recourse/internal/yamlfile"
	"recourse/procedures"
)

const longestStory = 1 << 20 // bytes; a story has fewer

// simulate prints a story with what comes of it, or that of a complaint in which nobody acts. It
// goes by a procedure that comes with the software, or by a file of its own language.
func simulate(ctx context.Context, arguments []string, in io.Reader, out io.Writer) error {
	flags := flag.NewFlagSet("simulate", flag.ContinueOnError)
	flags.SetOutput(out)
	flags.Usage = func() {
		fmt.Fprintln(out, "server simulate [flags] [story.yaml]   prints the story with what comes of it; - reads standard input")
		fmt.Fprintln(out, "Without a story, nobody acts.")
		flags.PrintDefaults()
	}
	id := flags.String("procedure", "courier-station", "by which procedure nobody acts")
	start := flags.String("start", "", "when that complaint is registered, such as \"2026-03-13 17:30\"; now when left out")
	file := flags.String("file", "", "a procedure's file to use instead of the one that comes with the software")
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
	shipped, err := rulebook.Read(procedures.Files)
	if err != nil {
		return err
	}
	var told *story.Story
	var rules plan.Rules
	switch flags.NArg() {
	case 0:
		told, rules, err = leftAlone(shipped, *id, *file, *start)
	case 1:
		flags.Visit(func(f *flag.Flag) {
			if f.Name == "procedure" || f.Name == "start" {
				err = fmt.Errorf("a story says its procedure and its times; leave -%s out", f.Name)
			}
		})
		if err == nil {
			told, rules, err = given(shipped, flags.Arg(0), *file, in)
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

// leftAlone is the story in which nobody acts.
func leftAlone(shipped *rulebook.Edition, id, file, start string) (*story.Story, plan.Rules, error) {
	rules, err := simulatedRules(shipped, id, file)
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
func given(shipped *rulebook.Edition, name, file string, in io.Reader) (*story.Story, plan.Rules, error) {
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
	rules, err := simulatedRules(shipped, told.Procedure, file)
	if err != nil {
		return nil, plan.Rules{}, fmt.Errorf("%s: %w", name, err)
	}
	rules, err = told.On(rules, shipped.Calendars())
	return told, rules, err
}

func simulatedRules(shipped *rulebook.Edition, id, file string) (plan.Rules, error) {
	rules, known := shipped.Procedure(id)
	if !known {
		return plan.Rules{}, fmt.Errorf("no procedure %q comes with the software; those that do are %s", id, strings.Join(slices.Sorted(maps.Keys(shipped.Procedures())), ", "))
	}
	if file == "" {
		return shipped.Rules(rules)
	}
	text, err := os.ReadFile(filepath.Clean(file))
	if err != nil {
		return plan.Rules{}, fmt.Errorf("read the procedure: %w", err)
	}
	return shipped.RulesWith(id, file, text)
}
