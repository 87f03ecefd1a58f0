package runtime

import (
	"context"
	"sync"
	"time"

	"github.com/bailey-go/bailey/runtime/principal"
)

// requestContext is the context of one request. It carries the caller and the
// request's id, and makes the timer behind Done when somebody first asks for it: a
// handler that never waits pays for none.
type requestContext struct {
	parent    context.Context
	deadline  time.Time
	id        string
	principal *principal.Principal

	// Header values of the response, held here so that they live as long as it does.
	idValue, limitValue, lengthValue [1]string

	mu     sync.Mutex
	timed  context.Context
	cancel context.CancelFunc
	done   bool
}

type contextKey struct{}

// Deadline is the request's time limit, or the parent's when that is earlier.
func (c *requestContext) Deadline() (time.Time, bool) {
	if d, ok := c.parent.Deadline(); ok && d.Before(c.deadline) {
		return d, true
	}
	return c.deadline, true
}

// Done is closed when the time is up, the client is gone, or the handler returned.
func (c *requestContext) Done() <-chan struct{} { return c.timer().Done() }

// Err says why Done is closed; before that it is nil.
func (c *requestContext) Err() error {
	c.mu.Lock()
	timed := c.timed
	done := c.done
	c.mu.Unlock()
	switch {
	case timed != nil:
		return timed.Err()
	case done:
		return context.Canceled
	case !time.Now().Before(c.deadline):
		return context.DeadlineExceeded
	}
	return c.parent.Err()
}

// Value finds the caller and the id; everything else is the parent's.
func (c *requestContext) Value(key any) any {
	if _, ok := key.(contextKey); ok {
		return c
	}
	c.mu.Lock()
	timed := c.timed
	c.mu.Unlock()
	if timed != nil {
		return timed.Value(key)
	}
	return c.parent.Value(key)
}

func (c *requestContext) timer() context.Context {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.timed == nil {
		c.timed, c.cancel = context.WithDeadline(c.parent, c.deadline)
		if c.done {
			c.cancel()
		}
	}
	return c.timed
}

// finish ends the context: the request has been answered.
func (c *requestContext) finish() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done = true
	if c.cancel != nil {
		c.cancel()
	}
}

// PrincipalOf returns the caller of the request that ctx belongs to, or nil: for
// operations without a caller, and for any other context. It must not be changed.
func PrincipalOf(ctx context.Context) *principal.Principal {
	if c, ok := ctx.Value(contextKey{}).(*requestContext); ok {
		return c.principal
	}
	return nil
}

// RequestID returns the id of the request that ctx belongs to, or "".
func RequestID(ctx context.Context) string {
	if c, ok := ctx.Value(contextKey{}).(*requestContext); ok {
		return c.id
	}
	return ""
}
