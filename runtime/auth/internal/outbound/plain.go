package outbound

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"
)

// PlainTarget checks an address to which plain HTTP is allowed by the name of its host.
func PlainTarget(what, address, host string) (*url.URL, error) {
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s: the address is not a URL", what)
	case host == "" || strings.ContainsAny(host, ":/*[]"):
		return nil, fmt.Errorf("%s: plain HTTP is allowed to one host by its name, without a port", what)
	case u.User != nil:
		return nil, fmt.Errorf("%s %s: a URL with credentials", what, u.Redacted())
	case u.Scheme != "http":
		return nil, fmt.Errorf("%s %s: plain HTTP is allowed, and the address has another scheme", what, u.Redacted())
	case !strings.EqualFold(u.Hostname(), host):
		return nil, fmt.Errorf("%s %s: plain HTTP is allowed to %q alone", what, u.Redacted(), host)
	}
	return u, nil
}

// NewPlain returns a transport over plain HTTP to one host, without a proxy. It connects to loopback addresses and those of private networks
// alone (RFC 1918; RFC 4193), and looks at the address that a connection goes to, whatever the name was resolved to before.
func NewPlain(host string, timeout time.Duration) *http.Transport {
	return newPlain(host, timeout, nil)
}

func newPlain(host string, timeout time.Duration, resolver *net.Resolver) *http.Transport {
	dialer := &net.Dialer{Timeout: timeout, Resolver: resolver, Control: func(_, address string, _ syscall.RawConn) error {
		if !isPrivate(address) {
			return errors.New("plain HTTP to an address that is neither loopback nor of a private network")
		}
		return nil
	}}
	return &http.Transport{
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			if name, _, err := net.SplitHostPort(address); err != nil || !strings.EqualFold(name, host) {
				return nil, fmt.Errorf("plain HTTP is allowed to %q alone", host)
			}
			return dialer.DialContext(ctx, network, address)
		},
		DialTLSContext: func(context.Context, string, string) (net.Conn, error) {
			return nil, errors.New("a transport for plain HTTP")
		},
		MaxResponseHeaderBytes: 64 << 10,
		MaxConnsPerHost:        1,
		IdleConnTimeout:        30 * time.Second,
	}
}

// isPrivate reports whether an address with its port is loopback, of RFC 1918, or a unique local one (RFC 4193).
func isPrivate(address string) bool {
	a, err := netip.ParseAddrPort(address)
	if err != nil {
		return false
	}
	addr := a.Addr().Unmap()
	return addr.IsLoopback() || addr.IsPrivate()
}

// NoRedirect is a client's CheckRedirect that follows none.
func NoRedirect(*http.Request, []*http.Request) error {
	return errors.New("a redirect, and plain HTTP follows none")
}
