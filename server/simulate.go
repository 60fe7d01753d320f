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

	"recourse/internal/api"
	"recourse/internal/bilingual"
	"recourse/internal/casework"
	"recourse/internal/httpapi"
	"recourse/internal/plan"
	"recourse/internal/view"
)

const longestRequest = 1 << 20 // bytes

// simulate shows what would happen to a complaint by a procedure that comes with the software, or
// by a file of its own language. The request has the form of POST /v1/procedures/{id}/simulate;
// without one, nobody acts.
func simulate(ctx context.Context, arguments []string, in io.Reader, out io.Writer) error {
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
		text, err = io.ReadAll(io.LimitReader(in, longestRequest))
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
	said, err := httpapi.ReadSimulation(bodies, request)
	if err != nil {
		return httpapi.PlainWords(err, *language)
	}
	timeline, err := casework.Simulate(ctx, rules, said, time.Now())
	if err != nil {
		return httpapi.PlainWords(err, *language)
	}
	return view.PrintTimeline(out, view.Timeline(rules, timeline, *language), *language, *messages)
}

func simulatedRules(id, file string) (plan.Rules, error) {
	files, err := shipped()
	if err != nil {
		return plan.Rules{}, err
	}
	rules, known := files.Rules(id)
	if !known {
		return plan.Rules{}, fmt.Errorf("no procedure %q comes with the software; those that do are %s", id, strings.Join(slices.Sorted(maps.Keys(files.Procedures)), ", "))
	}
	if file == "" {
		return rules, nil
	}
	text, err := os.ReadFile(filepath.Clean(file))
	if err != nil {
		return plan.Rules{}, fmt.Errorf("read the procedure: %w", err)
	}
	return files.RulesWith(id, file, text)
}
