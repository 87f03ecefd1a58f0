package gen

import (
	"errors"

	"github.com/bailey-go/bailey/runtime/gen/param"
	"github.com/bailey-go/bailey/runtime/gen/wire"
	"github.com/bailey-go/bailey/runtime/internal/inflight"
)

// errMemory says that reading a request would allocate more than Limits.Memory allows.
var errMemory = errors.New("runtime: the request takes too much memory")

const memoryDetail = "reading the request takes more memory than this operation allows"

const (
	// fixedMemory is what the server itself allocates for a request, whatever it holds.
	fixedMemory = 128 << 10
	// textCost is how many bytes are allocated for each byte of a text that is read whole: the
	// room for it doubles, and is copied. It is knownCost where the client has said how long the
	// text is.
	textCost  = 4
	knownCost = 2
)

// took charges a text that was read whole, for which the client sent so many bytes; known says
// that its length was.
func (r *reading) took(text, sent int64, known bool) {
	cost := int64(textCost)
	if known {
		cost = knownCost
	}
	r.memory += wire.MemoryFactor*sent - cost*text
}

// wrote takes what writing a parameter as JSON has left of the memory.
func (c *Call) wrote(p *param.Reader) {
	if c.read.exhausted() {
		return
	}
	if c.read.memory = p.Memory(); c.read.memory == 0 {
		c.read.exhaust()
	}
}

// exhaust notes that there is no memory left.
func (r *reading) exhaust() { r.memory, r.lent = -1, false }

// exhausted reports whether the request takes more memory than it may.
func (r *reading) exhausted() bool { return r.memory < 0 }

// collect takes back what the decoder has left of the memory.
func (r *reading) collect() {
	if r.lent && !r.exhausted() {
		r.memory = r.decoder.Memory()
	}
	r.lent = false
}

// holdDecoded counts what decoding the body has allocated: the values are there until the request
// ends, and count against what comes later.
func (c *Call) holdDecoded() {
	if !c.read.lent {
		return
	}
	before := c.read.memory
	c.read.collect()
	if used := before - c.read.memory; used > chunkSize {
		c.hold.Force(inflight.Memory, used)
	}
}
