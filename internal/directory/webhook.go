package directory

import (
	"errors"
	"net"
	"net/url"
)

// ErrUnsafeWebhook says that what is sent to a webhook's address could be read on the way, or that
// it is no address at all.
var ErrUnsafeWebhook = errors.New("a webhook's address begins with https://, or with http:// on this machine, and holds no password")

// CheckWebhook returns ErrUnsafeWebhook for an address to which no message may be sent.
func CheckWebhook(address string) error {
	parsed, err := url.Parse(address)
	if err != nil || parsed.Hostname() == "" || parsed.User != nil {
		return ErrUnsafeWebhook
	}
	ip := net.ParseIP(parsed.Hostname())
	here := parsed.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
	if parsed.Scheme == "https" || parsed.Scheme == "http" && here {
		return nil
	}
	return ErrUnsafeWebhook
}
