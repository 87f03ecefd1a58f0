package gen

import (
	"context"
	"net/http"
	"net/netip"

	"github.com/bailey-go/bailey/runtime/gen/param"
	"github.com/bailey-go/bailey/runtime/gen/wire"
	"github.com/bailey-go/bailey/runtime/internal/inflight"
	"github.com/bailey-go/bailey/runtime/internal/network"
	"github.com/bailey-go/bailey/runtime/limit"
	"github.com/bailey-go/bailey/runtime/principal"
)

// Call is one request on its way through the pipeline. Generated code gets it;
// handlers never do. It is used again for later requests, and must not be kept.
type Call struct {
	W http.ResponseWriter
	R *http.Request
	// Body is the response's body as far as it is encoded.
	Body []byte

	server *Server // whose Call it is, always
	op     *mounted
	ctx    *requestContext // nil before the request has met its operation
	hold   inflight.Hold   // what the request holds; see admit

	from   origin
	found  routed
	who    identity
	in     incoming
	read   reading
	out    reply
	report report
}

// keep bounds the buffers that a Call keeps for the next request.
const keep = 1 << 20

func (s *Server) begin(w http.ResponseWriter, r *http.Request) *Call {
	c := s.pool.Get().(*Call)
	c.W, c.R, c.from.start = w, r, s.now()
	c.in.hasBody = r.ContentLength != 0
	s.ids.next(&c.from.id)
	if s.config.TrustRequestID {
		c.from.proxied = network.Contains(s.config.TrustedProxies, connectionAddress(r.RemoteAddr))
		c.from.id.given = c.givenID("X-Request-Id", false)
	}
	return c
}

// meet makes the context of a request to an operation. It sets the request's Pattern, as [http.ServeMux] does, for
// what stands around the server.
func (c *Call) meet(op *mounted) {
	c.op, c.read.memory = op, max(op.limits.Memory-fixedMemory, 1)
	c.R.Pattern = op.pattern
	if c.from.proxied && len(op.op.Echo) > 0 {
		c.adopt(op)
	}
	c.ctx = &requestContext{parent: c.R.Context(), deadline: c.from.start.Add(op.limits.Timeout), id: c.from.id, op: op}
}

// finish leaves the connection, and ends the request's context, if it has one.
func (c *Call) finish() {
	c.leave()
	if c.ctx != nil {
		c.ctx.finish()
	}
}

// caller is who calls, or nil.
func (c *Call) caller() *principal.Principal {
	if c.ctx == nil {
		return nil
	}
	return c.ctx.principal
}

// requestID is the text of the request's id. It is asked for when the answer is made,
// and written together with the RateLimit field: what is made once costs once.
func (c *Call) requestID() string {
	if c.from.name == "" {
		b := c.from.id.append(c.out.text[:0], c.op != nil && c.op.uuid)
		n := len(b)
		if c.out.limited != "" {
			b = limit.AppendState(b, c.out.limited, limit.Decision{Remaining: c.out.remaining, Reset: c.out.resets})
		}
		c.out.text = b
		text := string(b)
		c.from.name, c.out.state = text[:n], text[n:]
	}
	return c.from.name
}

// end is the panic barrier, and gives the Call back. Nothing of a panic's value is in the answer.
func (c *Call) end() {
	if c.in.spool != nil {
		c.in.spool.free()
	}
	if v := recover(); v != nil {
		// The Call is not used again: whoever panicked may still hold it.
		defer c.release()
		c.out.cut = v == http.ErrAbortHandler || c.crashed(v)
		c.observe()
		c.finish()
		if c.out.cut {
			panic(http.ErrAbortHandler) // half an answer must not look like a whole one
		}
		return
	}
	c.observe()
	c.finish()
	c.release()
	c.read.empty()
	clear(c.who.verdicts)
	clear(c.found.path)
	if cap(c.Body) > keep {
		c.Body = nil
	}
	c.reset()
	c.server.pool.Put(c)
}

// release takes back what the request held. The stream of items that a handler may still have goes
// first.
func (c *Call) release() {
	if c.in.items != nil {
		c.in.items.hold.End()
	}
	c.hold.End()
}

// reset forgets the request and keeps the room.
func (c *Call) reset() {
	c.Body = c.Body[:0]
	c.W, c.R = nil, nil
	c.op, c.ctx = nil, nil
	c.from.reset()
	c.found.reset()
	c.who.reset()
	c.in.reset()
	c.read.reset()
	c.out.reset()
	c.report.reset()
}

