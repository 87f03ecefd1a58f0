package limit_test

import (
	"context"
	"encoding/binary"
	"net/netip"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/limit"
	"github.com/bailey-go/bailey/runtime/limit/limittest"
	"github.com/bailey-go/bailey/runtime/principal"
)

func TestMemoryConforms(t *testing.T) {
	limittest.Run(t, func(t *testing.T) limit.Store { return newMemory(t, 0) })
}

// TestMemoryConformsWhenReused runs the suite on one store that was full before, so that every bucket is a used one.
func TestMemoryConformsWhenReused(t *testing.T) {
	m := newMemory(t, 1000)
	limittest.Run(t, func(t *testing.T) limit.Store {
		long := time.Now().Add(-time.Hour)
		for i := range 5000 {
			take(t, m, limit.ByAddress("old", v4(i)), limit.Rule{Limit: 10, Window: time.Second}, long)
			take(t, m, limit.ByText("old", v4(i).String()), limit.Rule{Limit: 3, Window: time.Minute}, long)
		}
		return m
	})
}

func newMemory(t testing.TB, entries int) *limit.Memory {
	t.Helper()
	m, err := limit.NewMemory(limit.Config{Entries: entries})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func take(t testing.TB, s limit.Store, k limit.Key, r limit.Rule, now time.Time) limit.Decision {
	t.Helper()
	d, err := s.Take(context.Background(), k, r, 1, now)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func v4(i int) netip.Addr {
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], uint32(i)+10<<24)
	return netip.AddrFrom4(b)
}

// v6 returns an address in the i-th /64 of 2001:db8::/32.
func v6(i int) netip.Addr {
	b := [16]byte{0x20, 0x01, 0x0d, 0xb8}
	binary.BigEndian.PutUint32(b[4:], uint32(i))
	b[15] = 1
	return netip.AddrFrom16(b)
}

var slow = limit.Rule{Name: "slow", Limit: 5, Window: time.Hour}

// TestFlood fills the table with buckets in use and looks at what each kind of caller gets.
func TestFlood(t *testing.T) {
	const entries = 1000 // 400, 200 and 400
	m := newMemory(t, entries)
	now := time.Now()
	known, spent := limit.ByAddress("r", v4(0)), limit.ByAddress("r", v4(1))
	take(t, m, known, slow, now)
	for range 5 {
		take(t, m, spent, slow, now)
	}
	passed, shared := 0, 0
	for i := 2; i < 100_000; i++ {
		d := take(t, m, limit.ByAddress("r", v4(i)), slow, now)
		if d.OK && d.Shared {
			passed++
		}
		if d.Shared {
			shared++
		}
	}
	if m.Len() > entries*2/5 {
		t.Errorf("%d buckets of IPv4 addresses, want at most %d", m.Len(), entries*2/5)
	}
	if shared < 99_000 {
		t.Errorf("%d newcomers shared a bucket: the table is not full", shared)
	}
	if limit := 16 * slow.Limit; passed == 0 || passed > limit {
		t.Errorf("%d newcomers passed a full table, want 1 to %d: one bucket a shard", passed, limit)
	}
	t.Run("known callers go on", func(t *testing.T) {
		if d := take(t, m, known, slow, now); !d.OK || d.Shared || d.Remaining != 3 {
			t.Errorf("got %+v, want what was left of its own bucket", d)
		}
	})
	t.Run("a spent budget stays spent", func(t *testing.T) {
		if d := take(t, m, spent, slow, now); d.OK || d.Shared {
			t.Errorf("got %+v, want a refusal", d)
		}
	})
	t.Run("other kinds have room", func(t *testing.T) {
		for _, k := range []limit.Key{limit.ByAddress("r", v6(1)), limit.ByPrincipal("r", &principal.Principal{Subject: "a"})} {
			if d := take(t, m, k, slow, now); !d.OK || d.Shared {
				t.Errorf("got %+v, want a bucket of its own", d)
			}
		}
	})
	t.Run("newcomers of another rule have another bucket", func(t *testing.T) {
		if d := take(t, m, limit.ByAddress("r2", v4(500_000)), slow, now); !d.OK || !d.Shared {
			t.Errorf("got %+v, want the shared bucket of its rule", d)
		}
	})
	t.Run("it heals by itself", func(t *testing.T) {
		later := now.Add(2 * time.Hour)
		for i := range 4000 { // of so many callers that they meet nearly every shard
			take(t, m, limit.ByAddress("r", v4(600_000+i%40)), slow, later)
		}
		if n := m.Len(); n > 200 {
			t.Errorf("%d buckets are kept, two hours after a flood", n)
		}
		if d := take(t, m, limit.ByAddress("r", v4(700_000)), slow, later); !d.OK || d.Shared {
			t.Errorf("got %+v, want a bucket of its own", d)
		}
	})
}

