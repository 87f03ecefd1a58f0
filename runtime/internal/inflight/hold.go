package inflight

import (
	"net/netip"
	"sync/atomic"
)

// Hold is what one request holds. The zero Hold is that of no request: it holds nothing and
// refuses nothing. Its methods may be called by several goroutines, except Begin.
type Hold struct {
	ledger *Ledger
	bounds *Bounds
	client *client // nil for one without a share
	shard  *shard  // the client's
	key    key
	counts bool // as a request
	bytes  [kinds]atomic.Int64
	ended  atomic.Bool
}

// Begin counts a request of the client at addr, or of one without a share where addr is the zero
// Addr. The request counts until End, also when it is refused: to answer it takes time and memory
// as well. Who is refused while a quarter more than the bound is in flight should not even be
// answered.
func (h *Hold) Begin(l *Ledger, b *Bounds, addr netip.Addr) (refused *Refusal, flooded bool) {
	h.ledger, h.bounds, h.counts = l, b, true
	h.ended.Store(false)
	n := l.requests.Add(1)
	if n > b.Requests {
		refused, flooded = requests, n > withSlack(b.Requests)
	}
	if addr.IsValid() {
		h.key = addr.As16()
		h.shard = l.shard(&h.key)
		h.client, n = h.shard.enter(&h.key)
		if n > b.RequestsPerClient {
			refused, flooded = requestsPerClient, flooded || n > withSlack(b.RequestsPerClient)
		}
	}
	switch {
	case refused != nil:
	case l.bytes[Memory].Load() >= b.Bytes[Memory]:
		refused = bytes[Memory]
	case h.client != nil && h.client.bytes[Memory].Load() >= b.BytesPerClient[Memory]:
		refused = bytesPerClient[Memory]
	}
	return refused, flooded
}

func withSlack(n int64) int64 { return n + n/4 + 1 }

// Sub returns a hold for something that the request hands out, and that somebody may still use
// when the request has ended. It is no request of its own; End must be called before that of h.
func (h *Hold) Sub() *Hold {
	return &Hold{ledger: h.ledger, bounds: h.bounds, client: h.client}
}

// Charge adds n bytes, or refuses them. It should be called before they are allocated.
func (h *Hold) Charge(k Kind, n int64) error {
	if h.ledger == nil {
		return nil
	}
	switch {
	case h.ended.Load():
		return bytes[k] // nobody would take it back
	case h.ledger.bytes[k].Add(n) > h.bounds.Bytes[k]:
		h.ledger.bytes[k].Add(-n)
		return bytes[k]
	case h.client != nil && h.client.bytes[k].Add(n) > h.bounds.BytesPerClient[k]:
		h.client.bytes[k].Add(-n)
		h.ledger.bytes[k].Add(-n)
		return bytesPerClient[k]
	}
	h.add(k, n)
	return nil
}

// Force adds n bytes that are there already. They count against what comes later.
func (h *Hold) Force(k Kind, n int64) {
	if h.ledger == nil {
		return
	}
	h.ledger.bytes[k].Add(n)
	if h.client != nil {
		h.client.bytes[k].Add(n)
	}
	h.add(k, n)
}

// add notes what has been counted; after the end, that is taken back.
func (h *Hold) add(k Kind, n int64) {
	h.bytes[k].Add(n)
	if h.ended.Load() {
		h.drain(k)
	}
}

// Release takes back n bytes, or as many as there are.
func (h *Hold) Release(k Kind, n int64) {
	if h.ledger == nil {
		return
	}
	for {
		held := h.bytes[k].Load()
		n = min(n, held)
		if n <= 0 {
			return
		}
		if h.bytes[k].CompareAndSwap(held, held-n) {
			h.take(k, n)
			return
		}
	}
}

func (h *Hold) take(k Kind, n int64) {
	h.ledger.bytes[k].Add(-n)
	if h.client != nil {
		h.client.bytes[k].Add(-n)
	}
}

// drain takes back everything.
func (h *Hold) drain(k Kind) {
	if h.bytes[k].Load() == 0 {
		return
	}
	if n := h.bytes[k].Swap(0); n != 0 {
		h.take(k, n)
	}
}

// End takes everything back, and the request itself. It may be called once more.
func (h *Hold) End() {
	if h.ledger == nil || h.ended.Swap(true) {
		return
	}
	for k := range kinds {
		h.drain(k)
	}
	if !h.counts {
		return
	}
	if h.client != nil {
		h.shard.leave(&h.key, h.client)
	}
	h.ledger.requests.Add(-1)
	h.ledger, h.bounds, h.client, h.shard, h.counts = nil, nil, nil, nil, false
}
