package gen

import (
	"cmp"
	"errors"
	"math"
	"net/http"
	"net/netip"
	"runtime/debug"

	"github.com/bailey-go/bailey/runtime/event"
	"github.com/bailey-go/bailey/runtime/internal/inflight"
	"github.com/bailey-go/bailey/runtime/internal/network"
)

// The defaults of what all requests may hold together.
const (
	// usualRequests is how many requests may be in flight.
	usualRequests = 4096
	// usualBodyMemory is how many bytes their bodies may take in memory, unless GOMEMLIMIT is set:
	// then it is a quarter of that.
	usualBodyMemory = 256 << 20
)

// What reading a body takes beside the body itself.
const (
	inflateMemory = 64 << 10 // a decoder of gzip, with its window
	partsMemory   = 64 << 10 // a reader of parts
	extraMemory   = chunkSize + max(inflateMemory, partsMemory)
)

// bounds sets what requests may hold. A bound of memory that the longest body of some operation does
// not fit in would refuse that body always: a default is raised, and a value of Config is an error.
// Files may be longer than the disk allows.
func (b *Builder) bounds(s *Server) {
	c := &b.setup.Config
	s.ledger = inflight.Process
	s.bounds.Requests = int64(cmp.Or(c.MaxRequests, usualRequests))
	share := func(n, least int64) int64 { return max(1, min(max(n/16, least), n/2)) }
	s.bounds.RequestsPerClient = int64(cmp.Or(c.MaxRequestsPerAddress, int(share(s.bounds.Requests, 128))))
	if c.MaxRequests < 0 || c.MaxRequestsPerAddress < 0 {
		b.fail("Config.MaxRequests and Config.MaxRequestsPerAddress must not be negative")
	}
	memory, disk := b.largest()
	b.bytes(s, inflight.Memory, "BodyMemory", [...]int64{c.BodyMemory, defaultBodyMemory(), c.BodyMemoryPerAddress, 8}, memory)
	b.bytes(s, inflight.Disk, "SpoolLimit", [...]int64{c.SpoolLimit, usualSpool, c.SpoolLimitPerAddress, 4}, disk)
}

// bytes sets one of the bounds in bytes from what Config says of the process, the default for that,
// what Config says of one address, and which part of the bound an address has by default.
func (b *Builder) bytes(s *Server, k inflight.Kind, name string, values [4]int64, need need64) {
	all, byDefault, share, part := values[0], values[1], values[2], values[3]
	if all < 0 || share < 0 {
		b.fail("Config.%s and Config.%[1]sPerAddress must not be negative", name)
		return
	}
	most := cmp.Or(all, max(byDefault, need.bytes))
	each := cmp.Or(share, min(max(most/part, need.bytes), most))
	if k == inflight.Memory && min(most, each) < need.bytes {
		b.fail("Config.%s: a body of %s can take %d bytes, and the bound is %d, for one address %d", name, need.operation, need.bytes, most, each)
	}
	s.bounds.Bytes[k], s.bounds.BytesPerClient[k] = most, each
}

// need64 is the most that a body takes, and whose it is.
type need64 struct {
	bytes     int64
	operation string
}

func (n *need64) atLeast(bytes int64, operation string) {
	if bytes > n.bytes {
		n.bytes, n.operation = bytes, operation
	}
}

// largest is what the longest body takes in memory and on disk. The operations are mounted.
func (b *Builder) largest() (memory, disk need64) {
	for _, m := range b.ops {
		for i := range m.consumes {
			switch media := &m.consumes[i]; {
			case media.parts:
				memory.atLeast(sum(m.limits.Fields, m.limits.Fields, spoolRoom, extraMemory), m.op.ID)
				disk.atLeast(max(m.limits.Body, m.limits.Inflated), m.op.ID)
			case isSequence(media.kind):
				memory.atLeast(sum(m.limits.Item, m.limits.Item, m.limits.Item, extraMemory), m.op.ID)
			case !media.stream:
				whole := max(m.limits.Body, m.limits.Inflated)
				memory.atLeast(sum(whole, whole, extraMemory), m.op.ID)
			}
		}
	}
	return memory, disk
}

// sum adds without an overflow.
func sum(all ...int64) (n int64) {
	for _, a := range all {
		if n += a; n < 0 {
			return math.MaxInt64
		}
	}
	return n
}

func defaultBodyMemory() int64 {
	if limit := debug.SetMemoryLimit(-1); limit != math.MaxInt64 {
		return limit / 4
	}
	return usualBodyMemory
}

// admit counts the request among those in flight. One beyond the bounds is answered with 503; when
// even these answers are too many, it is not: over HTTP/2 its stream is reset, over HTTP/1 its
// connection ends. A request of HTTP/2 that its client has given up already is not begun.
func (c *Call) admit() bool {
	if c.server.closed.Load() {
		c.closeAfter()
		c.retryAfter(retryBusy)
		return c.refuse(refusal{status: http.StatusServiceUnavailable, rule: "closed"})
	}
	refused, flooded := c.hold.Begin(c.server.ledger, &c.server.bounds, c.client())
	if refused == nil {
		// A client that resets its streams at once (CVE-2023-44487) costs no handler and no answer. Over HTTP/1
		// net/http ends the context also where a client has closed its sending side only, and still reads.
		return c.R.ProtoMajor < 2 || c.R.Context().Err() == nil ||
			c.refuse(refusal{status: http.StatusServiceUnavailable, event: event.Unavailable, rule: "canceled"})
	}
	if flooded {
		c.record(busy(refused), http.StatusServiceUnavailable)
		panic(http.ErrAbortHandler)
	}
	return c.refuseBusy(refused)
}

// client is who the request is counted for, or the zero Addr for those who have no share: trusted
// proxies that name nobody, and clients of Unix sockets.
func (c *Call) client() netip.Addr {
	addr := c.address()
	if trusted := c.server.config.TrustedProxies; len(trusted) > 0 && network.Contains(trusted, addr) {
		return netip.Addr{}
	}
	return network.Client(addr)
}

// busy is the refusal of what does not fit.
func busy(r *inflight.Refusal) refusal {
	f := refusal{status: http.StatusServiceUnavailable, event: event.Unavailable, rule: r.Rule}
	if r.Client {
		f.event = event.RateLimit // the address is known, and may be shut out
	}
	return f
}

func (c *Call) refuseBusy(r *inflight.Refusal) bool {
	c.retryAfter(retryBusy)
	return c.refuse(busy(r))
}

// retryBusy is how many seconds later there may be room.
const retryBusy = 5

// asBusy finds the bound that was reached, or nil.
func asBusy(err error) *inflight.Refusal {
	var r *inflight.Refusal
	if errors.As(err, &r) {
		return r
	}
	return nil
}

// holdAnswer counts the room of the answer, which is there: a client who does not read keeps it in
// memory, and gets nothing more when its share is used up. A short one is in the hands of net/http
// at once.
func (c *Call) holdAnswer() {
	if n := int64(cap(c.Body)); n > c.out.held && n > 4096 {
		c.hold.Force(inflight.Memory, n-c.out.held)
		c.out.held = n
	}
}
