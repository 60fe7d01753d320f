// Package progress shows how far something is: a bar on a terminal, and elsewhere a line now and
// then.
package progress

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/mattn/go-isatty"
	"github.com/schollz/progressbar/v3"
)

// step is by how many percent the lines are apart where there is no terminal.
const step = 10

// Progress counts towards a total. It is safe for concurrent use.
type Progress struct {
	what  string
	total int64
	out   io.Writer
	bar   *progressbar.ProgressBar

	mu   sync.Mutex
	done int64
	told int64
}

// Start shows nothing done of the total (0: unknown), in whatever unit the caller counts.
func Start(out *os.File, what string, total int64) *Progress {
	p := &Progress{what: what, total: total, out: out}
	if isatty.IsTerminal(out.Fd()) {
		size := total
		if size <= 0 {
			size = -1
		}
		p.bar = progressbar.NewOptions64(size, progressbar.OptionSetWriter(out), progressbar.OptionSetDescription(what),
			progressbar.OptionSetPredictTime(true), progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionSetWidth(30), progressbar.OptionClearOnFinish())
	}
	return p
}

// Add counts so many more as done.
func (p *Progress) Add(more int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done += more
	if p.bar != nil {
		_ = p.bar.Add64(more)
		return
	}
	if p.total <= 0 {
		return
	}
	if percent := 100 * min(p.done, p.total) / p.total; percent >= p.told+step {
		p.told = percent - percent%step
		fmt.Fprintf(p.out, "%s: %d %%\n", p.what, p.told)
	}
}

// Say writes a line without tearing the bar.
func (p *Progress) Say(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bar != nil {
		_ = p.bar.Clear()
	}
	fmt.Fprintf(p.out, format+"\n", args...)
	if p.bar != nil {
		_ = p.bar.RenderBlank()
	}
}

// End takes the bar away.
func (p *Progress) End() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bar != nil {
		_ = p.bar.Finish()
	}
}
