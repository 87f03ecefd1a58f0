// Package remember keeps what was found out about tokens, in bounded memory and under their SHA-256.
package remember

import (
	"crypto/sha256"
	"sync"
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
type Digest = [sha256.Size]byte

// Sum hashes a token; without allocating for one of usual length. There are two
// sizes since clearing the larger one is felt.
func Sum(text string) Digest {
	if len(text) <= 640 {
		var buf [640]byte
		return sha256.Sum256(buf[:copy(buf[:], text)])
	}
	return sumLong(text)
}

//go:noinline
func sumLong(text string) Digest {
	var buf [2 << 10]byte
	if len(text) > len(buf) {
		return sha256.Sum256([]byte(text))
	}
	return sha256.Sum256(buf[:copy(buf[:], text)])
}

// A Cache remembers values, the oldest forgotten first. What is added by requests can only
// push out what was added by requests, and costs at worst another verification. It is bounded in entries and
// in weight. Nil remembers nothing.
type Cache[V any] struct {
	shards [shards]shard[V]
}

type shard[V any] struct {
	mu        sync.Mutex
	entries   map[Digest]entry[V]
	queue     []Digest // a ring, in the order of insertion
	head, n   int
	weight    int
	maxWeight int
}

type entry[V any] struct {
	value  V
	weight int
}

// New returns a cache of at most n entries, or nil for a negative n.
func New[V any](n int) *Cache[V] {
	if n < 0 {
		return nil
	}
	c := new(Cache[V])
	each := max(n/shards, 1)
	for i := range c.shards {
		c.shards[i].entries = make(map[Digest]entry[V])
		c.shards[i].queue = make([]Digest, each)
		c.shards[i].maxWeight = each * EntryWeight
	}
	return c
}

// Get returns the value of a digest, whether it still holds or not.
func (c *Cache[V]) Get(d Digest) (V, bool) {
	if c == nil {
		var none V
		return none, false
	}
	s := &c.shards[d[0]%shards]
	s.mu.Lock()
	e, ok := s.entries[d]
	s.mu.Unlock()
	return e.value, ok
}

// Put remembers a value that weighs so many bytes, unless that is more than a shard may hold.
func (c *Cache[V]) Put(d Digest, v V, weight int) {
	if c == nil {
		return
	}
	s := &c.shards[d[0]%shards]
	s.mu.Lock()
	defer s.mu.Unlock()
	if weight > s.maxWeight {
		return
	}
	e := entry[V]{v, weight}
	if old, ok := s.entries[d]; ok { // verified again, after a rotation or by two requests at once
		s.weight += weight - old.weight
		s.entries[d] = e
		s.shrink(0)
		return
	}
	s.shrink(weight)
	if s.n == len(s.queue) {
		s.forget()
	}
	s.queue[(s.head+s.n)%len(s.queue)] = d
	s.n++
	s.weight += weight
	s.entries[d] = e
}

// shrink makes room for weight more.
func (s *shard[V]) shrink(weight int) {
	for s.n > 0 && s.weight+weight > s.maxWeight {
		s.forget()
	}
}

// forget drops the oldest entry.
func (s *shard[V]) forget() {
	d := s.queue[s.head]
	s.head = (s.head + 1) % len(s.queue)
	s.n--
	s.weight -= s.entries[d].weight
	delete(s.entries, d)
}

// Flush forgets everything.
func (c *Cache[V]) Flush() {
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
func (c *Cache[V]) Len() int {
	n := 0
	for i := range c.shards {
		s := &c.shards[i]
		s.mu.Lock()
		n += len(s.entries)
		s.mu.Unlock()
	}
	return n
}
