// Package limittest is the conformance suite of [limit.Store]: what every store must do, whatever is behind it.
package limittest

import (
	"context"
	"fmt"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/limit"
)

// start is the time at which the suite's clocks begin; stores take the time from the call. It is near the real
// time, so that a store that lets its entries expire by its own clock keeps them.
func start() time.Time { return time.Now().Truncate(time.Second) }

// slack is how far a store's times may be off: stores that count in milliseconds are good enough.
const slack = 2 * time.Millisecond

// Run tests the stores that open returns, an empty one for each test. Stores that several processes share may be opened on the
// same data if every call of open uses keys of its own.
func Run(t *testing.T, open func(t *testing.T) limit.Store) {
	for _, test := range []struct {
		name string
		run  func(*testing.T, *client)
	}{
		{"burst then refused", testBurst},
		{"refills evenly", testRefill},
		{"never more than the burst", testCap},
		{"burst apart from limit", testBurstSize},
		{"cost", testCost},
		{"refusal takes nothing", testRefusal},
		{"cost that never fits", testNeverFits},
		{"cost below one counts as one", testLowCost},
		{"keys are apart", testKeys},
		{"rules are apart", testRules},
		{"time going back refills nothing", testBackwards},
		{"invalid rules are errors", testInvalid},
		{"racing calls share one bucket", testRace},
		{"long windows", testLong},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.run(t, &client{t: t, store: open(t), now: start(), key: limit.ByText(t.Name(), "key")})
		})
	}
}

// client calls a store for one test.
type client struct {
	t     *testing.T
	store limit.Store
	now   time.Time
	key   limit.Key
}

func (c *client) take(r limit.Rule, cost int) limit.Decision {
	c.t.Helper()
	d, err := c.store.Take(context.Background(), c.key, r, cost, c.now)
	if err != nil {
		c.t.Fatalf("Take: %v", err)
	}
	return d
}

func (c *client) want(d limit.Decision, ok bool, remaining int, retry time.Duration) {
	c.t.Helper()
	if d.OK != ok || d.Remaining != remaining {
		c.t.Fatalf("OK %v, Remaining %d; want %v, %d", d.OK, d.Remaining, ok, remaining)
	}
	if diff := d.RetryAfter - retry; diff < 0 || diff > slack {
		c.t.Fatalf("RetryAfter %v, want %v and at most %v more", d.RetryAfter, retry, slack)
	}
}

func (c *client) drain(r limit.Rule) {
	c.t.Helper()
	for i := range r.Size() {
		if d := c.take(r, 1); !d.OK {
			c.t.Fatalf("take %d of %d refused", i+1, r.Size())
		}
	}
}

var perSecond = limit.Rule{Name: "test", Limit: 10, Window: time.Second}

func testBurst(t *testing.T, c *client) {
	for i := range 10 {
		d := c.take(perSecond, 1)
		c.want(d, true, 9-i, 0)
		if d.Limit != 10 {
			t.Fatalf("Limit %d, want 10", d.Limit)
		}
		if want := time.Duration(i+1) * 100 * time.Millisecond; d.Reset < want || d.Reset > want+slack {
			t.Fatalf("Reset %v, want %v", d.Reset, want)
		}
	}
	c.want(c.take(perSecond, 1), false, 0, 100*time.Millisecond)
}

func testRefill(_ *testing.T, c *client) {
	c.drain(perSecond)
	c.now = c.now.Add(90 * time.Millisecond)
	c.want(c.take(perSecond, 1), false, 0, 10*time.Millisecond)
	c.now = c.now.Add(12 * time.Millisecond)
	c.want(c.take(perSecond, 1), true, 0, 0)
	c.now = c.now.Add(502 * time.Millisecond)
	c.want(c.take(perSecond, 1), true, 4, 0)
}

func testCap(t *testing.T, c *client) {
	c.drain(perSecond)
	c.now = c.now.Add(time.Hour)
	c.drain(perSecond)
	if d := c.take(perSecond, 1); d.OK {
		t.Fatal("an hour of silence filled the bucket above its size")
	}
}

