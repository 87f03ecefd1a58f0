package inflight_test

import (
	"fmt"
	"net/netip"
	"sync"
	"testing"

	"github.com/bailey-go/bailey/runtime/internal/inflight"
)

func bounds(requests, perClient, memory, memoryPerClient int64) *inflight.Bounds {
	b := &inflight.Bounds{Requests: requests, RequestsPerClient: perClient}
	b.Bytes[inflight.Memory], b.BytesPerClient[inflight.Memory] = memory, memoryPerClient
	b.Bytes[inflight.Disk], b.BytesPerClient[inflight.Disk] = 1000, 500
	return b
}

func addr(i int) netip.Addr { return netip.AddrFrom4([4]byte{192, 0, 2, byte(i)}) }

func ruleOf(r *inflight.Refusal) string {
	if r == nil {
		return ""
	}
	return r.Rule
}

// empty fails unless nothing is left.
func empty(t *testing.T, l *inflight.Ledger) {
	t.Helper()
	if l.Requests() != 0 || l.Bytes(inflight.Memory) != 0 || l.Bytes(inflight.Disk) != 0 || l.Clients() != 0 {
		t.Errorf("left: %d requests, %d bytes of memory, %d of disk, %d clients", l.Requests(), l.Bytes(inflight.Memory), l.Bytes(inflight.Disk), l.Clients())
	}
}

func TestRequests(t *testing.T) {
	l, b := inflight.New(), bounds(12, 4, 1000, 500)
	var holds []*inflight.Hold
	begin := func(a netip.Addr) (string, bool) {
		h := new(inflight.Hold)
		holds = append(holds, h)
		r, flooded := h.Begin(l, b, a)
		return ruleOf(r), flooded
	}
	for i := range 8 { // the share is 4, and with a quarter and one more it is a flood
		want, wantFlood := "", i >= 6
		if i >= 4 {
			want = "requests-per-address"
		}
		if rule, flood := begin(addr(1)); rule != want || flood != wantFlood {
			t.Errorf("request %d of one client: %q %v, want %q %v", i, rule, flood, want, wantFlood)
		}
	}
	for i := range 10 { // 12 in all
		want, wantFlood := "", i >= 8
		if i >= 4 {
			want = "requests"
		}
		if rule, flood := begin(netip.Addr{}); rule != want || flood != wantFlood {
			t.Errorf("request %d without a share: %q %v, want %q %v", i, rule, flood, want, wantFlood)
		}
	}
	for _, h := range holds {
		h.End()
		h.End()
	}
	empty(t, l)
}

func TestBytes(t *testing.T) {
	l, b := inflight.New(), bounds(100, 50, 1000, 600)
	var one, other, third inflight.Hold
	for i, h := range []*inflight.Hold{&one, &other, &third} {
		if r, _ := h.Begin(l, b, addr(min(i, 1))); r != nil {
			t.Fatal(r)
		}
	}
	for i, step := range []struct {
		h    *inflight.Hold
		n    int64
		want string
	}{
		{&one, 600, ""},
		{&one, 1, "body-memory-per-address"},
		{&other, 400, ""},
		{&third, 1, "body-memory"},
	} {
		got := ""
		if err := step.h.Charge(inflight.Memory, step.n); err != nil {
			got = err.(*inflight.Refusal).Rule
		}
		if got != step.want {
			t.Errorf("step %d: %q, want %q", i, got, step.want)
		}
	}
	var late inflight.Hold
	if r, _ := late.Begin(l, b, addr(9)); ruleOf(r) != "body-memory" {
		t.Errorf("a request to a full process: %v", r)
	}
	late.End()
	other.Release(inflight.Memory, 400)
	other.Release(inflight.Memory, 400) // there is nothing
	if r, _ := late.Begin(l, b, addr(0)); ruleOf(r) != "body-memory-per-address" {
		t.Errorf("a request of a client who has its share: %v", r)
	}
	late.End()
	one.End()
	if err := third.Charge(inflight.Memory, 600); err != nil {
		t.Errorf("after the release: %v", err)
	}
	if err := third.Charge(inflight.Disk, 501); err == nil || err.(*inflight.Refusal).Rule != "spool-per-address" {
		t.Errorf("disk: %v", err)
	}
	third.Force(inflight.Memory, 5000) // an answer that is there
	if err := other.Charge(inflight.Memory, 1); err == nil {
		t.Error("what is there does not count")
	}
	other.End()
	third.End()
	empty(t, l)
}

// TestSub: who still reads a stream when its request has ended gets nothing, and takes nothing
// from others.
func TestSub(t *testing.T) {
	l, b := inflight.New(), bounds(100, 50, 1000, 600)
	var h inflight.Hold
	h.Begin(l, b, addr(1))
	sub := h.Sub()
	if err := sub.Charge(inflight.Memory, 100); err != nil {
		t.Fatal(err)
	}
	sub.End()
	h.End()
	empty(t, l)
	if err := sub.Charge(inflight.Memory, 1); err == nil {
		t.Error("charged after the end")
	}
	sub.Release(inflight.Memory, 100)
	sub.Force(inflight.Memory, 100)
	empty(t, l)
}

// TestZero: a hold of no request, as tests of single functions have it, refuses nothing.
func TestZero(t *testing.T) {
	var h inflight.Hold
	if err := h.Charge(inflight.Memory, 1<<40); err != nil {
		t.Error(err)
	}
	h.Force(inflight.Memory, 1)
	h.Release(inflight.Memory, 1)
	h.End()
}

// TestRaces: after any order of events nothing is left.
func TestRaces(t *testing.T) {
	l, b := inflight.New(), bounds(20, 10, 1000, 600)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			var h inflight.Hold // used again, as that of a Call
			for j := range 300 {
				h.Begin(l, b, addr(i%3))
				sub := h.Sub()
				stale := make(chan struct{})
				go func() {
					defer close(stale)
					for range 5 {
						_ = sub.Charge(inflight.Memory, 70)
						sub.Release(inflight.Memory, 30)
					}
				}()
				_ = h.Charge(inflight.Memory, int64(j))
				_ = h.Charge(inflight.Disk, int64(j))
				sub.End()
				h.End()
				<-stale
			}
		})
	}
	wg.Wait()
	empty(t, l)
}

func BenchmarkRequest(b *testing.B) {
	l, bd := inflight.New(), bounds(4096, 256, 1<<28, 1<<26)
	for _, bytes := range []int64{0, 16 << 10} {
		b.Run(fmt.Sprintf("%d bytes", bytes), func(b *testing.B) {
			b.ReportAllocs()
			var h inflight.Hold
			for range b.N {
				h.Begin(l, bd, addr(1))
				if bytes > 0 {
					_ = h.Charge(inflight.Memory, bytes)
				}
				h.End()
			}
		})
	}
}
