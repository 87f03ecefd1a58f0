package harden

import (
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"
)

// TestTurnsAreBounded: whatever comes and goes, no more turns are held than there are, no client
// has more than its share of them, none waits while it could have one, and nothing stays.
func TestTurnsAreBounded(t *testing.T) {
	const most, share = 5, 2
	ts := newTurns(most, share)
	ts.lease = time.Hour
	r := rand.New(rand.NewPCG(1, 2))
	var all []*turn
	for i := range 20_000 {
		if grow := i%2000 < 1000; len(all) > 0 && r.IntN(10) < map[bool]int{true: 4, false: 7}[grow] {
			at := r.IntN(len(all))
			ts.end(all[at])
			all[at] = all[len(all)-1]
			all = all[:len(all)-1]
		} else {
			n := byte(r.IntN(8))
			all = append(all, ts.ask(who{netip.AddrFrom4([4]byte{10, 0, 0, n}), n == 0}))
		}
		checkTurns(t, ts, all, most, share)
		if t.Failed() {
			t.Fatalf("after %d", i)
		}
	}
	for _, n := range all {
		ts.end(n)
	}
	if ts.held != 0 || len(ts.lines) != 0 || len(ts.by) != 0 {
		t.Errorf("%d held, %d lines, %d clients stay", ts.held, len(ts.lines), len(ts.by))
	}
}

func checkTurns(t *testing.T, ts *turns, all []*turn, most, share int) {
	t.Helper()
	held, each := 0, map[who]int{}
	for _, n := range all {
		if n.state == holds {
			held++
			each[n.of.who]++
		}
	}
	if held != ts.held || held > most {
		t.Errorf("%d of %d turns are held, %d counted", held, most, ts.held)
	}
	for _, n := range all {
		w := n.of.who
		if !w.exempt && each[w] > share {
			t.Errorf("%v holds %d turns", w, each[w])
		}
		if n.state == waits && held < most && (w.exempt || each[w] < share) {
			t.Errorf("%v waits, with %d of its own and %d in all", w, each[w], held)
		}
	}
}

// TestTurnsGoAround: a client that has asked once waits for one turn of each other client at most.
func TestTurnsGoAround(t *testing.T) {
	ts := newTurns(1, 1)
	ts.lease = time.Hour
	client := func(n byte) who { return who{addr: netip.AddrFrom4([4]byte{10, 0, 0, n})} }
	now := ts.ask(client(1))
	many := []*turn{}
	for range 100 {
		many = append(many, ts.ask(client(1)))
	}
	one := ts.ask(client(2))
	for i := 0; one.state != holds; i++ {
		if i > 1 {
			t.Fatal("the second client waits for several turns of the first")
		}
		ts.end(now)
		now = many[i]
	}
}
