package jwt

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/bailey-go/bailey/runtime/auth/internal/outbound"
)

// ruleOverHTTP names what DangerouslyFetchKeysOverHTTP weakens.
const ruleOverHTTP = "keys-over-http"

// target checks an address of the source. With DangerouslyFetchKeysOverHTTP it has to be that host's, over http.
func (s *RemoteSource) target(what, address string) (*url.URL, error) {
	if s.DangerouslyFetchKeysOverHTTP != "" {
		return outbound.PlainTarget(what, address, s.DangerouslyFetchKeysOverHTTP)
	}
	u, err := outbound.Target(what, address)
	if err == nil && s.CAFile != "" && u.Scheme != "https" {
		return nil, errors.New(what + " " + u.Redacted() + ": a ca-file, and an address without TLS")
	}
	return u, err
}

// connect makes the source's transport where it has none, and says which redirects are followed.
func (s *RemoteSource) connect(o opening) (redirect func(*http.Request, []*http.Request) error, err error) {
	switch {
	case s.Transport != nil && (s.CAFile != "" || s.DangerouslyFetchKeysOverHTTP != ""):
		return nil, errors.New("a transport of your own, beside a ca-file or plain HTTP, which have theirs")
	case s.CAFile != "" && s.DangerouslyFetchKeysOverHTTP != "":
		return nil, errors.New("a ca-file, and plain HTTP, which has no certificates")
	case s.DangerouslyFetchKeysOverHTTP != "":
		s.Transport = outbound.NewPlain(s.DangerouslyFetchKeysOverHTTP, s.Timeout)
		*o.relaxed = append(*o.relaxed, ruleOverHTTP)
		return outbound.NoRedirect, nil
	case s.CAFile != "":
		s.Transport, err = outbound.NewAuthority(outbound.NewTransport(s.Timeout, 1), s.CAFile, o.clock, o.report)
	case s.Transport == nil:
		s.Transport = outbound.NewTransport(s.Timeout, 1)
	}
	return outbound.Redirect, err
}
