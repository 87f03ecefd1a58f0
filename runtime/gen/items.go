package gen

import (
	"bytes"
	"errors"
	"io"
	"iter"
	"strings"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/gen/wire"
	"github.com/bailey-go/bailey/runtime/internal/inflight"
	"github.com/bailey-go/bailey/runtime/internal/meter"
)

// errItemsRead says that a stream of items was read already.
var errItemsRead = errors.New("runtime: the items have been read already")

// ReadItems is the request's body as a sequence of JSON texts: one a line, or behind record
// separators where its media type is a JSON text sequence (RFC 7464). One item is in memory at
// a time; each is at most Limits.Item long, and decoded and checked like a whole body. The
// iterator can be used once, while the request is being handled. After an error it ends, and
// whatever the handler makes of the error, the caller is told: no answer of the handler says
// that all is well.
func ReadItems[T any](c *Call, decode func(*wire.Decoder, *T)) iter.Seq2[T, error] {
	r := &itemReader{ctx: c.ctx, body: c.in.reader, max: c.op.limits.Item, limits: c.wireLimits(), hold: c.hold.Sub()}
	r.separated = strings.HasSuffix(c.op.consumes[c.in.media].kind, "json-seq")
	c.in.items = r
	return func(yield func(T, error) bool) {
		if r.begun {
			var none T
			yield(none, errItemsRead)
			return
		}
		r.begun = true
		var d wire.Decoder
		allowance := r.limits.Memory
		for {
			var v T
			text, err := r.next()
			if err == io.EOF {
				return
			}
			if err == nil {
				// What an item leaves of its own share is not saved up for a later one.
				limits := r.limits
				limits.Memory += (wire.MemoryFactor - itemCost) * int64(len(text))
				d.Reset(text, limits)
				decode(&d, &v)
				d.End()
				err = d.Err()
				meter.Took(len(text), d.Steps())
				r.limits.Memory = max(min(d.Memory(), allowance), 1)
				r.limits.Steps = max(r.limits.Steps-d.Overdraw(), 1)
			}
			if err != nil {
				var none T
				r.err = &runtime.ItemError{Index: r.index, Err: err}
				yield(none, r.err)
				return
			}
			r.index++
			if !yield(v, nil) {
				return
			}
		}
	}
}

// itemCost is how many bytes are allocated for each byte of an item: the buffer doubles and moves.
const itemCost = 6

// itemReader reads the texts of a sequence. It does not hold on to the Call, which later
// requests use.
type itemReader struct {
	ctx       *requestContext
	body      io.Reader
	max       int64
	limits    wire.Limits
	separated bool // by U+001E; else by line ends
	hold      *inflight.Hold

	begun  bool
	opened bool // a separator was read
	ended  bool
	index  int
	err    error
	buf    []byte // what is read and not yet handed out
	from   int
}

var (
	errNoSeparator = errors.New("runtime: a text sequence that does not begin with a separator")
	errTruncated   = errors.New("runtime: a text of a sequence has no line end: it may be cut off")
)

// next returns the next text, or io.EOF. Empty lines are no items.
func (r *itemReader) next() (string, error) {
	sep := byte('\n')
	if r.separated {
		sep = 0x1e
	}
	scanned := 0
	for {
		if err := r.ctx.Err(); err != nil {
			return "", err
		}
		if i := bytes.IndexByte(r.buf[r.from+scanned:], sep); i >= 0 || r.ended {
			end, after := len(r.buf), len(r.buf)
			if i >= 0 {
				end = r.from + scanned + i
				after = end + 1
			} else if r.from == len(r.buf) {
				return "", io.EOF
			}
			line := r.buf[r.from:end]
			text := bytes.Trim(line, " \t\r\n")
			r.from, scanned = after, 0
			if r.separated && !r.opened {
				if r.opened = i >= 0; len(text) > 0 || !r.opened {
					return "", errNoSeparator
				}
			}
			if r.separated && len(text) > 0 && line[len(line)-1] != '\n' {
				return "", errTruncated // RFC 7464, 2.4
			}
			if int64(len(line)) > r.max+1 || int64(len(text)) > r.max { // one more for a carriage return
				return "", errTooLarge
			}
			if len(text) > 0 {
				return string(text), nil
			}
			continue
		}
		scanned = len(r.buf) - r.from
		if int64(scanned) > r.max+1 {
			return "", errTooLarge
		}
		if err := r.fill(); err != nil {
			return "", err
		}
	}
}

// fill reads more.
func (r *itemReader) fill() error {
	if r.from > 0 {
		r.buf = r.buf[:copy(r.buf, r.buf[r.from:])]
		r.from = 0
	}
	if len(r.buf) == cap(r.buf) {
		before, room := int64(cap(r.buf)), int64(max(4096, 2*cap(r.buf)))
		if err := r.hold.Charge(inflight.Memory, room); err != nil {
			return err
		}
		grown := make([]byte, len(r.buf), room)
		copy(grown, r.buf)
		r.buf = grown
		r.hold.Release(inflight.Memory, before)
	}
	n, err := r.body.Read(r.buf[len(r.buf):cap(r.buf)])
	r.buf = r.buf[:len(r.buf)+n]
	if err == io.EOF {
		r.ended, err = true, nil
	}
	return err
}

// unreadable refuses a request with a success although its body could not be read, or one of
// its items broke its schema: a handler that overlooks the error must not have the last word.
func (c *Call) unreadable() bool {
	switch {
	case c.out.replied:
	case c.in.items != nil && c.in.items.err != nil:
		c.failed(c.in.items.err)
		return true
	case c.in.reader != nil && c.in.reader.err != nil:
		c.refuseBody(c.in.reader.err)
		return true
	}
	return false
}
