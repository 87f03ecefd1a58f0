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
func (c *Call) took(text, sent int64, known bool) {
	cost := int64(textCost)
	if known {
		cost = knownCost
	}
	c.memory += wire.MemoryFactor*sent - cost*text
}

// wrote takes what writing a parameter as JSON has left of the memory.
func (c *Call) wrote(p *param.Reader) {
	if c.exhausted() {
		return
	}
	if c.memory = p.Memory(); c.memory == 0 {
		c.exhaust()
	}
}

// exhaust notes that there is no memory left.
func (c *Call) exhaust() { c.memory, c.lent = -1, false }

// exhausted reports whether the request takes more memory than it may.
func (c *Call) exhausted() bool { return c.memory < 0 }

// collect takes back what the decoder has left of the memory.
func (c *Call) collect() {
	if c.lent && !c.exhausted() {
		c.memory = c.decoder.Memory()
	}
	c.lent = false
}

// holdDecoded counts what decoding the body has allocated: the values are there until the request
// ends, and count against what comes later.
func (c *Call) holdDecoded() {
	if !c.lent {
		return
	}
	before := c.memory
	c.collect()
	if used := before - c.memory; used > chunkSize {
		c.hold.Force(inflight.Memory, used)
	}
}
