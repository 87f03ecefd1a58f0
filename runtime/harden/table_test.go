package harden

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/bailey-go/bailey/runtime/event"
)

// clock is the table's clock, moved by hand.
type clock struct{ t time.Duration }

func (c *clock) now() time.Duration { return c.t }

func from(addr string) who { return who{addr: netip.MustParseAddr(addr)} }

// fill adds n connections of w, a millisecond apart.
func fill(t *testing.T, tab *table, c *clock, w who, n int) []*entry {
	t.Helper()
	var out []*entry
	for range n {
		e := &entry{}
		if v, victim := tab.add(e, w); v != admitted || victim != nil {
			t.Fatalf("%v: connection %d of %d got %d, victim %v", w, len(out), n, v, victim != nil)
		}
		out = append(out, e)
		c.t += time.Millisecond
	}
	return out
}

func enter(tab *table, phase int32, entries ...*entry) {
	for _, e := range entries {
		tab.enter(e, phase)
	}
}

func newTestTable(most, share int) (*table, *clock) {
	c := &clock{}
	return newTable(most, share, c.now, func() {}), c
}

func TestTableAtTheShare(t *testing.T) {
	tab, c := newTestTable(10, 3)
	a := fill(t, tab, c, from("192.0.2.1"), 3)
	if v, _ := tab.add(&entry{}, from("192.0.2.1")); v != refused {
		t.Fatalf("beyond the share, while all of it is being opened: %d", v)
	}
	enter(tab, busy, a...)
	c.t += time.Hour
	if v, _ := tab.add(&entry{}, from("192.0.2.1")); v != refused {
		t.Fatalf("beyond the share, while all of it is busy: %d", v)
	}
	fill(t, tab, c, from("192.0.2.2"), 3) // others have their own
	c.t++
	enter(tab, idle, a[1])
	c.t++
	enter(tab, idle, a[0])
	if v, victim := tab.add(&entry{}, from("192.0.2.1")); v != admitted || victim != a[1] {
		t.Fatalf("with two idle ones: %d, and not the one that has been idle for longest", v)
	}
	if tab.count != 6 {
		t.Errorf("%d connections, want 6", tab.count)
	}
}

func TestTableWhenFull(t *testing.T) {
	tab, c := newTestTable(6, 4)
	proxy := who{addr: netip.MustParseAddr("10.0.0.1"), exempt: true}
	p := fill(t, tab, c, proxy, 1)
	one := fill(t, tab, c, from("192.0.2.1"), 1)
	many := fill(t, tab, c, from("192.0.2.2"), 4)
	enter(tab, busy, slices.Concat(p, one, many)...)
	e := &entry{}
	if v, _ := tab.add(e, from("192.0.2.3")); v != full {
		t.Fatalf("everybody is busy: %d", v)
	}
	enter(tab, idle, p...)
	c.t++
	enter(tab, idle, one...)
	c.t++
	enter(tab, idle, many[2])
	c.t++
	enter(tab, idle, many[1])
	for i, want := range []*entry{many[2], many[1], one[0], p[0]} {
		if v, victim := tab.add(&entry{}, from(fmt.Sprintf("198.51.100.%d", i))); v != admitted || victim != want {
			t.Fatalf("victim %d is not the one of the client with the most, then of the clients, then of the proxy", i)
		}
	}
	if v, _ := tab.add(e, from("192.0.2.3")); v != full {
		t.Fatalf("the new ones are fresh, the others busy: %d", v)
	}
	c.t += silence
	if v, victim := tab.add(e, from("192.0.2.3")); v != admitted || victim == nil {
		t.Fatalf("who has asked nothing for a second is idle: %d", v)
	}
	if tab.count != 6 {
		t.Errorf("%d connections, want 6", tab.count)
	}
}

func TestTableExempt(t *testing.T) {
	tab, c := newTestTable(8, 2)
	enter(tab, busy, fill(t, tab, c, who{addr: netip.MustParseAddr("10.0.0.1"), exempt: true}, 4)...)
	enter(tab, busy, fill(t, tab, c, who{exempt: true}, 4)...) // a Unix socket
}

