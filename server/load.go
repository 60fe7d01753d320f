package main

import (
	"context"
	"flag"
	"fmt"
	"io"

	"github.com/jackc/pgx/v5/pgxpool"

	"recourse/internal/rulebook"
	"recourse/internal/store/published"
	"recourse/procedures"
)

// load publishes the files that come with the software, or those of folders of one's own. One that
// changed becomes a new version; one that didn't stays, and nothing later is undone.
func load(ctx context.Context, arguments []string, out io.Writer) error {
	flags := flag.NewFlagSet("load", flag.ContinueOnError)
	flags.SetOutput(out)
	flags.Usage = func() {
		fmt.Fprintln(out, `server load [FOLDER…]   publishes the procedures, calendars and people of folders of your own,
                        or else the examples that come with the software
A folder holds <id>.yaml (a procedure), calendars/<id>.yaml and directories/<id>.yaml (its people);
what it lacks must be in force already, but for a calendar that comes with the software. What didn't
change stays, and a file that is older than what is in force goes over nothing.`)
	}
	if err := flags.Parse(arguments); err != nil {
		return helped(err)
	}
	own, err := foldersAt(flags.Args())
	if err != nil {
		return err
	}
	return withDatabase(ctx, func(database *pgxpool.Pool) error {
		return rulebook.Load(ctx, published.New(database), loaderOf(own), out, procedures.Files, own...)
	})
}