func testBurstSize(t *testing.T, c *client) {
	small := limit.Rule{Name: "small", Limit: 10, Window: time.Second, Burst: 2}
	c.want(c.take(small, 1), true, 1, 0)
	c.want(c.take(small, 1), true, 0, 0)
	c.want(c.take(small, 1), false, 0, 100*time.Millisecond)
	c.key = limit.ByText(t.Name(), "other key")
	large := limit.Rule{Name: "large", Limit: 10, Window: time.Second, Burst: 30}
	c.want(c.take(large, 5), true, 10, 0) // 25 are left, and the field's r is never above its q
	c.want(c.take(large, 20), true, 5, 0)
	c.want(c.take(large, 6), false, 5, 100*time.Millisecond)
}

func testCost(_ *testing.T, c *client) {
	c.want(c.take(perSecond, 7), true, 3, 0)
	c.want(c.take(perSecond, 4), false, 3, 100*time.Millisecond)
	c.want(c.take(perSecond, 3), true, 0, 0)
}

func testRefusal(_ *testing.T, c *client) {
	c.want(c.take(perSecond, 9), true, 1, 0)
	for range 50 {
		c.want(c.take(perSecond, 2), false, 1, 100*time.Millisecond)
	}
	c.want(c.take(perSecond, 1), true, 0, 0)
}

func testNeverFits(_ *testing.T, c *client) {
	c.want(c.take(perSecond, 11), false, 10, time.Second)
	c.want(c.take(perSecond, 1), true, 9, 0)
}

func testLowCost(_ *testing.T, c *client) {
	c.want(c.take(perSecond, 0), true, 9, 0)
	c.want(c.take(perSecond, -1000), true, 8, 0)
}

func testKeys(t *testing.T, c *client) {
	c.drain(perSecond)
	for _, key := range []limit.Key{
		limit.ByText(t.Name(), "another"),
		limit.ByText(t.Name(), "ke", "y"),
		limit.ByAddress(t.Name(), netip.MustParseAddr("192.0.2.1")),
		limit.ByAddress(t.Name(), netip.MustParseAddr("2001:db8::1")),
	} {
		c.key = key
		c.want(c.take(perSecond, 1), true, 9, 0)
	}
}

func testRules(t *testing.T, c *client) {
	c.drain(perSecond)
	c.key = limit.ByText(t.Name()+"/2", "key")
	c.want(c.take(perSecond, 1), true, 9, 0)
}

func testBackwards(t *testing.T, c *client) {
	c.drain(perSecond)
	for i := range 20 {
		c.now = c.now.Add([]time.Duration{-50 * time.Millisecond, 50 * time.Millisecond}[i%2])
		if d := c.take(perSecond, 1); d.OK {
			t.Fatalf("call %d passed although no time went by", i)
		}
	}
}

func testInvalid(t *testing.T, c *client) {
	for _, r := range []limit.Rule{
		{}, {Limit: 1}, {Window: time.Second}, {Limit: -1, Window: time.Second}, {Limit: 1, Window: -time.Second},
		{Limit: 1, Window: time.Second, Burst: -1}, {Limit: 1 << 40, Window: time.Second}, {Limit: 1, Window: 1 << 62},
	} {
		if d, err := c.store.Take(context.Background(), c.key, r, 1, c.now); err == nil || d.OK {
			t.Errorf("%+v: OK %v, err %v; want an error", r, d.OK, err)
		}
	}
}

func testRace(t *testing.T, c *client) {
	var (
		wg     sync.WaitGroup
		passed atomic.Int64
	)
	r := limit.Rule{Name: "race", Limit: 100, Window: time.Hour}
	for range 8 {
		wg.Go(func() {
			for range 50 {
				d, err := c.store.Take(context.Background(), c.key, r, 1, c.now)
				if err != nil {
					t.Errorf("Take: %v", err)
				}
				if d.OK {
					passed.Add(1)
				}
			}
		})
	}
	wg.Wait()
	if got := passed.Load(); got != 100 {
		t.Fatalf("%d of 400 calls passed, want 100", got)
	}
}

func testLong(t *testing.T, c *client) {
	r := limit.Rule{Name: "month", Limit: 2, Window: 30 * 24 * time.Hour}
	c.drain(r)
	d := c.take(r, 1)
	if want := r.Window / 2; d.OK || d.RetryAfter < want-time.Second || d.RetryAfter > want+time.Second {
		t.Fatalf("%+v, want RetryAfter %v", d, want)
	}
	if got, want := fmt.Sprint(limit.Seconds(d.RetryAfter)), "1296000"; got != want {
		t.Fatalf("Retry-After %s, want %s", got, want)
	}
}
