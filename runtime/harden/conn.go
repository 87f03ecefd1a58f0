package harden

import (
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

const (
	// farewell is how long a connection that made room may take to end in an orderly way.
	farewell = time.Second
	// leaving is how many of them may do so at a time, as a share of all connections and at least
	// this many more; further ones are cut off.
	leaving, leavingMore = 16, 16
)

// conn is a connection in the table. Its place is given back once, when it is closed or evicted.
type conn struct {
	net.Conn
	entry
	doors *doors
	state atomic.Int32
	asks  asks
	shake atomic.Pointer[handshake] // nil without TLS, and once it is agreed on
}

// The states of a conn.
const (
	open int32 = iota
	evicted
	closed
)

// Read fails as if the client had gone, once the connection has to make room.
func (c *conn) Read(b []byte) (int, error) {
	if c.state.Load() == evicted {
		return 0, io.EOF
	}
	h := c.shake.Load()
	if h != nil {
		h.pause()
	}
	n, err := c.Conn.Read(b)
	if h != nil && err == nil {
		if err = h.begin(); err != nil {
			n = 0
		}
	}
	if err != nil && c.state.Load() == evicted {
		err = io.EOF
	}
	return n, err
}

// SetReadDeadline does not wake up again what has to make room. net/http sets the time-out of a
// handshake, and none once TLS is agreed on.
func (c *conn) SetReadDeadline(t time.Time) error {
	if h := c.shake.Load(); h != nil {
		if h.expire(t); t.IsZero() {
			c.agreed()
		}
	}
	if c.state.Load() == evicted {
		return nil
	}
	err := c.Conn.SetReadDeadline(t)
	if c.state.Load() == evicted { // meanwhile
		err = c.Conn.SetReadDeadline(past)
	}
	return err
}

// SetDeadline is both of them.
func (c *conn) SetDeadline(t time.Time) error {
	if err := c.Conn.SetWriteDeadline(t); err != nil {
		return err
	}
	return c.SetReadDeadline(t)
}

var past = time.Unix(1, 0)

// CloseWrite ends the server's side, so that the client can still read what was sent to it
// (RFC 9112, 9.6).
func (c *conn) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

// Close gives the place back.
func (c *conn) Close() error {
	err := c.Conn.Close()
	c.agreed()
	switch c.state.Swap(closed) {
	case open:
		c.doors.table.remove(&c.entry)
	case evicted:
		c.doors.left.Add(-1)
	}
	return err
}

// leave ends a connection that has made room: whoever serves it reads its end, and closes it, with
// TLS's close_notify. One that does not end is cut off, unless it is just answering a request.
func (c *conn) leave() {
	if !c.state.CompareAndSwap(open, evicted) {
		return // it ends of its own accord
	}
	c.agreed()
	if c.doors.left.Add(1) > int64(c.doors.table.most/leaving+leavingMore) || c.Conn.SetReadDeadline(past) != nil {
		c.cut()
		return
	}
	time.AfterFunc(farewell, func() {
		if c.phase.Load()&^out != busy {
			c.cut()
		}
	})
}

// cut closes the connection without a word.
func (c *conn) cut() { _ = c.Close() }

// reset refuses a connection: what it has sent is not read, and no trace of it stays.
func reset(c net.Conn) {
	if tcp, ok := c.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // RST instead of FIN and minutes of TIME_WAIT
	}
	_ = c.Close()
}

// watch is the http.Server's ConnState.
func (d *doors) watch(nc net.Conn, state http.ConnState) {
	c := inner(nc)
	if c == nil {
		return
	}
	if state != http.StateNew {
		c.agreed()
	}
	switch state {
	case http.StateActive, http.StateHijacked:
		d.table.enter(&c.entry, busy)
	case http.StateIdle:
		d.table.enter(&c.entry, idle)
	}
	d.judge(c, nc, state)
}

// inner returns the connection in the table, or nil.
func inner(nc net.Conn) *conn {
	if t, ok := nc.(*tls.Conn); ok {
		nc = t.NetConn()
	}
	c, _ := nc.(*conn)
	return c
}
