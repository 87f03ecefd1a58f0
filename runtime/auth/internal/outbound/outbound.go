// Package outbound asks issuers: over https, for bounded time and bytes.
package outbound

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"github.com/bailey-go/bailey/runtime/internal/suites"
)

const maxRedirects = 3

// Target checks an address before anything is sent there.
func Target(what, address string) (*url.URL, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("%s: the address is not a URL", what)
	}
	switch {
	case u.Host == "" || u.Hostname() == "":
		return nil, fmt.Errorf("%s %s: no host", what, u.Redacted())
	case u.User != nil:
		return nil, fmt.Errorf("%s %s: a URL with credentials", what, u.Redacted())
	case !secure(u):
		return nil, fmt.Errorf("%s %s: only https, or http to a loopback address", what, u.Redacted())
	}
	return u, nil
}

// secure reports whether what comes from u is what its owner sent.
func secure(u *url.URL) bool {
	switch u.Scheme {
	case "https":
		return true
	case "http":
		if u.Hostname() == "localhost" {
			return true
		}
		addr, err := netip.ParseAddr(u.Hostname())
		return err == nil && addr.Unmap().IsLoopback()
	}
	return false
}

// Redirect follows a few redirects, as a client's CheckRedirect, on the same host and never from https to less.
func Redirect(r *http.Request, via []*http.Request) error {
	switch {
	case len(via) > maxRedirects:
		return errors.New("too many redirects")
	case r.URL.Host != via[0].URL.Host:
		return errors.New("a redirect to another host")
	case r.URL.Scheme != via[0].URL.Scheme && r.URL.Scheme != "https":
		return errors.New("a redirect away from https")
	}
	return nil
}

// NewTransport speaks TLS 1.2, with authenticated encryption only, and newer to one host over so many connections, through the
// proxy that the environment names.
func NewTransport(timeout time.Duration, connections int) *http.Transport {
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: timeout}).DialContext,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, CipherSuites: suites.AEAD()},
		TLSHandshakeTimeout:    timeout,
		MaxResponseHeaderBytes: 64 << 10,
		MaxConnsPerHost:        connections,
		IdleConnTimeout:        30 * time.Second,
		ForceAttemptHTTP2:      true,
	}
}

// Read sends r and returns the body of the answer, of at most limit bytes. Any
// other status than 200 is an error.
func Read(client *http.Client, r *http.Request, limit int64) ([]byte, error) {
	a, err := Ask(client, r, limit)
	if err == nil && a.Status != http.StatusOK {
		return nil, fmt.Errorf("status %d", a.Status)
	}
	return a.Body, err
}

// An Answer is what came back with the status 200 or 304.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte // none with 304
}

// Ask is [Read] for requests that may be answered with 304 Not Modified (RFC 9110, section 15.4.5). No more than the body's limit
// and the transport's bound on the header is read.
func Ask(client *http.Client, r *http.Request, limit int64) (Answer, error) {
	resp, err := client.Do(r)
	if err != nil {
		return Answer{}, err
	}
	defer resp.Body.Close()
	a := Answer{Status: resp.StatusCode, Header: resp.Header}
	switch resp.StatusCode {
	case http.StatusOK:
	case http.StatusNotModified:
		return a, nil
	default:
		return Answer{}, fmt.Errorf("status %d", resp.StatusCode)
	}
	if a.Body, err = io.ReadAll(io.LimitReader(resp.Body, limit+1)); err != nil {
		return Answer{}, err
	}
	if int64(len(a.Body)) > limit {
		return Answer{}, fmt.Errorf("more than %d bytes", limit)
	}
	return a, nil
}
