package jwt

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/bailey-go/bailey/runtime/auth/internal/outbound"
)

// JWKS takes keys from the issuer's JWK set, as [RemoteSource] does with its defaults.
func JWKS(url string) KeySource { return RemoteSource{URL: url} }

// RemoteSource fetches a JWK set (RFC 7517, section 5) over https; over http only from a loopback address.
//
// One goroutine fetches; requests never wait for it. [New] does, once, for at most
// Timeout, and goes on when the issuer is down: until the first set arrives every token is refused as unavailable.
// Later the set is fetched again after Interval, and, when a token names a key
// that is not in it, after no less than MinGap since the last try, whoever sends how many such tokens;
// the token itself is refused meanwhile. A failed fetch is tried again after
// MinGap, doubling up to Interval, and told to [Policy.Report]; the last good set stays in force for
// Keep. Keys that cannot be used (weak, private, for other algorithms) are left out;
// a set without any other is a failed fetch.
type RemoteSource struct {
	URL string
	// Interval is the time between regular fetches; 0 means 15 minutes.
	Interval time.Duration
	// MinGap is the least time between two fetches; 0 means 30 seconds.
	MinGap time.Duration
	// Timeout bounds one fetch, from the look-up of the name to the last byte; 0 means 5 seconds.
	Timeout time.Duration
	// Keep is how long a set stays in force that could not be fetched again; 0 means 6 hours.
	Keep time.Duration
	// Transport replaces the source's own, which speaks TLS 1.2 and newer, to one connection,
	// through the proxy that the environment names.
	Transport http.RoundTripper
}

const (
	defaultInterval = 15 * time.Minute
	defaultGap      = 30 * time.Second
	defaultTimeout  = 5 * time.Second
)

func (s RemoteSource) open(o opening) (ring, error) {
	target, err := outbound.Target("key set", s.URL)
	if err != nil {
		return nil, fmt.Errorf("jwt: %w", err)
	}
	return s.start(o, "key set "+target.Redacted(), func(ctx context.Context, f fetcher) (*keySet, error) {
		return f.keys(ctx, target.String(), o.algorithms)
	})
}

// start checks the bounds and begins to fetch with load. What names the source in reports.
func (s RemoteSource) start(o opening, what string, load func(context.Context, fetcher) (*keySet, error)) (ring, error) {
	if o.mac() {
		return nil, errors.New("jwt: a MAC's key is a secret, and cannot come from a JWKS URL")
	}
	for _, d := range []struct {
		value    *time.Duration
		fallback time.Duration
	}{{&s.Interval, defaultInterval}, {&s.MinGap, defaultGap}, {&s.Timeout, defaultTimeout}, {&s.Keep, defaultKeep}} {
		if *d.value < 0 {
			return nil, fmt.Errorf("jwt: %s: a negative interval", what)
		}
		if *d.value == 0 {
			*d.value = d.fallback
		}
	}
	s.MinGap = min(s.MinGap, s.Interval)
	if s.Keep < s.Interval {
		return nil, fmt.Errorf("jwt: %s: kept for %v, fetched only every %v", what, s.Keep, s.Interval)
	}
	if s.Transport == nil {
		s.Transport = outbound.NewTransport(s.Timeout, 1)
	}
	ctx, cancel := context.WithCancel(context.Background())
	r := &remoteRing{
		source: s, what: what, load: load, opening: o, cancel: cancel,
		kick: make(chan struct{}, 1), done: make(chan struct{}),
		fetcher: fetcher{&http.Client{Transport: s.Transport, CheckRedirect: outbound.Redirect}},
	}
	r.keep = s.Keep
	first := make(chan struct{})
	go r.run(ctx, first)
	<-first // one try, which Timeout bounds
	return r, nil
}

// remoteRing is a fetched key set and the goroutine that fetches it.
type remoteRing struct {
	kept
	source  RemoteSource
	what    string // names the source in reports
	load    func(context.Context, fetcher) (*keySet, error)
	opening opening
	fetcher fetcher
	kick    chan struct{} // holds one: more tokens with unknown keys add nothing
	cancel  context.CancelFunc
	once    sync.Once
	done    chan struct{}
}

func (r *remoteRing) missing(time.Time) {
	select {
	case r.kick <- struct{}{}:
	default:
	}
}

func (r *remoteRing) close() {
	r.once.Do(func() {
		r.cancel()
		<-r.done
		r.fetcher.client.CloseIdleConnections()
	})
}

// run fetches until ctx ends. It closes first after the first try.
func (r *remoteRing) run(ctx context.Context, first chan<- struct{}) {
	defer close(r.done)
	backOff := r.next(r.update(ctx), 0)
	close(first)
	for {
		wait := backOff
		if wait == 0 {
			wait = r.source.Interval
		}
		if !r.sleep(ctx, wait) {
			return
		}
		backOff = r.next(r.update(ctx), backOff)
	}
}

// next returns how long to wait after a failed fetch, from how long was waited before it; 0 after a good one.
func (r *remoteRing) next(err error, last time.Duration) time.Duration {
	if err == nil {
		return 0
	}
	return min(max(2*last, r.source.MinGap), r.source.Interval)
}

// sleep waits for d, or for a kick but never less than MinGap. It reports false when
// ctx has ended.
func (r *remoteRing) sleep(ctx context.Context, d time.Duration) bool {
	gap := min(d, r.source.MinGap)
	if !pause(ctx, gap, nil) {
		return false
	}
	return d == gap || pause(ctx, d-gap, r.kick)
}

// pause waits for d or wake, and reports false when ctx has ended.
func pause(ctx context.Context, d time.Duration, wake <-chan struct{}) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
	case <-wake:
	}
	return true
}

// update tries once, for at most Timeout, and reports an error unless it comes from closing.
func (r *remoteRing) update(ctx context.Context) error {
	limited, cancel := context.WithTimeout(ctx, r.source.Timeout)
	defer cancel()
	set, err := r.load(limited, r.fetcher)
	if err != nil {
		if ctx.Err() == nil {
			r.opening.report(fmt.Errorf("jwt: %s: %w", r.what, err))
		}
		return err
	}
	r.confirm(set, r.opening.clock())
	select { // what asked for a key before this set, has its answer
	case <-r.kick:
	default:
	}
	return nil
}
