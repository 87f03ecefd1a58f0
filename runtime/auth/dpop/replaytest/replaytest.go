// Package replaytest is the conformance suite of [dpop.Replays]: what every memory of used proofs must do, whatever is behind it.
package replaytest

import (
	"context"
	"crypto/sha256"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/auth/dpop"
)

// Run tests the stores that open returns, an empty one for each test. Stores that several processes share may be opened on the
// same data if every call of open uses keys of its own.
func Run(t *testing.T, open func(t *testing.T) dpop.Replays) {
	id := func(s string) dpop.ID { return sha256.Sum256([]byte(s)) }
	use := func(t *testing.T, s dpop.Replays, name string, until time.Time, want bool) {
		t.Helper()
		if got, err := s.Use(context.Background(), id(name), until); err != nil || got != want {
			t.Errorf("Use(%s, in %v) = %v, %v; want %v", name, time.Until(until).Round(time.Second), got, err, want)
		}
	}
	t.Run("once", func(t *testing.T) {
		s, until := open(t), time.Now().Add(time.Minute)
		use(t, s, "a", until, true)
		use(t, s, "a", until, false)
		use(t, s, "b", until, true)
		use(t, s, "a", until, false)
	})
	t.Run("once, whatever its end", func(t *testing.T) {
		s, now := open(t), time.Now()
		use(t, s, "a", now.Add(time.Minute), true)
		use(t, s, "a", now.Add(5*time.Minute), false)
		use(t, s, "a", now.Add(time.Second), false)
	})
	t.Run("near its end", func(t *testing.T) {
		s := open(t)
		until := time.Now().Add(10 * time.Second)
		use(t, s, "a", until, true)
		for n := range 100 {
			use(t, s, fmt.Sprint(n), until, true)
		}
		use(t, s, "a", until, false)
	})
	t.Run("a race has one winner", func(t *testing.T) {
		s, until := open(t), time.Now().Add(time.Minute)
		for n := range 20 {
			var all sync.WaitGroup
			var won atomic.Int64
			for range 10 {
				all.Go(func() {
					fresh, err := s.Use(context.Background(), id(fmt.Sprint(n)), until)
					if err != nil {
						t.Error(err)
					}
					if fresh {
						won.Add(1)
					}
				})
			}
			all.Wait()
			if won.Load() != 1 {
				t.Errorf("%d calls were told that they are the first", won.Load())
			}
		}
	})
}
