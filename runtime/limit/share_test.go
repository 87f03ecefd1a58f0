package limit_test

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/limit"
	"github.com/bailey-go/bailey/runtime/principal"
)

// rules are those of a document with 1,200 operations that have a limit of their own.
var rules = func() []string {
	out := make([]string, 1200)
	for i := range out {
		out[i] = fmt.Sprint("operation\x00op", i, "\x00address")
	}
	return out
}()

// subnet returns the i-th /64 of the n-th /48 of 2001:db8::/32.
func subnet(n, i int) netip.Addr {
	return netip.AddrFrom16([16]byte{0x20, 0x01, 0x0d, 0xb8, byte(n >> 8), byte(n), byte(i >> 8), byte(i), 15: 1})
}

// TestFewDoNotFill: few callers who use every rule that there is do not take the room of others, and
// none of them gets back what it has spent.
func TestFewDoNotFill(t *testing.T) {
	account := func(i int) *principal.Principal {
		return &principal.Principal{Scheme: "s", Subject: fmt.Sprint("account", i)}
	}
	for _, tt := range []struct {
		name      string
		attackers int
		attack    func(rule string, i int) limit.Key
		honest    func(rule string, i int) limit.Key
	}{
		{"34 addresses", 34, func(r string, i int) limit.Key { return limit.ByAddress(r, v4(i)) }, func(r string, i int) limit.Key { return limit.ByAddress(r, v4(1000+i)) }},
		{"34 networks of IPv6", 34, func(r string, i int) limit.Key { return limit.ByAddress(r, subnet(0, i*256)) }, func(r string, i int) limit.Key { return limit.ByAddress(r, subnet(1+i, 0)) }},
		{"34 accounts", 34, func(r string, i int) limit.Key { return limit.ByPrincipal(r, account(i)) }, func(r string, i int) limit.Key { return limit.ByPrincipal(r, account(1000+i)) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m, now := newMemory(t, 0), time.Now()
			known := tt.honest(rules[0], 2000)
			for range 3 {
				take(t, m, known, slow, now)
			}
			const often = 50 // rules that are used more often than they allow
			passed := 0
			for round := range 20 {
				some := rules
				if round > 0 {
					some = rules[:often]
				}
				for n, rule := range some {
					for i := range tt.attackers {
						if take(t, m, tt.attack(rule, i), slow, now).OK && n < often {
							passed++
						}
					}
				}
			}
			// One bucket each, and the shared ones of each shard, of 20 times that were tried.
			if most := often * slow.Limit * (tt.attackers + 16); passed > most {
				t.Errorf("the attackers passed %d times, want at most %d", passed, most)
			}
			if d := take(t, m, known, slow, now); d.Shared || d.Remaining != slow.Limit-4 {
				t.Errorf("a known caller got %+v, want what was left of its own bucket", d)
			}
			for i := range 2000 {
				if d := take(t, m, tt.honest(rules[0], i), slow, now); !d.OK || d.Shared {
					t.Fatalf("newcomer %d got %+v, want a bucket of its own", i, d)
				}
			}
		})
	}
}

// TestOneSite: a site of IPv6 (/48) does not fill the table of the others, and has room for the
// subscribers of a network that gives one /48 to all of them.
func TestOneSite(t *testing.T) {
	m, now := newMemory(t, 0), time.Now()
	own := 0
	for i := range 1 << 16 {
		if d := take(t, m, limit.ByAddress("r", subnet(0, i)), slow, now); !d.Shared {
			own++
		}
	}
	if own < 1500 || own > 4000 {
		t.Errorf("%d networks of a site have buckets of their own, want about a ninth of 20,000", own)
	}
	for i := range 10_000 {
		if d := take(t, m, limit.ByAddress("r", subnet(1+i, 0)), slow, now); !d.OK || d.Shared {
			t.Fatalf("site %d got %+v, want a bucket of its own", i, d)
		}
	}
}

// TestSharesAreGivenBack: who had many buckets can have as many again when they are full.
func TestSharesAreGivenBack(t *testing.T) {
	m, now := newMemory(t, 0), time.Now()
	own := func(now time.Time) (n int) {
		for _, rule := range rules {
			if !take(t, m, limit.ByAddress(rule, v4(1)), slow, now).Shared {
				n++
			}
		}
		return n
	}
	first := own(now)
	if first < 300 || first == len(rules) {
		t.Fatalf("one address has %d buckets of its own", first)
	}
	later := now.Add(2 * time.Hour)
	for i := range 40_000 { // the hand comes round
		take(t, m, limit.ByAddress("other", v4(10_000+i%2000)), limit.Rule{Limit: 1000, Window: time.Second}, later)
	}
	if again := own(later.Add(time.Hour)); again < first*9/10 {
		t.Errorf("%d buckets of its own, and %d before", again, first)
	}
}
