package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// cost is what the machine spent.
type cost struct {
	// cpu is the processor time of each program; empty where the system doesn't tell (all but
	// Linux).
	cpu map[string]time.Duration
	// commits are PostgreSQL's transactions, by database; log is its write-ahead log, in bytes.
	commits map[string]int64
	log     int64
	// sent are the messages that have left.
	sent int64
}

func (c cost) since(before cost) cost {
	spent := cost{cpu: map[string]time.Duration{}, commits: map[string]int64{}, log: c.log - before.log, sent: c.sent - before.sent}
	for name, now := range c.cpu {
		spent.cpu[name] = now - before.cpu[name]
	}
	for name, now := range c.commits {
		spent.commits[name] = now - before.commits[name]
	}
	return spent
}

// The programs whose processor time is told apart, in the order in which they are printed.
const (
	temporalServer   = "Temporal"
	temporalDatabase = "PostgreSQL for Temporal"
	ourDatabase      = "PostgreSQL for Recourse"
	restOfDatabase   = "PostgreSQL itself"
	ourServer        = "Recourse's server"
	ourWorker        = "Recourse's worker"
	floorWorker      = "floor's worker"
	mailSink         = "mail sink"
	callersProgram   = "callers"
)

var programs = []string{temporalServer, temporalDatabase, ourDatabase, restOfDatabase, ourServer, ourWorker, floorWorker, mailSink, callersProgram}

// spent is what was spent so far.
func (b *bench) spent(ctx context.Context) (cost, error) {
	c := cost{commits: map[string]int64{}}
	var err error
	if c.cpu, err = b.processorTimes(); err != nil {
		return c, err
	}
	rows, err := b.database.Query(ctx, `SELECT datname, xact_commit FROM pg_stat_database WHERE datname IN ('recourse', 'temporal', 'temporal_visibility')`)
	if err != nil {
		return c, fmt.Errorf("count PostgreSQL's transactions: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		var commits int64
		if err := rows.Scan(&name, &commits); err != nil {
			return c, fmt.Errorf("count PostgreSQL's transactions: %w", err)
		}
		c.commits[name] = commits
	}
	if err := rows.Err(); err != nil {
		return c, fmt.Errorf("count PostgreSQL's transactions: %w", err)
	}
	err = b.database.QueryRow(ctx, `SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint, (SELECT count(*) FROM messages WHERE state = 'sent')`).Scan(&c.log, &c.sent)
	if err != nil {
		return c, fmt.Errorf("measure PostgreSQL's log: %w", err)
	}
	return c, nil
}

// restFor is how long it is measured what all programs cost while nobody calls.
const restFor = 3 * time.Second

// rest measures what a second costs in which nobody calls.
func (b *bench) rest(ctx context.Context) (cost, error) {
	before, err := b.spent(ctx)
	if err != nil {
		return cost{}, err
	}
	select {
	case <-time.After(restFor):
	case <-ctx.Done():
		return cost{}, ctx.Err()
	}
	after, err := b.spent(ctx)
	return after.since(before), err
}

// undelivered counts the messages that wait to leave.
func (b *bench) undelivered(ctx context.Context) (waiting int, err error) {
	err = b.database.QueryRow(ctx, `SELECT count(*) FROM messages WHERE state = 'queued'`).Scan(&waiting)
	if err != nil {
		return 0, fmt.Errorf("count the messages that wait: %w", err)
	}
	return waiting, nil
}

// settlePatience bounds how long the messages of a round may take to leave after it.
const settlePatience = time.Minute

// settle waits until no message waits to leave, so that one side's work doesn't burden the other's
// round.
func (b *bench) settle(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, settlePatience)
	defer cancel()
	look := time.NewTicker(50 * time.Millisecond)
	defer look.Stop()
	for {
		waiting, err := b.undelivered(ctx)
		if err != nil || waiting == 0 {
			return err
		}
		select {
		case <-look.C:
		case <-ctx.Done():
			return fmt.Errorf("%d messages still wait %s after a round: %w", waiting, settlePatience, ctx.Err())
		}
	}
}

// ticksPerSecond is the unit of /proc/<pid>/stat on every Linux that Go runs on.
const ticksPerSecond = 100

// processStat is a line of /proc/<pid>/stat.
type processStat struct {
	parent int
	name   string
	own    time.Duration // processor time, its own
	ended  time.Duration // that of its children that have ended
}

// processorTimes adds up the processor times of all our children and theirs.
func (b *bench) processorTimes() (map[string]time.Duration, error) {
	if runtime.GOOS != "linux" {
		return nil, nil
	}
	all, err := processes()
	if err != nil {
		return nil, err
	}
	times := map[string]time.Duration{callersProgram: all[os.Getpid()].own}
	for name, pid := range b.pids {
		times[name] = all[pid].own
	}
	for pid, p := range all {
		switch parent := all[p.parent]; {
		case p.parent == os.Getpid() && strings.HasPrefix(p.name, "temporal-server"):
			times[temporalServer] += p.own
		case p.parent == os.Getpid() && p.name == "postgres":
			times[restOfDatabase] += p.own + p.ended
		case parent.parent == os.Getpid() && parent.name == "postgres":
			times[backendOf(pid)] += p.own
		}
	}
	return times, nil
}

// backendOf says whom a process of PostgreSQL works for, by its title: "postgres: temporal temporal
// 127.0.0.1(4711) idle".
func backendOf(pid int) string {
	title, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	switch {
	case err != nil:
		return restOfDatabase
	case strings.HasPrefix(string(title), "postgres: temporal "):
		return temporalDatabase
	case strings.HasPrefix(string(title), "postgres: recourse "):
		return ourDatabase
	}
	return restOfDatabase
}

func processes() (map[int]processStat, error) {
	paths, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return nil, fmt.Errorf("list the processes: %w", err)
	}
	all := map[int]processStat{}
	for _, path := range paths {
		line, err := os.ReadFile(filepath.Clean(path))
		if errors.Is(err, fs.ErrNotExist) {
			continue // it has just ended
		}
		if err != nil {
			continue // nor is it ours
		}
		pid, stat, err := parseStat(string(line))
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", path, err)
		}
		all[pid] = stat
	}
	return all, nil
}

// parseStat reads a line such as "42 (a name) S 1 …"; the name may hold anything, so the last
// parenthesis ends it.
func parseStat(line string) (int, processStat, error) {
	open, end := strings.IndexByte(line, '('), strings.LastIndexByte(line, ')')
	if open < 0 || end < open {
		return 0, processStat{}, errors.New("no name in parentheses")
	}
	pid, err := strconv.Atoi(strings.TrimSpace(line[:open]))
	if err != nil {
		return 0, processStat{}, err
	}
	fields := strings.Fields(line[end+1:])
	const parent, userTime, childrensSystemTime = 1, 11, 14
	if len(fields) <= childrensSystemTime {
		return 0, processStat{}, fmt.Errorf("only %d fields", len(fields))
	}
	stat := processStat{name: line[open+1 : end]}
	if stat.parent, err = strconv.Atoi(fields[parent]); err != nil {
		return 0, processStat{}, err
	}
	var ticks [4]int64 // user, system, children's user, children's system
	for i := range ticks {
		if ticks[i], err = strconv.ParseInt(fields[userTime+i], 10, 64); err != nil {
			return 0, processStat{}, err
		}
	}
	stat.own = time.Duration(ticks[0]+ticks[1]) * time.Second / ticksPerSecond
	stat.ended = time.Duration(ticks[2]+ticks[3]) * time.Second / ticksPerSecond
	return pid, stat, nil
}
