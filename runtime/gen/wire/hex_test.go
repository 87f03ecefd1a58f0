package wire

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
	"strconv"
	"strings"
	"testing"
)

// TestHex puts every byte at every place of eight digits.
func TestHex(t *testing.T) {
	for _, x := range []uint32{0, 1, 0x01234567, 0x89abcdef, 0xffffffff, 0x9a9a9a9a} {
		text := fmt.Sprintf("%08x", x)
		var got [8]byte
		binary.BigEndian.PutUint64(got[:], hexOf(x))
		if string(got[:]) != text {
			t.Errorf("%08x is written %q", x, got)
		}
		for at := range 8 {
			for c := range 256 {
				s := text[:at] + string([]byte{byte(c)}) + text[at+1:]
				want, err := strconv.ParseUint(s, 16, 32)
				if got, ok := unhexOf(load64(s, 0)); ok != (err == nil) || ok && got != uint32(want) {
					t.Fatalf("%q is read as %08x, %v", s, got, ok)
				}
				s = strings.ToUpper(s)
				if _, ok := unhexOf(load64(s, 0)); ok != (err == nil) {
					t.Fatalf("%q is read as %v", s, ok)
				}
			}
		}
	}
}

// TestSpecials looks at every pair of bytes at every place: the first special one must be found.
func TestSpecials(t *testing.T) {
	for _, fill := range []byte{' ', '!', '#', 'a', 0x7f} {
		for at := range 7 {
			for pair := range 1 << 16 {
				var b [8]byte
				for i := range b {
					b[i] = fill
				}
				b[at], b[at+1] = byte(pair>>8), byte(pair)
				want := 8
				for i := 7; i >= 0; i-- {
					if special[b[i]] {
						want = i
					}
				}
				if got := bits.TrailingZeros64(specials(binary.LittleEndian.Uint64(b[:]))) >> 3; got != want {
					t.Fatalf("%q: byte %d is found, want %d", b, got, want)
				}
			}
		}
	}
}

// TestAppendStringLengths puts what is special at every place of strings of every length.
func TestAppendStringLengths(t *testing.T) {
	for n := range 40 {
		plain := strings.Repeat("a", n)
		if got := string(AppendString([]byte("x"), plain)); got != `x"`+plain+`"` {
			t.Errorf("%d plain bytes: %s", n, got)
		}
		for at := range n {
			for what, want := range map[string]string{`"`: `\"`, "\x1f": `\u001f`, "\xff": "\ufffd", "ä": "ä"} {
				s := plain[:at] + what + plain[at+1:]
				if got := string(AppendString(nil, s)); got != `"`+plain[:at]+want+plain[at+1:]+`"` {
					t.Errorf("%q at %d of %d: %s", what, at, n, got)
				}
			}
		}
	}
}

func TestAppendInt64(t *testing.T) {
	check := func(v int64) {
		if got, want := string(AppendInt64([]byte("x"), v)), "x"+strconv.FormatInt(v, 10); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	for v := int64(-100); v < 120_000; v++ {
		check(v)
	}
	for v := int64(1); v < 1e18; v *= 10 {
		for _, d := range []int64{-1, 0, 1, v / 2, v / 3} {
			check(v + d)
			check(-v - d)
		}
	}
	check(math.MaxInt64)
	check(math.MinInt64)
}
