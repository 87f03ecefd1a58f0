package limit_test

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"github.com/bailey-go/bailey/runtime/limit"
)

// A store counts the requests of an address by a rule. Its clock is the caller's.
func ExampleMemory() {
	store, err := limit.NewMemory(limit.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	rule := limit.Rule{Name: "login", Limit: 2, Window: time.Minute}
	key := limit.ByAddress(rule.Name, netip.MustParseAddr("192.0.2.7"))
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for range 3 {
		d, err := store.Take(context.Background(), key, rule, 1, now)
		fmt.Println(d.OK, d.Remaining, d.RetryAfter, err)
	}
	// The bucket fills again: a token each 30 seconds.
	d, err := store.Take(context.Background(), key, rule, 1, now.Add(30*time.Second))
	fmt.Println(d.OK, err)
	// Output:
	// true 1 0s <nil>
	// true 0 0s <nil>
	// false 0 30s <nil>
	// true <nil>
}

// All addresses of an IPv6 network of 64 bits share a key: a site is given at least so many.
func ExampleByAddress() {
	a := limit.ByAddress("login", netip.MustParseAddr("2001:db8::1"))
	b := limit.ByAddress("login", netip.MustParseAddr("2001:db8::ffff"))
	c := limit.ByAddress("login", netip.MustParseAddr("2001:db8:0:1::1"))
	fmt.Println(a == b, a == c)
	// Output: true false
}

// Wrong uses are errors, and never let a request through: the zero rule, and a cost that the bucket can
// never hold.
func ExampleRule_Validate() {
	fmt.Println(errors.Is(limit.Rule{}.Validate(1), limit.ErrRule))
	rule := limit.Rule{Name: "export", Limit: 10, Window: time.Hour}
	fmt.Println(rule.Validate(10), errors.Is(rule.Validate(11), limit.ErrRule))
	// Output:
	// true
	// <nil> true
}
