package harden

import (
	"testing"
	"time"
)

func TestReturner(t *testing.T) {
	const mib = 1 << 20
	r := returner{low: 20 * mib}
	for i, step := range []struct {
		at    int // seconds
		bytes uint64
		load  int64
		want  bool
		then  uint64 // bytes after the return
	}{
		{5, 20 * mib, 0, false, 0},
		{10, 700 * mib, 500, false, 0}, // a flood
		{15, 900 * mib, 300, false, 0},
		{20, 900 * mib, 0, true, 22 * mib}, // it is over
		{25, 30 * mib, 0, false, 0},        // as before
		{30, 700 * mib, 500, false, 0},     // another one
		{45, 700 * mib, 0, false, 0},       // not yet: twice a minute at most
		{50, 700 * mib, 0, true, 60 * mib}, // its last connections are still ending
		{55, 60 * mib, 0, false, 0},
		{80, 60 * mib, 0, true, 20 * mib},
		{115, 700 * mib, 10, false, 0}, // the program fills a cache
		{120, 700 * mib, 0, true, 600 * mib},
		{150, 700 * mib, 0, true, 600 * mib},
		{180, 700 * mib, 0, true, 600 * mib},
		{210, 700 * mib, 0, false, 0}, // which is in use
		{240, 760 * mib, 0, true, 600 * mib},
	} {
		now := time.Duration(step.at) * time.Second
		got := r.step(now, step.bytes, step.load)
		if got != step.want {
			t.Errorf("step %d: %v, want %v", i, got, step.want)
		}
		if got {
			r.returned(now, step.then, step.load)
		}
	}
}

// TestHeld: the names of the metrics are those of this Go.
func TestHeld(t *testing.T) {
	if n := held(); n < 1<<20 || n > 1<<34 {
		t.Errorf("%d bytes", n)
	}
}

func TestBusy(t *testing.T) {
	tab, c := newTestTable(10, 5)
	e := fill(t, tab, c, from("192.0.2.1"), 3)
	enter(tab, busy, e[0], e[1])
	if n := tab.busy(); n != 2 {
		t.Errorf("%d connections are busy, want 2", n)
	}
	tab.remove(e[0])
	if n := tab.busy(); n != 1 {
		t.Errorf("%d connections are busy, want 1", n)
	}
}
