package wire

import (
	"strings"
	"testing"
)

func decodeLists(d *Decoder, v *[][]string) {
	Array(d, v, -1, func(d *Decoder, v *[]string) { Array(d, v, -1, DecodeString) })
}

// TestArraysOfOneText holds that arrays which are cut from one piece of memory do not meet: each ends where its items do.
func TestArraysOfOneText(t *testing.T) {
	var d Decoder
	var v, again [][]string
	text := "[" + strings.Repeat(`["a","b"],[],["c"],`, 999) + `["d"]]`
	d.Reset(text, Limits{})
	decodeLists(&d, &v)
	if d.End(); d.Err() != nil || len(v) != 3*999+1 {
		t.Fatalf("%d arrays, %v", len(v), d.Err())
	}
	for i := range v {
		if cap(v[i]) != len(v[i]) || v[i] == nil {
			t.Fatalf("array %d has room for %d items and %d of them", i, cap(v[i]), len(v[i]))
		}
		_ = append(v[i], "x")
	}
	for i, list := range v[:3*999] {
		if want := [...]string{"a b", "", "c"}[i%3]; strings.Join(list, " ") != want {
			t.Fatalf("array %d is %q, want %q", i, list, want)
		}
	}
	d.Reset(`[["e"]]`, Limits{})
	decodeLists(&d, &again)
	again[0][0] = "changed"
	if v[3*999][0] != "d" || v[0][0] != "a" {
		t.Error("two texts share memory")
	}
}

// TestManyArrays counts the allocations of many small arrays.
func TestManyArrays(t *testing.T) {
	var d Decoder
	text := "[" + strings.Repeat(`["a","b"],`, 9_999) + `["c"]]`
	if n := testing.AllocsPerRun(10, func() {
		var v [][]string
		d.Reset(text, Limits{})
		decodeLists(&d, &v)
	}); n > 100 {
		t.Errorf("%v allocations for 10,000 arrays", n)
	}
}

func TestGrow(t *testing.T) {
	for _, tt := range []struct{ n, read, left, most, want int }{
		{0, 0, 1 << 20, -1, 8},
		{8, 80, 1 << 20, -1, 16},
		{64, 640, 6400, -1, 705},
		{64, 640, 6400, 100, 100},
		{64, 64, 1 << 20, -1, 1024},
		{64, 1 << 20, 10, -1, 80},
		{1024, 10240, 10, -1, 1280},
	} {
		if got := room(tt.n, kept, tt.read, tt.left, tt.most); got != tt.want {
			t.Errorf("%+v: room for %d", tt, got)
		}
	}
}
