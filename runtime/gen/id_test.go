package gen

import (
	"encoding/binary"
	"fmt"
	"math/bits"
	"slices"
	"strconv"
	"sync"
	"testing"
)

func TestAppendHex(t *testing.T) {
	for _, x := range []uint64{0, 1, 0xf, 0x9a, 0x0123456789abcdef, 0xfedcba9876543210, 1<<64 - 1, 0x99999999aaaaaaaa} {
		if got, want := string(appendHex([]byte("x"), x)), fmt.Sprintf("x%016x", x); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	for i := range uint64(1000) {
		x := i * 0x9e3779b97f4a7c15
		if got, want := string(appendHex(nil, x)), fmt.Sprintf("%016x", x); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func seeded(t testing.TB) *ids {
	t.Helper()
	g := new(ids)
	if err := g.seed(); err != nil {
		t.Fatal(err)
	}
	return g
}

func TestRequestIDsDiffer(t *testing.T) {
	g := seeded(t)
	const goroutines, each = 4, 5_000
	all := make([][]requestID, goroutines)
	var wg sync.WaitGroup
	for i := range all {
		wg.Go(func() {
			all[i] = make([]requestID, each)
			for k := range all[i] {
				g.next(&all[i][k])
			}
		})
	}
	wg.Wait()
	seen := map[string]bool{}
	for _, id := range slices.Concat(all...) {
		text := id.String()
		if len(text) != 32 || seen[text] || !isRequestID(text) {
			t.Fatalf("%q", text)
		}
		seen[text] = true
	}
	if id := (requestID{block: [16]byte{1}, given: "from-the-proxy"}); id.String() != "from-the-proxy" || string(id.append(nil, false)) != "from-the-proxy" {
		t.Errorf("%q", id.String())
	}
	if id := (requestID{block: [16]byte{0: 1, 15: 0xab}}); id.String() != "010000000000000000000000000000ab" {
		t.Errorf("%q", id.String())
	}
}

// TestRedteamRequestid holds that an id tells nothing about the next one. The ids were
// SplitMix64's finalizer over a counter, which anybody inverts. Neither its inverse nor a
// difference, a sum or an exclusive or of consecutive ids may repeat, and each bit of an id
// changes about half the time.
func TestRedteamRequestid(t *testing.T) {
	const n = 4096
	texts := make([]string, n)
	g := seeded(t)
	for i := range texts {
		var id requestID
		g.next(&id)
		texts[i] = id.String()
	}
	half := func(text string, from int) uint64 {
		x, err := strconv.ParseUint(text[from:from+16], 16, 64)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	for name, undo := range map[string]func(uint64) uint64{
		"as they are": func(x uint64) uint64 { return x },
		"unmixed":     unmix,
		"swapped":     bits.ReverseBytes64,
	} {
		for _, from := range []int{0, 16} {
			minus, xor := map[uint64]int{}, map[uint64]int{}
			var flips [64]int
			for i := 1; i < n; i++ {
				a, b := undo(half(texts[i-1], from)), undo(half(texts[i], from))
				minus[b-a]++
				xor[b^a]++
				for bit := range flips {
					flips[bit] += int((a ^ b) >> bit & 1)
				}
			}
			if len(minus) < n-1 || len(xor) < n-1 {
				t.Errorf("%s, half at %d: differences of consecutive ids repeat: %d and %d of %d", name, from, len(minus), len(xor), n-1)
			}
			for bit, k := range flips {
				// The standard deviation is 32: 10 of them are never met by chance.
				if k < n/2-320 || k > n/2+320 {
					t.Errorf("%s, half at %d: bit %d changes in %d of %d ids", name, from, bit, k, n)
				}
			}
		}
	}
	// Two servers that have served equally many requests have nothing in common.
	var a, b requestID
	seeded(t).next(&a)
	seeded(t).next(&b)
	if a == b {
		t.Error("two servers make the same ids")
	}
}

// unmix undoes the finalizer of SplitMix64.
func unmix(x uint64) uint64 {
	inverse := func(a uint64) uint64 { // of an odd number modulo 2^64, by Newton
		y := a
		for range 6 {
			y *= 2 - a*y
		}
		return y
	}
	x ^= x>>31 ^ x>>62
	x *= inverse(0x94d049bb133111eb)
	x ^= x>>27 ^ x>>54
	x *= inverse(0xbf58476d1ce4e5b9)
	return x ^ x>>30 ^ x>>60
}

// An id is the counter's block under the key and costs no allocation.
func TestRequestIDCost(t *testing.T) {
	g := seeded(t)
	c := new(Call)
	if n := testing.AllocsPerRun(100, func() { g.next(&c.from.id) }); n != 0 {
		t.Errorf("an id costs %v allocations", n)
	}
	g.counter.Store(41)
	g.next(&c.from.id)
	var want [16]byte
	binary.BigEndian.PutUint64(want[8:], 42)
	if g.cipher.Encrypt(want[:], want[:]); c.from.id.block != want {
		t.Errorf("got %x, want %x", c.from.id.block, want)
	}
}

func BenchmarkRequestID(b *testing.B) {
	g := seeded(b)
	c := new(Call)
	b.ReportAllocs()
	for b.Loop() {
		g.next(&c.from.id)
	}
}
