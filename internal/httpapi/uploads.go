package httpapi

import (
	"errors"
	"io"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"recourse/internal/complaint"
)

// How many attachments a server has in memory: each takes its size a few times over. One person's
// leave room for everybody else's.
const (
	uploadsAtOnce      = 16
	uploadsOfOnePerson = 2
)

// places are those in which attachments are taken in.
type places struct {
	sync.Mutex
	taken int
	by    map[complaint.PersonID]int
}

// take takes a place, unless all are taken or the person has as many as one may.
func (p *places) take(person complaint.PersonID) bool {
	p.Lock()
	defer p.Unlock()
	if p.taken >= uploadsAtOnce || p.by[person] >= uploadsOfOnePerson {
		return false
	}
	p.taken++
	p.by[person]++
	return true
}

func (p *places) leave(person complaint.PersonID) {
	p.Lock()
	defer p.Unlock()
	p.taken--
	if p.by[person]--; p.by[person] == 0 {
		delete(p.by, person)
	}
}

// uploading lets a few attachments in at a time, and only those of people who may add them: asked
// before anything is read.
func (s *Server) uploading() echo.MiddlewareFunc {
	taken := places{by: map[complaint.PersonID]int{}}
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if c.Request().Method != http.MethodPost || c.Path() != attachmentsPath {
				return next(c)
			}
			opened, err := s.open(c.Request().Context(), c.Param("number"))
			if err == nil {
				err = opened.MayAttach()
			}
			if err != nil {
				return err
			}
			person := callerOf(c.Request().Context()).Person
			if !taken.take(person) {
				return echo.NewHTTPError(http.StatusTooManyRequests)
			}
			defer taken.leave(person)
			return next(c)
		}
	}
}

// errStalled says that a body stopped coming.
var errStalled = errors.New("the body stopped coming")

// flowing lets a body take its time as long as it comes: nobody holds a place, or a connection, by
// sending nothing. A body that keeps coming has bodyWithin.
func flowing(stall time.Duration) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if request := c.Request(); request.Body != nil && request.Body != http.NoBody {
				began := time.Now()
				request.Body = &flow{ReadCloser: request.Body, connection: http.NewResponseController(c.Response()), stall: stall, began: began, last: began.Add(bodyWithin)}
			}
			return next(c)
		}
	}
}

// flow is a body that has to make progress.
type flow struct {
	io.ReadCloser
	connection *http.ResponseController
	stall      time.Duration
	began      time.Time
	last       time.Time // when it has to be here
	came       int64
}

// leastFlow is how many bytes a second have to come, once the first patience is over: less is how
// one holds a place on purpose.
const leastFlow = 256

// Read reads what comes within the patience.
func (f *flow) Read(into []byte) (int, error) {
	now := time.Now()
	if took := now.Sub(f.began); took > f.stall && f.came < int64(leastFlow*took.Seconds()) {
		return 0, errStalled
	}
	until := now.Add(f.stall)
	if until.After(f.last) {
		until = f.last
	}
	_ = f.connection.SetReadDeadline(until) // where there is no connection, as in a test, nothing stalls
	n, err := f.ReadCloser.Read(into)
	f.came += int64(n)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		err = errStalled
	}
	return n, err
}
