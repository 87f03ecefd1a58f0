package gen

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/bailey-go/bailey/runtime/internal/request"
	"github.com/bailey-go/bailey/runtime/principal"
)

// requestContext is the context of one request. It carries the caller and the
// request's id, and makes the timer behind Done when somebody first asks for it: a
// handler that never waits pays for none. It is never used again: a goroutine that a handler
// left behind keeps the context of its own request.
type requestContext struct {
	parent    context.Context
	deadline  time.Time
	id        requestID
	op        *mounted
	principal *principal.Principal // shared with other requests
	values    headerValues
	late      atomic.Pointer[lateContext]
}

// headerValues are values of the response's header that are made for it alone: they
// live as long as it does.
type headerValues struct{ id, limit [1]string }

// lateContext is what Done needs.
type lateContext struct {
	context.Context
	cancel context.CancelFunc
}

// ended is the lateContext of requests that were answered before anybody asked for one.
var ended = func() *lateContext {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return &lateContext{ctx, cancel}
}()

// Deadline is the request's time limit, or the parent's when that is earlier.
func (c *requestContext) Deadline() (time.Time, bool) {
	if d, ok := c.parent.Deadline(); ok && d.Before(c.deadline) {
		return d, true
	}
	return c.deadline, true
}

// Done is closed when the time is up, the client is gone, or the handler returned.
func (c *requestContext) Done() <-chan struct{} {
	if late := c.late.Load(); late != nil {
		return late.Done()
	}
	ctx, cancel := context.WithDeadline(c.parent, c.deadline)
	if !c.late.CompareAndSwap(nil, &lateContext{ctx, cancel}) {
		cancel() // somebody else was first
	}
	return c.late.Load().Done()
}

// Err says why Done is closed; before that it is nil.
func (c *requestContext) Err() error {
	if late := c.late.Load(); late != nil {
		return late.Err()
	}
	if !time.Now().Before(c.deadline) {
		return context.DeadlineExceeded
	}
	return c.parent.Err()
}

// Value finds the caller and the id; everything else is the parent's.
func (c *requestContext) Value(key any) any {
	if _, ok := key.(request.Key); ok {
		return c
	}
	if late := c.late.Load(); late != nil && late != ended {
		return late.Value(key)
	}
	return c.parent.Value(key)
}

// Caller is the caller of the request, for [runtime.CallerOf].
func (c *requestContext) Caller() principal.Caller { return c.principal.Caller() }

// RequestID is the id of the request, for [runtime.RequestID].
func (c *requestContext) RequestID() string { return c.id.text(c.op.uuid) }

// finish ends the context: the request has been answered.
func (c *requestContext) finish() {
	if !c.late.CompareAndSwap(nil, ended) {
		c.late.Load().cancel()
	}
}
