package harden

import (
	"bytes"
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"

	"github.com/bailey-go/bailey/runtime/event"
)

// What net/http refuses before any handler leaves an event, where net/http lets it be seen: in the
// states of a connection, in what is written to it, and in the lines of its ErrorLog. The text of
// these lines is not logged, since it repeats what clients sent, and the values of panics.

// asks says what became of a connection's current request.
type asks struct {
	phase  atomic.Int32
	status atomic.Int32 // of net/http's own answer
}

const (
	asksNothing int32 = iota // a new connection, or one that is somebody else's now
	asksLater                // it waits for its next request
	asksUnheard              // bytes have come, and no handler was called
	asksHandler              // a handler was called
)

// judge follows the states of a connection. One that ends after bytes have come, or an answer was
// written, and no handler was called was refused by net/http, or ended before its request was
// whole. net/http calls a connection idle, not active, while it reads what came with the request before.
func (d *doors) judge(c *conn, nc net.Conn, state http.ConnState) {
	switch state {
	case http.StateActive:
		c.asks.phase.Store(asksUnheard)
	case http.StateIdle:
		c.asks.status.Store(0)
		c.asks.phase.Store(asksLater)
	case http.StateHijacked:
		c.asks.phase.Store(asksNothing)
	case http.StateClosed:
		phase, status := c.asks.phase.Swap(asksNothing), int(c.asks.status.Load())
		if status == 0 && (phase != asksUnheard || d.stopping.Load()) {
			return
		}
		t, secure := nc.(*tls.Conn)
		if secure && t.ConnectionState().NegotiatedProtocol == "h2" {
			return // a stream's handler may not have begun yet
		}
		e := event.Event{Name: event.InputFail, Rule: "incomplete-request", Address: d.blame(nc.RemoteAddr()), Status: status}
		if status != 0 {
			e.Rule = "malformed-request"
		}
		d.sink.Record(context.Background(), &e)
	}
}

// blame is the address that an event names: none for a proxy, which must not be banned for its
// clients.
func (d *doors) blame(a net.Addr) netip.Addr {
	if addr, w := d.who(a); !w.exempt {
		return addr
	}
	return netip.Addr{}
}

// closeNotify is more than TLS's last record takes.
const closeNotify = 64

// Write looks for an answer of net/http's own.
func (c *conn) Write(b []byte) (int, error) {
	if h := c.shake.Load(); h != nil {
		h.pause() // a client that takes nothing keeps no turn
	}
	if phase := c.asks.phase.Load(); (phase == asksUnheard || phase == asksLater) && c.asks.status.Load() == 0 {
		switch {
		case len(b) > len("HTTP/1.1 400") && bytes.HasPrefix(b, []byte("HTTP/1.")):
			d := b[len("HTTP/1.1 "):]
			c.asks.status.Store(int32(d[0]-'0')*100 + int32(d[1]-'0')*10 + int32(d[2]-'0'))
		case len(b) > closeNotify: // encrypted
			c.asks.status.Store(http.StatusBadRequest)
		}
	}
	return c.Conn.Write(b)
}

type connKey struct{}

// withConn is the http.Server's ConnContext.
func withConn(ctx context.Context, nc net.Conn) context.Context {
	if c := inner(nc); c != nil {
		return context.WithValue(ctx, connKey{}, c)
	}
	return ctx
}

// asked tells the connection that a handler is called.
type asked struct{ http.Handler }

func (a asked) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if c, ok := r.Context().Value(connKey{}).(*conn); ok {
		c.asks.phase.Store(asksHandler)
	}
	a.Handler.ServeHTTP(w, r)
}

// complaints makes events of the lines of net/http's ErrorLog.
type complaints struct {
	doors *doors
	sink  event.Sink
}

// kinds are the lines of net/http, by what they begin with.
var kinds = []struct {
	begins string
	event  event.Event
}{
	{"http: TLS handshake error from ", event.Event{Name: event.InputFail, Rule: "tls-handshake"}},
	{"http2: server: error reading preface from client ", event.Event{Name: event.InputFail, Rule: "http2"}},
	{"http2: server connection error from ", event.Event{Name: event.InputFail, Rule: "http2"}},
	{"timeout waiting for SETTINGS frames from ", event.Event{Name: event.InputFail, Rule: "http2"}},
	{"http2: server closing client connection: ", event.Event{Name: event.InputFail, Rule: "http2"}},
	{"timeout waiting for PING response", event.Event{Name: event.InputFail, Rule: "http2"}},
	{"http: panic serving ", event.Event{Name: event.Crash, Rule: "panic", Status: http.StatusInternalServerError}},
	{"http2: panic serving ", event.Event{Name: event.Crash, Rule: "panic", Status: http.StatusInternalServerError}},
	{"http: Accept error: ", event.Event{Name: event.Unavailable, Rule: "accept", Status: http.StatusServiceUnavailable}},
}

// Write takes one line.
func (c complaints) Write(line []byte) (int, error) {
	text := string(line[:min(len(line), 512)])
	e := event.Event{Name: event.OutputFail, Rule: "net/http"} // of handlers mostly, such as a second WriteHeader
	for _, k := range kinds {
		rest, ok := strings.CutPrefix(text, k.begins)
		if !ok {
			continue
		}
		e = k.event
		from, reason, _ := strings.Cut(rest, ": ")
		if at, err := netip.ParseAddrPort(strings.TrimSpace(from)); err == nil {
			e.Address = c.doors.blame(net.TCPAddrFromAddrPort(at))
		}
		if strings.HasPrefix(reason, "client sent an HTTP request to an HTTPS server") {
			e.Rule, e.Status = "http-on-tls", http.StatusBadRequest
		}
		if strings.HasPrefix(reason, errLate.Error()) {
			return len(line), nil // the server's doing, and told already
		}
		break
	}
	c.sink.Record(context.Background(), &e)
	return len(line), nil
}

// flushEvents writes the counts that were kept back: those of the connections, and those of a handler
// that is a server of package gen.
func (s *Server) flushEvents() {
	for _, from := range []any{s.cfg.Events, s.cfg.Handler} {
		switch f := from.(type) {
		case *event.Summary:
			f.Flush()
		case interface{ FlushEvents() }:
			f.FlushEvents()
		}
	}
}
