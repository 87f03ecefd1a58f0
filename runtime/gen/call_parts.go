package gen

import (
	"net/netip"
	"time"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/event"
	"github.com/bailey-go/bailey/runtime/gen/param"
	"github.com/bailey-go/bailey/runtime/gen/wire"
	"github.com/bailey-go/bailey/runtime/problem"
)

// The parts of a Call. Each has a reset, which forgets the request and keeps the room. It names each
// field: to write a whole part, decoder and all, takes longer. TestReset finds a field that is
// forgotten. To shorten each slice by itself spares the garbage collector a look at pointers that
// stay.

// origin is where the request comes from, and its id.
type origin struct {
	id        requestID
	name      string // the id's text, once it is made
	start     time.Time
	addr      netip.Addr // see Call.address
	addressed bool
	proxied   bool // by a trusted proxy, whose ids are taken
}

func (o *origin) reset() {
	o.id, o.name, o.start, o.addr, o.addressed, o.proxied = requestID{}, "", time.Time{}, netip.Addr{}, false, false
}

// routed is the result of the router.
type routed struct {
	path   []string // raw values of the path's parameters
	allow  string   // methods of the path, where it does not have the request's
	broken string   // why the message has two meanings
}

func (r *routed) reset() {
	r.path, r.allow, r.broken = r.path[:0], "", ""
}

// identity holds the findings of the schemes and the owner rules. The context holds the caller.
type identity struct {
	verdicts    []verdict // of the schemes that were asked
	alternative int       // of Access, that the caller meets
	asked       int       // the scheme that was asked last, by its place
	owner       bool      // an owner rule found the caller to be the owner
	exempt      bool      // from another one, by a scope or role
	hidden      bool      // the owner rule that refused hides what exists
	withheld    []string  // fields of a form that the caller may not set
}

func (i *identity) reset() {
	i.verdicts = i.verdicts[:0]
	i.alternative, i.asked, i.owner, i.exempt, i.hidden = 0, 0, false, false, false
	i.withheld = nil
}

// incoming is the request's body on its way to the decoder or the handler.
type incoming struct {
	hasBody bool
	media   int    // of Operation.Consumes
	inflate bool   // the body is in the coding gzip
	content string // the body, when it is read whole
	begun   *begun // the body, when its first byte has been read
	reader  *bodyReader
	pace    *pace      // of a body that this package reads
	whole   bodyReader // the reader of a body that is read whole
	parts   *Parts
	spool   *spool // of files
	items   *itemReader
	err     error
	got     int64 // bytes of the body that no reader counts
}

func (b *incoming) reset() {
	b.media, b.inflate, b.content, b.got = 0, false, "", 0
	if b.hasBody {
		b.begun, b.reader, b.whole, b.pace, b.parts, b.spool, b.items, b.err = nil, nil, bodyReader{}, nil, nil, nil, nil, nil
	}
	b.hasBody = false
}

// reading decodes parameters and the body, within the request's memory and steps.
type reading struct {
	params  param.Reader
	reads   bool // the reader of parameters holds something
	decoder wire.Decoder
	json    bool  // the decoder holds the body
	decoded bool  // the decoder holds something
	memory  int64 // bytes that reading the request may still allocate
	lent    bool  // the decoder has them
	steps   int64 // of wire.StepBase, taken by the texts that the decoder held before
}

// empty takes the request's text from the two readers, which reset leaves alone.
func (r *reading) empty() {
	if r.decoded {
		r.decoder.Reset("", wire.Limits{})
	}
	if r.reads {
		r.params.Reset(nil, nil)
	}
}

func (r *reading) reset() {
	r.reads, r.json, r.decoded, r.steps = false, false, false, 0
	r.memory, r.lent = 0, false
}

// reply is the answer that is being made.
type reply struct {
	encoder  wire.Encoder
	encodes  bool          // the encoder holds something
	closes   bool          // the connection ends after the answer
	held     int64         // of it, for Call.Body
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
	rule      string // of the refusal or failure
	sent      int64  // bytes of the body
	cut       bool   // the client did not get all of it
}

func (r *reply) reset() {
	if r.encodes {
		r.encodes, r.encoder = false, wire.Encoder{}
	}
	clear(r.headers)
	r.headers = r.headers[:0]
	r.text = r.text[:0]
	r.closes, r.held, r.chosen, r.accepted = false, 0, 0, ""
	r.limited, r.remaining, r.resets, r.state, r.replied, r.status = "", 0, 0, "", false, 0
	r.rule, r.sent, r.cut = "", 0, false
}

// report is the problem and the event of a refusal, and what Config.Observe is told.
type report struct {
	refused  bool
	detected bool   // an event was recorded, and the request goes on
	asking   bool   // the response of Config.Problem is being written
	only     int    // the status that it must have
	broken   string // why it cannot be sent
	problem  problem.Problem
	event    event.Event
	answer   runtime.Answer
}

func (r *report) reset() {
	if r.refused || r.detected {
		clear(r.problem.Errors)
		r.problem = problem.Problem{Errors: r.problem.Errors[:0]}
		r.event, r.refused, r.detected = event.Event{}, false, false
		r.asking, r.only, r.broken = false, 0, ""
	}
}
