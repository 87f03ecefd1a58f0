// Package limit counts requests: a token bucket for each rule and caller, behind
// a small Store interface, and the bounded in-process Store that needs nothing installed.
//
// # What a flood gets
//
// [Memory] holds at most [Config.Entries] buckets, and a bucket is forgotten only when
// it is full again, so that forgetting it changes nothing: nobody's budget can be
// reset by filling the table. Full buckets are collected a few at a time by the
// calls themselves; nothing ever walks the whole table.
//
// Few callers cannot fill it, whatever the number of rules: an address or an account that has a
// bucket gets another one only while 64 times as many as it has are free in its shard, and a network
// of IPv6 (/48) only while 8 times as many are (4 times, for both, in the smallest tables). 34
// addresses that use each of 1,200 rules take a third of the table, and 1,000 of them leave 2 % free,
// which is for callers who have none. Beyond its share, a caller shares a bucket as newcomers do when
// the table is full.
//
// Someone with many addresses (some 2,000 for the default size and 1,200 rules, 40,000 for one rule)
// can fill it with buckets in use. Then callers that are in the table go on as before, each with its own bucket, and every new caller
// shares ONE bucket per rule and shard with the other new ones: together they get what
// one caller would get, which bounds what the flood gets, and lets a trickle of
// honest newcomers through. The answer carries Decision.Shared. It is never
// "unlimited", and never "everyone out", with one bound: a shard shares buckets of 1,024 rules at a
// time, and refuses newcomers by others until one of these is full again.
//
// Three more things make filling the table dear. IPv6 callers are counted by /64, the least
// that a site is given, so that one subscriber is one bucket. IPv4 addresses,
// IPv6 networks and authenticated identities have tables of their own, so that a
// flood from one kind takes no room from the others: in particular, no flood
// without credentials touches the buckets of authenticated callers. And
// the table is spread by a hash whose seed is random for each process, so that a
// chosen set of addresses cannot crowd one shard. Who holds an IPv6 /32 can
// still fill the IPv6 table; put a limit for such networks in front of the process.
//
// # Cost
//
// A Take of a known key allocates nothing. A bucket costs about 300 bytes, all counted; 100,000
// of them about 30 MB, allocated as they are used.
package limit

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"
)

// A Store counts. Take asks for cost tokens from the bucket that key and r name,
// filling it for the time passed until now, and takes all of them or none.
// A cost below 1 counts as 1. An error means that the answer is not known: the caller decides
// whether to refuse, and must not read the Decision.
//
// Implementations must be safe for concurrent use, honour ctx if they wait,
// and pass the tests of package limittest.
type Store interface {
	Take(ctx context.Context, key Key, r Rule, cost int, now time.Time) (Decision, error)
}

// A Rule is a token bucket: Burst tokens, refilled at Limit a Window.
// The zero value is not valid, and a Store refuses it with an error.
type Rule struct {
	// Name is how the rule is called in the RateLimit fields.
	Name string
	// Limit is how many tokens come back in one Window; at least 1.
	Limit int
	// Window is the time in which Limit tokens come back; at least one millisecond
	// and at most one year.
	Window time.Duration
	// Burst is the size of the bucket; 0 means Limit.
	Burst int
}

const (
	maxCount  = math.MaxInt32
	minWindow = time.Millisecond
	maxWindow = 366 * 24 * time.Hour
)

// ErrRule is what a rule that cannot be enforced is refused with.
var ErrRule = errors.New("limit: the rule is not valid")

// Validate reports why r cannot be enforced for requests of the given cost. A cost
// that the bucket can never hold is an error here, because such a request could never pass.
func (r Rule) Validate(cost int) error {
	switch {
	case r.Limit < 1 || r.Limit > maxCount:
		return fmt.Errorf("%w: limit %d is not in 1..%d", ErrRule, r.Limit, maxCount)
	case r.Burst < 0 || r.Burst > maxCount:
		return fmt.Errorf("%w: burst %d is not in 0..%d", ErrRule, r.Burst, maxCount)
	case r.Window < minWindow || r.Window > maxWindow:
		return fmt.Errorf("%w: window %v is not in %v..%v", ErrRule, r.Window, minWindow, maxWindow)
	case cost > r.Size():
		return fmt.Errorf("%w: a request costs %d, more than the bucket's %d", ErrRule, cost, r.Size())
	}
	return nil
}

// valid is [Rule.Validate] without the words, for each Take.
func (r *Rule) valid() bool {
	return r.Limit >= 1 && r.Limit <= maxCount && r.Burst >= 0 && r.Burst <= maxCount &&
		r.Window >= minWindow && r.Window <= maxWindow
}

// Size returns how many tokens the bucket holds: Burst, or Limit where that is 0.
func (r Rule) Size() int {
	if r.Burst == 0 {
		return r.Limit
	}
	return r.Burst
}

// A Decision is a Store's answer.
type Decision struct {
	// OK says that the tokens were taken.
	OK bool
	// Limit is the rule's Limit, for the RateLimit fields.
	Limit int
	// Remaining is how many tokens are left, at most Limit.
	Remaining int
	// Reset is the time until the bucket is full, if nothing else is taken.
	Reset time.Duration
	// RetryAfter is the time until the same request can pass; 0 where OK.
	// For a cost that can never pass, it is the Window.
	RetryAfter time.Duration
	// Shared says that the store was full and the key was counted together with others.
	Shared bool
}
