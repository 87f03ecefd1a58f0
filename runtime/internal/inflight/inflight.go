// Package inflight counts what the requests of a process hold at a time: themselves, memory, and
// disk; in all, and for each client. It refuses what goes beyond the bounds.
package inflight

import (
	"encoding/binary"
	"sync"
	"sync/atomic"
)

// Kind is what a request holds.
type Kind uint8

// The kinds that are counted in bytes.
const (
	Memory Kind = iota
	Disk
	kinds
)

// Bounds are what all requests may hold, and those of one client.
type Bounds struct {
	Requests, RequestsPerClient int64
	Bytes, BytesPerClient       [kinds]int64
}

// Refusal says which bound is reached.
type Refusal struct {
	Kind   Kind
	Rule   string // its name, for events
	Client bool   // it is the client's
}

// Error names the bound.
func (r *Refusal) Error() string { return "runtime: no more fits within the bound " + r.Rule }

var (
	requests          = &Refusal{Rule: "requests"}
	requestsPerClient = &Refusal{Rule: "requests-per-address", Client: true}
	bytes             = [kinds]*Refusal{{Memory, "body-memory", false}, {Disk, "spool", false}}
	bytesPerClient    = [kinds]*Refusal{{Memory, "body-memory-per-address", true}, {Disk, "spool-per-address", true}}
)

// Process is the ledger of everything that the process serves.
var Process = New()

const (
	shardBits = 6
	shards    = 1 << shardBits
)

// Ledger holds the counts. It has entries only for clients who have requests in flight, and so no
// more than there are requests.
type Ledger struct {
	requests atomic.Int64
	bytes    [kinds]atomic.Int64
	shards   [shards]shard
}

type shard struct {
	mu   sync.Mutex
	by   map[key]*client
	free []*client // entries that were used, as many as there were at a time
	_    [64]byte  // keeps the locks apart
}

// client is everybody at one address. Its requests are counted under the shard's lock.
type client struct {
	requests int64
	bytes    [kinds]atomic.Int64
}

// maxFree is how many entries a shard keeps for later clients.
const maxFree = 64

// New returns an empty ledger.
func New() *Ledger {
	l := new(Ledger)
	for i := range l.shards {
		l.shards[i].by = map[key]*client{}
	}
	return l
}

// Requests is how many requests are in flight.
func (l *Ledger) Requests() int64 { return l.requests.Load() }

// Bytes is how many bytes of a kind they hold.
func (l *Ledger) Bytes(k Kind) int64 { return l.bytes[k].Load() }

// Clients is how many clients have requests in flight.
func (l *Ledger) Clients() int {
	n := 0
	for i := range l.shards {
		s := &l.shards[i]
		s.mu.Lock()
		n += len(s.by)
		s.mu.Unlock()
	}
	return n
}

// key is an address.
type key [16]byte

// shard is where the client's entry is. Whoever crowds a shard with chosen addresses waits for its
// lock, and nothing else.
func (l *Ledger) shard(k *key) *shard {
	h := binary.LittleEndian.Uint64(k[:]) ^ binary.LittleEndian.Uint64(k[8:])
	return &l.shards[(h*0x9e3779b97f4a7c15)>>(64-shardBits)]
}

// enter counts a request of the client at k.
func (s *shard) enter(k *key) (c *client, n int64) {
	s.mu.Lock()
	if c = s.by[*k]; c == nil {
		if last := len(s.free) - 1; last >= 0 {
			c, s.free = s.free[last], s.free[:last]
		} else {
			c = new(client)
		}
		s.by[*k] = c
	}
	c.requests++
	n = c.requests
	s.mu.Unlock()
	return c, n
}

// leave ends a request of the client at k.
func (s *shard) leave(k *key, c *client) {
	s.mu.Lock()
	if c.requests--; c.requests == 0 {
		delete(s.by, *k)
		if len(s.free) < maxFree {
			s.free = append(s.free, c)
		}
	}
	s.mu.Unlock()
}
