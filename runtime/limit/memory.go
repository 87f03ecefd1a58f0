package limit

import (
	"context"
	"fmt"
	"hash/maphash"
	"math"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Config bounds a [Memory].
type Config struct {
	// Entries is the most buckets that are kept, over all kinds of keys: 2/5 of it for IPv4
	// addresses, 1/5 for IPv6 networks, 2/5 for identities. 0 means
	// 100,000; at least 1,000 and at most 100 million.
	Entries int
}

const (
	defaultEntries = 100_000
	minEntries     = 1_000
	maxEntries     = 100_000_000

	shards    = 16   // of each kind; a power of two
	sweep     = 4    // slots looked at by a Take of a new key, since no other makes the table grow,
	idle      = 16   // and by one in so many of the others, so that it shrinks without newcomers
	searchFor = 32   // slots looked at before a shard counts as full
	maxShared = 1024 // rules that can have a shared bucket in one shard at a time
)

// Memory is the Store that lives in the process, on golang.org/x/time/rate.
// It has no goroutine and needs no Close. The package's documentation says how it
// behaves when it is full.
type Memory struct {
	seed  maphash.Seed
	parts [kinds][shards]shard
}

var _ Store = (*Memory)(nil)

// NewMemory returns an empty store, or an error that says which bound of c is not valid.
func NewMemory(c Config) (*Memory, error) {
	if c.Entries == 0 {
		c.Entries = defaultEntries
	}
	if c.Entries < minEntries || c.Entries > maxEntries {
		return nil, fmt.Errorf("limit: %d entries are not in %d..%d", c.Entries, minEntries, maxEntries)
	}
	m := &Memory{seed: maphash.MakeSeed()}
	for k, share := range [kinds]int{kindV4: 2, kindV6: 1, kindIdentity: 2} {
		for i := range m.parts[k] {
			m.parts[k][i].cap = c.Entries * share / 5 / shards
			m.parts[k][i].index = make(map[Key]int32)
			m.parts[k][i].held = make(map[owner]int32)
		}
	}
	return m, nil
}

// Len returns the number of buckets kept.
func (m *Memory) Len() int {
	n := 0
	for k := range m.parts {
		for i := range m.parts[k] {
			s := &m.parts[k][i]
			s.mu.Lock()
			n += len(s.index)
			s.mu.Unlock()
		}
	}
	return n
}

// Take implements [Store]. It fails only for a rule that is not valid. Time that
// goes back by less than a minute stands still instead.
func (m *Memory) Take(_ context.Context, key Key, r Rule, cost int, now time.Time) (Decision, error) {
	if !r.valid() || key.kind >= kinds {
		return Decision{}, ErrRule
	}
	s := &m.parts[key.kind][maphash.Comparable(m.seed, key)%shards]
	s.mu.Lock()
	now = s.forward(now)
	b, shared := s.bucket(key, &r, now)
	if b == nil {
		s.mu.Unlock()
		return Decision{Limit: r.Limit, RetryAfter: r.Window, Reset: r.Window, Shared: true}, nil
	}
	d := b.take(&r, max(cost, 1), now)
	s.mu.Unlock()
	d.Shared = shared
	return d, nil
}

// A shard is a part of the table with its own lock.
type shard struct {
	mu     sync.Mutex
	cap    int
	index  map[Key]int32   // into slots
	held   map[owner]int32 // how many buckets each caller and each network has
	slots  []bucket
	free   []int32 // slots without a key
	hand   int     // where collect goes on
	takes  uint
	latest time.Time
	shared map[string]*bucket // by rule: what newcomers get when the shard is full
}

// A bucket is a limiter and the rule it was made for.
type bucket struct {
	key     Key
	limiter *rate.Limiter // nil in a slot never used
	limit   int
	size    int
	window  time.Duration
	fullAt  time.Time
	used    bool
}

// forward returns now, or the latest time seen if now is a little before it: calls race
// for the lock, and x/time/rate would set its clock back and refill twice.
func (s *shard) forward(now time.Time) time.Time {
	if back := s.latest.Sub(now); back > 0 && back < time.Minute {
		return s.latest
	}
	s.latest = now
	return now
}

// collect looks at n slots and frees those whose bucket is full again.
func (s *shard) collect(now time.Time, n int) {
	for range min(n, len(s.slots)) {
		if s.hand >= len(s.slots) {
			s.hand = 0
		}
		if b := &s.slots[s.hand]; b.used && !now.Before(b.fullAt) {
			delete(s.index, b.key)
			s.release(&b.key)
			b.used = false
			s.free = append(s.free, int32(s.hand))
		}
		s.hand++
	}
}

// bucket finds or makes the key's bucket. When the shard is full of buckets in use, or the caller
// has had its share of them, it returns the rule's shared one and true; nil if even that cannot be
// had.
func (s *shard) bucket(key Key, r *Rule, now time.Time) (b *bucket, shared bool) {
	i, ok := s.index[key]
	if s.takes++; !ok || s.takes%idle == 0 {
		s.collect(now, sweep)
		i, ok = s.index[key] // it may have been the one
	}
	if ok {
		return &s.slots[i], false
	}
	if !s.admits(&key) {
		if s.collect(now, searchFor); !s.admits(&key) {
			return s.sharedBucket(key.rule, r, now), true
		}
	}
	if n := len(s.free); n > 0 {
		i, s.free = s.free[n-1], s.free[:n-1]
	} else {
		i = int32(len(s.slots))
		s.slots = append(s.slots, bucket{})
	}
	b = &s.slots[i]
	b.fill(r)
	b.key, b.used = key, true
	s.index[key] = i
	s.hold(&key)
	return b, false
}

// sharedBucket returns the bucket that newcomers of a rule share. Those that are full again make
// room for others.
func (s *shard) sharedBucket(rule string, r *Rule, now time.Time) *bucket {
	b := s.shared[rule]
	if b == nil {
		looked := 0
		for name, old := range s.shared {
			if looked++; len(s.shared) < maxShared || looked > searchFor {
				break
			}
			if !now.Before(old.fullAt) {
				delete(s.shared, name)
			}
		}
		if len(s.shared) >= maxShared {
			return nil
		}
		if s.shared == nil {
			s.shared = make(map[string]*bucket)
		}
		b = new(bucket)
		b.fill(r)
		s.shared[rule] = b
	}
	return b
}

// fill makes b a full bucket of r. A slot is free only when its bucket is full, and a full bucket
// is as good as a new one, so that the limiter is kept where the rule is the same.
func (b *bucket) fill(r *Rule) {
	if b.limiter == nil || !b.fits(r) {
		b.limiter = rate.NewLimiter(perSecond(r), r.Size())
		b.limit, b.size, b.window = r.Limit, r.Size(), r.Window
	}
}

func (b *bucket) fits(r *Rule) bool {
	return b.limit == r.Limit && b.size == r.Size() && b.window == r.Window
}

// take takes cost tokens, if they are there.
func (b *bucket) take(r *Rule, cost int, now time.Time) Decision {
	if !b.fits(r) { // the same key under a changed rule keeps what it has spent
		b.limiter.SetLimitAt(now, perSecond(r))
		b.limiter.SetBurstAt(now, r.Size())
		b.limit, b.size, b.window = r.Limit, r.Size(), r.Window
	}
	d := Decision{OK: b.limiter.AllowN(now, cost), Limit: r.Limit}
	left := b.limiter.TokensAt(now)
	d.Remaining = min(int(max(left, 0)), r.Limit)
	d.Reset = timeFor(float64(b.size)-left, r)
	b.fullAt = now.Add(d.Reset)
	if !d.OK {
		d.RetryAfter = r.Window
		if cost <= b.size {
			d.RetryAfter = timeFor(float64(cost)-left, r)
		}
	}
	return d
}

func perSecond(r *Rule) rate.Limit { return rate.Limit(float64(r.Limit) / r.Window.Seconds()) }

// timeFor returns how long tokens take to come back, rounded up to the next nanosecond.
func timeFor(tokens float64, r *Rule) time.Duration {
	if tokens <= 0 {
		return 0
	}
	ns := math.Ceil(tokens * float64(r.Window) / float64(r.Limit))
	if ns >= math.MaxInt64 {
		return math.MaxInt64
	}
	return time.Duration(ns)
}
