package gen

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/bailey-go/bailey/runtime/internal/inflight"
)

// errTooLarge says that a body is longer than the operation allows.
var errTooLarge = errors.New("runtime: the body is too large")

// errSteps says that checking the content takes more steps than wire.StepFactor allows.
var errSteps = errors.New("runtime: checking the content takes more steps than are allowed")

const stepsDetail = "Checking this content against its schema would take too much work."

const chunkSize = 16 << 10

// chunks are what bodies are read through.
var chunks = sync.Pool{New: func() any { return new([chunkSize]byte) }}

// readInTime lets reading the body end with the request's time: what comes drop by drop, or
// never. Short bodies of text, which mostly are there with the header, are left to the
// server's own time-out.
func (c *Call) readInTime() {
	until, _ := c.ctx.Deadline()
	_ = http.NewResponseController(c.W).SetReadDeadline(until) // not every ResponseWriter can
}

// readBody reads a body of text whole, once, up to the limit. Streams and multipart
// bodies are read later, through the same limit.
func (c *Call) readBody() bool {
	m := &c.op.consumes[c.in.media]
	if c.in.inflate {
		if err := c.hold.Charge(inflight.Memory, inflateMemory); err != nil {
			return c.refuseBody(err)
		}
	}
	if m.stream || m.parts {
		if m.parts {
			c.in.pace = c.newPace()
		} else {
			c.readInTime()
		}
		// The handler gets it, and may keep it longer than the Call is this request's.
		r := c.bodyReader(false)
		c.in.reader = &r
		return true
	}
	length := c.R.ContentLength
	if length < 0 || length > chunkSize {
		c.in.pace = c.newPace()
	}
	c.in.whole = c.bodyReader(true)
	c.in.reader = &c.in.whole
	if c.in.inflate {
		length = -1
	}
	text, err := c.in.reader.all(length, &c.hold)
	sent := int64(len(text))
	if in, ok := c.in.whole.r.(*inflater); ok {
		sent = in.most - in.raw.left
		c.in.got = sent
		in.free()
		c.in.whole = bodyReader{done: c.in.whole.done}
	}
	if err != nil {
		return c.refuseBody(err)
	}
	c.in.pace.end()
	if m.charset && !m.json && !utf8.ValidString(text) {
		return c.refuseBody(errNotUTF8)
	}
	c.in.content = text
	c.read.took(int64(len(text)), sent, length >= 0)
	return true
}

// Text is the whole body, which has been read.
func (c *Call) Text() string { return c.in.content }

// Stream is the body as a stream of bounded length: reading beyond the limit is an
// error, which the handler returns and the caller sees as 413.
func (c *Call) Stream() io.Reader { return c.in.reader }

// consumed reports whether nothing of the body is left on the connection.
func (c *Call) consumed() bool { return c.in.reader != nil && c.in.reader.done }

// bodyReader reads a body up to a limit.
type bodyReader struct {
	r    io.Reader
	left int64
	got  int64 // bytes that were read
	done bool
	err  error // what stopped it, and stops it again
	pace *pace // nil for none
	// check, if set, looks at what is read.
	check *streamCheck
}

// Read reads the next bytes. At the limit it looks for one byte more: a body of
// exactly the limit is whole.
func (b *bodyReader) Read(p []byte) (int, error) {
	if b.done {
		return 0, io.EOF
	}
	if b.err != nil {
		return 0, b.err
	}
	if b.pace != nil {
		b.pace.move()
	}
	n, err := b.read(p)
	if b.check != nil && (err == nil || err == io.EOF) {
		if wrong := b.check.see(p[:n], err == io.EOF); wrong != nil {
			n, err = 0, wrong
		}
	}
	if err == io.EOF {
		b.done = true
	} else if err != nil {
		b.err = err
	}
	return n, err
}

func (b *bodyReader) read(p []byte) (int, error) {
	if b.left == 0 {
		var one [1]byte
		n, err := b.r.Read(one[:])
		if n > 0 {
			return 0, errTooLarge
		}
		return 0, err
	}
	if int64(len(p)) > b.left {
		p = p[:b.left]
	}
	n, err := b.r.Read(p)
	b.left -= int64(n)
	b.got += int64(n)
	return n, err
}

// The room for a body is as large as the client says it is, but not larger than this at first, and
// later than this many times what has come: who only says that a long one follows gets little.
const (
	fillFirst = 64 << 10
	fill      = 8
)

// all reads everything; length is what the client says, or negative. The room is charged to hold
// before it is made: a chunk for every body, and what is longer than that by itself.
func (b *bodyReader) all(length int64, hold *inflight.Hold) (string, error) {
	if length > b.left {
		return "", errTooLarge
	}
	if err := hold.Charge(inflight.Memory, chunkSize); err != nil {
		return "", err
	}
	chunk := chunks.Get().(*[chunkSize]byte)
	defer chunks.Put(chunk)
	text := new(strings.Builder)
	for {
		n, err := b.Read(chunk[:])
		if have := int64(text.Len() + n); have > int64(text.Cap()) {
			var full error
			if text, full = grow(text, b.room(have, int64(text.Cap()), length), hold); full != nil {
				return "", full
			}
		}
		text.Write(chunk[:n])
		if length > 0 && int64(text.Len()) == length {
			b.done = true // net/http hands out no more than Content-Length
			return text.String(), nil
		}
		if err == io.EOF {
			return text.String(), nil
		}
		if err != nil {
			return "", err
		}
	}
}

// room is how long the room for have bytes should be, where it was before bytes.
func (b *bodyReader) room(have, before, length int64) int64 {
	if length > have {
		return min(length, max(fill*have, fillFirst))
	}
	return max(have, min(2*before, have+b.left))
}

// grow returns the text with room for n bytes. A strings.Builder that grows itself would take half
// as much again.
func grow(text *strings.Builder, n int64, hold *inflight.Hold) (*strings.Builder, error) {
	before := int64(text.Cap())
	if n > chunkSize { // the chunk is charged
		if err := hold.Charge(inflight.Memory, n); err != nil {
			return nil, err
		}
	}
	if before == 0 {
		text.Grow(int(n))
		return text, nil
	}
	next := new(strings.Builder)
	next.Grow(int(n))
	next.WriteString(text.String())
	if before > chunkSize {
		hold.Release(inflight.Memory, before)
	}
	return next, nil
}

var _ io.Reader = (*bodyReader)(nil)

// JoinHeader makes the value of a list-based field (RFC 9110, 5.6.1).
func JoinHeader[T any](items []T, text func(T) string) string {
	var b strings.Builder
	for i, item := range items {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(text(item))
	}
	return b.String()
}

var _ http.Handler = (*Server)(nil)
