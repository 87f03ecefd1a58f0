package gen

import (
	"io"

	"github.com/bailey-go/bailey/runtime/internal/inflight"
)

// takesEmpty reports whether the request says a media type of the operation whose texts can be empty.
func (c *Call) takesEmpty() bool {
	if len(c.op.consumes) == 0 || len(c.R.Header["Content-Type"]) == 0 {
		return false
	}
	i := c.matchMedia()
	return i >= 0 && !c.op.consumes[i].parts && !c.op.consumes[i].json
}

// emptyBody reports whether a request without content has a body nevertheless, which is empty.
func (c *Call) emptyBody() bool {
	c.in.hasBody = c.takesEmpty()
	return c.in.hasBody
}

// unsized settles whether a request whose length is not said has content: in chunks, or over HTTP/2
// without the end of the stream in its header, a message can have none (RFC 9110, 6.4). It looks for
// the first byte, in the time that a body has, unless the operation takes an empty body as it takes
// any other. It returns false after it has refused the request.
func (c *Call) unsized() bool {
	if c.takesEmpty() {
		return true
	}
	first := &begun{rest: c.R.Body}
	pace := c.newPace()
	for range maxEmptyReads {
		pace.move()
		n, err := c.R.Body.Read(first.byte[:])
		switch {
		case n > 0:
			pace.end()
			c.in.begun = first
			return true
		case err == io.EOF:
			pace.end()
			c.in.hasBody = false
			return true
		case err != nil:
			return c.refuseBody(err)
		}
	}
	return c.refuseBody(io.ErrNoProgress)
}

// maxEmptyReads is how often a reader may return nothing at all.
const maxEmptyReads = 100

// begun is a body whose first byte has been read.
type begun struct {
	byte [1]byte
	read bool
	rest io.Reader
}

// Read reads the first byte, then the rest.
func (b *begun) Read(p []byte) (int, error) {
	if b.read || len(p) == 0 {
		return b.rest.Read(p)
	}
	b.read = true
	p[0] = b.byte[0]
	return 1, nil
}

// body is the request's body, from its first byte.
func (c *Call) body() io.Reader {
	if c.in.begun != nil {
		return c.in.begun
	}
	return c.R.Body
}

// dropBody reads the body of an operation that takes none, and drops unknown members and parameters
// (x-bailey-unknown: drop), and throws it away. It may be as long as a short body.
func (c *Call) dropBody() bool {
	most := min(shortBody, c.op.limits.Body)
	if c.R.ContentLength > most {
		return c.refuseBody(errTooLarge)
	}
	if err := c.hold.Charge(inflight.Memory, chunkSize); err != nil {
		return c.refuseBody(err)
	}
	chunk := chunks.Get().(*[chunkSize]byte)
	c.in.pace = c.newPace()
	c.in.whole = bodyReader{r: c.body(), left: most, pace: c.in.pace}
	c.in.reader = &c.in.whole
	var err error
	for err == nil {
		_, err = c.in.reader.Read(chunk[:])
	}
	chunks.Put(chunk)
	c.hold.Release(inflight.Memory, chunkSize)
	if err != io.EOF {
		return c.refuseBody(err)
	}
	c.in.pace.end()
	return true
}
