package turns

import (
	"context"
	"errors"
	"testing"
)

func TestGate(t *testing.T) {
	g := New(2)
	ctx, cancel := context.WithCancel(t.Context())
	for range 2 {
		if err := g.Enter(ctx); err != nil {
			t.Fatal(err)
		}
	}
	const waiters = 2 * waitersEach
	errs := make(chan error, waiters+5)
	for range waiters + 5 {
		go func() { errs <- g.Enter(ctx) }()
	}
	for range 5 {
		if err := <-errs; !errors.Is(err, ErrBusy) {
			t.Errorf("err = %v, want ErrBusy", err)
		}
	}
	g.Leave()
	if err := <-errs; err != nil {
		t.Error(err)
	}
	cancel()
	for range waiters - 1 {
		if err := <-errs; !errors.Is(err, context.Canceled) {
			t.Errorf("err = %v", err)
		}
	}
	g.Leave()
	g.Leave()
	if n := g.waiting.Load(); n != 0 || len(g.inside) != 0 {
		t.Errorf("%d wait, %d are inside", n, len(g.inside))
	}
}