// TestTableComesBack runs every step at random, also for connections that are out of the table
// already, and finds the table as it was: nothing leaks, and the counts of each client hold.
func TestTableComesBack(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	tab, c := newTestTable(20, 5)
	var all []*entry
	for range 20000 {
		c.t += time.Duration(r.IntN(int(silence / 4)))
		switch {
		case r.IntN(3) == 0 || len(all) == 0:
			e := &entry{}
			v, victim := tab.add(e, from(fmt.Sprintf("192.0.2.%d", r.IntN(9))))
			if v == admitted {
				all = append(all, e)
			} else if victim != nil {
				t.Fatal("a victim for nobody")
			}
		case r.IntN(4) == 0:
			i := r.IntN(len(all))
			tab.remove(all[i])
			if all = slices.Delete(all, i, i+1); r.IntN(2) == 0 && len(all) > 0 {
				tab.remove(all[0]) // once more later
			}
		default:
			tab.enter(all[r.IntN(len(all))], []int32{busy, idle}[r.IntN(2)])
		}
		count := 0
		for _, cl := range tab.clients {
			quiet := int32(0)
			for _, e := range cl.entries {
				if e.phase.Load() != busy {
					quiet++
				}
			}
			if quiet != cl.quiet.Load() || len(cl.entries) == 0 || len(cl.entries) > tab.share || tab.by[cl.who] != cl {
				t.Fatalf("%v: %d connections, %d quiet of which %d are counted", cl.who, len(cl.entries), quiet, cl.quiet.Load())
			}
			count += len(cl.entries)
		}
		if count != tab.count || count > tab.most || len(tab.by) != len(tab.clients) {
			t.Fatalf("%d connections, %d counted", count, tab.count)
		}
	}
	for _, e := range all {
		tab.remove(e)
	}
	if tab.count != 0 || len(tab.clients) != 0 || len(tab.by) != 0 {
		t.Errorf("left: %d connections, %d clients", tab.count, len(tab.clients))
	}
}

// TestTableRaces is for the race detector, and holds the count of quiet connections, which is kept
// without a lock.
func TestTableRaces(t *testing.T) {
	tab := newTable(64, 64, func() time.Duration { return time.Hour }, func() {})
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 500 {
				e := &entry{}
				if v, victim := tab.add(e, from("192.0.2.1")); v != admitted || victim != nil {
					continue
				}
				done := make(chan struct{})
				go func() { defer close(done); tab.enter(e, busy); tab.enter(e, idle); tab.enter(e, busy) }()
				tab.pressed()
				tab.remove(e)
				<-done
			}
		})
	}
	wg.Wait()
	for tab.pressed() != nil {
	}
	if tab.count != 0 || len(tab.clients) != 0 {
		t.Errorf("left: %d connections, %d clients", tab.count, len(tab.clients))
	}
	e := &entry{}
	tab.add(e, from("192.0.2.1"))
	if q := e.of.quiet.Load(); q != 1 {
		t.Errorf("%d quiet connections, want 1", q)
	}
}

// sinkFunc is a sink of events.
type sinkFunc func(event.Event)

func (f sinkFunc) Record(_ context.Context, e *event.Event) { f(*e) }

func TestNotices(t *testing.T) {
	c := &clock{}
	var got []event.Event
	n := &notices{sink: sinkFunc(func(e event.Event) { got = append(got, e) }), now: c.now}
	tell := func(addr string) {
		w := from(addr)
		n.tell(w, event.Event{Rule: "x", Address: w.addr})
	}
	tell("192.0.2.1")
	tell("192.0.2.1")
	tell("192.0.2.2")
	if len(got) != 2 {
		t.Fatalf("%d notices of two addresses, want 2", len(got))
	}
	for i := range 5000 {
		tell(fmt.Sprintf("198.51.%d.%d", i/250, i%250))
	}
	if len(got) != maxNotices+1 || got[maxNotices].Address.IsValid() {
		t.Fatalf("%d notices, want %d and one without an address", len(got), maxNotices)
	}
	c.t += noticeTime
	tell("192.0.2.1")
	if last := got[len(got)-1]; len(got) != maxNotices+2 || !last.Address.IsValid() {
		t.Fatal("the next minute has no notice")
	}
}

// BenchmarkTableFull is the cost of a connection to a full server whose clients have one
// connection each.
func BenchmarkTableFull(b *testing.B) {
	c := &clock{t: time.Hour}
	tab := newTable(4096, 256, c.now, func() {})
	for i := range 4096 {
		e := &entry{}
		tab.add(e, from(fmt.Sprintf("192.0.%d.%d", i/256, i%256)))
		tab.enter(e, idle)
	}
	for i := range b.N {
		c.t++
		e := &entry{}
		if v, _ := tab.add(e, from(fmt.Sprintf("198.51.%d.%d", i/256%256, i%256))); v != admitted {
			b.Fatal(v)
		}
		tab.enter(e, idle)
	}
}

func BenchmarkTableEnter(b *testing.B) {
	start := time.Now()
	tab := newTable(4096, 256, func() time.Duration { return time.Since(start) }, func() {})
	e := &entry{}
	tab.add(e, from("192.0.2.1"))
	for range b.N {
		tab.enter(e, busy)
		tab.enter(e, idle)
	}
}
