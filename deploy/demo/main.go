// Command demo sends a few hundred real complaints through a running Recourse, as people would:
// some are answered at once, most go their whole way, some are late, declined, suspended or never
// touched. What the data doesn't say (customers, their words, who acts, what is found) comes from a
// fixed seed. Run again it goes on where it stood and makes nothing twice.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/url"
	"os"
	"os/signal"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"recourse/internal/client"
	"recourse/internal/progress"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	switch {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

// settings are where things are, as “make run” leaves them in the environment.
type settings struct {
	api, tokens, mail, temporalUI, namespace string
	most, atOnce                             int
}

func run(ctx context.Context, arguments []string) error {
	var s settings
	flags := flag.NewFlagSet("demo", flag.ContinueOnError)
	flags.StringVar(&s.api, "api", os.Getenv("RECOURSE_API_URL"), "where the API is")
	flags.StringVar(&s.tokens, "tokens", os.Getenv("RECOURSE_TOKENS_DIR"), "the directory with a token file for each example person")
	flags.StringVar(&s.mail, "mail", os.Getenv("RECOURSE_MAIL_URL"), "where the mail sink's page is")
	flags.StringVar(&s.temporalUI, "temporal-ui", os.Getenv("RECOURSE_TEMPORAL_UI_URL"), "where Temporal's UI is")
	flags.StringVar(&s.namespace, "namespace", os.Getenv("TEMPORAL_NAMESPACE"), "Temporal's namespace")
	flags.IntVar(&s.most, "rows", 0, "how many rows; 0 for all")
	flags.IntVar(&s.atOnce, "at-once", 12, "how many complaints are played at the same time")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	if s.api == "" || s.tokens == "" {
		return errors.New("say where the API and the tokens are, or use “make demo” beside “make run”")
	}
	scripts, dirt, err := readScripts(rows)
	if err != nil {
		return err
	}
	first := cast(scripts)
	if first == nil {
		return fmt.Errorf("none of the %d rows is a complaint for %s", len(scripts), courier)
	}
	if s.most > 0 && s.most < len(scripts) { // the parts were given among all rows: a row's is always the same
		scripts = scripts[:s.most]
		if !slices.Contains(scripts, first) {
			scripts[len(scripts)-1] = first
		}
	}
	people, err := examplePeople()
	if err != nil {
		return err
	}
	api := &client.Client{Address: strings.TrimSuffix(s.api, "/"), Token: client.TokensIn(s.tokens)}
	if err := api.Ready(ctx); err != nil {
		return fmt.Errorf("%w\nStart the local stack first, in another terminal: make run", err)
	}
	fmt.Printf("%d real complaints of the New York City Council's constituents; customers, words and people from the seed %d.\n", len(scripts), seed)
	sayDirt(os.Stdout, dirt)

	began := time.Now()
	st := &stage{api: api, people: people, mail: &mailbox{address: strings.TrimSuffix(s.mail, "/")}}
	if st.began, err = st.firstBegun(ctx, first, began); err != nil {
		return err
	}
	if st.began.Before(began.Add(-time.Minute)) {
		fmt.Printf("The demo was begun at %s; what is missing is done now, nothing twice.\n", st.began.Local().Format(time.DateTime))
	}
	lives, troubles, err := st.playAll(ctx, scripts, first, s.atOnce)
	if err != nil {
		return err
	}
	return st.sum(ctx, os.Stdout, s, lives, troubles, time.Since(began))
}

// firstBegun is when the demo was begun for the first time against this server: its first complaint
// says it. A repeated registration has to tell the same times, or it would be another one.
func (st *stage) firstBegun(ctx context.Context, first *script, now time.Time) (time.Time, error) {
	reader := st.people.holder(first.procedure(), officesOf[first.procedure()].agent)
	found, err := st.api.Complaints(ctx, reader, url.Values{"q": {first.mark()}, "limit": {"1"}})
	if err != nil {
		return time.Time{}, fmt.Errorf("look for an earlier demo: %w", err)
	}
	if len(found.Complaints) == 0 {
		return now.UTC().Truncate(time.Second), nil
	}
	c, err := st.api.Complaint(ctx, reader, found.Complaints[0].Number)
	if err != nil {
		return time.Time{}, fmt.Errorf("look for an earlier demo: %w", err)
	}
	return c.HeardAt, nil
}

// trouble is a part that couldn't be played to its end.
type trouble struct {
	line int
	err  error
}

// playAll plays every script, act by act. Its error ends the demo: the server can't be reached.
func (st *stage) playAll(ctx context.Context, scripts []*script, first *script, atOnce int) ([]*life, []trouble, error) {
	oldest, err := st.register(ctx, first)
	if err != nil {
		return nil, nil, fmt.Errorf("register the first complaint: %w", err)
	}
	st.oldest = oldest.number
	lives := make([]*life, len(scripts))
	var mu sync.Mutex
	var troubles []trouble
	inTrouble := map[*life]bool{}
	each := func(what string, play func(context.Context, int) error) error {
		bar := progress.Start(os.Stderr, what, int64(len(scripts)))
		defer bar.End()
		group, ctx := errgroup.WithContext(ctx)
		group.SetLimit(max(1, atOnce))
		for i := range scripts {
			group.Go(func() error {
				err := play(ctx, i)
				if err == nil || errors.Is(err, client.ErrUnreachable) || ctx.Err() != nil {
					return errors.Join(err, ctx.Err()) // and isn't counted: it wasn't played
				}
				bar.Add(1)
				mu.Lock()
				defer mu.Unlock()
				troubles = append(troubles, trouble{scripts[i].row.Line, err})
				inTrouble[lives[i]] = true
				return nil
			})
		}
		return group.Wait()
	}
	err = each("registering, and seeing to what isn't late", func(ctx context.Context, i int) error {
		l, err := st.register(ctx, scripts[i])
		if err != nil {
			return fmt.Errorf("register: %w", err)
		}
		lives[i] = l
		return l.play(ctx, immediately)
	})
	for _, act := range []struct {
		what string
		act  act
	}{{"seeing to what is late", afterLapse}, {"customers answer by the links in their mail", byCustomers}} {
		if err != nil {
			break
		}
		err = each(act.what, func(ctx context.Context, i int) error {
			mu.Lock()
			skip := lives[i] == nil || inTrouble[lives[i]]
			mu.Unlock()
			if skip {
				return nil
			}
			return lives[i].play(ctx, act.act)
		})
	}
	lives = slices.DeleteFunc(lives, func(l *life) bool { return l == nil })
	slices.SortFunc(troubles, func(a, b trouble) int { return a.line - b.line })
	return lives, troubles, err
}
