package harden

import (
	"net"
	"sync"
	"time"

	"github.com/bailey-go/bailey/runtime/event"
)

// handshake is the part of a connection's life in which TLS is agreed on. It computes in turns.
type handshake struct {
	turns   *turns
	who     who
	notices *notices

	mu    sync.Mutex
	turn  *turn
	until time.Time // the time-out
	over  bool
}

// begin waits for a turn.
func (h *handshake) begin() error {
	h.mu.Lock()
	if h.over {
		h.mu.Unlock()
		return net.ErrClosed
	}
	n, until := h.turns.ask(h.who), h.until
	h.turn = n
	h.mu.Unlock()
	switch {
	case h.turns.await(n, until):
		return nil
	case h.ended():
		return net.ErrClosed
	}
	e := event.Event{Name: event.Unavailable, Rule: "handshakes"}
	if !h.who.exempt {
		e.Address = h.who.addr
	}
	h.notices.tell(h.who, e)
	return errLate
}

// pause gives the turn back, where there is one.
func (h *handshake) pause() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.turn != nil {
		h.turns.end(h.turn)
		h.turn = nil
	}
}

// end gives the turn back for good.
func (h *handshake) end() {
	h.mu.Lock()
	h.over = true
	h.mu.Unlock()
	h.pause()
}

func (h *handshake) ended() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.over
}

// expire sets the time-out of the handshake.
func (h *handshake) expire(t time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.until = t
}

// agreed says that the handshake is over, or was none.
func (c *conn) agreed() {
	if h := c.shake.Swap(nil); h != nil {
		h.end()
	}
}
