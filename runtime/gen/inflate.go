package gen

import (
	"bufio"
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/bailey-go/bailey/runtime/event"
	"github.com/bailey-go/bailey/runtime/gen/wire"
)

// An encoded body may grow maxRatio times when it is inflated, once it is longer than
// ratioFrom: text seldom grows more than twenty times, a bomb a thousand times.
const (
	maxRatio  = 100
	ratioFrom = 64 << 10
)

var errAfterEncoding = errors.New("runtime: something follows the encoded body")

// encoding refuses a content coding that the operation does not take (RFC 9110, 15.5.16).
func (c *Call) encoding() bool {
	e := c.R.Header["Content-Encoding"]
	switch {
	case len(e) == 0, len(e) == 1 && (e[0] == "" || strings.EqualFold(e[0], "identity")):
		return true
	case len(e) == 1 && c.op.gzip && (strings.EqualFold(e[0], "gzip") || strings.EqualFold(e[0], "x-gzip")):
		c.in.inflate = true
		return true
	}
	c.W.Header()["Accept-Encoding"] = encodings[c.op.gzip]
	return c.refuse(refusal{status: http.StatusUnsupportedMediaType, event: event.InputFail, rule: "content-encoding", code: "content-encoding"})
}

// encodings is the field Accept-Encoding of a 415 (RFC 9110, 12.5.3).
var encodings = map[bool][]string{false: {"identity"}, true: {"gzip"}}

// body returns the reader of a body that is encoded or not; both what comes over the wire and
// what comes out of it are bounded.
func (c *Call) bodyReader(pooled bool) bodyReader {
	raw := bodyReader{r: c.body(), left: c.op.limits.Body, pace: c.in.pace}
	if !c.in.inflate {
		return raw
	}
	in := &inflater{raw: raw, most: c.op.limits.Body}
	if pooled {
		in.memory = c.read.memory
		in.parts = inflaters.Get().(*inflaterParts)
	} else {
		in.parts = newInflaterParts()
	}
	in.parts.buf.Reset(&in.raw)
	return bodyReader{r: in, left: c.op.limits.Inflated}
}

// inflater is the content of a body in the coding gzip: one member, and nothing behind it.
type inflater struct {
	raw  bodyReader
	most int64
	// memory is what the text may take beyond what is allowed for each byte that was sent; 0 is no
	// bound, for content that is not kept in memory.
	memory int64
	parts  *inflaterParts
	begun  bool
	out    int64
}

// inflaterParts are worth keeping for another body, where nobody can still hold them.
type inflaterParts struct {
	buf *bufio.Reader
	zip gzip.Reader
}

func newInflaterParts() *inflaterParts { return &inflaterParts{buf: bufio.NewReader(nil)} }

var inflaters = sync.Pool{New: func() any { return newInflaterParts() }}

// Read inflates.
func (r *inflater) Read(p []byte) (int, error) {
	if !r.begun {
		if err := r.parts.zip.Reset(r.parts.buf); err != nil {
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return 0, err
		}
		r.parts.zip.Multistream(false)
		r.begun = true
	}
	n, err := r.parts.zip.Read(p)
	r.out += int64(n)
	if r.out > ratioFrom && r.out > maxRatio*(r.most-r.raw.left) {
		return 0, errTooLarge
	}
	if r.memory > 0 && textCost*r.out > r.memory+wire.MemoryFactor*(r.most-r.raw.left) {
		return 0, errMemory
	}
	if err == io.EOF {
		if _, after := r.parts.buf.ReadByte(); after == nil {
			return n, errAfterEncoding
		} else if after != io.EOF {
			return n, after
		}
	}
	return n, err
}

// free gives the parts back. Nothing may be read any more.
func (r *inflater) free() {
	r.parts.buf.Reset(nil)
	inflaters.Put(r.parts)
	r.parts = nil
}

var _ io.Reader = (*inflater)(nil)
