package dpop

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// An ID stands for a proof: a SHA-256 of its key and its jti.
type ID [32]byte

// Replays knows the proofs that were used. It is asked last, when everything else about a request's token and proof holds, and must
// be safe for concurrent use. An error means that it cannot say, and the request is answered 503. The context ends with
// the request, or after 2 seconds; an implementation must return then.
type Replays interface {
	// Use takes note of a proof, until the time when it could not be used any more anyhow, and reports whether it was
	// not used before. Of calls that race with one ID, one is told true.
	Use(ctx context.Context, id ID, until time.Time) (bool, error)
}

// Memory is [Replays] in this process's memory. It is bounded, and never makes room by forgetting a proof that could be used
// again: when it is full of those, no request with a proof is served. Make it with [NewMemory].
type Memory struct {
	max   int
	clock func() time.Time

	mu      sync.Mutex
	n       int
	buckets map[int64]map[[16]byte]struct{} // by the minute in which they end
}

var _ Replays = (*Memory)(nil)

const (
	defaultEntries = 1_000_000
	maxEntries     = 50_000_000
	bucketSeconds  = 60
	maxBuckets     = 64 // more than any policy makes
)

var errFull = errors.New("dpop: the memory of proofs is full")

// NewMemory returns a memory of at most so many proofs, each of which is kept for two minutes by default: 0 means 1,000,000 (about
// 40 MiB when it is full), at most 50,000,000. The clock replaces time.Now, unless it is nil.
func NewMemory(entries int, clock func() time.Time) (*Memory, error) {
	if entries < 0 || entries > maxEntries {
		return nil, fmt.Errorf("dpop: %d proofs: between 1 and %d", entries, maxEntries)
	}
	if entries == 0 {
		entries = defaultEntries
	}
	if clock == nil {
		clock = time.Now
	}
	return &Memory{max: entries, clock: clock, buckets: make(map[int64]map[[16]byte]struct{})}, nil
}

// Use implements [Replays].
func (m *Memory) Use(_ context.Context, id ID, until time.Time) (bool, error) {
	key := [16]byte(id[:16]) // what collides is refused, and two keys that do cost 2^64 signatures
	now := m.clock().Unix()
	end := until.Unix()/bucketSeconds + 1
	m.mu.Lock()
	defer m.mu.Unlock()
	for e, b := range m.buckets { // few: one for each minute that a proof lasts
		if e*bucketSeconds < now {
			m.n -= len(b)
			delete(m.buckets, e)
			continue
		}
		if _, used := b[key]; used {
			return false, nil
		}
	}
	b := m.buckets[end]
	if m.n >= m.max || b == nil && len(m.buckets) >= maxBuckets {
		return false, errFull
	}
	if b == nil {
		b = make(map[[16]byte]struct{})
		m.buckets[end] = b
	}
	b[key] = struct{}{}
	m.n++
	return true, nil
}

// Len returns the number of proofs that are held.
func (m *Memory) Len() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.n
}
