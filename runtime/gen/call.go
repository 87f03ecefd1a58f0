package gen

import (
	"context"
	"net/http"
	"net/netip"
	"time"

	"github.com/bailey-go/bailey/runtime/event"
	"github.com/bailey-go/bailey/runtime/gen/param"
	"github.com/bailey-go/bailey/runtime/gen/wire"
	"github.com/bailey-go/bailey/runtime/internal/inflight"
	"github.com/bailey-go/bailey/runtime/limit"
	"github.com/bailey-go/bailey/runtime/principal"
	"github.com/bailey-go/bailey/runtime/problem"
)

// Call is one request on its way through the pipeline. Generated code gets it;
// handlers never do. It is used again for later requests, and must not be kept.
type Call struct {
	W http.ResponseWriter
	R *http.Request
	// Body is the response's body as far as it is encoded.
	Body []byte

	server      *Server // whose Call it is, always
	op          *mounted
	ctx         *requestContext // nil before the request has met its operation
	id          requestID
	name        string // the id's text, once it is made
	start       time.Time
	addr        netip.Addr // see address
	addressed   bool
	hold        inflight.Hold // what the request holds; see admit
	answer      int64         // of it, for Body
	path        []string      // raw values of the path's parameters
	allow       string        // methods of the path, where it does not have the request's
	broken      string        // what makes the message one of two meanings
	verdicts    []verdict     // of the schemes that were asked
	alternative int
	asked       int  // the scheme that was asked last, by its place
	owner       bool // an owner rule found the caller to be the owner
	exempt      bool // from another one, by a scope or role
	hidden      bool // the owner rule that refused hides what exists

	params  param.Reader
	reads   bool // the reader of parameters holds something
	decoder wire.Decoder
	json    bool  // the decoder holds the body
	decoded bool  // the decoder holds something
	memory  int64 // bytes that reading the request may still allocate
	lent    bool  // the decoder has them
	steps   int64 // of wire.StepBase, taken by the texts that the decoder held before
	encoder wire.Encoder
	encodes bool // the encoder holds something

	hasBody  bool
	closes   bool // the connection ends after the answer
	media    int
	inflate  bool   // the body is in the coding gzip
	content  string // the body, when it is read whole
	begun    *begun // the body, when its first byte has been read
	reader   *bodyReader
	pace     *pace      // of a body that this package reads
	whole    bodyReader // the reader of a body that is read whole
	parts    *Parts
	spool    *spool // of files
	items    *itemReader
	bodyErr  error
	withheld []string // fields of a form that the caller may not set

	refused bool
	problem problem.Problem // of a refusal
	event   event.Event

	headers  []headerField // of the handler's answer
	chosen   int           // of Operation.Produces
	accepted string

	limited   string // name of the rate limit with the least left
	remaining int
	resets    time.Duration
	state     string // the RateLimit field, once it is made
	text      []byte // room for values of the header
	replied   bool
	status    int
}

// keep bounds the buffers that a Call keeps for the next request.
const keep = 1 << 20

func (s *Server) begin(w http.ResponseWriter, r *http.Request) *Call {
	c := s.pool.Get().(*Call)
	c.W, c.R, c.start = w, r, s.now()
	c.hasBody = r.ContentLength != 0
	s.ids.next(&c.id)
	if s.config.TrustRequestID {
		if id := r.Header["X-Request-Id"]; len(id) == 1 && isRequestID(id[0]) {
			c.id.given = id[0]
		}
	}
	return c
}

// meet makes the context of a request to an operation.
func (c *Call) meet(op *mounted) {
	c.op, c.memory = op, max(op.limits.Memory-fixedMemory, 1)
	c.ctx = &requestContext{parent: c.R.Context(), deadline: c.start.Add(op.limits.Timeout), id: c.id}
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
	if c.name == "" {
		b := c.id.append(c.text[:0])
		n := len(b)
		if c.limited != "" {
			b = limit.AppendState(b, c.limited, limit.Decision{Remaining: c.remaining, Reset: c.resets})
		}
		c.text = b
		text := string(b)
		c.name, c.state = text[:n], text[n:]
	}
	return c.name
}

// end is the panic barrier, and gives the Call back. Nothing of a panic's value
// leaves: not in the answer, not in the log.
func (c *Call) end() {
	if c.spool != nil {
		c.spool.free()
	}
	if v := recover(); v != nil {
		defer c.release()
		if v == http.ErrAbortHandler {
			c.finish()
			panic(v)
		}
		c.crashed()
		// The Call is not used again: whoever panicked may still hold it.
		c.finish()
		return
	}
	c.finish()
	c.release()
	if c.decoded {
		c.decoder.Reset("", wire.Limits{})
	}
	if c.reads {
		c.params.Reset(nil, nil)
	}
	clear(c.verdicts)
	clear(c.path)
	if cap(c.Body) > keep {
		c.Body = nil
	}
	c.reset()
	c.server.pool.Put(c)
}

