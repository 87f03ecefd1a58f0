package jwt

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/bailey-go/bailey/runtime/auth"
	"github.com/bailey-go/bailey/runtime/auth/internal/remember"
)

const (
	fetchBurst  = 5 // fetches that tokens may ask for in a row, MinGap apart
	fetchSlow   = 2 // how many MinGap each further one takes
	reportEvery = time.Minute
)

// remoteRing is a fetched key set and the goroutine that fetches it.
type remoteRing struct {
	kept
	source   RemoteSource
	what     string // names the source in reports
	load     func(context.Context, *fetcher) (*keySet, error)
	opening  opening
	fetcher  fetcher       // of the goroutine
	reported time.Time     // of the goroutine: when a failure was last reported
	kick     chan struct{} // holds one: wakes the goroutine
	cancel   context.CancelFunc
	once     sync.Once
	done     chan struct{}

	mu      sync.Mutex
	started uint64        // how many fetches have begun: the number of the last one
	good    uint64        // the number of the last one that brought a set
	wanted  uint64        // the least number of a fetch that tokens ask for; 0 for none
	running bool          // the last one that began has not ended
	failed  bool          // the last one that ended brought none
	round   chan struct{} // closed when the next fetch, or the one that is on its way, has ended
	next    time.Time     // tokens have no fetch begin before then
	budget  budget
	sighted sightings
	waiting int
}

// current implements ring. Where there are no keys, it says when the next fetch is.
func (r *remoteRing) current(now time.Time) (*keySet, error) {
	set, err := r.kept.current(now)
	if err == nil {
		return set, nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.want(r.started + 1)
	return nil, r.unjudged(err.(*auth.Unavailable).Rule)
}

// missing has the set fetched for a token whose key is not in it. It returns the set that judges the
// token, which was asked for after the token came, or has the key. Where there is no such set in
// time, the token is unavailable.
func (r *remoteRing) missing(ctx context.Context, token remember.Mark, has func(*keySet) bool) (*keySet, error) {
	end := time.Now().Add(r.source.Wait)
	r.mu.Lock()
	defer r.mu.Unlock()
	seen := r.sighted.at(token, r.started, time.Now(), keepSightings*r.source.MinGap)
	for {
		if set := r.set.Load(); has(set) || r.good > seen {
			return set, nil
		}
		if r.running {
			r.want(seen + 1) // the one that is on its way, if it began later
		} else {
			r.want(r.started + 1)
		}
		if !r.wait(ctx, end) {
			return nil, r.unjudged(ruleUnjudged)
		}
		if r.failed {
			return nil, r.unjudged(ruleUnjudged)
		}
	}
}

const ruleUnjudged = "jwt-key-not-judged"

// hint says that there may be a newer set. Nobody waits for it.
func (r *remoteRing) hint() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.running {
		r.want(r.started + 1)
	}
}

// want asks for a fetch of at least this number. The mutex is held.
func (r *remoteRing) want(number uint64) {
	if r.wanted = max(r.wanted, number); r.running && r.started >= r.wanted {
		return
	}
	select {
	case r.kick <- struct{}{}:
	default:
	}
}

// wait waits for the end of a fetch, and reports whether there was one before end. It does not
// begin to wait where the fetch will begin too late, and where too many wait. The mutex is held,
// but not while it waits.
func (r *remoteRing) wait(ctx context.Context, end time.Time) bool {
	left := time.Until(end)
	if left <= 0 || r.waiting >= maxWaiting || !r.running && time.Until(r.next) > left {
		return false
	}
	r.waiting++
	round := r.round
	r.mu.Unlock()
	timer := time.NewTimer(left)
	defer timer.Stop()
	ended := false
	select {
	case <-round:
		ended = true
	case <-timer.C:
	case <-ctx.Done():
	case <-r.done:
	}
	r.mu.Lock()
	r.waiting--
	return ended
}

// unjudged says that a token cannot be judged before the next fetch. The mutex is held.
func (r *remoteRing) unjudged(rule string) error {
	after := time.Until(r.next)
	if r.running {
		after = r.source.MinGap
	}
	return &auth.Unavailable{Rule: rule, RetryAfter: max(after, time.Second), Unverified: true, Issuer: r.opening.issuer}
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
	backOff := r.backOff(r.update(ctx, false), 0)
	close(first)
	for {
		wait := backOff
		if wait == 0 {
			wait = r.pace()
		}
		asked, ok := r.sleep(ctx, time.Now().Add(wait))
		if !ok {
			return
		}
		backOff = r.backOff(r.update(ctx, asked), backOff)
	}
}