// TestSharedBucketsAreBounded makes more rules than a shard has shared buckets for.
func TestSharedBucketsAreBounded(t *testing.T) {
	m := newMemory(t, 1000)
	now := time.Now()
	for i := range 100_000 {
		take(t, m, limit.ByAddress("r", v4(i)), slow, now)
	}
	shared := func(now time.Time) (refused int) {
		for i := range 16 * 1200 {
			if d := take(t, m, limit.ByAddress(v4(i).String(), v4(i)), slow, now); !d.OK {
				refused++
				if !d.Shared || d.RetryAfter != slow.Window {
					t.Fatalf("got %+v", d)
				}
			}
		}
		return refused
	}
	if shared(now) == 0 {
		t.Error("the shared buckets have no bound")
	}
	// Later, they are full again and make room for those of other rules.
	later := now.Add(13 * time.Minute)
	for i := range 1000 { // most of the table stays in use
		take(t, m, limit.ByAddress("r", v4(i)), slow, now.Add(12*time.Minute))
	}
	if n := shared(later); n > 16*200 {
		t.Errorf("%d refused when the shared buckets are full again", n)
	}
}

func TestByAddress(t *testing.T) {
	same := func(a, b string) bool {
		return limit.ByAddress("r", netip.MustParseAddr(a)) == limit.ByAddress("r", netip.MustParseAddr(b))
	}
	for _, tt := range []struct {
		a, b string
		want bool
	}{
		{"192.0.2.1", "192.0.2.1", true},
		{"192.0.2.1", "192.0.2.2", false},
		{"192.0.2.1", "::ffff:192.0.2.1", true},
		{"2001:db8:0:1::1", "2001:db8:0:1:ffff:ffff:ffff:ffff", true},
		{"2001:db8:0:1::1", "2001:db8:0:2::1", false},
		{"fe80::1%eth0", "fe80::1%eth1", true},
		{"::", "0.0.0.0", false},
	} {
		if got := same(tt.a, tt.b); got != tt.want {
			t.Errorf("%s and %s share a key: %v, want %v", tt.a, tt.b, got, tt.want)
		}
	}
	if first, second := limit.ByAddress("r", netip.Addr{}), limit.ByAddress("r", netip.Addr{}); first != second {
		t.Error("addresses that are not valid are counted apart")
	}
	if limit.ByAddress("a", v4(1)) == limit.ByAddress("b", v4(1)) {
		t.Error("two rules share a key")
	}
}

func TestKeyAppend(t *testing.T) {
	seen := make(map[string]bool)
	for _, k := range []limit.Key{
		limit.ByAddress("r", v4(1)), limit.ByAddress("r", v6(1)), limit.ByText("r", "a"), limit.ByText("r", "a", ""),
		limit.ByPrincipal("r", &principal.Principal{Subject: "a"}), limit.ByText("s", "a"), {},
	} {
		b := string(k.Append([]byte("x")))
		if b[0] != 'x' || seen[b] {
			t.Errorf("%+v: %q is not its own", k, b)
		}
		seen[b] = true
	}
}

func TestConfigBounds(t *testing.T) {
	for _, n := range []int{-1, 1, 999, 100_000_001} {
		if m, err := limit.NewMemory(limit.Config{Entries: n}); err == nil || m != nil {
			t.Errorf("%d entries are accepted", n)
		}
	}
}

// TestRuleMayChange keeps what was spent when the limit of a key's rule changes.
func TestRuleMayChange(t *testing.T) {
	m := newMemory(t, 0)
	now := time.Now()
	k := limit.ByText("r", "a")
	for range 5 {
		take(t, m, k, slow, now)
	}
	large := limit.Rule{Limit: 3600, Window: time.Hour}
	if d := take(t, m, k, large, now); d.OK {
		t.Error("a changed rule refilled the bucket at once")
	}
	if d := take(t, m, k, large, now.Add(2*time.Second)); !d.OK || d.Remaining != 1 {
		t.Errorf("got %+v, want one token left", d)
	}
}

