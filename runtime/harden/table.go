package harden

import (
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
)

// The phases of a connection, from what net/http says of it. Over HTTP/2 a connection is busy
// while it has streams.
const (
	fresh int32 = iota // nothing has been asked: TLS may be on its way
	busy
	idle
	out int32 = 4 // set beside a phase once the connection is out of the table
)

// silence is how long a fresh connection may stay fresh before it counts as idle.
const silence = time.Second

// entry is one connection in the table.
type entry struct {
	of    *client
	place int // in of.entries; -1 once it is out of the table
	phase atomic.Int32
	since atomic.Int64 // when the phase began, on the table's clock
	conn  *conn
}

// who says how a connection is counted.
type who struct {
	addr   netip.Addr
	exempt bool // has no share
}

// client is everybody who is counted together.
type client struct {
	who
	place   int // in table.clients
	entries []*entry
	quiet   atomic.Int32 // how many of entries are not busy
}

// table decides who may have a connection. It holds at most most connections, and at most share
// of them for each client. Where a bound is reached, the connection that has been idle for
// longest makes room: at the share one of the client's own, at the bound for all one of the
// client who has the most.
type table struct {
	most, share int
	now         func() time.Duration
	free        func() // told when there may be room again; called without the lock

	mu      sync.Mutex
	count   int
	by      map[who]*client
	clients []*client
}

func newTable(most, share int, now func() time.Duration, free func()) *table {
	return &table{most: most, share: share, now: now, free: free, by: map[who]*client{}}
}

// verdict is what the table says to a new connection.
type verdict uint8

const (
	admitted verdict = iota
	refused          // the client has its share, and all of it is busy
	full             // there is no room, and nobody is idle
)

// add takes e into the table, as a connection of w. A victim must be told to end: its place is
// taken.
func (t *table) add(e *entry, w who) (v verdict, victim *entry) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.now()
	c := t.by[w]
	switch {
	case c != nil && !w.exempt && t.share < t.most && len(c.entries) >= t.share:
		if victim = c.oldest(now); victim == nil {
			return refused, nil
		}
	case t.count >= t.most:
		if victim = t.victim(now); victim == nil {
			return full, nil
		}
	}
	if victim != nil {
		t.take(victim)
		c = t.by[w] // it may have been the client's only one
	}
	if c == nil {
		c = &client{who: w, place: len(t.clients)}
		t.by[w] = c
		t.clients = append(t.clients, c)
	}
	e.of, e.place = c, len(c.entries)
	e.phase.Store(fresh)
	e.since.Store(int64(now))
	c.entries = append(c.entries, e)
	c.quiet.Add(1)
	t.count++
	return admitted, victim
}

// remove takes e out of the table, where it still is in it.
func (t *table) remove(e *entry) {
	t.mu.Lock()
	in := e.of != nil && e.place >= 0
	if in {
		t.take(e)
	}
	t.mu.Unlock()
	if in {
		t.free()
	}
}

// pressed takes an idle connection out of the table and returns it, or nil: something other than
// the table's bounds has run out.
func (t *table) pressed() *entry {
	t.mu.Lock()
	defer t.mu.Unlock()
	victim := t.victim(t.now())
	if victim != nil {
		t.take(victim)
	}
	return victim
}

// busy is how many connections are busy.
func (t *table) busy() int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := int64(t.count)
	for _, c := range t.clients {
		n -= int64(c.quiet.Load())
	}
	return n
}

// enter says which phase e is in now. It takes no lock: HTTP/1 says it twice a request.
func (t *table) enter(e *entry, phase int32) {
	e.since.Store(int64(t.now()))
	before := e.phase.Load()
	for !e.phase.CompareAndSwap(before, phase|before&out) {
		before = e.phase.Load()
	}
	switch {
	case before&out != 0: // take has counted it
	case phase == busy && before != busy:
		e.of.quiet.Add(-1)
	case phase != busy:
		if before == busy {
			e.of.quiet.Add(1)
		}
		t.free()
	}
}

// take takes e out. t.mu is held.
func (t *table) take(e *entry) {
	c := e.of
	last := len(c.entries) - 1
	c.entries[e.place] = c.entries[last]
	c.entries[e.place].place = e.place
	c.entries[last] = nil
	c.entries = c.entries[:last]
	e.place = -1
	t.count--
	if e.phase.Or(out) != busy {
		c.quiet.Add(-1)
	}
	if last > 0 {
		return
	}
	delete(t.by, c.who)
	last = len(t.clients) - 1
	t.clients[c.place] = t.clients[last]
	t.clients[c.place].place = c.place
	t.clients[last] = nil
	t.clients = t.clients[:last]
}

// victim is the connection that makes room for somebody else, or nil: of the client with the most
// connections among those that have an idle one, the one that has been idle for longest. Those
// who are exempt come last. t.mu is held. It looks at each client once, and at the connections of
// those who may be it.
func (t *table) victim(now time.Duration) *entry {
	var best *entry
	for _, c := range t.clients {
		if c.quiet.Load() <= 0 || best != nil && !best.of.exempt && (c.exempt || len(c.entries) < len(best.of.entries)) {
			continue
		}
		if e := c.oldest(now); e != nil && (best == nil || e.before(best)) {
			best = e
		}
	}
	return best
}

// before reports whether e makes room rather than f, which another client has.
func (e *entry) before(f *entry) bool {
	switch {
	case e.of.exempt != f.of.exempt:
		return f.of.exempt
	case len(e.of.entries) != len(f.of.entries):
		return len(e.of.entries) > len(f.of.entries)
	}
	return e.since.Load() < f.since.Load()
}

// oldest is the connection of c that has been idle for longest, or nil.
func (c *client) oldest(now time.Duration) *entry {
	var best *entry
	for _, e := range c.entries {
		since := e.since.Load()
		phase := e.phase.Load()
		if phase == idle || phase == fresh && now-time.Duration(since) >= silence {
			if best == nil || since < best.since.Load() {
				best = e
			}
		}
	}
	return best
}
