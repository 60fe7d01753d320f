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

// importFile registers the rows of a CSV or an Excel workbook through the API of a running server. It can be
// stopped and run again; no row comes in twice. Its error says that it couldn't go on: what is
// wrong with single rows is only told.
func importFile(ctx context.Context, arguments []string, out io.Writer) error {
	flags := flag.NewFlagSet("import", flag.ContinueOnError)
	flags.SetOutput(out)
	mappingFile := flags.String("mapping", "", "the mapping; the CSV file's name with .yaml at its end when left out")
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
		API: api, Mapping: mapping, AtOnce: *atOnce, Progress: bar.Add,
		Opened: func(told string) { bar.Say("%s: %s", path, told) },
		Tell:   func(line int, reason, done string) { bar.Say("line %d: %s: %s", line, reason, done) },
	}).Run(ctx, file)
	bar.End()
	_, err = fmt.Fprintf(out, "%d rows: %d registered now (%d of them wait for Temporal), %d there already, %d not imported; something was told of %d\n",
		counts.Rows, counts.Registered-counts.Before, counts.Pending, counts.Before, counts.NotImported, counts.Dirty)
	if stopped != nil {
		return fmt.Errorf("stopped before the end; run it again to go on, no row comes in twice: %w", stopped)
	}
	return err
}
