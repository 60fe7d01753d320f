package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5/pgxpool"

	"recourse/internal/phrase"
	"recourse/internal/store/record"
)

// errTampered makes verify exit with 1 after it has said what it found.
var errTampered = errors.New("the record was tampered with")

// verify finds what was tampered with in the record, and which seals that were kept elsewhere the
// database no longer holds. What can't be mended may be accepted; it is said ever after.
func verify(ctx context.Context, arguments []string, in io.Reader, out io.Writer) error {
	flags := flag.NewFlagSet("verify", flag.ContinueOnError)
	flags.SetOutput(out)
	file := flags.String("seal", "", "a file of lines that “server seal” printed, to be checked, too; - reads standard input")
	var what acceptance
	flags.StringVar(&what.place, "accept", "", "the `place` of a finding that can't be mended, as it is printed: CS-2026-000123/4, CS-2026-000123, seal/17; needs -by and -reason")
	flags.StringVar(&what.by, "by", "", "who accepts it")
	flags.StringVar(&what.reason, "reason", "", "why; no personal data, it stays for good")
	if err := flags.Parse(arguments); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return nil
		}
		return err
	}
	if flags.NArg() > 0 { // a file of seals, perhaps: without a word its owner would take them for checked
		return fmt.Errorf("server verify takes no argument but flags; leave %q out, or write -seal before a file of seals", flags.Arg(0))
	}
	if what != (acceptance{}) {
		return what.enter(ctx, out)
	}
	kept, err := keptSeals(*file, in)
	if err != nil {
		return err
	}
	return withDatabase(ctx, func(database *pgxpool.Pool) error {
		there := record.New(database)
		var done record.Verified
		found, err := there.Verify(ctx, func(now record.Verified) { done = now })
		if err == nil {
			var states []record.Tampered
			states, err = there.VerifyAllStates(ctx)
			found = append(found, states...)
		}
		open := 0
		for _, one := range found {
			if _, err := fmt.Fprintf(out, "%s  %s\n", one.Place(), one); err != nil {
				return err
			}
			if one.Accepted == nil {
				open++
			}
		}
		if err != nil {
			return err
		}
		lost := 0
		for _, one := range kept {
			held, err := there.HasSeal(ctx, one)
			if err != nil {
				return err
			}
			if held {
				continue
			}
			lost++
			if _, err := fmt.Fprintf(out, "seal %d: the database holds another one, or none: it was set back or rewritten since\n", one.ID); err != nil {
				return err
			}
		}
		if open+lost > 0 {
			return tampered(open, done, lost, len(kept))
		}
		whole := "The record is whole"
		if len(found) > 0 {
			whole += fmt.Sprintf(" but for what was accepted (%d)", len(found))
		}
		_, err = fmt.Fprintf(out, "%s: %s of %s.\n", whole, phrase.Counted(int(done.Rows), "row"), phrase.Counted(int(done.Complaints), "complaint"))
		switch {
		case err != nil:
		case len(kept) > 0:
			_, err = fmt.Fprintf(out, "The database holds what was kept: %s.\n", phrase.Counted(len(kept), "seal"))
		case *file != "":
			_, err = fmt.Fprintln(out, "The file of kept seals holds none yet: there was nothing to compare.")
		}
		return err
	})
}

// acceptance is what an operator says of a finding that can't be mended.
type acceptance struct{ place, by, reason string }

// enter puts it into the database, for good.
func (a acceptance) enter(ctx context.Context, out io.Writer) error {
	if a.place == "" || a.by == "" || a.reason == "" {
		return errors.New("accepting a finding takes all three: -accept PLACE -by NAME -reason TEXT")
	}
	return withDatabase(ctx, func(database *pgxpool.Pool) error {
		accepted, err := record.New(database).Accept(ctx, a.place, a.by, a.reason)
		if err != nil {
			return err
		}
		for _, one := range accepted {
			if _, err := fmt.Fprintf(out, "accepted: %s  %s\n", one.Place(), one); err != nil {
				return err
			}
		}
		return nil
	})
}

// tampered says how many places of the record, and which of the kept seals, aren't what they were.
func tampered(places int, of record.Verified, lost, kept int) error {
	var what []string
	if places > 0 {
		what = append(what, fmt.Sprintf("%s in %s of %s", phrase.Counted(places, "place"), phrase.Counted(int(of.Rows), "row"), phrase.Counted(int(of.Complaints), "complaint")))
	}
	if lost > 0 {
		what = append(what, fmt.Sprintf("the database doesn't hold %d of what was kept (%s)", lost, phrase.Counted(kept, "seal")))
	}
	if places == 0 {
		what = append(what, fmt.Sprintf("what it holds now, %s of %s, fits together", phrase.Counted(int(of.Rows), "row"), phrase.Counted(int(of.Complaints), "complaint")))
	}
	return fmt.Errorf("%w: %s", errTampered, strings.Join(what, "; "))
}

// keptSeals reads the lines that seal printed. Those that begin with # say nothing, but that the
// file is one of seals: an empty file has lost them.
func keptSeals(file string, in io.Reader) ([]record.Seal, error) {
	if file == "" {
		return nil, nil
	}
	if file != "-" {
		opened, err := os.Open(filepath.Clean(file))
		if err != nil {
			return nil, fmt.Errorf("read the kept seals: %w", err)
		}
		defer opened.Close()
		in = opened
	}
	var kept []record.Seal
	lines := bufio.NewScanner(in)
	empty := true
	for number := 1; lines.Scan(); number++ {
		words := strings.Fields(lines.Text())
		if len(words) == 0 {
			continue
		}
		empty = false
		if strings.HasPrefix(words[0], "#") {
			continue
		}
		one, err := record.ParseSeal(words[0])
		if err != nil {
			return nil, fmt.Errorf("line %d of the kept seals: %w", number, err)
		}
		kept = append(kept, one)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read the kept seals: %w", err)
	}
	if empty {
		return nil, errors.New("the file of kept seals is empty: name the one to which “server seal” was written")
	}
	return kept, nil
}
