package gen

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/internal/request"
)

func newContext(parent context.Context, timeout time.Duration) *requestContext {
	return &requestContext{parent: parent, deadline: time.Now().Add(timeout)}
}

func TestContextEnds(t *testing.T) {
	type name struct{}
	parent, cancel := context.WithCancel(context.WithValue(context.Background(), name{}, "value"))
	for title, tt := range map[string]struct {
		c    *requestContext
		ask  bool // for Done, before
		end  func(*requestContext)
		want error
	}{
		"answered, and nobody had asked": {newContext(parent, time.Hour), false, (*requestContext).finish, context.Canceled},
		"answered":                       {newContext(parent, time.Hour), true, (*requestContext).finish, context.Canceled},
		"answered twice":                 {newContext(parent, time.Hour), true, func(c *requestContext) { c.finish(); c.finish() }, context.Canceled},
		"late, and nobody had asked":     {newContext(parent, -time.Second), false, func(*requestContext) {}, context.DeadlineExceeded},
		"late":                           {newContext(parent, time.Millisecond), true, func(c *requestContext) { <-c.Done() }, context.DeadlineExceeded},
		"late, then answered":            {newContext(parent, time.Millisecond), true, func(c *requestContext) { <-c.Done(); c.finish() }, context.DeadlineExceeded},
	} {
		t.Run(title, func(t *testing.T) {
			if tt.ask {
				_ = tt.c.Done()
			}
			tt.end(tt.c)
			if err := tt.c.Err(); !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
			select {
			case <-tt.c.Done():
			case <-time.After(10 * time.Second):
				t.Error("not done")
			}
			if tt.c.Value(name{}) != "value" || tt.c.Value(request.Key{}) != tt.c {
				t.Error("the values are lost")
			}
			child, stop := context.WithCancel(tt.c)
			defer stop()
			<-child.Done()
		})
	}
	live := newContext(parent, time.Hour)
	child, stop := context.WithCancel(live)
	defer stop()
	if live.Err() != nil || child.Err() != nil {
		t.Error("ended early")
	}
	cancel()
	<-child.Done()
	if !errors.Is(live.Err(), context.Canceled) {
		t.Errorf("the client is gone: %v", live.Err())
	}
}

// TestContextRaces asks for everything at once; it is for the race detector.
func TestContextRaces(t *testing.T) {
	for range 100 {
		c := newContext(context.Background(), time.Hour)
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				_, _ = c.Err(), c.Value("x")
				<-c.Done()
				if c.Err() == nil {
					t.Error("done without a reason")
				}
			})
		}
		wg.Go(c.finish)
		wg.Wait()
	}
}