// address is where the request comes from, found when something first asks.
func (c *Call) address() netip.Addr {
	if !c.from.addressed {
		c.from.addr, c.from.addressed = c.server.clientAddress(c.R), true
	}
	return c.from.addr
}

// Caller is who calls, as handlers have it. It stays what it is when the Call is used again.
func (c *Call) Caller() principal.Caller { return c.ctx.principal.Caller() }

// Context is the request's context, which the handler gets.
func (c *Call) Context() context.Context { return c.ctx }

// Params is the reader of the request's parameters.
//
//go:noinline
func (c *Call) Params() *param.Reader {
	if c.read.reads {
		c.read.params.Reset(nil, nil)
	}
	c.read.reads = true
	c.read.params.Begin(c.R, c.found.path)
	return &c.read.params
}

// Unknown says what happens to parameters that the document does not name.
func (c *Call) Unknown() param.Unknown { return c.op.op.Unknown }

// ReadOnly says what happens to fields of a form that only the server sets.
func (c *Call) ReadOnly() param.Unknown { return c.op.op.ReadOnly }

// wireLimits are the operation's limits for JSON.
func (c *Call) wireLimits() wire.Limits {
	c.read.collect()
	if c.read.decoded {
		c.read.steps += c.read.decoder.Overdraw()
	}
	l := wire.Limits{Depth: c.op.limits.Depth, Violations: c.op.limits.Violations, Items: c.op.limits.Items, Memory: max(c.read.memory, 1), Steps: max(wire.StepBase-c.read.steps, 1)}
	if c.op.op.Unknown == param.Drop {
		l.Silent = wire.Drop
	}
	if c.op.op.ReadOnly == param.Drop {
		l.ReadOnly = wire.Drop
	}
	return l
}

// JSON is the decoder of the body, which has been read.
func (c *Call) JSON() *wire.Decoder {
	c.read.json, c.read.decoded = true, true
	c.read.decoder.Reset(c.in.content, c.wireLimits())
	c.read.lent = true
	return &c.read.decoder
}

// ParamJSON is a decoder of the current parameter's text.
func (c *Call) ParamJSON(p *param.Reader) *wire.Decoder {
	c.read.decoded = true
	c.read.decoder.Reset(p.String(), c.wireLimits())
	c.read.lent = true
	if len(c.server.writers) > 0 {
		c.read.decoder.Grant(c.granted())
	}
	return &c.read.decoder
}

// EndParamJSON refuses the current parameter when its JSON does not hold, or goes on behind its
// value.
func (c *Call) EndParamJSON(p *param.Reader) {
	c.read.decoder.End()
	switch e := c.read.decoder.Err().(type) {
	case nil:
	case *wire.Invalid:
		for _, v := range e.Violations {
			p.RefuseAt(v)
		}
	case *wire.SyntaxError:
		if e.Memory {
			c.read.exhaust()
		}
		if e.Steps {
			p.Refuse(wire.KeywordSteps)
		}
		p.Refuse("type")
	default:
		p.Refuse("type")
	}
}

// Gathered makes the JSON text of one of a set of parameters current, from the pairs
// that were taken for it, and reports whether there was one.
func (c *Call) Gathered(p *param.Reader, set []param.Member, i int, in string) bool {
	there := p.Gathered(set, i, in, c.wireLimits())
	c.wrote(p)
	return there
}

// Transcribed is a decoder of the current parameter, whose text is in the style of m.
func (c *Call) Transcribed(p *param.Reader, m *param.Member) *wire.Decoder {
	p.Transcribe(m, c.wireLimits())
	c.wrote(p)
	return c.ParamJSON(p)
}

// Encoder is the encoder of the response, with the lifts that apply to the caller.
func (c *Call) Encoder() *wire.Encoder {
	var clear uint64
	for i := range c.server.lifts {
		if c.lifted(&c.server.lifts[i]) {
			clear |= 1 << i
		}
	}
	c.out.encodes = true
	c.out.encoder.Reset(clear)
	c.out.encoder.Hash = c.server.hash
	return &c.out.encoder
}

func (c *Call) lifted(l *lift) bool {
	p := c.ctx.principal
	if p == nil {
		return false
	}
	set := p.Set(c.server.table)
	return set.Overlaps(l.scopes) || set.Overlaps(l.roles) || l.owner && c.who.owner && !c.who.exempt
}
