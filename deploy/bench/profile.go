package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"time"
)

// profile asks the server and the worker for a CPU profile of the window and for what they
// allocated, and returns what waits for them.
func (b *bench) profile(ctx context.Context, directory string, window time.Duration) func() error {
	done := make(chan error, len(b.profiles))
	for program, address := range b.profiles {
		go func() {
			seconds := max(1, int(window.Seconds()))
			err := fetch(ctx, fmt.Sprintf("http://%s/debug/pprof/profile?seconds=%d", address, seconds), filepath.Join(directory, program+".cpu.pprof"))
			done <- errors.Join(err, fetch(ctx, "http://"+address+"/debug/pprof/allocs", filepath.Join(directory, program+".allocs.pprof")))
		}()
	}
	return func() error {
		var all error
		for range b.profiles {
			all = errors.Join(all, <-done)
		}
		return all
	}
}

func fetch(ctx context.Context, address, path string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("ask for a profile: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("ask for a profile: %s", response.Status)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("make the directory for profiles: %w", err)
	}
	file, err := os.Create(filepath.Clean(path))
	if err != nil {
		return fmt.Errorf("keep a profile: %w", err)
	}
	_, err = io.Copy(file, response.Body)
	return errors.Join(err, file.Close())
}
