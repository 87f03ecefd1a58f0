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
// One goroutine fetches. [New] waits for it once, for at most Timeout, and goes on when the issuer is down: until the first set
// arrives every token is refused as unavailable. Later the set is fetched again after Interval, or earlier where the issuer's
// Cache-Control says so, though not within a minute; a set that has an entity tag is not sent again unless it changed.
//
// A token that names a key which is not in the set has it fetched at once, but no less than MinGap after the last
// try, whoever sends how many such tokens. That request waits for what comes of it, for at most Wait, and is then
// judged by the new set: an issuer that signs with a new key before anybody knows it has no token refused. No other request
// waits, and no more than 64 do; the others of their kind are refused meanwhile.
//
// A failed fetch is tried again after MinGap, doubling up to Interval, and told to [Policy.Report]; the last good set stays
// in force for Keep, and then every token is refused as unavailable. Keys that cannot be used (weak, private, for other
// algorithms) are left out; a set without any other is a failed fetch.
type RemoteSource struct {
	URL string
	// Interval is the time between regular fetches; 0 means 15 minutes, or half of Keep where that is shorter.
	Interval time.Duration
	// MinGap is the least time between two fetches; 0 means 10 seconds.
	MinGap time.Duration
	// Timeout bounds one fetch, from the look-up of the name to the last byte; 0 means 5 seconds.
	Timeout time.Duration
	// Wait bounds how long a request waits for the fetch of a key that it names; 0 means 2 seconds, negative not at all.
	Wait time.Duration
	// Keep is how long a set stays in force that could not be fetched again; 0 means [Policy].KeepKeys, which is 6 hours unless it is set.
	Keep time.Duration
	// Transport replaces the source's own, which speaks TLS 1.2 and newer, to one connection,
	// through the proxy that the environment names.
	Transport http.RoundTripper
}

const (
	defaultInterval = 15 * time.Minute
	defaultGap      = 10 * time.Second
	defaultTimeout  = 5 * time.Second
	defaultWait     = 2 * time.Second
	minFresh        = time.Minute // what an issuer's Cache-Control cannot undercut
	maxWaiting      = 64
)

func (s RemoteSource) open(o opening) (ring, error) {
	target, err := outbound.Target("key set", s.URL)
	if err != nil {
		return nil, fmt.Errorf("jwt: %w", err)
	}
	return s.start(o, "key set "+target.Redacted(), func(ctx context.Context, f *fetcher) (*keySet, error) {
		return f.keys(ctx, target.String(), o.algorithms)
	})
}

// bounds fills in what is not set.
func (s *RemoteSource) bounds(o opening) error {
	if s.Keep == 0 {
		s.Keep = o.keep
	}
	for _, d := range []struct {
		value    *time.Duration
		fallback time.Duration
	}{{&s.Interval, min(defaultInterval, s.Keep/2)}, {&s.MinGap, defaultGap}, {&s.Timeout, defaultTimeout}, {&s.Keep, defaultKeep}} {
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
	if s.Transport == nil {
		s.Transport = outbound.NewTransport(s.Timeout, 1)
	}
	ctx, cancel := context.WithCancel(context.Background())
	r := &remoteRing{
		source: s, what: what, load: load, opening: o, cancel: cancel,
		kick: make(chan struct{}, 1), done: make(chan struct{}), round: make(chan struct{}),
		fetcher: fetcher{client: &http.Client{Transport: s.Transport, CheckRedirect: outbound.Redirect}},
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
	load    func(context.Context, *fetcher) (*keySet, error)
	opening opening
	fetcher fetcher       // of the goroutine
	kick    chan struct{} // holds one: more tokens with unknown keys add nothing
	cancel  context.CancelFunc
	once    sync.Once
	done    chan struct{}

	mu      sync.Mutex
	round   chan struct{} // closed when the next fetch, or the one that is on its way, has ended
	next    time.Time     // not before then is the next fetch
	waiting int
}

// missing has the set fetched, and waits for it where it can come soon.
func (r *remoteRing) missing(ctx context.Context, had *keySet) *keySet {
	r.mu.Lock()
	select {
	case r.kick <- struct{}{}:
	default:
	}
	set := r.set.Load()
	if set != had || r.source.Wait == 0 || r.waiting >= maxWaiting || time.Until(r.next) > r.source.Wait {
		r.mu.Unlock()
		return set // a newer one that has come meanwhile, or the same
	}
	r.waiting++
	round := r.round
	r.mu.Unlock()
	timer := time.NewTimer(r.source.Wait)
	defer timer.Stop()
	select {
	case <-round:
	case <-timer.C:
	case <-ctx.Done():
	case <-r.done:
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.waiting--
	return r.set.Load()
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
	backOff := r.backOff(r.update(ctx), 0)
	close(first)
	for {
		wait := backOff
		if wait == 0 {
			wait = r.pace()
		}
		if !r.sleep(ctx, wait) {
			return
		}
		backOff = r.backOff(r.update(ctx), backOff)
	}
}

// backOff returns how long to wait after a failed fetch, from how long was waited before it; 0 after a good one.
func (r *remoteRing) backOff(err error, last time.Duration) time.Duration {
	if err == nil {
		return 0
	}
	return min(max(2*last, r.source.MinGap), r.source.Interval)
}

// pace returns how long to wait after a good fetch: Interval, or less where the issuer says so.
func (r *remoteRing) pace() time.Duration {
	if r.fetcher.fresh == 0 {
		return r.source.Interval
	}
	return min(max(r.fetcher.fresh, minFresh, r.source.MinGap), r.source.Interval)
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
func (r *remoteRing) update(ctx context.Context) (err error) {
	defer func() { r.turn(err == nil) }()
	limited, cancel := context.WithTimeout(ctx, r.source.Timeout)
	defer cancel()
	r.fetcher.fresh = 0
	set, err := r.load(limited, &r.fetcher)
	if err != nil {
		if ctx.Err() == nil {
			r.opening.report(fmt.Errorf("jwt: %s: %w", r.what, err))
		}
		return err
	}
	r.confirm(set, r.opening.clock())
	return nil
}

// turn tells those who wait that a fetch has ended, well or not.
func (r *remoteRing) turn(well bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if well {
		select { // what asked for a key before this set, has its answer
		case <-r.kick:
		default:
		}
	}
	close(r.round)
	r.round = make(chan struct{})
	r.next = time.Now().Add(r.source.MinGap)
}
