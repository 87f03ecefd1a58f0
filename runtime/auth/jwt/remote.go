package jwt

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// JWKS takes keys from the issuer's JWK set, as [RemoteSource] does with its defaults.
func JWKS(url string) KeySource { return RemoteSource{URL: url} }

// RemoteSource fetches a JWK set (RFC 7517, section 5) over https; over http only from a loopback address.
//
// One goroutine fetches. [New] waits for it once, for at most Timeout, and goes on when the issuer
// is down: until the first set arrives every token is refused as unavailable. Later the set is
// fetched again after Interval, or earlier where the issuer's Cache-Control says so, though not
// within a minute; a set that has an entity tag is not sent again unless it changed.
//
// A token that names a key which is not in the set has it fetched, if nothing else is wrong with
// the token that can be seen without a key. A fetch begins at least MinGap after the last one;
// after five of them in a row that brought no new key, one in twice MinGap, whoever sends how
// many such tokens. A request with such a token waits for a fetch that begins after the request
// came, for at most Wait, and 64 requests wait at a time. The new set then judges it. A request
// that does not see the end of such a fetch is refused as unavailable, with the time until the next
// fetch ([auth.Unavailable]), and so is every one whose fetch failed: a token is refused for its
// key only by a set that was asked for after the token came. The token is then remembered for
// fifteen times MinGap, and asks for no fetch meanwhile.
//
// A failed fetch is tried again after MinGap, doubling up to Interval, or earlier where a token
// asks for it, within the bounds above. It is told to [Policy.Report], at most once a minute; the
// last good set stays in force for Keep, and then every token is refused as unavailable. Keys that
// cannot be used (weak, private, for other algorithms) are left out; a set without any other is a
// failed fetch.
type RemoteSource struct {
	URL string
	// Interval is the time between regular fetches; 0 means 15 minutes, 5 for a SPIFFE bundle, or half of Keep where that is shorter.
	Interval time.Duration
	// MinGap is the least time between two fetches; 0 means 1 second.
	MinGap time.Duration
	// Timeout bounds one fetch, from the look-up of the name to the last byte; 0 means 5 seconds.
	Timeout time.Duration
	// Wait bounds how long a request waits for the fetch of a key that it names; 0 means 3 seconds, negative not at all.
	Wait time.Duration
	// Keep is how long a set stays in force that could not be fetched again; 0 means [Policy].KeepKeys, which is 6 hours unless it is set.
	Keep time.Duration
	// Transport replaces the source's own, which speaks TLS 1.2 and newer, to one connection,
	// through the proxy that the environment names.
	Transport http.RoundTripper
	// CAFile, if not empty, is a file of the certificate authorities (PEM, at most 1 MiB) that are believed instead of the system's, such as
	// Kubernetes' ca.crt. It is read again when it changes: a fetch looks at it, at most once in 10 seconds.
	CAFile string
	// DangerouslyFetchKeysOverHTTP is the host of URL, without its port, to which plain HTTP is spoken: whoever is on the way to it can replace the
	// keys, and so let anybody in. The connection must go to a loopback address or one of a private network (RFC 1918, RFC 4193), uses no
	// proxy and follows no redirect. Each start of the server is recorded as an event with the rule keys-over-http.
	DangerouslyFetchKeysOverHTTP string
}

const (
	defaultInterval = 15 * time.Minute
	svidInterval    = 5 * time.Minute // as SPIFFE Trust Domain and Bundle advises where there is no hint
	defaultGap      = time.Second
	defaultTimeout  = 5 * time.Second
	defaultWait     = 3 * time.Second
	minFresh        = time.Minute // what an issuer's Cache-Control cannot undercut
	maxWaiting      = 64
)

func (s RemoteSource) open(o opening) (ring, error) {
	target, err := s.target("key set", s.URL)
	if err != nil {
		return nil, fmt.Errorf("jwt: %w", err)
	}
	return s.start(o, "key set "+target.Redacted(), func(ctx context.Context, f *fetcher) (*keySet, error) {
		return f.keys(ctx, target.String(), o)
	})
}

// bounds fills in what is not set.
func (s *RemoteSource) bounds(o opening) error {
	if s.Keep == 0 {
		s.Keep = o.keep
	}
	interval := defaultInterval
	if o.svid {
		interval = svidInterval
	}
	for _, d := range []struct {
		value    *time.Duration
		fallback time.Duration
	}{{&s.Interval, min(interval, s.Keep/2)}, {&s.MinGap, defaultGap}, {&s.Timeout, defaultTimeout}, {&s.Keep, defaultKeep}} {
		if *d.value < 0 {
			return errors.New("a negative interval")
		}
		if *d.value == 0 {
			*d.value = d.fallback
		}
	}
	switch {
	case s.Wait == 0:
		s.Wait = defaultWait
	case s.Wait < 0:
		s.Wait = 0
	}
	s.MinGap = min(s.MinGap, s.Interval)
	if s.Keep < s.Interval {
		return fmt.Errorf("kept for %v, fetched only every %v", s.Keep, s.Interval)
	}
	return nil
}

// start checks the bounds and begins to fetch with load. What names the source in reports.
func (s RemoteSource) start(o opening, what string, load func(context.Context, *fetcher) (*keySet, error)) (ring, error) {
	if o.mac() {
		return nil, errors.New("jwt: a MAC's key is a secret, and cannot come from a JWKS URL")
	}
	if err := s.bounds(o); err != nil {
		return nil, fmt.Errorf("jwt: %s: %w", what, err)
	}
	redirect, err := s.connect(o)
	if err != nil {
		return nil, fmt.Errorf("jwt: %s: %w", what, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	r := &remoteRing{
		source: s, what: what, load: load, opening: o, cancel: cancel,
		kick: make(chan struct{}, 1), done: make(chan struct{}), round: make(chan struct{}), budget: budget{left: fetchBurst},
		fetcher: fetcher{client: &http.Client{Transport: s.Transport, CheckRedirect: redirect}},
	}
	r.keep = s.Keep
	first := make(chan struct{})
	go r.run(ctx, first)
	<-first // one try, which Timeout bounds
	return r, nil
}
