package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"recourse/internal/client"
	"recourse/internal/importing"
	"recourse/internal/progress"
)

// importFile registers the rows of a CSV or an Excel workbook through the API of a running server,
// says in a dry run what would come of them, corrects them, or takes them back. It can be
// stopped and run again; no row comes in twice. Its error says that it couldn't go on: what is
// wrong with single rows is only told.
func importFile(ctx context.Context, arguments []string, out io.Writer) error {
	flags := flag.NewFlagSet("import", flag.ContinueOnError)
	flags.SetOutput(out)
	mappingFile := flags.String("mapping", "", "the mapping; the CSV file's name with .yaml at its end when left out")
	dryRun := flags.Bool("dry-run", false, "only say what would come of each row")
	correct := flags.Bool("correct", false, "take back the complaints of rows that read otherwise than when they were imported, and register those rows anew")
	takeBack := flags.Bool("take-back", false, "take back the complaints that the file's rows have made")
	atOnce := flags.Int("at-once", 8, "how many rows are on their way at the same time")
	address := flags.String("api", os.Getenv("RECOURSE_API_URL"), "where the API is")
	tokens := flags.String("tokens", os.Getenv("RECOURSE_TOKENS_DIR"), "the directory with a token file for each person")
	if err := flags.Parse(arguments); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return nil
		}
		return err
	}
	if flags.NArg() != 1 || *address == "" || *tokens == "" {
		return errors.New("say which file, where the API is and where the tokens are: server import -mapping mapping.yaml -api http://127.0.0.1:8080 -tokens .local/tokens complaints.csv")
	}
	mode, err := modeOf(*dryRun, *correct, *takeBack)
	if err != nil {
		return err
	}
	path := filepath.Clean(flags.Arg(0))
	if *mappingFile == "" {
		*mappingFile = strings.TrimSuffix(path, filepath.Ext(path)) + ".yaml"
	}
	written, err := os.ReadFile(filepath.Clean(*mappingFile))
	if err != nil {
		return fmt.Errorf("read the mapping, which says what each column is: %w\n"+
			"It is looked for beside the CSV file; name another with MAPPING=… (make import) or -mapping …. deploy/demo/data/nyc-complaints.yaml is one, with every key explained", err)
	}
	mapping, err := importing.Parse(*mappingFile, written)
	if err != nil {
		return fmt.Errorf("the mapping has mistakes:\n%w", err)
	}
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("read the file: %w", err)
	}
	defer file.Close()
	api := &client.Client{Address: strings.TrimSuffix(*address, "/"), Token: client.TokensIn(*tokens)}
	if err := api.Ready(ctx); err != nil {
		return err
	}

	size := int64(0)
	if about, err := file.Stat(); err == nil {
		size = about.Size()
	}
	bar := progress.Start(os.Stderr, "import", size)
	counts, stopped := (&importing.Import{
		API: api, Mapping: mapping, Mode: mode, AtOnce: *atOnce, Progress: bar.Add,
		Opened: func(told string) { bar.Say("%s: %s", path, told) },
		Tell:   func(line int, reason, done string) { bar.Say("line %d: %s: %s", line, reason, done) },
		Say:    func(line int, what string) { bar.Say("line %d: %s", line, what) },
	}).Run(ctx, file)
	bar.End()
	_, err = fmt.Fprintln(out, summary(mode, counts))
	if stopped != nil {
		return fmt.Errorf("stopped before the end; run it again to go on, no row comes in twice: %w", stopped)
	}
	return err
}

func modeOf(dryRun, correct, takeBack bool) (importing.Mode, error) {
	switch {
	case dryRun && correct, dryRun && takeBack, correct && takeBack:
		return 0, errors.New("say one of -dry-run, -correct and -take-back; a dry run says what a correction would do as well")
	case dryRun:
		return importing.DryRun, nil
	case correct:
		return importing.Correct, nil
	case takeBack:
		return importing.TakeBack, nil
	}
	return importing.Register, nil
}

// summary is the last line of an import.
func summary(mode importing.Mode, c importing.Counts) string {
	told := fmt.Sprintf("; %d not imported; something was told of %d", c.NotImported, c.Dirty)
	switch mode {
	case importing.DryRun:
		return fmt.Sprintf("rows: %d; nothing was done; would be registered: %d; there already: %d", c.Rows, c.Registered-c.Before, c.Before) + told
	case importing.TakeBack:
		return fmt.Sprintf("rows: %d; taken back: %d", c.Rows, c.TakenBack) + told
	case importing.Correct:
		return fmt.Sprintf("rows: %d; taken back and registered anew: %d; registered now: %d; wait for Temporal: %d; there already: %d",
			c.Rows, c.TakenBack, c.Registered-c.Before, c.Pending, c.Before) + told
	case importing.Register:
	}
	return fmt.Sprintf("rows: %d; registered now: %d; wait for Temporal: %d; there already: %d", c.Rows, c.Registered-c.Before, c.Pending, c.Before) + told
}
