package stack

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
	"syscall"
)

// ErrPortTaken says that another program listens where a server was to listen.
var ErrPortTaken = errors.New("port taken")

// CheckPort returns an error that wraps ErrPortTaken when something already listens on the port,
// and another when we may not listen there. The purpose, for example "PostgreSQL", and the remedy
// go into the message.
func CheckPort(port int, purpose, remedy string) error {
	listener, err := net.Listen("tcp", Address(port))
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%w: %s wants port %d, where another program listens; stop that program, or %s", ErrPortTaken, purpose, port, remedy)
	}
	if err != nil {
		return fmt.Errorf("%s can't listen on port %d (%w); %s", purpose, port, err, remedy)
	}
	return listener.Close()
}

// Address is host:port of a server of the stack.
func Address(port int) string { return net.JoinHostPort(Host, strconv.Itoa(port)) }

// FreePort finds a port on which nothing listens, below the range from which the system takes ports
// for outgoing connections, so that a server that is stopped and started again finds its port still
// free.
func FreePort() (int, error) {
	for range 1000 {
		port := 10000 + rand.IntN(20000)
		listener, err := net.Listen("tcp", Address(port))
		if err != nil {
			continue
		}
		return port, listener.Close()
	}
	return 0, errors.New("no free port found between 10000 and 30000")
}

func freePorts(wanted ...*int) error {
	given := map[int]bool{}
	for _, port := range wanted {
		given[*port] = true
	}
	for _, port := range wanted {
		for *port == 0 {
			free, err := FreePort()
			if err != nil {
				return err
			}
			if !given[free] {
				*port, given[free] = free, true
			}
		}
	}
	return nil
}
