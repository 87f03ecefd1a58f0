// Package remember keeps what was found out about tokens, in bounded memory and without the tokens:
// an opaque one is known by its SHA-256 ([Digest]), a signed one by a [Mark] and a [Proof].
package remember

import (
	"crypto/sha256"
	"sync"
	"time"
)

const (
	shards = 32 // a power of two

	// EntryWeight is the share of the memory that one entry has on average: 64 MiB for 10,000.
	EntryWeight = 64 << 20 / 10_000

	// Rough cost of what an entry holds: itself, and each decoded value (an interface, a map slot, a header).
	baseWeight  = 512
	valueWeight = 96
)

// Weight estimates what remembering a text of this many bytes and JSON values costs in bytes.
func Weight(length, values int) int { return baseWeight + length + valueWeight*values }

// A Digest names a token without holding it: who reads the process's memory finds no credential here.
type Digest [sha256.Size]byte

func (d Digest) spread() uint { return uint(d[0]) }

// Sum hashes a token; without allocating for one of usual length. There are three
// sizes since clearing the larger ones is felt.
func Sum(text string) Digest {
	if len(text) <= 96 {
		var buf [96]byte
		return sha256.Sum256(buf[:copy(buf[:], text)])
	}
	if len(text) <= 640 {
		return sumMiddle(text)
	}
	return sumLong(text)
}

//go:noinline
func sumMiddle(text string) Digest {
	var buf [640]byte
	return sha256.Sum256(buf[:copy(buf[:], text)])
}

//go:noinline
func sumLong(text string) Digest {
	var buf [2 << 10]byte
	if len(text) > len(buf) {
		return sha256.Sum256([]byte(text))
	}
	return sha256.Sum256(buf[:copy(buf[:], text)])
}

// A Key is what values are found by: a [Digest] or a [Mark].
type Key interface {
	comparable
	spread() uint // over the shards
}

// A Cache remembers values, the oldest forgotten first. What is added by requests can only
// push out what was added by requests, and costs at worst another verification. It is bounded in entries and
// in weight. Nil remembers nothing.
type Cache[K Key, V any] struct {
	shards [shards]shard[K, V]
}

type shard[K Key, V any] struct {
	mu        sync.Mutex
	entries   map[K]entry[V]
	queue     []K // a ring, in the order of insertion
	head, n   int
	weight    int
	maxWeight int
}

type entry[V any] struct {
	value  V
	weight int
}

// New returns a cache of at most n entries, or nil for a negative n.
func New[K Key, V any](n int) *Cache[K, V] {
	if n < 0 {
		return nil
	}
	c := new(Cache[K, V])
	each := max(n/shards, 1)
	for i := range c.shards {
		c.shards[i].entries = make(map[K]entry[V])
		c.shards[i].queue = make([]K, each)
		c.shards[i].maxWeight = each * EntryWeight
	}
	return c
}

// Get returns the value of a key, whether it still holds or not.
func (c *Cache[K, V]) Get(k K) (V, bool) {
	if c == nil {
		var none V
		return none, false
	}
	s := &c.shards[k.spread()%shards]
	s.mu.Lock()
	e, ok := s.entries[k]
	s.mu.Unlock()
	return e.value, ok
}

// Put remembers a value that weighs so many bytes, unless that is more than a shard may hold.
func (c *Cache[K, V]) Put(k K, v V, weight int) {
	if c == nil {
		return
	}
	s := &c.shards[k.spread()%shards]
	s.mu.Lock()
	defer s.mu.Unlock()
	if weight > s.maxWeight {
		return
	}
	e := entry[V]{v, weight}
	if old, ok := s.entries[k]; ok { // verified again, after a rotation or by two requests at once
		s.weight += weight - old.weight
		s.entries[k] = e
		s.shrink(0)
		return
	}
	s.shrink(weight)
	if s.n == len(s.queue) {
		s.forget()
	}
	s.queue[(s.head+s.n)%len(s.queue)] = k
	s.n++
	s.weight += weight
	s.entries[k] = e
}

// shrink makes room for weight more.
func (s *shard[K, V]) shrink(weight int) {
	for s.n > 0 && s.weight+weight > s.maxWeight {
		s.forget()
	}
}

// forget drops the oldest entry.
func (s *shard[K, V]) forget() {
	k := s.queue[s.head]
	s.head = (s.head + 1) % len(s.queue)
	s.n--
	s.weight -= s.entries[k].weight
	delete(s.entries, k)
}

// Flush forgets everything.
func (c *Cache[K, V]) Flush() {
	if c == nil {
		return
	}
	for i := range c.shards {
		s := &c.shards[i]
		s.mu.Lock()
		clear(s.entries)
		s.head, s.n, s.weight = 0, 0, 0
		s.mu.Unlock()
	}
}

// Len returns the number of entries.
func (c *Cache[K, V]) Len() int {
	n := 0
	for i := range c.shards {
		s := &c.shards[i]
		s.mu.Lock()
		n += len(s.entries)
		s.mu.Unlock()
	}
	return n
}

// Holds reports whether what is remembered until a time, and for at most keep, holds at now. A
// clock that is set back does not make it last longer.
func Holds(until, now time.Time, keep time.Duration) bool {
	left := until.Sub(now)
	return left > 0 && left <= keep
}