// TestClockJumps holds that a clock set back far does not stop the world.
func TestClockJumps(t *testing.T) {
	m := newMemory(t, 0)
	now := time.Unix(1_800_000_000, 0)
	k := limit.ByText("r", "a")
	for range 5 {
		take(t, m, k, slow, now)
	}
	back := now.Add(-24 * time.Hour)
	if d := take(t, m, k, slow, back.Add(30*time.Minute)); !d.OK && d.RetryAfter > slow.Window {
		t.Errorf("got %+v after the clock went back a day", d)
	}
}

func TestTakeDoesNotAllocate(t *testing.T) {
	m := newMemory(t, 0)
	p := &principal.Principal{Subject: "a", Issuer: "i"}
	p.Bind(principal.NewTable(nil, nil))
	now := time.Now()
	ctx := context.Background()
	if n := testing.AllocsPerRun(1000, func() {
		now = now.Add(time.Millisecond)
		_, _ = m.Take(ctx, limit.ByPrincipal("op/rule", p), slow, 1, now)
		_, _ = m.Take(ctx, limit.ByAddress("op/rule", v6(1)), slow, 1, now)
	}); n != 0 {
		t.Errorf("%v allocations, want 0", n)
	}
}

// TestBytesPerEntry holds what the documentation says about memory.
func TestBytesPerEntry(t *testing.T) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	m := newMemory(t, 250_000)
	now := time.Now()
	for i := range 200_000 {
		take(t, m, limit.ByAddress("op/rule", v4(i)), slow, now)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	each := float64(after.HeapAlloc-before.HeapAlloc) / float64(m.Len())
	t.Logf("%d entries, %.0f bytes each", m.Len(), each)
	if each > 450 {
		t.Errorf("%.0f bytes an entry", each)
	}
	runtime.KeepAlive(m)
}

func TestFields(t *testing.T) {
	r := limit.Rule{Name: `bu"r\st` + "\n", Limit: 100, Window: 1500 * time.Millisecond}
	if got, want := string(limit.AppendPolicy(nil, r)), `"bu\"r\\st_";q=100;w=2`; got != want {
		t.Errorf("policy %s, want %s", got, want)
	}
	if got, want := string(limit.AppendState(nil, "burst", limit.Decision{Remaining: 50, Reset: 29001 * time.Millisecond})), `"burst";r=50;t=30`; got != want {
		t.Errorf("state %s, want %s", got, want)
	}
	for d, want := range map[time.Duration]int64{-1: 0, 0: 0, 1: 1, time.Second: 1, time.Second + 1: 2, 1<<63 - 1: 1<<31 - 1} {
		if got := limit.Seconds(d); got != want {
			t.Errorf("Seconds(%d) = %d, want %d", d, got, want)
		}
	}
}

func TestValidate(t *testing.T) {
	good := limit.Rule{Limit: 5, Window: time.Minute, Burst: 10}
	if err := good.Validate(10); err != nil {
		t.Error(err)
	}
	if good.Validate(11) == nil || (limit.Rule{Limit: 5, Window: time.Minute}).Validate(6) == nil || (limit.Rule{}).Validate(1) == nil {
		t.Error("a rule that can never pass is accepted")
	}
}

func BenchmarkTake(b *testing.B) {
	r := limit.Rule{Name: "r", Limit: 1, Window: time.Hour, Burst: 1 << 30} // never full again: all keys stay known
	m := newMemory(b, 0)
	keys := make([]limit.Key, 10_000)
	for i := range keys {
		keys[i] = limit.ByAddress("op/rule", v4(i))
	}
	ctx := context.Background()
	var mu sync.Mutex
	next := 0
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		mu.Lock()
		next += 1237
		i := next
		mu.Unlock()
		now := time.Now()
		for pb.Next() {
			i++
			now = now.Add(100)
			if d, err := m.Take(ctx, keys[i%len(keys)], r, 1, now); err != nil || !d.OK {
				b.Errorf("%+v, %v", d, err)
			}
		}
	})
}

func BenchmarkTakeFlood(b *testing.B) {
	m := newMemory(b, 0)
	ctx := context.Background()
	now := time.Now()
	b.ReportAllocs()
	for i := range b.N {
		_, _ = m.Take(ctx, limit.ByAddress("op/rule", v4(i)), slow, 1, now)
	}
}
