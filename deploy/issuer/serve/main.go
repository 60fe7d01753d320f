// Serve runs the example people's issuer by itself, for docker-compose.yml: it writes their tokens
// into a folder and publishes its key.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"recourse/deploy/issuer"
	"recourse/internal/rulebook"
	"recourse/procedures"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:8090", "host:port to listen on")
	url := flag.String("url", "http://127.0.0.1:8090", "how the server reaches this issuer; the tokens' iss")
	folder := flag.String("folder", ".local", "where to keep the key and write the tokens")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := serve(ctx, *listen, *url, *folder); err != nil {
		fmt.Fprintln(os.Stderr, "issuer:", err)
		os.Exit(1)
	}
}

func serve(ctx context.Context, listen, url, folder string) error {
	shipped, err := rulebook.Read(procedures.Files)
	if err != nil {
		return err
	}
	vouching, err := issuer.Open(filepath.Join(folder, "issuer-key.json"), url, "recourse")
	if err != nil {
		return err
	}
	if err := vouching.WriteTokens(filepath.Join(folder, "tokens"), issuer.People(shipped), time.Now(), 30*24*time.Hour); err != nil {
		return err
	}
	server := &http.Server{Addr: listen, Handler: vouching.Handler(), ReadHeaderTimeout: 5 * time.Second}
	context.AfterFunc(ctx, func() { server.Close() })
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
