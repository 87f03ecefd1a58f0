// Package turns bounds how many ask a database at a time, and how many wait to.
package turns

import (
	"context"
	"errors"
	"sync/atomic"
)

// ErrBusy says that too many wait already.
var ErrBusy = errors.New("too many wait for the database")

// waitersEach is how many wait for each that may go in.
const waitersEach = 16

// A Gate lets so many in at a time. It is safe for concurrent use.
type Gate struct {
	inside  chan struct{}
	waiting atomic.Int64
}

// New returns a gate for n at a time.
func New(n int) *Gate { return &Gate{inside: make(chan struct{}, n)} }

// Enter waits until the caller may go in, who must Leave then. It fails at once where too many wait, and when ctx ends.
func (g *Gate) Enter(ctx context.Context) error {
	select {
	case g.inside <- struct{}{}:
		return nil
	default:
	}
	if g.waiting.Add(1) > int64(waitersEach*cap(g.inside)) {
		g.waiting.Add(-1)
		return ErrBusy
	}
	defer g.waiting.Add(-1)
	select {
	case g.inside <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Leave makes room for another.
func (g *Gate) Leave() { <-g.inside }
