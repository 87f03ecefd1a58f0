package harden

import (
	"context"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bailey-go/bailey/runtime/event"
	"github.com/bailey-go/bailey/runtime/internal/network"
)

// doors let connections in, for all listeners of a server.
type doors struct {
	table   *table
	trusted []netip.Prefix
	notices *notices
	left    atomic.Int64 // evicted connections that have not ended yet
	// stopping is set while the server stops: connections that end then were not refused.
	stopping atomic.Bool
	sink     event.Sink
	gate     gate
	turns    *turns // nil without TLS
}

func newDoors(cfg *Config) *doors {
	start := time.Now()
	since := func() time.Duration { return time.Since(start) }
	d := &doors{trusted: cfg.TrustedProxies, sink: cfg.Events, notices: &notices{sink: cfg.Events, now: since}}
	d.table = newTable(cfg.MaxConnections, cfg.MaxConnectionsPerAddress, since, d.gate.open)
	if cfg.TLS != nil {
		d.turns = newTurns(cfg.MaxHandshakes, cfg.MaxHandshakesPerAddress)
	}
	return d
}

// listener is a listener whose connections are in the table.
type listener struct {
	net.Listener
	doors  *doors
	closed chan struct{}
	once   sync.Once
}

func (d *doors) listener(ln net.Listener) *listener {
	return &listener{Listener: ln, doors: d, closed: make(chan struct{})}
}

// Accept returns the next connection that may come in. It closes those of clients who have their
// share, and waits where the server is full and nobody is idle: then the rest stays in the
// kernel's queue.
func (l *listener) Accept() (net.Conn, error) {
	for {
		nc, err := l.Listener.Accept()
		if err != nil {
			if victim := l.doors.table.pressed(); victim != nil { // mostly, file descriptors have run out
				victim.conn.leave()
			}
			return nil, err
		}
		c, err := l.admit(nc)
		if c != nil || err != nil {
			return c, err
		}
	}
}

// admit takes a connection into the table, or refuses it and returns nil.
func (l *listener) admit(nc net.Conn) (*conn, error) {
	d := l.doors
	c := &conn{Conn: nc, doors: d}
	c.entry.conn = c
	addr, w := d.who(nc.RemoteAddr())
	if d.turns != nil {
		c.shake.Store(&handshake{turns: d.turns, who: w, notices: d.notices})
	}
	v, victim := d.table.add(&c.entry, w)
	for first := true; v == full; first = false {
		room := d.gate.wait()
		if v, victim = d.table.add(&c.entry, w); v == full {
			if first {
				d.notices.tell(who{}, event.Event{Name: event.Unavailable, Rule: "connections"})
			}
			select {
			case <-room:
			case <-time.After(silence): // somebody who came and said nothing
			case <-l.closed:
				d.gate.leave()
				reset(nc)
				return nil, net.ErrClosed
			}
		}
		d.gate.leave()
	}
	if victim != nil {
		victim.conn.leave()
	}
	if v == refused {
		d.notices.tell(w, event.Event{Name: event.RateLimit, Rule: "connections-per-address", Address: addr})
		reset(nc)
		return nil, nil
	}
	return c, nil
}

// Close ends Accept.
func (l *listener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return l.Listener.Close()
}

// who says how a connection from a is counted. Clients without an IP address are counted together,
// except those of Unix sockets.
func (d *doors) who(a net.Addr) (netip.Addr, who) {
	if _, ok := a.(*net.UnixAddr); ok {
		return netip.Addr{}, who{exempt: true}
	}
	addr := network.Of(a)
	if network.Contains(d.trusted, addr) {
		return addr, who{addr, true}
	}
	return addr, who{addr: network.Client(addr)}
}

// gate wakes up those who wait for room.
type gate struct {
	waiting atomic.Int32
	mu      sync.Mutex
	ch      chan struct{}
}

// wait returns what is closed when there may be room. Each call needs one of leave.
func (g *gate) wait() <-chan struct{} {
	g.waiting.Add(1)
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.ch == nil {
		g.ch = make(chan struct{})
	}
	return g.ch
}

func (g *gate) leave() { g.waiting.Add(-1) }

// open wakes up everybody who waits.
func (g *gate) open() {
	if g.waiting.Load() == 0 {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.ch != nil {
		close(g.ch)
		g.ch = nil
	}
}

const (
	// noticeTime is how long a notice about an address keeps further ones back.
	noticeTime = time.Minute
	// maxNotices is how many addresses are named in that time. Then one more notice names nobody.
	maxNotices = 1000
)

// notices hand on the first event of each rule and address in a minute.
type notices struct {
	sink event.Sink
	now  func() time.Duration

	mu    sync.Mutex
	began time.Duration
	told  map[notice]struct{}
}

type notice struct {
	rule string
	who  who
}

// tell records e, unless the same has been told of w within the minute.
func (n *notices) tell(w who, e event.Event) {
	if n.isNew(w, &e) {
		n.sink.Record(context.Background(), &e)
	}
}

func (n *notices) isNew(w who, e *event.Event) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	now := n.now()
	if n.told == nil || now-n.began >= noticeTime {
		n.began, n.told = now, map[notice]struct{}{}
	}
	key := notice{e.Rule, w}
	if _, ok := n.told[key]; !ok && len(n.told) >= maxNotices {
		key.who, e.Address = who{}, netip.Addr{}
	}
	if _, ok := n.told[key]; ok {
		return false
	}
	n.told[key] = struct{}{}
	return true
}