// release takes back what the request held. The stream of items that a handler may still have goes
// first.
func (c *Call) release() {
	if c.items != nil {
		c.items.hold.End()
	}
	c.hold.End()
}

// reset forgets the request and keeps the room. It names each field: to write the whole
// Call, decoder and all, takes longer. TestReset finds a field that is forgotten here. To
// shorten each slice by itself spares the garbage collector a look at pointers that stay.
func (c *Call) reset() {
	c.Body = c.Body[:0]
	c.path = c.path[:0]
	c.verdicts = c.verdicts[:0]
	c.text = c.text[:0]
	c.W, c.R = nil, nil
	c.op, c.ctx, c.id, c.name = nil, nil, requestID{}, ""
	c.allow, c.broken = "", ""
	c.start, c.addr, c.addressed = time.Time{}, netip.Addr{}, false
	c.alternative, c.asked, c.owner, c.exempt, c.hidden = 0, 0, false, false, false
	c.reads, c.json, c.decoded, c.steps = false, false, false, 0
	c.memory, c.lent = 0, false
	if c.encodes {
		c.encodes, c.encoder = false, wire.Encoder{}
	}
	c.media, c.inflate, c.content, c.closes = 0, false, "", false
	clear(c.headers)
	c.headers = c.headers[:0]
	c.chosen, c.accepted = 0, ""
	if c.hasBody {
		c.begun, c.reader, c.whole, c.pace, c.parts, c.spool, c.items, c.bodyErr = nil, nil, bodyReader{}, nil, nil, nil, nil, nil
	}
	c.hasBody, c.answer = false, 0
	if c.refused {
		clear(c.problem.Errors)
		c.problem = problem.Problem{Errors: c.problem.Errors[:0]}
		c.event, c.refused = event.Event{}, false
	}
	c.withheld = nil
	c.limited, c.remaining, c.resets, c.state, c.replied, c.status = "", 0, 0, "", false, 0
}

// address is where the request comes from, found when something first asks.
func (c *Call) address() netip.Addr {
	if !c.addressed {
		c.addr, c.addressed = c.server.clientAddress(c.R), true
	}
	return c.addr
}

// Caller is who calls, as handlers have it. It stays what it is when the Call is used again.
func (c *Call) Caller() principal.Caller { return c.ctx.principal.Caller() }

// Context is the request's context, which the handler gets.
func (c *Call) Context() context.Context { return c.ctx }

// Params is the reader of the request's parameters.
//
//go:noinline
func (c *Call) Params() *param.Reader {
	if c.reads {
		c.params.Reset(nil, nil)
	}
	c.reads = true
	c.params.Begin(c.R, c.path)
	return &c.params
}

// Unknown says what happens to parameters that the document does not name.
func (c *Call) Unknown() param.Unknown { return c.op.op.Unknown }

// ReadOnly says what happens to fields of a form that only the server sets.
func (c *Call) ReadOnly() param.Unknown { return c.op.op.ReadOnly }

// wireLimits are the operation's limits for JSON.
func (c *Call) wireLimits() wire.Limits {
	c.collect()
	if c.decoded {
		c.steps += c.decoder.Overdraw()
	}
	l := wire.Limits{Depth: c.op.limits.Depth, Violations: c.op.limits.Violations, Items: c.op.limits.Items, Memory: max(c.memory, 1), Steps: max(wire.StepBase-c.steps, 1)}
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
	c.json, c.decoded = true, true
	c.decoder.Reset(c.content, c.wireLimits())
	c.lent = true
	return &c.decoder
}

// ParamJSON is a decoder of the current parameter's text.
func (c *Call) ParamJSON(p *param.Reader) *wire.Decoder {
	c.decoded = true
	c.decoder.Reset(p.String(), c.wireLimits())
	c.lent = true
	if len(c.server.writers) > 0 {
		c.decoder.Grant(c.granted())
	}
	return &c.decoder
}

// EndParamJSON refuses the current parameter when its JSON does not hold, or goes on behind its
// value.
func (c *Call) EndParamJSON(p *param.Reader) {
	c.decoder.End()
	switch e := c.decoder.Err().(type) {
	case nil:
	case *wire.Invalid:
		for _, v := range e.Violations {
			p.RefuseAt(v)
		}
	case *wire.SyntaxError:
		if e.Memory {
			c.exhaust()
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
	c.encodes = true
	c.encoder.Reset(clear)
	c.encoder.Hash = c.server.hash
	return &c.encoder
}

func (c *Call) lifted(l *lift) bool {
	p := c.ctx.principal
	if p == nil {
		return false
	}
	set := p.Set(c.server.table)
	return set.Overlaps(l.scopes) || set.Overlaps(l.roles) || l.owner && c.owner && !c.exempt
}
