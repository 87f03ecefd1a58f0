package gen

import (
	"context"
	"strings"

	"github.com/bailey-go/bailey/runtime"
	"github.com/bailey-go/bailey/runtime/event"
)

// sends counts what was written of the answer's body.
func (c *Call) sends(n int64, err error) {
	c.out.sent += n
	c.out.cut = c.out.cut || err != nil
}

// received is how many bytes of the body were read.
func (c *Call) received() int64 {
	n := c.in.got
	if r := c.in.reader; r != nil {
		if in, ok := r.r.(*inflater); ok {
			return n + in.raw.got
		}
		n += r.got
	}
	return n
}

// observe tells Config.Observe of the answer. It allocates nothing: the Answer is a part of the Call.
func (c *Call) observe() {
	hook := c.server.config.Observe
	if hook == nil {
		return
	}
	rule, _, _ := strings.Cut(c.out.rule, " at ") // clients choose the places that follow
	a := &c.report.answer
	*a = runtime.Answer{
		Method: methodOf(c.R.Method), Status: c.out.status, Rule: rule, Cut: c.out.cut, RequestID: c.requestID(), Address: c.address(),
		Start: c.from.start, Duration: c.server.since(c.from.start), BytesIn: c.received(), BytesOut: c.out.sent,
	}
	ctx := c.R.Context()
	if c.op != nil {
		ctx = context.Context(c.ctx)
		a.Operation, a.Caller = &c.op.named, c.Caller()
	}
	c.call(ctx, hook, a)
	*a = runtime.Answer{}
}

// call calls the hook. Its panic is recorded, and ends here: the answer has been made.
func (c *Call) call(ctx context.Context, hook func(context.Context, *runtime.Answer), a *runtime.Answer) {
	defer func() {
		if v := recover(); v != nil {
			c.record(refusal{event: event.Crash, rule: "observe", panicked: v, pcs: panicStack()}, c.out.status)
		}
	}()
	hook(ctx, a)
}