// backOff returns how long to wait after a failed fetch, from how long was waited before it; 0
// after a good one.
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

// sleep waits until a time, or until tokens ask for a fetch and it may begin, which it reports as
// asked. It reports false when ctx has ended.
func (r *remoteRing) sleep(ctx context.Context, until time.Time) (asked, ok bool) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		at := until
		r.mu.Lock()
		if asked = r.wanted > r.started && r.next.Before(until); asked {
			at = r.next
		}
		r.mu.Unlock()
		left := time.Until(at)
		if left <= 0 {
			return asked, ctx.Err() == nil
		}
		timer.Reset(left)
		select {
		case <-ctx.Done():
			return false, false
		case <-timer.C:
		case <-r.kick:
		}
	}
}

// update tries once, for at most Timeout, and reports an error unless it comes from closing.
func (r *remoteRing) update(ctx context.Context, asked bool) error {
	number := r.begin(asked)
	limited, cancel := context.WithTimeout(ctx, r.source.Timeout)
	defer cancel()
	r.fetcher.fresh = 0
	set, err := r.load(limited, &r.fetcher)
	changed := false
	if err == nil {
		old := r.set.Load()
		r.confirm(set, r.opening.clock())
		changed = r.set.Load() != old
	}
	r.end(number, err == nil, changed)
	if err == nil {
		r.reported = time.Time{}
		return nil
	}
	if now := time.Now(); ctx.Err() == nil && (r.reported.IsZero() || now.Sub(r.reported) >= reportEvery) {
		r.reported = now
		r.opening.report(fmt.Errorf("jwt: %s: %w", r.what, err))
	}
	return err
}

// begin takes note that a fetch begins, and returns its number.
func (r *remoteRing) begin(asked bool) uint64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	if asked {
		r.budget.spend(time.Now(), fetchSlow*r.source.MinGap)
	}
	r.started++
	r.running = true
	return r.started
}

// end takes note of the end of a fetch, and tells those who wait.
func (r *remoteRing) end(number uint64, well, changed bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.running, r.failed = false, !well
	if well {
		r.good = number
	} else {
		r.wanted = 0 // the tokens are refused as unavailable, and ask again when they come again
	}
	if changed {
		r.budget.refund()
	}
	now := time.Now()
	r.next = now.Add(max(r.source.MinGap, r.budget.until(now, fetchSlow*r.source.MinGap)))
	close(r.round)
	r.round = make(chan struct{})
}

// A budget is a token bucket of fetches.
type budget struct {
	left float64
	at   time.Time
}

func (b *budget) fill(now time.Time, each time.Duration) {
	if !b.at.IsZero() && each > 0 {
		b.left = min(b.left+float64(now.Sub(b.at))/float64(each), fetchBurst)
	}
	b.at = now
}

func (b *budget) spend(now time.Time, each time.Duration) { b.fill(now, each); b.left-- }

// refund gives a fetch back that brought a new set: rotations do not use the budget up.
func (b *budget) refund() { b.left = min(b.left+1, fetchBurst) }

// until returns how long it is until there is one to spend.
func (b *budget) until(now time.Time, each time.Duration) time.Duration {
	b.fill(now, each)
	if b.left >= 1 {
		return 0
	}
	return time.Duration((1 - b.left) * float64(each))
}

// sightings remember after which fetch tokens came first whose keys were not there. Their number is
// bounded: the oldest are forgotten, and then a token counts as one that has just come.
type sightings struct{ young, old map[remember.Mark]sighting }

type sighting struct {
	fetch uint64
	at    time.Time
}

const (
	maxSightings  = 4096 // of each age
	keepSightings = 15   // MinGap: longer than it takes to come again after Retry-After
)

// at returns how many fetches had begun when the token came first, or came again after so long.
func (s *sightings) at(token remember.Mark, started uint64, now time.Time, keep time.Duration) uint64 {
	for _, m := range [...]map[remember.Mark]sighting{s.young, s.old} {
		if seen, ok := m[token]; ok && now.Sub(seen.at) < keep {
			return seen.fetch
		}
	}
	if s.young == nil || len(s.young) >= maxSightings {
		s.young, s.old = make(map[remember.Mark]sighting), s.young
	}
	s.young[token] = sighting{started, now}
	return started
}
