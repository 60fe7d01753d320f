package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"path"
	"strings"
	"time"

	"recourse/internal/rulebook"
	"recourse/procedures"
)

// ownFolders are folders of one's own, beside what comes with the software; each was named by a
// flag or an argument.
type ownFolders []rulebook.Folder

// String is what the flag has without a folder.
func (o *ownFolders) String() string { return "" }

// Set adds a folder.
func (o *ownFolders) Set(name string) error {
	folder, err := rulebook.FolderAt(name)
	*o = append(*o, folder)
	return err
}

func foldersAt(names []string) (ownFolders, error) {
	var own ownFolders
	for _, name := range names {
		if err := own.Set(name); err != nil {
			return nil, err
		}
	}
	return own, nil
}

// beside are all procedures with those of the folders, and the folders' files.
func (o ownFolders) beside() (*rulebook.Edition, []rulebook.File, error) {
	shipped, err := rulebook.Read(procedures.Files)
	if err != nil || len(o) == 0 {
		return shipped, nil, err
	}
	return shipped.With(o...)
}

// check says what is wrong with folders of one's own, all at once, or that nothing is.
func check(arguments []string, out io.Writer) error {
	flags := flag.NewFlagSet("check", flag.ContinueOnError)
	flags.SetOutput(out)
	flags.Usage = func() {
		fmt.Fprintln(out, `server check FOLDER…   says what is wrong with procedures, calendars and people of your own, all at once
A folder holds <id>.yaml (a procedure), calendars/<id>.yaml and directories/<id>.yaml (its people).
What it lacks is looked for in what comes with the software. Needs no database.`)
	}
	if err := flags.Parse(arguments); err != nil {
		return helped(err)
	}
	if flags.NArg() == 0 {
		return errors.New("say which folder: server check FOLDER…")
	}
	own, err := foldersAt(flags.Args())
	if err != nil {
		return err
	}
	edition, files, err := own.beside()
	if err != nil {
		return fmt.Errorf("mistakes:\n%w", err)
	}
	for _, file := range files {
		if _, err := fmt.Fprintf(out, "%s: right\n", file.Name); err != nil {
			return err
		}
	}
	return edition.Warn(out, files, time.Now())
}

// helped is no error where somebody asked what a command does.
func helped(err error) error {
	if errors.Is(err, flag.ErrHelp) {
		return nil
	}
	return err
}

// loaderOf is by whom the files of folders are published.
func loaderOf(own ownFolders) string {
	if len(own) == 0 {
		return rulebook.Shipped
	}
	names := make([]string, len(own))
	for i, folder := range own {
		names[i] = path.Base(folder.Name)
	}
	return rulebook.Shipped + " " + strings.Join(names, " ")
}
